"""The set of a module: question after question, feedback at once, until it is mastered."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import brotli
import pytest
import sqlalchemy as sa

from app.course import queries as courses
from app.course.models import CourseVersion
from app.course.shapes import Terms
from app.practice import rules
from tests.builders_course import COURSE as SETTINGS
from tests.builders_course import a_course_files
from tests.enrollment.cast import LEARN, finish, learn, lessons, publish, whole
from tests.inspector import inspect, send, visit
from tests.practice.learner import SET, answers_to, asked, in_set, kinds, one_answer, practise
from tests.quiz.sitting import begin, row, sat, submit


@pytest.fixture(autouse=True)
def learning(app, db, sari):
    publish(db)
    return finish(app, db, learn(app, db, sari), *lessons("pesan"))


def test_the_set_opens_after_lessons_and_practice(app, db, joko):
    finish(app, db, learn(app, db, joko), lessons("pesan")[0])
    page = visit(joko, SET)
    assert rules.LESSONS_FIRST in page.text and not asked(page)
    assert page.soup.select_one(".btn.next")["href"] == f"{LEARN}/pesan/praktik"
    assert rules.LESSONS_FIRST in inspect(send(joko, SET, 409, **one_answer()), SET).text
    assert in_set(db) == []


def test_the_question_tells_no_key_and_the_answer_is_discussed_at_once(db, sari):
    page = visit(sari, SET)
    assert len(asked(page)) == 1 and not page.soup.select("script")
    for word in ("Benar", "Kurang tepat", "Penjelasan", "checked", "correct"):
        assert word not in page.html, word
    assert "0 dari 5 terakhir benar, kurang 4 lagi" in page.text
    told = practise(sari, right=False)
    assert told.soup.h1.text == "Belum tepat" and "Penjelasan untuk pilihan ini" in told.text
    assert "Jawaban benar" in told.text and told.soup.select_one(".btn.next")["href"] == SET
    assert practise(sari).soup.h1.text == "Benar"
    assert [one.correct for one in in_set(db)] == [False, True]


def test_four_of_the_last_five_right_master_the_module_and_the_quiz_is_next(db, sari):
    for right in (True, False, True, True):
        assert "terakhir benar, kurang" in practise(sari, right=right).text
    assert "Anda menguasai modul ini setelah 4 dari 5 jawaban terakhir benar" in visit(sari, SET).text
    page = practise(sari)
    assert page.soup.h1.text == "Anda menguasai modul ini" and "4 dari 5 terakhir benar" in page.text
    assert page.soup.select_one(".btn.next")["href"] == f"{LEARN}/pesan/kuis"
    assert len(page.soup.select(".rope .done")) == 4
    later = visit(sari, SET)
    assert later.soup.h1.text == page.soup.h1.text and not asked(later)


def test_after_mastery_the_set_may_be_repeated_and_begins_anew(db, sari):
    for _ in range(4):
        page = practise(sari)
    again = page.soup.find("a", string="Latihan lagi")["href"]
    page = visit(sari, again)
    assert asked(page) and "Anda sudah pernah menguasai modul ini" in page.text
    told = practise(sari, right=False, lagi=True)
    assert told.soup.h1.text == "Belum tepat" and "0 dari 5 terakhir benar" in told.text
    assert asked(visit(sari, SET)), "a set that was begun goes on without a question mark"


def test_once_the_quiz_is_passed_mastery_leads_on(app, db, sari, learning):
    finish(app, db, learning, *whole("pesan"), score=80)
    for _ in range(4):
        page = practise(sari)
    assert page.soup.select_one(".btn.next")["href"] == f"{LEARN}/pintu/materi-1"
    finish(app, db, learning, *whole("pintu"), "tes-akhir", score=90)
    assert visit(sari, SET).soup.select_one(".btn.next")["href"] == LEARN


def test_all_questions_come_before_one_comes_again(db, sari):
    for _ in range(10):
        practise(sari, right=False)
    names = [one.item for one in in_set(db)]
    assert len(set(names[:5])) == len(set(names[5:])) == 5


def test_the_course_says_how_many_right_of_how_many(app, db, sari):
    settings = SETTINGS.replace("[[tes.sel]]", "[latihan]\nbenar = 2\ndari = 3\n\n[[tes.sel]]", 1)
    files = a_course_files(**{"course.toml": settings})
    db.execute(sa.update(CourseVersion).values(files=files))
    db.commit()
    app.extensions.pop("courses")
    assert "0 dari 3 terakhir benar" in visit(sari, SET).text
    practise(sari)
    assert practise(sari).soup.h1.text == "Anda menguasai modul ini"


def test_the_same_act_is_one_answer_also_when_it_says_something_else(db, sari):
    act = str(uuid4())
    first = send(sari, SET, 302, **one_answer(act=act))
    again = send(sari, SET, 302, **one_answer(act=act, **{"jawaban-1": "c"}))
    assert first.location == again.location and len(in_set(db)) == 1 and in_set(db)[0].correct


def test_nothing_chosen_comes_back_with_the_same_question(db, sari):
    page = visit(sari, SET)
    sent = answers_to(page)
    del sent["jawaban-1"]
    back = inspect(send(sari, SET, 422, **sent), SET)
    assert asked(back) == asked(page) and "Pilih jawaban dahulu, lalu periksa." in back.text
    assert [str(one) for one in back.soup.select("label.option")] == [
        str(one) for one in page.soup.select("label.option")
    ]
    assert in_set(db) == []


@pytest.mark.parametrize("item", ["pesan-tes-1", "pintu-kuis-1", "pesan-praktik", "tidak-ada", ""])
def test_questions_from_elsewhere_are_refused(db, sari, item):
    send(sari, SET, 409, **one_answer() | {"soal": item})
    assert in_set(db) == []


@pytest.mark.parametrize("choice", [["z"], ["a", "b"]])
def test_answers_that_no_page_would_send_are_refused(db, sari, choice):
    send(sari, SET, 409, **one_answer() | {"jawaban-1": choice})
    send(sari, SET, 400, **one_answer() | {"tindakan": "x"})
    assert in_set(db) == []


def test_while_a_quiz_asks_a_question_the_set_does_not(app, db, sari):
    """The engine's first promise: no key of an open attempt leaves the house, not by another door either."""
    said = {name: send(sari, SET, 302, **one_answer(name)).location for name in ("pesan-kuis-1", "pesan-kuis-2")}
    said |= {name: send(sari, SET, 302, **one_answer(name)).location for name in ("pesan-kuis-3", "pesan-kuis-4")}
    uuid = begin(app, db, sari, "quiz", "pesan")
    drawn = [entry[0] for entry in row(db, uuid).draw]
    for name in drawn:
        send(sari, SET, 409, **one_answer(name))
        assert asked(visit(sari, f"{said[name]}&lagi=1")), "an old reply is not told meanwhile either"
    for _ in range(6):
        assert not set(asked(visit(sari, f"{SET}?lagi=1"))) & set(drawn)
        practise(sari, lagi=True)
    submit(app, db, sari, uuid)
    assert not asked(visit(sari, said[drawn[0]]))


