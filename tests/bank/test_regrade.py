"""Counting scores anew after a key was wrong: who gains, who keeps what they have, and that twice is once."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.bank import regrade as regrading
from app.bank import regrade_queries
from app.bank.models import Regrade, RegradeChange
from app.certificate.models import Certificate
from app.db import apart
from app.enrollment import queries as enrollment_queries
from app.errors import Refused
from app.quiz.models import Attempt
from app.quiz.rules import ANSWERS_KEPT
from app.stats import actions as stats
from app.stats.models import Total
from tests.bank.cast import WHY, WRONG, again, answered, begun, preview, publish, rows, told, with_key
from tests.builders import NOON
from tests.builders_course import a_course_files
from tests.builders_rows import a_version
from tests.certificate.cast import claim
from tests.enrollment.cast import SLUG, events, finish, later, learn, lessons, whole
from tests.inspector import visit
from tests.quiz.sitting import row, sat, wrong_of


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


def done(db, sari):
    db.rollback()
    found = enrollment_queries.of(db, sari.person.id, SLUG).progress.done
    db.rollback()
    return found


def test_peer_tcexam_263_who_was_right_gains_the_point_and_passes_once_with_all_that_follows(app, db, sari, right):
    uuid = answered(app, db, sari, q1="b", q2="b")
    assert standing(db, uuid) == (50.0, False)
    again(app, at=later(days=1))
    assert standing(db, uuid) == (100.0, True)
    assert done(db, sari)["kuis:pesan"] == 100.0
    last = told(db, "attempt")[-1]
    assert (last["first"], last["first_pass"], last["passed"], last["regraded"]) == (False, True, True, True)
    again(app, at=later(days=2))
    assert len(told(db, "attempt")) == 2 and len(told(db, "module")) == 1, "counted once"
    assert len(rows(db, Regrade)) == 1, "the same again is the same regrade"


def test_only_raise_lowers_nobody(app, db, sari, right):
    uuid = answered(app, db, sari, q1="a", q2="b")
    again(app)
    assert standing(db, uuid) == (100.0, True)
    assert [(one.score_before, one.score_after) for one in rows(db, RegradeChange)] == [(100.0, 100.0)]
    assert rows(db, RegradeChange)[0].seen_at is not None, "nothing to tell"


def test_exact_lowers_a_score_and_takes_neither_step_nor_pass_nor_best(app, db, sari, right):
    uuid = answered(app, db, sari, q1="a", q2="b")
    again(app, mode="exact")
    assert standing(db, uuid) == (50.0, True)
    assert done(db, sari)["kuis:pesan"] == 100.0
    assert len(told(db, "attempt")) == 1
    # Who passes again later is no new first pass.
    answered(app, db, sari, later(days=1), q1="a", q2="b")
    assert [event["first_pass"] for event in told(db, "attempt")] == [True, False]


def test_regrades_of_several_questions_compose_in_any_order(app, db, sari, learning):
    publish(db, 2, q1=1)
    publish(db, 3, q1=1, q2=2)
    first = answered(app, db, sari, q1="b", q2="c")
    again(app, WRONG, 1, 2)
    assert standing(db, first) == (50.0, False)
    again(app, "pesan-kuis-2", 1, 3, mode="exact")
    assert standing(db, first) == (100.0, True), "the earlier correction is kept"


def test_exact_of_one_question_takes_nothing_that_only_raise_of_another_left(app, db, sari, learning):
    publish(db, 2, q1=1)
    publish(db, 3, q1=1, q2=2)
    uuid = answered(app, db, sari, q1="a", q2="b")
    again(app, WRONG, 1, 2)
    again(app, "pesan-kuis-2", 1, 3, mode="exact")
    assert standing(db, uuid) == (50.0, True), "q1 still counts by the old key, q2 no more"


def test_a_later_version_may_turn_a_key_back(app, db, sari, right):
    publish(db, 3, q1=2)
    uuid = answered(app, db, sari, q1="b", q2="b")
    again(app, mode="exact")
    again(app, after=3, mode="exact")
    assert standing(db, uuid) == (50.0, True), "the last correction counts; the pass stays"


def test_the_best_score_rises_also_where_the_step_was_done(app, db, sari, right):
    answered(app, db, sari, q1="a", q2="a")
    finish(app, db, enrollment_queries.of(db, sari.person.id, SLUG), "kuis:pesan", score=75.0)
    uuid = answered(app, db, sari, q1="b", q2="b")
    again(app)
    assert standing(db, uuid) == (100.0, True)
    assert done(db, sari)["kuis:pesan"] == 100.0
    assert not [event for event in told(db, "attempt") if event["first_pass"]], "the step was done before"


def test_passing_the_last_test_by_a_regrade_completes_the_course_and_the_figures_count_it_once(app, db, joko, wrong):
    learning = finish(app, db, learn(app, db, joko), *whole("pesan", "pintu"), score=80)
    uuid = sat(app, db, joko, "post", right=3)
    assert standing(db, uuid) == (75.0, False)
    item = row(db, uuid).draw[-1][0]
    a_version(db, SLUG, number=2, files=with_key(a_course_files(), item, wrong_of(item)[0]))
    db.commit()
    again(app, item)
    assert standing(db, uuid) == (100.0, True)
    assert enrollment_queries.by_id(db, learning.id).completed_at == NOON
    db.rollback()
    again(app, item)
    with apart(app.extensions["db"]) as session:
        stats.catch_up(session, NOON)
    total = db.get(Total, ("semua", "semua", "", "", ""))
    assert (total.passed, total.tested, total.completed) == (1, 1, 1)


def test_nobodys_certificate_is_touched(app, db, sari, right):
    finish(app, db, enrollment_queries.of(db, sari.person.id, SLUG), *whole("pesan", "pintu"), "tes-akhir", score=90)
    answered(app, db, sari, q1="a", q2="b")
    learning = enrollment_queries.of(db, sari.person.id, SLUG)
    db.rollback()
    claim(app, learning.id)
    before = db.execute(sa.select(Certificate.__table__)).all()
    db.rollback()
    seen = preview(app)
    assert (seen.exact.certificates, seen.exact.lowered, seen.rising.certificates) == (1, 1, 0)
    again(app, mode="exact")
    assert db.execute(sa.select(Certificate.__table__)).all() == before
    db.rollback()
    assert enrollment_queries.by_id(db, learning.id).completed_at is not None


def test_the_preview_says_what_happens_and_changes_nothing(app, db, sari, joko, enter, right):
    """Numbers: one rises, one would fall, one is untouched, one is open, one is forgotten."""
    people = [enter(f"Orang {n}") for n in range(3)]
    db.execute(sa.delete(regrade_queries.CourseVersion).where(regrade_queries.CourseVersion.number == 2))
    db.commit()
    for person in (joko, *people):
        finish(app, db, learn(app, db, person), *lessons("pesan"))
    publish(db, 2, q1=1)
    answered(app, db, sari, q1="b", q2="b")
    answered(app, db, joko, q1="a", q2="b")
    answered(app, db, people[0], q1="c", q2="b")
    begun(app, db, people[1], q1="b")
    answered(app, db, people[2], NOON - ANSWERS_KEPT - (later(days=1) - NOON), q1="b", q2="b")
    before = [standing(db, uuid) for uuid in db.scalars(sa.select(Attempt.uuid).order_by(Attempt.id)).all()]
    seen = preview(app)
    assert (seen.attempts, seen.unfinished, seen.forgotten) == (3, 1, 1)
    assert (seen.rising.raised, seen.rising.lowered, seen.rising.newly_passed) == (1, 0, 1)
    assert (seen.rising.mean_raised, seen.rising.most_raised) == (50.0, 50.0)
    assert (seen.exact.raised, seen.exact.lowered, seen.exact.most_lowered) == (1, 1, 50.0)
    assert before == [standing(db, uuid) for uuid in db.scalars(sa.select(Attempt.uuid).order_by(Attempt.id)).all()]
    assert not rows(db, Regrade) and not rows(db, RegradeChange)
    again(app)
    assert [one.score_after - one.score_before for one in rows(db, RegradeChange)] == [50.0, 0.0, 0.0]


def test_a_regrade_is_audited_with_what_it_did(app, db, sari, right):
    answered(app, db, sari, q1="b", q2="b")
    again(app)
    event = events(db, "scores.regraded")[0]
    assert event.audit and event.person_id is None
    assert event.data == {
        "course": SLUG, "pillar": "aman", "version": 1, "to": 2, "item": WRONG, "mode": "raise", "because": WHY,
        "raised": 1, "lowered": 0, "passed": 1,
    }  # fmt: skip


def test_forgotten_answers_are_left_alone(app, db, sari, right):
    uuid = answered(app, db, sari, NOON - ANSWERS_KEPT - (later(days=1) - NOON), q1="b", q2="b")
    again(app, mode="exact")
    assert standing(db, uuid) == (50.0, False) and not rows(db, RegradeChange)


def test_a_pre_test_is_counted_anew_and_not_told(app, db, joko, wrong):
    learn(app, db, joko)
    uuid = sat(app, db, joko, "pre", right=3)
    item = row(db, uuid).draw[-1][0]
    a_version(db, SLUG, number=2, files=with_key(a_course_files(), item, wrong_of(item)[0]))
    db.commit()
    again(app, item)
    assert standing(db, uuid) == (100.0, None)
    assert done(db, joko)["tes-awal"] == 100.0
    assert rows(db, RegradeChange)[0].seen_at is not None
    visit(joko, "/belajar")


@pytest.mark.parametrize(
    ("item", "before", "after", "sentence"),
    [
        (WRONG, 2, 1, "versi yang lebih baru"),
        (WRONG, 1, 9, "tidak ada"),
        ("tidak-ada", 1, 2, "tidak ada di kedua versi"),
        ("pesan-kuis-2", 1, 2, "sama di kedua versi"),
        ("pesan-kuis-3", 1, 2, "tidak ada di kedua versi"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(app, right, item, before, after, sentence):
    with pytest.raises(Refused, match=sentence):
        again(app, item, before, after)


@pytest.mark.parametrize("because", ["", "pendek", "x" * 501, "alasan \x00 yang rusak"])
def test_a_reason_is_needed(app, db, sari, right, because):
    with pytest.raises(Refused, match="alasan"), app.app_context(), apart(app.extensions["db"]) as session:
        pair = regrading.examined(session, SLUG, WRONG, 1, 2)
        regrading.regrade(session, pair, "raise", because, str(uuid4()), None, NOON)
    assert not rows(db, Regrade)
