"""Letters leave without holding anybody up, in the clear or not at all, and a bad one stops only itself."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import background, clock, mail
from app.db import apart
from app.mail import Letter
from tests.builders import NOON


class _Office(socketserver.StreamRequestHandler):
    """A post office that dawdles over each letter as long as it is told to."""

    def handle(self) -> None:
        self.wfile.write(b"220 siap\r\n")
        while line := self.rfile.readline().decode(errors="replace").strip():
            self.server.heard.append(line)  # type: ignore[attr-defined]
            if line.upper() == "DATA":
                self.wfile.write(b"354 lanjut\r\n")
                self.server.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())  # type: ignore[attr-defined]
                self.server.busy.set()  # type: ignore[attr-defined]
                self.server.go.wait(20)  # type: ignore[attr-defined]
            self.wfile.write(b"221 dah\r\n" if line.upper() == "QUIT" else b"250 baik\r\n")
            if line.upper() == "QUIT":
                return


@pytest.fixture
def office(app: Flask) -> Iterator[Any]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Office) as server:
        server.daemon_threads = True
        server.letters, server.heard = [], []  # type: ignore[attr-defined]
        server.go, server.busy = threading.Event(), threading.Event()  # type: ignore[attr-defined]
        server.go.set()  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        app.config.update(SMTP_HOST="127.0.0.1", SMTP_PORT=server.server_address[1], SMTP_STARTTLS=False)
        yield server
        server.go.set()  # type: ignore[attr-defined]
        server.shutdown()


def write(db: Session, recipient: str, body: str = "Halo.\n") -> None:
    mail.write(db, recipient, "Kabar", body, NOON)
    db.commit()


def letters(db: Session) -> list[tuple[str, bool, int]]:
    """Recipient, whether sent, tries, in the order they were written."""
    db.rollback()
    query = sa.select(Letter.recipient, Letter.sent_at.is_not(None), Letter.tries).order_by(Letter.id)
    found = [(row[0], bool(row[1]), row[2]) for row in db.execute(query)]
    db.rollback()
    return found


def test_a_slow_post_office_keeps_nobody_from_writing(app: Flask, office: Any, db: Session) -> None:
    """On SQLite one writes at a time: a letter under way must not hold that place."""
    write(db, "sari@warga.contoh")
    office.go.clear()
    sending = threading.Thread(target=background.do_due, args=(app,))
    sending.start()
    assert office.busy.wait(10)
    with apart(app.extensions["db"]) as session:
        mail.write(session, "joko@warga.contoh", "Kabar", "Halo.\n", NOON)
    assert letters(db) == [("sari@warga.contoh", False, 1), ("joko@warga.contoh", False, 0)]
    office.go.set()
    sending.join(20)
    assert letters(db)[0] == ("sari@warga.contoh", True, 1)


def test_a_letter_under_way_is_taken_by_nobody_else(app: Flask, office: Any, db: Session) -> None:
    write(db, "sari@warga.contoh")
    office.go.clear()
    sending = threading.Thread(target=background.do_due, args=(app,))
    sending.start()
    assert office.busy.wait(10)
    assert background.do_due(app) == 0
    office.go.set()
    sending.join(20)
    assert len(office.letters) == 1


def test_a_letter_whose_sender_died_is_due_again(app: Flask, office: Any, db: Session) -> None:
    write(db, "sari@warga.contoh")
    with apart(app.extensions["db"]) as session:
        assert mail._take(session, clock.now()) is not None
    assert background.do_due(app) == 0
    assert mail.send_due(app.extensions["db"], app.config, clock.now() + timedelta(minutes=3)) == 1
    assert letters(db) == [("sari@warga.contoh", True, 2)]


@pytest.mark.parametrize(
    "bad",
    [
        "sari@warga.contoh\r\nBcc: semua@warga.contoh",
        "sari@warga.contoh\nSubject: lain",
        "sári@warga.contoh",
        "sari@wárga.contoh",
        "",
        "sari",
        "<>",
        "a@b, c@d\r\n",
        "x" * 5000,
    ],
)
def test_a_bad_recipient_reaches_nobody_else_and_stops_nothing(app: Flask, office: Any, db: Session, bad: str) -> None:
    write(db, bad)
    write(db, "joko@warga.contoh")
    for _ in range(3):
        background.do_due(app)
    assert ("joko@warga.contoh", True, 1) in letters(db)
    assert not any("semua@" in line or "lain" in line for line in office.heard)
    assert not any(letter.startswith("Bcc") or "\nBcc" in letter for letter in office.letters)


def test_a_code_is_not_sent_in_the_clear_when_secrecy_was_asked_for(app: Flask, office: Any, db: Session) -> None:
    app.config["SMTP_STARTTLS"] = True
    write(db, "sari@warga.contoh")
    background.do_due(app)
    assert office.letters == []
    assert letters(db) == [("sari@warga.contoh", False, 1)]


def test_the_body_arrives_as_it_was_written(app: Flask, office: Any, db: Session) -> None:
    write(db, "sari@warga.contoh", "Kode Anda: 7K2QM\n.\n.baris titik\nFrom baris ini\n")
    background.do_due(app)
    assert letters(db) == [("sari@warga.contoh", True, 1)]
    assert "7K2QM\r\n..\r\n..baris titik\r\n" in office.letters[0]


@pytest.mark.sqlite
def test_the_leader_survives_whatever_goes_wrong(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    tried = []

    def work(_app: Flask) -> int:
        tried.append(1)
        if len(tried) == 1:
            raise ZeroDivisionError
        done.set()
        return 0

    monkeypatch.setattr(background, "EVERY", 0.01)
    monkeypatch.setattr(background, "do_due", work)
    monkeypatch.setattr(background, "_stop", threading.Event())
    app.config["BACKGROUND"] = True
    background.start(app)
    assert done.wait(5)
    background._stop.set()
