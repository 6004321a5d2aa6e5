"""When something is refused, missing or broken: one page, one clear sentence, nothing lost, nothing leaked."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, request
from flask.testing import FlaskClient
from limits import parse
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from app.access import public
from app.db import transaction
from app.errors import N_, Refused
from app.failures import WORDS
from app.mail import Letter
from app.throttle import count
from tests.inspector import Page, inspect, send

LEAKS = re.compile(r"Traceback|File \"|sqlite3|psycopg|sqlalchemy|werkzeug|/srv/|site-packages|SELECT|INSERT", re.I)


def told(reply: TestResponse, status: int) -> Page:
    """The page of a refusal, inspected; it leaks nothing and is kept by nobody."""
    assert reply.status_code == status, reply.text[:500]
    page = inspect(reply, reply.request.path)
    assert not LEAKS.search(page.text), page.text
    assert reply.headers["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in reply.headers
    assert len(page.soup.select(".btn.next")) == 1
    return page


@pytest.fixture
def house(app: Flask) -> Flask:
    """The application with doors behind which things go wrong."""

    @app.get("/uji/tolak")
    @public
    def refuse() -> str:
        raise Refused(N_("Kursus %(title)s belum dibuka."), title="<b>Baru</b> 100% s")

    @app.get("/uji/rusak")
    @public
    def broken() -> str:
        raise RuntimeError("SELECT rahasia FROM /srv/cakap")

    @app.get("/uji/kode/<int:status>")
    @public
    def with_status(status: int) -> str:
        found = HTTPException("pesan dalam bahasa lain")
        found.code = status
        raise found

    @app.post("/uji/tulis")
    @public
    def write() -> str:
        with transaction() as session:
            session.add(Letter(recipient="a", subject="b", body="c", due_at=sa.func.now()))
        return "ditulis"

    @app.post("/uji/terima")
    @public
    def accept() -> str:
        return str(len(request.form))

    @app.get("/uji/sering")
    @public
    def often() -> str:
        count(parse("2/minute"), "uji")
        return "baik"

    return app


@pytest.fixture
def visitor(house: Flask) -> FlaskClient:
    return house.test_client()


@pytest.mark.parametrize(
    "address", ["/tidak-ada", "/kursus/tidak-ada", "/static/tidak-ada.css", "/.env", "/wp-login.php"]
)
def test_what_is_not_there_is_not_found(guest: FlaskClient, address: str) -> None:
    page = told(guest.get(address), 404)
    assert page.soup.h1.get_text() == "Halaman ini tidak ada"
    assert page.soup.select(".btn.next")[0]["href"] == "/"


def test_a_resident_is_led_back_to_learning(sari: FlaskClient, dewi: FlaskClient) -> None:
    assert told(sari.get("/tidak-ada"), 404).soup.select(".btn.next")[0]["href"] == "/belajar"
    assert told(dewi.get("/tidak-ada"), 404).soup.select(".btn.next")[0]["href"] == "/"
    assert told(sari.get("/statistik"), 403).soup.h1.get_text() == "Halaman ini bukan untuk akun Anda"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST", "TRACE", "CONNECT", "QUATSCH"])
def test_an_act_nobody_offers_is_refused(guest: FlaskClient, method: str) -> None:
    reply = guest.open("/kursus", method=method)
    page = told(reply, 405)
    assert page.soup.h1.get_text() == "Tindakan ini tidak dikenal"
    assert set(reply.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("address", ["/%00", "/kursus/a%00b", "/kursus?q=%00", "/kursus?a%01=1", "/x%E2%80%AEy"])
def test_an_address_with_control_characters_is_refused(guest: FlaskClient, sari: FlaskClient, address: str) -> None:
    for who in (guest, sari):
        assert told(who.get(address), 400).soup.h1.get_text() == "Permintaan ini tidak dapat dibaca"


def test_a_refusal_is_a_sentence_with_its_facts_as_text(visitor: FlaskClient) -> None:
    page = told(visitor.get("/uji/tolak"), 409)
    assert page.soup.h1.get_text() == "Belum dapat dilakukan"
    assert "Kursus <b>Baru</b> 100% s belum dibuka." in page.text


@pytest.mark.parametrize("status", [401, 406, 408, 410, 411, 414, 415, 418, 422, 431, 451, 501, 502, 504])
def test_every_other_status_has_a_page_in_our_words(visitor: FlaskClient, status: int) -> None:
    page = told(visitor.get(f"/uji/kode/{status}"), status)
    title, _sentence = WORDS.get(status, WORDS[400 if status < 500 else 500])
    assert page.soup.h1.get_text() == title
    assert "bahasa lain" not in page.html


def test_what_is_too_large_is_refused(visitor: FlaskClient) -> None:
    page = told(
        visitor.post("/uji/terima", data=b"a=" + b"x" * 3_000_000, content_type="application/x-www-form-urlencoded"),
        413,
    )
    assert page.soup.h1.get_text() == "Kiriman terlalu besar"
    many = {f"isian{number}": "x" for number in range(500)}
    told(visitor.post("/uji/terima", data=many, content_type="multipart/form-data"), 413)
    long = {"isian": "x" * 1_200_000}
    told(visitor.post("/uji/terima", data=long, content_type="multipart/form-data"), 413)
    assert visitor.post("/uji/terima", data={"isian": "x" * 10_000}).text == "1"


def test_who_writes_json_reads_json(visitor: FlaskClient) -> None:
    for address, status in (("/tidak-ada", 404), ("/uji/tolak", 409), ("/uji/rusak", 500)):
        reply = visitor.get(address, headers={"Accept": "application/json"})
        assert (reply.status_code, reply.mimetype) == (status, "application/json")
        assert set(reply.get_json()) == {"judul", "kalimat"}
        assert not LEAKS.search(reply.text)


class TestTooOften:
    """With limits switched on."""

    @pytest.fixture
    def settings(self, settings: dict[str, Any]) -> dict[str, Any]:
        return settings | {"COUNT_TRIES": True}

    def test_who_asks_too_often_is_asked_to_wait(self, visitor: FlaskClient) -> None:
        assert [visitor.get("/uji/sering").status_code for _ in range(2)] == [200, 200]
        reply = visitor.get("/uji/sering")
        assert told(reply, 429).soup.h1.get_text() == "Terlalu banyak percobaan"
        assert int(reply.headers["Retry-After"]) > 0


class TestStaleForms:
    """With the protection of forms switched on."""

    @pytest.fixture
    def settings(self, settings: dict[str, Any]) -> dict[str, Any]:
        return settings | {"WTF_CSRF_ENABLED": True}

    def test_what_was_typed_is_given_back_and_secrets_are_not(self, visitor: FlaskClient) -> None:
        essay = 'Catatan saya <b>panjang</b> "kutip" ' + "kata " * 30
        typed = {
            "catatan": essay,
            "sandi": "rahasia-" * 10,
            "sandi_baru": "r" * 60,
            "kode": "k" * 60,
            "csrf_token": "t" * 60,
        }
        reply = visitor.post("/uji/terima", data=typed | {"pendek": "a"})
        page = told(reply, 400)
        assert page.soup.h1.get_text() == "Formulir ini sudah kedaluwarsa"
        kept = {box.get_text() for box in page.soup.select("textarea")}
        assert kept == {essay}
        assert "rahasia-" not in page.html
        assert page.soup.select("textarea")[0].has_attr("readonly")

    def test_a_form_without_its_token_changes_nothing(self, visitor: FlaskClient, db: Session) -> None:
        for data in ({}, {"csrf_token": ""}, {"csrf_token": "palsu"}, {"csrf_token": "x" * 9000}):
            told(visitor.post("/uji/tulis", data=data), 400)
        assert db.scalars(sa.select(Letter.id)).all() == []


def test_what_breaks_gives_a_ticket_and_no_trace(visitor: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "app.failures"):
        page = told(visitor.get("/uji/rusak"), 500)
    assert page.soup.h1.get_text() == "Terjadi kendala di pihak kami"
    ticket = page.soup.select_one("main .code")
    assert ticket is not None
    assert re.fullmatch(r"[0-9A-F]{6}", ticket.get_text())
    found = next(record for record in caplog.records if ticket.get_text() in record.getMessage())
    assert found.exc_info is not None
    assert "SELECT rahasia" in str(found.exc_info[1])
    assert "rahasia" not in page.html


def test_english_people_read_it_in_english(guest: FlaskClient) -> None:
    guest.set_cookie("bahasa", "en")
    page = told(guest.get("/tidak-ada"), 404)
    assert page.soup.html["lang"] == "en"
    assert "Halaman" not in page.soup.h1.get_text()


def test_a_refused_form_of_ours_is_not_lost(guest: FlaskClient) -> None:
    """A real form with a wrong field comes back with what was typed, not with an error page."""
    reply = send(guest, "/daftar", 422, nama="Sari Contoh", masuk="x")
    assert "Sari Contoh" in inspect(reply, "/daftar").html
