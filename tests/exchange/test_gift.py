"""GIFT: everything its description knows, as questions of ours; what has no place here says why."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.course.item import VERDICT, Item
from app.course.scoring import points
from app.exchange import gift
from app.exchange.shapes import Found
from tests.exchange.samples import expected, fixture


def read(text: str) -> Found:
    """The questions of this text."""
    return gift.read(text.encode())


def only(text: str) -> Item:
    """The one question of this text."""
    found = read(text)
    assert [one.text for one in found.refused] == [] and len(found.items) == 1
    return found.items[0]


def worth(item: Item, *words: str) -> Fraction:
    """What choosing these options is worth."""
    return points(item, [one.id for one in item.options if one.text in words])


@pytest.mark.parametrize("name", ["gift/examples.txt", "gift/questions.gift.txt"])
def test_every_question_of_moodles_own_files_is_read(name: str) -> None:
    found = gift.read(fixture(f"moodle-questions/{name}"))
    known = expected(f"moodle-questions/{name}")
    assert sum(found.kinds.values()) == known["blocks_with_braces"] and list(found.categories) == known["categories"]
    assert len(found.items) + len(found.refused) == known["blocks_with_braces"]
    assert {one.kind for one in found.refused} <= {"essay"}


def test_a_missing_word_file_is_gift() -> None:
    found = gift.read(fixture("moodle-questions/missingword/question.missingword1.txt"))
    (item,) = found.items
    assert item.kind == "single_choice" and len(item.options) == 4 and "students of …, and" in item.stem


def test_one_right_answer_and_its_feedback() -> None:
    item = only("::Nama soal::Mana?{\n~ satu #salah\n= dua # benar\n~%25%tiga####Karena dua.}")
    assert item.id == "nama-soal" and item.stem == "Mana?" and item.kind == "single_choice"
    assert [one.feedback for one in item.options] == ["salah", "benar", ""]
    assert item.explanation == "Karena dua." and worth(item, "dua") == 1 and worth(item, "tiga") == Fraction(1, 4)


def test_several_right_answers_keep_their_weights() -> None:
    item = only("Mana?{~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-50%d}")
    assert item.kind == "multiple_response"
    assert worth(item, "a", "b", "c") == 1 and worth(item, "a", "b", "d") == Fraction(1, 6)


def test_weights_that_are_our_own_rule_are_left_to_it() -> None:
    item = only("Mana?{~%50%a ~%50%b ~%-50%c}")
    assert {one.worth for one in item.options} == {None}


def test_true_and_false() -> None:
    item = only("Benar?{TRUE#keliru#tepat}")
    part = item.part(VERDICT)
    assert part is not None and [(one.correct, one.feedback) for one in part.options] == [
        (True, "tepat"),
        (False, "keliru"),
    ]


def test_written_answers() -> None:
    item = only("Siapa?{=Sari =%50%Joko#hampir =%0%*#bukan}")
    assert item.kind == "short_text"
    assert [points(item, [one]) for one in ("sari", "JOKO", "Budi")] == [1, Fraction(1, 2), 0]
    assert item.options[2].feedback == "bukan"


@pytest.mark.parametrize(
    ("answers", "right", "wrong"),
    [
        ("#1822:1", ("1821", "1823"), ("1820",)),
        ("#3.141..3.142", ("3,1415", "3.141"), ("3,143",)),
        ("#-2.5", ("-2,5",), ("2,5", "-25")),
        ("#=1e3:0", ("1000",), ("1001",)),
        ("#1.234", ("1,234",), ("1.233",)),
    ],
)
def test_numbers_with_tolerances_and_ranges(answers: str, right: tuple[str, ...], wrong: tuple[str, ...]) -> None:
    item = only(f"Berapa?{{{answers}}}")
    assert [points(item, [one]) for one in right] == [1] * len(right)
    assert [points(item, [one]) for one in wrong] == [0] * len(wrong)


def test_several_numbers_and_any_other() -> None:
    item = only("Kapan?{#=1822:0#tepat =%50%1822:2#dekat ~#jauh}")
    assert [points(item, [one]) for one in ("1822", "1824", "1825")] == [1, Fraction(1, 2), 0]
    assert [one.feedback for one in item.options] == ["tepat", "dekat", "jauh"]


def test_pairs_with_a_right_side_too_many() -> None:
    item = only("Pasangkan?{=a -> 1 =b->2 = c -> 1 =-> 3}")
    assert [part.text for part in item.parts] == ["a", "b", "c"]
    assert [[one.text for one in part.options if one.correct] for part in item.parts] == [["1"], ["2"], ["1"]]
    assert [one.text for one in item.parts[0].options] == ["1", "2", "3"]


def test_signs_behind_a_backslash_are_signs() -> None:
    item = only(r"::a\:\:b::Mana \{ini\}\: 1 \= 2?\nYa?{~ \~a\\b =\#c \= d ~e\}}")
    assert item.stem == "Mana {ini}: 1 = 2? Ya?" and [one.text for one in item.options] == ["~a\\b", "#c = d", "e}"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[html]Mana <b>ini</b> &amp; <i>itu</i>?{=a ~b}", "Mana <strong>ini</strong> &amp; <em>itu</em>?"),
        ("[moodle]Mana\nini?{=a ~b}", "Mana ini?"),
        ("[plain]Mana <b>?{=a ~b}", "Mana &lt;b&gt;?"),
        ("[markdown]Mana **ini**?{=a ~b}", "Mana <strong>ini</strong>?"),
        ("[x]Mana?{=a ~b}", "[x]Mana?"),
    ],
)
def test_every_format_of_a_text(text: str, html: str) -> None:
    assert only(text).stem_html == html


def test_paragraphs_stand_below_the_question() -> None:
    item = only("[html]<p>Pesan ini datang.</p><ul><li>a</li></ul><p>Mana?</p>{=a ~b}")
    assert item.stem == "Mana?" and item.html == "<p>Pesan ini datang.</p>\n<ul>\n<li>a</li>\n</ul>"


def test_a_word_missing_in_the_middle_leaves_a_gap_and_a_dot_at_the_end_none() -> None:
    assert only("Grant is {~buried =entombed} in a tomb.").stem == "Grant is … in a tomb."
    assert only("Berapa? {#4}.").stem == "Berapa?"


def test_categories_names_tags_and_comments() -> None:
    found = read(
        "$CATEGORY: $course$/Satu/Dua\n\n// komentar {=x}\n"
        "// [id:k-1] [tag:bloom:terapkan] [tag:modul:pesan] [tag:lain]\n"
        "::Sama::A?{=a ~b}\n\n::Sama::B?{=a ~b}\n\n::Sama::C?{=a ~b}"
    )
    assert found.categories == ("$course$/Satu/Dua",)
    assert [one.id for one in found.items] == ["k-1", "sama", "sama-2"]
    assert found.items[0].bloom == "terapkan" and found.items[0].module == "pesan"
    assert [one.text for one in found.notes] == ["Label “lain” tidak ikut."]


def test_steps_of_the_ordering_plugin() -> None:
    item = only("Urutkan?{>3 ALL VERTICAL\nsatu\ndua\ntiga\n}")
    assert item.kind == "ordering" and [one.text for one in item.options] == ["satu", "dua", "tiga"]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Ceritakan.{}", "essay", "dinilai oleh orang"),
        ("Bacalah ini.", "description", "bukan soal"),
        ("Mana?{=a ~b", "gift", "tidak berpasangan"),
        ("Mana?}=a ~b{", "gift", "tidak berpasangan"),
        ("A {=x} dan {=y}", "shortanswer", "lebih dari satu bagian"),
        ("Mana?{~a}", "multichoice", "kurang dari dua"),
        ("Mana?{~%200%a ~b}", "multichoice", "Bobot “200”"),
        ("Berapa?{#tiga}", "numerical", "“tiga” bukan angka"),
        ("Berapa?{#3:x}", "numerical", "bukan angka"),
        ("Berapa?{#}", "numerical", "tidak punya jawaban"),
        ("Pasangkan?{=a->1 =b}", "match", "tanpa “->”"),
        ("{=a ~b}", "multichoice", "tidak punya pertanyaan"),
        ("[html]Mana <img src=a.png>?{=a ~b}", "multichoice", "tanpa teks alternatif"),
        ("Mana?{=a ~" + "b" * 4000 + "}", "multichoice", "lebih dari 3000"),
    ],
)
def test_what_has_no_place_says_why_and_where(text: str, kind: str, words: str) -> None:
    found = read(f"Baik?{{=a ~b}}\n\n{text}")
    assert len(found.items) == 1
    (no,) = found.refused
    assert words in no.text and (no.kind, no.line, no.question) == (kind, 3, "2")


def test_nothing_of_a_question_comes_in_alive() -> None:
    item = only(
        "[html]<script>x()</script>Mana <b onclick\\=x()>ini</b>?"
        "{=<a href\\=javascript\\:x()>a</a> ~b#<i onload\\=x()>c</i>}"
    )
    assert item.stem_html == "Mana <strong>ini</strong>?"
    assert [(one.html, one.feedback_html) for one in item.options] == [("a", ""), ("b", "<em>c</em>")]
