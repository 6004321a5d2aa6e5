"""A device that lies unused is signed out; who comes back goes on where they were, with what they typed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import clock
from app.accounts.models import LoginSession, User
from app.accounts.rules import OWN_IDLE, OWN_NOTED, SHARED_IDLE, SHARED_NOTED, to_note
from tests.builders import NOON, PASSWORD
from tests.inspector import inspect, send, visit

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LONG = "Tulisan yang panjang sekali dan tidak boleh hilang karena perangkat ini lama tidak dipakai."


def seen(db: Session, ago: timedelta | None = None, *, shared: bool = False) -> datetime:
    """Lets the device have been seen so long ago, or reads when it was seen."""
    db.rollback()
    if ago is not None:
        db.execute(sa.update(LoginSession).values(seen_at=clock.now() - ago, shared=shared))
        db.commit()
    found = db.scalars(sa.select(LoginSession.seen_at).order_by(LoginSession.id)).first()
    db.rollback()
    assert found is not None
    return found


def test_a_use_is_noted_every_hour_and_on_a_shared_device_every_five_minutes() -> None:
    assert not to_note(False, NOON, NOON + OWN_NOTED - MINUTE) and to_note(False, NOON, NOON + OWN_NOTED)
    assert not to_note(True, NOON, NOON + SHARED_NOTED - MINUTE) and to_note(True, NOON, NOON + SHARED_NOTED)
    assert SHARED_NOTED * 5 < SHARED_IDLE and OWN_NOTED * 24 < OWN_IDLE, "noted often enough to be fair"


@pytest.mark.parametrize(
    ("shared", "ago", "here"),
    [
        (True, SHARED_IDLE - MINUTE, True),
        (True, SHARED_IDLE + SHARED_NOTED + MINUTE, False),
        (False, SHARED_IDLE + MINUTE, True),
        (False, OWN_IDLE - DAY, True),
        (False, OWN_IDLE + DAY, False),
    ],
)
def test_a_device_that_lies_unused_is_signed_out(
    app: Flask,
    db: Session,
    sari: FlaskClient,
    enter: Callable[..., FlaskClient],
    shared: bool,
    ago: timedelta,
    here: bool,
) -> None:
    seen(db, ago, shared=shared)
    arif = enter("Arif Contoh", "admin")
    devices = visit(arif, f"/kelola/orang/{sari.person.id}").text  # type: ignore[attr-defined]
    answer = sari.get("/akun/sandi?a=1")
    if here:
        assert answer.status_code == 200 and "1 perangkat" in devices
    else:
        assert answer.location == "/masuk?lanjut=/akun/sandi?a%3D1" and "1 perangkat" not in devices


def test_who_keeps_using_a_device_stays_in(db: Session, sari: FlaskClient) -> None:
    for _ in range(3):
        seen(db, SHARED_IDLE - MINUTE, shared=True)
        visit(sari, "/akun")
        assert clock.now() - seen(db) < MINUTE


def test_a_use_is_noted_with_one_statement_and_seldom(
    db: Session, sari: FlaskClient, queries_made: Callable[[], Any]
) -> None:
    seen(db, OWN_NOTED - MINUTE)
    with queries_made() as before:
        visit(sari, "/privasi")
    seen(db, OWN_NOTED + MINUTE)
    with queries_made() as noted:
        visit(sari, "/privasi")
    with queries_made() as after:
        visit(sari, "/privasi")
    assert len(before) == len(after) == 1
    assert [statement.split()[0] for statement in noted] == ["SELECT", "UPDATE"]


def test_a_note_never_wakes_a_device_that_was_signed_out(db: Session, sari: FlaskClient) -> None:
    seen(db, OWN_NOTED + MINUTE)
    send(sari, "/keluar", 302)
    assert clock.now() - seen(db) > OWN_NOTED
    assert sari.get("/akun").status_code == 302


def test_a_page_is_shown_also_when_its_use_cannot_be_noted(app: Flask, db: Session, sari: FlaskClient) -> None:
    """Somebody else writes for a long time: on SQLite the note gives up, on PostgreSQL it does not meet them."""
    seen(db, OWN_NOTED + MINUTE)
    engine: sa.Engine = app.extensions["db"]
    with engine.connect().execution_options(writes=True) as other, other.begin():
        other.execute(sa.update(User).values(region="luar"))
        visit(sari, "/privasi")


def test_pages_opened_at_once_note_the_use_in_peace(app: Flask, db: Session, sari: FlaskClient) -> None:
    seen(db, OWN_NOTED + MINUTE)
    cookie = sari.get_cookie("cakap")
    assert cookie is not None
    answers: list[int] = []

    def look() -> None:
        browser = app.test_client()
        browser.set_cookie("cakap", cookie.value)
        answers.append(browser.get("/akun").status_code)

    tabs = [threading.Thread(target=look) for _ in range(8)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join(30)
    assert answers == [200] * 8
    assert clock.now() - seen(db) < MINUTE


def test_sari_reads_why_she_has_to_sign_in_again_and_comes_back(db: Session, sari: FlaskClient) -> None:
    name = sari.person.username  # type: ignore[attr-defined]
    seen(db, OWN_IDLE + DAY)
    page = visit(sari, sari.get("/akun/profil").location)
    assert "Anda sudah keluar di perangkat ini." in page.text
    assert "Anda sudah keluar" not in visit(sari, page.url).text, "said once"
    action = page.soup.select_one("form[method=post]")["action"]
    assert send(sari, action, 302, masuk=name, sandi=PASSWORD).location == "/akun/profil"


def test_what_sari_typed_is_given_back(db: Session, sari: FlaskClient) -> None:
    seen(db, OWN_IDLE + DAY)
    headers = {"Referer": "http://localhost/akun/profil?x=1"}
    answer = sari.post("/akun/profil", data={"nama": LONG, "kelurahan": "luar", "sandi": LONG * 2}, headers=headers)
    assert answer.status_code == 401
    page = inspect(answer, "/akun/profil")
    assert [box.text.strip() for box in page.soup.select("textarea")] == [LONG], "and never a password"
    assert page.soup.select_one(".btn.next")["href"] == "/masuk?lanjut=/akun/profil?x%3D1"


def test_a_short_form_leads_to_the_sign_in_and_back_to_its_page(db: Session, sari: FlaskClient) -> None:
    for referrer, back in (
        ("http://localhost/akun", "/masuk?lanjut=/akun"),
        ("http://jahat.example/akun", "/masuk"),
        ("http://localhost//jahat.example", "/masuk"),
        ("http://localhost/akun/perangkat/keluarkan-lain", "/masuk"),  # takes forms only: nobody can open it
        ("http://[", "/masuk"),
        ("", "/masuk"),
    ):
        with sari.session_transaction() as cookie:
            cookie["_user_id"] = "over"
        answer = sari.post("/akun/perangkat/keluarkan-lain", headers={"Referer": referrer})
        assert (answer.status_code, answer.location) == (302, back), referrer


def test_who_was_never_signed_in_is_told_nothing_of_it(guest: FlaskClient) -> None:
    answer = guest.post("/akun/profil", data={"nama": LONG})
    assert answer.location == "/masuk"
    assert "Anda sudah keluar" not in visit(guest, "/masuk").text
