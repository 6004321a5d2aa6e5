"""Enrolling, and doing one step after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app import journal
from app.accounts.models import User
from app.course import queries as course_queries
from app.course.shapes import Course
from app.enrollment import queries, rules
from app.enrollment.models import Enrollment, FormBalance, StepDone
from app.enrollment.queries import Learning
from app.enrollment.rules import Progress
from app.errors import N_, Refused

_ROWS: Any = Enrollment.__table__
_MOVED = (
    sa.update(_ROWS)
    .where(_ROWS.c.id == sa.bindparam("which"))
    .values(at_step=sa.bindparam("key"), touched_at=sa.bindparam("now"))
)
_COMPLETED = (
    sa.update(_ROWS)
    .where(_ROWS.c.id == sa.bindparam("which"), _ROWS.c.completed_at.is_(None))
    .values(completed_at=sa.bindparam("now"))
)


def enroll(session: Session, user_id: int, slug: str, now: datetime) -> Learning:
    """Enrols the resident in the newest version; who already learns the course stays in their version."""
    # One person enrols once at a time, also while the next version is being published.
    there = sa.select(User.id).where(User.id == user_id, User.deleted_at.is_(None))
    if session.scalar(there.with_for_update(key_share=True)) is None:
        raise Refused(N_("Akun ini sudah dihapus."))
    if (already := queries.of(session, user_id, slug)) is not None:
        return already
    version = course_queries.latest(session, slug)
    if version is None:
        raise Refused(N_("Kursus ini belum dibuka."))
    form = _rarer_form(session, version.id)
    session.add(Enrollment(user_id=user_id, version_id=version.id, form=form, started_at=now, touched_at=now))
    session.flush()
    made = queries.of(session, user_id, slug)
    assert made is not None
    journal.record(session, "enrolled", now, person=user_id, **made.facts)
    return made


def _rarer_form(session: Session, version_id: int) -> str:
    """The form of the test that fewer people in this version begin with; until this commits nobody else decides."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    first = insert(FormBalance).values(version_id=version_id, ahead=0)
    # Writing what stands there already makes the row or holds it, whoever else begins at the same moment.
    stand = first.on_conflict_do_update(index_elements=[FormBalance.version_id], set_={"ahead": FormBalance.ahead})
    ahead = session.execute(stand.returning(FormBalance.ahead)).scalar_one()
    form, change = ("B", -1) if ahead > 0 else ("A", 1)
    session.execute(
        sa.update(FormBalance)
        .where(FormBalance.version_id == version_id)
        .values(ahead=ahead + change)
        .execution_options(synchronize_session=False)
    )
    return form


def finish_lesson(
    session: Session, enrollment_id: int, course: Course, module: str, lesson: str, act: str, now: datetime
) -> bool:
    """Marks a lesson or practice as done; True the first time."""
    if course.lesson(module, lesson) is None:
        raise Refused(N_("Materi ini tidak ada di versi kursus yang Anda ikuti."))
    return finish_step(session, enrollment_id, rules.lesson_key(module, lesson), act, None, now)


def finish_step(session: Session, enrollment_id: int, key: str, act: str, score: float | None, now: datetime) -> bool:
    """Marks a step as done and keeps its best score; what this completes is recorded once. True the first time."""
    learning = _locked(session, enrollment_id)
    if key in learning.progress.done:
        _keep_best(session, enrollment_id, key, score)
        return False
    course = course_queries.content(session, learning.version_id)
    progress, events = _finished(session, learning, course, Done(enrollment_id, key, act, score), now)
    journal.record_all(session, events)
    session.execute(sa.update(Enrollment).where(Enrollment.id == enrollment_id).values(at_step=key, touched_at=now))
    if rules.finished(course, progress):
        _complete(session, learning, now)
    return True


@dataclass(frozen=True, slots=True)
class Done:
    """A step that somebody has done, with the UUID of the act that did it."""

    enrollment_id: int
    key: str
    act: str
    score: float | None


