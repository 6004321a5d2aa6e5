from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts import consents, export, leaving
from app.accounts.models import Consent, LoginSession, Recovery, User
from app.journal import Event
from app.mail import Letter
from tests.builders import NOON, PASSWORD, signed_in
from tests.inspector import inspect, send, visit

ABOUT = {"kelamin": "male", "pendidikan": "8", "pekerjaan": "9", "setuju": "y"}
PAGES = ["/akun", "/akun/profil", "/akun/isian-opsional", "/akun/sandi", "/akun/data", "/akun/hapus"]


def fresh(db: Session, client: FlaskClient) -> User:
    with Session(db.get_bind().execution_options(writes=False)) as looking:  # type: ignore[union-attr]
        return looking.scalars(sa.select(User).where(User.id == client.person.id)).one()  # type: ignore[attr-defined]


@pytest.mark.parametrize("url", PAGES)
def test_my_pages_are_whole_and_mine(sari: FlaskClient, guest: FlaskClient, url: str) -> None:
    page = visit(sari, url)
    assert page.response.headers["Cache-Control"] == "no-store"
    assert guest.get(url).location.startswith("/masuk?lanjut=")


@pytest.mark.parametrize("url", PAGES)
def test_my_pages_cost_few_statements(
    app: Flask, sari: FlaskClient, db: Session, queries_made: Callable[[], Any], url: str
) -> None:
    for _ in range(10):
        signed_in(app, db, sari.person)  # type: ignore[attr-defined]
    with queries_made() as made:
        visit(sari, url)
    # The copy asks once for each kind of thing that is held.
    assert len(made) <= (16 if url == "/akun/data" else 4)


def test_sari_corrects_her_name_and_kelurahan(sari: FlaskClient, db: Session) -> None:
    send(sari, "/akun/profil", 302, nama="  Sari   Indah ", kelurahan="luar")
    row = fresh(db, sari)
    assert (row.name, row.search, row.region) == ("Sari Indah", "sari indah", "luar")
    page = inspect(send(sari, "/akun/profil", 422, nama="", kelurahan="64.74"), "/akun/profil")
    assert len(page.soup.select(".wrong")) == 2
    assert fresh(db, sari).name == "Sari Indah"


@pytest.mark.parametrize("value", ["\x00", "\u202e", "x" * 10_000, "<script>", "=cmd", "9" * 10_000, "%s{{7*7}}", "-1"])
def test_hostile_words_in_my_forms_are_answered_in_a_sentence(sari: FlaskClient, value: str) -> None:
    for url, fields in (
        ("/akun/profil", ("nama", "kelurahan")),
        ("/akun/isian-opsional", ("kelamin", "pendidikan", "pekerjaan", "setuju")),
        ("/akun/sandi", ("sandi_lama", "sandi_baru")),
        ("/akun/hapus", ("sandi",)),
    ):
        for field in fields:
            assert send(sari, url, **{field: value}).status_code in (302, 422)
    assert sari.get("/akun").status_code == 200


def test_optional_facts_come_with_consent_and_go_with_it(sari: FlaskClient, db: Session) -> None:
    send(sari, "/akun/isian-opsional", 422, **{key: value for key, value in ABOUT.items() if key != "setuju"})
    assert fresh(db, sari).gender is None
    send(sari, "/akun/isian-opsional", 302, **ABOUT)
    row = fresh(db, sari)
    assert (row.gender, row.education, row.occupation) == ("male", 8, 9)
    assert "Tarik persetujuan" in visit(sari, "/akun").text

    send(sari, "/akun/isian-opsional/tarik", 302)
    send(sari, "/akun/isian-opsional/tarik", 302)
    row = fresh(db, sari)
    assert (row.gender, row.education, row.occupation) == (None, None, None)
    words = db.execute(sa.select(Consent.purpose, Consent.given).order_by(Consent.id)).all()
    assert [tuple(word) for word in words] == [(consents.ABOUT_ME, True), (consents.ABOUT_ME, False)]


