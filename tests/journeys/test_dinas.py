"""Ibu Dewi reports: she sees the city's figures, never a name, and the file says what the page says."""

from __future__ import annotations

import csv
import io

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import background, clock, journal
from tests.builders import a_person
from tests.inspector import Page, visit
from tests.journeys.story import SLUG, follow, learn, press, publish, register, sit

_HIDDEN = {"<5", "••• disembunyikan"}


def _neighbours(db: Session, many: int, region: str) -> None:
    """People of one kelurahan who enrolled today."""
    for number in range(many):
        person = a_person(db, f"Tetangga {number}", region=region, gender=("female", "male")[number % 2])
        journal.record(db, "registered", clock.now(), person=person.id)
        journal.record(db, "enrolled", clock.now(), person=person.id, course=SLUG, pillar="aman", version=1)
    db.commit()


def _table(page: Page, title: str) -> dict[str, list[str]]:
    """The rows of the table under this heading: what each is called, and its cells."""
    heading = next(one for one in page.soup.find_all("h2") if title in one.get_text())
    table = heading.find_next("table")
    rows = {}
    for row in table.select("tbody tr, tfoot tr"):  # type: ignore[union-attr]
        name = " ".join(row.th.get_text(" ").split()).lstrip("0123456789 ")
        rows[name] = [" ".join(cell.get_text(" ").split()) for cell in row.select("td.n")]
    return rows


def test_dewi_sees_what_the_city_learned_and_the_file_equals_the_page(
    app: Flask, db: Session, guest: FlaskClient, dewi: FlaskClient
) -> None:
    publish(app, db)
    _neighbours(db, 12, "64.74.01.1001")
    _neighbours(db, 7, "64.74.02.1001")
    _neighbours(db, 2, "64.74.03.1001")
    assert "Belum ada data." in visit(dewi, "/statistik").text

    register(guest, visit(guest, "/daftar"))
    page = follow(
        guest, press(guest, visit(guest, f"/kursus/{SLUG}"), "Ikuti kursus ini"), "Lewati, langsung ke materi"
    )
    sit(guest, press(guest, learn(guest, page), "Mulai tes akhir"), right=True)

    assert background.do_due(app) > 0
    assert background.do_due(app) == 0, "what was counted is not counted again"
    page = follow(dewi, visit(dewi, "/"), "Rekap")
    page = press(dewi, page, "Terapkan", periode="semua", cakupan="semua", rincian="gender")
    assert "Sari Contoh" not in page.html and "Tetangga" not in page.html, "figures, never names"
    places = _table(page, "elurahan")
    assert places["Bontang Kuala"][0] == "13", "twelve neighbours and Sari"
    assert places["Jumlah"][0] == "22"

    answer = dewi.get(next(one["href"] for one in page.soup.find_all("a") if "CSV (data terbuka)" in one.get_text()))
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert "Sari Contoh" not in answer.text and "Tetangga" not in answer.text
    _same(places, [row for row in rows if row["tabel"] == "region"] or rows)


def _same(shown: dict[str, list[str]], rows: list[dict[str, str]]) -> None:
    """Every number of the page stands in the file, and what the page hides the file leaves empty."""
    compared = hidden = 0
    for name, cells in shown.items():
        first = next(row for row in rows if row["nama"] == name and row["ukuran"] == "learners" and not row["rincian"])
        if cells[0] in _HIDDEN:
            assert (first["nilai"], first["status_nilai"]) == ("", "S"), name
            hidden += 1
        else:
            assert first["nilai"] == cells[0].replace(".", ""), name
        compared += 1
    assert compared >= 16 and hidden >= 1


def test_sari_and_the_trainer_do_not_see_figures(sari: FlaskClient, budi: FlaskClient) -> None:
    for client in (sari, budi):
        visit(client, "/statistik", 403)
