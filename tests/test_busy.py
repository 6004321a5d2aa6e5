"""When the database is away or at its limit: everybody reads that the service is busy, and reading goes on."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.access import public
from app.db import transaction
from app.mail import Letter
from tests.inspector import visit
from tests.test_failures import told


@pytest.fixture
def house(app: Flask) -> Flask:
    """The application with a door behind which something is written."""

    @app.post("/uji/tulis")
    @public
    def write() -> str:
        with transaction() as session:
            session.add(Letter(recipient="a", subject="b", body="c", due_at=sa.func.now()))
        return "ditulis"

    return app


@pytest.fixture
def visitor(house: Flask) -> FlaskClient:
    return house.test_client()


@pytest.fixture
def impatient(app: Flask) -> Iterator[None]:
    """Connections that wait a moment for a lock, not ten seconds."""

    def hurry(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout=50")

    event.listen(app.extensions["db"], "connect", hurry)
    yield
    event.remove(app.extensions["db"], "connect", hurry)


@pytest.mark.sqlite
def test_while_another_writes_for_long_the_service_is_busy_and_says_so(
    impatient: None, visitor: FlaskClient, sari: FlaskClient, database: str
) -> None:
    other = sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for who in (visitor, sari):
        reply = who.post("/uji/tulis")
        assert told(reply, 503).soup.h1.get_text() == "Layanan sedang sibuk"
        assert reply.headers["Retry-After"] == "5"
    assert visit(sari, "/kursus").status == 200, "reading goes on"
    other.execute("ROLLBACK")
    other.close()
    assert visitor.post("/uji/tulis").text == "ditulis"


def test_when_the_database_is_away_everybody_reads_that_the_service_is_busy(
    house: Flask, visitor: FlaskClient, sari: FlaskClient, away: Callable[[], None]
) -> None:
    away()
    for who, addresses in ((visitor, ("/kursus", "/")), (sari, ("/kursus", "/belajar", "/bantuan", "/statistik"))):
        for address in addresses:
            reply = who.get(address)
            assert told(reply, 503).soup.h1.get_text() == "Layanan sedang sibuk", address
            assert reply.headers["Retry-After"] == "5"
        told(who.get("/tidak-ada"), 404)
        told(who.post("/kursus"), 405)
        assert who.get("/healthz").status_code == 200
        assert who.get("/readyz").status_code == 503
        assert who.get("/static/app.css").status_code == 200


@pytest.fixture
def away(house: Flask, sari: FlaskClient) -> Callable[[], None]:
    """Takes the database away, as a machine that is switched off does."""

    def take() -> None:
        engine = house.extensions["db"]
        engine.dispose()

        def refuse(*_: Any) -> None:
            raise (sqlite3 if engine.dialect.name == "sqlite" else psycopg).OperationalError("away")

        event.listen(engine, "do_connect", refuse)

    return take


def test_all_connections_in_use_is_busy_too(house: Flask, visitor: FlaskClient) -> None:
    engine = house.extensions["db"]
    engine.pool._timeout = 0.05
    held = []
    try:
        while True:
            held.append(engine.connect())
    except sa.exc.TimeoutError:
        pass
    reply = visitor.get("/kursus")
    assert told(reply, 503).soup.h1.get_text() == "Layanan sedang sibuk"
    for connection in held:
        connection.close()
    assert visit(visitor, "/kursus").status == 200


def test_fifty_who_come_at_once_are_all_served(house: Flask) -> None:
    statuses: list[int] = []

    def come() -> None:
        statuses.append(house.test_client().get("/kursus").status_code)

    threads = [threading.Thread(target=come) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 50
