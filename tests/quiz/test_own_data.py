"""The copy of one's own data holds what was learned and answered, and nobody else's."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from app.accounts import export
from app.quiz import allowances
from tests.builders import NOON
from tests.builders_course import with_terms
from tests.enrollment.cast import SLUG, finish, learn, lessons, publish
from tests.inspector import Page, visit
from tests.quiz.sitting import begin, row, sat, save

HEADINGS = (
    "Kursus yang diikuti",
    "Langkah yang selesai",
    "Percobaan kuis dan tes",
    "Jawaban kuis dan tes",
    "Waktu tambahan",
)


@pytest.fixture(autouse=True)
def learning(app, db, sari):
    publish(db)
    return finish(app, db, learn(app, db, sari), *lessons("pesan"))


def held(app, db, client):
    with app.app_context():
        found = export.held(db, client.person.id)
        db.rollback()
    return {heading: found[heading] for heading in HEADINGS}


def test_sari_finds_her_courses_steps_attempts_and_answers(app, db, sari):
    sat(app, db, sari, "quiz", "pesan")
    mine = held(app, db, sari)
    assert [line["Kursus"] for line in mine["Kursus yang diikuti"]] == [SLUG]
    assert {line["Langkah"] for line in mine["Langkah yang selesai"]} == {*lessons("pesan"), "kuis:pesan"}
    assert [(line["Jenis"], line["Modul"], line["Nilai"]) for line in mine["Percobaan kuis dan tes"]] == [
        ("Kuis", "pesan", 100.0)
    ]
    assert len(mine["Jawaban kuis dan tes"]) == 2
    for line in mine["Jawaban kuis dan tes"]:
        assert line["Soal"].startswith("Apa yang Anda lakukan") and line["Jawaban Anda"]
    page = visit(sari, "/akun/data")
    assert all(heading in page.text for heading in HEADINGS)


def test_the_copy_tells_nothing_about_right_answers_of_an_open_attempt(app, db, sari):
    uuid = begin(app, db, sari, "quiz", "pesan")
    item = row(db, uuid).draw[0][0]
    save(app, db, sari, uuid, item, ["a"])
    mine = held(app, db, sari)
    assert mine["Percobaan kuis dan tes"][0]["Nilai"] is None
    assert "Penjelasan" not in str(mine) and "True" not in str(mine)


def test_sari_finds_her_extra_time_and_what_it_did(app, db, sari, arif):
    publish(db, "berbatas", files=with_terms(tests="batas_menit = 20"))
    learn(app, db, sari, "berbatas")
    with app.app_context():
        allowances.grant(db, sari.person.id, 50, arif.person.id, NOON)
        db.commit()
    address = sari.post("/belajar/berbatas/tes-awal", data={"percobaan": str(uuid4())}).location
    begun = row(db, address.removeprefix("/percobaan/"))
    mine = held(app, db, sari)
    assert mine["Waktu tambahan"] == [{"Persen": 50, "Diberikan": NOON}]
    [line] = mine["Percobaan kuis dan tes"]
    assert line["Batas waktu"] == begun.started_at + timedelta(minutes=30)
    assert line["Dikumpulkan karena waktu habis"] is False
    assert "Waktu tambahan" in visit(sari, "/akun/data").text


def test_joko_finds_nothing_of_sari(app, db, sari, joko):
    sat(app, db, sari, "quiz", "pesan")
    assert held(app, db, joko) == {heading: [] for heading in HEADINGS}


def test_the_kind_of_an_attempt_is_said_in_the_language_of_the_page(app, db, sari):
    sat(app, db, sari, "quiz", "pesan")
    assert "Jenis Kuis" in visit(sari, "/akun/data").text
    sari.set_cookie("bahasa", "en")
    # Not `visit`: “None” is a word on English pages.
    page = Page(sari.get("/akun/data"), "/akun/data")
    assert "Quiz" in {fact.get_text() for fact in page.soup.select("dd")} and "Kuis" not in page.text
