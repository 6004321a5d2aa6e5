"""Watches what requests commit, and takes it back: one world for thousands of requests."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from app.db import Base
from tests.ledger import changed, fingerprints

_WRITES = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
Rows = dict[tuple[Any, ...], tuple[Any, ...]]


class Undo:
    """The database as it was at first; `touched` are the tables written to since it was last like that."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.tables = list(Base.metadata.sorted_tables)
        self.first = {table.name: _rows(engine, table) for table in self.tables}
        self.fingerprints = fingerprints(engine)
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
        """The tables that differ from the beginning; cheap when nothing was committed."""
        return changed(self.fingerprints, fingerprints(self.engine)) if self.touched else {}

    def restore(self) -> None:
        """Brings every row back that a request made, changed or removed."""
        mine = [table for table in self.tables if table.name in self.touched]
        if not mine:
            return
        now = {table.name: _rows(self.engine, table) for table in mine}
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            for table in reversed(mine):
                for key in now[table.name].keys() - self.first[table.name].keys():
                    connection.execute(table.delete().where(_is(table, key)))
            for table in mine:
                columns = [column.name for column in table.columns]
                for key, row in self.first[table.name].items():
                    if key not in now[table.name]:
                        connection.execute(table.insert().values(dict(zip(columns, row, strict=True))))
                    elif now[table.name][key] != row:
                        values = dict(zip(columns, row, strict=True))
                        connection.execute(table.update().where(_is(table, key)).values(values))
        self.touched = set()


def _rows(engine: sa.Engine, table: sa.Table) -> Rows:
    places = [list(table.columns).index(column) for column in table.primary_key.columns]
    with engine.connect() as connection:
        return {tuple(row[n] for n in places): tuple(row) for row in connection.execute(sa.select(table))}


def _is(table: sa.Table, key: tuple[Any, ...]) -> sa.ColumnElement[bool]:
    return sa.and_(*(column == value for column, value in zip(table.primary_key.columns, key, strict=True)))
