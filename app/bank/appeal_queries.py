"""Reading appeals: one's own, those that wait for a trainer, and what is told when one is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.bank.models import Appeal, Regrade, RegradeChange
from app.course.models import CourseVersion
from app.enrollment.acts import is_act
from app.enrollment.models import Enrollment
from app.quiz import queries as quiz_queries
from app.quiz.models import Answer, Attempt
from app.quiz.rules import Purpose

PAGE = 20
_OPEN = Appeal.answered_at.is_(None)


@dataclass(frozen=True, slots=True)
class Asked:
    """An appeal as its person sees it."""

    item: str
    reason: str
    asked_at: datetime
    answered_at: datetime | None
    verdict: str | None
    reply: str | None
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An appeal as a trainer sees it: what it is about, and nothing of whose it is."""

    uuid: str
    item: str
    reason: str
    asked_at: datetime
    answered_at: datetime | None
    verdict: str | None
    reply: str | None
    purpose: Purpose
    module: str
    score: float
    passed: bool | None
    version_id: int
    slug: str
    version: int
    choice: list[str] | None


def of_attempt(session: Session, attempt_id: int, item: str) -> Asked | None:
    """What was asked about this question of an attempt, or (with "") about all of it."""
    query = sa.select(Appeal.item, Appeal.reason, Appeal.asked_at, Appeal.answered_at, Appeal.verdict, Appeal.reply,
                      Appeal.seen_at).where(Appeal.attempt_id == attempt_id, Appeal.item == item)  # fmt: skip
    row = session.execute(query).first()
    return Asked(*row) if row else None


def open_of(session: Session, user_id: int) -> int:
    """How many appeals of this person wait for an answer."""
    query = sa.select(sa.func.count(Appeal.id)).join(Attempt, Attempt.id == Appeal.attempt_id)
    mine = query.join(Enrollment, Enrollment.id == Attempt.enrollment_id).where(Enrollment.user_id == user_id, _OPEN)
    return session.scalar(mine) or 0


_COLUMNS: list[Any] = [
    Appeal.uuid, Appeal.item, Appeal.reason, Appeal.asked_at, Appeal.answered_at, Appeal.verdict, Appeal.reply,
    Attempt.purpose, Attempt.module, Attempt.score, Attempt.passed, CourseVersion.id, CourseVersion.slug,
    CourseVersion.number, Answer.choice,
]  # fmt: skip
_WAITING = (
    sa.select(*_COLUMNS)
    .join(Attempt, Attempt.id == Appeal.attempt_id)
    .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
    .join(CourseVersion, CourseVersion.id == Enrollment.version_id)
    .outerjoin(Answer, sa.and_(Answer.attempt_id == Appeal.attempt_id, Answer.item == Appeal.item))
)


def waiting(session: Session, trainer: int, page: int) -> list[Waiting]:
    """One page of the appeals that wait, the oldest first; nobody answers their own."""
    query = _WAITING.where(_OPEN, Enrollment.user_id != trainer).order_by(Appeal.asked_at, Appeal.id)
    return [Waiting(*row) for row in session.execute(query.limit(PAGE).offset((page - 1) * PAGE))]


def count_waiting(session: Session, trainer: int) -> int:
    """How many wait for this trainer."""
    query = sa.select(sa.func.count(Appeal.id)).join(Attempt, Attempt.id == Appeal.attempt_id)
    others = query.join(Enrollment, Enrollment.id == Attempt.enrollment_id).where(_OPEN, Enrollment.user_id != trainer)
    return session.scalar(others) or 0


def one(session: Session, trainer: int, uuid: str) -> Waiting | None:
    """This appeal, open or answered, unless it is the trainer's own."""
    if not is_act(uuid):
        return None
    row = session.execute(_WAITING.where(Appeal.uuid == uuid, Enrollment.user_id != trainer)).first()
    return Waiting(*row) if row else None


def asked_in(session: Session, appeal: Waiting) -> list[tuple[str, list[str]]]:
    """The questions of the attempt that is reviewed, in the order asked, with what was answered."""
    query = sa.select(Attempt.id, Attempt.draw).join(Appeal, Appeal.attempt_id == Attempt.id)
    attempt_id, draw = session.execute(query.where(Appeal.uuid == appeal.uuid)).one()
    saved = quiz_queries.answers(session, attempt_id)
    return [(item, saved[item].choice if item in saved else []) for item, *_ in draw]


