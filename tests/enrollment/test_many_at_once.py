"""Steps that many people did by one act: the same as one by one, in a few statements."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.enrollment import actions, queries
from app.enrollment.actions import Done
from app.errors import Refused
from tests.builders import NOON
from tests.enrollment.cast import events, finish, learn, lessons, publish, whole


@pytest.fixture(autouse=True)
def version(db):
    return publish(db)


def finish_many(app, db, done):
    with app.app_context():
        first = actions.finish_steps(db, done, NOON)
        db.commit()
    return first


def said(db, person):
    db.rollback()
    found = [(event.kind, event.data) for event in events(db) if event.person_id == person]
    db.rollback()
    return found


def test_many_at_once_say_and_keep_what_one_by_one_does(app, db, sari, joko):
    alone, together = (learn(app, db, client) for client in (sari, joko))
    keys = [*whole("pesan", "pintu"), "tes-akhir"]
    finish(app, db, alone, *keys, score=90.0)
    first = finish_many(app, db, [Done(together.id, key, str(uuid4()), 90.0) for key in keys])
    assert first == {(together.id, key) for key in keys}
    assert said(db, joko.person.id) == said(db, sari.person.id)
    one, other = queries.by_id(db, alone.id), queries.by_id(db, together.id)
    assert (one.progress, one.completed_at is not None) == (other.progress, other.completed_at is not None)


def test_what_was_done_before_is_no_first_time(app, db, sari, joko):
    mine, his = (finish(app, db, learn(app, db, client), *lessons("pesan")) for client in (sari, joko))
    finish(app, db, his, "kuis:pesan", score=80.0)
    done = [Done(one.id, "kuis:pesan", str(uuid4()), 95.0) for one in (mine, his, mine)]
    assert finish_many(app, db, done) == {(mine.id, "kuis:pesan")}
    assert finish_many(app, db, done) == set()
    assert queries.by_id(db, his.id).progress.done["kuis:pesan"] == 80.0
    db.rollback()
    assert len(events(db, "module")) == 2


def test_a_step_that_is_not_there_is_refused(app, db, sari):
    mine = learn(app, db, sari)
    with pytest.raises(Refused, match="tidak ada"):
        finish_many(app, db, [Done(mine.id, "kuis:lain", str(uuid4()), 90.0)])
    assert finish_many(app, db, [Done(2_147_483_600, "kuis:pesan", str(uuid4()), 90.0)]) == set(), "who left meanwhile"


def test_statements_do_not_grow_with_people(app, db, enter, queries_made):
    counts = []
    for number in (2, 6):
        people = [finish(app, db, learn(app, db, enter("Orang")), *lessons("pesan")) for _ in range(number)]
        with queries_made() as made:
            finish_many(app, db, [Done(one.id, "kuis:pesan", str(uuid4()), 90.0) for one in people])
        counts.append(len(made))
    assert counts[0] == counts[1] <= 5, made
