"""Reads of the desk: people by name, and what those with power did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.accounts import queries as accounts
from app.accounts.models import User
from app.desk import rules
from app.journal import Event


@dataclass(frozen=True, slots=True)
class Deed:
    """One act of a person with power over others, with names as they are today."""

    id: int
    at: datetime
    kind: str
    actor_id: int | None
    actor: str | None
    person_id: int | None
    person: str | None
    open: bool  # whether the person's page can still be opened
    data: dict[str, Any]


def _matching(text: str) -> list[sa.ColumnElement[bool]]:
    """People whose name holds the text, or who sign in with it or with something that begins so."""
    there: list[sa.ColumnElement[bool]] = [User.deleted_at.is_(None)]
    return [*there, accounts.matching(text)] if text.split() else there


def count(session: Session, text: str) -> int:
    """How many people match."""
    return session.scalar(sa.select(sa.func.count()).select_from(User).where(*_matching(text))) or 0


def people(session: Session, text: str, page: int) -> Sequence[User]:
    """One page of the people who match, by name."""
    return session.scalars(
        sa.select(User)
        .where(*_matching(text))
        .order_by(User.search, User.id)
        .limit(rules.PAGE)
        .offset((page - 1) * rules.PAGE)
    ).all()


def deeds(session: Session, kind: str | None, before: int | None) -> list[Deed]:
    """The newest acts before that event, one more than a page to know whether the log goes on."""
    actor, person = aliased(User), aliased(User)
    query = (
        sa.select(Event, actor.name, person.name, person.deleted_at)
        .outerjoin(actor, actor.id == Event.actor_id)
        .outerjoin(person, person.id == Event.person_id)
        .where(Event.audit)
        .order_by(Event.id.desc())
        .limit(rules.PAGE + 1)
    )
    if kind is not None:
        query = query.where(Event.kind == kind)
    if before is not None:
        query = query.where(Event.id < before)
    return [
        Deed(
            id=event.id,
            at=event.at,
            kind=event.kind,
            actor_id=event.actor_id,
            actor=by,
            person_id=event.person_id,
            person=whom,
            open=whom is not None and left is None,
            data=event.data,
        )
        for event, by, whom, left in session.execute(query)
    ]