def finish_steps(session: Session, done: Sequence[Done], now: datetime) -> set[tuple[int, str]]:
    """The same for many people at once, in a few statements; returns who did which step for the first time."""
    ids = {one.enrollment_id for one in done}
    session.execute(sa.select(Enrollment.id).where(Enrollment.id.in_(ids)).order_by(Enrollment.id)
                    .with_for_update(key_share=True))  # fmt: skip
    learnings = {learning.id: learning for learning in queries.by_ids(session, ids)}
    first: dict[tuple[int, str], dict[str, Any]] = {}
    completed, events = [], []
    for one in done:
        learning = learnings.get(one.enrollment_id)
        if learning is None or one.key in learning.progress.done:
            continue
        course = course_queries.content(session, learning.version_id)
        progress, said = _finished(session, learning, course, one, now)
        events += said
        first[one.enrollment_id, one.key] = {"which": one.enrollment_id, "key": one.key, "now": now}
        if learning.completed_at is None and rules.finished(course, progress):
            events.append(journal.told("completed", now, learning.user_id, **learning.facts))
            completed.append({"which": learning.id, "now": now})
        learnings[learning.id] = replace(learning, progress=progress)
    if first:
        session.execute(_MOVED, list(first.values()))
    if completed:
        session.execute(_COMPLETED, completed)
    journal.record_all(session, events)
    return set(first)


def _finished(
    session: Session, learning: Learning, course: Course, done: Done, now: datetime
) -> tuple[Progress, list[dict[str, Any]]]:
    """Adds the step; returns the progress with it, and what is to be said of the step and the module it completes."""
    step = next((step for step in rules.steps(course) if step.key == done.key), None)
    if step is None:
        raise Refused(N_("Langkah ini tidak ada di versi kursus yang Anda ikuti."))
    session.add(StepDone(enrollment_id=learning.id, step=done.key, act=done.act, score=done.score, done_at=now))
    progress, events = learning.progress.plus(done.key, done.score), []
    if step.kind in ("lesson", "practice"):
        events.append(journal.told("step", now, learning.user_id, **learning.facts, step=done.key))
    module = course.module(step.module)
    if module is not None and rules.module_complete(module, progress):
        facts = learning.facts | {"module": module.id, "jp": module.jp}
        events.append(journal.told("module", now, learning.user_id, **facts))
    return progress, events


def complete(session: Session, enrollment_id: int, now: datetime) -> bool:
    """Completes the course when everything required is done; True the first time."""
    learning = _locked(session, enrollment_id)
    course = course_queries.content(session, learning.version_id)
    return rules.finished(course, learning.progress) and _complete(session, learning, now)


def _complete(session: Session, learning: Learning, now: datetime) -> bool:
    first = session.scalar(
        sa.update(Enrollment)
        .where(Enrollment.id == learning.id, Enrollment.completed_at.is_(None))
        .values(completed_at=now)
        .returning(Enrollment.id)
    )
    if first is None:
        return False
    journal.record(session, "completed", now, person=learning.user_id, **learning.facts)
    return True


def _keep_best(session: Session, enrollment_id: int, key: str, score: float | None) -> None:
    if score is None:
        return
    session.execute(
        sa.update(StepDone)
        .where(StepDone.enrollment_id == enrollment_id, StepDone.step == key)
        .where(sa.or_(StepDone.score.is_(None), StepDone.score < score))
        .values(score=score)
        .execution_options(synchronize_session=False)
    )


def _locked(session: Session, enrollment_id: int) -> Learning:
    """The enrollment, held until the transaction ends: two last steps at once may not both miss the other."""
    session.execute(sa.select(Enrollment.id).where(Enrollment.id == enrollment_id).with_for_update(key_share=True))
    learning = queries.by_id(session, enrollment_id)
    if learning is None:
        raise Refused(N_("Pendaftaran kursus ini tidak ada lagi."))
    return learning
