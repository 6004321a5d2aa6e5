"""Enrolling and finishing, also twenty times at once."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.db import apart
from app.enrollment import actions, queries
from app.enrollment.models import Enrollment, StepDone
from app.enrollment.rules import POST, PRE, lesson_key, quiz_key
from app.errors import Refused
from tests import builders
from tests.builders import NOON
from tests.enrollment.cast import SLUG, at_once, events, finish, later, learn, lessons, parsed, publish, whole


@pytest.fixture(autouse=True)
def course(db):
    return publish(db)


def test_sari_enrols_in_the_newest_version_and_enrolling_twice_is_once(app, db, sari, course):
    newest = publish(db)
    first, again = learn(app, db, sari), learn(app, db, sari)
    assert first == again
    assert first.version_id == newest.id
    assert [event.data for event in events(db, "enrolled")] == [
        {"course": SLUG, "pillar": "aman", "version": newest.number}
    ]


def test_sari_keeps_her_version_when_the_next_one_is_published(app, db, sari, course):
    before = learn(app, db, sari)
    publish(db)
    assert learn(app, db, sari).version_id == before.version_id == course.id
    assert db.scalar(sa.select(sa.func.count()).select_from(Enrollment)) == 1


def test_nobody_enrols_in_a_course_that_is_not_there(app, db, sari):
    with pytest.raises(Refused, match="belum dibuka"):
        learn(app, db, sari, "tidak-ada")


def test_twenty_presses_at_once_enrol_sari_once(app, db, sari):
    def press(_):
        with app.app_context(), apart(app.extensions["db"].execution_options(writes=True)) as session:
            return actions.enroll(session, sari.person.id, SLUG, NOON).id

    assert len(set(at_once(20, press))) == 1
    assert db.scalar(sa.select(sa.func.count()).select_from(Enrollment)) == 1
    assert len(events(db, "enrolled")) == 1


def test_a_lesson_is_done_once_and_the_journal_says_so_once(app, db, sari):
    learning, act = learn(app, db, sari), str(uuid4())
    with app.app_context():
        for n, same in enumerate((act, act, str(uuid4()))):
            new = actions.finish_lesson(db, learning.id, parsed(), "pesan", "materi-1", same, later(minutes=n))
            db.commit()
            assert new == (n == 0)
    row = db.scalars(sa.select(StepDone)).one()
    assert (row.step, row.act, row.done_at) == (lesson_key("pesan", "materi-1"), act, NOON)
    assert [event.data["step"] for event in events(db, "step")] == [lesson_key("pesan", "materi-1")]


def test_what_is_not_in_her_version_cannot_be_done(app, db, sari):
    learning = learn(app, db, sari)
    with app.app_context():
        with pytest.raises(Refused):
            actions.finish_lesson(db, learning.id, parsed(), "pesan", "materi-9", "x", NOON)
        for key in ("materi:pesan/materi-9", "kuis:tidak-ada", "sertifikat", ""):
            with pytest.raises(Refused):
                actions.finish_step(db, learning.id, key, "x", None, NOON)
        with pytest.raises(Refused):
            actions.finish_step(db, 987654, lesson_key("pesan", "materi-1"), "x", None, NOON)


def test_twenty_presses_at_once_mark_a_lesson_once(app, db, sari):
    learning = learn(app, db, sari)

    def press(_):
        with app.app_context(), apart(app.extensions["db"].execution_options(writes=True)) as session:
            return actions.finish_step(session, learning.id, lesson_key("pesan", "materi-1"), str(uuid4()), None, NOON)

    assert sorted(at_once(20, press)) == [False] * 19 + [True]
    assert db.scalar(sa.select(sa.func.count()).select_from(StepDone)) == 1
    assert len(events(db, "step")) == 1


def test_two_last_steps_at_the_same_moment_complete_the_module_once(app, db, sari):
    """Neither may miss the other, and not both may count the module."""
    learning = learn(app, db, sari)
    last = whole("pesan")

    def press(n):
        with app.app_context(), apart(app.extensions["db"].execution_options(writes=True)) as session:
            return actions.finish_step(session, learning.id, last[n % 3], str(uuid4()), None, NOON)

    at_once(12, press)
    assert [event.data["module"] for event in events(db, "module")] == ["pesan"]


def test_the_best_score_stays(app, db, sari):
    learning = finish(app, db, learn(app, db, sari), *lessons("pesan"))
    for score in (70.0, 100.0, 80.0):
        learning = finish(app, db, learning, quiz_key("pesan"), score=score)
    assert learning.progress.done[quiz_key("pesan")] == 100.0


def test_a_module_counts_its_jp_once_when_its_last_step_is_done(app, db, sari):
    learning = finish(app, db, learn(app, db, sari), *lessons("pesan"))
    assert not events(db, "module")
    finish(app, db, learning, quiz_key("pesan"), quiz_key("pesan"), score=90)
    assert [(event.data["module"], event.data["jp"]) for event in events(db, "module")] == [("pesan", 1)]


def test_the_course_is_completed_once_by_the_last_required_step(app, db, sari):
    learning = finish(app, db, learn(app, db, sari), PRE, *whole("pesan", "pintu"))
    assert learning.completed_at is None and not events(db, "completed")
    done = finish(app, db, learning, POST, POST, score=90)
    assert done.completed_at == NOON
    assert [event.data for event in events(db, "completed")] == [learning.facts]
    with app.app_context():
        assert not actions.complete(db, learning.id, later(days=1))
        db.commit()
    assert len(events(db, "completed")) == 1


def test_nobody_completes_a_course_with_something_left(app, db, sari):
    learning = finish(app, db, learn(app, db, sari), *whole("pesan"))
    with app.app_context():
        assert not actions.complete(db, learning.id, NOON)
        db.commit()
        assert queries.by_id(db, learning.id).completed_at is None


def test_joko_does_not_find_what_sari_learns(app, db, sari, joko):
    learn(app, db, sari)
    assert queries.of(db, sari.person.id, SLUG) is not None
    assert queries.of(db, joko.person.id, SLUG) is None
    assert queries.mine(db, joko.person.id) == []


def test_what_was_touched_last_stands_first(app, db, sari):
    publish(db, "kedua")
    publish(db, "ketiga")
    for slug in (SLUG, "kedua", "ketiga"):
        learn(app, db, sari, slug)
    finish(app, db, queries.of(db, sari.person.id, "kedua"), *lessons("pesan"))
    assert queries.mine(db, sari.person.id)[0].slug == "kedua"


def test_nothing_is_kept_of_an_enrolment_that_breaks_off(app, db, sari):
    with pytest.raises(ZeroDivisionError), app.app_context(), apart(app.extensions["db"]) as session:
        actions.enroll(session, sari.person.id, SLUG, NOON)
        raise ZeroDivisionError
    assert queries.mine(db, sari.person.id) == [] and not events(db, "enrolled")


def test_a_deleted_person_takes_their_progress_along(app, db, sari):
    learning = finish(app, db, learn(app, db, sari), *lessons("pesan"))
    db.execute(sa.delete(Enrollment).where(Enrollment.id == learning.id))
    db.commit()
    assert db.scalar(sa.select(sa.func.count()).select_from(StepDone)) == 0


def test_a_stranger_row_does_not_exist(db):
    assert queries.of(db, builders.a_person(db).id, "x' OR '1'='1") is None
