"""Somebody who types the worst into every field of one world, and what must hold of each answer."""

from __future__ import annotations

import html
import re
from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import clock
from app.accounts import passwords, recovery
from app.accounts.models import User
from app.authoring.models import Draft, DraftFile
from app.certificate.models import Certificate
from tests.builders import NOON, PASSWORD
from tests.builders_course import a_course_files
from tests.house import hostile
from tests.house.fields import Door, pages
from tests.house.harmless import Shapes
from tests.house.undo import Undo
from tests.house.world import a_world

TYPED = ("text", "search", "email", "textarea", "tel")
MARKER = "zqxwvku"
_MAIN = re.compile(r"<main\b.*?</main>", re.S)
_SENTENCE = re.compile(r">[^<>]*?[^\W\d_]{3,} [^<>]*[.?!]\s*<")
_ENGLISH = re.compile(r"Not Found|Bad Request|Internal Server|Forbidden|The browser|Invalid|This field|Not a valid")


def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of sign-ins: the same hashing with little work."""
    monkeypatch.setattr(passwords, "_HASHER", passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr(passwords, "_nobodys", cache(lambda: passwords.hashed("a password that nobody has")))


class Vandal:
    """A world that stays as it is, whatever is sent to it."""

    def __init__(self, app: Flask, db: Session) -> None:
        self.app = app
        self.database: str = app.extensions["db"].dialect.name
        self.world = a_world(app, db)
        self.good = self._arrange(db)
        self.undo = Undo(app.extensions["db"])
        self.shapes = Shapes()
        self.pages = list(pages(app, self.world))
        self.wrong: list[str] = []
        self.count = 0

    def _arrange(self, db: Session) -> dict[str, dict[str, str]]:
        """What the world lacks: a draft fit to be published, a certificate to claim, a code to come back with."""
        owner, stranger = (self.world.clients[who].person for who in ("owner", "stranger"))  # type: ignore[attr-defined]
        draft = self.world.special["authoring.publish"]["owner"]["slug"]
        db.execute(sa.delete(DraftFile).where(DraftFile.draft_id == sa.select(Draft.id).where(Draft.slug == draft)
                                              .scalar_subquery()))  # fmt: skip
        draft_id = db.scalar(sa.select(Draft.id).where(Draft.slug == draft))
        rows = [
            {"draft_id": draft_id, "path": path, "text": text, "revision": 1, "saved_at": NOON, "saved_by": None}
            for path, text in a_course_files(whole=True).items()
        ]
        db.execute(sa.insert(DraftFile), rows)
        db.execute(sa.delete(Certificate).where(Certificate.user_id == stranger.id))
        with self.app.app_context():
            code, _ = recovery.make_code(db, owner.id, owner.id, clock.now())
        name = db.scalar(sa.select(User.username).where(User.id == owner.id)) or ""
        db.commit()
        self.world.special["certificate.claim"] = {
            whose: {"slug": self.world.things[whose]["slug"] + "-lulus"} for whose in ("owner", "stranger")
        }
        return {
            "accounts.register": {"nama": "Tuti Contoh", "masuk": "tuti", "sandi": "lampu-biru-dermaga", 
                                  "tahun": "1990", "kelurahan": "64.74.01.1001"},
            "accounts.sign_in": {"masuk": name, "sandi": PASSWORD},
            "accounts.recover": {"masuk": name, "kode": code, "sandi_baru": "lampu-biru-dermaga"},
            "accounts.recover_by_mail": {"surel": "sari@surel.contoh"},
            "accounts.password": {"sandi_lama": PASSWORD, "sandi_baru": "lampu-biru-dermaga"},
            "accounts.leave": {"sandi": PASSWORD},
            "desk.grant_time": {"persen": "50"},
            "desk.certificate_revoke": {"alasan": "Diterbitkan ganda."},
            "desk.certificate_reinstate": {"alasan": "Tidak ganda."},
            "desk.certificate_correct": {"alasan": "Salah huruf.", "nama": "Nama Benar"},
            "desk.certificate_remove": {"alasan": "Diminta pemegangnya."},
            "desk.certificates_export": {"alasan": "Arsip triwulan."},
            "authoring.create": {"judul": "Kursus baru", "alamat": "kursus-baru"},
            "authoring.publish": {"perubahan": "Diperbaiki."},
            "authoring.add": {"jenis": "lesson", "modul": "1-pesan", "judul": "Materi baru"},
        }  # fmt: skip

    def client(self, who: str) -> FlaskClient:
        return self.world.clients[who]

    def fill(self, door: Door, name: str, values: list[str | bytes]) -> None:
        """Sends the form with each of these in one field, and looks where the words are shown afterwards."""
        client = self.client(door.who)
        cookies = dict(client._cookies or {})
        showing: list[tuple[str, str]] = []
        if door.method == "POST" and door.kinds.get(name) in TYPED:
            door.send(client, **{name: MARKER})
            # Which words stand where is the same on both databases.
            showing = self.shows(door) if self.undo.touched and self.database == "sqlite" else []
        for value in values:
            self.as_before(client, cookies)
            answer = door.send(client, **{name: value})
            if self.judge("form", door, name, value, answer) and self.undo.touched:
                self._follow(door, value, answer, showing)
        self.as_before(client, cookies)

    def _follow(self, door: Door, value: str | bytes, answer: TestResponse, showing: list[tuple[str, str]]) -> None:
        """Goes where the answer leads, and to the pages that show these words; calm ones can do no harm there."""
        loud = re.search(r"[<>\"':&]", hostile.seen(value))
        if not (hostile.ALL or value in hostile.DANGEROUS):
            return
        if answer.status_code in (302, 303):
            self.look(door.who, answer.headers["Location"], value)
        for who, path in showing if loud else ():
            self.look(who, path, value)

    def as_before(self, client: FlaskClient, cookies: dict[Any, Any]) -> None:
        """Takes back what was done, and who the client has become."""
        client._cookies = dict(cookies)
        self.undo.restore()

    def judge(self, what: str, door: Door, name: str, value: str | bytes, answer: TestResponse) -> bool:
        """Notes what is wrong with the answer; whether it was accepted."""
        self.count += 1
        typed, status = hostile.seen(value), answer.status_code
        where = f"{what} {door.who} {door.method} {door.path[:90]} {name}={typed[:60]!r}: {status}"
        if status >= 500:
            self.wrong.append(where)
        if status >= 400 and (trouble := _badly_refused(answer)):
            self.wrong.append(f"{where} {trouble}")
        if status == 422 and door.kinds.get(name) in TYPED and (lost := _lost(answer.text, name, hostile.raw(value))):
            self.wrong.append(f"{where} does not keep it but {lost[:80]}")
        if trouble := self.shapes.trouble(answer, typed, where):
            self.wrong.append(f"{where} {trouble}")
        goes = answer.headers.get("Location", "/")
        if urlsplit(goes).netloc not in ("", "localhost") or goes.startswith(("//", "/\\")) or re.search(r"\s", goes):
            self.wrong.append(f"{where} leads to {goes}")
        if (status >= 400 or door.method == "GET") and (changes := self.undo.changes()):
            self.wrong.append(f"{where} changed {changes}")
        return status < 400

    def look(self, who: str, path: str, value: str | bytes) -> None:
        """Opens a page on which the words may stand."""
        self.count += 1
        answer = self.client(who).get(path)
        found = self.shapes.trouble(answer, hostile.seen(value), path) if answer.status_code < 500 else "broken"
        if found:
            self.wrong.append(f"{who} {path[:90]} after {hostile.seen(value)[:60]!r}: {answer.status_code} {found}")

    def shows(self, door: Door) -> list[tuple[str, str]]:
        """The pages on which the marker stands now; each page once, as who sent it if they may."""
        once = {rule.endpoint: (who, path) for who, rule, path in reversed(self.pages)}
        once |= {rule.endpoint: (who, path) for who, rule, path in self.pages if who == door.who}
        return [(who, path) for who, path in once.values() if MARKER.encode() in self.client(who).get(path).data]

    def told(self) -> str:
        """What was wrong, the same for many strings once, with how often."""
        alike: dict[str, list[str]] = {}
        for line in self.wrong:
            where, _, what = line.partition("=")
            alike.setdefault(where + re.sub(r"^.*?: (?=\d{3})", " ", what)[:60], []).append(line)
        return "\n".join(f"{len(lines)} times: {lines[0][:300]}" for lines in alike.values())


def _badly_refused(answer: TestResponse) -> str:
    if answer.mimetype == "application/json":
        return "" if (answer.get_json() or {}).get("kalimat") else "without a sentence"
    if answer.mimetype != "text/html" or '<html lang="id"' not in answer.text:
        return f"is no page in Bahasa Indonesia but {answer.mimetype}"
    if found := _ENGLISH.search(answer.text):
        return f"says {found[0]!r}"
    main = _MAIN.search(answer.text)
    return "" if main and _SENTENCE.search(main[0]) else "without a sentence"


def _lost(page: str, name: str, raw: bytes) -> str | None:
    """What stands in the field instead of what was typed; None when it was kept."""
    typed = raw.decode("utf-8", "replace")
    tag = re.search(rf'<(?:input|textarea)\b[^>]*\bname="{name}"[^>]*>(?:\n?(?P<area>[^<]*)</textarea>)?', page)
    if tag is None:
        return "has no such field"
    value = re.search(r'\bvalue="([^"]*)"', tag[0]) if tag["area"] is None else None
    kept = html.unescape(tag["area"] if tag["area"] is not None else value[1] if value else "")
    # In an address, bytes that are no text stay written as they came: %FF.
    return None if hostile.plainly(kept) in (hostile.plainly(typed), quote(raw, safe="")) else repr(kept)
