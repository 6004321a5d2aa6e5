from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.models import Recovery, User
from app.mail import Letter
from tests.builders import PASSWORD, a_person, signed_in
from tests.databases import settings_for
from tests.inspector import inspect, send, visit

NEW = "jaring-angin-batu"


@pytest.fixture
def settings(database: str, tmp_path: Any) -> dict[str, Any]:
    return settings_for(database, tmp_path) | {"SMTP_HOST": "surel.contoh"}


@pytest.fixture
def registered(db: Session) -> User:
    sari = a_person(db, "Sari Contoh", username="sari", email="sari@surel.contoh")
    a_person(db, "Joko Contoh", username="joko")
    db.commit()
    return sari


def code_for(arif: FlaskClient, person: User) -> str:
    page = inspect(send(arif, f"/kelola/orang/{person.id}/kode", 200), "kode")
    return page.soup.select_one(".code").get_text().strip()


def test_sari_comes_back_with_a_code_from_the_desk(
    app: Flask, guest: FlaskClient, arif: FlaskClient, registered: User, db: Session
) -> None:
    thief = signed_in(app, db, registered)
    code = code_for(arif, registered)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", code)
    visit(guest, "/pulihkan")
    assert (
        send(guest, "/pulihkan", 302, masuk="SARI", kode=code.lower().replace("-", " "), sandi_baru=NEW).location
        == "/masuk"
    )
    assert thief.get("/akun").status_code == 302
    send(guest, "/masuk", 422, masuk="sari", sandi=PASSWORD)
    send(guest, "/masuk", 302, masuk="sari", sandi=NEW)


def test_a_code_works_once(app: Flask, guest: FlaskClient, arif: FlaskClient, registered: User) -> None:
    code = code_for(arif, registered)

    def use(n: int) -> int:
        return (
            app.test_client()
            .post("/pulihkan", data={"masuk": "sari", "kode": code, "sandi_baru": f"{NEW}-{n}"})
            .status_code
        )

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(use, range(8)))
    assert answers == [302] + [422] * 7


def test_a_code_runs_out_after_half_an_hour(
    guest: FlaskClient, arif: FlaskClient, registered: User, db: Session
) -> None:
    code = code_for(arif, registered)
    row = db.scalars(sa.select(Recovery)).one()
    assert row.expires_at - row.created_at == timedelta(minutes=30)
    assert row.code_hash != code
    row.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    db.commit()
    send(guest, "/pulihkan", 422, masuk="sari", kode=code, sandi_baru=NEW)


def test_a_newer_code_ends_the_older_one(guest: FlaskClient, arif: FlaskClient, registered: User) -> None:
    older, newer = code_for(arif, registered), code_for(arif, registered)
    send(guest, "/pulihkan", 422, masuk="sari", kode=older, sandi_baru=NEW)
    send(guest, "/pulihkan", 302, masuk="sari", kode=newer, sandi_baru=NEW)


def test_a_weak_password_does_not_use_the_code_up(guest: FlaskClient, arif: FlaskClient, registered: User) -> None:
    code = code_for(arif, registered)
    send(guest, "/pulihkan", 422, masuk="sari", kode=code, sandi_baru="password123")
    send(guest, "/pulihkan", 302, masuk="sari", kode=code, sandi_baru=NEW)


def test_another_persons_code_a_wrong_code_and_an_unknown_name_read_alike(
    guest: FlaskClient, arif: FlaskClient, registered: User
) -> None:
    code = code_for(arif, registered)
    told = set()
    for name, typed in (("joko", code), ("sari", "AAAAA-AAAAA"), ("siti", code), ("bukan nama!", code)):
        page = inspect(send(guest, "/pulihkan", 422, masuk=name, kode=typed, sandi_baru=NEW), "/pulihkan")
        told.add(" | ".join(found.get_text() for found in page.soup.select(".wrong")))
    assert len(told) == 1
    send(guest, "/pulihkan", 302, masuk="sari", kode=code, sandi_baru=NEW)


def test_a_closed_account_is_not_recovered(
    guest: FlaskClient, arif: FlaskClient, registered: User, db: Session
) -> None:
    code = code_for(arif, registered)
    db.execute(sa.update(User).where(User.id == registered.id).values(disabled_at=datetime.now(UTC)))
    db.commit()
    send(guest, "/pulihkan", 422, masuk="sari", kode=code, sandi_baru=NEW)
    assert send(arif, f"/kelola/orang/{registered.id}/kode").status_code == 409


@pytest.mark.parametrize(
    "value", ["", "\x00", "\u202e", "x" * 10_000, "<script>", "=1", "9" * 5_000, "{{7*7}}", "%(x)s"]
)
def test_hostile_words_are_answered_in_a_sentence(guest: FlaskClient, value: str) -> None:
    good = {"masuk": "sari", "kode": "AAAAA-AAAAA", "sandi_baru": NEW}
    for field in good:
        assert send(guest, "/pulihkan", **good | {field: value}).status_code == 422
    assert send(guest, "/pulihkan/surel", surel=value).status_code == 422


def test_a_code_by_letter_answers_alike_for_everybody(guest: FlaskClient, registered: User, db: Session) -> None:
    visit(guest, "/pulihkan/surel")
    pages = set()
    for address in ("sari@surel.contoh", "tidak@ada.contoh"):
        pages.add(inspect(send(guest, "/pulihkan/surel", 200, surel=address), "x").html)
    assert len(pages) == 1
    letter = db.scalars(sa.select(Letter)).one()
    row = db.scalars(sa.select(Recovery)).one()
    assert letter.recipient == "sari@surel.contoh"
    assert row.expires_at - row.created_at == timedelta(hours=2)
    code = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", letter.body)
    assert code is not None
    db.rollback()
    send(guest, "/pulihkan", 302, masuk="sari@surel.contoh", kode=code.group(), sandi_baru=NEW)


def test_a_letter_does_not_end_the_code_from_the_desk(guest: FlaskClient, arif: FlaskClient, registered: User) -> None:
    code = code_for(arif, registered)
    send(guest, "/pulihkan/surel", 200, surel="sari@surel.contoh")
    send(guest, "/pulihkan", 302, masuk="sari", kode=code, sandi_baru=NEW)


def test_without_a_mail_server_nobody_is_sent_to_wait_for_a_letter(app: Flask, guest: FlaskClient) -> None:
    assert "lewat surel" in visit(guest, "/pulihkan").text
    app.config["SMTP_HOST"] = ""
    assert "lewat surel" not in visit(guest, "/pulihkan").text
    assert guest.get("/pulihkan/surel").location == "/pulihkan"
