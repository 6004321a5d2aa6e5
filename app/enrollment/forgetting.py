"""What is forgotten of learning when a person leaves."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts import leaving
from app.enrollment.models import Enrollment, StepDone


def leave(session: Session, user_id: int, now: datetime) -> None:
    """Erases what a person who leaves has learned; the figures have counted it."""
    mine = sa.select(Enrollment.id).where(Enrollment.user_id == user_id)
    for erase in (
        sa.delete(StepDone).where(StepDone.enrollment_id.in_(mine)),
        sa.delete(Enrollment).where(Enrollment.user_id == user_id),
    ):
        session.execute(erase.execution_options(synchronize_session=False))


def register() -> None:
    """Tells the act of leaving."""
    leaving.also(leave)
