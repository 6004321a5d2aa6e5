"""Publishing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import journal
from app.course import queries
from app.course.inspection import inspected
from app.course.models import CourseVersion
from app.course.rules import folded
from app.course.shapes import Course, Problem
from app.course.texts import is_slug
from app.errors import N_, Refused


class NotPublishable(Refused):
    """The course has problems; it names all of them, and nothing was published."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(N_("Kursus ini belum dapat terbit. Perbaiki %(count)s masalah dahulu."), count=len(problems))
        self.problems = problems


def problems_of(files: Mapping[str, str]) -> list[Problem]:
    """Every problem and every advice about these texts, blocking ones first, then by file and line."""
    found = inspected(files)
    return sorted(found.unread or found.remarks, key=lambda problem: (not problem.blocking, problem.file, problem.line))


def publish(
    session: Session, slug: str, files: Mapping[str, str], now: datetime, by: int | None = None, note: str = ""
) -> CourseVersion:
    """Publishes the next version of the course from these texts.

    Raises NotPublishable with every blocking problem. Two people who publish at once get two numbers.
    """
    made = _publish(session, slug, files, now, by, note, again=True)
    assert made is not None, "publishing again is always new"
    return made


def publish_if_new(
    session: Session, slug: str, files: Mapping[str, str], now: datetime, by: int | None = None, note: str = ""
) -> CourseVersion | None:
    """Publishes when the newest version came from other texts; returns None when it did not."""
    return _publish(session, slug, files, now, by, note, again=False)


def _publish(
    session: Session, slug: str, files: Mapping[str, str], now: datetime, by: int | None, note: str, *, again: bool
) -> CourseVersion | None:
    if not is_slug(slug):
        message = N_("“%(slug)s” tidak dapat menjadi alamat kursus. Pakai huruf kecil, angka, dan tanda hubung.")
        raise Refused(message, slug=slug)
    for _ in range(5):
        _stand_in_line(session, slug)
        newest = queries.latest(session, slug)
        if newest is not None and not again and queries.texts(session, newest.id) == dict(files):
            return None
        course = _publishable(files)
        version = _version(slug, newest.number + 1 if newest else 1, course, files, now, by, note)
        try:
            with session.begin_nested():
                session.add(version)
        except IntegrityError:
            # Somebody else published the first version in the meantime: from now on there is a line to stand in.
            continue
        journal.audit(session, "course.published", now, actor=by, course=slug, version=version.number, note=note)
        return version
    raise Refused(N_("Kursus ini sedang diterbitkan orang lain. Coba lagi sebentar."))


def _publishable(files: Mapping[str, str]) -> Course:
    blocking = [problem for problem in problems_of(files) if problem.blocking]
    if blocking:
        raise NotPublishable(blocking)
    return inspected(files).course


def _stand_in_line(session: Session, slug: str) -> None:
    """Those who publish the same course go one after the other (PostgreSQL; SQLite has one writer anyway)."""
    first = sa.select(CourseVersion.id).where(CourseVersion.slug == slug).order_by(CourseVersion.number).limit(1)
    session.execute(first.with_for_update())


def _version(
    slug: str, number: int, course: Course, files: Mapping[str, str], now: datetime, by: int | None, note: str
) -> CourseVersion:
    found_by = [course.code, course.title, course.summary, course.lead]
    for module in course.modules:
        found_by += [module.title, *module.objectives, *(lesson.title for lesson in module.lessons)]
    return CourseVersion(
        slug=slug,
        number=number,
        files=dict(files),
        code=course.code,
        title=course.title,
        short_title=course.short_title,
        summary=course.summary,
        pillar=course.pillar,
        level=course.level,
        jp=course.jp,
        minutes=course.minutes,
        kb=course.kb,
        modules=len(course.modules),
        words=folded(" ".join(found_by)),
        checked_on=course.checked_on,
        published_at=now,
        published_by=by,
        note=note,
    )
