"""Kilas Balik: what waits, three questions on one page, feedback at once, counted nowhere."""

from __future__ import annotations

import brotli
import pytest
import sqlalchemy as sa

from app.course.models import CourseVersion
from app.practice import rules
from tests.builders_course import a_course_files, a_practice_file, a_question, a_question_file
from tests.enrollment.cast import LEARN, finish, learn, lessons, publish
from tests.inspector import inspect, send, visit
from tests.practice.learner import COURSE, DAY, RECALL, answers_to, asked, completed, kinds, move, recall, recalls
from tests.quiz.sitting import begin, row, submit


@pytest.fixture(autouse=True)
def course(db):
    return publish(db)


def test_before_the_module_is_complete_the_page_says_what_to_do_first(app, db, sari):
    finish(app, db, learn(app, db, sari), *lessons("pesan"))
    page = visit(sari, RECALL)
    assert rules.MODULE_FIRST in page.text and not asked(page)
    assert page.soup.select_one(".btn.next")["href"] == f"{LEARN}/pesan/kuis"


def test_before_the_second_day_it_says_when(app, db, sari):
    completed(app, db, sari, "pesan", ago=DAY)
    page = visit(sari, RECALL)
    assert "Kilas Balik pertama terbuka pada" in page.text and "WITA" in page.text and not asked(page)


def test_three_questions_on_one_page_without_a_script_and_without_a_key(app, db, sari):
    completed(app, db, sari, "pesan")
    page = visit(sari, RECALL)
    assert len(set(asked(page))) == 3 and "Soal 3 dari 3" in page.text
    assert len(page.soup.select("fieldset")) == 3 and not page.soup.select("script")
    for word in ("Benar", "Kurang tepat", "Penjelasan", "checked", "correct"):
        assert word not in page.html, word
    assert asked(visit(sari, RECALL)) == asked(page), "a reload asks the same"


def test_feedback_comes_at_once_and_the_score_is_told_and_counted_nowhere(app, db, sari):
    learning = completed(app, db, sari, "pesan")
    before = kinds(db)
    page = recall(sari, right=2)
    assert "2 dari 3 soal benar" in page.text and "Nilai Anda 66,7 dari 100" in page.text
    assert len(page.soup.select("article")) == 3
    assert "Jawaban Anda, benar" in page.text or "Pilihan Anda, benar" in page.text
    assert "Penjelasan untuk pilihan ini" in page.text and "Baca sekali lagi" in page.text
    assert "Kilas Balik berikutnya terbuka pada" in page.text
    assert visit(sari, RECALL).text == page.text, "the result stays until the next is due"
    [stored] = recalls(db)
    assert (stored.enrollment_id, stored.module, stored.number, stored.score) == (learning.id, "pesan", 1, 66.7)
    assert [entry[0] for entry in stored.draw] == list(stored.answers)
    assert kinds(db) == before, "no event"


def test_a_right_answer_to_everything_sends_nobody_back_to_read(app, db, sari):
    completed(app, db, sari, "pesan")
    page = recall(sari)
    assert "3 dari 3 soal benar" in page.text and "Baca sekali lagi" not in page.text
    assert page.soup.select_one(".btn.next")["href"] == "/belajar"


def test_a_question_left_open_comes_back_with_what_was_answered(app, db, sari):
    completed(app, db, sari, "pesan")
    page = visit(sari, RECALL)
    sent = answers_to(page)
    del sent["jawaban-2"]
    back = inspect(send(sari, RECALL, 422, **sent), RECALL)
    assert asked(back) == asked(page) and back.text.count("Jawab soal ini sampai lengkap") == 1
    assert len(back.soup.select("input[checked]")) == len([*sent["jawaban-1"], *sent["jawaban-3"]])
    assert recalls(db) == []


def test_what_was_missed_is_not_made_up_for_and_doing_it_late_counts_for_the_newest(app, db, sari):
    learning = completed(app, db, sari, "pesan", ago=8 * DAY)
    assert visit(sari, RECALL).soup.select_one('input[name="nomor"]')["value"] == "2"
    recall(sari)
    assert "Kilas Balik berikutnya" in visit(sari, RECALL).text and [one.number for one in recalls(db)] == [2]
    move(db, learning, 40 * DAY)
    assert "Ini Kilas Balik terakhir" in recall(sari).text
    assert [one.number for one in recalls(db)] == [2, 3] and not asked(visit(sari, RECALL))


def test_a_page_opened_before_the_next_became_due_counts_for_its_own_number(app, db, sari):
    learning = completed(app, db, sari, "pesan", ago=6 * DAY)
    sent = answers_to(visit(sari, RECALL))
    move(db, learning, 8 * DAY)
    shown = visit(sari, send(sari, RECALL, 302, **sent).location)
    assert "ke-1 dari 3" in shown.text
    assert send(sari, RECALL, 302, **sent).location.endswith("hasil=1"), "also pressed twice"
    assert [one.number for one in recalls(db)] == [1]
    assert visit(sari, RECALL).soup.select_one('input[name="nomor"]')["value"] == "2"


@pytest.mark.parametrize("number", ["2", "3", "0", "4", "x", ""])
def test_what_is_not_due_is_refused(app, db, sari, number):
    completed(app, db, sari, "pesan")
    sent = answers_to(visit(sari, RECALL)) | {"nomor": number}
    assert "belum waktunya" in inspect(send(sari, RECALL, 409, **sent), RECALL).text
    assert recalls(db) == []


