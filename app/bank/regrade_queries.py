"""Reading what a regrade is about: versions, the corrections so far, and the attempts in small parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.accounts.models import User
from app.bank.corrections import Mode
from app.bank.models import Regrade, RegradeChange
from app.certificate.models import Certificate
from app.course.models import CourseVersion
from app.enrollment.models import Enrollment, StepDone
from app.quiz.models import Answer, Attempt
from app.quiz.rules import ANSWERS_KEPT, Purpose

CHUNK = 500  # attempts at a time: what is in memory stays small however many there are
MOST_VERSIONS = 20


@dataclass(frozen=True, slots=True)
class Version:
    """A published version: the number of its row, and its own."""

    id: int
    number: int
    title: str
    pillar: str


@dataclass(frozen=True, slots=True)
class Graded:
    """A submitted attempt with what was answered in it."""

    id: int
    uuid: str
    enrollment_id: int
    user_id: int
    purpose: Purpose
    module: str
    asked: list[str]
    score: float
    passed: bool | None
    answers: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Past:
    """A regrade that was made, and what it changed."""

    item: str
    from_number: int
    to_number: int
    mode: Mode
    why: str
    at: datetime
    by: str | None
    raised: int
    lowered: int
    passed: int


def versions(session: Session, slug: str) -> list[Version]:
    """The newest versions of a course, newest first."""
    query = (
        sa.select(CourseVersion.id, CourseVersion.number, CourseVersion.title, CourseVersion.pillar)
        .where(CourseVersion.slug == slug)
        .order_by(CourseVersion.number.desc())
        .limit(MOST_VERSIONS)
    )
    return [Version(*row) for row in session.execute(query)]


def version(session: Session, slug: str, number: int) -> Version | None:
    """This version of a course."""
    query = sa.select(CourseVersion.id, CourseVersion.number, CourseVersion.title, CourseVersion.pillar).where(
        CourseVersion.slug == slug, CourseVersion.number == number
    )
    row = session.execute(query).first()
    return Version(*row) if row else None


def hold_version(session: Session, version_id: int) -> None:
    """Lets nobody else count attempts of this version anew until the transaction ends."""
    session.execute(sa.select(CourseVersion.id).where(CourseVersion.id == version_id).with_for_update(key_share=True))


def by_uuid(session: Session, uuid: str) -> Regrade | None:
    """The regrade that this act made."""
    return session.scalar(sa.select(Regrade).where(Regrade.uuid == uuid))


def of_version(session: Session, version_id: int) -> Sequence[Regrade]:
    """The regrades of a version in the order in which they were made."""
    return session.scalars(sa.select(Regrade).where(Regrade.from_version_id == version_id).order_by(Regrade.id)).all()


def facts_of(session: Session, version_id: int) -> dict[str, Any]:
    """What every event of the journal names of a version."""
    row = session.execute(
        sa.select(CourseVersion.slug, CourseVersion.pillar, CourseVersion.number).where(CourseVersion.id == version_id)
    ).one()
    return {"course": row.slug, "pillar": row.pillar, "version": row.number}


def every(session: Session) -> Sequence[Regrade]:
    """All regrades there are, in order."""
    return session.scalars(sa.select(Regrade).order_by(Regrade.id)).all()


def asking(version_id: int, item: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Attempts of this version that asked this question, as far as the database can tell."""
    named = sa.cast(Attempt.draw, sa.Text).contains(f'"{item}"', autoescape=True)
    return Enrollment.version_id == version_id, named


