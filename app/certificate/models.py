"""Certificates: the facts of a paper, copied at issue."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.enrollment import models as _enrollment  # noqa: F401 (the foreign key below needs its table)


class Certificate(Base):
    """A certificate. Its facts never change; revoking adds when, why and by whom."""

    __tablename__ = "certificate"
    __table_args__ = (
        sa.UniqueConstraint("year", "sequence"),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_because IS NULL)", name="revoked"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrollment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enrollment.id", ondelete="SET NULL"), unique=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    year: Mapped[int]
    sequence: Mapped[int]
    number: Mapped[str] = mapped_column(unique=True)
    issued_at: Mapped[datetime]
    issued_on: Mapped[date]
    holder: Mapped[str]
    course_code: Mapped[str]
    course_title: Mapped[str]
    jp: Mapped[int]
    grade: Mapped[str]
    facts: Mapped[dict[str, Any]]  # everything else that stands on the paper
    revoked_at: Mapped[datetime | None]
    revoked_because: Mapped[str | None]
    revoked_by: Mapped[int | None]


class NumberCounter(Base):
    """The last running number of a year."""

    __tablename__ = "certificate_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
