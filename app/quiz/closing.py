"""How an attempt ends: scored with what was saved, by its person or by the clock, and what follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import journal
from app.course import queries as course_queries
from app.db import rows
from app.enrollment import actions as enrollment_actions
from app.enrollment import queries as enrollment_queries
from app.enrollment.rules import PRE
from app.quiz import queries, rules
from app.quiz.models import Attempt
from app.quiz.queries import Sitting

_CLOSED = (
    sa.update(Attempt.__table__)  # type: ignore[arg-type]  # the table, not the class: rows are asked for, not objects
    .where(Attempt.id == sa.bindparam("which"), Attempt.submitted_at.is_(None))
    .values({name: sa.bindparam(name) for name in ("submitted_at", "score", "passed", "timed_out")})
    .returning(Attempt.id)
)


def close(session: Session, sitting: Sitting, now: datetime) -> Sitting:
    """Scores an open attempt that this transaction holds, once; when its time is up, at the moment when it was."""
    course = course_queries.content(session, sitting.version_id)
    given = {item: saved.choice for item, saved in queries.answers(session, sitting.id).items()}
    percent = rules.score(sitting.items(course), given).percent
    # A pre-test measures; nobody passes it.
    passed = None if sitting.purpose == "pre" else rules.passed(percent, rules.mark_of(sitting.purpose, course.rule))
    late = sitting.late(now)
    ended = sitting.deadline_at + rules.GRACE if sitting.deadline_at and late else now
    outcome: dict[str, Any] = {"submitted_at": ended, "score": percent, "passed": passed, "timed_out": late}
    held = rows(session, _CLOSED, {"which": sitting.id, **outcome}).first()
    closed = replace(sitting, **outcome)
    # A pre-test that lessons have overtaken measures nothing: its answers stay, but it is no step and no figure.
    if held is None or sitting.stale:
        return closed
    first_done = False
    if passed or sitting.purpose == "pre":
        key = rules.step_key(sitting.purpose, sitting.module)
        first_done = enrollment_actions.finish_step(session, sitting.enrollment_id, key, sitting.uuid, percent, now)
    # The step is done once, whatever passes at the same moment or passed by a regrade: it says which pass is first.
    _record(session, sitting, percent, bool(passed), bool(passed) and first_done, now)
    return closed


def time_up(session: Session, user_id: int, uuid: str, now: datetime) -> Sitting | None:
    """Submits an attempt whose time is up with what was saved, once; others stay as they are."""
    sitting = queries.sitting(session, user_id, uuid, hold=True)
    if sitting is None or not sitting.late(now):
        return sitting
    return close(session, sitting, now)


def _record(
    session: Session,
    sitting: Sitting,
    percent: float,
    passed: bool,
    first_pass: bool,
    now: datetime,
) -> None:
    first = sitting.number == 1  # one is open at a time, so those before it are submitted
    journal.record(
        session,
        "attempt",
        now,
        person=sitting.user_id,
        course=sitting.slug,
        pillar=sitting.pillar,
        version=sitting.version,
        purpose=sitting.purpose,
        module=sitting.module,
        score=percent,
        passed=passed,
        first=first,
        first_pass=first_pass,
        pre=_before(session, sitting.enrollment_id) if sitting.purpose == "post" and first else None,
    )


def _before(session: Session, enrollment_id: int) -> float | None:
    """The score of the pre-test, if it counts as taken."""
    learning = enrollment_queries.by_id(session, enrollment_id)
    if learning is None or PRE not in learning.progress.done:
        return None
    return queries.past(session, enrollment_id, "pre", "").best
