"""The page before an attempt: what awaits, what stands in the way, and the button."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from app import clock
from tests.builders_course import COURSE, a_course_files
from tests.enrollment.cast import LEARN, at_once, field, finish, learn, lessons, publish, twin, whole
from tests.inspector import send, visit
from tests.quiz.sitting import POST, PRE, QUIZ, begin, press_start, sat


@pytest.fixture(autouse=True)
def learning(app, db, sari):
    publish(db)
    return learn(app, db, sari)


def facts(page):
    return {line.dt.get_text(): " ".join(line.dd.get_text(" ").split()) for line in page.soup.select(".dl > div")}


def test_the_pre_test_says_that_it_may_be_skipped(sari):
    page = visit(sari, PRE)
    assert page.soup.h1.get_text() == "Tes awal: Kursus Contoh"
    assert page.soup.find("a", string="Lewati, langsung ke materi")["href"] == f"{LEARN}/pesan/materi-1"
    assert facts(page)["Percobaan"] == "Satu kali" and facts(page)["Soal"] == "4 soal, satu per halaman"
    assert "Ambang lulus" not in facts(page)
    assert press_start(sari, PRE).startswith("/percobaan/")


def test_a_quiz_that_is_still_closed_says_what_is_left(sari):
    page = visit(sari, QUIZ)
    assert "Selesaikan semua materi dan praktik modul ini dahulu." in page.text
    assert page.soup.select_one(".btn.next")["href"] == f"{LEARN}/pesan/materi-1"
    assert not page.soup.select("main form")
    refused = send(sari, QUIZ, 409, percobaan=str(uuid4()))
    assert "Selesaikan semua materi dan praktik modul ini dahulu." in refused.text


def test_what_awaits_is_said_before_it_begins(app, db, sari, learning):
    finish(app, db, learning, *lessons("pesan"))
    assert facts(visit(sari, QUIZ)) == {
        "Soal": "2 soal, satu per halaman", "Ambang lulus": "70 (dari 100)", "Percobaan": "Tidak dibatasi",
        "Kuota": "Kira-kira 8 KB", "Batas waktu": "Tidak ada",
    }  # fmt: skip
    sat(app, db, sari, "quiz", "pesan", right=1)
    page = visit(sari, QUIZ)
    assert facts(page)["Nilai terbaik"] == "50 Belum lulus"
    assert page.soup.select_one(".btn.next").get_text() == "Coba lagi dengan soal baru"
    sat(app, db, sari, "quiz", "pesan")
    page = visit(sari, QUIZ)
    assert facts(page)["Nilai terbaik"] == "100 Lulus"
    assert page.soup.select_one(".btn.next").get_text() == "Lanjut: Materi 1"


def test_an_open_attempt_is_resumed(app, db, sari, learning):
    finish(app, db, learning, *lessons("pesan"))
    uuid = begin(app, db, sari, "quiz", "pesan")
    assert visit(sari, QUIZ).soup.select_one(".btn.next")["href"] == f"/percobaan/{uuid}"
    assert send(sari, QUIZ, 302, percobaan=str(uuid4())).location == f"/percobaan/{uuid}"


def test_after_three_post_tests_the_page_says_when_the_next_may_begin(app, db, sari, learning):
    finish(app, db, learning, *whole("pesan", "pintu"), score=80)
    assert facts(visit(sari, POST))["Percobaan"] == "Ke-1 dari 3"
    now = clock.now()
    for n in range(3):
        sat(app, db, sari, "post", right=0, at=now + timedelta(seconds=n))
    page = visit(sari, POST)
    assert "Tes akhir dapat dicoba lagi pada" in page.text and "WITA" in page.text
    assert not page.soup.select("main form")
    assert "Tes akhir dapat dicoba lagi pada" in send(sari, POST, 409, percobaan=str(uuid4())).text


def test_the_pre_test_is_closed_after_a_lesson(app, db, sari, learning):
    finish(app, db, learning, "materi:pesan/materi-1")
    assert "Tes awal sudah ditutup" in visit(sari, PRE).text
    send(sari, PRE, 409, percobaan=str(uuid4()))


def test_fifty_presses_on_start_open_one_attempt(app, db, sari, learning):
    act = field(visit(sari, PRE), "percobaan")
    copies = [twin(app, sari) for _ in range(50)]
    answers = at_once(50, lambda n: copies[n].post(PRE, data={"percobaan": act}))
    assert {(answer.status_code, answer.location) for answer in answers} == {(302, f"/percobaan/{act}")}


@pytest.mark.parametrize("act", ["", "1", "\x00", "‮", "<script>", "=1+1", "a" * 10_000, "9" * 400])
def test_a_form_without_a_whole_act_is_refused(sari, act):
    send(sari, PRE, 400, percobaan=act)


def test_what_does_not_exist_or_is_not_theirs_is_not_found(sari, joko, guest, dewi):
    for address in (f"{LEARN}/lain/kuis", "/belajar/lain/tes-awal", f"{LEARN}/%3Cscript%3E/kuis"):
        visit(sari, address, 404)
        send(sari, address, 404, percobaan=str(uuid4()))
    for address in (QUIZ, PRE, POST):
        visit(joko, address, 404)
        send(joko, address, 404, percobaan=str(uuid4()))
        assert guest.get(address).location == f"/masuk?lanjut={address}"
        assert dewi.get(address).status_code == 403


def test_a_course_without_a_blueprint_has_no_tests(app, db, sari):
    bare = COURSE[: COURSE.index("[[tes.sel]]")]
    publish(db, "tanpa-tes", files=a_course_files(**{"course.toml": bare}))
    learn(app, db, sari, "tanpa-tes")
    visit(sari, "/belajar/tanpa-tes/tes-awal", 404)
    assert sari.post("/kursus/tanpa-tes/ikuti").location == "/belajar/tanpa-tes/pesan/materi-1"


def test_the_page_asks_the_database_little(app, db, sari, learning, queries_made):
    visit(sari, PRE)
    with queries_made() as made:
        visit(sari, PRE)
    assert len(made) <= 3, made
