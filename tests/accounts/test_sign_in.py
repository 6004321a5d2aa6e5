from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import LoginSession, User
from tests.builders import PASSWORD, a_person
from tests.inspector import inspect, send, visit


@pytest.fixture
def registered(db: Session) -> User:
    """Sari, who has an account and all three names, but is not signed in."""
    sari = a_person(db, "Sari Contoh", username="sari", phone="+6281234567890", email="sari@surel.contoh")
    db.commit()
    return sari


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("cakap")
    assert cookie is not None
    return cookie.value


def carrying(app: Flask, cookie: str) -> FlaskClient:
    """Another browser with this very cookie."""
    thief = app.test_client()
    thief.set_cookie("cakap", cookie)
    return thief


@pytest.mark.parametrize("typed", ["sari", "SARI ", "0812-3456-7890", "+62 812 3456 7890", "Sari@Surel.Contoh"])
def test_sari_signs_in_with_any_of_her_names(guest: FlaskClient, registered: User, typed: str) -> None:
    visit(guest, "/masuk")
    assert send(guest, "/masuk", 302, masuk=typed, sandi=PASSWORD).location == "/belajar"
    visit(guest, "/akun")


@pytest.mark.parametrize(
    ("roles", "first"), [("admin resident", "/kelola"), ("analyst", "/statistik"), ("resident trainer", "/menulis")]
)
def test_a_duty_decides_where_somebody_begins(guest: FlaskClient, db: Session, roles: str, first: str) -> None:
    a_person(db, "Budi Contoh", username="budi", roles=roles)
    db.commit()
    assert send(guest, "/masuk", 302, masuk="budi", sandi=PASSWORD).location == first


def test_wrong_password_and_unknown_name_read_alike(guest: FlaskClient, registered: User) -> None:
    bodies = []
    for typed in ("sari", "siti", "0899-9999-9999", "bukan nama!", "tidak@ada.contoh"):
        response = send(guest, "/masuk", 422, masuk=typed, sandi="bukan-sandi-ini")
        page = inspect(response, "/masuk")
        assert page.soup.select_one("#masuk").attrs.pop("value") == typed
        page.soup.select_one("[name=csrf_token]").decompose()
        bodies.append(str(page.soup))
    assert len(set(bodies)) == 1
    assert "tidak cocok" in bodies[0]


# No database is asked where an address leads.
@pytest.mark.sqlite
@pytest.mark.parametrize(
    "target",
    [
        "//jahat.example", "/\\jahat.example", "/%09/jahat.example", "/\t/jahat.example", "/\n/jahat.example",
        "https:jahat.example", "/%2f%2fjahat.example",
        "\\\\jahat.example", "http:///jahat.example", "https://jahat.example", "/x@jahat.example", "／／jahat.example",
        "/\tjahat.example", "/%5cjahat.example", "javascript:alert(1)", "///jahat.example", "/a//b", "data:text/html,x",
    ],
)  # fmt: skip
def test_nobody_is_led_to_another_site(guest: FlaskClient, registered: User, target: str) -> None:
    # As the address bar sends it, and once more encoded as a form would.
    for query in (f"lanjut={quote(target, safe='%/:@')}", urlencode({"lanjut": target})):
        for response in (
            guest.post(f"/masuk?{query}", data={"masuk": "sari", "sandi": PASSWORD}),
            guest.get(f"/masuk?{query}"),
        ):
            assert response.status_code in (302, 400)
            if response.status_code == 302:
                assert urlsplit(urljoin("http://localhost/masuk", response.location)).netloc == "localhost"
                assert "//" not in response.location
                assert response.location in ("/belajar", "/%09/jahat.example")


def test_a_way_inside_is_kept_through_a_mistake(guest: FlaskClient, registered: User) -> None:
    page = inspect(send(guest, "/masuk?lanjut=/kursus/x?y=1", 422, masuk="sari", sandi="salah-sekali-ya"), "/masuk")
    action = page.soup.select_one("form[method=post]")["action"]
    assert send(guest, action, 302, masuk="sari", sandi=PASSWORD).location == "/kursus/x?y=1"


def test_a_planted_cookie_does_not_survive_the_sign_in(app: Flask, guest: FlaskClient, registered: User) -> None:
    with guest.session_transaction() as session:
        session["planted"] = "yes"
        session["_user_id"] = "chosen-by-somebody"
    planted = cookie_of(guest)
    send(guest, "/masuk", 302, masuk="sari", sandi=PASSWORD)
    with guest.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"] != "chosen-by-somebody"
    assert carrying(app, planted).get("/akun").status_code == 302


def test_signing_in_again_ends_the_session_before(app: Flask, guest: FlaskClient, registered: User) -> None:
    send(guest, "/masuk", 302, masuk="sari", sandi=PASSWORD)
    old = cookie_of(guest)
    send(guest, "/masuk", 302, masuk="sari", sandi=PASSWORD)
    assert carrying(app, old).get("/akun").status_code == 302
    assert guest.get("/akun").status_code == 200


