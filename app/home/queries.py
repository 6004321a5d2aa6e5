"""What the front page shows of the catalogue."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.course import queries as course
from app.course.models import CourseVersion
from app.course.rules import Filters

_FRONT = 4


def front_courses(session: Session) -> list[CourseVersion]:
    """The first few courses, as the front page offers them."""
    return course.catalogue(session, Filters())[:_FRONT]
