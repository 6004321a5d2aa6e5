"""`make run` on a fresh machine and again: one command, then the production server; what stands in its way is said."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import stat
import subprocess
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.db import make_engine
from config import ROOT
from tests.ledger import changed, fingerprints
from tests.serving import Served

CAST = ("sari", "budi", "dewi", "arif")
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def _cast(said: str) -> dict[str, str]:
    """User names and passwords of the demo cast, as printed."""
    return dict(re.findall(rf"^.*?\b({'|'.join(CAST)})\b.*?(\S+)\s*$", said, re.M))


def _signs_in(url: str, name: str, password: str) -> str:
    """The page this person lands on."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    found = _TOKEN.search(browser.open(f"{url}/masuk", timeout=20).read().decode())
    assert found
    form = urllib.parse.urlencode({"csrf_token": found[1], "masuk": name, "sandi": password}).encode()
    return str(browser.open(f"{url}/masuk", form, timeout=20).geturl()).removeprefix(url)


def test_a_fresh_folder_becomes_a_service_and_starting_again_changes_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    server = Served(tmp_path, DATA=str(data), DEMO="1").start()
    try:
        said = server.log.read_text()
        cast = _cast(said)
        assert sorted(cast) == sorted(CAST), said
        assert "granian" in Path(f"/proc/{server.master.pid}/cmdline").read_text()
        landed = {name: _signs_in(server.url, name, password) for name, password in cast.items()}
        assert landed == {"sari": "/belajar", "budi": "/menulis", "dewi": "/statistik", "arif": "/kelola"}
        home = urllib.request.urlopen(f"{server.url}/kursus", timeout=20).read().decode()
        assert "/kursus/tolak-penipuan" in home
    finally:
        server.stop()
    engine = make_engine(f"sqlite:///{data / 'cakap.sqlite3'}")
    before = fingerprints(engine)
    server.log.unlink()
    server.start()
    try:
        again = server.log.read_text()
        assert not [password for password in cast.values() if password in again], "printed once, when new"
        assert "versi" not in again
        assert changed(before, fingerprints(engine)) == {}
    finally:
        server.stop()
        engine.dispose()


def test_without_the_demo_nobody_is_there(tmp_path: Path) -> None:
    server = Served(tmp_path, DEMO="0").start()
    server.stop()
    assert _cast(server.log.read_text()) == {}
    engine = make_engine(f"sqlite:///{tmp_path / 'cakap.sqlite3'}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM person").scalar() == 0
    engine.dispose()


def test_a_port_in_use_is_named_before_anything_is_made(tmp_path: Path) -> None:
    server = Served(tmp_path, DEMO="1")
    with socket.socket() as other:
        other.bind(("127.0.0.1", server.port))
        other.listen()
        said = server.refused()
    assert f"Port {server.port} sudah dipakai" in said
    assert f"PORT={server.port + 1} make run" in said
    assert "Traceback" not in said
    assert not (tmp_path / "cakap.sqlite3").exists()


def test_a_database_newer_than_the_program_is_left_alone(tmp_path: Path) -> None:
    server = Served(tmp_path).start()
    server.stop()
    with sqlite3.connect(tmp_path / "cakap.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_besok'")
    connection.close()
    engine = make_engine(f"sqlite:///{tmp_path / 'cakap.sqlite3'}")
    before = fingerprints(engine)
    said = server.refused()
    assert "lebih baru" in said
    assert "Traceback" not in said
    assert changed(before, fingerprints(engine)) == {}
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalars().all() == ["9999_besok"]
    engine.dispose()


def _a_program(folder: Path, name: str, does: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{does}\n")
    (folder / name).chmod(0o755 | stat.S_IXUSR)


def _tool(name: str, *arguments: str, path: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """A script of `tools/` that finds no other programs than those in this folder."""
    rest = {key: value for key, value in os.environ.items() if key != "CI"}
    return subprocess.run(
        ["/bin/sh", ROOT / "tools" / name, *arguments],
        env=rest | {"PATH": str(path)} | env,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("name", ["python3", "python3.11", "python"])
def test_a_python_too_old_is_said_in_one_sentence(tmp_path: Path, name: str) -> None:
    _a_program(tmp_path / "bin", name, "exit 1")  # as an old Python answers the question for its version
    done = _tool("python", str(tmp_path / "lingkungan"), path=tmp_path / "bin")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Python 3.11 atau lebih baru tidak ditemukan" in done.stderr
    assert not (tmp_path / "lingkungan").exists()


def test_a_missing_browser_is_said_in_one_line_and_fails_where_nobody_reads(tmp_path: Path) -> None:
    _a_program(tmp_path / "bin", "id", "echo 1000")
    done = _tool("programs", path=tmp_path / "bin")
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)
    assert "sudo apt install" in done.stderr and "chromium" in done.stderr
    assert _tool("programs", path=tmp_path / "bin", CI="1").returncode != 0
