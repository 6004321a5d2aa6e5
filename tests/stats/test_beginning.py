"""Workers that begin at the same time count together as one."""

from __future__ import annotations

import threading

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import journal
from app.db import apart
from app.stats import actions
from app.stats.models import Reader, Total
from tests.builders import NOON, a_person


def test_four_workers_that_start_at_once_count_each_event_once_and_none_of_them_fails(app: Flask, db: Session) -> None:
    people = [a_person(db, f"Warga {number}") for number in range(6)]
    for person in people:
        journal.record(db, "registered", NOON, person=person.id)
    db.commit()
    engine: sa.Engine = app.extensions["db"]
    together, failed = threading.Barrier(4), []

    def work() -> None:
        try:
            with apart(engine) as session:
                session.connection()
                if engine.dialect.name == "postgresql":  # SQLite lets one writer in after the other
                    session.get(Reader, 1)
                    together.wait(10)
                actions.catch_up(session, NOON)
        except Exception as error:  # pragma: no cover
            failed.append(error)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert failed == []
    assert db.scalars(sa.select(Reader.id)).all() == [1]
    everybody = (Total.period == "semua", Total.scope == "semua", Total.breakdown == "")
    assert db.scalars(sa.select(Total.registered).where(*everybody)).all() == [6]
