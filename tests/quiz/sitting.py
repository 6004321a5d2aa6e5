"""What tests about attempts share: opening one, the right answers, pressing through."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.course import queries as course_queries
from app.enrollment import queries as enrollment_queries
from app.quiz import actions
from app.quiz.models import Attempt
from tests.builders import NOON
from tests.enrollment.cast import LEARN, SLUG, field, parsed
from tests.inspector import send, visit

COURSE = parsed()
QUIZ, PRE, POST = f"{LEARN}/pesan/kuis", f"{LEARN}/tes-awal", f"{LEARN}/tes-akhir"


def begin(
    app: Flask, db: Session, client: FlaskClient, purpose: str, module: str = "", at: Any = NOON, uuid: str = ""
) -> str:
    """Starts an attempt of this person and returns its UUID."""
    with app.app_context():
        learning = enrollment_queries.of(db, client.person.id, SLUG)  # type: ignore[attr-defined]
        course = course_queries.content(db, learning.version_id)
        made = actions.start(db, learning, course, purpose, module, uuid or str(uuid4()), at)  # type: ignore[arg-type]
        db.commit()
    return made


def row(db: Session, uuid: str) -> Attempt:
    """The attempt as it is stored now; the test's own transaction ends, so that others may write."""
    db.rollback()
    found = db.scalars(sa.select(Attempt).where(Attempt.uuid == uuid)).one()
    db.expunge(found)
    db.rollback()
    return found


def keys_of(item: str) -> list[str]:
    return sorted(COURSE.item(item).keys)


def wrong_of(item: str) -> list[str]:
    return [next(option.id for option in COURSE.item(item).options if not option.correct)]


def answer_all(
    app: Flask, db: Session, client: FlaskClient, uuid: str, right: int | None = None, at: Any = NOON
) -> None:
    """Answers every question, the first `right` of them rightly (all when None)."""
    for n, (item, _) in enumerate(row(db, uuid).draw):
        choice = keys_of(item) if right is None or n < right else wrong_of(item)
        save(app, db, client, uuid, item, choice, at=at)


def save(app, db, client, uuid, item, choice, act="", revision=None, at=NOON):
    """Saves one answer and returns what is stored."""
    with app.app_context():
        try:
            saved = actions.save(
                db, client.person.id, uuid, actions.Given(item, choice, act or str(uuid4()), revision), at
            )
            db.commit()
        except BaseException:
            db.rollback()
            raise
    return saved


def submit(app, db, client, uuid, at=NOON):
    """Submits the attempt."""
    with app.app_context():
        done = actions.submit(db, client.person.id, uuid, at)
        db.commit()
    return done


def sat(
    app: Flask,
    db: Session,
    client: FlaskClient,
    purpose: str,
    module: str = "",
    right: int | None = None,
    at: Any = NOON,
) -> str:
    """One attempt from start to end."""
    uuid = begin(app, db, client, purpose, module, at)
    answer_all(app, db, client, uuid, right, at)
    submit(app, db, client, uuid, at)
    return uuid


def press_start(client: FlaskClient, address: str) -> str:
    """Opens the page before an attempt, presses start, and returns the attempt's address."""
    page = visit(client, address)
    return send(client, address, 302, percobaan=field(page, "percobaan")).location.split("?")[0]
