"""What the background work forgets when its time is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import LoginSession, Recovery
from app.accounts.rules import OWN_IDLE
from app.mail import Letter

KEPT = timedelta(days=90)
BATCH = 1_000  # rows a transaction: nobody who writes waits long for the one that forgets
Forgetter = Callable[[Session, datetime], int]
_forgetters: dict[str, Forgetter] = {}


def also(name: str, forgetter: Forgetter) -> None:
    """A slice adds what it forgets: `forgetter(session, now)` takes at most BATCH rows and returns how many.

    `name` is what the log calls them; registering a name again replaces it.
    """
    _forgetters[name] = forgetter


def forgetters() -> dict[str, Forgetter]:
    """Everything there is to forget, by its name in the log."""
    return dict(_forgetters)


def delete_some(session: Session, model: Any, *which: sa.ColumnElement[bool]) -> int:
    """Deletes the rows of which this is true, at most BATCH of them; returns how many."""
    mapper: Any = sa.inspect(model)
    key = sa.tuple_(*mapper.primary_key) if len(mapper.primary_key) > 1 else mapper.primary_key[0]
    some = sa.select(*mapper.primary_key).where(*which).limit(BATCH)
    gone: Any = session.execute(sa.delete(model).where(key.in_(some)).execution_options(synchronize_session=False))
    return int(gone.rowcount)


def devices(session: Session, now: datetime) -> int:
    """Devices that were signed out, ran out, or had lain unused for too long 90 days ago."""
    over = sa.or_(
        LoginSession.ended_at < now - KEPT,
        LoginSession.expires_at < now - KEPT,
        LoginSession.seen_at < now - KEPT - OWN_IDLE,
    )
    return delete_some(session, LoginSession, over)


def recovery_codes(session: Session, now: datetime) -> int:
    """Recovery codes that stopped working 90 days ago."""
    return delete_some(session, Recovery, Recovery.expires_at < now - KEPT)


def letters(session: Session, now: datetime) -> int:
    """Letters that were due 90 days ago, sent or not: they hold names and codes that work no more."""
    return delete_some(session, Letter, Letter.due_at < now - KEPT)


also("devices", devices)
also("recovery codes", recovery_codes)
also("letters", letters)
