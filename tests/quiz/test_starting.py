"""Starting: gates, one open attempt, resuming, waiting, twenty presses at once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.course import queries as course_queries
from app.db import apart
from app.enrollment import queries as enrollment_queries
from app.enrollment.rules import LESSONS_FIRST, MODULES_FIRST, PRE_CLOSED, PRE_TAKEN, lesson_key
from app.errors import Refused
from app.quiz import actions, queries
from app.quiz.draw import draw
from app.quiz.models import Attempt
from tests.builders import NOON
from tests.enrollment.cast import SLUG, at_once, finish, later, learn, lessons, publish, whole
from tests.quiz.sitting import COURSE, answer_all, begin, row, sat, submit


@pytest.fixture(autouse=True)
def learning(app, db, sari):
    publish(db)
    return learn(app, db, sari)


@pytest.fixture
def ready(app, db, learning):
    """The lessons of the first module are done."""
    return finish(app, db, learning, *lessons("pesan"))


@pytest.fixture
def at_the_end(app, db, learning):
    """Only the post-test is left."""
    return finish(app, db, learning, *whole("pesan", "pintu"), score=80)


def count(db):
    db.rollback()
    return db.scalar(sa.select(sa.func.count()).select_from(Attempt))


def test_the_sequence_cannot_be_bypassed(app, db, sari, learning):
    for purpose, module, sentence in (("quiz", "pesan", LESSONS_FIRST), ("post", "", MODULES_FIRST)):
        with pytest.raises(Refused) as refusal:
            begin(app, db, sari, purpose, module)
        assert refusal.value.message == sentence
    finish(app, db, learning, lesson_key("pesan", "materi-1"), *lessons("pintu"))
    with pytest.raises(Refused):
        begin(app, db, sari, "quiz", "pesan")
    with pytest.raises(Refused):
        begin(app, db, sari, "quiz", "tidak-ada")
    assert count(db) == 0


def test_a_draw_is_stored_and_can_be_repeated_from_the_row(app, db, sari, ready):
    attempt = row(db, begin(app, db, sari, "quiz", "pesan"))
    again = draw(COURSE, "quiz", "pesan", attempt.form, attempt.seed, [])
    assert [list(entry) for entry in again] == attempt.draw
    assert (attempt.number, attempt.purpose, attempt.module, attempt.score) == (1, "quiz", "pesan", None)


def test_every_draw_of_a_person_can_be_repeated_from_seed_past_and_version(app, db, joko):
    """Whoever doubts an attempt draws it again: nothing but its row, the rows before it and the frozen version."""
    learning = learn(app, db, joko)
    sat(app, db, joko, "pre")
    finish(app, db, learning, *lessons("pesan"))
    for _ in range(4):
        sat(app, db, joko, "quiz", "pesan", right=0)
    finish(app, db, learning, *whole("pesan", "pintu"), score=80)
    for n in range(3):
        sat(app, db, joko, "post", right=0, at=later(hours=n))
    db.rollback()
    mine = sa.select(Attempt).where(Attempt.enrollment_id == learning.id).order_by(Attempt.id)
    rows = db.scalars(mine).all()
    assert len(rows) == 8
    with app.app_context():
        course = course_queries.content(db, learning.version_id)
    for attempt in rows:
        same = [one for one in rows if (one.purpose, one.module) == (attempt.purpose, attempt.module)]
        past = [[entry[0] for entry in one.draw] for one in same if one.number < attempt.number]
        again = draw(course, attempt.purpose, attempt.module, attempt.form, attempt.seed, past)
        assert [list(entry) for entry in again] == attempt.draw
    assert len({attempt.seed for attempt in rows}) == 8
    db.rollback()


def test_the_same_press_again_and_another_press_both_find_the_open_attempt(app, db, sari, ready):
    uuid = str(uuid4())
    assert begin(app, db, sari, "quiz", "pesan", uuid=uuid) == uuid
    assert begin(app, db, sari, "quiz", "pesan", uuid=uuid) == uuid
    assert begin(app, db, sari, "quiz", "pesan") == uuid
    submit(app, db, sari, uuid)
    assert begin(app, db, sari, "quiz", "pesan", uuid=uuid) == uuid, "an old form makes no new attempt"
    assert begin(app, db, sari, "quiz", "pesan") != uuid
    assert count(db) == 2


def test_however_often_somebody_has_tried_no_more_is_read(app, db, sari, ready, queries_made):
    """The figures of all attempts, and the draws of the last fifty."""
    first = sat(app, db, sari, "quiz", "pesan", right=0)
    db.rollback()
    of = row(db, first)
    same = {name: getattr(of, name) for name in ("purpose", "module", "draw", "seed", "form", "started_at", "score",
                                                 "submitted_at", "passed")}  # fmt: skip
    for number in range(2, 61):
        db.add(Attempt(uuid=str(uuid4()), number=number, enrollment_id=ready.id, **same))
    db.commit()
    with apart(app.extensions["db"]) as session:
        past = queries.past(session, ready.id, "quiz", "pesan", first)
        before = queries.asked_before(session, ready.id, "quiz", "pesan")
    assert (past.count, past.submitted, past.best, past.passed, past.open, past.same) == (60, 60, 0, False, "", True)
    assert past.last_at == NOON and not past.late(NOON)
    assert before == [[entry[0] for entry in of.draw]] * 50
    assert begin(app, db, sari, "quiz", "pesan", uuid=first) == first, "the first press is known for ever"
    with queries_made() as made:
        made_now = begin(app, db, sari, "quiz", "pesan")
    assert row(db, made_now).number == 61
    assert not [
        one for one in made if "attempt" in one and "draw" in one and "LIMIT" not in one and "INSERT" not in one
    ]


def test_a_form_used_elsewhere_starts_nothing(app, db, sari, joko, ready):
    uuid = begin(app, db, sari, "quiz", "pesan")
    finish(app, db, learn(app, db, joko), *lessons("pesan"))
    with pytest.raises(Refused, match="sudah pernah dipakai"):
        begin(app, db, joko, "quiz", "pesan", uuid=uuid)
    db.rollback()
    assert count(db) == 1


def test_the_pre_test_is_taken_once_and_closes_with_the_first_lesson(app, db, sari, joko, learning):
    sat(app, db, sari, "pre")
    with pytest.raises(Refused) as refusal:
        begin(app, db, sari, "pre")
    assert refusal.value.message == PRE_TAKEN
    finish(app, db, learn(app, db, joko), lesson_key("pesan", "materi-1"))
    with pytest.raises(Refused) as refusal:
        begin(app, db, joko, "pre")
    assert refusal.value.message == PRE_CLOSED


def test_an_open_pre_test_is_overtaken_by_the_first_lesson(app, db, sari, learning):
    uuid = begin(app, db, sari, "pre")
    finish(app, db, learning, lesson_key("pesan", "materi-1"))
    with pytest.raises(Refused):
        begin(app, db, sari, "pre")
    with pytest.raises(Refused):
        submit(app, db, sari, uuid)
    db.rollback()
    assert row(db, uuid).submitted_at is None


def test_the_post_test_begins_with_the_other_form(app, db, sari, learning):
    pre = row(db, sat(app, db, sari, "pre"))
    finish(app, db, learning, *whole("pesan", "pintu"), score=80)
    post = row(db, begin(app, db, sari, "post"))
    assert not {entry[0] for entry in pre.draw} & {entry[0] for entry in post.draw}


def test_three_post_tests_then_a_day_of_waiting_then_the_fourth(app, db, sari, at_the_end):
    for attempt in range(3):
        sat(app, db, sari, "post", right=0, at=later(hours=attempt))
    with pytest.raises(Refused) as refusal:
        begin(app, db, sari, "post", at=later(hours=25))
    assert str(refusal.value) == "Tes akhir dapat dicoba lagi pada 24 November 2026 pukul 14.00 WITA."
    assert count(db) == 3
    uuid = begin(app, db, sari, "post", at=later(hours=26))
    assert row(db, uuid).number == 4


def test_a_repeated_quiz_asks_other_questions(app, db, sari, ready):
    first = row(db, sat(app, db, sari, "quiz", "pesan", right=0))
    second = row(db, begin(app, db, sari, "quiz", "pesan"))
    assert not {entry[0] for entry in first.draw} & {entry[0] for entry in second.draw}
    assert second.number == 2


@pytest.mark.parametrize("same", [True, False])
def test_fifty_presses_at_once_open_one_attempt(app, db, sari, ready, same):
    uuid = str(uuid4())

    def press(_):
        with app.app_context(), apart(app.extensions["db"]) as session:
            mine = enrollment_queries.of(session, sari.person.id, SLUG)
            course = course_queries.content(session, mine.version_id)
            return actions.start(session, mine, course, "quiz", "pesan", uuid if same else str(uuid4()), NOON)

    opened = set(at_once(50, press))
    assert len(opened) == 1
    assert db.scalars(sa.select(Attempt.uuid)).all() == list(opened)


def test_presses_that_race_with_submitting_never_open_two(app, db, sari, at_the_end):
    """Starting while the third post-test is being submitted gives no fourth one."""
    for attempt in range(2):
        sat(app, db, sari, "post", right=0, at=later(minutes=attempt))
    last = begin(app, db, sari, "post", at=later(minutes=3))
    answer_all(app, db, sari, last, right=0)

    def press(n):
        with app.app_context(), apart(app.extensions["db"].execution_options(writes=True)) as session:
            if n % 2:
                return actions.submit(session, sari.person.id, last, later(minutes=4)).uuid
            mine = enrollment_queries.of(session, sari.person.id, SLUG)
            course = course_queries.content(session, mine.version_id)
            try:
                return actions.start(session, mine, course, "post", "", str(uuid4()), later(minutes=4))
            except Refused:
                return last

    assert set(at_once(50, press)) == {last}
    assert count(db) == 3


def test_fifty_presses_that_race_with_submitting_take_the_pre_test_once(app, db, joko):
    """The progress may be read before the pre-test is submitted, the attempts after."""
    learning = learn(app, db, joko)
    uuid = begin(app, db, joko, "pre")

    def press(n):
        with app.app_context(), apart(app.extensions["db"].execution_options(writes=True)) as session:
            if n % 2:
                return actions.submit(session, joko.person.id, uuid, NOON).uuid
            course = course_queries.content(session, learning.version_id)
            try:
                # As it was read before: this person has done nothing yet.
                return actions.start(session, learning, course, "pre", "", str(uuid4()), NOON)
            except Refused as refusal:
                assert refusal.message == PRE_TAKEN
                return uuid

    assert set(at_once(50, press)) == {uuid}
    assert count(db) == 1


def test_fifty_people_who_start_at_once_each_open_one(app, db, enter):
    people = [enter(f"Peserta {n}") for n in range(10)]
    for person in people:
        finish(app, db, learn(app, db, person), *lessons("pesan"))

    def press(n):
        with app.app_context(), apart(app.extensions["db"].execution_options(writes=True)) as session:
            mine = enrollment_queries.of(session, people[n % 10].person.id, SLUG)
            course = course_queries.content(session, mine.version_id)
            return actions.start(session, mine, course, "quiz", "pesan", str(uuid4()), NOON)

    assert len(set(at_once(50, press))) == count(db) == 10


def test_the_database_itself_allows_one_open_attempt(app, db, sari, ready):
    uuid = begin(app, db, sari, "quiz", "pesan")
    open_one = row(db, uuid)
    db.add(
        Attempt(uuid=str(uuid4()), enrollment_id=open_one.enrollment_id, purpose="quiz", module="pesan", number=2,
                seed=1, form="A", draw=[], started_at=NOON + timedelta(1))
    )  # fmt: skip
    with pytest.raises(sa.exc.IntegrityError):
        db.commit()
    db.rollback()


def test_the_database_itself_allows_one_pre_test(app, db, joko):
    mine = learn(app, db, joko)
    submit(app, db, joko, begin(app, db, joko, "pre"))
    db.add(
        Attempt(uuid=str(uuid4()), enrollment_id=mine.id, purpose="pre", module="", number=2, seed=1, form="A",
                draw=[], started_at=NOON)
    )  # fmt: skip
    with pytest.raises(sa.exc.IntegrityError):
        db.commit()
    db.rollback()
