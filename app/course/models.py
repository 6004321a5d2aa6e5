"""Published courses."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class CourseVersion(Base):
    """A published course, frozen: it never changes after insert.

    `files` are the texts it was published from; the other columns repeat what the catalogue shows and filters by.
    """

    __tablename__ = "course_version"
    __table_args__ = (sa.UniqueConstraint("slug", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    number: Mapped[int]
    files: Mapped[dict[str, str]] = mapped_column(deferred=True)
    code: Mapped[str]
    title: Mapped[str]
    short_title: Mapped[str]
    summary: Mapped[str]
    pillar: Mapped[str]
    level: Mapped[int]
    jp: Mapped[int]
    minutes: Mapped[int]
    kb: Mapped[int]
    modules: Mapped[int]
    words: Mapped[str]  # lower-case text for the catalogue's search
    checked_on: Mapped[date]
    published_at: Mapped[datetime]
    published_by: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
