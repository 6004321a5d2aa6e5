"""What tests about learning share: a published course, a person in it, and the way through it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.course import content
from app.course.models import CourseVersion
from app.course.shapes import Course
from app.db import apart
from app.enrollment import actions, queries
from app.enrollment.queries import Learning
from app.enrollment.rules import lesson_key, quiz_key
from app.journal import Event
from tests.builders import NOON
from tests.builders_course import a_course_files
from tests.builders_rows import a_version

SLUG = "contoh"
START, LEARN = f"/kursus/{SLUG}/ikuti", f"/belajar/{SLUG}"


def parsed(files: Mapping[str, str] | None = None) -> Course:
    """The small course of the tests."""
    return cast(Course, content.parse(files or a_course_files()))


def publish(db: Session, slug: str = SLUG, **more: Any) -> CourseVersion:
    """The small course, published."""
    version = a_version(db, slug, **more)
    db.commit()
    return version


def learn(app: Flask, db: Session, client: FlaskClient, slug: str = SLUG) -> Learning:
    """Enrols the person of this client."""
    person = client.person  # type: ignore[attr-defined]
    with app.app_context():
        made = actions.enroll(db, person.id, slug, NOON)
        db.commit()
    if person in db:
        # The row keeps its number without asking again: asking would lock SQLite for everybody else.
        db.expunge(person)
    return made


def finish(app: Flask, db: Session, learning: Learning, *keys: str, score: float | None = None) -> Learning:
    """Marks these steps as done and returns the enrollment as it is then."""
    with app.app_context():
        for n, key in enumerate(keys):
            actions.finish_step(db, learning.id, key, str(uuid4()), score, NOON + timedelta(minutes=n))
        db.commit()
        found = queries.by_id(db, learning.id)
        db.rollback()
    assert found is not None
    return found


def lessons(*modules: str) -> list[str]:
    """The keys of the lessons and practices of these modules of the small course."""
    return [lesson_key(module, lesson) for module in modules for lesson in ("materi-1", "praktik")]


def whole(*modules: str) -> list[str]:
    """The keys of all steps of these modules."""
    return [key for module in modules for key in (*lessons(module), quiz_key(module))]


def events(db: Session, *kinds: str) -> list[Event]:
    """What the journal says, in order."""
    db.rollback()
    found = db.query(Event).order_by(Event.id).all()
    return [event for event in found if event.kind in kinds] if kinds else found


def field(page: Any, name: str) -> str:
    """The value of a hidden field of a page."""
    soup = page.soup if hasattr(page, "soup") else BeautifulSoup(page.text, "html5lib")
    return str(soup.select_one(f'input[name="{name}"]')["value"])


def at_once(times: int, act: Callable[[int], Any]) -> list[Any]:
    """Does the same act many times in parallel; errors are raised."""
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(act, range(times)))


def behind(app: Flask, first: Callable[[Session], Any], second: Callable[[Session], Any]) -> Any:
    """Does the first act, begins the second while the first is not yet committed, and returns what the second said."""

    def press(act: Callable[[Session], Any]) -> Any:
        with app.app_context(), apart(app.extensions["db"].execution_options(writes=True)) as session:
            return act(session)

    with ThreadPoolExecutor(1) as pool, app.app_context():
        with apart(app.extensions["db"].execution_options(writes=True)) as session:
            first(session)
            waiting = pool.submit(press, second)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
        return waiting.result(timeout=10)


def twin(app: Flask, client: FlaskClient) -> FlaskClient:
    """The same person on another connection, for presses at the same moment."""
    copy = app.test_client()
    with client.session_transaction() as mine, copy.session_transaction() as theirs:
        theirs.update(mine)
    return copy


def later(**more: float) -> datetime:
    """A moment after noon."""
    return NOON + timedelta(**more)
