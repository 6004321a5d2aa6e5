"""The text of a question taken apart where it is answered; the order in which nothing tells."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from app.course.asking import asked, settled, shuffled
from app.course.item import Item, Option, Part
from app.course.pieces import in_places, pieces, spotted
from app.course.responses import in_words
from tests.builders_items import RIGHT
from tests.enrollment.cast import parsed
from tests.quiz.kinds import HALF, NAMES, a_course_of_all_kinds

COURSE = parsed(a_course_of_all_kinds())


def the(kind):
    """The question of this kind."""
    return COURSE.item(NAMES[kind])


def an_option(name):
    return Option(name, name, name, "", "", False)


def a_message(html, *names):
    options = tuple(an_option(name) for name in names)
    return Item("x", "x", html, "x", options, "", 1, "", (), True, 1, kind="hotspot_text")


def shown(item):
    return asked(item, settled(item))


def test_a_text_is_cut_at_its_gaps_and_nothing_of_it_is_lost():
    found = pieces(shown(the("cloze")))
    assert [(piece.part.id, piece.number) for piece in found[:-1]] == [("1", 1), ("2", 2), ("3", 3)]
    assert "".join(piece.html for piece in found) == (
        "<p>Kode  hanya untuk Anda. Berkas  adalah aplikasi. Tunggu  menit.</p>"
    )
    assert found[-1].part is None


def test_a_gap_that_is_no_part_of_the_question_is_left_out():
    item = replace(the("cloze"), html='<p>Satu <span data-gap="9"></span> dua.</p>')
    assert [(piece.html, piece.part) for piece in pieces(shown(item))] == [("<p>Satu ", None), (" dua.</p>", None)]


def test_a_text_without_gaps_is_one_piece():
    item = the("single_choice")
    assert [piece.html for piece in pieces(shown(item))] == [item.html]


def test_words_to_tap_become_labels_of_their_boxes():
    html = spotted(shown(the("hotspot_text")), "pilihan")
    assert '<label class="spot s2" for="pilihan.2">hangus jam 12</label>' in html
    assert html.count("<label") == html.count("</label>") == 3 and "data-option" not in html


@pytest.mark.parametrize(("html", "made"), [
    ('<p><span data-option="a">satu</span></p>', '<p><label class="spot s1" for="n.1">satu</label></p>'),
    (
        '<span class="x"><span data-option="a">satu <span class="y">dua</span></span></span>',
        '<span class="x"><label class="spot s1" for="n.1">satu <span class="y">dua</span></label></span>',
    ),
    ('<span data-option="z">tak dikenal</span>', '<span data-option="z">tak dikenal</span>'),
    ("satu</span> dua", "satu</span> dua"),
    ("", ""),
])  # fmt: skip
def test_tags_around_and_inside_words_to_tap_stay(html, made):
    assert spotted(shown(a_message(html, "a")), "n") == made


def test_the_name_of_a_field_cannot_leave_its_attribute():
    html = spotted(shown(a_message('<span data-option="a">x</span>', "a")), '"><b>')
    assert "<b>" not in html


def test_boxes_stand_in_the_order_of_the_message_not_in_the_order_written():
    """Right ones are often written first; the list below the message must not tell."""
    item = the("hotspot_text")
    assert [option.id for option in item.options] == ["a", "b", "c"]
    assert settled(item) == shuffled(item, Random(1)) == ["b", "a", "c"]


@pytest.mark.parametrize("kind", ["ordering", "matching"])
def test_what_order_would_tell_is_mixed_even_where_the_course_says_not_to(kind):
    item = replace(the(kind), shuffle=False)
    orders = {tuple(shuffled(item, Random(seed))) for seed in range(40)}
    assert len(orders) > 3
    assert shuffled(replace(the("single_choice"), shuffle=False), Random(1)) == ["a", "b", "c"]


def test_all_left_sides_offer_the_right_sides_in_the_same_order():
    item = the("matching")
    for seed in range(10):
        parts = asked(item, shuffled(item, Random(seed))).parts
        assert len({tuple(option.id for option in part.options) for part in parts}) == 1


def test_elements_stand_where_they_were_put_and_those_without_a_place_last():
    item = the("ordering")
    question = asked(item, ["d", "c", "b", "a"])
    assert [(option.id, place) for option, place in in_places(question, [])] == [(one, "") for one in "dcba"]
    placed = in_places(question, ["a=1", "b=3", "c=1"])
    assert [(option.id, place) for option, place in placed] == [("c", "1"), ("a", "1"), ("b", "3"), ("d", "")]


@pytest.mark.parametrize(("kind", "words"), [
    ("single_choice", "Menelepon nomor di kartu."),
    ("multiple_response", "Batas waktu yang pendek. / Permintaan kode OTP."),
    ("true_false", "Salah / Kode OTP menyetujui sebuah transaksi."),
    ("ordering", "1. Menutup sambungan telepon. / 2. Menghubungi bank lewat nomor di kartu. / "
                 "3. Mencatat waktu dan nomor penelepon. / 4. Melapor lewat situs resmi."),
    ("matching", "Kode OTP: Menyetujui transaksi / Kata sandi: Membuka akun"),
    ("hotspot_text", "hangus jam 12 / Kirim kode OTP"),
    ("short_text", "penipuan"),
    ("number", "3.45"),
    ("cloze", "1: OTP / 2: APK / 3: 11"),
    ("picture_choice", "Gembok yang tertutup"),
])  # fmt: skip
def test_every_answer_can_be_said_in_words(kind, words):
    assert in_words(the(kind), RIGHT[kind]) == words
    assert in_words(the(kind), []) == ""


def test_half_an_answer_is_said_as_far_as_it_goes():
    assert in_words(the("matching"), HALF["matching"]) == "Kode OTP: Membuka akun"
    assert in_words(the("cloze"), HALF["cloze"]) == "2: apk"


def test_a_part_of_another_version_says_what_is_stored():
    part = Part("1", "Kiri", "Kiri", "choice", (an_option("p"),))
    item = replace(the("matching"), parts=(part,))
    assert in_words(item, ["1=hilang"]) == "Kiri: hilang"