def test_a_new_password_signs_every_other_device_out(app: Flask, sari: FlaskClient, db: Session) -> None:
    phone = signed_in(app, db, sari.person)  # type: ignore[attr-defined]
    before = sari.get_cookie("cakap")
    assert before is not None
    send(sari, "/akun/sandi", 422, sandi_lama="bukan-ini-sandinya", sandi_baru="jaring-angin-batu")
    assert phone.get("/akun").status_code == 200
    send(sari, "/akun/sandi", 302, sandi_lama=PASSWORD, sandi_baru="jaring-angin-batu")
    assert phone.get("/akun").status_code == 302
    assert sari.get("/akun").status_code == 200
    stolen = app.test_client()
    stolen.set_cookie("cakap", before.value)
    assert stolen.get("/akun").status_code == 302
    name = sari.person.username  # type: ignore[attr-defined]
    send(app.test_client(), "/masuk", 422, masuk=name, sandi=PASSWORD)
    send(app.test_client(), "/masuk", 302, masuk=name, sandi="jaring-angin-batu")


def test_a_weak_new_password_is_refused(sari: FlaskClient) -> None:
    for weak in ("pendek", "password123", "saricontoh77"):
        page = inspect(send(sari, "/akun/sandi", 422, sandi_lama=PASSWORD, sandi_baru=weak), "/akun/sandi")
        assert page.soup.select_one("#sandi_baru-e") is not None


def test_sari_signs_one_device_out_and_then_all_others(app: Flask, sari: FlaskClient, db: Session) -> None:
    phone, laptop = (signed_in(app, db, sari.person) for _ in range(2))  # type: ignore[attr-defined]
    forms = visit(sari, "/akun").soup.select("form[action$=keluarkan]")
    assert len(forms) == 2
    newest = forms[0]["action"]
    send(sari, newest, 302)
    send(sari, newest, 302)
    assert laptop.get("/akun").status_code == 302
    assert phone.get("/akun").status_code == 200
    send(sari, "/akun/perangkat/keluarkan-lain", 302)
    assert phone.get("/akun").status_code == 302
    assert sari.get("/akun").status_code == 200


def test_joko_cannot_sign_saris_devices_out(sari: FlaskClient, joko: FlaskClient, db: Session) -> None:
    device = db.scalar(sa.select(LoginSession.id).where(LoginSession.user_id == sari.person.id))  # type: ignore[attr-defined]
    db.rollback()
    foreign = joko.post(f"/akun/perangkat/{device}/keluarkan")
    missing = joko.post("/akun/perangkat/2147483647/keluarkan")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.data == missing.data
    assert joko.post(f"/akun/perangkat/{10**30}/keluarkan").status_code == 404
    assert sari.get("/akun").status_code == 200


def test_sari_reads_and_downloads_everything_held_about_her(sari: FlaskClient, joko: FlaskClient) -> None:
    send(sari, "/akun/isian-opsional", 302, **ABOUT)
    page = visit(sari, "/akun/data")
    for words in ("Sari Contoh", "Bontang Kuala", "1990", "Laki-laki", "Penguji", "Statistik dari jenis kelamin"):
        assert words in page.text
    assert "Joko" not in page.text
    response = sari.get("/akun/data/unduh")
    assert response.headers["Content-Disposition"].startswith("attachment")
    found = json.loads(response.data)["data"]
    assert found["Profil"][0]["Nama lengkap"] == "Sari Contoh"
    assert found["Pernyataan dan persetujuan"][0]["Setuju"] is True
    assert "hash" not in response.text.lower()
    assert "argon2" not in response.text


