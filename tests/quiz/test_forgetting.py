"""Answers are kept for 24 months, scores as long as the account, and of who leaves only what was counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import background, clock
from app.accounts import tidying
from app.db import apart
from app.enrollment import actions as enrollment
from app.enrollment.models import Enrollment, StepDone
from app.errors import Refused
from app.quiz import allowances
from app.quiz.models import Answer, Attempt, TimeAllowance
from app.quiz.rules import ANSWERS_KEPT
from app.stats import actions as stats
from app.stats.models import Total
from tests.builders import PASSWORD
from tests.enrollment.cast import SLUG, finish, learn, lessons, publish, whole
from tests.inspector import send, visit
from tests.quiz.sitting import begin, row, sat, save

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def learning(app, db, sari):
    publish(db)
    return finish(app, db, learn(app, db, sari), *lessons("pesan"))


def many(db, table, *which):
    db.rollback()
    found = db.scalar(sa.select(sa.func.count()).select_from(table).where(*which))
    db.rollback()
    return found


def answers_of(db, uuid):
    return many(db, Answer, Answer.attempt_id == row(db, uuid).id)


def test_answers_are_forgotten_after_24_months_and_scores_stay(app, db, sari):
    over = clock.now() - ANSWERS_KEPT
    old = sat(app, db, sari, "quiz", "pesan", right=1, at=over - DAY)
    young = sat(app, db, sari, "quiz", "pesan", at=over + DAY)
    background._tidy(app)
    assert (answers_of(db, old), answers_of(db, young)) == (0, 2)
    assert (row(db, old).score, row(db, old).passed, row(db, young).score) == (50.0, False, 100.0)


def test_the_age_of_an_attempt_counts_from_its_end(app, db, sari):
    over = clock.now() - ANSWERS_KEPT
    begun = over - 5 * DAY
    late = begin(app, db, sari, "quiz", "pesan", at=begun)
    for item, options in row(db, late).draw:
        save(app, db, sari, late, item, options[:1], at=begun)
    db.execute(sa.update(Attempt).where(Attempt.uuid == late).values(submitted_at=over + DAY, score=0, passed=False))
    db.commit()
    left = begin(app, db, sari, "quiz", "pesan", at=begun)
    save(app, db, sari, left, row(db, left).draw[0][0], ["a"], at=begun)
    background._tidy(app)
    assert answers_of(db, left) == 0, "an attempt left open is as old as its answers"
    assert answers_of(db, late) == 2
    visit(sari, f"/percobaan/{late}/hasil")
    visit(sari, f"/percobaan/{left}")


def test_forgetting_holds_others_up_for_a_few_rows_at_a_time(app, db, sari, monkeypatch):
    for n in range(3):
        sat(app, db, sari, "quiz", "pesan", at=clock.now() - ANSWERS_KEPT - DAY - n * DAY)
    monkeypatch.setattr(tidying, "BATCH", 4)
    forget = tidying.forgetters()["answers"]
    taken = []
    for _ in range(3):
        with apart(app.extensions["db"]) as session:
            taken.append(forget(session, clock.now()))
    assert taken == [4, 2, 0]


@pytest.mark.sqlite
def test_finding_old_answers_reads_no_young_ones(app, db, queries_made):
    """By its plan: the index of the moment they were saved leads to them."""
    with queries_made() as made:
        tidying.forgetters()["answers"](db, clock.now())
    db.rollback()
    plan = str(db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {made[0]}", ("2026", "2026", 1, 0)).all())
    assert "ix_answer_saved_at" in plan and "SCAN" not in plan, plan


@pytest.mark.parametrize("right", [0, 2])
def test_the_result_of_a_forgotten_attempt_says_so_and_keeps_the_score(app, db, sari, right):
    uuid = sat(app, db, sari, "quiz", "pesan", right=right, at=clock.now() - ANSWERS_KEPT - DAY)
    before = visit(sari, f"/percobaan/{uuid}/hasil")
    background._tidy(app)
    page = visit(sari, f"/percobaan/{uuid}/hasil")
    assert page.html == before.html, "the promise counts from the day, not from the hour of tidying"
    assert "lebih dari 24 bulan" in page.text and page.soup.select_one(".score").text == str(right * 50)
    for word in ("Tidak dijawab", "Pembahasan", "Apa yang Anda lakukan", "Ulangi dahulu"):
        assert word not in page.text, word
    assert "Pembahasan" in visit(sari, f"/percobaan/{sat(app, db, sari, 'quiz', 'pesan')}/hasil").text
    visit(sari, "/akun/data")
    visit(sari, f"/belajar/{SLUG}/pesan/kuis")


def test_of_sari_who_leaves_only_what_was_counted_stays(app, db, sari, joko, dewi, learning):
    finish(app, db, learning, *whole("pesan", "pintu"), score=80)
    sat(app, db, sari, "post")
    there = learn(app, db, joko)
    finish(app, db, there, *lessons("pesan"))
    sat(app, db, joko, "quiz", "pesan")
    begin(app, db, joko, "quiz", "pesan")
    _count(app)
    figures, file = visit(dewi, "/statistik").text, dewi.get("/statistik/unduh.csv").data
    totals = _totals(db)
    assert totals["enrolled"] == 2 and totals["tested"] == 1 and totals["completed"] == 1

    send(sari, "/akun/hapus", 302, sandi=PASSWORD)
    _count(app)
    assert visit(dewi, "/statistik").text == figures
    assert dewi.get("/statistik/unduh.csv").data == file
    with apart(app.extensions["db"]) as session:
        stats.rebuild(session, clock.now())
    assert _totals(db) == totals, "also counted anew from the journal"

    mine = Enrollment.id == learning.id
    assert many(db, Enrollment, mine) == many(db, StepDone, StepDone.enrollment_id == learning.id) == 0
    assert many(db, Attempt, Attempt.enrollment_id == learning.id) == 0
    assert (many(db, Enrollment), many(db, Attempt), many(db, Answer)) == (1, 2, 2), "what is Joko's stays"
    visit(joko, "/belajar")


def _count(app):
    while background.do_due(app):
        pass


def _totals(db):
    db.rollback()
    everybody = (Total.period == "semua", Total.scope == "semua", Total.breakdown == "")
    found = dict(db.execute(sa.select(*Total.__table__.columns).where(*everybody)).mappings().one())
    db.rollback()
    return found


def test_an_act_that_comes_after_the_leaving_leaves_nothing_behind(app, db, joko):
    number = joko.person.id
    before = many(db, Enrollment)
    send(joko, "/akun/hapus", 302, sandi=PASSWORD)
    with app.app_context(), pytest.raises(Refused, match="sudah dihapus"):
        enrollment.enroll(db, number, SLUG, clock.now())
    assert many(db, Enrollment) == before


def test_extra_time_leaves_with_the_person(app, db, sari, joko, arif):
    with app.app_context():
        for person in (sari.person, joko.person):
            allowances.grant(db, person.id, 50, arif.person.id, clock.now())
        db.commit()
    send(sari, "/akun/hapus", 302, sandi=PASSWORD)
    assert many(db, TimeAllowance, TimeAllowance.user_id == sari.person.id) == 0
    assert many(db, TimeAllowance, TimeAllowance.user_id == joko.person.id) == 1
