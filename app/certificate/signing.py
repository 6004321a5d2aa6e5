"""Who signs papers. `none` leaves them as they are, `pades` signs with a key of ours; both one by one, at once.

The third, `external`, is an official at a service of its own who signs many by one act, later: see `external`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from app.certificate import pades


class CertificateSigner(Protocol):
    """Signs papers."""

    def sign(self, paper: bytes) -> bytes:
        """The signed paper, which begins with the bytes of the paper. Raises SignerAway."""


class Unsigned:
    """Leaves papers as they are: what proves them is their QR code."""

    def sign(self, paper: bytes) -> bytes:
        return paper


def signer(kind: str, settings: Mapping[str, Any], now: datetime) -> CertificateSigner:
    """Who signs papers of this kind at this moment. Raises SignerAway."""
    return Unsigned() if kind == "none" else pades.ready(settings, now)
