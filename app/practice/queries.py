"""Reading what a person practised and what they have seen; always of one enrollment, whose owner is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.course.models import CourseVersion
from app.course.shapes import Course
from app.enrollment.models import Enrollment, StepDone
from app.enrollment.rules import lesson_key
from app.practice.models import PracticeAnswer, Recall
from app.quiz.models import Attempt


@dataclass(slots=True)
class Past:
    """What an enrollment has behind it: steps, each Kilas Balik, when a question was last seen, what is asked now."""

    steps: dict[str, datetime] = field(default_factory=dict)
    recalls: dict[str, set[int]] = field(default_factory=dict)  # by module the numbers answered
    seen: dict[str, datetime] = field(default_factory=dict)
    in_quiz: set[str] = field(default_factory=set)  # questions of attempts that are still open

    def numbers(self, module: str) -> set[int]:
        """The numbers of each Kilas Balik of this module that was answered."""
        return self.recalls.get(module, set())

    def _note(self, item: str, at: datetime) -> None:
        self.seen[item] = max(at, self.seen.get(item, at))


@dataclass(frozen=True, slots=True)
class Recalled:
    """A Kilas Balik that was answered; its answers are None once forgotten."""

    number: int
    draw: list[Any]
    answers: dict[str, Any] | None
    done_at: datetime
    score: float

    @property
    def items(self) -> list[str]:
        """The ids of its questions in the order asked."""
        return [entry[0] for entry in self.draw]


@dataclass(frozen=True, slots=True)
class Practised:
    """An answer in a set."""

    uuid: str
    item: str
    correct: bool
    choice: list[str]


_NOTHING = sa.cast(sa.null(), sa.JSON)
_NONE = sa.literal(0)
_STEPS = sa.select(
    StepDone.enrollment_id, sa.literal("step").label("kind"), StepDone.step.label("name"), _NONE.label("number"),
    StepDone.done_at.label("at"), _NOTHING.label("draw"),
)  # fmt: skip
_RECALLS = sa.select(
    Recall.enrollment_id, sa.literal("recall"), Recall.module, Recall.number, Recall.done_at, Recall.draw
)
# The number of an attempt is 1 while it is open.
_ATTEMPTS = sa.select(
    Attempt.enrollment_id, sa.literal("attempt"), Attempt.module,
    sa.case((Attempt.submitted_at.is_(None), 1), else_=0), Attempt.started_at, Attempt.draw,
)  # fmt: skip
_ANSWERS = sa.select(
    PracticeAnswer.enrollment_id, sa.literal("answer"), PracticeAnswer.item, _NONE,
    sa.func.max(PracticeAnswer.answered_at), _NOTHING,
).group_by(PracticeAnswer.enrollment_id, PracticeAnswer.item)  # fmt: skip
_OF: sa.BindParameter[int] = sa.bindparam("enrollment_id")
# Built once: putting a statement together costs more than sending it.
_PAST = sa.union_all(
    _STEPS.where(StepDone.enrollment_id == _OF),
    _RECALLS.where(Recall.enrollment_id == _OF),
    _ATTEMPTS.where(Attempt.enrollment_id == _OF),
    _ANSWERS.where(PracticeAnswer.enrollment_id == _OF),
)
_MINE = sa.select(Enrollment.id).where(Enrollment.user_id == sa.bindparam("user_id")).scalar_subquery()
_MOMENTS = sa.union_all(
    _STEPS.where(StepDone.enrollment_id.in_(_MINE)), _RECALLS.where(Recall.enrollment_id.in_(_MINE))
)
_OPEN = sa.select(Attempt.draw).where(Attempt.enrollment_id == _OF, Attempt.submitted_at.is_(None))
_SET = (
    sa.select(PracticeAnswer.uuid, PracticeAnswer.item, PracticeAnswer.correct)
    .where(PracticeAnswer.enrollment_id == _OF, PracticeAnswer.module == sa.bindparam("module"))
    .order_by(PracticeAnswer.id)
)
_RECALLED = (
    sa.select(Recall.number, Recall.draw, Recall.answers, Recall.done_at, Recall.score)
    .where(Recall.enrollment_id == _OF, Recall.module == sa.bindparam("module"))
    .order_by(Recall.number)
)


def moments(session: Session, user_id: int) -> dict[int, Past]:
    """When this person did their steps and each Kilas Balik, by enrollment; one statement for all of them."""
    found: dict[int, Past] = {}
    for row in session.execute(_MOMENTS, {"user_id": user_id}):
        _add(found.setdefault(row.enrollment_id, Past()), row)
    return found


def past(session: Session, enrollment_id: int, course: Course) -> Past:
    """Everything that decides what is practised next; whoever did a lesson has seen its questions."""
    found = Past()
    for row in session.execute(_PAST, {"enrollment_id": enrollment_id}):
        _add(found, row)
    for module in course.modules:
        for lesson in module.lessons:
            if (done := found.steps.get(lesson_key(module.id, lesson.id))) is not None:
                for item in lesson.items:
                    found._note(item.id, done)
    return found


def _add(past: Past, row: Any) -> None:
    if row.kind == "step":
        past.steps[row.name] = row.at
    elif row.kind == "answer":
        past._note(row.name, row.at)
    else:
        items = [entry[0] for entry in row.draw]
        for item in items:
            past._note(item, row.at)
        if row.kind == "recall":
            past.recalls.setdefault(row.name, set()).add(row.number)
        elif row.number:
            past.in_quiz.update(items)


def in_quiz(session: Session, enrollment_id: int) -> set[str]:
    """The questions that this person is being asked in a quiz or test that is not handed in."""
    draws = session.scalars(_OPEN, {"enrollment_id": enrollment_id})
    return {entry[0] for draw in draws for entry in draw}


def recalled(session: Session, enrollment_id: int, module: str) -> list[Recalled]:
    """Each Kilas Balik of this module that was answered, in order."""
    rows = session.execute(_RECALLED, {"enrollment_id": enrollment_id, "module": module})
    return [Recalled(*row) for row in rows]


def asked(session: Session, enrollment_id: int, module: str) -> Sequence[Any]:
    """Every answer in this module's sets, the oldest first: UUID, question, whether it was right."""
    return session.execute(_SET, {"enrollment_id": enrollment_id, "module": module}).all()


