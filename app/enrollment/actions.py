"""Enrolling, and doing one step after the other."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import journal
from app.accounts.models import User
from app.course import queries as course_queries
from app.course.models import CourseVersion
from app.course.shapes import Course
from app.enrollment import queries, rules
from app.enrollment.models import Enrollment, StepDone
from app.enrollment.queries import Learning
from app.errors import N_, Refused


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
    line = sa.select(CourseVersion.id).where(CourseVersion.id == version_id)
    session.execute(line.with_for_update(key_share=True))
    count = sa.select(Enrollment.form, sa.func.count()).where(Enrollment.version_id == version_id)
    taken = {form: people for form, people in session.execute(count.group_by(Enrollment.form))}
    return "B" if taken.get("B", 0) < taken.get("A", 0) else "A"


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
    step = next((step for step in rules.steps(course) if step.key == key), None)
    if step is None:
        raise Refused(N_("Langkah ini tidak ada di versi kursus yang Anda ikuti."))
    session.add(StepDone(enrollment_id=enrollment_id, step=key, act=act, score=score, done_at=now))
    session.execute(sa.update(Enrollment).where(Enrollment.id == enrollment_id).values(at_step=key, touched_at=now))
    progress = learning.progress.plus(key, score)
    if step.kind in ("lesson", "practice"):
        journal.record(session, "step", now, person=learning.user_id, **learning.facts, step=key)
    module = course.module(step.module)
    if module is not None and rules.module_complete(module, progress):
        facts = learning.facts | {"module": module.id, "jp": module.jp}
        journal.record(session, "module", now, person=learning.user_id, **facts)
    if rules.finished(course, progress):
        _complete(session, learning, now)
    return True


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
