"""Signed papers that come back from an official: what counts, and the record of who signed what was accepted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app import journal
from app.certificate import limited, making
from app.certificate.away import SignerAway
from app.certificate.revisions import Changed
from app.certificate.validation import Invalid, Unexamined
from app.db import apart

MOST_PAPER = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Accepted:
    """A signed paper that counts: of which edition, what it is called on its way, and the subject of who signed it."""

    edition: int
    name: str
    paper: bytes
    subject: str


def judged(
    judge: limited.Judge, wanted: Collection[str], unsigned: bytes, signed: bytes, now: datetime
) -> tuple[str, str]:
    """Who signed a file that came back, and why it does not count; the second is empty when it does.

    Without anybody wanted, everybody counts who has a certificate under SIGNER_CHAIN. Raises SignerAway.
    """
    if signed == unsigned:
        return "", "belum ditandatangani"
    if not signed.startswith(unsigned):
        return "", "isinya bukan berkas yang dikirim"
    if len(signed) > MOST_PAPER:
        return "", "terlalu besar"
    try:
        subject = judge.judged(signed, now, unsigned).subject
    except Changed as no:
        return "", f"di dalamnya ada yang berubah selain tanda tangan ({no})"
    except limited.Overrun:
        return "", "terlalu berat untuk diperiksa"
    except Invalid as no:
        return "", f"tanda tangannya tidak sah menurut SIGNER_CHAIN ({no})"
    except Unexamined as trouble:
        raise SignerAway(f"PDF yang kembali tidak dapat diperiksa: {trouble}.") from trouble
    if wanted and subject not in wanted:
        return subject, f"yang menandatangani tidak ada di SIGNER_SUBJECTS: {subject}"
    return subject, ""


def keep(engine: sa.Engine, accepted: Sequence[Accepted], now: datetime) -> list[Accepted]:
    """Keeps these papers, and notes who signed them; where another was finished first, that stays. Returns the kept."""
    with apart(engine) as session:
        kept = [one for one in accepted if making.keep(session, one.edition, one.paper, now)]
        if kept:
            journal.audit(
                session, "papers.accepted", now, actor=None, count=len(kept), papers=[one.name for one in kept],
                signers=sorted({one.subject for one in kept}),
            )  # fmt: skip
    return kept
