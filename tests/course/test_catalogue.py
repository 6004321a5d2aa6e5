"""The catalogue: people find a course by its words, pillar, level, minutes and size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.course.rules import Filters, folded, terms
from tests.builders_rows import a_version
from tests.inspector import Page, visit


def titles(page: Page) -> list[str]:
    return [" ".join(found.get_text().split()) for found in page.soup.select("main article h3")]


@pytest.fixture
def shelf(db: Session) -> None:
    """Three courses, one of them in two versions."""
    a_version(
        db, "penipuan", code="K03", title="Tolak Penipuan", pillar="aman", level=2, minutes=270, kb=400,
        words=folded("K03 Tolak Penipuan Kode OTP dan tautan palsu 100% gratis"),
    )  # fmt: skip
    a_version(db, "akun", code="K02", title="Nama Lama", pillar="aman", level=1, minutes=135, words="nama lama")
    a_version(
        db, "akun", code="K02", title="Akun Aman", pillar="aman", level=1, minutes=135, kb=150,
        words=folded("K02 Akun Aman Kata sandi kuat"),
    )  # fmt: skip
    a_version(
        db, "kabar", code="K04", title="Cek Kabar", pillar="budaya", level=5, minutes=180, kb=151,
        words=folded("K04 Cek Kabar Memeriksa kabar di kafé"),
    )  # fmt: skip
    db.commit()


def test_all_courses_stand_by_code_each_once_in_its_newest_version(shelf: None, guest: FlaskClient) -> None:
    page = visit(guest, "/kursus")
    assert titles(page) == ["Akun Aman", "Tolak Penipuan", "Cek Kabar"]
    assert "3 kursus" in page.text
    assert "yang cocok" not in page.text
    assert "Nama Lama" not in page.text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=otp", ["Tolak Penipuan"]),
        ("q=OTP+tautan", ["Tolak Penipuan"]),
        ("q=tautan+OTP", ["Tolak Penipuan"]),
        ("q=otp+kabar", []),
        ("q=KAFE", ["Cek Kabar"]),
        ("q=kaf%C3%A9", ["Cek Kabar"]),
        ("q=k02", ["Akun Aman"]),
        ("q=nama+lama", []),
        ("q=%25", ["Akun Aman", "Tolak Penipuan", "Cek Kabar"]),
        ("q=__", []),
        ("q=100%25+gratis", ["Tolak Penipuan"]),
        ("q=%25_%25", ["Akun Aman", "Tolak Penipuan", "Cek Kabar"]),
        ("q=%27%3B+DROP+TABLE+course_version--", []),
        ("pilar=aman", ["Akun Aman", "Tolak Penipuan"]),
        ("pilar=budaya&q=cek", ["Cek Kabar"]),
        ("tingkat=dasar", ["Akun Aman", "Tolak Penipuan"]),
        ("tingkat=menengah", []),
        ("tingkat=mahir", ["Cek Kabar"]),
        ("menit=135", ["Akun Aman"]),
        ("menit=180", ["Akun Aman", "Cek Kabar"]),
        ("kb=150", ["Akun Aman"]),
        ("kb=300", ["Akun Aman", "Cek Kabar"]),
        ("kb=300&menit=135&tingkat=dasar&pilar=aman&q=sandi", ["Akun Aman"]),
    ],
)
def test_warga_finds_what_fits_and_nothing_else(shelf: None, guest: FlaskClient, asked: str, found: list[str]) -> None:
    page = visit(guest, f"/kursus?{asked}")
    assert titles(page) == found
    assert f"{len(found)} kursus yang cocok" in page.text
    if not found:
        assert "Tidak ada kursus yang cocok. Kurangi saringan, atau pakai kata lain." in page.text
    assert page.soup.find("a", string="Hapus saringan")


@pytest.mark.parametrize(
    "asked",
    [
        "pilar=uang",
        "pilar=aman'--",
        "tingkat=sulit",
        "menit=abc",
        "menit=-1",
        "menit=99999999999999999999999",
        "menit=%D9%A1%D9%A3%D9%A5",
        "kb=1e3",
        "kb=",
        "pilar[]=aman&menit[]=135",
        "q=+++",
        "tidakada=1",
    ],
)
def test_a_filter_that_makes_no_sense_counts_as_none(shelf: None, guest: FlaskClient, asked: str) -> None:
    page = visit(guest, f"/kursus?{asked}")
    assert len(titles(page)) == 3
    assert "yang cocok" not in page.text


@pytest.mark.parametrize(
    "asked", ["q=" + "a" * 10_000, "q=%E2%80%8B%E2%80%8F", "q=%FF%FE", "q=<script>alert(1)</script>"]
)
def test_hostile_words_find_nothing_and_break_nothing(shelf: None, guest: FlaskClient, asked: str) -> None:
    page = visit(guest, f"/kursus?{asked}")
    assert "<script>alert" not in page.html
    assert len(page.soup.select("#q")[0]["value"]) <= 80


@pytest.mark.parametrize("sign", ["%00", "%0b", "%e2%80%ae"])
def test_an_address_with_control_characters_is_refused_in_a_sentence(guest: FlaskClient, sign: str) -> None:
    assert "tidak dapat dibaca" in visit(guest, f"/kursus?q=a{sign}b", 400).text


def test_what_was_chosen_stays_chosen(shelf: None, guest: FlaskClient) -> None:
    soup = visit(guest, "/kursus?q=aman+%22&pilar=aman&tingkat=dasar&menit=270&kb=500").soup
    assert soup.select("#q")[0]["value"] == 'aman "'
    chosen = {found.find_parent("select")["name"]: found["value"] for found in soup.select("option[selected]")}
    assert chosen == {"tingkat": "dasar", "menit": "270", "kb": "500"}
    assert soup.select("input[name=pilar]")[0]["value"] == "aman"
    assert soup.select(".pillars [aria-current]")[0].get_text(strip=True) == "Aman"


def test_without_courses_the_catalogue_says_so(guest: FlaskClient) -> None:
    page = visit(guest, "/kursus")
    assert "Belum ada kursus yang terbit." in page.text


def test_thirty_courses_cost_as_many_statements_as_two(
    db: Session, guest: FlaskClient, queries_made: Callable[[], Any]
) -> None:
    made = []
    for many in (2, 28):
        for number in range(many):
            a_version(db, f"kursus-{many}-{number}")
        db.commit()
        with queries_made() as statements:
            visit(guest, "/kursus?q=kursus&pilar=aman")
        made.append(len(statements))
    assert made[0] == made[1] <= 2


def test_words_are_folded_and_only_six_count() -> None:
    assert folded("  Kafé\n  ÉLANG ") == "kafe elang"
    assert terms("a bb CC dé e ff gg hh ii jj") == ["bb", "cc", "de", "ff", "gg", "hh"]
    assert not Filters().any
    assert Filters(kb=150).any
