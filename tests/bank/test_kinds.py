"""The figures of every kind of question: what is counted of an answer, and the page about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import clock
from app.course.item import KINDS, Kind
from tests.bank.crowd import Answers, a_class
from tests.builders_rows import a_version
from tests.inspector import visit
from tests.quiz.kinds import NAMES, RIGHT, WRONG, a_course_of_all_kinds

FILES = a_course_of_all_kinds()
ITEMS = [NAMES[kind] for kind in KINDS]
# What the table calls the key, or what most people wrote; and how many of sixty chose it.
SHOWN: dict[Kind, str] = {
    "single_choice": "B. Menelepon nomor di kartu.", "multiple_response": "A. Batas waktu yang pendek.",
    "true_false": "B. Salah", "ordering": "1. Menutup sambungan telepon.", "matching": "A. Menyetujui transaksi",
    "hotspot_text": "A. hangus jam 12", "short_text": "penipuan", "number": "3.45", "cloze": "A. OTP",
    "picture_choice": "A. Gembok yang tertutup",
}  # fmt: skip


def half_right(n: int) -> Answers:
    return {NAMES[kind]: RIGHT[kind] if n % 2 else WRONG[kind] for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_this_kind_says_who_answered_what(db: Session, budi: FlaskClient, kind: Kind) -> None:
    a_class(
        db, a_version(db, files=FILES), 60, half_right, items=ITEMS, at=clock.now() - timedelta(days=2), files=FILES
    )
    page = visit(budi, f"/menulis/contoh/soal/{NAMES[kind]}")
    cells = [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]
        for row in page.soup.select("main .table tbody tr")
    ]
    mine = next(row for row in cells if row[0].removesuffix(" Kunci") == SHOWN[kind])
    assert "30" in mine[-2], mine
    kpis = page.soup.select_one(".kpis")
    assert kpis is not None and "60" in kpis.get_text()


@pytest.mark.parametrize("kind", KINDS)
def test_before_anybody_answered_it_shows_what_is_written(db: Session, budi: FlaskClient, kind: Kind) -> None:
    a_version(db, files=FILES)
    db.commit()
    page = visit(budi, f"/menulis/contoh/soal/{NAMES[kind]}")
    shown = [line.get_text(" ", strip=True) for line in page.soup.select("section .lines li")]
    assert shown and any("Kunci" in line for line in shown) is (kind != "ordering"), shown


def test_the_list_takes_all_kinds_at_once(db: Session, budi: FlaskClient) -> None:
    a_class(
        db, a_version(db, files=FILES), 60, half_right, items=ITEMS, at=clock.now() - timedelta(days=2), files=FILES
    )
    text = budi.get("/menulis/contoh/soal/unduh.csv?kuis=kuis&modul=pesan").text
    visit(budi, "/menulis/contoh/soal")
    assert all(f"\r\n{item}," in text or f",{item}," in text for item in ITEMS)
