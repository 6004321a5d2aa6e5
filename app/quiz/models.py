"""Attempts at quizzes and tests, and the answers given in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.enrollment.models import Enrollment

OPEN = sa.text("submitted_at IS NULL")
DUE = sa.text("submitted_at IS NULL AND deadline_at IS NOT NULL")


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
        sa.CheckConstraint("purpose <> 'pre' OR number = 1", name="pre_once"),
        sa.CheckConstraint("deadline_at IS NULL OR deadline_at > started_at", name="deadline"),
        # Those that run out of time are found by this; most attempts have no deadline or are submitted.
        sa.Index("ix_attempt_due", "deadline_at", sqlite_where=DUE, postgresql_where=DUE),
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
    deadline_at: Mapped[datetime | None]  # with this person's extra time, without the grace
    timed_out: Mapped[bool] = mapped_column(default=False)  # submitted by the clock, not by the person

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


class TimeAllowance(Base):
    """Extra time for a person who needs it; why is between them and the desk, and not kept."""

    __tablename__ = "time_allowance"
    __table_args__ = (sa.CheckConstraint("extra_percent BETWEEN 1 AND 300", name="extra_percent"),)

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    extra_percent: Mapped[int]
    granted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    granted_at: Mapped[datetime]
