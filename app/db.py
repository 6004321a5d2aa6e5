"""The database: one engine an application, one session a request, one block that commits."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, g
from sqlalchemy import event
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.functions import GenericFunction

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


PATIENCE = 10  # seconds that somebody waits for others who write, or for a connection


class Instant(sa.types.TypeDecorator[datetime]):
    """A moment: goes in and comes out in UTC, on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(UTC)
        # SQLite keeps text: without the zone it sorts and compares as time does.
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables."""

    metadata = sa.MetaData(naming_convention=CONVENTION)
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it from the class)
        datetime: Instant,
        dict[str, str]: sa.JSON,
        dict[str, Any]: sa.JSON,
        list[Any]: sa.JSON,
        str: sa.Text,
    }


class transaction_number(GenericFunction[int]):  # noqa: N801 (reads as SQL)
    """The number of the writing transaction: PostgreSQL's own, 0 on SQLite, where writers stand in line."""

    type = sa.BigInteger()
    inherit_cache = True


@compiles(transaction_number, "sqlite")
def _on_sqlite(_element: Any, _compiler: Any, **_: Any) -> str:
    return "0"


@compiles(transaction_number, "postgresql")
def _on_postgresql(_element: Any, _compiler: Any, **_: Any) -> str:
    return "pg_current_xact_id()::text::bigint"


def make_engine(url: str) -> sa.Engine:
    """An engine with this house's promises: saved means on the disk, writers stand in line."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sa.create_engine(parsed, pool_pre_ping=True, pool_size=5, max_overflow=5, pool_timeout=PATIENCE)
    # Options, since all views of an engine share them: they stand in one line.
    options = {"line": threading.Lock(), "door": Path(parsed.database or "").absolute().parent}
    engine = sa.create_engine(parsed, pool_size=8, max_overflow=8, pool_timeout=PATIENCE, execution_options=options)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        # The driver would send no BEGIN before a SELECT and lose updates silently; we send our own.
        connection.isolation_level = None
        for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", f"busy_timeout={PATIENCE * 1000}"):
            connection.execute("PRAGMA " + pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        if _writes(connection):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.connection.execute("BEGIN")  # which cannot fail, so SQLAlchemy need not watch

    return engine


_WRITES = "writes"


def _writes(connection: sa.Connection) -> bool:
    """Whether the transaction that begins is one that writes: said for this one, or for all of a connection."""
    return connection.info.pop(_WRITES, False) or bool(connection.get_execution_options().get(_WRITES))


def engine() -> sa.Engine:
    """The engine of the current application."""
    found: sa.Engine = current_app.extensions["db"]
    return found


def session() -> Session:
    """The session of this request or command, on its one connection; opened when first asked for."""
    opened: Session | None = g.get("session")
    if opened is None:
        opened = g.session = _session(engine().connect())
    return opened


def _session(connection: sa.Connection) -> Session:
    """A session that takes over the transaction which `rows` or `transaction` began on its connection."""
    return Session(connection, expire_on_commit=False, join_transaction_mode="control_fully")


def rows(opened: Session, statement: sa.Executable, facts: Mapping[str, Any]) -> sa.CursorResult[*tuple[Any, ...]]:
    """The rows of a statement that needs no objects, asked of the connection itself: that costs half as much."""
    bind = opened.bind
    if isinstance(bind, sa.Connection) and not opened.in_transaction():
        return bind.execute(statement, facts)
    opened.flush()
    return opened.connection().execute(statement, facts)


@contextmanager
def transaction() -> Iterator[Session]:
    """All of it or none: begins fresh, commits at the end, takes everything back on an error.

    What was read in this request before is forgotten, since it belongs to an older moment.
    """
    opened = session()
    with _committed(opened):
        yield opened


@contextmanager
def apart(bind: sa.Engine) -> Iterator[Session]:
    """A transaction of its own, outside any request (background work, rate limits)."""
    with bind.connect() as connection, _session(connection) as opened, _committed(opened):
        yield opened


@contextmanager
def hastily(bind: sa.Engine) -> Iterator[Session]:
    """A small write of its own that gives up after a tenth of a second instead of waiting for others who write."""
    postgres = bind.dialect.name == "postgresql"
    with Session(bind, expire_on_commit=False) as opened:
        opened.execute(sa.text("SET LOCAL lock_timeout = 100" if postgres else "PRAGMA busy_timeout=100"))
        try:
            yield opened
            opened.commit()
        finally:
            opened.rollback()
            if not postgres:
                opened.execute(sa.text("PRAGMA busy_timeout=10000"))  # PATIENCE again


@contextmanager
def _committed(opened: Session) -> Iterator[None]:
    connection = opened.bind
    assert isinstance(connection, sa.Connection)
    opened.rollback()
    connection.rollback()
    with _turn(connection):
        connection.info[_WRITES] = True
        connection.begin()
        try:
            yield
            if opened.in_transaction():
                opened.commit()
            # What a session that nobody asked for objects has not taken over.
            connection.commit()
        except BaseException:
            opened.rollback()
            connection.rollback()
            raise


@contextmanager
def _turn(connection: sa.Connection) -> Iterator[None]:
    """On SQLite one writes after the other: the threads of a process, and of all processes those who are in front.

    SQLite lets who waits sleep and ask again, in no order: with many writers one of them waits for seconds. Here the
    system wakes the next process. Its lock is on the folder of the database (closing a file of SQLite's own would take
    SQLite's locks along) and ends with the process. It only keeps order; what nobody may break, SQLite's lock keeps.
    """
    options = connection.get_execution_options()
    line = options.get("line")
    if line is None:
        yield
        return
    if not line.acquire(timeout=PATIENCE):
        raise sa.exc.TimeoutError("another writes for too long")
    try:
        door = os.open(options["door"], os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(door, fcntl.LOCK_EX)
            yield
        finally:
            os.close(door)
    finally:
        line.release()


def _close(_error: BaseException | None) -> None:
    opened: Session | None = g.pop("session", None)
    if opened is not None:
        opened.close()
        assert isinstance(opened.bind, sa.Connection)
        opened.bind.close()


def init_app(app: Flask) -> None:
    """Gives the application its engine and closes sessions after each request."""
    app.extensions["db"] = make_engine(app.config["DATABASE_URL"])
    app.teardown_appcontext(_close)
