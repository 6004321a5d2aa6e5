"""What /belajar says about Kilas Balik."""

from __future__ import annotations

import pytest

from tests.enrollment.cast import LEARN, finish, learn, lessons, publish, whole
from tests.inspector import visit
from tests.practice.learner import DAY, RECALL, completed, move, recall


@pytest.fixture(autouse=True)
def course(db):
    return publish(db)


def told(client):
    return visit(client, "/belajar").soup.select('[aria-labelledby="h-menunggu"] li')


def test_two_days_after_the_module_it_waits_on_the_page_of_what_one_learns(app, db, sari):
    learning = completed(app, db, sari, "pesan", ago=2 * DAY - DAY / 24)
    assert told(sari) == []
    move(db, learning, 2 * DAY)
    [line] = told(sari)
    assert " ".join(line.get_text(" ").split()) == (
        "Kilas Balik: Membaca Pesan 3 soal, kira-kira 2 menit, 6 KB Kerjakan"
    )
    assert line.a["href"] == RECALL
    recall(sari)
    assert told(sari) == []
    move(db, learning, 7 * DAY)
    assert len(told(sari)) == 1


def test_nothing_waits_while_a_module_is_not_complete(app, db, sari):
    learning = finish(app, db, learn(app, db, sari), *lessons("pesan"))
    move(db, learning, 30 * DAY)
    assert told(sari) == []


def test_at_most_one_a_module_and_the_three_that_became_due_last(app, db, sari):
    for n in range(3):
        publish(db, f"kursus-{n}")
        learning = finish(app, db, learn(app, db, sari, f"kursus-{n}"), *whole("pesan", "pintu"), score=80)
        move(db, learning, (22 + n) * DAY)
    lines = told(sari)
    assert [line.a["href"].split("/")[2] for line in lines] == ["kursus-0", "kursus-0", "kursus-1"]


def test_the_module_counts_from_its_last_step(app, db, sari):
    learning = completed(app, db, sari, "pesan", ago=10 * DAY)
    finish(app, db, learning, *lessons("pintu"))
    assert len(told(sari)) == 1, "the other module is not complete"


def test_joko_sees_nothing_of_sari(app, db, sari, joko):
    completed(app, db, sari, "pesan")
    learn(app, db, joko)
    assert told(joko) == []


def test_in_english_too(app, db, sari):
    completed(app, db, sari, "pesan")
    sari.set_cookie("bahasa", "en")
    assert told(sari)[0].a["href"] == f"{LEARN}/pesan/kilas-balik"
