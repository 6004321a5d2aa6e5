"""What is forgotten of quizzes and tests: answers after their time, everything of a person who leaves."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts import leaving, tidying
from app.enrollment.models import Enrollment
from app.quiz.models import Answer, Attempt, TimeAllowance
from app.quiz.rules import ANSWERS_KEPT


def answers(session: Session, now: datetime) -> int:
    """Answers of attempts submitted, or left open, 24 months ago; the attempts with their scores stay."""
    long_ago = now - ANSWERS_KEPT
    # Nothing is saved after submitting, so an old attempt has only old answers: those the index finds.
    still = sa.exists().where(Attempt.id == Answer.attempt_id, Attempt.submitted_at >= long_ago)
    return tidying.delete_some(session, Answer, Answer.saved_at < long_ago, ~still)


def leave(session: Session, user_id: int, now: datetime) -> None:
    """Erases attempts, answers and extra time of a person who leaves; the figures have counted them."""
    mine = sa.select(Enrollment.id).where(Enrollment.user_id == user_id)
    # Its answers go with an attempt (ON DELETE CASCADE). Who saves holds the attempt first as well, so nobody waits
    # for somebody who waits for them.
    erase = sa.delete(Attempt).where(Attempt.enrollment_id.in_(mine))
    session.execute(erase.execution_options(synchronize_session=False))
    extra = sa.delete(TimeAllowance).where(TimeAllowance.user_id == user_id)
    session.execute(extra.execution_options(synchronize_session=False))


def register() -> None:
    """Tells the background work and the act of leaving."""
    tidying.also("answers", answers)
    leaving.also(leave)
