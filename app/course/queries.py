"""Reading published courses."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from threading import Lock

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from app.course.content import examine
from app.course.models import CourseVersion
from app.course.rules import Filters, terms
from app.course.shapes import Course, Medium

# Versions in the memory of a process: more than people learn at a time, and a bound where years of versions are looked
# at. With all the pictures that it may hold one takes 2.4 MB.
MOST_KEPT = 200
_one_keeps = Lock()
# The newest number of each course.
_NEWEST = sa.select(CourseVersion.slug, sa.func.max(CourseVersion.number).label("number")).group_by(CourseVersion.slug)


@dataclass(frozen=True, slots=True)
class Published:
    """A parsed course and the version it is."""

    version: CourseVersion
    course: Course


def latest(session: Session, slug: str) -> CourseVersion | None:
    """The newest version of the course, without its texts; None when there is no such course."""
    query = sa.select(CourseVersion).where(CourseVersion.slug == slug).order_by(CourseVersion.number.desc()).limit(1)
    return session.scalar(query)


def numbered(session: Session, slug: str, number: int) -> CourseVersion | None:
    """This version of the course, without its texts."""
    return session.scalar(sa.select(CourseVersion).where(CourseVersion.slug == slug, CourseVersion.number == number))


def content(session: Session, version_id: int) -> Course:
    """What this version says. Read and parsed once a process, since a version never changes.

    Raises LookupError when there is no such version.
    """
    if (course := _kept().get(version_id)) is None:
        files = session.scalar(sa.select(CourseVersion.files).where(CourseVersion.id == version_id))
        if files is None:
            raise LookupError(f"no course version {version_id}")
        course = _parsed(version_id, files)
    return course


def contents(session: Session, version_ids: Collection[int]) -> dict[int, Course]:
    """What each of these versions says, in one statement however many are read for the first time."""
    kept = _kept()
    found = {version_id: course for version_id in version_ids if (course := kept.get(version_id)) is not None}
    if missing := [version_id for version_id in version_ids if version_id not in found]:
        query = sa.select(CourseVersion.id, CourseVersion.files).where(CourseVersion.id.in_(missing))
        for version_id, files in session.execute(query):
            found[version_id] = _parsed(version_id, files)
    return found


def _kept() -> dict[int, Course]:
    """The versions in memory, those read first in front."""
    kept: dict[int, Course] = current_app.extensions.setdefault("courses", {})
    return kept


def _parsed(version_id: int, files: dict[str, str]) -> Course:
    """The course in these texts, kept in place of the one read first once there are too many.

    A version that was published before the format grew stricter is still read as far as it goes.
    """
    course = examine(files).course
    kept = _kept()
    with _one_keeps:
        while len(kept) >= MOST_KEPT and version_id not in kept:
            del kept[next(iter(kept))]
        kept[version_id] = course
    return course


def medium(session: Session, slug: str, number: int, digest: str) -> Medium | None:
    """The picture of this digest in this version of a course."""
    query = sa.select(CourseVersion.id).where(CourseVersion.slug == slug, CourseVersion.number == number)
    version_id = session.scalar(query)
    return None if version_id is None else content(session, version_id).media.get(digest)


def texts(session: Session, version_id: int) -> dict[str, str]:
    """The texts this version was published from."""
    found = session.scalar(sa.select(CourseVersion.files).where(CourseVersion.id == version_id))
    return dict(found or {})


def catalogue(session: Session, filters: Filters) -> list[CourseVersion]:
    """The newest version of every course that fits the filters, by code."""
    newest = _NEWEST.subquery()
    query = (
        sa.select(CourseVersion)
        .join(newest, sa.and_(CourseVersion.slug == newest.c.slug, CourseVersion.number == newest.c.number))
        .order_by(CourseVersion.code)
    )
    if filters.pillar:
        query = query.where(CourseVersion.pillar == filters.pillar)
    if filters.levels:
        query = query.where(CourseVersion.level.between(*filters.levels))
    if filters.minutes:
        query = query.where(CourseVersion.minutes <= filters.minutes)
    if filters.kb:
        query = query.where(CourseVersion.kb <= filters.kb)
    for term in terms(filters.words):
        query = query.where(CourseVersion.words.contains(term, autoescape=True))
    return list(session.scalars(query))


def slugs(session: Session) -> list[str]:
    """Every course there is."""
    return list(session.scalars(sa.select(CourseVersion.slug).distinct().order_by(CourseVersion.slug)))
