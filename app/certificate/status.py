"""Which certificates do not count: the bits behind the status lists of our badges."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.certificate.badge import BITS
from app.certificate.models import Certificate


def bits(session: Session, block: int, edition: int) -> bytes:
    """One bit for each number of this block, the first one on the left.

    It is set for whatever is not, in this edition, a valid certificate now: revoked, corrected since, removed, or never
    given out.
    """
    first = block * BITS
    valid = sa.select(Certificate.id).where(
        Certificate.id.between(first, first + BITS - 1),
        Certificate.version == edition,
        Certificate.revoked_at.is_(None),
    )
    found = bytearray(b"\xff" * (BITS // 8))
    for number in session.scalars(valid):
        index = number - first
        found[index >> 3] &= ~(0x80 >> (index & 7))
    return bytes(found)
