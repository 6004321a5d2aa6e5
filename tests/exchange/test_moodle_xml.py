"""Moodle XML and Cloze texts: each type as a kind of ours, or the reason why not."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.course.item import VERDICT, Item
from app.course.scoring import points
from app.exchange import moodle_xml, multianswer
from app.exchange.shapes import Found, Unreadable
from tests.exchange.samples import SHARED, expected, fixture

NAMES = sorted(path.relative_to(SHARED).as_posix() for path in (SHARED / "moodle-questions").rglob("*.xml"))


def read(*questions: str) -> Found:
    """The questions of a quiz."""
    return moodle_xml.read(f"<?xml version='1.0'?>\n<quiz>\n{''.join(questions)}</quiz>".encode())


def a_question(kind: str, inside: str, text: str = "Mana?", name: str = "Nama") -> str:
    return (
        f'<question type="{kind}"><name><text>{name}</text></name>'
        f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>{inside}</question>\n'
    )


def only(kind: str, inside: str, text: str = "Mana?") -> Item:
    found = read(a_question(kind, inside, text))
    assert [one.text for one in found.refused] == []
    return found.items[0]


def answer(fraction: str, text: str, said: str = "") -> str:
    feedback = f'<feedback format="html"><text>{said}</text></feedback>'
    return f'<answer fraction="{fraction}" format="html"><text>{text}</text>{feedback}</answer>'


@pytest.mark.parametrize("name", NAMES)
def test_every_file_of_moodle_holds_what_is_expected(name: str) -> None:
    found, known = moodle_xml.read(fixture(name)), expected(name)
    assert dict(found.kinds) == known["questions"] and list(found.categories) == known["categories"]
    assert len(found.items) + len(found.refused) == sum(known["questions"].values())
    assert {one.kind for one in found.refused} <= {"essay"}


def test_one_and_several_right_answers() -> None:
    one = only("multichoice", answer("100", "a", "benar") + answer("33.33333", "b") + answer("0", "c"))
    assert one.kind == "single_choice" and points(one, [one.options[1].id]) == Fraction(1, 3)
    several = only("multichoice", "<single>false</single>" + answer("50", "a") + answer("50", "b") + answer("0", "c"))
    assert several.kind == "multiple_response" and points(several, [option.id for option in several.options]) == 1


def test_true_and_false() -> None:
    part = only("truefalse", answer("0", "true", "keliru") + answer("100", "false", "tepat")).part(VERDICT)
    assert part and [(one.correct, one.feedback) for one in part.options] == [(False, "keliru"), (True, "tepat")]


def test_written_answers_and_numbers() -> None:
    found = read(
        a_question(
            "shortanswer", "<usecase>1</usecase>" + answer("100", "frog") + answer("80", "toad") + answer("0", "*")
        ),
        a_question(
            "numerical",
            '<answer fraction="100"><text>3.14</text><tolerance>0.01</tolerance></answer>'
            '<answer fraction="0"><text>*</text></answer>'
            "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit></units>",
        ),
    )
    words, number = found.items
    assert [points(words, [one]) for one in ("Frog", "toad", "cat")] == [1, Fraction(4, 5), 0]
    assert [points(number, [one]) for one in ("3,15", "3.13", "3.16")] == [1, 1, 0]
    assert ["Huruf besar" in found.notes[0].text, "“m”" in found.notes[1].text] == [True, True]


def test_pairs_and_steps() -> None:
    pair = "<subquestion format='html'><text>{}</text><answer><text>{}</text></answer></subquestion>".format
    for kind in ("matching", "ddmatch"):
        item = only(kind, pair("a", "1") + pair("b", "2") + pair("", "3"))
        assert [part.text for part in item.parts] == ["a", "b"] and len(item.parts[0].options) == 3
    steps = only("ordering", answer("2", "dua") + answer("1", "satu") + answer("3", "tiga"))
    assert [one.text for one in steps.options] == ["satu", "dua", "tiga"]


def test_gaps_of_every_type() -> None:
    text = (
        "<p>Isilah.</p><p>A {2:MC:=a#ya~%50%b~c &amp; d} B {:SA:=Paris~%25%Lyon~*#bukan} C {1:NM:=3.1:0.05~%50%4}.</p>"
    )
    item = only("cloze", "", text)
    assert item.stem == "Isilah." and item.html.count("data-gap") == 3
    one, two, three = item.parts
    assert [part.weight for part in item.parts] == [2, 1, 1]
    assert [option.text for option in one.options] == ["a", "b", "c & d"] and one.options[0].feedback == "ya"
    assert points(item, [f"1={one.options[1].id}", "2=lyon", "3=4"]) == (1 + Fraction(1, 4) + Fraction(1, 2)) / 4
    assert points(item, [f"1={one.options[0].id}", "2=paris", "3=3,15"]) == 1 and two.kind == "short_text"
    assert three.options[0].tolerance == Fraction(1, 20)


@pytest.mark.parametrize("kind", ["gapselect", "ddwtos"])
def test_words_that_are_dragged_or_selected_into_a_text(kind: str) -> None:
    tag = "selectoption" if kind == "gapselect" else "dragbox"
    choice = f"<{tag}><text>{{}}</text><group>{{}}</group></{tag}>".format
    item = only(
        kind, choice("kucing", 1) + choice("anjing", 1) + choice("lari", 2) + choice("duduk", 2), "[[1]] [[4]]."
    )
    assert [[one.text for one in part.options if one.correct] for part in item.parts] == [["kucing"], ["duduk"]]
    assert [len(part.options) for part in item.parts] == [2, 2]


def test_settings_tags_and_what_stays() -> None:
    found = read(
        a_question(
            "multichoice",
            "<shuffleanswers>false</shuffleanswers><hidden>1</hidden><idnumber>k-1</idnumber><defaultgrade>2.0</defaultgrade>"
            "<hint><text>h</text></hint><correctfeedback><text>ok</text></correctfeedback>"
            "<tags><tag><text>bloom:terapkan</text></tag></tags>" + answer("100", "a") + answer("0", "b"),
        )
    )
    (item,) = found.items
    assert (item.id, item.bloom, item.shuffle, item.status) == ("k-1", "terapkan", False, "pensiun")
    assert len(found.notes) == 3 and {one.line for one in found.notes} == {3}


@pytest.mark.parametrize(
    ("kind", "inside", "text", "words"),
    [
        ("essay", "", "Tulis.", "dinilai oleh orang"),
        ("description", "", "Baca.", "bukan soal"),
        ("calculated", "", "x", "rumus"),
        ("calculatedsimple", "", "x", "rumus"),
        ("ddmarker", "", "x", "di atas gambar"),
        ("random", "", "x", "acak"),
        ("pmatch", "", "x", "“pmatch”"),
        ("", "", "x", "tidak menyebut jenisnya"),
        ("multichoice", answer("100", "a"), "Mana?", "kurang dari dua"),
        ("multichoice", answer("lima", "a") + answer("0", "b"), "Mana?", "“lima”"),
        ("multichoice", answer("100", "a") + answer("0", ""), "Mana?", "kosong"),
        ("multichoice", answer("100", "a") + answer("0", "b"), "", "tidak punya pertanyaan"),
        (
            "multichoice",
            answer("100", "a") + answer("0", "b"),
            "<img src='@@PLUGINFILE@@/a.png'>?",
            "tanpa teks alternatif",
        ),
        ("numerical", answer("100", "tiga"), "Berapa?", "“tiga” bukan angka"),
        ("truefalse", answer("100", "true"), "Benar?", "“true” dan “false”"),
        ("matching", "", "Pasangkan.", "dua pasangan"),
        ("cloze", "", "Tanpa rumpang.", "Tidak ada rumpang"),
        ("cloze", "", "{1:SA:=a", "belum ditutup"),
        ("cloze", "", "{1:SA:=a} {1:MULTIRESPONSE:=a~=b}", "Rumpang ke-2 berjenis MULTIRESPONSE"),
        ("cloze", "", "{1:SA:%50%a}", "100 persen"),
        ("cloze", "", "{1:SA:}", "kosong"),
        ("gapselect", "<selectoption><text>a</text><group>1</group></selectoption>", "[[2]]", "[[2]]"),
    ],
)
def test_what_has_no_place_says_why_and_where(kind: str, inside: str, text: str, words: str) -> None:
    good = a_question("multichoice", answer("100", "a") + answer("0", "b"), name="Baik")
    found = read(good, a_question(kind, inside, text, "Buruk"))
    (no,) = found.refused
    assert len(found.items) == 1 and words in no.text
    assert (no.question, no.line, no.element, no.kind) == ("Buruk", 4, "question", kind)


@pytest.mark.parametrize("name", ["billion-laughs.moodle.xml", "xxe-file.moodle.xml"])
def test_a_hostile_file_is_refused_before_anything_is_read(name: str) -> None:
    with pytest.raises(Unreadable, match="Baris 1: berkas memuat DOCTYPE"):
        moodle_xml.read(fixture(f"malicious/{name}"))


def test_another_xml_is_refused_by_the_name_of_its_element() -> None:
    with pytest.raises(Unreadable, match="<svg>"):
        moodle_xml.read(b"<svg/>")


def test_a_text_with_embedded_answers_is_one_question() -> None:
    (item,) = multianswer.read(fixture("moodle-questions/multianswer/questions.multianswer.txt")).items
    assert item.kind == "cloze" and len(item.parts) == 5
    assert item.parts[4].options[1].feedback == "No, that is the second largest city in France (after Paris)."


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("broken_multianswer_1.txt", "Rumpang ke-1 hanya punya satu pilihan"),
        ("broken_multianswer_3.txt", "Rumpang ke-1: “zero” bukan angka"),
        (b"Tanpa rumpang.", "Tidak ada rumpang"),
        (b"Kota {1:SHORTANSWER:%50%Paris}", "100 persen"),
        (b"Kota {1:SHORTANSWER:=Paris} {2:NUMERICAL:=1", "Rumpang ke-2 belum ditutup"),
    ],
)
def test_a_broken_text_is_refused_by_its_gap(data: bytes | str, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        multianswer.read(fixture(f"moodle-questions/multianswer/{data}") if isinstance(data, str) else data)
