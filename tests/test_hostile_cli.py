"""Hostile strings on the command line: a sentence and a code that is not 0, or accepted; never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts import passwords
from app.course import files
from app.course.models import CourseVersion
from tests import builders
from tests.builders_course import a_course_files
from tests.certificate.cast import certified
from tests.house import hostile
from tests.house.undo import Undo

# A shell passes no NUL, and passes bytes that are no text as half characters.
STRINGS = [
    hostile.raw(one).decode("utf-8", "surrogateescape")
    for one in hostile.OWN
    if b"\x00" not in hostile.raw(one)
]  # fmt: skip
HERE = "§"
# Every command that takes words, with § where somebody types.
COMMANDS = (
    ("accounts", "grant", HERE, "trainer"),
    ("accounts", "grant", "sari", HERE),
    ("accounts", "take", HERE, "trainer"),
    ("accounts", "list", HERE),
    ("accounts", "disable", HERE),
    ("accounts", "add", HERE, "--name", "Tuti Contoh"),
    ("accounts", "add", "tuti", "--name", HERE),
    ("accounts", "add", "tuti", "--name", "Tuti Contoh", "--region", HERE),
    ("accounts", "add", "tuti", "--name", "Tuti Contoh", "--birth-year", HERE),
    ("certificate", "show", HERE),
    ("certificate", "revoke", HERE, "--because", "Keliru."),
    ("certificate", "revoke", "KODE", "--because", HERE),
    ("certificate", "correct", "KODE", "--name", HERE, "--because", "Salah huruf."),
    ("certificate", "reinstate", HERE, "--because", HERE),
    ("certificate", "remove", "KODE", "--yes", "--because", HERE),
    ("certificate", "issue", HERE, HERE),
    ("certificate", "export", "--to", "daftar.csv", "--because", "Arsip.", "--search", HERE, "--course", HERE),
    ("certificate", "export", "--to", "daftar.csv", "--because", "Arsip.", "--region", HERE, "--from", HERE),
    ("certificate", "read-badge", HERE),
    ("certificate", "bulk", HERE, "--region", HERE, "--title", HERE),
    ("certificate", "bulk", "contoh", "--title", HERE, "--names", HERE, "--confirmed"),
    ("certificate", "bundle", HERE, "sertifikat.zip", "--because", HERE),
    ("certificate", "list", "--limit", HERE),
    ("course", "check", HERE),
    ("course", "publish", HERE),
    ("course", "publish", "FOLDER", "--note", HERE),
    ("course", "export", HERE, "--to", "salinan"),
    ("stats", "export", "--period", HERE, "--to", "rekap.csv"),
    ("stats", "export", "--scope", HERE, "--to", "rekap.csv"),
    ("stats", "export", "--detail", HERE, "--to", "rekap.csv"),
    ("demo", "--people", HERE),
    ("demo", "--seed", HERE),
    ("db", "downgrade", HERE),
    ("db", "restore", HERE, "--yes"),
    (HERE,),
    ("course", HERE),
)


def run(app: Flask, words: tuple[str, ...]) -> Result:
    """Runs a command as `flask` does: within the application."""
    with app.app_context():
        return app.test_cli_runner().invoke(args=list(words))


@pytest.fixture
def places(app: Flask, db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Sari with a certificate, a folder fit to be published, and a folder to stand in where nothing else is."""
    monkeypatch.setattr(passwords, "_HASHER", passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    paper = certified(app, db, builders.a_person(db, "Sari Contoh", username="sari"))
    db.commit()
    files.write(a_course_files(whole=True), tmp_path / "asal" / "kursus-baru")
    (tmp_path / "kerja").mkdir()
    monkeypatch.chdir(tmp_path / "kerja")
    return {"KODE": paper.code, "FOLDER": str(tmp_path / "asal" / "kursus-baru")}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_string_on_the_command_line_ends_in_a_traceback(
    app: Flask, db: Session, places: dict[str, str], tmp_path: Path, command: tuple[str, ...]
) -> None:
    undo, wrong = Undo(app.extensions["db"]), []
    beside = sorted(path.name for path in tmp_path.iterdir())
    for value in STRINGS:
        result = run(app, tuple(places.get(word, word).replace(HERE, value) for word in command))
        told = result.output.strip()
        where = f"{' '.join(command)} {value[:60]!r}: {result.exit_code} {told[-150:]!r}"
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            wrong.append(f"{where} {result.exception!r}"[:400])
        elif result.exit_code and len(told.split()) < 3:
            wrong.append(f"{where} without a sentence")
        if result.exit_code and (differs := undo.changes()):
            wrong.append(f"{where} changed {differs}")
        undo.restore()
    assert not wrong, "\n".join(wrong)
    assert sorted(path.name for path in tmp_path.iterdir()) == beside, "something was written outside"


def test_a_note_of_ordinary_words_is_accepted(app: Flask, db: Session, places: dict[str, str]) -> None:
    """The control: it is the words that were refused."""
    assert run(app, ("course", "publish", places["FOLDER"], "--note", "Diperbaiki.")).exit_code == 0
    assert "Diperbaiki." in db.scalars(sa.select(CourseVersion.note)).all()
