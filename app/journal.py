"""The append-only record of what happened; figures and the audit log read it.

An action adds its event in its own transaction, so an event exists exactly when the act does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import Base, rows, transaction_number

AUDIT_KEPT = timedelta(days=365)


class Event(Base):
    """One thing that happened. Until `forget_audit` takes what its time is over for, it never changes."""

    __tablename__ = "journal"
    __table_args__ = (
        sa.Index("ix_journal_tx_id", "tx", "id"),
        sa.Index("ix_journal_audit", "audit", "id"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    # On PostgreSQL a lower id can commit later than a higher one; the transaction's number tells the reader
    # how far it may read without stepping over a row that is still on its way.
    tx: Mapped[int] = mapped_column(sa.BigInteger, default=transaction_number())
    at: Mapped[datetime]
    kind: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(index=True)
    actor_id: Mapped[int | None]
    audit: Mapped[bool] = mapped_column(default=False)
    data: Mapped[dict[str, Any]]


_RECORDED = sa.insert(Event.__table__)  # type: ignore[arg-type]  # the table, not the class: no object is kept of it


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a reader has read."""

    tx: int = 0
    id: int = 0


def record(
    session: Session, kind: str, now: datetime, *, person: int | None = None, actor: int | None = None, **data: Any
) -> None:
    """Adds an event about a person to the transaction at hand."""
    rows(session, _RECORDED, told(kind, now, person, **data) | {"actor_id": actor})


def told(kind: str, now: datetime, person: int | None, **data: Any) -> dict[str, Any]:
    """An event about a person, to be recorded with others by `record_all`."""
    return {"kind": kind, "at": now, "person_id": person, "actor_id": None, "audit": False, "data": data}


def record_all(session: Session, events: Sequence[dict[str, Any]]) -> None:
    """Adds these events to the transaction at hand, in their order and in one statement."""
    if events:
        session.execute(sa.insert(Event), events)


def audit(
    session: Session, kind: str, now: datetime, *, actor: int | None, person: int | None = None, **data: Any
) -> None:
    """Adds an act of a person with power over others: who, what, to whom, when."""
    session.add(Event(kind=kind, at=now, person_id=person, actor_id=actor, data=data, audit=True))


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as a reader sees it."""

    tx: int
    id: int
    at: datetime
    kind: str
    person_id: int | None
    data: dict[str, Any]


def since(session: Session, cursor: Cursor, limit: int) -> list[Entry]:
    """The next events after the cursor, in an order that no later commit can change."""
    columns = (Event.tx, Event.id, Event.at, Event.kind, Event.person_id, Event.data)
    after = sa.tuple_(Event.tx, Event.id) > sa.tuple_(sa.literal(cursor.tx), sa.literal(cursor.id))
    query = sa.select(*columns).where(after).order_by(Event.tx, Event.id).limit(limit)
    if session.get_bind().dialect.name == "postgresql":
        query = query.where(Event.tx < sa.text("pg_snapshot_xmin(pg_current_snapshot())::text::bigint"))
    return [Entry(*row) for row in session.execute(query)]


def forget_audit(session: Session, now: datetime, counted: Mapping[str, Set[str]], limit: int) -> int:
    """Forgets acts over others after their time, at most `limit` of them; returns how many.

    Of a kind that is `counted`, the named facts stay, for the figures need them; who did it and why is forgotten.
    """
    old = sa.select(Event).where(Event.audit, Event.at < now - AUDIT_KEPT).order_by(Event.id).limit(limit)
    found = session.scalars(old).all()
    for event in found:
        if event.kind in counted:
            event.audit, event.actor_id = False, None
            event.data = {name: value for name, value in event.data.items() if name in counted[event.kind]}
    gone = [event.id for event in found if event.kind not in counted]
    session.execute(sa.delete(Event).where(Event.id.in_(gone)).execution_options(synchronize_session=False))
    return len(found)
