"""Reading what a resident learns and how far they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.course.models import CourseVersion
from app.db import rows
from app.enrollment.models import Enrollment, StepDone
from app.enrollment.rules import Progress


@dataclass(frozen=True, slots=True)
class Learning:
    """One resident in one version of one course, with their progress."""

    id: int
    user_id: int
    version_id: int
    slug: str
    number: int
    pillar: str
    form: str
    started_at: datetime
    touched_at: datetime
    completed_at: datetime | None
    progress: Progress

    @property
    def facts(self) -> dict[str, Any]:
        """What every event of the journal names."""
        return {"course": self.slug, "pillar": self.pillar, "version": self.number}


# Built once: putting a statement together costs more than sending it.
_LEARNING = (
    sa.select(
        Enrollment.id,
        Enrollment.user_id,
        Enrollment.version_id,
        CourseVersion.slug,
        CourseVersion.number,
        CourseVersion.pillar,
        Enrollment.form,
        Enrollment.started_at,
        Enrollment.touched_at,
        Enrollment.completed_at,
        Enrollment.at_step,
        StepDone.step,
        StepDone.score,
    )
    .select_from(Enrollment)
    .join(CourseVersion, CourseVersion.id == Enrollment.version_id)
    .outerjoin(StepDone, StepDone.enrollment_id == Enrollment.id)
    .order_by(Enrollment.id)
)
_MINE = _LEARNING.where(Enrollment.user_id == sa.bindparam("user_id"))
_IN_COURSE = _MINE.where(CourseVersion.slug == sa.bindparam("slug"))
_BY_ID = _LEARNING.where(Enrollment.id == sa.bindparam("id"))


def of(session: Session, user_id: int, slug: str) -> Learning | None:
    """This resident in this course, whichever version they began with."""
    return next(_gathered(rows(session, _IN_COURSE, {"user_id": user_id, "slug": slug})), None)


def by_id(session: Session, enrollment_id: int) -> Learning | None:
    """The enrollment of this number, for actions that already know whose it is."""
    return next(_gathered(rows(session, _BY_ID, {"id": enrollment_id})), None)


def by_ids(session: Session, enrollment_ids: Collection[int]) -> list[Learning]:
    """The enrollments of these numbers, in order."""
    return list(_gathered(session.execute(_LEARNING.where(Enrollment.id.in_(enrollment_ids)))))


def mine(session: Session, user_id: int) -> list[Learning]:
    """Everything this resident learns, what they touched last first."""
    found = _gathered(rows(session, _MINE, {"user_id": user_id}))
    return sorted(found, key=lambda learning: (learning.touched_at, learning.id), reverse=True)


def _gathered(rows: Iterable[Any]) -> Iterator[Learning]:
    """One `Learning` for each enrollment in rows of enrollment and step."""
    for _, group in groupby(rows, key=lambda row: row.id):
        together = list(group)
        first = together[0]
        yield Learning(
            id=first.id,
            user_id=first.user_id,
            version_id=first.version_id,
            slug=first.slug,
            number=first.number,
            pillar=first.pillar,
            form=first.form,
            started_at=first.started_at,
            touched_at=first.touched_at,
            completed_at=first.completed_at,
            progress=Progress({row.step: row.score for row in together if row.step is not None}, first.at_step),
        )


def steps_done(session: Session, user_id: int) -> Sequence[Any]:
    """Every step this person did: course, version, step, score, moment."""
    query = (
        sa.select(CourseVersion.slug, CourseVersion.number, StepDone.step, StepDone.score, StepDone.done_at)
        .join(Enrollment, Enrollment.id == StepDone.enrollment_id)
        .join(CourseVersion, CourseVersion.id == Enrollment.version_id)
        .where(Enrollment.user_id == user_id)
        .order_by(StepDone.done_at, StepDone.step)
    )
    return session.execute(query).all()
