"""Who signs papers. `none` leaves them as they are, `pades` signs with a key of ours; both sign one by one, at once.

The third, `external`, is an official at a service of its own who signs many by one act, later: see `external`.
pyHanko, which signs, is heavy: it is imported when something is signed, which web processes never do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

SOON = timedelta(minutes=10)


class SignerAway(Exception):
    """Nobody can sign now: why, in a sentence for who runs the service, and how long to wait before the next try."""

    def __init__(self, why: str, wait: timedelta = SOON) -> None:
        super().__init__(why)
        self.wait = wait


class CertificateSigner(Protocol):
    """Signs papers."""

    def sign(self, paper: bytes) -> bytes:
        """The signed paper, which begins with the bytes of the paper. Raises SignerAway."""


class Unsigned:
    """Leaves papers as they are: what proves them is their QR code."""

    def sign(self, paper: bytes) -> bytes:
        return paper


def signer(kind: str, settings: Mapping[str, Any], now: datetime) -> CertificateSigner:
    """Who signs papers of this kind, ready to do so. Raises SignerAway."""
    if kind == "none":
        return Unsigned()
    from app.certificate import pades

    return pades.ready(settings, now)
