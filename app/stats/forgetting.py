"""What the figures let go of: the record of acts over others, when its time is over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app import journal
from app.accounts import tidying
from app.stats.counting import CERTIFICATES

# The only acts over others that are counted, with the facts by which they are.
COUNTED = {kind: frozenset({"course", "pillar", "version", "issued_at"}) for kind in CERTIFICATES}


def acts(session: Session, now: datetime) -> int:
    """Acts over others of more than 12 months ago; what the figures count stays without who and why."""
    return journal.forget_audit(session, now, COUNTED, tidying.BATCH)


def register() -> None:
    """Tells the background work."""
    tidying.also("audit log", acts)
