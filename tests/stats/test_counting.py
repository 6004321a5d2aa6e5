"""Events become totals, exactly once, on the right day, for the right people."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from app import journal
from app.db import apart
from app.stats import actions, queries
from app.stats.rules import Figures
from tests.builders import NOON, a_person

K03 = {"course": "tolak-penipuan", "pillar": "aman", "version": 1}


def attempt(score: float, pre: float | None, **more: Any) -> dict[str, Any]:
    said = {"purpose": "post", "module": "", "score": score, "passed": score >= 80, "first": True}
    return said | {"first_pass": score >= 80, "pre": pre} | K03 | more


def total(
    db: Session, period: str = "semua", scope: str = "semua", place: tuple[str, str, str] = ("", "", "")
) -> Figures:
    db.rollback()
    return queries.figures(db, period, scope, (place[0],)).get(place, Figures())


def test_each_event_counts_once_however_often_the_reader_comes(db: Session) -> None:
    sari = a_person(db, gender="female")
    journal.record(db, "registered", NOON, person=sari.id)
    journal.record(db, "enrolled", NOON, person=sari.id, **K03)
    journal.record(db, "module", NOON, person=sari.id, module="satu", jp=1, **K03)
    db.commit()
    for _ in range(3):
        actions.catch_up(db, NOON)
        db.commit()
    found = total(db)
    assert (found.registered, found.enrolled, found.learners, found.active, found.jp) == (1, 1, 1, 1, 1)
    assert total(db, place=("region+gender", "64.74.01.1001", "female")).learners == 1
    assert total(db, scope="kursus:tolak-penipuan").enrolled == 1
    assert total(db, scope="kursus:tolak-penipuan").registered == 0


def test_acts_over_people_count_as_nothing_and_stop_nobody(db: Session) -> None:
    """An answered appeal names a person and a course, but no pillar."""
    sari = a_person(db)
    said = {"course": "tolak-penipuan", "version": 1, "item": "", "verdict": "upheld"}
    journal.audit(db, "appeal.answered", NOON, actor=None, person=sari.id, **said)
    journal.record(db, "enrolled", NOON, person=sari.id, **K03)
    db.commit()
    assert actions.catch_up(db, NOON) == 2
    db.commit()
    assert (total(db).enrolled, total(db).active) == (1, 1)
    assert actions.catch_up(db, NOON) == 0


def test_a_person_is_one_learner_in_a_pillar_however_many_courses(db: Session) -> None:
    sari = a_person(db)
    for course in ("satu", "dua", "tiga"):
        journal.record(db, "enrolled", NOON, person=sari.id, **(K03 | {"course": course}))
        db.commit()
        actions.catch_up(db, NOON)
        db.commit()
    assert (total(db).enrolled, total(db).learners) == (3, 1)
    assert total(db, scope="pilar:aman").learners == 1
    assert total(db, scope="kursus:dua").learners == 1


def test_half_past_seven_wita_on_the_first_of_december_counts_in_december(db: Session) -> None:
    sari = a_person(db)
    at = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    journal.record(db, "step", at, person=sari.id, step="materi:a/b", **K03)
    db.commit()
    actions.catch_up(db, at)
    db.commit()
    assert total(db, "2026-12").active == 1
    assert total(db, "2026-11").active == 0


def test_the_gain_is_of_pairs_only_and_needs_ten(db: Session) -> None:
    for number in range(9):
        person = a_person(db, f"Warga {number}")
        journal.record(db, "attempt", NOON, person=person.id, **attempt(80, 50))
    alone = a_person(db, "Tanpa Tes Awal")
    journal.record(db, "attempt", NOON, person=alone.id, **attempt(100, None))
    db.commit()
    actions.catch_up(db, NOON)
    db.commit()
    assert total(db).gain is None
    tenth = a_person(db, "Kesepuluh")
    journal.record(db, "attempt", NOON, person=tenth.id, **attempt(100, 100))
    db.commit()
    actions.catch_up(db, NOON)
    db.commit()
    gain = total(db).gain
    assert gain is not None
    assert (gain.pairs, gain.raw_median, gain.full) == (10, 30, 1)
    assert (total(db).tested, total(db).passed) == (11, 11)


def test_a_revoked_certificate_is_taken_back_where_it_was_counted(db: Session) -> None:
    sari = a_person(db)
    later = NOON + timedelta(days=40)
    journal.record(db, "certificate", NOON, person=sari.id, **K03)
    journal.audit(db, "certificate.revoked", later, actor=None, person=sari.id, issued_at=NOON.isoformat(), **K03)
    db.commit()
    actions.catch_up(db, later)
    db.commit()
    assert total(db, "2026-11").certificates == 0
    assert total(db, "2027-01").certificates == 0
    assert total(db).certificates == 0


def test_rebuilding_gives_the_same_totals(db: Session) -> None:
    for number in range(12):
        person = a_person(db, f"Warga {number}", gender=("female", None)[number % 2])
        journal.record(db, "registered", NOON, person=person.id)
        journal.record(db, "enrolled", NOON, person=person.id, **K03)
        journal.record(db, "attempt", NOON, person=person.id, **attempt(70 + number, 40))
    db.commit()
    while actions.catch_up(db, NOON, limit=5):
        db.commit()
    db.commit()
    breakdowns = ("", "region", "gender", "age", "region+gender", "region+age")
    before = queries.figures(db, "semua", "semua", breakdowns)
    actions.rebuild(db, NOON)
    db.commit()
    assert queries.figures(db, "semua", "semua", breakdowns) == before
    assert before[("", "", "")].learners == 12


def test_events_that_commit_late_are_not_stepped_over(app: Flask, db: Session) -> None:
    """On PostgreSQL a lower number can commit after a higher one; the reader waits for it."""
    people = [a_person(db, f"Warga {number}") for number in range(20)]
    db.commit()
    engine = app.extensions["db"]
    stop = threading.Event()

    def write(person: int) -> None:
        with apart(engine) as session:
            journal.record(session, "enrolled", NOON, person=person, **K03)
            session.flush()
            stop.wait(0.01 * (person % 5))

    def read() -> None:
        while not stop.is_set():
            with apart(engine) as session:
                actions.catch_up(session, NOON, limit=3)

    reading = [threading.Thread(target=read)]
    writing = [threading.Thread(target=write, args=(person.id,)) for person in people]
    for thread in [*reading, *writing]:
        thread.start()
    for thread in writing:
        thread.join()
    stop.set()
    for thread in reading:
        thread.join()
    while True:
        with apart(engine) as session:
            if not actions.catch_up(session, NOON):
                break
    assert total(db).enrolled == 20