def parts(
    session: Session, version_id: int, item: str, now: datetime, *, since: datetime | None = None,
    due: Regrade | None = None,
) -> Iterator[list[Graded]]:  # fmt: skip
    """The submitted attempts that asked this question and whose answers are kept, some at a time.

    With `due` only those that this regrade has not counted yet, and nobody else changes them until the transaction
    ends. Those that somebody is just changing (or erasing) are left out rather than waited for: who waits for one
    attempt while holding others may be waited for. `regrade.follow` comes back for them.
    """
    query = (
        sa.select(Attempt.id, Attempt.uuid, Attempt.enrollment_id, Enrollment.user_id, Attempt.purpose,
                  Attempt.module, Attempt.draw, Attempt.score, Attempt.passed)
        .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
        .where(*asking(version_id, item), Attempt.submitted_at >= (since or now - ANSWERS_KEPT))
        .order_by(Attempt.id)
        .limit(CHUNK)
    )  # fmt: skip
    if due is not None:
        counted = sa.exists().where(RegradeChange.attempt_id == Attempt.id, RegradeChange.regrade_id == due.id)
        query = query.where(~counted).with_for_update(of=Attempt, key_share=True, skip_locked=True)
    last, more = 0, True
    while more and (rows := session.execute(query.where(Attempt.id > last)).all()):
        last, more = rows[-1].id, len(rows) == CHUNK
        answers = _answers(session, [row.id for row in rows])
        found = [_graded(row, answers[row.id]) for row in rows]
        yield [one for one in found if item in one.asked]


def _graded(row: Any, answers: dict[str, list[str]]) -> Graded:
    return Graded(
        row.id, row.uuid, row.enrollment_id, row.user_id, row.purpose, row.module, [entry[0] for entry in row.draw],
        row.score, row.passed, answers,
    )  # fmt: skip


def _answers(session: Session, attempts: Collection[int]) -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = defaultdict(dict)
    query = sa.select(Answer.attempt_id, Answer.item, Answer.choice).where(Answer.attempt_id.in_(attempts))
    for attempt_id, item, choice in session.execute(query):
        found[attempt_id][item] = choice
    return found


def hold_enrollments(session: Session, enrollments: Collection[int]) -> None:
    """Holds these enrollments before their steps are touched, as everybody does who finishes a step."""
    held = sa.select(Enrollment.id).where(Enrollment.id.in_(enrollments)).order_by(Enrollment.id)
    session.execute(held.with_for_update(key_share=True))


def steps_of(session: Session, enrollments: Collection[int]) -> set[tuple[int, str]]:
    """The steps that are done in these enrollments."""
    query = sa.select(StepDone.enrollment_id, StepDone.step).where(StepDone.enrollment_id.in_(enrollments))
    return {(enrollment, step) for enrollment, step in session.execute(query)}


def certified(session: Session, enrollments: Collection[int]) -> int:
    """How many of these enrollments ended in a certificate that is valid."""
    total, ordered = 0, sorted(enrollments)
    for start in range(0, len(ordered), CHUNK):
        some = ordered[start : start + CHUNK]
        valid = sa.select(sa.func.count()).where(Certificate.enrollment_id.in_(some), Certificate.revoked_at.is_(None))
        total += session.scalar(valid) or 0
    return total


def unfinished(session: Session, version_id: int, item: str) -> int:
    """How many open attempts ask this question."""
    return _many(session, version_id, item, Attempt.submitted_at.is_(None))


def forgotten(session: Session, version_id: int, item: str, now: datetime) -> int:
    """How many attempts asked it so long ago that their answers are forgotten."""
    return _many(session, version_id, item, Attempt.submitted_at < now - ANSWERS_KEPT)


def _many(session: Session, version_id: int, item: str, *which: sa.ColumnElement[bool]) -> int:
    query = (
        sa.select(sa.func.count(Attempt.id))
        .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
        .where(*asking(version_id, item), *which)
    )
    return session.scalar(query) or 0


def past(session: Session, slug: str, regrade_id: int | None = None) -> list[Past]:
    """The regrades of a course, the newest first, with what they changed; or only this one."""
    before, after = aliased(CourseVersion), aliased(CourseVersion)
    columns: list[Any] = [Regrade.item, before.number, after.number, Regrade.mode, Regrade.why, Regrade.made_at,
                          User.name, Regrade.raised, Regrade.lowered, Regrade.passed]  # fmt: skip
    query = (
        sa.select(*columns)
        .join(before, before.id == Regrade.from_version_id)
        .join(after, after.id == Regrade.to_version_id)
        .outerjoin(User, User.id == Regrade.made_by)
        .where(before.slug == slug)
        .order_by(Regrade.id.desc())
        .limit(MOST_VERSIONS)
    )  # fmt: skip
    if regrade_id is not None:
        query = query.where(Regrade.id == regrade_id)
    return [Past(*row) for row in session.execute(query)]
