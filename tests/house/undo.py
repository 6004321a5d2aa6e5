"""Watches what requests commit, and takes it back: one world for thousands of requests."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tests.ledger import Watch

Rows = dict[tuple[Any, ...], tuple[Any, ...]]


class Undo(Watch):
    """A watch that brings back what was there at first."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine)
        self.first = {table.name: _rows(engine, table) for table in self.tables}

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
