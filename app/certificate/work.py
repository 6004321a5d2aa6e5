"""Papers that are due: proved, printed, signed and kept, each in a small transaction of its own.

What is due is a row (an edition without a paper), so a killed process loses nothing, and of two processes that make
the same paper the first one to write it wins. Only who makes papers loads this, for signing is heavy.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.certificate import external, making, waiting
from app.certificate.away import SignerAway
from app.certificate.models import Edition
from app.certificate.signing import CertificateSigner, signer
from app.db import apart

log = logging.getLogger(__name__)
AT_A_TIME = 50


def do_due(engine: sa.Engine, settings: Mapping[str, Any], now: datetime, limit: int = AT_A_TIME) -> int:
    """Makes, or puts off, papers whose turn it is; returns how many were looked at, 0 when nothing is due."""
    alone = [kind for kind in waiting.kinds(settings) if kind != "external"]
    with Session(engine) as session:
        found = waiting.due(session, alone, now, limit)
    signers: dict[str, CertificateSigner] = {}
    away: set[str] = set()
    for edition_id, kind in found:
        if kind in away:
            continue
        try:
            if kind not in signers:
                signers[kind] = signer(kind, settings, now)
            _make(engine, edition_id, signers[kind], settings, now)
        except SignerAway as reason:
            # One alarm for all that wait for the same signer; none of them is given out unsigned.
            away.add(kind)
            _all_wait(engine, kind, reason, now)
        except Exception as error:
            # One that cannot be made keeps no other from its turn; it is tried again, less and less often.
            log.exception("no paper for edition %s", edition_id)
            with apart(engine) as session:
                making.put_off(session, edition_id, making.failed(error), now)
    handled = len(found)
    if "external" in waiting.kinds(settings):
        try:
            handled += external.exchange(engine, settings, now, limit)
        except SignerAway as reason:
            _all_wait(engine, "external", reason, now)
        except Exception as error:
            # Whatever a service makes us stumble over, papers that need it not have their turn.
            log.exception("nothing exchanged with the service that signs")
            _all_wait(engine, "external", SignerAway(making.failed(error)), now)
    return handled


def _make(
    engine: sa.Engine, edition_id: int, hand: CertificateSigner, settings: Mapping[str, Any], now: datetime
) -> None:
    paper = making.unsigned(engine, edition_id, settings)
    if paper is None:
        return
    signed = hand.sign(paper)
    with apart(engine) as session:
        making.keep(session, edition_id, signed, now)


def _all_wait(engine: sa.Engine, kind: str, reason: SignerAway, now: datetime) -> None:
    """Puts off everything that is due at this signer, with an alarm unless papers wait for the same reason already.

    The rows remember it, since children that make papers come and go while a key stays away.
    """
    told = making.noted(str(reason))  # words of a service may be in it
    with apart(engine) as session:
        same = waiting.open_papers().add_columns(Edition.id)
        known = session.scalar(same.where(Edition.signer == kind, Edition.problem == told).limit(1))
        due = sa.or_(Edition.next_try_at.is_(None), Edition.next_try_at <= now)
        mine = waiting.open_papers().add_columns(Edition.id).where(Edition.signer == kind, due)
        done = session.execute(
            sa.update(Edition)
            .where(Edition.id.in_(mine))
            .values(problem=told, tries=Edition.tries + 1, next_try_at=now + reason.wait)
        )
        papers = done.rowcount  # type: ignore[attr-defined]  # of an UPDATE
    if known is None:
        log.error("%s papers wait for their signature (%s): %s", papers, kind, told)
