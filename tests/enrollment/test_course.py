"""`/belajar/<slug>`: the completion rule with what is done and left, and every step."""

from __future__ import annotations

import pytest

from app.enrollment.rules import POST, PRE
from tests.enrollment.cast import LEARN, SLUG, finish, learn, lessons, publish, whole
from tests.inspector import visit


@pytest.fixture(autouse=True)
def course(db):
    return publish(db)


def states(page):
    """Each line of the page's lists: where it leads, and its state in words."""
    return {
        line.a["href"].removeprefix(LEARN + "/"): line.select_one(".state").get_text(" ", strip=True)
        for line in page.soup.select("details li")
        if line.a
    }


def rule(page):
    return [" ".join(line.get_text(" ").split()) for line in page.soup.select("[aria-labelledby=h-syarat] li")]


def test_the_first_visit_says_what_to_do_and_where_to_begin(app, db, sari, course):
    learn(app, db, sari)
    page = visit(sari, LEARN)
    assert f"Versi {course.number}" in page.text
    assert page.soup.select_one(".btn.next").get_text() == "Mulai belajar"
    assert page.soup.find("a", string="Kerjakan tes awal dahulu")["href"] == f"{LEARN}/tes-awal"
    assert rule(page) == [
        "Semua materi dan praktik selesai 0 dari 4, kurang 4",
        "Kuis setiap modul lulus, nilai paling sedikit 70 0 dari 2, kurang 2",
        "Tes akhir lulus, nilai paling sedikit 80 Belum",
    ]
    assert "pesan/kuis" not in states(page), "a closed quiz is no link"
    assert "Selesaikan semua modul dahulu" in page.text


def test_each_step_shows_its_state(app, db, sari):
    finish(app, db, learn(app, db, sari), *lessons("pesan", "pintu"))
    finish(app, db, learn(app, db, sari), "kuis:pesan", score=66.7)
    assert states(visit(sari, LEARN)) == {
        "pesan/materi-1": "Selesai",
        "pesan/praktik": "Selesai",
        "pesan/kuis": "Lulus, nilai 66,7",
        "pintu/materi-1": "Selesai",
        "pintu/praktik": "Selesai",
        "pintu/kuis": "Belum",
    }


def test_the_post_test_is_offered_when_every_module_is_complete(app, db, sari):
    finish(app, db, learn(app, db, sari), *whole("pesan", "pintu"), score=80)
    page = visit(sari, LEARN)
    assert page.soup.select_one(".btn.next")["href"] == f"{LEARN}/tes-akhir"


def test_the_pre_test_is_no_longer_offered_once_it_is_taken_or_a_lesson_is_done(app, db, sari, joko):
    finish(app, db, learn(app, db, sari), PRE, score=10)
    finish(app, db, learn(app, db, joko), "materi:pesan/materi-1")
    for person in (sari, joko):
        assert "tes awal" not in visit(person, LEARN).text


def test_who_finished_is_congratulated_and_led_to_the_certificate(app, db, sari):
    finish(app, db, learn(app, db, sari), *whole("pesan", "pintu"), POST, score=90)
    page = visit(sari, LEARN)
    assert page.soup.select_one(".btn.next")["href"] == f"/belajar/{SLUG}/sertifikat"
    assert "Kursus selesai" in page.text and "23 November 2026" in page.text


def test_sari_stays_in_her_version(app, db, sari, course):
    learn(app, db, sari)
    publish(db)
    assert f"Versi {course.number} " in visit(sari, LEARN).text


def test_what_is_foreign_or_missing_is_not_found_alike(app, db, sari, joko):
    learn(app, db, joko)
    foreign = visit(sari, LEARN, 404)
    missing = visit(sari, "/belajar/tidak-ada", 404)
    assert foreign.text == missing.text


def test_the_page_asks_the_database_little(app, db, sari, queries_made):
    finish(app, db, learn(app, db, sari), *whole("pesan"), score=80)
    with queries_made() as made:
        visit(sari, LEARN)
    assert len(made) <= 3, made
