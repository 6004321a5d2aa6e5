"""What learners are told of scores counted anew, and by which key a result is discussed then."""

from __future__ import annotations

import pytest

from app import clock
from app.bank.models import RegradeChange
from tests.bank.cast import again, answered, publish, rows
from tests.enrollment.cast import finish, learn, lessons
from tests.inspector import send, visit


@pytest.fixture
def result(app, db, sari):
    """Sari's submitted attempt: 50 of 100."""
    publish(db, 1, q1=0)
    finish(app, db, learn(app, db, sari), *lessons("pesan"))
    return answered(app, db, sari, clock.now(), q1="b", q2="b")


def test_the_score_that_changed_is_told_until_it_was_read(app, db, sari, result, queries_made):
    publish(db, 2, q1=1)
    again(app, at=clock.now())
    with queries_made() as made:
        page = visit(sari, "/belajar")
    assert len(made) <= 5, made
    assert "dari 50 menjadi 100" in page.text
    address = page.soup.find("a", string="Lihat nilainya")["href"]
    page = visit(sari, address)
    assert page.soup.h1.get_text() == "Nilai Anda naik menjadi 100" and "Pilihan B yang benar" in page.text
    assert "Dengan nilai ini Anda lulus." in page.text
    assert rows(db, RegradeChange)[0].seen_at is None, "looking changes nothing"
    send(sari, address, 303)
    assert "dihitung ulang" not in visit(sari, "/belajar").text
    assert "Kembali belajar" in visit(sari, address).text


def test_the_result_discusses_a_question_by_the_key_that_counts(app, db, sari, joko, result, queries_made):
    finish(app, db, learn(app, db, joko), *lessons("pesan"))
    lucky = answered(app, db, joko, clock.now(), q1="a", q2="c")
    publish(db, 2, q1=1)
    before = visit(joko, f"/percobaan/{lucky}/hasil").html
    again(app, at=clock.now())
    with queries_made() as made:
        page = visit(sari, f"/percobaan/{result}/hasil")
    assert len(made) <= 6, made
    assert page.soup.h1.get_text() == "Anda lulus dengan nilai 100"
    assert page.text.count("Kunci soal ini sudah diperbaiki") == 1 and "Jawaban Anda, salah" not in page.text
    assert visit(joko, f"/percobaan/{lucky}/hasil").html == before, "his answer still counts by the old key"


def test_two_keys_put_right_in_two_attempts_are_told_as_two_scores(app, db, sari):
    publish(db, 1, q1=0, q2=0)
    finish(app, db, learn(app, db, sari), *lessons("pesan"))
    for _ in range(2):
        answered(app, db, sari, clock.now(), q1="b", q2="b")
    publish(db, 2, q1=1, q2=1)
    again(app, "pesan-kuis-1", at=clock.now())
    again(app, "pesan-kuis-2", at=clock.now())
    page = visit(sari, "/belajar")
    assert page.text.count("Nilai Anda dihitung ulang") == 2
    assert page.text.count("dari 0 menjadi 100") == 2
