"""What stands in the database, as one fingerprint a table: to see that nothing changed, or everything came back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from app.db import Base
from app.tables import ALL

assert ALL, "every slice's tables are known"
# Counting tries and noting when a device was last seen are no change of anybody's data. The note is the one thing that
# looking at a page writes (app/accounts/presence.py): a device that lies unused is signed out by it.
PASSING = {"rate": None, "login_session": {"seen_at"}}
Fingerprints = dict[str, tuple[int, str]]
_WRITES = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')


def fingerprints(engine: sa.Engine, *, passing: bool = False, only: Collection[str] | None = None) -> Fingerprints:
    """Rows and hash of every table (or of these only); without what passes (see PASSING) unless asked for."""
    found = {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            left_out = set() if passing else PASSING.get(table.name, set())
            if left_out is None or (only is not None and table.name not in only):
                continue
            columns = [column for column in table.columns if column.name not in left_out]
            rows = connection.execute(sa.select(*columns)).all()
            lines = sorted(repr(tuple(row)) for row in rows)
            digest = hashlib.blake2s("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:16]
            found[table.name] = (len(rows), digest)
    return found


def changed(before: Fingerprints, after: Fingerprints) -> dict[str, str]:
    """The tables of `after` that differ, each with its rows before and after."""
    return {name: f"{before[name][0]} → {after[name][0]} rows" for name in after if before[name] != after[name]}


class Watch:
    """Looks at what requests commit: `touched` are the tables written to since the beginning, or the last `go_on`."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.tables = list(Base.metadata.sorted_tables)
        self.before = fingerprints(engine)
        self.touched: set[str] = set()
        self._open: set[str] = set()
        event.listen(engine, "before_cursor_execute", self._note)
        event.listen(engine, "commit", self._committed)
        event.listen(engine, "rollback", self._rolled_back)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if found := _WRITES.match(statement):
            self._open.add(found[2])
            if found[1] == "DELETE FROM":  # and whatever goes with it
                self._open |= {table.name for table in self.tables}

    def _committed(self, _connection: Any) -> None:
        self.touched |= self._open
        self._open = set()

    def _rolled_back(self, _connection: Any) -> None:
        self._open = set()

    def changes(self) -> dict[str, str]:
        """The tables that differ from before; costs nothing when nothing was committed."""
        return changed(self.before, fingerprints(self.engine, only=self.touched)) if self.touched else {}

    def go_on(self) -> None:
        """What is there now is what the next look compares with."""
        self.before |= fingerprints(self.engine, only=self.touched)
        self.touched = set()