def person_of(session: Session, attempt_id: int) -> int | None:
    """Whose attempt this is, for the record of acts over others."""
    query = sa.select(Enrollment.user_id).join(Attempt, Attempt.enrollment_id == Enrollment.id)
    return session.scalar(query.where(Attempt.id == attempt_id))


@dataclass(frozen=True, slots=True)
class News:
    """Something this slice has to tell a person: an answer to an appeal, or a score that changed."""

    kind: str
    attempt: str
    title: str
    item: str
    before: float | None
    after: float | None


# Both in one statement: /belajar may make five in all.
_ANSWERED = (
    sa.select(sa.literal("appeal").label("kind"), Attempt.uuid, CourseVersion.short_title, Appeal.item,
              sa.null().label("score_before"), sa.null().label("score_after"), Appeal.id)
    .select_from(Appeal)
    .join(Attempt, Attempt.id == Appeal.attempt_id)
    .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
    .join(CourseVersion, CourseVersion.id == Enrollment.version_id)
    .where(Enrollment.user_id == sa.bindparam("user_id"), Appeal.answered_at.is_not(None), Appeal.seen_at.is_(None))
)  # fmt: skip
_RESCORED = (
    sa.select(sa.literal("score"), Attempt.uuid, CourseVersion.short_title, Regrade.item, RegradeChange.score_before,
              RegradeChange.score_after, Regrade.id)
    .select_from(RegradeChange)
    .join(Regrade, Regrade.id == RegradeChange.regrade_id)
    .join(Attempt, Attempt.id == RegradeChange.attempt_id)
    .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
    .join(CourseVersion, CourseVersion.id == Enrollment.version_id)
    .where(Enrollment.user_id == sa.bindparam("user_id"), RegradeChange.seen_at.is_(None))
)  # fmt: skip
_NEWS: Any = sa.union_all(_ANSWERED, _RESCORED).order_by(sa.text("1"), sa.text("7")).limit(30)


def news(session: Session, user_id: int) -> list[News]:
    """What this person has not read yet, in order."""
    return [News(*row[:6]) for row in session.execute(_NEWS, {"user_id": user_id})]


@dataclass(frozen=True, slots=True)
class Told:
    """One change of the score of an attempt, as its person reads it."""

    item: str
    why: str
    at: datetime
    before: float
    after: float
    passed_before: bool | None
    passed_after: bool | None
    seen_at: datetime | None


def changes_of(session: Session, attempt_id: int) -> list[Told]:
    """How regrades changed the score of an attempt, in order."""
    query = (
        sa.select(Regrade.item, Regrade.why, Regrade.made_at, RegradeChange.score_before, RegradeChange.score_after,
                  RegradeChange.passed_before, RegradeChange.passed_after, RegradeChange.seen_at)
        .join(Regrade, Regrade.id == RegradeChange.regrade_id)
        .where(RegradeChange.attempt_id == attempt_id, RegradeChange.score_before != RegradeChange.score_after)
        .order_by(Regrade.id)
    )  # fmt: skip
    return [Told(*row) for row in session.execute(query)]


def appeals_of(session: Session, user_id: int) -> Sequence[Any]:
    """Every appeal of a person, with the course."""
    query = (
        sa.select(Appeal, CourseVersion.slug, CourseVersion.number, CourseVersion.id.label("version_id"))
        .join(Attempt, Attempt.id == Appeal.attempt_id)
        .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
        .join(CourseVersion, CourseVersion.id == Enrollment.version_id)
        .where(Enrollment.user_id == user_id)
        .order_by(Appeal.id)
    )
    return session.execute(query).all()


def regrades_of(session: Session, user_id: int) -> Sequence[Any]:
    """Every change of a score of a person, with the course."""
    query = (
        sa.select(Regrade.item, Regrade.why, Regrade.made_at, RegradeChange.score_before, RegradeChange.score_after,
                  CourseVersion.slug, CourseVersion.number, CourseVersion.id.label("version_id"))
        .join(Regrade, Regrade.id == RegradeChange.regrade_id)
        .join(Attempt, Attempt.id == RegradeChange.attempt_id)
        .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
        .join(CourseVersion, CourseVersion.id == Enrollment.version_id)
        .where(Enrollment.user_id == user_id, RegradeChange.score_before != RegradeChange.score_after)
        .order_by(Regrade.id)
    )  # fmt: skip
    return session.execute(query).all()
