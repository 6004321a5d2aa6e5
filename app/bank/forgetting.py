"""What is forgotten of appeals after its time. Of a person who leaves they go with the attempts (ON DELETE CASCADE)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import tidying
from app.bank.models import Appeal
from app.quiz.rules import ANSWERS_KEPT


def appeals(session: Session, now: datetime) -> int:
    """Appeals of 24 months ago: what they were about is forgotten as well."""
    return tidying.delete_some(session, Appeal, Appeal.asked_at < now - ANSWERS_KEPT)


def register() -> None:
    """Tells the background work."""
    tidying.also("appeals", appeals)