def test_when_the_quiz_holds_every_question_the_page_says_so(app, db, sari, learning):
    with app.app_context():
        course = courses.content(db, learning.version_id)
        few = replace(course.modules[0], items=course.modules[0].items[:2], lessons=())
        app.extensions["courses"][learning.version_id] = replace(course, modules=(few, course.modules[1]))
    begin(app, db, sari, "quiz", "pesan")
    page = visit(sari, SET)
    assert rules.IN_QUIZ in page.text and not asked(page)


def test_a_quiz_that_never_tells_its_answers_is_not_practised(app, db, sari, learning):
    with app.app_context():
        course = courses.content(db, learning.version_id)
        app.extensions["courses"][learning.version_id] = replace(course, quiz_terms=Terms(None, "tidak"))
    assert asked(visit(sari, SET)) == ["pesan-materi-1"]
    send(sari, SET, 409, **one_answer("pesan-kuis-1"))


def test_nothing_of_it_is_counted(app, db, sari):
    before = kinds(db)
    for _ in range(4):
        practise(sari)
    assert kinds(db) == before


def test_a_stranger_and_a_module_that_is_not_there_are_not_found(app, db, sari, joko):
    practise(sari)
    act = in_set(db)[0].uuid
    assert joko.get(SET).status_code == joko.post(SET, data=one_answer()).status_code == 404
    assert sari.get(f"{LEARN}/lain/latihan").status_code == 404
    assert sari.post(f"{LEARN}/lain/latihan", data=one_answer()).status_code == 404
    finish(app, db, learn(app, db, joko), *lessons("pesan"))
    assert asked(visit(joko, f"{SET}?jawaban={act}")), "Sari's reply is not Joko's"
    send(joko, SET, 409, **one_answer(act=act))
    assert len(in_set(db)) == 1


def test_the_pages_stay_small_and_ask_the_database_little(db, sari, queries_made):
    for _ in range(3):
        practise(sari)
    with queries_made() as made:
        page = visit(sari, SET)
    assert len(made) <= 4, made
    sent = answers_to(page, right=0)
    with queries_made() as made:
        location = send(sari, SET, 302, **sent).location
    assert len(made) <= 5, made
    with queries_made() as made:
        told = visit(sari, location)
    assert len(made) <= 5, made
    for one in (page, told):
        assert len(brotli.compress(one.html.encode())) <= 5 * 1024


def test_the_doors_to_the_set(app, db, sari):
    door = f"{LEARN}/pesan/latihan"
    for address in (f"{LEARN}/pesan/kuis", LEARN, sat_badly(app, db, sari)):
        assert [link for link in visit(sari, address).soup.find_all("a") if link["href"] == door], address
    sat(app, db, sari, "quiz", "pesan")
    assert door not in visit(sari, f"{LEARN}/pesan/kuis").html, "who has passed goes on"


def sat_badly(app, db, client):
    return f"/percobaan/{sat(app, db, client, 'quiz', 'pesan', right=0)}/hasil"