def test_signing_out_ends_the_session_on_the_server(app: Flask, guest: FlaskClient, registered: User) -> None:
    send(guest, "/masuk", 302, masuk="sari", sandi=PASSWORD)
    stolen = cookie_of(guest)
    assert carrying(app, stolen).get("/akun").status_code == 200
    response = send(guest, "/keluar", 302)
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert carrying(app, stolen).get("/akun").status_code == 302
    assert guest.get("/akun").status_code == 302
    send(guest, "/keluar", 302)


def test_looking_at_the_sign_out_address_signs_nobody_out(sari: FlaskClient) -> None:
    assert sari.get("/keluar").status_code == 405
    assert sari.get("/akun").status_code == 200


def test_a_shared_device_forgets_after_two_hours(guest: FlaskClient, registered: User, db: Session) -> None:
    response = send(guest, "/masuk", 302, masuk="sari", sandi=PASSWORD, bersama="y")
    cookies = response.headers.getlist("Set-Cookie")
    assert not any("expires" in cookie.lower() for cookie in cookies if cookie.startswith("cakap="))
    assert not any(cookie.startswith("cakap-perangkat=") for cookie in cookies)
    row = db.scalars(sa.select(LoginSession)).one()
    assert row.shared
    assert row.expires_at - row.created_at == timedelta(hours=2)
    row.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    db.commit()
    assert guest.get("/akun").status_code == 302


def test_an_own_device_stays_signed_in_for_sixty_days(guest: FlaskClient, registered: User, db: Session) -> None:
    response = send(guest, "/masuk", 302, masuk="sari", sandi=PASSWORD)
    [cookie] = [one for one in response.headers.getlist("Set-Cookie") if one.startswith("cakap=")]
    assert "Expires=" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    row = db.scalars(sa.select(LoginSession)).one()
    assert row.expires_at - row.created_at == timedelta(days=60)


def test_the_database_does_not_hold_what_the_cookie_holds(guest: FlaskClient, registered: User, db: Session) -> None:
    send(guest, "/masuk", 302, masuk="sari", sandi=PASSWORD)
    with guest.session_transaction() as session:
        token = session["_user_id"]
    row = db.scalars(sa.select(LoginSession)).one()
    assert row.token_hash != token
    assert str(registered.id) != token


@pytest.mark.parametrize("change", ["disabled_at", "deleted_at"])
def test_a_closed_account_is_out_within_one_request(sari: FlaskClient, db: Session, change: str) -> None:
    assert sari.get("/akun").status_code == 200
    db.execute(sa.update(User).values({change: datetime.now(UTC)}))
    db.commit()
    assert sari.get("/akun").status_code == 302


def test_a_closed_account_reads_why_only_with_its_password(guest: FlaskClient, db: Session) -> None:
    a_person(db, "Sari Contoh", username="sari", disabled_at=datetime.now(UTC))
    db.commit()
    assert "dinonaktifkan" in send(guest, "/masuk", 422, masuk="sari", sandi=PASSWORD).text
    assert "dinonaktifkan" not in send(guest, "/masuk", 422, masuk="sari", sandi="bukan-sandi-ini").text


def test_an_older_hash_is_made_anew_at_the_next_sign_in(guest: FlaskClient, db: Session) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    person = a_person(db, "Sari Contoh", username="sari", password_hash=weak)
    db.commit()
    send(guest, "/masuk", 302, masuk="sari", sandi=PASSWORD)
    db.refresh(person)
    assert person.password_hash != weak
    db.rollback()
    send(guest, "/masuk", 302, masuk="sari", sandi=PASSWORD)


@pytest.mark.parametrize("value", ["\x00", "\u202e", "x" * 10_000, "'; --", "%", "=1", "{{7*7}}", ""])
def test_hostile_words_are_answered_in_a_sentence(guest: FlaskClient, value: str) -> None:
    assert send(guest, "/masuk", masuk=value, sandi="perahu").status_code == 422
    assert send(guest, "/masuk", masuk="sari", sandi=value).status_code == 422
    assert guest.get("/masuk", query_string={"lanjut": value}).status_code in (200, 400)


def test_knowing_who_is_here_costs_one_statement(
    app: Flask, sari: FlaskClient, queries_made: Callable[[], Any]
) -> None:
    with sari.session_transaction() as cookie:
        token = cookie["_user_id"]
    with Session(app.extensions["db"]) as session, queries_made() as made:
        user = queries.signed_in(session, token, datetime.now(UTC))
    assert len(made) == 1
    assert user is not None
    assert (user.short_name, user.is_resident, user.get_id()) == ("Sari", True, token)
    assert token not in repr(user)


def test_a_made_up_token_is_nobody(app: Flask, db: Session) -> None:
    for token in ("", "1", "x" * 5_000, "\x00", "' OR 1=1 --"):
        assert queries.signed_in(db, token, datetime.now(UTC)) is None
