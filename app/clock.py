"""The one place that reads the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

WITA = timezone(timedelta(hours=8), "WITA")


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)
