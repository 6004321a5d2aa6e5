"""Sari learns: from the front page to a certificate in her hand."""

from __future__ import annotations

from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.enrollment.models import Enrollment
from app.journal import Event
from tests.inspector import visit
from tests.journeys.story import SLUG, follow, land, learn, post, press, publish, register, sit


@pytest.fixture(autouse=True)
def course(app: Flask, db: Session) -> None:
    publish(app, db)


def test_sari_registers_without_mail_learns_passes_and_holds_her_certificate(guest: FlaskClient, db: Session) -> None:
    page = visit(guest, "/")
    page = follow(guest, follow(guest, page, "Lihat semua kursus"), "Kursus Contoh")
    page = press(guest, page, "Ikuti kursus ini")
    assert page.url.startswith("/daftar"), "who has no account is led to one"
    page = register(guest, page)
    assert page.url == f"/kursus/{SLUG}", "and comes back to the course"

    page = press(guest, page, "Ikuti kursus ini")
    assert page.url.endswith("/tes-awal") and "boleh dilewati" in page.text
    thanks = sit(guest, press(guest, page, "Mulai tes awal"), right=False)
    assert "Terima kasih, tes awal selesai" in thanks.text
    assert "Jawaban benar" not in thanks.text and "Penjelasan" not in thanks.text, "a pre-test shows no answers"

    early = visit(guest, f"/belajar/{SLUG}/tes-akhir")
    assert "Mulai tes akhir" not in early.text
    assert "Yang masih kurang" in visit(guest, f"/belajar/{SLUG}/sertifikat").text

    page = learn(guest, thanks)
    failed = sit(guest, press(guest, page, "Mulai tes akhir"), right=False)
    assert "Belum lulus" in failed.text and "tersisa 2 percobaan" in failed.text
    page = follow(guest, failed, "Coba lagi, tersisa 2 percobaan")
    passed = sit(guest, press(guest, page, "Coba lagi dengan soal baru"), right=True)
    assert "Anda lulus dengan nilai 100" in passed.text
    assert "Kursus selesai" in visit(guest, f"/belajar/{SLUG}").text

    page = follow(guest, passed, "Lihat sertifikat")
    asked = press(guest, page, "Terbitkan sertifikat")
    assert asked.status == 422, "the name is confirmed before it is printed for good"
    page = press(guest, asked, "Terbitkan sertifikat", **{"nama": "Sari Dewi Contoh", "benar": "y"})
    assert "Sari Dewi Contoh" in page.text and "Sertifikat Anda sudah terbit" in page.text
    link = page.soup.find("a", string=lambda words: words is not None and "Unduh PDF" in words) or next(
        one for one in page.soup.find_all("a") if "Unduh PDF" in one.get_text()
    )
    paper = guest.get(str(link["href"]))
    assert paper.mimetype == "application/pdf"
    text = " ".join("".join(sheet.extract_text() for sheet in PdfReader(BytesIO(paper.data)).pages).split())
    assert "Sari Dewi Contoh" in text and "Kursus Contoh" in text

    again = land(guest, guest.get(f"/belajar/{SLUG}/sertifikat"))
    assert again.url.startswith("/sertifikat"), "claimed twice is claimed once"
    sari = db.scalars(sa.select(User)).one()
    assert (sari.email, sari.phone, sari.username) == (None, None, "sari.baru")
    kinds = [event.kind for event in db.scalars(sa.select(Event).order_by(Event.id))]
    assert [kinds.count(kind) for kind in ("registered", "enrolled", "module", "completed", "certificate")] == [
        1,
        1,
        2,
        1,
        1,
    ]


def test_sari_skips_the_pre_test_and_it_closes_with_the_first_lesson(guest: FlaskClient, db: Session) -> None:
    register(guest, visit(guest, "/daftar"))
    page = press(guest, visit(guest, f"/kursus/{SLUG}"), "Ikuti kursus ini")
    page = follow(guest, page, "Lewati, langsung ke materi")
    assert page.url.endswith("/pesan/materi-1")
    page = press(guest, page, "Selesai, lanjut ke materi 2")
    assert page.url.endswith("/pesan/materi-2")
    assert "Mulai tes awal" not in visit(guest, f"/belajar/{SLUG}/tes-awal").text
    press(guest, visit(guest, f"/kursus/{SLUG}"), "Ikuti kursus ini")
    assert db.scalar(sa.select(sa.func.count(Enrollment.id))) == 1


def test_sari_comes_back_on_another_phone_and_goes_on_where_she_stopped(app: Flask, guest: FlaskClient) -> None:
    register(guest, visit(guest, "/daftar"))
    page = press(guest, visit(guest, f"/kursus/{SLUG}"), "Ikuti kursus ini")
    page = press(guest, follow(guest, page, "Lewati, langsung ke materi"), "Selesai, lanjut ke materi 2")
    phone = app.test_client()
    page = press(phone, visit(phone, "/masuk"), "Masuk", masuk="sari.baru", sandi="perahu-kuning-tiga")
    assert page.url == "/belajar"
    assert follow(phone, page, "Lanjutkan").url.endswith("/pesan/materi-2")


def test_a_form_without_its_token_is_refused(guest: FlaskClient) -> None:
    page = visit(guest, "/daftar")
    page.soup.select_one("main form input[name=csrf_token]").decompose()  # type: ignore[union-attr]
    answer = post(guest, page, "Buat akun", nama="Sari", masuk="sari.baru", sandi="perahu-kuning-tiga")
    assert answer.status_code == 400
