"""From the button on the course page to the first step."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.enrollment.models import Enrollment
from tests.enrollment.cast import LEARN, SLUG, START, at_once, finish, learn, lessons, publish, twin, whole
from tests.inspector import send, visit


@pytest.fixture(autouse=True)
def course(db):
    return publish(db)


def test_sari_enrols_and_is_offered_the_pre_test_then_the_first_lesson(sari):
    """Three pages from having an account: course, offer, lesson."""
    visit(sari, f"/kursus/{SLUG}")
    offer = send(sari, START, 302).location
    assert offer == f"{LEARN}/tes-awal"
    page = visit(sari, offer)
    skip = page.soup.find("a", string="Lewati, langsung ke materi")["href"]
    assert skip == f"{LEARN}/pesan/materi-1"
    assert "Mari bedah satu pesan" in visit(sari, skip).text


def test_a_guest_is_asked_to_register_and_comes_back_to_the_course(guest, db):
    assert send(guest, START, 302).location == f"/daftar?lanjut=/kursus/{SLUG}"
    assert db.scalar(sa.select(sa.func.count()).select_from(Enrollment)) == 0


def test_who_is_enrolled_goes_on_where_they_stopped(app, db, sari):
    learning = finish(app, db, learn(app, db, sari), *lessons("pesan"))
    assert send(sari, START, 302).location == f"{LEARN}/pesan/kuis"
    finish(app, db, learning, *whole("pesan", "pintu"), "tes-akhir", score=90)
    assert send(sari, START, 302).location == LEARN


def test_a_course_that_does_not_exist_is_not_found(sari):
    for slug in ("tidak-ada", "%3Cscript%3E", "..", "a" * 10_000):
        assert sari.post(f"/kursus/{slug}/ikuti").status_code == 404


def test_nobody_enrols_by_looking(sari, db):
    assert sari.get(START).status_code == 405
    assert db.scalar(sa.select(sa.func.count()).select_from(Enrollment)) == 0


def test_the_agency_does_not_learn_here(dewi):
    send(dewi, START, 403)


def test_twenty_presses_on_the_button_enrol_once(app, db, sari):
    presses = [twin(app, sari) for _ in range(20)]
    answers = at_once(20, lambda n: presses[n].post(START))
    assert {answer.status_code for answer in answers} == {302}
    assert db.scalar(sa.select(sa.func.count()).select_from(Enrollment)) == 1
