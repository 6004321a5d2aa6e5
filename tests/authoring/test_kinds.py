"""Every kind of question as its trainer sees it: asked as in a lesson, with all that is said to each answer."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from app.course.item import KINDS
from tests.authoring.cast import HOME, LESSON, QUIZ, begin, press_save, publish
from tests.builders_items import RIGHT
from tests.enrollment.cast import parsed
from tests.inspector import visit
from tests.quiz.kinds import a_course_of_all_kinds, fields

FILES = a_course_of_all_kinds()
COURSE = parsed(FILES)


@pytest.fixture
def writing(db, budi):
    """Budi has a draft whose first lesson and first quiz ask every kind."""
    publish(db)
    begin(budi)
    for path in (LESSON, QUIZ):
        press_save(budi, FILES[path], path)
    return budi


def test_the_preview_of_a_quiz_shows_every_kind_and_what_is_said_to_each_answer(writing):
    page = visit(writing, f"{HOME}/teks/{QUIZ}")
    shown = page.soup.select(".phone section.plank")
    assert len(shown) == len(KINDS)
    told = {kind: " ".join(section.get_text(" ").split()) for kind, section in zip(KINDS, shown, strict=True)}
    assert "Urutan ke-2 2. Menghubungi bank lewat nomor di kartu. Bank dapat memblokir" in told["ordering"]
    assert "Kode OTP → Menyetujui transaksi Karena itu" in told["matching"]
    assert "Jawaban yang diterima penipuan" in told["short_text"]
    assert "Benar sebagian tipuan" in told["short_text"]
    assert "Jawaban yang diterima Isian 2 apk" in told["cloze"]
    assert "Pilihan salah Apa alasannya? Kode OTP terlalu pendek" in told["true_false"]


def test_a_picture_that_is_not_there_yet_is_a_frame_with_its_words(writing):
    page = visit(writing, f"{HOME}/teks/{QUIZ}")
    picture = page.soup.select(".phone section.plank")[KINDS.index("picture_choice")]
    assert "Gembok yang tertutup" in (picture.get_text() + " ".join(one["alt"] for one in picture.select("img")))


@pytest.mark.parametrize("kind", KINDS)
def test_budi_tries_every_kind_in_the_preview(writing, kind):
    item = COURSE.item(f"materi-{kind.replace('_', '-')}")
    query = urlencode({"periksa": item.id, **fields(item, RIGHT[kind], item.id)}, doseq=True)
    page = visit(writing, f"{HOME}/pratinjau/pesan/materi-1?{query}")
    assert page.soup.select_one("[role=status] > p").get_text() == "Benar."
