"""The file of figures: complete, right, and silent about the few."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.stats.export import HEADER
from tests.stats.crowd import PILLARS, Crowd, four_courses
from tests.stats.reader import computed, lines, number

CSV = "/statistik/unduh.csv?periode=semua"


@pytest.mark.parametrize("many", [3, 9, 40, 130])
def test_every_measure_is_right_or_hidden_and_the_few_cannot_be_computed(
    db: Session, dewi: FlaskClient, many: int
) -> None:
    four_courses(db)
    crowd = Crowd(db, many)
    for detail in ("gender", "age"):
        text = dewi.get(f"{CSV}&rincian={detail}").text
        for line in lines(text):
            if line["ukuran"] == "gain":
                continue
            at = number(line["ukuran"], line["tabel"], line["kode"], line["rincian"])
            true = crowd.counts[at]
            if line["status_nilai"] == "A":
                assert line["nilai"] == str(true), f"{at} is {true}"
                assert not 0 < true < 5
            else:
                assert (line["nilai"], true > 0) == ("", True), f"{at} is {true}"
        for at, (low, high) in computed(text, PILLARS).items():
            assert low <= crowd.counts[at] <= high
            assert low < high or not 0 < crowd.counts[at] < 5, f"{at} can be computed"


def test_every_dimension_is_there(db: Session, dewi: FlaskClient) -> None:
    four_courses(db)
    Crowd(db, 60)
    found = {(line["tabel"], line["jenis_baris"]) for line in lines(dewi.get(CSV).text)}
    assert found == {
        ("region", "row"), ("region", "group"), ("region", "total"), ("region+gender", "row"),
        ("region+gender", "group"), ("region+gender", "total"), ("age", "row"), ("age", "total"), ("gender", "row"),
        ("gender", "total"), ("pillar", "row"), ("course", "row"),
    }  # fmt: skip
    measures = {line["ukuran"] for line in lines(dewi.get(CSV).text)}
    assert measures == {
        "registered", "active", "enrolled", "learners", "completed", "tested", "passed", "jp", "certificates", "gain",
    }  # fmt: skip


def test_beside_one_course_stands_no_other(db: Session, dewi: FlaskClient) -> None:
    """A course's own figures beside the table of all would say what that table hides."""
    four_courses(db)
    crowd = Crowd(db, 60)
    told = lines(dewi.get(f"{CSV}&cakupan=kursus:satu").text)
    assert {line["tabel"] for line in told} == {"region", "region+gender", "age", "gender"}
    assert {line["cakupan"] for line in told} == {"kursus:satu"}
    total = next(line for line in told if line["kode"] == "*" and line["ukuran"] == "enrolled")
    assert total["nilai"] == str(crowd.counts[("enrolled", "course", "kursus:satu", "")])


def test_excel_in_indonesia_opens_it_and_everybody_else_too(db: Session, dewi: FlaskClient) -> None:
    four_courses(db)
    Crowd(db, 30)
    plain, excel = dewi.get(CSV), dewi.get(f"{CSV}&bentuk=excel")
    assert plain.data.startswith(b"periode,cakupan,")
    assert excel.data.startswith(b"\xef\xbb\xbfperiode;cakupan;")
    assert lines(plain.text) == lines(excel.text)
    for reply in (plain, excel):
        assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert reply.headers["Content-Disposition"] == 'attachment; filename="rekap-semua-semua.csv"'
        assert reply.headers["Cache-Control"] == "no-store"
        assert b"\r\n" in reply.data
    named = dewi.get("/statistik/unduh.csv?periode=2026-Q4&cakupan=kursus:satu").headers["Content-Disposition"]
    assert named == 'attachment; filename="rekap-2026-Q4-kursus-satu.csv"'


def test_no_line_begins_a_formula(db: Session, dewi: FlaskClient) -> None:
    four_courses(db)
    Crowd(db, 30)
    told = list(csv.reader(io.StringIO(dewi.get(CSV).text, newline="")))
    assert {len(row) for row in told} == {len(HEADER)}
    for row in told:
        for value in row:
            assert (
                not value.startswith(("=", "+", "-", "@", "\t", "\r")) or value.lstrip("-").replace(".", "").isdigit()
            )
    assert "' =1+1".replace(" ", "") in {row[4].replace(" ", "") for row in told}


def test_the_command_writes_the_same_file(app: Flask, db: Session, dewi: FlaskClient, tmp_path: Path) -> None:
    four_courses(db)
    Crowd(db, 30)
    target = tmp_path / "rekap.csv"
    said = app.test_cli_runner().invoke(args=["stats", "export", "--to", str(target), "--detail", "age"])
    assert said.exit_code == 0, said.output
    asked = dewi.get(f"{CSV}&rincian=age").data.decode()
    assert lines(target.read_bytes().decode()) == lines(asked)


@pytest.mark.parametrize(("more", "told"), [(("--period", "2026-13"), "Periode"), (("--scope", "kursus:x"), "Cakupan")])
def test_the_command_tells_what_it_does_not_know(app: Flask, tmp_path: Path, more: tuple[str, ...], told: str) -> None:
    target = tmp_path / "rekap.csv"
    said = app.test_cli_runner().invoke(args=["stats", "export", "--to", str(target), *more])
    assert (said.exit_code, target.exists()) == (1, False)
    assert told in said.output


def test_an_unwritable_target_is_told(app: Flask, tmp_path: Path) -> None:
    target = tmp_path / "tidak" / "ada.csv"
    said = app.test_cli_runner().invoke(args=["stats", "export", "--to", str(target)])
    assert said.exit_code == 1
    assert "tidak dapat ditulis" in said.output


def test_counting_anew_gives_the_same_file(app: Flask, db: Session, dewi: FlaskClient) -> None:
    four_courses(db)
    Crowd(db, 60)
    before = dewi.get(CSV).text
    said = app.test_cli_runner().invoke(args=["stats", "rebuild"])
    assert said.exit_code == 0, said.output
    assert dewi.get(CSV).text == before
