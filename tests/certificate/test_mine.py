"""Sari's certificates, and which come next."""

from __future__ import annotations

import re

from app.certificate import lifecycle
from app.certificate.code import grouped
from app.enrollment.rules import POST
from tests.builders import NOON
from tests.certificate.cast import certified, finish, writing
from tests.inspector import visit


def test_without_a_course_sari_is_shown_where_to_begin(sari):
    page = visit(sari, "/sertifikat")
    assert "Anda belum punya sertifikat." in page.text
    assert page.soup.select_one(".btn.next")["href"] == "/kursus"


def test_sari_finds_her_certificate_with_its_paper_and_its_link(app, db, sari):
    made = certified(app, db, sari.person)
    page = visit(sari, "/sertifikat")
    card = page.soup.select_one(".cert")
    for fact in (
        "Sari Contoh",
        "Kursus Contoh",
        "2 JP (1 JP = 45 menit)",
        "Memuaskan",
        "23 November 2026",
        made.number,
    ):
        assert fact in card.get_text(" "), fact
    code = grouped(made.code)
    assert page.soup.select_one("input[readonly]")["value"] == f"{app.config['BASE_URL']}/sertifikat/{code}"
    paper = page.soup.select_one(".btn.next")
    assert paper["href"] == f"/sertifikat/{code}/unduh"
    said = int(re.search(r"\((\d+) KB\)", paper.get_text())[1])
    size = len(sari.get(paper["href"]).data)
    assert (said - 1) * 1000 < size <= said * 1000
    assert page.soup.select_one(f'main a[href="/sertifikat/{code}"]')
    assert not re.search(r"\b85\b", page.text)  # her score is hers, and not on the card that she may show around


def test_the_link_for_whatsapp_carries_the_address(app, db, sari):
    made = certified(app, db, sari.person)
    (link,) = visit(sari, "/sertifikat").soup.select('a[href^="https://wa.me/"]')
    assert grouped(made.code) in link["href"] and "noreferrer" in link["rel"]


def test_a_finished_course_without_certificate_comes_first(app, db, sari):
    certified(app, db, sari.person, "kursus-lain")
    finish(db, sari.person)
    page = visit(sari, "/sertifikat")
    assert page.soup.select_one(".btn.next")["href"] == "/belajar/contoh/sertifikat"


def test_courses_on_the_way_say_what_is_left(db, sari):
    finish(db, sari.person, "satu", without=(POST, "kuis:pintu"))
    finish(db, sari.person, "dua", without=(POST,))
    page = visit(sari, "/sertifikat")
    assert "Tinggal 1 modul dan tes akhir" in page.text
    assert "Tinggal tes akhir" in page.text


def test_a_revoked_certificate_says_why_and_offers_no_paper(app, db, sari):
    made = certified(app, db, sari.person)
    with writing(app) as s:
        lifecycle.revoke(s, made.code, "Diterbitkan ganda.", None, NOON)
    page = visit(sari, "/sertifikat")
    assert "Dicabut" in page.text and "Diterbitkan ganda." in page.text
    assert not page.soup.select('a[href$="/unduh"]')


def test_what_is_valid_stands_before_what_is_revoked(app, db, sari):
    valid, revoked = (certified(app, db, sari.person, slug) for slug in ("satu", "dua"))
    with writing(app) as s:
        lifecycle.revoke(s, revoked.code, "Diterbitkan ganda.", None, NOON)
    page = visit(sari, "/sertifikat")
    assert [card.select_one(".code").get_text() for card in page.soup.select(".cert")] == [
        grouped(valid.code),
        grouped(revoked.code),
    ]
    assert page.soup.select_one(".btn.next")["href"] == f"/sertifikat/{grouped(valid.code)}/unduh"


def test_joko_sees_nothing_of_sari(app, db, sari, joko):
    certified(app, db, sari.person)
    assert "Sari" not in visit(joko, "/sertifikat").text


def test_guests_and_ibu_dewi_have_no_certificates_here(client, dewi):
    assert client.get("/sertifikat").location.startswith("/masuk")
    assert dewi.get("/sertifikat").status_code == 403


def test_twelve_certificates_cost_as_many_statements_as_one(app, db, sari, queries_made):
    for number in range(12):
        certified(app, db, sari.person, f"kursus-{number}")
    for number in range(12, 15):
        finish(db, sari.person, f"kursus-{number}", without=(POST,))
    with queries_made() as made:
        page = visit(sari, "/sertifikat")
    assert len(page.soup.select(".cert")) == 12
    assert len(made) <= 5


def test_in_english_the_page_is_whole(app, db, sari):
    certified(app, db, sari.person)
    sari.set_cookie("bahasa", "en")
    page = visit(sari, "/sertifikat")
    assert page.soup.html["lang"] == "en"
