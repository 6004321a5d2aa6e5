"""Papers that wait to be printed or signed, as rows: which can be made now, and why the others wait."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.certificate.models import Certificate, Edition

LATE = timedelta(minutes=30)  # five thousand papers have had their turn in this time, also beside pages


def open_papers() -> sa.Select[Any]:
    """The papers that somebody waits for, with nothing selected yet: of an edition that counts, and is not revoked.

    Nobody signs a name that was corrected meanwhile, or a certificate that was taken back.
    """
    counts = sa.and_(Edition.certificate_id == Certificate.id, Edition.version == Certificate.version)
    return (
        sa.select()
        .join_from(Edition, Certificate, counts)
        .where(Edition.pdf.is_(None), Certificate.revoked_at.is_(None))
    )


def due(session: Session, kinds: Collection[str], now: datetime, limit: int) -> list[tuple[int, str]]:
    """The editions of these signers whose turn it is, the oldest first, each with its signer."""
    query = (
        open_papers()
        .add_columns(Edition.id, Edition.signer)
        .where(Edition.signer.in_(kinds), sa.or_(Edition.next_try_at.is_(None), Edition.next_try_at <= now))
        .order_by(Edition.id)
        .limit(limit)
    )
    return [(edition_id, kind) for edition_id, kind in session.execute(query)]


def late(session: Session, kinds: Collection[str], now: datetime) -> int:
    """How many papers of these signers should have been looked at long ago: nobody seems to be at it."""
    since = sa.func.coalesce(Edition.next_try_at, Edition.made_at)
    query = open_papers().add_columns(sa.func.count()).where(Edition.signer.in_(kinds), since < now - LATE)
    return session.scalar(query) or 0


def kinds(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The signers that a machine can ask; an official without a service takes and brings papers as files."""
    return ("none", "pades", "external") if settings["SIGNER_URL"] else ("none", "pades")


@dataclass(frozen=True, slots=True)
class Group:
    """Papers that wait for the same reason; without a problem they wait for their turn, or for the official."""

    signer: str
    problem: str
    papers: int
    next_try_at: datetime | None


def groups(session: Session) -> list[Group]:
    """What waits, by signer and reason; what went wrong first."""
    query = (
        open_papers()
        .add_columns(Edition.signer, Edition.problem, sa.func.count(), sa.func.min(Edition.next_try_at))
        .group_by(Edition.signer, Edition.problem)
    )
    found = [Group(kind, problem or "", papers, again) for kind, problem, papers, again in session.execute(query)]
    return sorted(found, key=lambda group: (not group.problem, group.signer, group.problem))


def call_again(session: Session) -> None:
    """Makes due at once what was put off because something went wrong."""
    session.execute(
        sa.update(Edition).where(Edition.pdf.is_(None), Edition.problem.is_not(None)).values(next_try_at=None)
    )
