"""The work that waits is done once, by one process, and what could not be done stays due."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import background, clock, journal, mail
from app.accounts import tidying
from app.accounts.models import LoginSession, Recovery
from app.accounts.rules import OWN_IDLE
from app.db import apart
from app.journal import Cursor, Event
from app.mail import Letter
from app.throttle import Rate
from tests.builders import NOON, a_person
from tests.conftest import missing


class _Postman(socketserver.StreamRequestHandler):
    """As much of SMTP as a letter needs; refuses recipients that begin with `tolak`."""

    def handle(self) -> None:
        self.wfile.write(b"220 siap\r\n")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "DATA":
                self.wfile.write(b"354 lanjut\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.letters.append(message_from_bytes(b"".join(lines), policy=policy.default))  # type: ignore[attr-defined]
                self.wfile.write(b"250 diterima\r\n")
            elif verb == "STAR":
                self.wfile.write(b"220 lanjut\r\n")
                with contextlib.suppress(OSError):
                    self.server.tls.wrap_socket(self.request, server_side=True)  # type: ignore[attr-defined]
                return
            elif verb == "RCPT" and "<tolak" in line:
                self.wfile.write(b"550 tidak ada\r\n")
            elif verb == "QUIT":
                self.wfile.write(b"221 sampai jumpa\r\n")
                return
            else:
                self.wfile.write(b"250 baik\r\n")


@pytest.fixture
def post() -> Iterator[Any]:
    """A post office on a port of its own; `letters` is what arrived."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Postman) as server:
        server.daemon_threads = True
        server.letters = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def with_mail(app: Flask, post: Any) -> Flask:
    app.config.update(SMTP_HOST="127.0.0.1", SMTP_PORT=post.server_address[1], SMTP_STARTTLS=False)
    return app


def _write(db: Session, *recipients: str, subject: str = "Kode pemulihan") -> None:
    for recipient in recipients:
        mail.write(db, recipient, subject, "Kode Anda: 7K2QM-X9D4T\n", NOON)
    db.commit()


def _letters(db: Session) -> dict[str, Letter]:
    db.rollback()
    return {
        letter.recipient: letter for letter in db.scalars(sa.select(Letter).execution_options(populate_existing=True))
    }


def _all_due(app: Flask) -> None:
    while background.do_due(app):
        pass


def test_a_letter_goes_out_once(with_mail: Flask, post: Any, db: Session) -> None:
    _write(db, "sari@warga.contoh", "joko@warga.contoh")
    _all_due(with_mail)
    _all_due(with_mail)
    assert sorted(letter["To"] for letter in post.letters) == ["joko@warga.contoh", "sari@warga.contoh"]
    assert "7K2QM-X9D4T" in post.letters[0].get_content()
    assert post.letters[0]["From"] == with_mail.config["MAIL_FROM"]
    assert all(letter.sent_at is not None for letter in _letters(db).values())


def test_a_refused_letter_waits_longer_each_time_and_holds_nobody_up(with_mail: Flask, post: Any, db: Session) -> None:
    _write(db, "tolak@warga.contoh", "sari@warga.contoh")
    _all_due(with_mail)
    assert [letter["To"] for letter in post.letters] == ["sari@warga.contoh"]
    refused = _letters(db)["tolak@warga.contoh"]
    assert (refused.sent_at, refused.tries) == (None, 1)
    assert refused.due_at > clock.now() + timedelta(seconds=90)
    for _ in range(20):
        db.execute(sa.update(Letter).where(Letter.sent_at.is_(None)).values(due_at=NOON))
        db.commit()
        _all_due(with_mail)
    assert _letters(db)["tolak@warga.contoh"].tries == 8, "then it is given up"


def test_letters_wait_while_the_post_office_is_closed(with_mail: Flask, post: Any, db: Session) -> None:
    post.shutdown()
    post.server_close()
    _write(db, "sari@warga.contoh")
    _all_due(with_mail)
    assert _letters(db)["sari@warga.contoh"].sent_at is None


def test_a_post_office_that_cannot_prove_its_name_gets_no_letter(
    with_mail: Flask, post: Any, db: Session, tmp_path: Path
) -> None:
    """Somebody in between could read recovery codes and the password of the mail account."""
    if shutil.which("openssl") is None:
        missing("openssl", "apt install openssl")
    key = tmp_path / "key.pem"
    line = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1"
    subprocess.run([*line.split(), "-keyout", key, "-out", key], check=True, capture_output=True)
    post.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    post.tls.load_cert_chain(key)
    with_mail.config["SMTP_STARTTLS"] = True
    _write(db, "sari@warga.contoh")
    _all_due(with_mail)
    assert post.letters == []
    assert (_letters(db)["sari@warga.contoh"].sent_at, _letters(db)["sari@warga.contoh"].tries) == (None, 1)


def test_without_a_post_office_nothing_is_tried(app: Flask, db: Session) -> None:
    _write(db, "sari@warga.contoh")
    _all_due(app)
    assert _letters(db)["sari@warga.contoh"].tries == 0


