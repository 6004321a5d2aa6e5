"""Reading attempts and answers; an attempt is always asked for together with its owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.course.asking import Asked, asked
from app.course.item import Item
from app.course.models import CourseVersion
from app.course.shapes import Course
from app.db import rows
from app.enrollment.acts import is_act
from app.enrollment.models import Enrollment, StepDone
from app.quiz import rules
from app.quiz.models import OPEN, Answer, Attempt, TimeAllowance
from app.quiz.rules import GRACE, Purpose


@dataclass(frozen=True, slots=True)
class Past:
    """A person's attempts at one quiz or test, however many, in a few figures."""

    count: int
    submitted: int
    last_at: datetime | None  # when the last one was submitted
    best: float | None
    passed: bool
    open: str  # the UUID of the one that is open, or nothing
    deadline_at: datetime | None  # of the open one
    same: bool  # the UUID that was asked for is one of them

    def late(self, now: datetime) -> bool:
        """Whether one is still open although its time is up."""
        return bool(self.open) and rules.late(self.deadline_at, now)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One attempt with the enrollment it belongs to."""

    id: int
    uuid: str
    purpose: Purpose
    module: str
    number: int
    draw: list[Any]
    submitted_at: datetime | None
    score: float | None
    passed: bool | None
    deadline_at: datetime | None
    timed_out: bool
    enrollment_id: int
    user_id: int
    version_id: int
    slug: str
    version: int
    pillar: str
    begun: bool  # a lesson is done, so a pre-test measures nothing any more

    @property
    def stale(self) -> bool:
        """Whether this is a pre-test that lessons have overtaken."""
        return self.purpose == "pre" and self.begun and self.submitted_at is None

    def late(self, now: datetime) -> bool:
        """Whether it is still open although its time is up."""
        return self.submitted_at is None and rules.late(self.deadline_at, now)

    def items(self, course: Course) -> list[Item]:
        """Its questions in the order asked."""
        found = (course.item(entry[0]) for entry in self.draw)
        return [item for item in found if item is not None]

    def asked(self, item: Item) -> Asked:
        """One of its questions with the options in the order shown."""
        return asked(item, next((entry[1] for entry in self.draw if entry[0] == item.id), []))


@dataclass(frozen=True, slots=True)
class Saved:
    """A stored answer."""

    item: str
    choice: list[str]
    revision: int


_OF_ONE = (
    Attempt.enrollment_id == sa.bindparam("enrollment_id"),
    Attempt.purpose == sa.bindparam("purpose"),
    Attempt.module == sa.bindparam("module"),
)
_IS_OPEN = Attempt.submitted_at.is_(None)
_PAST = sa.select(
    sa.func.count(),
    sa.func.count(Attempt.submitted_at),
    sa.func.max(Attempt.submitted_at),
    sa.func.max(Attempt.score),
    sa.func.coalesce(sa.func.max(sa.case((Attempt.passed.is_(True), 1), else_=0)), 0),
    sa.func.coalesce(sa.func.max(sa.case((_IS_OPEN, Attempt.uuid))), ""),
    sa.func.max(sa.case((_IS_OPEN, Attempt.deadline_at))),
    sa.func.coalesce(sa.func.max(sa.case((Attempt.uuid == sa.bindparam("uuid"), 1), else_=0)), 0),
).where(*_OF_ONE)
# More questions than any module has: what was asked longer ago may come again like anything else.
_REMEMBERED = 50
_DRAWS = sa.select(Attempt.draw).where(*_OF_ONE).order_by(Attempt.number.desc()).limit(_REMEMBERED)
_BEGUN = sa.exists().where(StepDone.enrollment_id == Enrollment.id, StepDone.step.startswith("materi:"))
_SITTING = (
    sa.select(
        Attempt.id,
        Attempt.uuid,
        Attempt.purpose,
        Attempt.module,
        Attempt.number,
        Attempt.draw,
        Attempt.submitted_at,
        Attempt.score,
        Attempt.passed,
        Attempt.deadline_at,
        Attempt.timed_out,
        Attempt.enrollment_id,
        Enrollment.user_id,
        Enrollment.version_id,
        CourseVersion.slug,
        CourseVersion.number,
        CourseVersion.pillar,
        _BEGUN.label("begun"),
    )
    .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
    .join(CourseVersion, CourseVersion.id == Enrollment.version_id)
    .where(Attempt.uuid == sa.bindparam("uuid"), Enrollment.user_id == sa.bindparam("user_id"))
)
# The same, held until the transaction ends: who saves and who submits stand in one line.
_HELD = _SITTING.with_for_update(of=Attempt, key_share=True)
_ANSWERS = sa.select(Answer.item, Answer.choice, Answer.revision).where(Answer.attempt_id == sa.bindparam("attempt_id"))


def open_attempt(*facts: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """The id of the attempt `of` this `user_id`, held, and these facts; no row once it is closed or overtaken."""
    return (
        sa.select(Attempt.id, *facts)
        .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
        .where(
            Attempt.uuid == sa.bindparam("of"),
            Enrollment.user_id == sa.bindparam("user_id"),
            Attempt.submitted_at.is_(None),
            sa.or_(Attempt.purpose != "pre", sa.not_(_BEGUN)),
        )
        .with_for_update(of=Attempt, key_share=True)
    )


def past(session: Session, enrollment_id: int, purpose: Purpose, module: str, uuid: str = "") -> Past:
    """What this person's attempts at one quiz or test come to, and whether this UUID is one of them."""
    which = {"enrollment_id": enrollment_id, "purpose": purpose, "module": module, "uuid": uuid}
    count, submitted, last_at, best, passed, open_, deadline_at, same = rows(session, _PAST, which).one()
    return Past(count, submitted, last_at, best, bool(passed), open_, deadline_at, bool(same))


