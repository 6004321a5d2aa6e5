"""Saving: once is once, the newest counts, strangers and the past change nothing."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.db import apart
from app.errors import Refused
from app.quiz import actions, drawn, rules
from app.quiz.actions import Given
from app.quiz.models import Answer, Attempt
from tests.builders import NOON
from tests.enrollment.cast import at_once, behind, finish, learn, lessons, publish
from tests.quiz.sitting import COURSE, begin, row, save, submit


@pytest.fixture(autouse=True)
def learning(app, db, sari):
    publish(db)
    return finish(app, db, learn(app, db, sari), *lessons("pesan"))


@pytest.fixture
def uuid(app, db, sari):
    return begin(app, db, sari, "quiz", "pesan")


@pytest.fixture
def item(db, uuid):
    """A question with one answer, drawn by this attempt (there is only one with several)."""
    return next(entry[0] for entry in row(db, uuid).draw if entry[0] != "pesan-kuis-4")


def stored(db):
    db.rollback()
    db.expire_all()
    return [(answer.item, answer.choice, answer.revision) for answer in db.scalars(sa.select(Answer))]


def test_an_answer_is_saved_and_changed(app, db, sari, uuid, item):
    assert save(app, db, sari, uuid, item, ["a"], revision=1).choice == ["a"]
    assert save(app, db, sari, uuid, item, ["b"], revision=2).choice == ["b"]
    assert stored(db) == [(item, ["b"], 2)]


def test_a_stale_revision_changes_nothing_and_is_told_the_truth(app, db, sari, uuid, item):
    save(app, db, sari, uuid, item, ["b"], revision=5)
    truth = save(app, db, sari, uuid, item, ["a"], revision=4)
    assert (truth.choice, truth.revision) == (["b"], 5)
    assert stored(db) == [(item, ["b"], 5)]


def test_the_same_act_again_changes_nothing_not_even_the_time(app, db, sari, uuid, item):
    act = str(uuid4())
    for revision in (None, 1):
        first = save(app, db, sari, uuid, item, ["a"], act, revision)
        again = save(app, db, sari, uuid, item, ["a"], act, revision, at=NOON.replace(year=2027))
        assert first == again
    assert db.scalar(sa.select(Answer.saved_at)) == NOON


def test_a_plain_form_counts_last_also_after_the_back_button(app, db, sari, uuid, item):
    act = str(uuid4())
    save(app, db, sari, uuid, item, ["a"], act)
    save(app, db, sari, uuid, item, ["c"], revision=7)
    save(app, db, sari, uuid, item, ["b"])
    assert stored(db) == [(item, ["b"], 8)]
    save(app, db, sari, uuid, item, ["c"], act)
    assert stored(db) == [(item, ["c"], 9)]
    # The form that the browser kept carries the same act but another choice: the person changed their mind.
    save(app, db, sari, uuid, item, ["a"], act)
    assert stored(db) == [(item, ["a"], 10)]


def test_fifty_times_the_same_act_at_once_is_one_answer(app, db, sari, uuid, item):
    act = str(uuid4())

    def press(_):
        with app.app_context(), apart(app.extensions["db"].execution_options(writes=True)) as session:
            return actions.save(session, sari.person.id, uuid, Given(item, ["a"], act), NOON)

    assert {(saved.choice[0], saved.revision) for saved in at_once(50, press)} == {("a", 1)}
    assert stored(db) == [(item, ["a"], 1)]


def test_of_fifty_revisions_at_once_the_highest_stays(app, db, sari, uuid, item):
    def press(n):
        with app.app_context(), apart(app.extensions["db"].execution_options(writes=True)) as session:
            given = Given(item, ["abc"[n % 3]], str(uuid4()), n + 1)
            return actions.save(session, sari.person.id, uuid, given, NOON)

    at_once(50, press)
    assert stored(db) == [(item, ["abc"[49 % 3]], 50)]


def test_what_is_said_to_be_saved_is_counted_when_saving_and_submitting_race(app, db, sari, uuid, item):
    """Each save is either refused or part of what was scored; nothing is acknowledged and lost."""

    def press(n):
        with app.app_context(), apart(app.extensions["db"].execution_options(writes=True)) as session:
            if n == 10:
                return actions.submit(session, sari.person.id, uuid, NOON)
            try:
                return actions.save(session, sari.person.id, uuid, Given(item, ["abc"[n % 3]], str(uuid4())), NOON)
            except Refused as refusal:
                assert refusal.message == rules.CLOSED
                return None

    said = [one for one in at_once(50, press) if one is not None]
    attempt = row(db, uuid)
    scored = {name: choice for name, choice, _ in stored(db)}
    asked = [COURSE.item(entry[0]) for entry in attempt.draw]
    assert attempt.score == rules.score(asked, scored).percent
    revisions = [one.revision for one in said if hasattr(one, "choice")]
    assert len(revisions) == (stored(db)[0][2] if stored(db) else 0)


def test_who_submits_waits_for_who_is_saving_and_counts_that_answer(app, db, sari, uuid, item):
    me, given = sari.person.id, Given(item, list(COURSE.item(item).keys), str(uuid4()))
    done = behind(
        app,
        lambda session: actions.save(session, me, uuid, given, NOON),
        lambda session: actions.submit(session, me, uuid, NOON),
    )
    assert done.score == 50.0


def test_who_saves_waits_for_who_is_submitting_and_is_told_that_it_is_too_late(app, db, sari, uuid, item):
    me, given = sari.person.id, Given(item, ["a"], str(uuid4()))
    with pytest.raises(Refused) as refusal:
        behind(
            app,
            lambda session: actions.submit(session, me, uuid, NOON),
            lambda session: actions.save(session, me, uuid, given, NOON),
        )
    assert refusal.value.message == rules.CLOSED
    assert stored(db) == []


def test_after_submitting_nothing_is_saved(app, db, sari, uuid, item):
    save(app, db, sari, uuid, item, ["a"])
    submit(app, db, sari, uuid)
    with pytest.raises(Refused) as refusal:
        save(app, db, sari, uuid, item, ["b"])
    assert refusal.value.message == rules.CLOSED
    assert stored(db) == [(item, ["a"], 1)]


def test_strangers_and_missing_attempts_are_not_found_alike(app, db, sari, joko, uuid, item):
    assert save(app, db, joko, uuid, item, ["a"]) is None
    assert save(app, db, sari, str(uuid4()), item, ["a"]) is None
    for odd in ("", "x", uuid.upper(), uuid + "\n", "a" * 5000):
        assert save(app, db, sari, odd, item, ["a"]) is None
    with app.app_context():
        assert actions.submit(db, joko.person.id, uuid, NOON) is None
    assert stored(db) == []
    assert row(db, uuid).submitted_at is None


def test_only_options_of_a_question_of_this_attempt_are_saved(app, db, sari, uuid, item):
    elsewhere = next(
        f"pesan-kuis-{n}" for n in range(1, 5) if f"pesan-kuis-{n}" not in {e[0] for e in row(db, uuid).draw}
    )
    for name, choice in (
        (elsewhere, ["a"]), ("pesan-tes-1", ["a"]), ("pesan-materi-1", ["a"]), ("", ["a"]), ("\x00", ["a"]),
        (item, ["z"]), (item, ["a", "b"]), (item, []), (item, ["a", "z"]), (item, ["\x00"]), (item, ["a" * 10_000]),
    ):  # fmt: skip
        with pytest.raises(Refused):
            save(app, db, sari, uuid, name, choice)
    assert stored(db) == []


def test_several_answers_are_kept_in_one_spelling_and_may_be_taken_back(app, db, sari, uuid):
    ids = {entry[0] for entry in row(db, uuid).draw}
    if "pesan-kuis-4" not in ids:
        submit(app, db, sari, uuid)
        uuid = begin(app, db, sari, "quiz", "pesan")
    assert save(app, db, sari, uuid, "pesan-kuis-4", ["c", "a", "c"]).choice == ["a", "c"]
    assert save(app, db, sari, uuid, "pesan-kuis-4", []).choice == []


def test_saving_takes_one_statement_and_three_when_it_changes_nothing(app, db, sari, uuid, item, queries_made):
    act = str(uuid4())
    save(app, db, sari, uuid, item, ["b"])
    for most, revision in ((1, None), (3, None), (3, 1)):
        with queries_made() as made:
            save(app, db, sari, uuid, item, ["a"], act, revision)
        assert len(made) <= most, made


def test_a_process_that_has_not_seen_the_attempt_asks_once_what_it_asks(app, db, sari, uuid, item, queries_made):
    app.extensions["drawn"].clear()
    for most, choice in ((2, ["b"]), (1, ["a"])):
        with queries_made() as made:
            assert save(app, db, sari, uuid, item, choice).choice == choice
        assert len(made) == most, made


def test_what_a_process_remembers_opens_no_attempt_that_is_gone_or_another_persons(app, db, sari, joko, uuid, item):
    save(app, db, sari, uuid, item, ["a"])
    assert save(app, db, joko, uuid, item, ["b"]) is None
    db.execute(sa.delete(Attempt).where(Attempt.uuid == uuid))
    db.commit()
    assert uuid in app.extensions["drawn"]
    assert save(app, db, sari, uuid, item, ["b"]) is None
    assert stored(db) == []


def test_of_many_attempts_a_process_remembers_the_newest(app, monkeypatch):
    monkeypatch.setattr(drawn, "MOST_KEPT", 3)
    with app.app_context():
        for n in range(5):
            drawn.remember(str(n), 1, 1, None, [])
        assert [n for n in range(5) if drawn.remembered(str(n), 1)] == [2, 3, 4]
