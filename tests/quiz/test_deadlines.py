"""Deadlines: the server's clock at receipt decides, a stated grace still counts, and time up submits what is saved."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.course import queries as course_queries
from app.db import apart
from app.enrollment import queries as enrollment_queries
from app.enrollment.rules import PRE, PRE_TAKEN
from app.errors import Refused
from app.quiz import actions, allowances, closing, queries, rules
from app.quiz.actions import Given
from app.quiz.models import Answer, Attempt
from tests.builders import NOON
from tests.builders_course import with_terms
from tests.enrollment.cast import SLUG, at_once, events, finish, learn, lessons, publish, whole
from tests.quiz.sitting import COURSE, answer_all, begin, keys_of, row, sat, save, submit

LIMIT, GRACE, SECOND = timedelta(minutes=20), rules.GRACE, timedelta(seconds=1)
END = NOON + LIMIT + GRACE  # the last moment that counts


@pytest.fixture(autouse=True)
def learning(app, db, sari):
    publish(db, files=with_terms("batas_menit = 20", "batas_menit = 20"))
    return finish(app, db, learn(app, db, sari), *lessons("pesan"))


@pytest.fixture
def uuid(app, db, sari):
    return begin(app, db, sari, "quiz", "pesan")


def stored(db):
    db.rollback()
    found = {item: choice for item, choice in db.execute(sa.select(Answer.item, Answer.choice))}
    db.rollback()
    return found


def time_up(app, db, client, uuid, at):
    with app.app_context():
        done = closing.time_up(db, client.person.id, uuid, at)
        db.commit()
    return done


def test_the_deadline_is_set_at_the_start_and_without_a_limit_there_is_none(app, db, sari, joko, uuid):
    assert row(db, uuid).deadline_at == NOON + LIMIT
    publish(db, "bebas", files=with_terms())
    assert (rules.limit(20, 0), rules.limit(20, 50), rules.limit(1, 300)) == (
        LIMIT, timedelta(minutes=30), timedelta(minutes=4),
    )  # fmt: skip
    learn(app, db, joko, "bebas")
    address = joko.post("/belajar/bebas/tes-awal", data={"percobaan": str(uuid4())}).location
    assert row(db, address.removeprefix("/percobaan/")).deadline_at is None


def test_extra_time_makes_it_longer_from_the_next_attempt_on(app, db, sari, arif, uuid):
    with app.app_context():
        allowances.grant(db, sari.person.id, 50, arif.person.id, NOON)
        db.commit()
    assert row(db, uuid).deadline_at == NOON + LIMIT, "the open one keeps its deadline"
    submit(app, db, sari, uuid)
    assert row(db, begin(app, db, sari, "quiz", "pesan")).deadline_at == NOON + timedelta(minutes=30)


def test_until_the_end_of_the_grace_everything_counts_and_a_second_later_nothing(app, db, sari, uuid):
    first, second = (entry[0] for entry in row(db, uuid).draw)
    save(app, db, sari, uuid, first, keys_of(first), at=END)
    with pytest.raises(rules.TimeUp) as refusal:
        save(app, db, sari, uuid, second, keys_of(second), at=END + SECOND)
    assert str(refusal.value) == "Waktu percobaan ini sudah habis. Jawaban yang tersimpan sudah dikumpulkan."
    assert stored(db) == {first: keys_of(first)}
    done = submit(app, db, sari, uuid, at=END)
    assert (done.submitted_at, done.timed_out, done.score) == (END, False, 50.0)


def test_who_submits_too_late_has_submitted_what_was_saved_in_time(app, db, sari, uuid):
    first, second = (entry[0] for entry in row(db, uuid).draw)
    save(app, db, sari, uuid, first, keys_of(first))
    done = submit(app, db, sari, uuid, at=END + timedelta(hours=3))
    # It ended when the time was up, whenever somebody noticed.
    assert (done.submitted_at, done.timed_out, done.score) == (END, True, 50.0)
    with pytest.raises(Refused) as refusal:
        save(app, db, sari, uuid, second, keys_of(second), at=NOON)
    assert refusal.value.message == rules.TIME_UP
    assert stored(db) == {first: keys_of(first)}


def test_time_up_is_scored_and_recorded_once_like_any_other_end(app, db, sari, uuid):
    answer_all(app, db, sari, uuid)
    for late in (END + SECOND, END + timedelta(days=1)):
        assert time_up(app, db, sari, uuid, late).score == 100.0
    assert [event.data["passed"] for event in events(db, "attempt")] == [True]
    assert len(events(db, "module")) == 1
    assert "kuis:pesan" in enrollment_queries.of(db, sari.person.id, SLUG).progress.done


def test_nothing_is_submitted_before_its_time(app, db, sari, joko, uuid):
    assert time_up(app, db, sari, uuid, END).submitted_at is None
    assert time_up(app, db, joko, uuid, END + SECOND) is None, "and never somebody else's"
    with app.app_context():
        assert queries.overdue(db, END, 9) == []
        assert queries.overdue(db, END + SECOND, 9) == [(sari.person.id, uuid)]
        db.rollback()
    assert row(db, uuid).submitted_at is None


def test_a_clock_set_back_gives_time_but_opens_nothing_again(app, db, sari, uuid):
    """Only now and the deadline decide: what was closed stays closed, and what is open may take until its deadline."""
    first = row(db, uuid).draw[0][0]
    hour_ago = NOON - timedelta(hours=1)
    save(app, db, sari, uuid, first, ["a"], at=hour_ago)
    assert row(db, uuid).started_at > hour_ago
    time_up(app, db, sari, uuid, END + SECOND)
    assert time_up(app, db, sari, uuid, hour_ago).submitted_at == END
    with pytest.raises(Refused):
        save(app, db, sari, uuid, first, ["b"], at=hour_ago)
    db.rollback()
    again = begin(app, db, sari, "quiz", "pesan", at=hour_ago)
    assert again != uuid and row(db, again).deadline_at == hour_ago + LIMIT


def test_who_starts_again_after_the_time_is_up_sees_first_what_came_of_it(app, db, sari, uuid):
    late = END + timedelta(hours=1)
    assert begin(app, db, sari, "quiz", "pesan", at=late) == uuid
    assert row(db, uuid).timed_out
    assert begin(app, db, sari, "quiz", "pesan", at=late) != uuid


def test_a_pre_test_whose_time_is_up_is_taken(app, db, joko):
    learn(app, db, joko)
    uuid = begin(app, db, joko, "pre")
    assert begin(app, db, joko, "pre", at=END + SECOND) == uuid
    with pytest.raises(Refused) as refusal:
        begin(app, db, joko, "pre", at=END + SECOND)
    assert refusal.value.message == PRE_TAKEN
    db.rollback()
    assert enrollment_queries.of(db, joko.person.id, SLUG).progress.done == {PRE: 0.0}


def test_a_pre_test_that_lessons_overtook_ends_without_counting(app, db, joko):
    mine = learn(app, db, joko)
    uuid = begin(app, db, joko, "pre")
    item = row(db, uuid).draw[0][0]
    save(app, db, joko, uuid, item, keys_of(item))
    finish(app, db, mine, *lessons("pesan"))
    time_up(app, db, joko, uuid, END + SECOND)
    ended = row(db, uuid)
    assert (ended.submitted_at, ended.timed_out, ended.passed) == (END, True, None)
    assert stored(db) == {item: keys_of(item)}, "what was saved is not lost"
    assert PRE not in enrollment_queries.of(db, joko.person.id, SLUG).progress.done
    assert not events(db, "attempt")
    finish(app, db, mine, *whole("pesan", "pintu"), score=80)
    sat(app, db, joko, "post")
    assert [event.data["pre"] for event in events(db, "attempt")] == [None]


def test_the_wait_after_three_post_tests_counts_from_the_end_of_their_time(app, db, sari, learning):
    finish(app, db, learning, *whole("pesan", "pintu"), score=80)
    for n in range(3):
        started = NOON + n * timedelta(hours=1)
        uuid = begin(app, db, sari, "post", at=started)
        time_up(app, db, sari, uuid, started + timedelta(minutes=50))
    last = NOON + timedelta(hours=2) + LIMIT + GRACE
    with pytest.raises(Refused):
        begin(app, db, sari, "post", at=last + timedelta(hours=24) - SECOND)
    db.rollback()
    begin(app, db, sari, "post", at=last + timedelta(hours=24))


# --- at the same moment


def test_what_is_said_to_be_saved_is_counted_when_saves_race_with_the_end(app, db, sari, uuid):
    """Some phones are in time, the clock ends it meanwhile: each save is refused or part of what was scored."""
    item = row(db, uuid).draw[0][0]

    def press(n):
        with app.app_context(), apart(app.extensions["db"].execution_options(writes=True)) as session:
            if n % 5 == 4:
                return closing.time_up(session, sari.person.id, uuid, END + SECOND)
            try:
                return actions.save(session, sari.person.id, uuid, Given(item, ["abc"[n % 3]], str(uuid4())), END)
            except Refused as refusal:
                assert refusal.message == rules.TIME_UP
                return None

    said = [one for one in at_once(50, press) if one is not None]
    kept = [one.revision for one in said if hasattr(one, "choice")]
    [(choice, revision)] = db.execute(sa.select(Answer.choice, Answer.revision)).all() or [([], 0)]
    assert len(kept) == revision
    asked = [rules.score([one], {item: choice}).percent for one in _items(db, uuid)]
    assert row(db, uuid).score == sum(asked) / 2
    assert len(events(db, "attempt")) == 1


def _items(db, uuid):
    return [COURSE.item(entry[0]) for entry in row(db, uuid).draw]


def test_person_background_and_a_new_start_end_it_once(app, db, sari, uuid):
    answer_all(app, db, sari, uuid)
    late = END + SECOND

    def press(n):
        with app.app_context(), apart(app.extensions["db"].execution_options(writes=True)) as session:
            if n % 3 == 0:
                return closing.time_up(session, sari.person.id, uuid, late).uuid
            if n % 3 == 1:
                return actions.submit(session, sari.person.id, uuid, late).uuid
            mine = enrollment_queries.of(session, sari.person.id, SLUG)
            return actions.start(session, mine, _course(session, mine), "quiz", "pesan", str(uuid4()), late)

    opened = set(at_once(30, press)) - {uuid}
    assert len(opened) <= 1, "whoever came after the end began the next one, together"
    assert len(events(db, "attempt")) == len(events(db, "module")) == 1
    assert [one.timed_out for one in db.scalars(sa.select(Attempt).where(Attempt.uuid == uuid))] == [True]


def _course(session, mine):
    return course_queries.content(session, mine.version_id)
