"""The page after an attempt: the score, every option explained, and the way on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from app import clock
from app.enrollment import queries as enrollment_queries
from app.quiz import rules
from tests.builders_course import with_terms
from tests.enrollment.cast import LEARN, finish, learn, lessons, publish, whole
from tests.inspector import Page, visit
from tests.quiz.sitting import POST, QUIZ, answer_all, begin, row, sat, save, submit


@pytest.fixture(autouse=True)
def learning(app, db, sari):
    publish(db)
    return learn(app, db, sari)


def result(client, uuid):
    return visit(client, f"/percobaan/{uuid}/hasil")


def test_a_failed_quiz_is_short_of_little_and_says_what_to_repeat(app, db, sari, learning):
    finish(app, db, learning, *lessons("pesan"))
    page = result(sari, sat(app, db, sari, "quiz", "pesan", right=1))
    assert page.soup.h1.get_text() == "Belum lulus, tinggal sedikit lagi"
    assert "kurang 1 jawaban benar" in page.text
    assert page.soup.select_one(".btn.next")["href"] == f"{LEARN}/pesan/materi-1"
    assert page.soup.find("a", string="Coba lagi dengan soal baru")["href"] == QUIZ
    assert len(page.soup.select("article")) == 2
    assert page.html.count("Penjelasan untuk pilihan ini") == 6, "each of three options of both questions is explained"


def test_yours_comes_first_then_the_right_one_then_the_rest(app, db, sari, learning):
    finish(app, db, learning, *lessons("pesan"))
    page = result(sari, sat(app, db, sari, "quiz", "pesan", right=0))
    for article in page.soup.select("article"):
        words = [state.get_text() for state in article.select(".answer .state")]
        assert words in (
            ["Jawaban Anda, salah", "Jawaban benar", "Pilihan lain"],
            ["Pilihan Anda, salah", "Jawaban benar yang terlewat", "Jawaban benar yang terlewat"],
        )


def test_a_passed_quiz_leads_to_the_next_module(app, db, sari, learning):
    finish(app, db, learning, *lessons("pesan"))
    page = result(sari, sat(app, db, sari, "quiz", "pesan"))
    assert page.soup.h1.get_text() == "Anda lulus dengan nilai 100"
    assert "Modul 1 selesai." in page.text
    assert page.soup.select_one(".btn.next")["href"] == f"{LEARN}/pintu/materi-1"


def test_a_passed_post_test_leads_to_the_certificate(app, db, sari, learning):
    finish(app, db, learning, *whole("pesan", "pintu"), score=80)
    page = result(sari, sat(app, db, sari, "post"))
    assert page.soup.select_one(".btn.next")["href"] == f"{LEARN}/sertifikat"
    assert "Anda menyelesaikan 2 JP" in page.text


def test_the_best_score_is_named_and_the_last_attempt_of_three_names_the_wait(app, db, sari, learning):
    finish(app, db, learning, *whole("pesan", "pintu"), score=80)
    now = clock.now()
    sat(app, db, sari, "post", right=3, at=now)
    second = result(sari, sat(app, db, sari, "post", right=1, at=now + timedelta(seconds=1)))
    assert "percobaan ke-2 dari 3" in second.text and "Nilai terbaik Anda 75." in second.text
    assert second.soup.find("a", string="Coba lagi, tersisa 1 percobaan")["href"] == POST
    third = result(sari, sat(app, db, sari, "post", right=0, at=now + timedelta(seconds=2)))
    assert third.soup.h1.get_text() == "Belum lulus, ulangi materinya dahulu"
    assert "Tes akhir dapat dicoba lagi pada" in third.text and "Coba lagi, tersisa" not in third.text


def test_the_pre_test_shows_thanks_and_neither_score_nor_answers(app, db, sari, learning):
    page = result(sari, sat(app, db, sari, "pre", right=1))
    assert page.soup.h1.get_text() == "Terima kasih, tes awal selesai"
    assert page.soup.select_one(".btn.next")["href"] == f"{LEARN}/pesan/materi-1"
    for word in ("25", "Penjelasan", "benar", "salah", "Apa yang Anda lakukan", "progress"):
        assert word not in str(page.soup.main), word


def test_an_unanswered_question_is_explained_too(app, db, sari, learning):
    finish(app, db, learning, *lessons("pesan"))
    uuid = begin(app, db, sari, "quiz", "pesan")
    submit(app, db, sari, uuid)
    page = result(sari, uuid)
    assert page.text.count("Tidak dijawab.") == 2 and "Jawaban benar" in page.text


def test_part_of_several_right_answers_is_worth_a_part(app, db, sari, learning):
    finish(app, db, learning, *lessons("pesan"))
    for _ in range(2):
        uuid = begin(app, db, sari, "quiz", "pesan")
        if "pesan-kuis-4" in {entry[0] for entry in row(db, uuid).draw}:
            save(app, db, sari, uuid, "pesan-kuis-4", ["a"])
            submit(app, db, sari, uuid)
            page = result(sari, uuid)
            assert "Benar sebagian." in page.text and '<p class="score">25</p>' in page.html
            return
        submit(app, db, sari, uuid)
    pytest.fail("two draws ask every question")


def test_there_is_no_result_before_submitting(app, db, sari, learning):
    uuid = begin(app, db, sari, "pre")
    assert sari.get(f"/percobaan/{uuid}/hasil").location == f"/percobaan/{uuid}"


# --- when the course lets the result be discussed


@pytest.fixture
def careful(app, db, joko):
    """Joko at the quiz of a course that discusses as it says; `sit(right)` is one attempt and its page."""

    def open_course(review: str, tests: str = "") -> Callable[..., Page]:
        publish(db, "hemat", files=with_terms(f'tinjauan = "{review}"', tests))
        finish(app, db, learn(app, db, joko, "hemat"), *lessons("pesan"))
        return lambda right: result(joko, sat_in(app, db, joko, "hemat", right))

    return open_course


def sat_in(app, db, client, slug, right):
    address = client.post(f"/belajar/{slug}/pesan/kuis", data={"percobaan": str(uuid4())}).location
    uuid = address.removeprefix("/percobaan/")
    answer_all(app, db, client, uuid, right)
    submit(app, db, client, uuid)
    return uuid


def tells(page):
    """Whether the page holds a question, a feedback, or what to repeat because of them."""
    return [
        words
        for words in ("Penjelasan", "Apa yang Anda lakukan", "Ulangi materi", "Jawaban benar")
        if words in page.text
    ]


def test_after_passing_means_that_every_attempt_at_this_quiz_is_discussed_then_and_none_before(careful, joko):
    sit = careful("setelah-lulus")
    failed = sit(1)
    assert failed.soup.select_one(".score").get_text() == "50" and tells(failed) == []
    assert "Pembahasan terbuka setelah Anda lulus kuis ini." in failed.text
    assert failed.soup.find("a", string="Coba lagi dengan soal baru")
    assert "Penjelasan" in tells(sit(2))
    assert "Penjelasan" in tells(visit(joko, failed.url)), "now the failed one, too"


def test_no_review_means_only_the_score_also_after_passing(careful):
    sit = careful("tidak")
    for right, score in ((1, "50"), (2, "100")):
        page = sit(right)
        assert page.soup.select_one(".score").get_text() == score and tells(page) == []
        assert "Jawaban dan pembahasan tidak ditampilkan di sini." in page.text


def test_the_post_test_follows_its_own_policy_and_the_pre_test_none(app, db, joko, careful):
    careful("langsung", 'tinjauan = "setelah-lulus"')
    mine = enrollment_queries.of(db, joko.person.id, "hemat")
    finish(app, db, mine, *whole("pesan", "pintu"), score=80)
    address = joko.post("/belajar/hemat/tes-akhir", data={"percobaan": str(uuid4())}).location
    joko.post(f"{address}/kumpulkan")
    page = visit(joko, f"{address}/hasil")
    assert tells(page) == [] and "Pembahasan terbuka setelah Anda lulus tes akhir." in page.text
    assert page.soup.h1.get_text() == "Belum lulus kali ini", "it does not send to lessons that it cannot name"
    for review in ("langsung", "setelah-lulus", "tidak"):
        assert not rules.discussed("pre", review, True)


def test_the_page_asks_the_database_little(app, db, sari, learning, queries_made):
    finish(app, db, learning, *lessons("pesan"))
    uuid = sat(app, db, sari, "quiz", "pesan", right=1)
    with queries_made() as made:
        result(sari, uuid)
    assert len(made) <= 5, made