def test_only_questions_of_this_kilas_balik_are_taken(app, db, sari):
    completed(app, db, sari, "pesan")
    sent = answers_to(visit(sari, RECALL))
    names = sent["soal"]
    fields = {f"jawaban-{n}": "a" for n in range(1, 5)}
    for other in (["pesan-tes-1", *names[1:]], ["pintu-kuis-1", *names[1:]], [names[0]] * 3, [*names, "pesan-praktik"]):
        send(sari, RECALL, 409, **sent | {"soal": other} | fields)
    send(sari, RECALL, 409, **{key: value for key, value in sent.items() if key != "soal"})
    assert recalls(db) == []


def test_an_earlier_module_is_mixed_in(app, db, sari):
    completed(app, db, sari, "pesan", "pintu")
    modules = [COURSE.item(name).module for name in asked(visit(sari, f"{LEARN}/pintu/kilas-balik"))]
    assert sorted(modules) == ["pesan", "pintu", "pintu"]
    assert {COURSE.item(name).module for name in asked(visit(sari, RECALL))} == {"pesan"}, "none before the first"


def test_the_second_one_asks_what_the_first_did_not(app, db, sari):
    learning = completed(app, db, sari, "pesan")
    first = asked(visit(sari, RECALL))
    recall(sari)
    move(db, learning, 8 * DAY)
    second = asked(visit(sari, RECALL))
    assert len(set(first) & set(second)) == 1, "five questions, three each time"


def test_a_module_with_one_question_asks_one(app, db, sari):
    quiz = a_question_file(a_question("pesan-kuis-1", key=1))
    files = a_course_files(**{"1-pesan/kuis.md": quiz})
    files["1-pesan/01-materi-1.md"] = a_practice_file("x").split("---\n\n## Apa")[0].replace("Latihan", "Materi 1")
    db.execute(sa.update(CourseVersion).values(files=files))
    db.commit()
    completed(app, db, sari, "pesan")
    assert "1 soal, kira-kira 2 menit" in visit(sari, "/belajar").text
    page = visit(sari, RECALL)
    assert asked(page) == ["pesan-kuis-1"] and "Soal 1 dari 1" in page.text
    assert "0 dari 1 soal benar" in recall(sari, right=0).text


def test_sari_in_an_older_version_practises_her_version(app, db, sari):
    completed(app, db, sari, "pesan")
    newer = a_course_files(**{"1-pesan/kuis.md": a_question_file(*[a_question(f"baru-{n}") for n in range(4)])})
    publish(db, files=newer)
    assert not any(name.startswith("baru") for name in asked(visit(sari, RECALL)))


def test_while_a_quiz_asks_a_question_it_is_not_practised_and_its_answer_not_told(app, db, sari):
    """The engine's first promise: no key of an open attempt leaves the house, not by another door either."""
    learning = completed(app, db, sari, "pesan")
    recall(sari, right=0)
    uuid = begin(app, db, sari, "quiz", "pesan")
    drawn = {entry[0] for entry in row(db, uuid).draw}
    page = visit(sari, RECALL)
    held_back = set(recalls(db)[0].answers) & drawn
    told = {one.h3.get_text(): one.get_text() for one in page.soup.select("article")}
    for name in held_back:
        text = next(text for stem, text in told.items() if name in stem)
        assert "sedang ditanyakan di kuis Anda" in text and "Penjelasan" not in text
    assert held_back and page.text.count("sedang ditanyakan di kuis Anda") == len(held_back)
    move(db, learning, 8 * DAY)
    page = visit(sari, RECALL)
    assert asked(page) and not set(asked(page)) & drawn
    sent = answers_to(page)
    send(sari, RECALL, 409, **sent | {"soal": [*drawn, *sent["soal"]][:3], "jawaban-1": "a", "jawaban-2": "a"})
    submit(app, db, sari, uuid)
    send(sari, RECALL, 302, **sent | {"soal": sorted(drawn), "jawaban-1": "a", "jawaban-2": "a"})
    assert {entry[0] for entry in recalls(db)[1].draw} == drawn, "handed in, it may be practised"


def test_a_stranger_and_a_module_that_is_not_there_are_not_found(app, db, sari, joko):
    completed(app, db, sari, "pesan")
    assert joko.get(RECALL).status_code == joko.post(RECALL, data={"nomor": "1"}).status_code == 404
    assert sari.get(f"{LEARN}/lain/kilas-balik").status_code == 404
    assert sari.post(f"{LEARN}/lain/kilas-balik", data={"nomor": "1"}).status_code == 404


def test_the_pages_stay_small_and_ask_the_database_little(app, db, sari, queries_made):
    completed(app, db, sari, "pesan", "pintu")
    with queries_made() as made:
        page = visit(sari, RECALL)
    assert len(made) <= 3, made
    sent = answers_to(page)
    with queries_made() as made:
        location = send(sari, RECALL, 302, **sent).location
    assert len(made) <= 4, made
    with queries_made() as made:
        result = visit(sari, location)
    assert len(made) <= 4, made
    assert len(brotli.compress(page.html.encode())) + len(brotli.compress(result.html.encode())) <= rules.KB * 1024


def test_both_languages(app, db, sari):
    completed(app, db, sari, "pesan")
    sari.set_cookie("bahasa", "en")
    page = visit(sari, RECALL)
    assert page.soup.html["lang"] == "en" and page.soup.select_one("legend")["lang"] == "id"
    assert recall(sari).soup.select_one("article h3")["lang"] == "id"
