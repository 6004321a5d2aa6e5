"""Rows put straight into the tables, for tests that need a state rather than the way to it."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.course.models import CourseVersion
from tests.builders import NOON
from tests.builders_course import a_course_files

_numbers = count(1)


def a_version(db: Session, slug: str = "contoh", **more: Any) -> CourseVersion:
    """A published version of the small course, without passing through the act of publishing."""
    facts: dict[str, Any] = {
        "slug": slug, "number": next(_numbers), "files": a_course_files(), "code": "K99", "title": "Kursus Contoh",
        "short_title": "Contoh", "summary": "Ringkas.", "pillar": "aman", "level": 2, "jp": 2, "minutes": 90, "kb": 20,
        "modules": 2, "words": "kursus contoh", "checked_on": date(2026, 11, 23), "published_at": NOON,
    }  # fmt: skip
    version = CourseVersion(**facts | more)
    db.add(version)
    db.flush()
    return version
