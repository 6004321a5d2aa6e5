"""Looking after items: what learners ask a person to look at again, and scores corrected after a key was wrong."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Appeal(Base):
    """A learner asks a person to review a result, or one question of it; asked once, answered once."""

    __tablename__ = "appeal"
    __table_args__ = (
        sa.UniqueConstraint("attempt_id", "item"),
        sa.CheckConstraint("verdict IN ('upheld', 'corrected')", name="verdict"),
        sa.CheckConstraint("(answered_at IS NULL) = (verdict IS NULL)", name="answered"),
        sa.Index("ix_appeal_open", "asked_at", sqlite_where=sa.text("answered_at IS NULL"),
                 postgresql_where=sa.text("answered_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(unique=True)  # the client's UUID of the act
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id", ondelete="CASCADE"))
    item: Mapped[str] = mapped_column(default="")  # "" asks about the whole result
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    verdict: Mapped[str | None]
    reply: Mapped[str | None]
    seen_at: Mapped[datetime | None]  # when the learner read the reply


class Regrade(Base):
    """Scores of one version counted anew with the key that a later version gives one question."""

    __tablename__ = "regrade"
    __table_args__ = (
        sa.CheckConstraint("mode IN ('raise', 'exact')", name="mode"),
        sa.Index("ix_regrade_item", "from_version_id", "item"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(unique=True)  # the client's UUID of the act: done once
    item: Mapped[str]
    from_version_id: Mapped[int] = mapped_column(sa.ForeignKey("course_version.id"))
    to_version_id: Mapped[int] = mapped_column(sa.ForeignKey("course_version.id"))
    mode: Mapped[str]
    why: Mapped[str]
    made_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]
    # How many attempts it changed so far: counting the changes each time would grow with them.
    raised: Mapped[int] = mapped_column(default=0)
    lowered: Mapped[int] = mapped_column(default=0)
    passed: Mapped[int] = mapped_column(default=0)


class RegradeChange(Base):
    """What a regrade changed for one attempt; the learner is told once."""

    __tablename__ = "regrade_change"

    regrade_id: Mapped[int] = mapped_column(sa.ForeignKey("regrade.id", ondelete="CASCADE"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(
        sa.ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    score_before: Mapped[float]
    score_after: Mapped[float]
    passed_before: Mapped[bool | None]
    passed_after: Mapped[bool | None]
    seen_at: Mapped[datetime | None]  # when the learner read about it
