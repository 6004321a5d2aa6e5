"""Papers that are due: proved, printed, signed, and kept, each in a small transaction of its own.

What is due is a row (an edition without a paper), so a killed process loses nothing, and of two processes that make
the same paper the first one to write it wins.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.certificate import editions
from app.certificate.models import Certificate, Edition
from app.certificate.signing import CertificateSigner, SignerAway, signer
from app.db import apart

log = logging.getLogger(__name__)
AT_A_TIME = 50
AGAIN = timedelta(minutes=5)  # until nobody to sign is asked again
_LONGEST = timedelta(hours=6)
_ALONE = ("none", "pades")  # signers of single papers; others take batches


@dataclass(frozen=True, slots=True)
class Waiting:
    """Papers that are not there yet: how many, how many of them with a problem, and the first problem."""

    papers: int
    troubled: int
    problem: str


def waiting(session: Session) -> Waiting:
    """What is due, for whoever watches over it."""
    there = Edition.pdf.is_(None)
    papers, troubled = session.execute(sa.select(sa.func.count(), sa.func.count(Edition.problem)).where(there)).one()
    first = sa.select(Edition.problem).where(there, Edition.problem.is_not(None)).order_by(Edition.id).limit(1)
    return Waiting(papers, troubled, session.scalar(first) or "")


def due(session: Session, now: datetime, limit: int = AT_A_TIME) -> list[tuple[int, str]]:
    """The editions whose paper can be made now, the oldest first, each with its signer."""
    query = (
        sa.select(Edition.id, Edition.signer)
        .where(Edition.pdf.is_(None), Edition.signer.in_(_ALONE))
        .where(sa.or_(Edition.next_try_at.is_(None), Edition.next_try_at <= now))
        .order_by(Edition.id)
        .limit(limit)
    )
    return [(edition_id, kind) for edition_id, kind in session.execute(query)]


class Maker:
    """Makes papers; keeps its signers, and with them their keys, for as long as it lives."""

    def __init__(self, engine: sa.Engine, settings: Mapping[str, Any]) -> None:
        self._engine, self._settings = engine, settings
        self._signers: dict[str, CertificateSigner] = {}

    def do_due(self, now: datetime) -> int:
        """Makes some of the papers that are due; returns how many there are more than before."""
        made = 0
        away: set[str] = set()
        with Session(self._engine) as session:
            found = due(session, now)
        for edition_id, kind in found:
            if kind in away:
                continue
            try:
                made += self._make(edition_id, kind, now)
            except SignerAway as reason:
                # One alarm for all that wait for the same signer; none of them is given out unsigned.
                log.error("papers wait for their signature: %s", reason)
                away.add(kind)
                self._signers.pop(kind, None)
                self._defer(Edition.signer == kind, str(reason), now, AGAIN)
            except Exception as error:
                # One that cannot be made keeps no other from its turn; it is tried again, less and less often.
                log.exception("no paper for edition %s", edition_id)
                self._defer(Edition.id == edition_id, f"{type(error).__name__}: {error}", now, None)
        return made

    def _make(self, edition_id: int, kind: str, now: datetime) -> int:
        with apart(self._engine) as session:
            edition = session.get_one(Edition, edition_id)
            certificate = session.get_one(Certificate, edition.certificate_id)
            if not edition.proof:
                editions.prove(certificate, edition, self._settings)
        with Session(self._engine) as session:
            paper = editions.printed(session, certificate, edition, self._settings)
        signed = self._signer(kind).sign(paper)
        # Of two that made it, the first stays.
        with apart(self._engine) as session:
            kept = session.execute(
                sa.update(Edition)
                .where(Edition.id == edition_id, Edition.pdf.is_(None))
                .values(
                    pdf=signed, digest=hashlib.sha256(signed).hexdigest(), finished_at=now, problem=None,
                    next_try_at=None,
                )
            )  # fmt: skip
            return int(kept.rowcount)  # type: ignore[attr-defined]  # of an UPDATE

    def _signer(self, kind: str) -> CertificateSigner:
        if kind not in self._signers:
            self._signers[kind] = signer(kind, self._settings)
        return self._signers[kind]

    def _defer(self, which: sa.ColumnElement[bool], problem: str, now: datetime, by: timedelta | None) -> None:
        with apart(self._engine) as session:
            if by is None:
                tries = session.scalar(sa.select(Edition.tries).where(which)) or 0
                by = min(AGAIN * 2**tries, _LONGEST)
            session.execute(
                sa.update(Edition)
                .where(which, Edition.pdf.is_(None))
                .values(problem=problem[:500], tries=Edition.tries + 1, next_try_at=now + by)
            )
