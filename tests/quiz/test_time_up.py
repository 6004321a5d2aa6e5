"""Time up: what the background work submits, what the pages say, and where whoever comes too late is led."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from app import background, clock
from app.accounts import leaving
from app.accounts.models import User
from app.db import apart
from app.quiz import allowances, closing, rules
from app.quiz.models import Answer, Attempt
from tests.builders import NOON
from tests.builders_course import with_terms
from tests.enrollment.cast import events, finish, learn, lessons, publish
from tests.inspector import send, visit
from tests.quiz.sitting import QUIZ, begin, keys_of, row, save

LIMIT, GRACE = timedelta(minutes=20), rules.GRACE


@pytest.fixture(autouse=True)
def learning(app, db, sari):
    publish(db, files=with_terms("batas_menit = 20", "batas_menit = 20"))
    return finish(app, db, learn(app, db, sari), *lessons("pesan"))


@pytest.fixture
def running_out(app, db, sari):
    """An attempt whose time was up a minute ago by the real clock, with one right answer saved."""
    began = clock.now() - LIMIT - GRACE - timedelta(minutes=1)
    uuid = begin(app, db, sari, "quiz", "pesan", at=began)
    item = row(db, uuid).draw[0][0]
    save(app, db, sari, uuid, item, keys_of(item), at=began)
    return uuid


def stored(db):
    db.rollback()
    found = {item: choice for item, choice in db.execute(sa.select(Answer.item, Answer.choice))}
    db.rollback()
    return found


# --- the background work


def test_the_background_submits_what_ran_out_and_nothing_else(app, db, sari, joko, running_out):
    finish(app, db, learn(app, db, joko), *lessons("pesan"))
    open_still = begin(app, db, joko, "quiz", "pesan", at=clock.now() - LIMIT - timedelta(seconds=30))
    assert background.do_due(app) > 0
    while background.do_due(app):
        pass
    ended = row(db, running_out)
    assert (ended.timed_out, ended.score, ended.submitted_at) == (True, 50.0, ended.deadline_at + GRACE)
    assert row(db, open_still).submitted_at is None, "the grace is not over"
    assert len(events(db, "attempt")) == 1


def test_one_that_cannot_be_submitted_keeps_nobody_elses_open(app, db, sari, joko, running_out, monkeypatch):
    finish(app, db, learn(app, db, joko), *lessons("pesan"))
    other = begin(app, db, joko, "quiz", "pesan", at=clock.now() - timedelta(hours=1))
    whole_close = closing.close

    def broken(session, sitting, now):
        return 1 / 0 if sitting.uuid == other else whole_close(session, sitting, now)

    monkeypatch.setattr(closing, "close", broken)
    while background.do_due(app):
        pass
    assert row(db, running_out).timed_out and row(db, other).submitted_at is None
    monkeypatch.undo()
    assert background.do_due(app) > 0
    assert row(db, other).timed_out


def test_a_person_who_left_has_nothing_due(app, db, sari, running_out):
    with app.app_context():
        person = db.get(User, sari.person.id)
        leaving.delete(db, person.id, person.password_hash, clock.now())
        db.commit()
    while background.do_due(app):
        pass
    assert not events(db, "attempt")


def test_what_came_in_time_counts_although_it_had_to_wait_for_others_who_write(app, db, sari):
    """Received three seconds before the end, written two seconds after it; the background work leaves it that time."""
    uuid = begin(app, db, sari, "quiz", "pesan", at=clock.now() - LIMIT - GRACE + timedelta(seconds=3))
    item = row(db, uuid).draw[0][0]
    end = row(db, uuid).deadline_at + GRACE
    sent = {"soal": item, "pilihan": keys_of(item), "tindakan": str(uuid4())}
    with ThreadPoolExecutor(1) as pool:
        with apart(app.extensions["db"].execution_options(writes=True)) as session:
            session.execute(sa.update(Attempt).where(Attempt.uuid == uuid).values(seed=1))
            phone = pool.submit(
                sari.post, f"/percobaan/{uuid}/jawaban", json=sent, headers={"Accept": "application/json"}
            )
            while clock.now() < end + timedelta(seconds=2):
                time.sleep(0.1)
        answer = phone.result(timeout=10)
    assert (answer.status_code, stored(db)) == (200, {item: keys_of(item)})
    background.do_due(app)
    assert row(db, uuid).submitted_at is None


# --- the pages


def facts(page):
    return {line.dt.get_text(): " ".join(line.dd.get_text(" ").split()) for line in page.soup.select(".dl > div")}


def test_the_limit_is_said_before_it_begins_and_the_end_on_every_page(app, db, sari):
    page = visit(sari, QUIZ)
    assert facts(page)["Batas waktu"] == "20 menit, ditambah 60 detik untuk sinyal"
    assert "juga saat Anda berhenti" in page.text
    uuid = begin(app, db, sari, "quiz", "pesan", at=clock.now())
    until = row(db, uuid).deadline_at.astimezone(clock.WITA).strftime("%H.%M WITA")
    for place in ("", "?soal=2", "?soal=akhir"):
        assert (
            f"Waktu sampai pukul {until}, ditambah 60 detik untuk sinyal."
            in visit(sari, f"/percobaan/{uuid}{place}").text
        )


def test_extra_time_is_said_before_it_begins(app, db, sari, arif):
    with app.app_context():
        allowances.grant(db, sari.person.id, 50, arif.person.id, NOON)
        db.commit()
    assert facts(visit(sari, QUIZ))["Batas waktu"] == (
        "30 menit, ditambah 60 detik untuk sinyal (termasuk waktu tambahan Anda, 50%)"
    )


@pytest.mark.parametrize("script", [True, False])
def test_an_answer_that_comes_too_late_is_refused_in_a_sentence_and_the_rest_submitted(
    app, db, sari, running_out, script
):
    address, item = f"/percobaan/{running_out}/jawaban", row(db, running_out).draw[1][0]
    sent = {"soal": item, "pilihan": keys_of(item), "tindakan": str(uuid4())}
    if script:
        answer = sari.post(address, json=sent, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json["kalimat"]) == (409, rules.TIME_UP)
    else:
        answer = sari.post(address, data=sent)
        assert (answer.status_code, answer.location) == (303, f"/percobaan/{running_out}/hasil")
        assert "Jawaban tadi tidak ikut dihitung" in visit(sari, answer.location).text
    assert (row(db, running_out).timed_out, row(db, running_out).score) == (True, 50.0)
    assert item not in stored(db)


@pytest.mark.parametrize("door", ["", "?soal=1", "?soal=akhir", "/hasil", "start", "door", "submit"])
def test_whoever_touches_it_after_its_time_comes_to_the_result(app, db, sari, running_out, door):
    result = f"/percobaan/{running_out}/hasil"
    if door == "door":
        assert sari.get(QUIZ).location == result
    elif door == "start":
        assert send(sari, QUIZ, 302, percobaan=str(uuid4())).location == f"/percobaan/{running_out}"
    elif door == "submit":
        assert send(sari, f"/percobaan/{running_out}/kumpulkan", 302).location == result
    elif door != "/hasil":
        assert sari.get(f"/percobaan/{running_out}{door}").location == result
    page = visit(sari, result)
    assert "Waktu habis pada" in page.text and "Jawaban yang tersimpan" in page.text
    assert row(db, running_out).score == 50.0
    assert len(events(db, "attempt")) == 1


def test_joko_does_not_end_what_is_saris(db, joko, running_out):
    for end in ("", "/hasil"):
        visit(joko, f"/percobaan/{running_out}{end}", 404)
    send(joko, f"/percobaan/{running_out}/kumpulkan", 404)
    assert row(db, running_out).submitted_at is None


def test_a_result_in_time_says_nothing_about_the_clock(app, db, sari):
    uuid = begin(app, db, sari, "quiz", "pesan", at=clock.now())
    send(sari, f"/percobaan/{uuid}/kumpulkan", 302)
    assert "Waktu habis" not in visit(sari, f"/percobaan/{uuid}/hasil").text


def test_a_limit_costs_no_more_statements_than_it_must(app, db, sari, learning, queries_made):
    visit(sari, QUIZ)
    with queries_made() as made:
        visit(sari, QUIZ)
    assert len(made) <= 4, made
    uuid = begin(app, db, sari, "quiz", "pesan", at=clock.now())
    with queries_made() as made:
        visit(sari, f"/percobaan/{uuid}?soal=1")
    assert len(made) <= 3, made
    item = row(db, uuid).draw[0][0]
    with queries_made() as made:
        save(app, db, sari, uuid, item, ["a"], at=clock.now())
    assert len(made) <= 2, made
