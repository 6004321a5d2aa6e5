"""Extra time for people who need it, granted and taken at the desk; why is not kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app import journal
from app.accounts import staff
from app.quiz import queries
from app.quiz.models import TimeAllowance


def grant(session: Session, user_id: int, percent: int, actor: int | None, now: datetime) -> None:
    """Grants a person this much extra time from their next attempt on; the same again changes nothing."""
    staff.allowed(session, actor)
    staff.held(session, user_id)
    found = queries.allowance(session, user_id)
    if found is not None and found.extra_percent == percent:
        return
    if found is None:
        found = TimeAllowance(user_id=user_id)
        session.add(found)
    found.extra_percent, found.granted_by, found.granted_at = percent, actor, now
    journal.audit(session, "time.granted", now, actor=actor, person=user_id, percent=percent)


def take(session: Session, user_id: int, actor: int | None, now: datetime) -> None:
    """Takes the extra time away from the next attempt on; taking what is not there changes nothing."""
    staff.allowed(session, actor)
    staff.held(session, user_id)
    found = queries.allowance(session, user_id)
    if found is None:
        return
    session.delete(found)
    journal.audit(session, "time.taken", now, actor=actor, person=user_id)
