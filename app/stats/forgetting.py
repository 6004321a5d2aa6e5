"""What the figures let go of: the record of acts over others, when its time is over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app import journal
from app.accounts import tidying

# The only act over others that is counted, with the facts by which it is.
COUNTED = {"certificate.revoked": frozenset({"course", "pillar", "version", "issued_at"})}


def acts(session: Session, now: datetime) -> int:
    """Acts over others of more than 12 months ago; what the figures count stays without who and why."""
    return journal.forget_audit(session, now, COUNTED, tidying.BATCH)


def register() -> None:
    """Tells the background work."""
    tidying.also("audit log", acts)
