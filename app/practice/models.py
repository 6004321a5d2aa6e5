"""What people practise without being scored: Kilas Balik after a module, and sets until a module is mastered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

KEPT = sa.text("answers IS NOT NULL")


class Recall(Base):
    """One Kilas Balik of one module, answered: the first, second or third. The key allows each once."""

    __tablename__ = "recall"
    __table_args__ = (
        sa.CheckConstraint("number BETWEEN 1 AND 3", name="number"),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        # Those whose answers have had their time are found by this.
        sa.Index("ix_recall_done_at", "done_at", sqlite_where=KEPT, postgresql_where=KEPT),
    )

    enrollment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrollment.id", ondelete="CASCADE"), primary_key=True)
    module: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    draw: Mapped[list[Any]]  # as in quiz.models.Attempt
    # By question the answer, as in quiz.models.Answer.choice; forgotten after their time.
    answers: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    done_at: Mapped[datetime]
    score: Mapped[float]  # 0 to 100; told to the person, used for nothing else


class PracticeAnswer(Base):
    """One answer in a set: the last n of a set say whether the module is mastered (m of n right)."""

    __tablename__ = "practice_answer"
    __table_args__ = (
        sa.Index("ix_practice_answer_last", "enrollment_id", "module", "id"),
        sa.Index("ix_practice_answer_answered_at", "answered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(unique=True)  # the client's UUID of the act: answered once
    enrollment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrollment.id", ondelete="CASCADE"))
    module: Mapped[str]
    item: Mapped[str]
    choice: Mapped[list[Any]]
    correct: Mapped[bool]
    answered_at: Mapped[datetime]
