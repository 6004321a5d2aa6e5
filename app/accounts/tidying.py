"""What the background work forgets when its time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import LoginSession, Recovery

KEPT = timedelta(days=90)


def forget_old(session: Session, now: datetime) -> None:
    """Removes devices and recovery codes that have not worked for 90 days."""
    session.execute(
        sa.delete(LoginSession).where(sa.or_(LoginSession.ended_at < now - KEPT, LoginSession.expires_at < now - KEPT))
    )
    session.execute(sa.delete(Recovery).where(Recovery.expires_at < now - KEPT))