def practised(session: Session, enrollment_id: int, module: str, uuid: str) -> Practised | None:
    """One answer in this module's sets."""
    query = sa.select(
        PracticeAnswer.uuid, PracticeAnswer.item, PracticeAnswer.correct, PracticeAnswer.choice
    ).where(
        PracticeAnswer.uuid == uuid, PracticeAnswer.enrollment_id == enrollment_id, PracticeAnswer.module == module
    )  # fmt: skip
    row = session.execute(query).first()
    return Practised(*row) if row else None


def recalls_of(session: Session, user_id: int) -> Sequence[Any]:
    """Each Kilas Balik of a person, with course, version and the number of the version's row."""
    query = (
        sa.select(CourseVersion.slug, CourseVersion.number, CourseVersion.id.label("version_id"), Recall)
        .join(Enrollment, Enrollment.id == Recall.enrollment_id)
        .join(CourseVersion, CourseVersion.id == Enrollment.version_id)
        .where(Enrollment.user_id == user_id)
        .order_by(Recall.done_at, Recall.module)
    )
    return session.execute(query).all()


def answers_of(session: Session, user_id: int) -> Sequence[Any]:
    """Each answer of a person in a set, with course, version and the number of the version's row."""
    query = (
        sa.select(CourseVersion.slug, CourseVersion.number, CourseVersion.id.label("version_id"), PracticeAnswer)
        .join(Enrollment, Enrollment.id == PracticeAnswer.enrollment_id)
        .join(CourseVersion, CourseVersion.id == Enrollment.version_id)
        .where(Enrollment.user_id == user_id)
        .order_by(PracticeAnswer.id)
    )
    return session.execute(query).all()
