"""What is forgotten of learning when a person leaves."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts import leaving
from app.enrollment.models import Enrollment, FormBalance, StepDone


def leave(session: Session, user_id: int, now: datetime) -> None:
    """Erases what a person who leaves has learned; the figures have counted it."""
    _make_room(session, user_id)
    mine = sa.select(Enrollment.id).where(Enrollment.user_id == user_id)
    for erase in (
        sa.delete(StepDone).where(StepDone.enrollment_id.in_(mine)),
        sa.delete(Enrollment).where(Enrollment.user_id == user_id),
    ):
        session.execute(erase.execution_options(synchronize_session=False))


def _make_room(session: Session, user_id: int) -> None:
    """Takes this person out of the balance of the forms, so that somebody else begins with theirs."""
    versions = sa.select(Enrollment.version_id).where(Enrollment.user_id == user_id)
    held = sa.select(FormBalance.version_id).where(FormBalance.version_id.in_(versions))
    # In one order, so that two who leave at the same moment do not wait for each other.
    session.execute(held.order_by(FormBalance.version_id).with_for_update())
    share = sa.select(sa.case((Enrollment.form == "A", 1), else_=-1)).where(
        Enrollment.user_id == user_id, Enrollment.version_id == FormBalance.version_id
    )
    session.execute(
        sa.update(FormBalance)
        .where(FormBalance.version_id.in_(versions))
        .values(ahead=FormBalance.ahead - share.scalar_subquery())
        .execution_options(synchronize_session=False)
    )


def register() -> None:
    """Tells the act of leaving."""
    leaving.also(leave)
