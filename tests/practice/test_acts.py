"""Twice is once, also for twenty presses at the same moment, on both databases."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa

from app import clock
from app.course import queries as courses
from app.db import apart
from app.enrollment import queries as enrollments
from app.errors import Refused
from app.practice import actions
from app.practice.actions import Given
from app.practice.models import Recall
from tests.builders import NOON
from tests.enrollment.cast import SLUG, at_once, finish, learn, lessons, publish, twin
from tests.inspector import send, visit
from tests.practice.learner import COURSE, RECALL, SET, answers_to, completed, in_set, one_answer, recalls


@pytest.fixture(autouse=True)
def course(db):
    return publish(db)


def test_a_double_tap_on_the_page_is_one_kilas_balik(app, db, sari):
    completed(app, db, sari, "pesan")
    sent = answers_to(visit(sari, RECALL))
    first, second = (send(sari, RECALL, 302, **sent).location for _ in range(2))
    assert first == second and len(recalls(db)) == 1


def test_of_two_tabs_the_first_counts_and_the_second_is_shown_it(app, db, sari):
    completed(app, db, sari, "pesan")
    page = visit(sari, RECALL)
    send(sari, RECALL, 302, **answers_to(page, right=3))
    shown = visit(sari, send(sari, RECALL, 302, **answers_to(page, right=0)).location)
    assert "3 dari 3 soal benar" in shown.text and recalls(db)[0].score == 100


def test_twenty_answers_at_once_are_one_kilas_balik(app, db, sari):
    completed(app, db, sari, "pesan")
    page = visit(sari, RECALL)
    clients = [twin(app, sari) for _ in range(20)]

    def press(n):
        return send(clients[n], RECALL, 302, **answers_to(page, right=n % 4)).location

    assert set(at_once(20, press)) == {f"{RECALL}?hasil=1"}
    assert len(recalls(db)) == 1


def test_twenty_presses_of_one_form_are_one_answer_and_of_twenty_forms_twenty(app, db, sari):
    finish(app, db, learn(app, db, sari), *lessons("pesan"))
    clients = [twin(app, sari) for _ in range(20)]
    same = one_answer()
    assert len(set(at_once(20, lambda n: send(clients[n], SET, 302, **same).location))) == 1
    assert len(in_set(db)) == 1
    at_once(20, lambda n: send(clients[n], SET, 302, **one_answer()))
    assert len(in_set(db)) == 21


def test_an_act_that_somebody_else_used_is_refused_also_when_both_press_at_once(app, db, sari, joko):
    for client in (sari, joko):
        finish(app, db, learn(app, db, client), *lessons("pesan"))
    act = str(uuid4())
    people = [sari.person.id, joko.person.id]

    def press(n):
        with app.app_context(), apart(app.extensions["db"]) as session:
            mine = enrollments.of(session, people[n % 2], SLUG)
            content = courses.content(session, mine.version_id)
            given = Given("pesan-kuis-1", sorted(COURSE.item("pesan-kuis-1").keys))
            try:
                actions.practise(session, mine, content, content.modules[0], given, act, NOON)
            except Refused as no:
                return str(no)
            return ""

    said = at_once(8, press)
    assert len(in_set(db)) == 1 and said.count("") == 4
    assert all("sudah pernah dipakai" in one for one in said if one)


def test_the_database_itself_allows_each_kilas_balik_once(app, db, sari):
    learning = completed(app, db, sari, "pesan")
    row = {"module": "pesan", "number": 1, "draw": [], "answers": {}, "done_at": NOON, "score": 0}
    db.execute(sa.insert(Recall).values(enrollment_id=learning.id, **row))
    with pytest.raises(sa.exc.IntegrityError):
        db.execute(sa.insert(Recall).values(enrollment_id=learning.id, **row))
    db.rollback()


def test_an_answer_that_comes_after_the_leaving_leaves_nothing_behind(app, db, sari):
    learning = completed(app, db, sari, "pesan")
    db.execute(sa.text("DELETE FROM step_done"))
    db.execute(sa.text("DELETE FROM enrollment"))
    db.commit()
    given = Given("pesan-kuis-1", ["a"])
    with app.app_context(), pytest.raises(Refused):
        actions.practise(db, learning, COURSE, COURSE.modules[0], given, str(uuid4()), clock.now())
    db.rollback()
    assert in_set(db) == []
