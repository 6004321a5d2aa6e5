from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts import consents
from app.accounts.models import Consent, LoginSession, User
from app.journal import Event
from tests.builders import PASSWORD, a_person
from tests.inspector import inspect, send, visit

SARI = {
    "nama": "Sari Contoh",
    "masuk": "sari.baru",
    "sandi": "perahu-kuning-tiga",
    "kelurahan": "64.74.01.1001",
    "tahun": "1990",
    "dewasa": "y",
}
ABOUT = {"kelamin": "female", "pendidikan": "5", "pekerjaan": "4"}


def people(db: Session) -> list[User]:
    with Session(db.get_bind().execution_options(writes=False)) as looking:  # type: ignore[union-attr]
        return list(looking.scalars(sa.select(User).order_by(User.id)))


def test_a_guest_registers_in_six_fields_and_is_signed_in(guest: FlaskClient, db: Session) -> None:
    page = visit(guest, "/daftar")
    main = [
        field
        for field in page.soup.select("form .input, form input[type=checkbox]")
        if not field.find_parent("details")
    ]
    assert len(main) == 6
    assert all(field.get("checked") is None for field in page.soup.select("input[type=checkbox]"))

    response = send(guest, "/daftar?lanjut=/kursus/kata-sandi", 302, **SARI)
    assert response.location == "/kursus/kata-sandi"
    [sari] = people(db)
    assert (sari.name, sari.search, sari.username, sari.roles) == (
        "Sari Contoh",
        "sari contoh",
        "sari.baru",
        "resident",
    )
    assert (sari.region, sari.birth_year) == ("64.74.01.1001", 1990)
    assert sari.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert "Sari" in visit(guest, "/akun").text
    assert [event.kind for event in db.scalars(sa.select(Event))] == ["registered"]


def test_without_a_way_on_the_new_person_sees_the_courses(guest: FlaskClient) -> None:
    assert send(guest, "/daftar", 302, **SARI).location == "/kursus"
    assert (
        send(guest, "/daftar?lanjut=https://jahat.example", 302, **SARI | {"masuk": "sari.dua"}).location == "/kursus"
    )


@pytest.mark.parametrize(
    ("typed", "column", "kept"),
    [("0812-3456-7890", "phone", "+6281234567890"), ("Sari@Surel.Contoh", "email", "sari@surel.contoh")],
)
def test_a_phone_number_or_an_address_will_do_as_a_name(
    guest: FlaskClient, db: Session, typed: str, column: str, kept: str
) -> None:
    send(guest, "/daftar", 302, **SARI | {"masuk": typed})
    [sari] = people(db)
    assert getattr(sari, column) == kept
    assert [getattr(sari, other) for other in ("username", "phone", "email")].count(None) == 2


