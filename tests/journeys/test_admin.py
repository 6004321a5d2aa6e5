"""Arif at the desk: he finds a person, gives a role, and helps somebody who forgot the password."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.inspector import visit
from tests.journeys.story import follow, press, register

FORGOTTEN = "perahu-kuning-tiga"
NEW = "dermaga-senja-ulin-dua"


def test_arif_helps_rina_back_in_and_makes_her_a_trainer(app: Flask, db: Session, arif: FlaskClient) -> None:
    rina = app.test_client()
    register(rina, visit(rina, "/daftar"), "Rina Contoh", "rina.contoh")

    page = press(arif, follow(arif, visit(arif, "/"), "Kelola"), "Cari", cari="rina")
    assert "1 orang cocok" in page.text
    person = follow(arif, page, "Rina Contoh")
    page = press(arif, person, "Beri pelatih")
    assert "sudah diberikan" in page.text
    assert "Menulis kursus" in visit(rina, "/menulis").text

    page = press(arif, person, "Buat kode pemulihan")
    code = page.soup.select_one(".name.code").get_text(strip=True)  # type: ignore[union-attr]
    assert re.fullmatch(r"[0-9A-Z]{5}-?[0-9A-Z]{5}", code), code

    phone = app.test_client()
    page = follow(phone, visit(phone, "/masuk"), "Lupa kata sandi?")
    assert page.url == "/pulihkan"
    wrong = press(phone, page, "Simpan kata sandi baru", masuk="rina.contoh", kode="AAAAA-AAAAA", sandi_baru=NEW)
    assert wrong.status == 422
    page = press(phone, page, "Simpan kata sandi baru", masuk="rina.contoh", kode=code.lower(), sandi_baru=NEW)
    assert page.url == "/masuk" and "Kata sandi baru tersimpan" in page.text

    other = app.test_client()
    assert press(other, visit(other, "/masuk"), "Masuk", masuk="rina.contoh", sandi=FORGOTTEN).status == 422
    assert press(other, visit(other, "/masuk"), "Masuk", masuk="rina.contoh", sandi=NEW).status == 200
    thief = app.test_client()
    again = press(
        thief, visit(thief, "/pulihkan"), "Simpan kata sandi baru", masuk="rina.contoh", kode=code, sandi_baru=NEW + "x"
    )
    assert again.status == 422, "a code works once"

    log = follow(arif, visit(arif, "/kelola"), "Catatan tindakan")
    assert log.text.count("Rina Contoh") >= 2 and code not in log.html and NEW not in log.html


def test_arif_closes_an_account_and_opens_it_again(app: Flask, arif: FlaskClient, sari: FlaskClient) -> None:
    person = visit(arif, f"/kelola/orang/{sari.person.id}")  # type: ignore[attr-defined]
    asked = follow(arif, person, "Nonaktifkan akun")
    assert visit(sari, "/belajar").status == 200, "asking changes nothing"
    page = press(arif, asked, "Nonaktifkan akun")
    assert sari.get("/belajar").status_code == 302
    press(arif, page, "Aktifkan akun")
    fresh = app.test_client()
    page = press(fresh, visit(fresh, "/masuk"), "Masuk", masuk=sari.person.username, sandi=FORGOTTEN)  # type: ignore[attr-defined]
    assert page.url == "/belajar"
