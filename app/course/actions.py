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
    blocking = [problem for problem in problems_of(files) if problem.blocking]
    if blocking:
        raise NotPublishable(blocking)
    course = inspected(files).course
    for _ in range(5):
        version = _version(slug, _next_number(session, slug), course, files, now, by, note)
        try:
            with session.begin_nested():
                session.add(version)
        except IntegrityError:
            # Somebody else published this number in the meantime: ours is the next one.
            continue
        journal.audit(session, "course.published", now, actor=by, course=slug, version=version.number, note=note)
        return version
    raise Refused(N_("Kursus ini sedang diterbitkan orang lain. Coba lagi sebentar."))


def publish_if_new(
    session: Session, slug: str, files: Mapping[str, str], now: datetime, by: int | None = None
) -> CourseVersion | None:
    """Publishes when the newest version came from other texts; returns None when it did not."""
    newest = queries.latest(session, slug)
    if newest is not None and queries.texts(session, newest.id) == dict(files):
        return None
    return publish(session, slug, files, now, by)


def _next_number(session: Session, slug: str) -> int:
    highest = sa.select(sa.func.max(CourseVersion.number)).where(CourseVersion.slug == slug)
    return (session.scalar(highest) or 0) + 1


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
