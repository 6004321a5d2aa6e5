"""Every kind of question may be practised: asked, answered rightly and wrongly, discussed, told in one's own data."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa

from app import clock
from app.accounts import export
from app.course.item import KINDS
from app.course.responses import in_words
from app.enrollment.models import StepDone
from tests.enrollment.cast import finish, learn, lessons, parsed, publish, whole
from tests.inspector import inspect, send, visit
from tests.practice.learner import DAY, RECALL, SET, in_set, recalls
from tests.quiz.kinds import HALF, NAMES, RIGHT, WRONG, a_course_of_all_kinds, fields

FILES = a_course_of_all_kinds()
COURSE = parsed(FILES)


@pytest.fixture(autouse=True)
def learning(app, db, sari):
    publish(db, files=FILES)
    return finish(app, db, learn(app, db, sari), *lessons("pesan"))


def answer(client, kind, given, status=302):
    item = COURSE.item(NAMES[kind])
    sent = {"tindakan": str(uuid4()), "soal": item.id, **fields(item, given, "jawaban-1")}
    return send(client, SET, status, **sent)


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_of_this_kind_is_taken_and_discussed(app, db, sari, kind):
    for given, right in ((RIGHT[kind], True), (WRONG[kind], False)):
        page = visit(sari, answer(sari, kind, given).location)
        assert (page.soup.h1.text == "Benar") is right, page.text
        assert page.soup.select(".answer")
    assert [one.correct for one in in_set(db)] == [True, False]
    item = COURSE.item(NAMES[kind])
    with app.app_context():
        told = export.held(db, sari.person.id)["Jawaban latihan"]
        db.rollback()
    assert [row["Jawaban Anda"] for row in told] == [in_words(item, one.choice) for one in in_set(db)]
    assert all(row["Jawaban Anda"] for row in told)
    visit(sari, "/akun/data")


@pytest.mark.parametrize(("kind", "given"), [*((kind, []) for kind in KINDS), *HALF.items()])
def test_a_question_of_this_kind_comes_back_with_what_was_answered_until_it_is_complete(db, sari, kind, given):
    page = inspect(answer(sari, kind, given, 422), SET)
    assert page.soup.select_one('input[name="soal"]')["value"] == NAMES[kind]
    empty = "Pilih jawaban dahulu" if COURSE.item(NAMES[kind]).chosen_from else "Jawab sampai lengkap"
    assert f"{empty}, lalu periksa." in page.text and in_set(db) == []
    kept = page.soup.select('main [checked], main option[selected], main input.input:not([value=""])')
    assert len(kept) == len(given)


def test_the_three_questions_of_a_kilas_balik_may_be_of_any_kind(app, db, sari, learning):
    finish(app, db, learning, *whole("pesan"), score=80)
    db.execute(sa.update(StepDone).values(done_at=clock.now() - 3 * DAY))
    db.commit()
    names = [NAMES["ordering"], NAMES["cloze"], NAMES["short_text"]]
    sent = {"nomor": "1", "soal": names}
    for n, kind in enumerate(("ordering", "cloze", "short_text"), 1):
        sent |= fields(COURSE.item(NAMES[kind]), RIGHT[kind], f"jawaban-{n}")
    page = visit(sari, send(sari, RECALL, 302, **sent).location)
    assert "3 dari 3 soal benar" in page.text and recalls(db)[0].score == 100


def test_an_answer_to_a_question_that_is_gone_is_told_as_it_is_stored():
    assert in_words(None, ["a", "b"]) == "a / b"
