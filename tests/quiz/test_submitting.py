"""Submitting: scored once, recorded once, and what follows from it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.db import apart
from app.enrollment import queries as enrollment_queries
from app.enrollment.models import StepDone
from app.quiz import actions, closing, queries
from tests.builders import NOON
from tests.enrollment.cast import SLUG, at_once, events, finish, later, learn, lessons, publish, whole
from tests.quiz.sitting import answer_all, begin, row, sat, submit


@pytest.fixture(autouse=True)
def version(db):
    return publish(db)


@pytest.fixture
def learning(app, db, sari):
    return learn(app, db, sari)


@pytest.fixture
def ready(app, db, learning):
    return finish(app, db, learning, *lessons("pesan"))


def test_a_passed_quiz_completes_the_module_and_the_journal_says_all_of_it_once(app, db, sari, ready, version):
    uuid = sat(app, db, sari, "quiz", "pesan")
    submit(app, db, sari, uuid, later(days=1))
    attempt = row(db, uuid)
    assert (attempt.score, attempt.passed, attempt.submitted_at) == (100.0, True, NOON)
    facts = {"course": SLUG, "pillar": "aman", "version": version.number}
    assert [event.data for event in events(db, "attempt")] == [
        facts
        | {
            "purpose": "quiz",
            "module": "pesan",
            "score": 100.0,
            "passed": True,
            "first": True,
            "first_pass": True,
            "pre": None,
        }
    ]
    assert [event.data for event in events(db, "module")] == [facts | {"module": "pesan", "jp": 1}]
    assert all(event.person_id == sari.person.id for event in events(db, "attempt", "module"))
    step = db.scalars(sa.select(StepDone).where(StepDone.step == "kuis:pesan")).one()
    assert (step.act, step.score) == (uuid, 100.0)


def test_a_failed_quiz_changes_no_progress_and_a_later_pass_is_the_first_pass(app, db, sari, ready):
    sat(app, db, sari, "quiz", "pesan", right=1)
    assert "kuis:pesan" not in enrollment_queries.of(db, sari.person.id, SLUG).progress.done
    sat(app, db, sari, "quiz", "pesan")
    sat(app, db, sari, "quiz", "pesan")
    told = [event.data for event in events(db, "attempt")]
    assert [(data["score"], data["passed"], data["first"], data["first_pass"]) for data in told] == [
        (50.0, False, True, False), (100.0, True, False, True), (100.0, True, False, False),
    ]  # fmt: skip
    assert len(events(db, "module")) == 1


def test_the_best_attempt_counts(app, db, sari, ready):
    for right in (2, 0, 1):
        sat(app, db, sari, "quiz", "pesan", right=right)
    assert enrollment_queries.of(db, sari.person.id, SLUG).progress.done["kuis:pesan"] == 100.0
    assert queries.passed(db, ready.id, "quiz", "pesan") == 100.0


def test_what_was_not_answered_is_worth_nothing(app, db, sari, ready):
    uuid = begin(app, db, sari, "quiz", "pesan")
    submit(app, db, sari, uuid)
    assert (row(db, uuid).score, row(db, uuid).passed) == (0.0, False)


def test_the_pre_test_is_taken_not_passed(app, db, sari, learning):
    uuid = sat(app, db, sari, "pre", right=1)
    assert (row(db, uuid).score, row(db, uuid).passed) == (25.0, None)
    assert enrollment_queries.of(db, sari.person.id, SLUG).progress.done == {"tes-awal": 25.0}
    data = events(db, "attempt")[0].data
    assert (data["purpose"], data["module"], data["passed"], data["first"], data["pre"]) == (
        "pre",
        "",
        False,
        True,
        None,
    )


def test_the_first_post_test_carries_the_pre_test_and_passing_completes_the_course(app, db, sari, learning):
    sat(app, db, sari, "pre", right=1)
    finish(app, db, learning, *whole("pesan", "pintu"), score=80)
    sat(app, db, sari, "post", right=3)
    sat(app, db, sari, "post", at=later(hours=1))
    posts = [event.data for event in events(db, "attempt") if event.data["purpose"] == "post"]
    assert [(p["score"], p["passed"], p["first"], p["first_pass"], p["pre"]) for p in posts] == [
        (75.0, False, True, False, 25.0), (100.0, True, False, True, None),
    ]  # fmt: skip
    assert len(events(db, "completed")) == 1
    assert enrollment_queries.of(db, sari.person.id, SLUG).completed_at == later(hours=1)


def test_without_a_pre_test_there_is_nothing_to_compare(app, db, sari, learning):
    finish(app, db, learning, *whole("pesan", "pintu"), score=80)
    sat(app, db, sari, "post")
    assert events(db, "attempt")[0].data["pre"] is None


def test_fifty_presses_at_once_score_once(app, db, sari, learning):
    finish(app, db, learning, *whole("pesan", "pintu"), score=80)
    uuid = begin(app, db, sari, "post")
    answer_all(app, db, sari, uuid)

    def press(n):
        with app.app_context(), apart(app.extensions["db"].execution_options(writes=True)) as session:
            return actions.submit(session, sari.person.id, uuid, later(seconds=n))

    outcomes = at_once(50, press)
    assert len({(one.submitted_at, one.score, one.passed) for one in outcomes}) == 1
    assert len(events(db, "attempt")) == len(events(db, "completed")) == 1


def test_nothing_is_half_done_when_the_end_of_a_submit_fails(app, db, sari, ready, monkeypatch):
    uuid = begin(app, db, sari, "quiz", "pesan")
    answer_all(app, db, sari, uuid)
    monkeypatch.setattr(closing.enrollment_actions, "finish_step", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError), app.app_context(), apart(app.extensions["db"]) as session:
        actions.submit(session, sari.person.id, uuid, NOON)
    assert row(db, uuid).submitted_at is None and not events(db, "attempt")
    monkeypatch.undo()
    assert submit(app, db, sari, uuid).score == 100.0
