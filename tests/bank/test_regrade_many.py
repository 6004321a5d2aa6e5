"""Many at once: presses in the same moment, what is submitted later, and what ten thousand attempts cost."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import uuid4

import pytest
import sqlalchemy as sa

from app import background
from app.accounts import leaving
from app.bank import regrade as regrading
from app.bank import regrade_queries
from app.bank.models import Regrade, RegradeChange
from app.db import apart
from app.enrollment.models import StepDone
from app.quiz import actions
from app.quiz.models import Attempt
from tests.bank.cast import WRONG, again, answered, begun, publish, rows, told
from tests.builders import NOON, password_hash
from tests.enrollment.cast import at_once, events, finish, later, learn, lessons
from tests.quiz.sitting import row, submit


@pytest.fixture(autouse=True)
def wrong(db):
    """Version 1 says that `a` is right."""
    return publish(db, 1, q1=0)


@pytest.fixture
def learning(app, db, sari, wrong):
    return finish(app, db, learn(app, db, sari), *lessons("pesan"))


@pytest.fixture
def right(db, learning):
    """Version 2 says that it is `b`, published after Sari began."""
    return publish(db, 2, q1=1)


def standing(db, uuid):
    one = row(db, uuid)
    return one.score, one.passed


def test_what_is_submitted_later_is_counted_anew_by_itself(app, db, sari, right):
    uuid = begun(app, db, sari, q1="b", q2="b")
    again(app)
    submit(app, db, sari, uuid, later(hours=1))
    assert standing(db, uuid) == (50.0, False)
    with app.app_context(), apart(app.extensions["db"]) as session:
        assert regrading.follow(session, later(hours=2)) == 1
    background._regrade(app)
    assert standing(db, uuid) == (100.0, True)
    assert [event["first_pass"] for event in told(db, "attempt")] == [False, True]
    [made] = rows(db, Regrade)
    assert (made.raised, made.lowered, made.passed) == (1, 0, 1)


def test_twenty_presses_at_once_regrade_once(app, db, sari, right):
    uuid, act = answered(app, db, sari, q1="b", q2="b"), str(uuid4())
    made = at_once(20, lambda _n: again(app, uuid=act))
    assert len(set(made)) == 1
    assert standing(db, uuid) == (100.0, True)
    assert len(rows(db, Regrade)) == len(rows(db, RegradeChange)) == len(told(db, "scores.regraded")) == 1
    assert len(told(db, "module")) == 1


def test_regrading_and_submitting_at_once_count_one_first_pass(app, db, sari, right):
    """Two attempts of one person pass in the same moment: one by the regrade, one by its person."""
    early = answered(app, db, sari, q1="b", q2="b")
    late = begun(app, db, sari, q1="a", q2="b")

    def press(n):
        if n % 2:
            return again(app)
        with app.app_context(), apart(app.extensions["db"]) as session:
            return actions.submit(session, sari.person.id, late, NOON).id

    at_once(12, press)
    assert standing(db, early) == (100.0, True) and standing(db, late)[1] is True
    assert sum(event["first_pass"] for event in told(db, "attempt")) == 1
    assert len(told(db, "module")) == 1


def test_different_regrades_at_once_keep_every_correction(app, db, sari, learning):
    publish(db, 2, q1=1)
    publish(db, 3, q1=1, q2=2)
    uuid = answered(app, db, sari, q1="b", q2="c")
    at_once(8, lambda n: again(app, WRONG, 1, 2) if n % 2 else again(app, "pesan-kuis-2", 1, 3))
    assert standing(db, uuid) == (100.0, True)
    assert len(rows(db, Regrade)) == 2


def test_statements_grow_with_parts_and_not_with_people(app, db, sari, learning, monkeypatch, queries_made, enter):
    publish(db, 2, q1=1)
    monkeypatch.setattr(regrade_queries, "CHUNK", 4)
    for _ in range(8):
        answered(app, db, sari, q1="b", q2="a")
    with queries_made() as two:
        again(app)
    assert all(one.score == 50.0 for one in db.scalars(sa.select(Attempt)))
    db.rollback()
    for _ in range(16):
        answered(app, db, sari, q1="b", q2="a")
    with queries_made() as four:
        again(app)
    # Each part: attempts, their answers, what came out, scores, enrollments. The regrade itself is new only once.
    assert (len(two), len(four)) == (12 + 5 * 2, 10 + 5 * 4)
    [made] = rows(db, Regrade)
    assert (made.raised, made.lowered, made.passed) == (24, 0, 0), "both times together"


def test_statements_grow_with_parts_also_where_people_pass(app, db, learning, monkeypatch, queries_made, enter):
    monkeypatch.setattr(regrade_queries, "CHUNK", 4)
    people = [finish(app, db, learn(app, db, enter(f"Orang {n}")), *lessons("pesan")) for n in range(12)]
    persons = {person.user_id for person in people}
    publish(db, 2, q1=1)
    counts = []
    for some in (people[:4], people[4:]):
        for one in some:
            client = SimpleNamespace(person=SimpleNamespace(id=one.user_id))
            answered(app, db, client, q1="b", q2="b")
        with queries_made() as made:
            again(app)
        counts.append(len(made))
    passed = [event for event in events(db, "attempt") if event.data["first_pass"]]
    assert {event.person_id for event in passed} == persons and len(passed) == 12
    assert counts[1] - counts[0] <= 13, "one part more, not four people more"


def test_nothing_is_half_done_when_the_end_of_a_regrade_fails(app, db, sari, right, monkeypatch):
    uuid = answered(app, db, sari, q1="b", q2="b")
    monkeypatch.setattr("app.bank.recounting.enrollment_actions.finish_steps", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        again(app)
    assert standing(db, uuid) == (50.0, False) and not rows(db, Regrade) and not rows(db, RegradeChange)
    assert db.scalar(sa.select(sa.func.count()).select_from(StepDone).where(StepDone.step == "kuis:pesan")) == 0


def test_regrading_while_people_submit_and_leave_waits_for_nobody_who_waits(app, db, learning, enter, monkeypatch):
    """Attempts before enrollments, and no attempt waited for while holding others: a deadlock would raise here."""
    monkeypatch.setattr(regrade_queries, "CHUNK", 2)
    people = [enter(f"Orang {n}").person for n in range(8)]
    learnings = [finish(app, db, learn(app, db, SimpleNamespace(person=one)), *lessons("pesan")) for one in people]
    publish(db, 2, q1=1)
    clients = [SimpleNamespace(person=SimpleNamespace(id=one.user_id)) for one in learnings]
    for _ in range(2):
        for client in clients:
            answered(app, db, client, q1="b", q2="b")
    opened = [begun(app, db, client, q1="b", q2="b") for client in clients]

    def press(n):
        who = n // 3
        if n % 3 == 0:
            return again(app, mode=("raise", "exact")[who % 2])
        with app.app_context(), apart(app.extensions["db"]) as session:
            if n % 3 == 1:
                return actions.submit(session, clients[who].person.id, opened[who], NOON)
            return leaving.delete(session, clients[who].person.id, password_hash(), NOON) if who % 2 else None

    at_once(24, press)
    again(app, mode="exact")
    left = {client.person.id for client in clients[::2]}
    assert {event.person_id for event in events(db, "attempt") if event.data["first_pass"]} >= left
    stayed = db.execute(sa.select(Attempt.score, Attempt.passed)).all()
    db.rollback()
    with app.app_context(), apart(app.extensions["db"]) as session:
        regrading.follow(session, NOON)
    assert len(stayed) == 4 * 3 and set(db.execute(sa.select(Attempt.score, Attempt.passed)).all()) == {(100.0, True)}
