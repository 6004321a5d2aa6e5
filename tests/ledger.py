"""What stands in the database, as one fingerprint a table: to see that nothing changed, or everything came back."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from app.db import Base
from app.tables import ALL

assert ALL, "every slice's tables are known"
# Counting tries and noting when a device was last seen are no change of anybody's data. The note is the one thing that
# looking at a page writes (app/accounts/presence.py): a device that lies unused is signed out by it.
PASSING = {"rate": None, "login_session": {"seen_at"}}


def fingerprints(engine: sa.Engine, *, passing: bool = False) -> dict[str, tuple[int, str]]:
    """Rows and hash of every table; without what passes (see PASSING) unless asked for."""
    found = {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            left_out = set() if passing else PASSING.get(table.name, set())
            if left_out is None:
                continue
            columns = [column for column in table.columns if column.name not in left_out]
            rows = connection.execute(sa.select(*columns)).all()
            lines = sorted(repr(tuple(row)) for row in rows)
            digest = hashlib.blake2s("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:16]
            found[table.name] = (len(rows), digest)
    return found


def changed(before: dict[str, tuple[int, str]], after: dict[str, tuple[int, str]]) -> dict[str, str]:
    """The tables that differ, each with its rows before and after."""
    return {name: f"{before[name][0]} → {after[name][0]} rows" for name in before if before[name] != after[name]}
