"""How often somebody may look codes up: page and API share one counter, so that neither is a way around the other."""

from __future__ import annotations

from limits import parse

from app import throttle

_LOOKS = parse("60 per minute")


def count() -> None:
    """Counts one look from this address; too many end with 429."""
    throttle.count(_LOOKS, "verify", throttle.here())
