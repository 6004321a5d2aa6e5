"""The steps of one paper that waits: printed with what proves it, kept once it is finished, put off when it fails."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.certificate import editions, waiting
from app.certificate.models import Certificate, Edition
from app.db import apart

log = logging.getLogger(__name__)
AGAIN = timedelta(minutes=5)  # until the second try; each next one waits twice as long
_LONGEST = timedelta(hours=6)
_LONGEST_NOTE = 300


def unsigned(engine: sa.Engine, edition_id: int, settings: Mapping[str, Any]) -> bytes | None:
    """The paper before anybody signs it, the same each time; None when nobody waits for it any more."""
    wanted = waiting.open_papers().add_columns(Certificate, Edition).where(Edition.id == edition_id)
    with Session(engine) as session:
        found = session.execute(wanted).first()
        if found is not None and found[1].proof:
            return editions.printed(session, found[0], found[1], settings)
    if found is None:
        return None
    # Papers of before this version have no proof yet. Of two who make it, the second takes that of the first.
    with apart(engine) as session:
        edition = session.scalar(sa.select(Edition).where(Edition.id == edition_id).with_for_update())
        if edition is not None and not edition.proof:
            editions.prove(session.get_one(Certificate, edition.certificate_id), edition, settings)
    return unsigned(engine, edition_id, settings)


def unsigned_or_put_off(engine: sa.Engine, edition_id: int, settings: Mapping[str, Any], now: datetime) -> bytes | None:
    """The paper before anybody signs it; one that cannot be printed is put off, and keeps no other from its way."""
    try:
        return unsigned(engine, edition_id, settings)
    except Exception as error:
        # Whatever it is, it is noted, and the others go their way.
        log.exception("no paper for edition %s", edition_id)
        with apart(engine) as session:
            put_off(session, edition_id, failed(error), now)
        return None


def keep(session: Session, edition_id: int, paper: bytes, now: datetime) -> bool:
    """Keeps the finished paper, unless another one was finished first or nobody waits for it; whether it was kept."""
    waits = waiting.open_papers().add_columns(Edition).where(Edition.id == edition_id, Edition.digest.is_(None))
    edition: Edition | None = session.scalar(waits.with_for_update(of=Edition))
    if edition is None:
        return False
    editions.finish(edition, paper, now)
    return True


def failed(error: Exception) -> str:
    """What is noted of an error that nobody expected; the log has all of it."""
    return noted(f"Gagal: {type(error).__name__} {error}")


def noted(problem: str) -> str:
    """A problem as it is kept with the paper."""
    return readable(problem)[:_LONGEST_NOTE]


def readable(words: str) -> str:
    """Words of others as every database and page can take them."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in words)


def put_off(session: Session, edition_id: int, problem: str, now: datetime, *, in_batch: bool = False) -> None:
    """Notes why there is no paper yet; it is tried again, less and less often, and in another batch or in its own."""
    edition = session.scalar(sa.select(Edition).where(Edition.id == edition_id).with_for_update())
    if edition is None or edition.digest is not None:
        return
    edition.next_try_at = now + min(AGAIN * 2 ** min(edition.tries, 10), _LONGEST)
    edition.problem, edition.tries = noted(problem), edition.tries + 1
    if not in_batch:
        edition.batch = None
