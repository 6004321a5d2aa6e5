"""The page of one course: what it teaches, how long it takes, what it costs in data, when it is completed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.builders import NOON
from tests.builders_course import COURSE, a_course_files
from tests.builders_rows import a_version
from tests.inspector import send, visit


@pytest.fixture
def contoh(db: Session) -> None:
    a_version(db, number=7, jp=2, minutes=90, kb=20)
    db.commit()


def test_a_visitor_reads_what_the_course_asks_and_gives(contoh: None, guest: FlaskClient) -> None:
    page = visit(guest, "/kursus/contoh")
    assert page.soup.h1.get_text() == "Kursus Contoh"
    for words in (
        "Setelah kursus ini Anda dapat memeriksa pesan dan menutup pintu.",
        "Aman digital",
        "Dasar 2",
        "2 JP (90 menit)",
        "2 kuis dan tes akhir",
        "80 (dari 100)",
        "23 November 2026",
        "Modul 1. Membaca Pesan",
        "Modul 2. Menutup Pintu",
        "memeriksa pesan",
        "memilih langkah berikutnya",
        "Praktik: Latihan",
        "Setiap kuis modul lulus dengan nilai 70 atau lebih.",
        "Tes akhir lulus dengan nilai 80 atau lebih. Ada 3 percobaan, lalu tunggu 24 jam.",
        "Tes awal boleh dilewati.",
        "Versi 7, terbit 23 November 2026. Penulis: Tim Penguji. Lisensi isi: CC BY 4.0.",
    ):
        assert words in page.text, words
    assert len(page.soup.select("main .kb")) >= 5
    assert not page.soup.select("main details li a"), "lessons are for those who enrolled"


def test_the_one_next_step_is_to_follow_the_course(contoh: None, guest: FlaskClient) -> None:
    button = visit(guest, "/kursus/contoh").soup.select_one(".btn.next")
    assert button is not None
    form = button.find_parent("form")
    assert form is not None
    assert (form["method"], form["action"]) == ("post", "/kursus/contoh/ikuti")
    assert form.select("input[name=csrf_token]")


def test_a_guest_who_presses_the_button_makes_an_account_first_and_comes_back(contoh: None, guest: FlaskClient) -> None:
    reply = send(guest, "/kursus/contoh/ikuti", 302)
    assert reply.location == "/daftar?lanjut=/kursus/contoh"


def test_the_newest_version_is_shown(contoh: None, db: Session, guest: FlaskClient) -> None:
    changed = COURSE.replace('judul = "Kursus Contoh"', 'judul = "Kursus Baru"')
    a_version(db, number=8, title="Kursus Baru", files=a_course_files(**{"course.toml": changed}), published_at=NOON)
    db.commit()
    page = visit(guest, "/kursus/contoh")
    assert page.soup.h1.get_text() == "Kursus Baru"
    assert "Versi 8" in page.text


@pytest.mark.parametrize("slug", ["tidak-ada", "CONTOH", "contoh.", "%2e%2e", "a" * 5000, "<script>", "%F0%9F%98%80"])
def test_a_course_that_does_not_exist_is_not_found(contoh: None, guest: FlaskClient, slug: str) -> None:
    visit(guest, f"/kursus/{slug}", 404)


def test_markup_in_a_course_stays_text(db: Session, guest: FlaskClient) -> None:
    hostile = COURSE.replace('judul = "Kursus Contoh"', 'judul = "<script>alert(1)</script>"').replace(
        'penulis = "Tim Penguji"', 'penulis = "<img src=x onerror=alert(1)>"'
    )
    a_version(db, title="<script>alert(1)</script>", files=a_course_files(**{"course.toml": hostile}))
    db.commit()
    for address in ("/kursus", "/kursus/contoh", "/"):
        page = visit(guest, address)
        assert "<script>alert" not in page.html
        assert "<img" not in page.html


def test_the_page_costs_few_statements_and_the_course_is_read_once(
    contoh: None, guest: FlaskClient, queries_made: Callable[[], Any]
) -> None:
    made = []
    for _ in range(2):
        with queries_made() as statements:
            visit(guest, "/kursus/contoh")
        made.append(len(statements))
    assert made == [2, 1]