def test_another_slice_adds_what_it_holds(sari: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_providers", dict(export._providers))
    export.register("Contoh isi", lambda session, user_id: [{"Nomor": user_id, "Waktu": NOON, "Kosong": None}])
    page = visit(sari, "/akun/data")
    assert "Contoh isi" in page.text
    assert "23 November 2026 pukul 12.00 WITA" in page.text
    assert json.loads(sari.get("/akun/data/unduh").data)["data"]["Contoh isi"][0]["Waktu"] == NOON.isoformat()


def test_a_deleted_account_keeps_only_its_number_and_its_consents(
    app: Flask, sari: FlaskClient, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    erased: list[int] = []
    monkeypatch.setattr(leaving, "_erasers", [lambda session, user_id, now: erased.append(user_id)])
    phone = signed_in(app, db, sari.person)  # type: ignore[attr-defined]
    number = sari.person.id  # type: ignore[attr-defined]
    db.execute(sa.update(User).where(User.id == number).values(email="sari@surel.contoh", phone="+6281234567890"))
    db.add(Letter(recipient="sari@surel.contoh", subject="x", body="x", due_at=NOON))
    db.add(Recovery(user_id=number, code_hash="x", channel="desk", created_at=NOON, expires_at=NOON))
    db.commit()
    send(sari, "/akun/isian-opsional", 302, **ABOUT)

    visit(sari, "/akun/hapus")
    send(sari, "/akun/hapus", 422, sandi="bukan-ini-sandinya")
    assert fresh(db, sari).deleted_at is None
    response = send(sari, "/akun/hapus", 302, sandi=PASSWORD)
    assert "Clear-Site-Data" in response.headers
    row = fresh(db, sari)
    assert row.name == "Akun terhapus"
    assert row.deleted_at is not None
    for gone in (row.username, row.phone, row.email, row.gender, row.education, row.occupation):
        assert gone is None
    assert (row.search, row.password_hash, row.roles) == ("", "", "")
    assert erased == [number]
    left = {
        table: db.scalar(sa.select(sa.func.count()).select_from(table)) for table in (LoginSession, Recovery, Letter)
    }
    assert set(left.values()) == {0}
    assert db.scalar(sa.select(sa.func.count()).select_from(Consent)) == 1
    assert "deleted" in list(db.scalars(sa.select(Event.kind)))
    db.rollback()
    assert sari.get("/akun").status_code == phone.get("/akun").status_code == 302
    send(app.test_client(), "/masuk", 422, masuk="sari@surel.contoh", sandi=PASSWORD)


def test_who_leaves_reads_first_what_becomes_of_the_certificates(sari: FlaskClient, dewi: FlaskClient) -> None:
    page = visit(sari, "/akun/hapus")
    assert "Sertifikat Anda tetap dapat diperiksa" in page.text and "“Tidak ditemukan”" in page.text
    links = [link["href"] for link in page.soup.select("main a.link")]
    assert links == ["/akun/data", "/sertifikat"]
    assert [link["href"] for link in visit(dewi, "/akun/hapus").soup.select("main a.link")] == ["/akun/data"]


def test_the_name_of_a_deleted_account_is_free_again(app: Flask, sari: FlaskClient) -> None:
    name = sari.person.username  # type: ignore[attr-defined]
    send(sari, "/akun/hapus", 302, sandi=PASSWORD)
    again = {
        "nama": "Sari Baru",
        "masuk": name,
        "sandi": "jaring-angin-batu",
        "kelurahan": "luar",
        "tahun": "1990",
        "dewasa": "y",
    }
    send(app.test_client(), "/daftar", 302, **again)


def test_the_only_admin_cannot_leave(arif: FlaskClient, enter: Callable[..., FlaskClient], db: Session) -> None:
    page = inspect(send(arif, "/akun/hapus", 422, sandi=PASSWORD), "/akun/hapus")
    assert "satu-satunya admin" in page.text
    enter("Ayu Contoh", "admin")
    send(arif, "/akun/hapus", 302, sandi=PASSWORD)


def test_looking_changes_nothing(sari: FlaskClient, db: Session) -> None:
    tables = (User, LoginSession, Consent, Recovery, Event)

    def state() -> list[Any]:
        db.rollback()
        found = [db.execute(sa.select(table.__table__).order_by("id")).all() for table in tables]
        db.rollback()
        return found

    before = state()
    for url in [*PAGES, "/akun/data/unduh", "/pulihkan", "/keluar", "/akun/isian-opsional/tarik"]:
        sari.get(url)
    assert state() == before
