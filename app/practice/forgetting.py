"""What is forgotten of practising: answers after their time, everything of a person who leaves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts import leaving, tidying
from app.enrollment.models import Enrollment
from app.practice.models import PracticeAnswer, Recall
from app.quiz.rules import ANSWERS_KEPT


def practice_answers(session: Session, now: datetime) -> int:
    """Answers in sets of 24 months ago."""
    return tidying.delete_some(session, PracticeAnswer, PracticeAnswer.answered_at < now - ANSWERS_KEPT)


def recall_answers(session: Session, now: datetime) -> int:
    """Answers of each Kilas Balik of 24 months ago; that it was done stays, or it would wait once more."""
    key = (Recall.enrollment_id, Recall.module, Recall.number)
    old = sa.select(*key).where(Recall.done_at < now - ANSWERS_KEPT, Recall.answers.is_not(None)).limit(tidying.BATCH)
    forget = sa.update(Recall).where(sa.tuple_(*key).in_(old)).values(answers=sa.null())
    gone: Any = session.execute(forget.execution_options(synchronize_session=False))
    return int(gone.rowcount)


def leave(session: Session, user_id: int, now: datetime) -> None:
    """Erases what a person who leaves has practised."""
    mine = sa.select(Enrollment.id).where(Enrollment.user_id == user_id)
    for erase in (
        sa.delete(Recall).where(Recall.enrollment_id.in_(mine)),
        sa.delete(PracticeAnswer).where(PracticeAnswer.enrollment_id.in_(mine)),
    ):
        session.execute(erase.execution_options(synchronize_session=False))


def register() -> None:
    """Tells the background work and the act of leaving."""
    tidying.also("practice answers", practice_answers)
    tidying.also("recall answers", recall_answers)
    leaving.also(leave)
