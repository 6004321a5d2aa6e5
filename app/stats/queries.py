"""Reading the totals. A page costs two reads of them, whatever the number of residents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.course.models import CourseVersion
from app.course.shapes import PILLARS
from app.errors import N_
from app.stats.counting import ALL
from app.stats.models import Reader, Total
from app.stats.periods import ALL_TIME, day_of
from app.stats.rules import Figures, GainTotals, read_histogram

Place = tuple[str, str, str]  # breakdown, key, sub

PILLAR_NAMES = {
    "cakap": N_("Cakap digital"),
    "etika": N_("Etika digital"),
    "budaya": N_("Budaya digital"),
    "aman": N_("Aman digital"),
}

_COLUMNS = (
    Total.registered,
    Total.active,
    Total.enrolled,
    Total.learners,
    Total.completed,
    Total.tested,
    Total.passed,
    Total.jp,
    Total.certificates,
    Total.gain_histogram,
    Total.gain_norm_sum,
    Total.gain_pairs,
    Total.gain_full,
)


_COUNTS = tuple(column.key for column in _COLUMNS[:9])


@dataclass(frozen=True, slots=True)
class Named:
    """A course that can be chosen: its slug, code, title and pillar."""

    slug: str
    code: str
    title: str
    pillar: str


def _figures(row: Sequence[Any]) -> Figures:
    *counts, histogram, norm_sum, pairs, full = row[-len(_COLUMNS) :]
    gains = GainTotals(read_histogram(histogram), norm_sum, pairs - full)
    named = dict(zip(_COUNTS, counts, strict=True))
    return Figures(**named, gains=gains)


def figures(session: Session, period: str, scope: str, breakdowns: tuple[str, ...]) -> dict[Place, Figures]:
    """The figures of a period and scope, by the breakdowns asked for ("" is the total)."""
    query = sa.select(Total.breakdown, Total.key, Total.sub, *_COLUMNS).where(
        Total.period == period, Total.scope == scope, Total.breakdown.in_(breakdowns)
    )
    return {(row[0], row[1], row[2]): _figures(row) for row in session.execute(query)}


def by_scope(session: Session, period: str) -> dict[str, Figures]:
    """The totals of a period for everything, each pillar and each course."""
    query = sa.select(Total.scope, *_COLUMNS).where(
        Total.period == period, Total.breakdown == "", Total.key == "", Total.sub == ""
    )
    return {row[0]: _figures(row) for row in session.execute(query)}


def courses(session: Session) -> list[Named]:
    """Every course by code, as its newest version calls it."""
    newest = sa.select(sa.func.max(CourseVersion.id)).group_by(CourseVersion.slug)
    query = (
        sa.select(CourseVersion.slug, CourseVersion.code, CourseVersion.title, CourseVersion.pillar)
        .where(CourseVersion.id.in_(newest))
        .order_by(CourseVersion.code)
    )
    return [Named(*row) for row in session.execute(query)]


def scope_names(named: list[Named]) -> dict[str, str]:
    """What each scope is called, in the order of the menu; all but the titles of courses are still to be translated."""
    names = {ALL: N_("Semua kursus")} | {f"pilar:{pillar}": PILLAR_NAMES[pillar] for pillar in PILLARS}
    return names | {f"kursus:{course.slug}": f"{course.code} {course.title}".strip() for course in named}


def by_pillar(named: list[Named]) -> dict[str, tuple[str, ...]]:
    """The courses of each pillar that has any, as scopes."""
    found: dict[str, tuple[str, ...]] = {}
    for course in named:
        pillar = f"pilar:{course.pillar}"
        found[pillar] = (*found.get(pillar, ()), f"kursus:{course.slug}")
    return found


def read_at(session: Session) -> datetime | None:
    """When the figures last took in something new; None before the first event."""
    return session.scalar(sa.select(Reader.read_at))


def first_day(session: Session, today: date) -> date:
    """The first month that has figures, as its first day; today when there are none."""
    query = sa.select(sa.func.min(Total.period)).where(
        Total.scope == ALL,
        Total.breakdown == "",
        Total.period != ALL_TIME,
        sa.func.length(Total.period) == 7,
        Total.period.not_like("%Q%"),
    )
    found = session.scalar(query)
    return date(int(found[:4]), int(found[5:]), 1) if found else today


def today(now: datetime) -> date:
    """The report day of this moment, in Bontang."""
    return day_of(now)
