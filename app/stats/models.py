"""Totals kept current from the journal, so that a page costs the same with ten people or a hundred thousand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Total(Base):
    """The figures of one cell: a period, a scope (all, a pillar, a course), and at most two dimensions."""

    __tablename__ = "stat_total"

    period: Mapped[str] = mapped_column(primary_key=True)  # "semua", "2026", "2026-Q4", "2026-11"
    scope: Mapped[str] = mapped_column(primary_key=True)  # "semua", "pilar:aman", "kursus:tolak-penipuan"
    breakdown: Mapped[str] = mapped_column(primary_key=True)  # "", "region", "gender", "age", "region+gender", …
    key: Mapped[str] = mapped_column(primary_key=True)  # value of the first dimension
    sub: Mapped[str] = mapped_column(primary_key=True)  # value of the second dimension
    registered: Mapped[int] = mapped_column(default=0)
    active: Mapped[int] = mapped_column(default=0)
    enrolled: Mapped[int] = mapped_column(default=0)
    learners: Mapped[int] = mapped_column(default=0)
    completed: Mapped[int] = mapped_column(default=0)
    tested: Mapped[int] = mapped_column(default=0)
    passed: Mapped[int] = mapped_column(default=0)
    jp: Mapped[int] = mapped_column(default=0)
    certificates: Mapped[int] = mapped_column(default=0)
    gain_pairs: Mapped[int] = mapped_column(default=0)
    gain_full: Mapped[int] = mapped_column(default=0)  # pairs whose pre-test was already 100: no normalised gain
    gain_norm_sum: Mapped[float] = mapped_column(sa.Double, default=0.0)
    gain_histogram: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {raw gain in points: pairs}


class Seen(Base):
    """Who was already counted once in a period and scope, for figures that count different people."""

    __tablename__ = "stat_seen"

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    period: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    active: Mapped[bool]
    learner: Mapped[bool]


class Reader(Base):
    """How far the figures have read the journal."""

    __tablename__ = "stat_reader"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tx: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    event_id: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    read_at: Mapped[datetime]
