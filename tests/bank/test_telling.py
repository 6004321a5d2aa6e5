"""What learners are told of scores counted anew: once for each score, however many corrections it took."""

from __future__ import annotations

import pytest

from app import clock
from tests.bank.cast import again, answered, publish
from tests.enrollment.cast import finish, learn, lessons
from tests.inspector import visit


@pytest.fixture(autouse=True)
def version(db):
    return publish(db, 1, q1=0, q2=0)


def test_two_keys_put_right_in_two_attempts_are_told_as_two_scores(app, db, sari):
    finish(app, db, learn(app, db, sari), *lessons("pesan"))
    for _ in range(2):
        answered(app, db, sari, clock.now(), q1="b", q2="b")
    publish(db, 2, q1=1, q2=1)
    again(app, "pesan-kuis-1", at=clock.now())
    again(app, "pesan-kuis-2", at=clock.now())
    page = visit(sari, "/belajar")
    assert page.text.count("Nilai Anda dihitung ulang") == 2
    assert page.text.count("dari 0 menjadi 100") == 2
