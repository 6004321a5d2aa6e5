"""`/belajar`: what I learn, and where to go on."""

from __future__ import annotations

import pytest

from app.enrollment.rules import POST
from tests.enrollment.cast import SLUG, finish, learn, lessons, publish, whole
from tests.inspector import visit


@pytest.fixture(autouse=True)
def course(db):
    return publish(db)


def test_who_learns_nothing_yet_is_shown_the_way_to_the_courses(sari):
    page = visit(sari, "/belajar")
    assert "Anda belum mengikuti kursus" in page.text
    assert page.soup.select_one(".btn.next")["href"] == "/kursus"


def test_sari_goes_on_where_she_stopped(app, db, sari):
    finish(app, db, learn(app, db, sari), *lessons("pesan"))
    page = visit(sari, "/belajar")
    assert page.soup.select_one(".btn.next")["href"] == f"/belajar/{SLUG}/pesan/kuis"
    assert "Kuis modul 1" in page.text and "Sedang berjalan" in page.text
    assert "0 dari 2 modul selesai" in page.text


def test_the_summary_counts_what_is_done(app, db, sari):
    finish(app, db, learn(app, db, sari), *whole("pesan"), score=80)
    page = visit(sari, "/belajar")
    assert [" ".join(box.get_text(" ").split()) for box in page.soup.select(".kpis > div")] == [
        "Jumlah JP 1 JP dari modul yang selesai",
        "Materi dan praktik selesai 2 dari 4 yang diikuti",
        "Kursus selesai 0 dari 1 yang diikuti",
    ]


def test_who_finished_is_shown_the_certificate_and_the_next_course(app, db, sari):
    finish(app, db, learn(app, db, sari), *whole("pesan", "pintu"), POST, score=90)
    page = visit(sari, "/belajar")
    assert page.soup.find("a", string="Lihat sertifikat")["href"] == f"/belajar/{SLUG}/sertifikat"
    assert page.soup.select_one(".btn.next")["href"] == "/kursus"


def test_sari_sees_nothing_of_what_joko_learns(app, db, sari, joko):
    learn(app, db, joko)
    assert "Anda belum mengikuti kursus" in visit(sari, "/belajar").text


def test_a_guest_signs_in_first(guest):
    assert guest.get("/belajar").location == "/masuk?lanjut=/belajar"


@pytest.mark.parametrize("courses", [1, 12])
def test_the_page_asks_the_database_at_most_five_times_also_when_nothing_is_cached(
    app, db, sari, queries_made, courses
):
    for n in range(courses):
        publish(db, f"kursus-{n}")
        finish(app, db, learn(app, db, sari, f"kursus-{n}"), *whole("pesan"), score=80)
    app.extensions.pop("courses")
    for most in (5, 4):
        with queries_made() as made:
            visit(sari, "/belajar")
        assert len(made) <= most, made
