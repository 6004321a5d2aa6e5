"""Answers are kept for 24 months and found in the copy of one's own data; of who leaves nothing stays."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app import background, clock
from app.accounts import export, tidying
from app.db import apart
from app.practice.models import PracticeAnswer, Recall
from app.quiz.rules import ANSWERS_KEPT
from tests.builders import PASSWORD
from tests.enrollment.cast import SLUG, publish
from tests.inspector import send, visit
from tests.practice.learner import DAY, RECALL, SET, completed, in_set, move, practise, recall, recalls

HEADINGS = ("Kilas Balik", "Jawaban latihan")


@pytest.fixture(autouse=True)
def course(db):
    return publish(db)


@pytest.fixture
def practised(app, db, sari):
    """A Kilas Balik and two answers in a set."""
    learning = completed(app, db, sari, "pesan")
    recall(sari, right=2)
    practise(sari)
    practise(sari, right=False)
    return learning


def age(db, ago):
    for table, column in ((Recall, "done_at"), (PracticeAnswer, "answered_at")):
        db.execute(sa.update(table).values({column: clock.now() - ago}).execution_options(synchronize_session=False))
    db.commit()


def held(app, db, client):
    with app.app_context():
        found = export.held(db, client.person.id)
        db.rollback()
    return {heading: found[heading] for heading in HEADINGS}


def test_sari_finds_what_she_practised_in_her_own_data(app, db, sari, joko, practised):
    mine = held(app, db, sari)
    assert [(row["Kursus"], row["Modul"], row["Kilas Balik ke"], row["Nilai"]) for row in mine["Kilas Balik"]] == [
        (SLUG, "pesan", 1, 66.7)
    ] * 3
    assert [row["Benar"] for row in mine["Jawaban latihan"]] == [True, False]
    for row in (*mine["Kilas Balik"], *mine["Jawaban latihan"]):
        assert row["Soal"].startswith("Apa yang Anda lakukan") and row["Jawaban Anda"]
    page = visit(sari, "/akun/data")
    assert all(heading in page.text for heading in HEADINGS)
    assert held(app, db, joko) == {heading: [] for heading in HEADINGS}


def test_answers_are_forgotten_after_24_months_and_that_it_was_done_stays(app, db, sari, practised):
    age(db, ANSWERS_KEPT - DAY)
    background._tidy(app)
    assert len(in_set(db)) == 2 and recalls(db)[0].answers
    age(db, ANSWERS_KEPT + DAY)
    move(db, practised, 900 * DAY)
    db.execute(sa.update(Recall).values(number=3))
    db.commit()
    before = visit(sari, RECALL)
    background._tidy(app)
    page = visit(sari, RECALL)
    assert page.html == before.html, "the promise counts from the day, not from the hour of tidying"
    assert "lebih dari 24 bulan" in page.text and "Nilai Anda 66,7" in page.text and "Penjelasan" not in page.text
    assert in_set(db) == [] and [(one.answers, one.score) for one in recalls(db)] == [(None, 66.7)]
    assert "0 dari 5" in visit(sari, SET).text
    [row] = held(app, db, sari)["Kilas Balik"]
    assert row["Nilai"] == 66.7 and "Soal" not in row
    visit(sari, "/akun/data")


def test_forgetting_takes_a_few_rows_at_a_time_and_ends(app, db, sari, practised, monkeypatch):
    age(db, ANSWERS_KEPT + DAY)
    monkeypatch.setattr(tidying, "BATCH", 1)
    for name, expected in (("practice answers", [1, 1, 0]), ("recall answers", [1, 0])):
        taken = []
        for _ in expected:
            with apart(app.extensions["db"]) as session:
                taken.append(tidying.forgetters()[name](session, clock.now()))
        assert taken == expected


@pytest.mark.sqlite
def test_finding_old_answers_reads_no_young_ones(app, db, queries_made):
    for name, index, values in (
        ("practice answers", "ix_practice_answer_answered_at", ("2026", 1, 0)),
        ("recall answers", "ix_recall_done_at", ("2026", 1, 0)),
    ):
        with queries_made() as made:
            tidying.forgetters()[name](db, clock.now())
        db.rollback()
        plan = str(db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {made[0]}", values).all())
        db.rollback()
        assert index in plan, plan


def test_of_who_leaves_nothing_stays(app, db, sari, joko, practised):
    completed(app, db, joko, "pesan")
    recall(joko)
    practise(joko)
    send(sari, "/akun/hapus", 302, sandi=PASSWORD)
    assert len(recalls(db)) == len(in_set(db)) == 1, "what is Joko's stays"
    visit(joko, RECALL)
