"""A lesson, its retrieval question, and marking it done."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.enrollment.models import StepDone
from app.enrollment.rules import lesson_key
from tests.builders_course import a_course_files, a_practice_file, a_question
from tests.enrollment.cast import LEARN, at_once, events, field, finish, learn, lessons, parsed, publish, twin, whole
from tests.inspector import send, visit

LESSON, PRACTICE = f"{LEARN}/pesan/materi-1", f"{LEARN}/pesan/praktik"
ITEM = parsed().item("pesan-materi-1")
HOSTILE = [
    "\x00",
    "‮kebalik",
    "a" * 10_000,
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "99999999999999999999",
    "",
]


@pytest.fixture(autouse=True)
def course(db):
    return publish(db)


@pytest.fixture
def learning(app, db, sari):
    return learn(app, db, sari)


def test_sari_reads_a_lesson(sari, learning):
    page = visit(sari, LESSON)
    assert page.soup.h1.get_text() == "Materi 1"
    assert "Materi 1 dari 1" in page.text and "6 menit" in page.text and "KB" in page.text
    assert (
        "Kartu 1 dari 3 · Contoh terurai" in page.text and "Kartu 3 dari 3 · Ingat kembali, tidak dinilai" in page.text
    )
    assert page.soup.select_one(".btn.next").get_text(strip=True) == "Selesai, lanjut ke praktik"
    assert "Berikutnya “Praktik: Latihan”" in page.text
    assert "Langkah diperiksa pada 20 November 2026." in page.text
    assert page.soup.find("a", string="Berhenti dulu")["href"] == LEARN
    assert not page.soup.select("nav.nav"), "the menu gives way while reading"


def test_the_key_of_the_retrieval_question_is_not_on_the_page_before_it_is_answered(sari, learning):
    page = visit(sari, LESSON)
    assert "Penjelasan untuk pilihan ini" not in page.html and "Benar" not in page.text
    wrong = visit(sari, f"{LESSON}?{ITEM.id}=zz")
    assert "Penjelasan untuk pilihan ini" not in wrong.html


def test_a_wrong_answer_shows_what_was_chosen_first_then_the_right_one_then_the_rest(sari, learning):
    page = visit(sari, f"{LESSON}?{ITEM.id}=a")
    assert [box.p.get_text() for box in page.soup.select(".answer")] == [
        "Jawaban Anda, salah",
        "Jawaban benar",
        "Pilihan lain",
    ]
    assert page.soup.select_one("input[value=a]").has_attr("checked")
    assert "Belum tepat." in page.text


def test_a_right_answer_says_so_and_folds_the_rest_away(sari, learning):
    page = visit(sari, f"{LESSON}?{ITEM.id}=b")
    assert page.soup.select_one(".answer .state").get_text() == "Jawaban Anda, benar"
    assert len(page.soup.select("details .answer")) == 2


def test_the_button_leads_back_to_its_card(sari, learning):
    button = visit(sari, LESSON).soup.find("button", string="Periksa jawaban")
    assert button["formaction"] == f"{LESSON}#k3"
    page = visit(sari, f"{LESSON}?periksa={ITEM.id}")
    assert "Pilih jawaban dahulu, lalu periksa." in page.text


def test_what_sari_answers_is_on_nobody_elses_page_and_not_on_her_next_visit(app, db, sari, joko, learning):
    learn(app, db, joko)
    answered = f"{LESSON}?{ITEM.id}=b&periksa={ITEM.id}"
    for _ in range(2):
        assert "Jawaban Anda, benar" in visit(sari, answered).text
        for person in (sari, joko):
            page = visit(person, LESSON)
            assert not page.soup.select("input[checked], .answer")


def test_a_lesson_is_read_in_the_language_that_was_chosen(sari, learning):
    assert "Kartu 1 dari 3" in visit(sari, LESSON).text
    sari.set_cookie("bahasa", "en")
    assert "Kartu 1 dari 3" not in visit(sari, LESSON).text
    sari.set_cookie("bahasa", "id")
    assert "Kartu 1 dari 3" in visit(sari, LESSON).text


def test_answering_changes_nothing(sari, learning, db):
    visit(sari, f"{LESSON}?{ITEM.id}=b&periksa={ITEM.id}")
    assert db.scalar(sa.select(sa.func.count()).select_from(StepDone)) == 0
    assert not events(db, "step")


def test_a_practice_with_several_right_answers_says_how_many_to_choose(app, db, sari):
    several = a_practice_file("pesan-praktik") + "\n---\n\n" + a_question("pesan-dua", key=0, keys=2)
    publish(db, "ganda", files=a_course_files(**{"1-pesan/praktik.md": several}))
    learn(app, db, sari, "ganda")
    address = "/belajar/ganda/pesan/praktik"
    page = visit(sari, address)
    assert "Pilih 2 jawaban." in page.text and len(page.soup.select("input[type=checkbox]")) == 3
    assert len(page.soup.find_all("button", string="Periksa jawaban")) == 2
    half = visit(sari, f"{address}?pesan-dua=a&pesan-dua=c&pesan-praktik=c&periksa=pesan-dua")
    assert [box.p.get_text() for box in half.soup.select(".answer")] == [
        "Jawaban Anda, benar", "Pilihan lain", "Pilihan lain",
        "Pilihan Anda, benar", "Pilihan Anda, salah", "Jawaban benar yang terlewat",
    ]  # fmt: skip
    assert "Belum semuanya tepat." in half.text
    assert "Belum tepat." in visit(sari, f"{address}?pesan-dua=c&periksa=pesan-dua").text


def test_sari_marks_the_lesson_as_done_and_goes_on(sari, learning, db):
    page = visit(sari, LESSON)
    answer = send(sari, page.soup.select_one("main form[method=post]")["action"], 302, tindakan=field(page, "tindakan"))
    assert answer.location == PRACTICE
    assert [row.step for row in db.scalars(sa.select(StepDone))] == [lesson_key("pesan", "materi-1")]
    again = visit(sari, LESSON)
    assert again.soup.select_one("a.btn.next").get_text(strip=True) == "Lanjut ke praktik"


def test_the_words_of_the_button_follow_the_way(app, db, sari, learning):
    def button(address):
        return visit(sari, address).soup.select_one(".btn.next").get_text(strip=True)

    assert button(PRACTICE) == "Selesai, lanjut ke modul 2", "the quiz is closed while the lesson is not done"
    finish(app, db, learning, lesson_key("pesan", "materi-1"))
    assert button(PRACTICE) == "Selesai, lanjut ke kuis"
    finish(app, db, learning, *whole("pesan", "pintu"))
    assert button(f"{LEARN}/pintu/praktik") == "Lanjut ke kuis"


def test_pressing_twice_or_coming_back_is_doing_it_once(app, sari, learning, db):
    act = str(uuid4())
    copies = [twin(app, sari) for _ in range(20)]
    answers = at_once(20, lambda n: copies[n].post(f"{LESSON}/selesai", data={"tindakan": act}))
    assert {(answer.status_code, answer.location) for answer in answers} == {(302, PRACTICE)}
    send(sari, f"{LESSON}/selesai", 302, tindakan=str(uuid4()))
    assert len(events(db, "step")) == 1
    assert db.scalar(sa.select(sa.func.count()).select_from(StepDone)) == 1


def test_a_form_without_a_whole_act_is_refused(sari, learning, db):
    for act in [*HOSTILE, "00000000-0000-0000-0000-00000000000g", str(uuid4()).upper()]:
        send(sari, f"{LESSON}/selesai", 400, tindakan=act)
    send(sari, f"{LESSON}/selesai", 400)
    assert sari.post(f"{LESSON}/selesai", data=b"tindakan=\xff\xfe").status_code == 400
    assert sari.get(f"{LESSON}/selesai").status_code == 405
    assert db.scalar(sa.select(sa.func.count()).select_from(StepDone)) == 0


@pytest.mark.parametrize("address", [
    f"{LEARN}/pesan/materi-9", f"{LEARN}/pesan/materi-1x", f"{LEARN}/lain/materi-1", "/belajar/lain/pesan/materi-1",
    f"{LEARN}/pesan/%3Cscript%3E", f"{LEARN}/pesan/{'a' * 5000}", f"{LEARN}/pintu/..%2fpesan", f"{LEARN}/praktik/pesan",
])  # fmt: skip
def test_what_does_not_exist_is_not_found(sari, learning, address):
    assert sari.get(address).status_code == 404
    assert sari.post(f"{address}/selesai", data={"tindakan": str(uuid4())}).status_code == 404


def test_strangers_do_not_read_what_they_are_not_enrolled_in(sari, learning, joko, guest, dewi):
    foreign, missing = visit(joko, LESSON, 404), visit(joko, f"{LEARN}/pesan/materi-9", 404)
    assert foreign.text == missing.text
    send(joko, f"{LESSON}/selesai", 404, tindakan=str(uuid4()))
    assert guest.get(LESSON).location == f"/masuk?lanjut={LESSON}"
    assert dewi.get(LESSON).status_code == 403


@pytest.mark.parametrize("hostile", HOSTILE)
def test_strange_answers_are_no_answers(sari, learning, hostile):
    query = {ITEM.id: [hostile, hostile], "periksa": hostile, hostile or "x": "a"}
    answer = sari.get(LESSON, query_string=query)
    assert answer.status_code in (200, 400)
    assert "<script>alert" not in answer.text and "Penjelasan untuk pilihan ini" not in answer.text


def test_a_lesson_costs_two_statements_beside_the_sign_in_once_it_is_warm(app, db, sari, learning, queries_made):
    finish(app, db, learning, *lessons("pesan", "pintu"))
    app.extensions.pop("courses", None)
    for most in (3, 2):
        with queries_made() as made:
            visit(sari, LESSON)
        assert len(made) <= most, made


def test_the_lesson_is_not_kept_by_the_browser_of_a_shared_computer(sari, learning):
    assert sari.get(LESSON).headers["Cache-Control"] == "no-store"