def test_the_password_stays_as_it_was_typed(guest: FlaskClient, app: Flask) -> None:
    send(guest, "/daftar", 302, **SARI | {"sandi": "  Perahu kuning tiga  "})
    send(app.test_client(), "/masuk", 422, masuk="sari.baru", sandi="Perahu kuning tiga")
    send(app.test_client(), "/masuk", 302, masuk="sari.baru", sandi="  Perahu kuning tiga  ")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("nama", "", "Tulis nama lengkap Anda."),
        ("nama", "   ", "Tulis nama lengkap Anda."),
        ("nama", "12345", "Tulis nama Anda dengan huruf."),
        ("nama", "S" * 121, "paling panjang 120 huruf"),
        ("nama", "Sari\x00", "huruf yang tidak dapat ditampilkan"),
        ("nama", "Sari\u202egnotnoC", "huruf yang tidak dapat ditampilkan"),
        ("masuk", "", "Tulis nama pengguna, nomor HP, atau surel Anda."),
        ("masuk", "s\x00ari", "huruf yang tidak dapat ditampilkan"),
        ("masuk", "x" * 10_000, "paling panjang 254 huruf"),
        ("sandi", "", "Kata sandi paling sedikit 10 huruf"),
        ("sandi", "perahu", "Kata sandi paling sedikit 10 huruf"),
        ("sandi", "password123", "terlalu sering dipakai"),
        ("sandi", "saricontoh1990", "mudah ditebak dari nama"),
        ("sandi", "x1" * 5_000, "paling panjang 200 huruf"),
        ("kelurahan", "", "Pilih kelurahan tempat Anda tinggal."),
        ("kelurahan", "64.74.99.1001", "Pilih kelurahan dari daftar."),
        ("tahun", "85", "Tahun lahir harus 4 angka"),
        ("tahun", "1٩90", "Tahun lahir harus 4 angka"),
        ("tahun", "9" * 5_000, "Tahun lahir harus 4 angka"),
        ("tahun", "1850", "Periksa tahun lahir Anda"),
        ("tahun", "9999", "Periksa tahun lahir Anda"),
        ("dewasa", "", "Centang jika Anda berusia 18 tahun"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_is_stored(
    guest: FlaskClient, db: Session, field: str, value: str, sentence: str
) -> None:
    response = send(guest, "/daftar", 422, **SARI | {field: value})
    page = inspect(response, "/daftar")
    assert sentence in page.soup.select_one(f"#{field}-e").get_text()
    assert page.soup.select_one(".errors") is not None
    assert page.soup.select_one("#sandi").get("value") is None
    if field not in ("masuk", "nama"):
        assert page.soup.select_one("#masuk")["value"] == "sari.baru"
    assert people(db) == []


def test_the_summary_follows_the_order_of_the_page(guest: FlaskClient) -> None:
    page = inspect(send(guest, "/daftar", 422, kelamin="female"), "/daftar")
    assert [a["href"] for a in page.soup.select(".errors a")] == [
        "#nama", "#masuk", "#sandi", "#kelurahan", "#tahun", "#dewasa", "#setuju",
    ]  # fmt: skip


def test_somebody_under_18_reads_where_to_learn_and_leaves_no_trace(guest: FlaskClient, db: Session) -> None:
    page = inspect(send(guest, "/daftar", 422, **SARI | {"tahun": "2015"}), "/daftar")
    assert "kelas dengan izin orang tua" in page.text
    assert people(db) == []


# What databases take differently is typed into this form on both by tests/house/test_hostile_fields.py.
@pytest.mark.sqlite
@pytest.mark.parametrize("field", ["nama", "masuk", "kelurahan", "tahun", "dewasa", "kelamin", "pekerjaan", "setuju"])
@pytest.mark.parametrize(
    "value",
    [
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "'; DROP TABLE person; --",
        "\x00\x01\u202e\ufffe",
        "9" * 10_000,
        "{{7*7}}%(x)s%s",
        "\ud7ff\U0010ffff",
        "-1",
    ],
)
def test_hostile_words_never_break_the_page(guest: FlaskClient, field: str, value: str) -> None:
    response = send(guest, "/daftar", **SARI | {field: value})
    assert response.status_code in (302, 422)
    assert b"<script>alert" not in response.data


def test_files_arrays_and_broken_bytes_are_answered_in_a_sentence(guest: FlaskClient, db: Session) -> None:
    files: dict[str, Any] = {name: (BytesIO(b"x"), "x.txt") for name in SARI}
    assert guest.post("/daftar", data=files).status_code == 422
    assert guest.post("/daftar", data={f"{name}[]": value for name, value in SARI.items()}).status_code == 422
    assert guest.post("/daftar", json=SARI).status_code == 422
    broken = guest.post("/daftar", data=b"nama=%ff%fe&masuk=\xff\xfe", content_type="application/x-www-form-urlencoded")
    assert 400 <= broken.status_code < 500
    assert people(db) == []


def test_optional_facts_are_kept_only_with_their_own_consent(guest: FlaskClient, db: Session) -> None:
    page = inspect(send(guest, "/daftar", 422, **SARI | ABOUT), "/daftar")
    assert "Centang persetujuan" in page.text
    assert page.soup.select_one("details").has_attr("open")
    assert people(db) == []

    send(guest, "/daftar", 302, **SARI | ABOUT | {"setuju": "y"})
    [sari] = people(db)
    assert (sari.gender, sari.education, sari.occupation) == ("female", 5, 4)
    noted = {row.purpose: row for row in db.scalars(sa.select(Consent))}
    assert set(noted) == {consents.ADULT, consents.ABOUT_ME}
    sentence = page.soup.select_one("label:has(#setuju) span").get_text()
    assert noted[consents.ABOUT_ME].text_hash == hashlib.sha256(sentence.encode()).hexdigest()
    assert noted[consents.ABOUT_ME].given
    assert noted[consents.ABOUT_ME].text_version == f"{consents.VERSION}/id"


def test_a_tick_without_facts_is_no_consent(guest: FlaskClient, db: Session) -> None:
    send(guest, "/daftar", 302, **SARI | {"setuju": "y"})
    assert [row.purpose for row in db.scalars(sa.select(Consent))] == [consents.ADULT]


def test_pressing_twice_is_the_same_account(guest: FlaskClient, app: Flask, db: Session) -> None:
    send(guest, "/daftar", 302, **SARI)
    again = app.test_client()
    send(again, "/daftar", 302, **SARI)
    assert again.get("/akun").status_code == 200
    assert len(people(db)) == 1
    assert db.scalar(sa.select(sa.func.count()).select_from(Event)) == 1


def test_joko_cannot_take_saris_name(guest: FlaskClient, app: Flask, db: Session) -> None:
    send(guest, "/daftar", 302, **SARI)
    joko = app.test_client()
    response = send(
        joko, "/daftar", 422, **SARI | {"nama": "Joko Contoh", "sandi": "jaring-angin-batu", "masuk": "SARI.Baru"}
    )
    assert "sudah dipakai" in inspect(response, "/daftar").text
    assert joko.get("/akun").status_code == 302
    assert [person.name for person in people(db)] == ["Sari Contoh"]


def test_a_closed_account_is_not_entered_by_registering_again(guest: FlaskClient, db: Session) -> None:
    closed = a_person(db, "Sari Contoh", username="sari.baru")
    closed.disabled_at = closed.created_at
    db.commit()
    send(guest, "/daftar", 422, **SARI | {"sandi": PASSWORD})
    assert guest.get("/akun").status_code == 302


def test_nobody_gives_themself_more_than_a_resident_has(guest: FlaskClient, db: Session) -> None:
    send(
        guest,
        "/daftar",
        302,
        **SARI | {"roles": "admin", "role": "admin", "peran": "admin", "id": "1", "disabled_at": "x"},
    )
    assert people(db)[0].roles == "resident"


def test_twenty_identical_registrations_at_once_make_one_person(app: Flask, db: Session) -> None:
    def press(_: int) -> tuple[int, int]:
        client = app.test_client()
        return client.post("/daftar", data=SARI).status_code, client.get("/akun").status_code

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(press, range(20)))
    assert set(answers) == {(302, 200)}
    assert len(people(db)) == 1
    assert [event.kind for event in db.scalars(sa.select(Event))] == ["registered"]
    assert db.scalar(sa.select(sa.func.count()).select_from(Consent)) == 1
    assert db.scalar(sa.select(sa.func.count()).select_from(LoginSession)) == 20


def test_who_is_signed_in_is_not_asked_to_register(sari: FlaskClient) -> None:
    assert sari.get("/daftar").location == "/belajar"


def test_the_page_is_read_in_english_too(guest: FlaskClient) -> None:
    guest.set_cookie("bahasa", "en")
    assert visit(guest, "/daftar").soup.html["lang"] == "en"
