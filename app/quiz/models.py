"""Attempts at quizzes and tests, and the answers given in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.enrollment.models import Enrollment

OPEN = sa.text("submitted_at IS NULL")


class Attempt(Base):
    """One attempt: what was drawn, when it began, what came out. The database allows one open attempt a quiz."""

    __tablename__ = "attempt"
    __table_args__ = (
        sa.UniqueConstraint("enrollment_id", "purpose", "module", "number"),
        sa.Index(
            "uq_attempt_open",
            "enrollment_id",
            "purpose",
            "module",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        sa.CheckConstraint("purpose IN ('quiz', 'pre', 'post')", name="purpose"),
        sa.CheckConstraint("(purpose = 'quiz') = (module <> '')", name="module"),
        sa.CheckConstraint("(submitted_at IS NULL) = (score IS NULL)", name="score"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(unique=True)  # made by the client: the start is idempotent by it
    enrollment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrollment.id", ondelete="CASCADE"))
    purpose: Mapped[str]
    module: Mapped[str] = mapped_column(default="")
    number: Mapped[int]
    seed: Mapped[int]
    form: Mapped[str] = mapped_column(default="")
    draw: Mapped[list[Any]]  # [[item id, [option ids in the order shown]], …]
    started_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    score: Mapped[float | None]  # 0 to 100
    passed: Mapped[bool | None]

    enrollment: Mapped[Enrollment] = relationship(lazy="raise_on_sql")


class Answer(Base):
    """The answer to one item of one attempt; the newest revision stays."""

    __tablename__ = "answer"

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    choice: Mapped[list[Any]]  # option ids
    act: Mapped[str]  # the client's UUID of the act that saved it
    revision: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(index=True)