def test_a_subject_cannot_add_a_line_to_the_head(with_mail: Flask, post: Any, db: Session) -> None:
    _write(db, "sari@warga.contoh", subject="Halo\r\nBcc: semua@warga.contoh")
    _all_due(with_mail)
    assert post.letters[0]["Subject"] == "Halo Bcc: semua@warga.contoh"
    assert post.letters[0]["Bcc"] is None


def test_workers_on_several_machines_send_a_letter_once(with_mail: Flask, post: Any, db: Session) -> None:
    _all_due(with_mail)
    _write(db, *(f"warga{number}@warga.contoh" for number in range(10)))
    workers = [threading.Thread(target=_all_due, args=(with_mail,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sorted(letter["To"] for letter in post.letters) == [f"warga{number}@warga.contoh" for number in range(10)]


def test_what_is_over_is_forgotten_and_what_works_stays(app: Flask, db: Session) -> None:
    person, long_ago, soon = a_person(db), clock.now() - timedelta(days=200), clock.now() + timedelta(days=1)
    for name, until in (("lama", long_ago), ("baru", soon)):
        db.add(
            LoginSession(
                token_hash=name,
                user_id=person.id,
                device=name,
                shared=False,
                created_at=NOON,
                seen_at=NOON,
                expires_at=until,
            )
        )
        db.add(Recovery(user_id=person.id, code_hash=name, channel="desk", created_at=NOON, expires_at=until))
        db.add(Rate(key=name, n=1, expires=until.timestamp()))
    db.commit()
    background._tidy(app)
    assert list(db.scalars(sa.select(LoginSession.device))) == ["baru"]
    assert list(db.scalars(sa.select(Recovery.code_hash))) == ["baru"]
    assert list(db.scalars(sa.select(Rate.key))) == ["baru"]


def test_one_that_cannot_forget_keeps_nobody_else_from_it(
    app: Flask, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(session: Session, _now: Any) -> int:
        return int(session.execute(sa.text("DELETE FROM nowhere")).rowcount)  # type: ignore[attr-defined]

    monkeypatch.setattr(tidying, "_forgetters", {"first": broken} | tidying.forgetters())
    long_ago = clock.now() - tidying.KEPT - OWN_IDLE - timedelta(days=1)
    device = {"user_id": a_person(db).id, "device": "HP", "shared": False, "created_at": long_ago}
    until = clock.now() + timedelta(days=1)
    db.add(LoginSession(token_hash="lama", seen_at=long_ago, expires_at=until, **device))
    db.add(LoginSession(token_hash="baru", seen_at=clock.now(), expires_at=until, **device))
    db.commit()
    background._tidy(app)
    assert list(db.scalars(sa.select(LoginSession.token_hash))) == ["baru"]


def test_a_reader_never_steps_over_an_event_that_commits_late(app: Flask, db: Session) -> None:
    """PostgreSQL: the lower number commits later. On SQLite writers stand in line, so the trap cannot be set."""
    engine: sa.Engine = app.extensions["db"]
    if engine.dialect.name != "postgresql":
        with apart(engine) as first:
            journal.record(first, "registered", NOON, person=1)
        with apart(engine) as second:
            journal.record(second, "registered", NOON, person=2)
        assert [entry.person_id for entry in journal.since(db, Cursor(), 10)] == [1, 2]
        return
    slow = Session(engine)
    journal.record(slow, "registered", NOON, person=1)
    slow.flush()
    with apart(engine) as quick:
        journal.record(quick, "registered", NOON, person=2)
    assert list(db.scalars(sa.select(Event.person_id))) == [2], "the quick one is visible"
    db.rollback()
    assert journal.since(db, Cursor(), 10) == [], "and yet it is not read past the slow one"
    db.rollback()
    slow.commit()
    slow.close()
    assert [entry.person_id for entry in journal.since(db, Cursor(), 10)] == [1, 2]


@pytest.mark.sqlite
def test_one_process_leads_and_the_next_takes_over(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """While somebody holds the lock on the data folder, this process waits; then it works."""
    worked = threading.Event()
    monkeypatch.setattr(background, "EVERY", 0.01)
    monkeypatch.setattr(background, "do_due", lambda _app: worked.set())
    monkeypatch.setattr(background, "_stop", threading.Event())
    app.config["BACKGROUND"] = True
    with (Path(app.config["DATA"]) / "leader.lock").open("w") as leader:
        fcntl.flock(leader, fcntl.LOCK_EX)
        background.start(app)
        assert not worked.wait(0.3)
    assert worked.wait(5)
    background._stop.set()


def test_figures_that_fail_keep_no_letter_from_going_out(
    app: Flask, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise RuntimeError("one bad event")

    sent: list[int] = []
    monkeypatch.setattr(background.stats, "catch_up", broken)
    monkeypatch.setattr(background.mail, "send_due", lambda *_: sent.append(1) or 0)
    with pytest.raises(RuntimeError, match="one bad event"):
        background.do_due(app)
    assert sent == [1]