def asked_before(session: Session, enrollment_id: int, purpose: Purpose, module: str) -> list[list[str]]:
    """The ids of the questions in this person's last attempts at one quiz or test."""
    which = {"enrollment_id": enrollment_id, "purpose": purpose, "module": module}
    return [[entry[0] for entry in row.draw] for row in rows(session, _DRAWS, which)]


def sitting(session: Session, user_id: int, uuid: str, *, hold: bool = False) -> Sitting | None:
    """This person's attempt; with `hold` nobody else changes it until the transaction ends."""
    if not is_act(uuid):
        return None
    row = rows(session, _HELD if hold else _SITTING, {"uuid": uuid, "user_id": user_id}).first()
    return Sitting(*row) if row else None


def answers(session: Session, attempt_id: int) -> dict[str, Saved]:
    """What is saved in an attempt, by question."""
    return {row[0]: Saved(*row) for row in rows(session, _ANSWERS, {"attempt_id": attempt_id})}


def overdue(session: Session, now: datetime, most: int) -> list[tuple[int, str]]:
    """Person and UUID of open attempts in which nothing more counts, those that ended first first."""
    query = (
        sa.select(Enrollment.user_id, Attempt.uuid)
        .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
        .where(OPEN, Attempt.deadline_at < now - GRACE)
        .order_by(Attempt.deadline_at, Attempt.id)
        .limit(most)
    )
    return [(user_id, uuid) for user_id, uuid in session.execute(query)]


def extra_percent(session: Session, user_id: int) -> int:
    """How much extra time this person has; 0 for most."""
    return session.scalar(sa.select(TimeAllowance.extra_percent).where(TimeAllowance.user_id == user_id)) or 0


def allowance(session: Session, user_id: int) -> TimeAllowance | None:
    """The extra time this person was granted, if any."""
    return session.get(TimeAllowance, user_id)


def passed(session: Session, enrollment_id: int, purpose: Purpose, module: str = "") -> float | None:
    """The best score with which this person passed a quiz or test; None when they have not yet."""
    return session.scalar(
        sa.select(sa.func.max(Attempt.score)).where(
            Attempt.enrollment_id == enrollment_id,
            Attempt.purpose == purpose,
            Attempt.module == module,
            Attempt.passed.is_(True),
        )
    )


def attempts_of(session: Session, user_id: int) -> Sequence[Any]:
    """Every attempt of a person: the row with course, version and the number of the version's row."""
    query = (
        sa.select(CourseVersion.slug, CourseVersion.number, CourseVersion.id.label("version_id"), Attempt)
        .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
        .join(CourseVersion, CourseVersion.id == Enrollment.version_id)
        .where(Enrollment.user_id == user_id)
        .order_by(Attempt.id)
    )
    return session.execute(query).all()


def answers_of(session: Session, user_id: int) -> Sequence[Any]:
    """Every answer of a person: course, version's row, purpose, module, number of the attempt, and the answer."""
    query = (
        sa.select(CourseVersion.slug, CourseVersion.id.label("version_id"), Attempt.purpose, Attempt.module,
                  Attempt.number, Answer.item, Answer.choice, Answer.saved_at)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
        .join(CourseVersion, CourseVersion.id == Enrollment.version_id)
        .where(Enrollment.user_id == user_id)
        .order_by(Attempt.id, Answer.saved_at)
    )  # fmt: skip
    return session.execute(query).all()
