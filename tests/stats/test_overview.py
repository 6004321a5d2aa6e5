"""The page of figures: for the analyst alone, right to the last cell, the same cost for ten people or thousands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import clock, journal
from app.stats import actions, report
from app.stats.periods import keys_of, label, parse
from tests.builders import a_person
from tests.inspector import Page, visit
from tests.stats.crowd import Crowd, four_courses
from tests.stats.reader import lines

ALL_TIME = "/statistik?periode=semua"
HOSTILE = (
    "periode=2026-Q9", "periode=2026-13", "periode=0000", "periode=9999-12", "periode=%27%3B+DROP+TABLE+stat_total--",
    "periode=" + "9" * 10_000, "periode[]=semua", "periode=semua&periode=2026", "periode=%F0%9F%92%A9",
    "periode=%D9%A2%D9%A0%D9%A2%D9%A6", "cakupan=kursus:tidak-ada", "cakupan=pilar:", "cakupan=semua'--",
    "cakupan=" + "x" * 5000, "rincian=name", "rincian=region%2Bgender", "rincian=<script>", "rincian=0", "bentuk=pdf",
    "periode=&cakupan=&rincian=", "periode=-1", "periode=1e9", "periode=null", "%FF%FE=%FF",
)  # fmt: skip


def figure(page: Page, name: str) -> str:
    """One of the large figures above the tables."""
    found = next(term for term in page.soup.select(".kpis dt") if term.get_text() == name)
    value = found.find_next("dd")
    assert value is not None
    return value.get_text(strip=True)


def test_only_the_analyst_gets_in(
    guest: FlaskClient, sari: FlaskClient, budi: FlaskClient, arif: FlaskClient, dewi: FlaskClient
) -> None:
    for address in ("/statistik", "/statistik/unduh.csv"):
        reply = guest.get(address)
        assert reply.status_code == 302
        assert reply.location.startswith("/masuk")
        for stranger in (sari, budi, arif):
            assert visit(stranger, address, 403).soup.h1
        assert dewi.get(address).status_code == 200
        assert dewi.post(address).status_code == 405


def test_an_empty_city_has_a_page_too(dewi: FlaskClient) -> None:
    page = visit(dewi, "/statistik")
    assert "Belum ada data." in page.text
    assert figure(page, "Peserta unik") == "0"
    assert figure(page, "Peningkatan belajar") == "–"
    assert len(page.soup.select(".map .kel rect")) == 15


def test_the_page_opens_with_this_quarter_and_everything(dewi: FlaskClient) -> None:
    page = visit(dewi, "/statistik")
    quarter = keys_of(clock.now())[2]
    chosen = {found.find_parent("select")["name"]: found["value"] for found in page.soup.select("option[selected]")}
    assert chosen == {"periode": quarter, "cakupan": "semua", "rincian": "gender"}
    assert f"{label(quarter)}, Semua kursus." in page.text


# What makes no sense never reaches a database.
@pytest.mark.sqlite
@pytest.mark.parametrize("asked", HOSTILE)
def test_a_question_that_makes_no_sense_is_answered_with_the_default(dewi: FlaskClient, asked: str) -> None:
    page = visit(dewi, f"/statistik?{asked}")
    assert "<script>" not in page.html
    chosen = {found.find_parent("select")["name"]: found["value"] for found in page.soup.select("option[selected]")}
    assert parse(chosen["periode"]) is not None
    assert (chosen["cakupan"], chosen["rincian"]) == ("semua", "" if asked.endswith("rincian=") else "gender")
    assert dewi.get(f"/statistik/unduh.csv?{asked}").status_code == 200


def test_control_characters_in_the_question_are_refused(dewi: FlaskClient) -> None:
    visit(dewi, "/statistik?periode=%00", 400)
    visit(dewi, "/statistik/unduh.csv?cakupan=%00", 400)


@pytest.mark.parametrize("many", [6, 130])
@pytest.mark.parametrize(
    "asked", ["", "&rincian=age", "&rincian=", "&cakupan=kursus:satu", "&cakupan=pilar:aman&rincian=age"]
)
def test_page_and_file_agree_cell_by_cell(db: Session, dewi: FlaskClient, many: int, asked: str) -> None:
    four_courses(db)
    Crowd(db, many)
    page = visit(dewi, ALL_TIME + asked)
    told = lines(dewi.get(f"/statistik/unduh.csv?periode=semua{asked}").text)
    names = {label_: code for code, label_, *_ in report.MEASURES} | {"Peningkatan (median poin)": "gain"}
    tables = page.soup.select("main table")
    keys = list(dict.fromkeys(line["tabel"] for line in told))
    order = {one.find_parent("section").h2.get_text(): one for one in tables}
    assert len(order) == len(tables) == len(keys)
    titles = {"region": "Menurut kelurahan", "age": "Menurut kelompok usia", "gender": "Menurut jenis kelamin"}
    titles |= {"pillar": "Menurut pilar", "course": "Menurut kursus"}
    titles |= {
        f"region+{one}": f"Peserta unik menurut kelurahan dan {word}"
        for one, word in (("gender", "jenis kelamin"), ("age", "kelompok usia"))
    }
    for key in keys:
        table = order[titles[key]]
        heads = [head.get_text(strip=True) for head in table.select("thead th")][1:]
        rows = table.select("tbody tr") + table.select("tfoot tr")
        seen = []
        for row in rows:
            name = row.th.get_text(" ", strip=True)
            marks = [
                cell.get_text(" ", strip=True).split(" ")[0]
                for cell in row.find_all("td")
                if "n" in (cell.get("class") or [])
            ]
            seen += [(name, names.get(head, head), mark) for head, mark in zip(heads, marks, strict=True)]
        mine = [line for line in told if line["tabel"] == key]
        assert len(seen) == len(mine)
        for (name, head, mark), line in zip(seen, mine, strict=True):
            assert name.endswith(line["nama"].removeprefix("'"))
            if "+" not in key:
                assert head == line["ukuran"]
            if line["status_nilai"] == "A" and head == "gain":
                assert float(mark.replace(",", ".")) == float(line["nilai"])
            elif line["status_nilai"] == "A":
                assert mark.replace(".", "") == line["nilai"]
            else:
                assert line["nilai"] == ""
                assert mark == "–" if head == "gain" else mark in ("<5", "•••")


def test_the_large_figures_are_those_of_the_city(db: Session, dewi: FlaskClient) -> None:
    four_courses(db)
    crowd = Crowd(db, 130)
    page = visit(dewi, ALL_TIME)
    for code, name, *_ in report.MEASURES:
        if name in page.soup.select_one(".kpis").get_text() and code not in ("tested", "passed"):
            assert figure(page, name).replace(".", "") == str(crowd.counts[(code, "", "*", "")])
    share = crowd.counts[("passed", "", "*", "")] / crowd.counts[("tested", "", "*", "")]
    assert abs(int(figure(page, "Tingkat kelulusan").removesuffix("%")) - 100 * share) <= 0.5
    assert f"n = {crowd.counts[('tested', '', '*', '')]} ikut tes akhir" in page.text
    assert figure(page, "Peningkatan belajar").startswith("+")


def test_nobody_is_named(db: Session, dewi: FlaskClient) -> None:
    four_courses(db)
    crowd = Crowd(db, 40)
    html = dewi.get(ALL_TIME).text
    text = dewi.get("/statistik/unduh.csv?periode=semua").text
    for published in (html, text):
        assert "zuleha" not in published.casefold()
        assert "qismatul" not in published.casefold()
    assert len(crowd.names) == 40


def test_two_thousand_people_cost_as_many_statements_as_ten(
    db: Session, dewi: FlaskClient, queries_made: Callable[[], Any]
) -> None:
    four_courses(db)
    made = []
    for many in (10, 2_000):
        Crowd(db, many, many, busy=many == 10)
        with queries_made() as statements:
            visit(dewi, ALL_TIME)
        made.append(len(statements))
    assert made[0] == made[1] <= 8


def test_the_day_begins_at_midnight_in_bontang(db: Session, dewi: FlaskClient) -> None:
    for number in range(6):
        person = a_person(db, f"Warga {number}")
        journal.record(db, "registered", datetime(2026, 11, 30, 15, 59, tzinfo=UTC), person=person.id)
        journal.record(db, "registered", datetime(2026, 11, 30, 16, 0, tzinfo=UTC), person=person.id)
        journal.record(db, "registered", datetime(2026, 12, 31, 16, 0, tzinfo=UTC), person=person.id)
    db.commit()
    actions.catch_up(db, clock.now())
    db.commit()
    seen = {key: figure(visit(dewi, f"/statistik?periode={key}"), "Peserta terdaftar") for key in
            ("2026-11", "2026-12", "2027-01", "2026-Q4", "2027-Q1", "2026", "2027", "semua", "2025")}  # fmt: skip
    assert seen == {
        "2026-11": "6", "2026-12": "6", "2027-01": "6", "2026-Q4": "12", "2027-Q1": "6", "2026": "12", "2027": "6",
        "semua": "18", "2025": "0",
    }  # fmt: skip


def test_few_people_are_not_counted_out(db: Session, dewi: FlaskClient) -> None:
    for number in range(3):
        journal.record(db, "registered", datetime(2026, 11, 23, tzinfo=UTC), person=a_person(db, f"Warga {number}").id)
    db.commit()
    actions.catch_up(db, clock.now())
    db.commit()
    page = visit(dewi, ALL_TIME)
    assert figure(page, "Peserta terdaftar") == "<5"
    shown = {cell.get_text(strip=True) for cell in page.soup.select("main td.n")}
    assert shown <= {"0", "<5", "•••disembunyikan", "–kurang dari 10 pasangan"}
    told = lines(dewi.get("/statistik/unduh.csv?periode=semua").text)
    assert {line["nilai"] for line in told} == {"0", ""}


@pytest.fixture
def settings(settings: dict[str, Any]) -> dict[str, Any]:
    return settings | {"SMART_LABEL": "Masyarakat Cerdas (Uji)"}


def test_the_agency_chooses_what_the_report_is_called(dewi: FlaskClient) -> None:
    assert visit(dewi, "/statistik").soup.h1.get_text() == "Rekap Masyarakat Cerdas (Uji)"
