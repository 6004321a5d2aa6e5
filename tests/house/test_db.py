"""Saved is saved: writers stand in line, and what was acknowledged is on the disk."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import db as house

PROCESSES, TIMES = 4, 150
pytestmark = pytest.mark.own_database
_tally = sa.Table("tally", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer))


def _app(url: str) -> Flask:
    app = Flask("tally")
    app.config["DATABASE_URL"] = url
    house.init_app(app)
    return app


def _count_up(url: str) -> None:
    """Reads a number and writes the next one, again and again, as a careless view would."""
    app = _app(url)
    postgres = not url.startswith("sqlite")
    for _ in range(TIMES):
        with app.app_context(), house.transaction() as session:
            if postgres:
                session.execute(sa.update(_tally).values(n=_tally.c.n + 1))
                continue
            read = session.scalar(sa.select(_tally.c.n))
            session.execute(sa.update(_tally).values(n=(read or 0) + 1))


def test_six_hundred_increments_of_four_processes_all_stay(database: str) -> None:
    app = _app(database)
    engine: sa.Engine = app.extensions["db"]
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        _tally.create(connection)
        connection.execute(sa.insert(_tally).values(id=1, n=0))
    fresh = multiprocessing.get_context("spawn")
    workers = [fresh.Process(target=_count_up, args=(database,)) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    with engine.connect() as connection:
        assert connection.scalar(sa.select(_tally.c.n)) == PROCESSES * TIMES
    engine.dispose()


@pytest.mark.sqlite
def test_sqlite_writes_through_to_the_disk_before_it_says_saved(app: Flask) -> None:
    with app.extensions["db"].connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("synchronous", "journal_mode", "foreign_keys", "busy_timeout")
        }
    assert found == {"synchronous": 2, "journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000}


def test_nothing_stays_of_a_transaction_that_fails(app: Flask) -> None:
    engine: sa.Engine = app.extensions["db"]
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        _tally.create(connection)
    with app.app_context(), pytest.raises(ZeroDivisionError), house.transaction() as session:
        session.execute(sa.insert(_tally).values(id=1, n=1))
        raise ZeroDivisionError
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(_tally)) == 0


def test_rows_belong_to_the_transaction_at_hand_also_within_a_savepoint(app: Flask) -> None:
    engine: sa.Engine = app.extensions["db"]
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        _tally.create(connection)
    with app.app_context():
        with house.transaction() as session:
            house.rows(session, sa.insert(_tally), {"id": 1, "n": 1})
        with house.transaction() as session:
            with pytest.raises(ZeroDivisionError), session.begin_nested():
                house.rows(session, sa.insert(_tally), {"id": 2, "n": 1})
                raise ZeroDivisionError
            with session.begin_nested():
                house.rows(session, sa.insert(_tally), {"id": 3, "n": 1})
            house.rows(session, sa.insert(_tally), {"id": 4, "n": 1})
        with pytest.raises(ZeroDivisionError), house.transaction() as session:
            house.rows(session, sa.insert(_tally), {"id": 5, "n": 1})
            raise ZeroDivisionError
        assert house.session().scalars(sa.select(_tally.c.id).order_by(_tally.c.id)).all() == [1, 3, 4]


@pytest.mark.sqlite
def test_processes_stand_in_one_line_to_write(app: Flask) -> None:
    engine: sa.Engine = app.extensions["db"]
    folder = os.open(Path(engine.url.database or "").parent, os.O_RDONLY)
    with house.apart(engine), pytest.raises(BlockingIOError):
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(folder)


def test_a_moment_comes_back_as_it_went_in(app: Flask) -> None:
    """On both databases in UTC; a moment without a zone is refused."""
    moments = sa.Table("moment", sa.MetaData(), sa.Column("at", house.Instant))
    wita = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    with app.extensions["db"].connect().execution_options(writes=True) as connection, connection.begin():
        moments.create(connection)
        connection.execute(sa.insert(moments).values(at=wita))
        found = connection.scalar(sa.select(moments.c.at))
        assert found == wita
        assert found.utcoffset() == timedelta(0)
        with pytest.raises(sa.exc.StatementError, match="time zone"):
            connection.execute(sa.insert(moments).values(at=wita.replace(tzinfo=None)))
