"""What tests about certificates share: somebody who has finished a course, and the certificate of it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import journal
from app.accounts.models import User
from app.certificate import actions
from app.certificate.models import Certificate
from app.course import content
from app.course.models import CourseVersion
from app.db import apart
from app.enrollment import queries
from app.enrollment.models import Enrollment, StepDone
from app.enrollment.rules import POST, steps
from tests.builders import NOON
from tests.builders_course import a_course_files
from tests.builders_rows import a_version
from tests.conftest import missing

SLUG = "contoh"
CLAIM = f"/belajar/{SLUG}/sertifikat"
COURSE = content.parse(a_course_files())
STARTED = NOON - timedelta(days=8)


def finish(
    db: Session,
    person: User,
    slug: str = SLUG,
    *,
    score: float = 85.0,
    without: tuple[str, ...] = (),
    version: CourseVersion | None = None,
) -> Enrollment:
    """Somebody who has done every step of the small course but these, up to noon; each in a version of their own."""
    version = version or a_version(db, slug)
    enrollment = Enrollment(
        user_id=person.id,
        version_id=version.id,
        form="A",
        started_at=STARTED,
        touched_at=NOON,
        completed_at=None if without else NOON,
    )
    db.add(enrollment)
    db.flush()
    for step in steps(COURSE):
        if step.required and step.key not in without:
            best = score if step.key == POST else None if step.kind in ("lesson", "practice") else 70.0
            db.add(StepDone(enrollment_id=enrollment.id, step=step.key, act=str(uuid4()), score=best, done_at=NOON))
    db.commit()
    return enrollment


@contextmanager
def writing(app: Flask) -> Any:
    """A transaction of its own inside the application."""
    with app.app_context(), apart(app.extensions["db"]) as session:
        yield session


def claim(
    app: Flask, enrollment_id: int, name: str | None = None, now: datetime = NOON, **settings: Any
) -> Certificate:
    """Claims the certificate of this enrollment."""
    with writing(app) as session:
        learning = queries.by_id(session, enrollment_id)
        assert learning is not None
        return actions.claim(session, learning, name, now, app.config | settings)


def certified(
    app: Flask, db: Session, person: User, slug: str = SLUG, now: datetime = NOON, **more: Any
) -> Certificate:
    """The certificate of somebody who has finished a course."""
    return claim(app, finish(db, person, slug, **more).id, now=now)


def rows(db: Session) -> list[Certificate]:
    """Every certificate there is, in order of issue."""
    found = list(db.scalars(sa.select(Certificate).order_by(Certificate.id).execution_options(populate_existing=True)))
    db.rollback()
    return found


def events(db: Session, *kinds: str) -> list[journal.Event]:
    """What the journal says about these kinds."""
    found = list(db.scalars(sa.select(journal.Event).where(journal.Event.kind.in_(kinds)).order_by(journal.Event.id)))
    db.rollback()
    return found


def at_once(times: int, act: Callable[[int], Any]) -> list[Any]:
    """The same act many times in parallel; errors are raised."""
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(act, range(times)))


def tool(*command: str, sent: bytes = b"") -> str:
    """What a program of poppler says."""
    try:
        return subprocess.run(command, input=sent, capture_output=True, check=True).stdout.decode()
    except FileNotFoundError:
        missing(command[0], "apt-get install poppler-utils")
        raise


def words(text: str) -> str:
    """A text with single blanks, to compare what stands on paper with what stands on a page."""
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip()
