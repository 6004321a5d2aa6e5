"""The database: one engine an application, one session a request, one block that commits."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
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
    # An option, since all views of an engine share its options: they stand in one line.
    options = {"line": threading.Lock()}
    engine = sa.create_engine(parsed, pool_size=8, max_overflow=8, pool_timeout=PATIENCE, execution_options=options)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        # The driver would send no BEGIN before a SELECT and lose updates silently; we send our own.
        connection.isolation_level = None
        for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", f"busy_timeout={PATIENCE * 1000}"):
            connection.execute("PRAGMA " + pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def engine() -> sa.Engine:
    """The engine of the current application."""
    found: sa.Engine = current_app.extensions["db"]
    return found


def session() -> Session:
    """The session of this request or command; opened when first asked for."""
    if "session" not in g:
        g.session = Session(engine(), expire_on_commit=False)
    opened: Session = g.session
    return opened


def rows(opened: Session, statement: sa.Executable, facts: Mapping[str, Any]) -> sa.CursorResult[*tuple[Any, ...]]:
    """The rows of a statement that needs no objects, asked of the connection itself: that costs a third less."""
    opened.flush()
    return opened.connection().execute(statement, facts)


@contextmanager
def transaction() -> Iterator[Session]:
    """All of it or none: begins fresh, commits at the end, takes everything back on an error.

    What was read in this request before is forgotten, since it belongs to an older moment.
    """
    with _committed(session()) as opened:
        yield opened


@contextmanager
def apart(bind: sa.Engine) -> Iterator[Session]:
    """A transaction of its own, outside any request (background work, rate limits)."""
    with Session(bind, expire_on_commit=False) as opened, _committed(opened):
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
def _committed(opened: Session) -> Iterator[Session]:
    opened.rollback()
    with _turn(opened):
        opened.connection(execution_options={"writes": True})
        try:
            yield opened
            opened.commit()
        except BaseException:
            opened.rollback()
            raise


@contextmanager
def _turn(opened: Session) -> Iterator[None]:
    """On SQLite the threads of a process write one after the other.

    SQLite lets who waits sleep and ask again, in no order: with many writers one of them waits for seconds.
    """
    bind = opened.get_bind()
    line = bind.get_execution_options().get("line") if isinstance(bind, sa.Engine) else None
    if line is None:
        yield
        return
    if not line.acquire(timeout=PATIENCE):
        raise sa.exc.TimeoutError("another writes for too long")
    try:
        yield
    finally:
        line.release()


def _close(_error: BaseException | None) -> None:
    if (opened := g.pop("session", None)) is not None:
        opened.close()


def init_app(app: Flask) -> None:
    """Gives the application its engine and closes sessions after each request."""
    app.extensions["db"] = make_engine(app.config["DATABASE_URL"])
    app.teardown_appcontext(_close)
