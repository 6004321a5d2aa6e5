"""Items of QTI 2 and QTI 3 become questions of ours, or stay out with a reason; none is lost on the way."""

from __future__ import annotations

import re
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.course.scoring import points
from app.exchange import qti
from app.exchange.shapes import Unreadable
from tests.exchange.qti_samples import (
    CHOICE,
    ENTRY,
    HOTTEXT,
    INLINE,
    MAPPED,
    MATCH,
    ORDER,
    SAMPLES,
    SEVERAL,
    answer,
    item,
    mapping,
    notes,
    only,
    refusal,
    rules,
    third,
    written,
)
from tests.exchange.samples import bare


@pytest.mark.parametrize("text", SAMPLES)
def test_both_vocabularies_say_the_same(text: str) -> None:
    assert third(text) != text and "qti-assessment-item" in third(text)
    assert bare(only(third(text))) == bare(only(text))


def test_one_of_several() -> None:
    made = only(item(answer("B"), f"<p>Baca dahulu.</p>{CHOICE}"))
    assert (made.kind, made.stem, made.shuffle, made.id) == ("single_choice", "Mana yang aman?", True, "soal-1")
    assert made.html == "<p>Baca dahulu.</p>"
    assert [(one.text, one.correct, one.worth) for one in made.options] == [
        ("Satu", False, None), ("Dua", True, None), ("Tiga", False, None),
    ]  # fmt: skip


def test_the_names_of_options_tell_nobody_the_key() -> None:
    body = CHOICE.replace('"A"', '"BENAR"').replace('"B"', '"SALAH"')
    assert not {"benar", "salah"} & {one.id.lower() for one in only(item(answer("BENAR"), body)).options}


def test_a_mapping_gives_worths() -> None:
    made = only(item(answer(mapping=mapping(A="2", B="1", C="-1")), CHOICE, MAPPED))
    assert [(one.correct, one.worth) for one in made.options] == [
        (True, None), (False, Fraction(1, 2)), (False, Fraction(-1, 2)),
    ]  # fmt: skip
    several = only(item(answer(mapping=mapping('upperBound="3"', A="2", B="1"), kind="multiple"), SEVERAL, MAPPED))
    assert [one.worth for one in several.options] == [Fraction(2, 3), Fraction(1, 3), 0]
    assert several.keys == {several.options[0].id, several.options[1].id}


def test_a_mapping_like_our_own_rule_is_our_own_rule() -> None:
    worths = mapping('lowerBound="0" defaultValue="-0.5"', A="0.5", B="0.5")
    made = only(item(answer(mapping=worths, kind="multiple"), SEVERAL, MAPPED))
    assert made.kind == "multiple_response" and all(one.worth is None for one in made.options)


def test_all_or_nothing_is_said_to_be_different_here() -> None:
    assert any("seluruhnya benar" in one for one in notes(item(answer("A", "B", kind="multiple"), SEVERAL)))
    assert notes(item(answer("A"), CHOICE)) == []


def test_words_below_a_question_are_a_short_answer() -> None:
    worths = mapping(surel="1", email="0.8", sandi="0")
    made = only(item(answer("surel", base="string", mapping=worths), f"<p>Apa namanya?</p><p>{ENTRY}</p>", MAPPED))
    assert (made.kind, made.stem, made.html) == ("short_text", "Apa namanya?", "")
    assert [points(made, [word]) for word in ("Surel", "e-mail", "sandi")] == [1, Fraction(4, 5), 0]
    beside = only(item(answer("surel", base="string"), f"<p>Apa namanya? {ENTRY}</p>"))
    assert beside.kind == "short_text" and beside.stem == "Apa namanya?"


def test_a_star_in_an_accepted_answer_is_a_star() -> None:
    made = only(item(answer("a*b", base="string"), f"<p>Apa?</p><p>{ENTRY}</p>"))
    assert points(made, ["a*b"]) == 1 and points(made, ["axb"]) == 0


def test_gaps_in_a_text_are_a_cloze() -> None:
    made = only(SAMPLES[5])
    assert made.kind == "cloze" and [part.kind for part in made.parts] == ["choice", "short_text"]
    assert made.html == '<p>Sandi harus <span data-gap="1"></span> dan <span data-gap="2"></span>.</p>'
    assert [one.text for one in made.parts[0].options if one.correct] == ["panjang"]


def test_gaps_may_weigh_differently() -> None:
    total = (
        '<setOutcomeValue identifier="SCORE"><sum><mapResponse identifier="RESPONSE"/><mapResponse identifier="DUA"/>'
        "</sum></setOutcomeValue>"
    )
    made = only(item(answer(mapping=mapping(A="3")) + answer(base="string", name="DUA", mapping=mapping(unik="1")),
                     INLINE, rules(total)))  # fmt: skip
    assert [part.weight for part in made.parts] == [3, 1]
    made = only(item(answer(mapping=mapping(A="1.5")) + answer(base="string", name="DUA", mapping=mapping(unik="2")),
                     INLINE, rules(total)))  # fmt: skip
    assert [part.weight for part in made.parts] == [3, 4]


def test_words_put_into_gaps_are_a_cloze() -> None:
    made = only(SAMPLES[6])
    assert made.kind == "cloze" and made.stem == "Lengkapi."
    assert [[one.text for one in part.options if one.correct] for part in made.parts] == [["kunci"], ["pintu"]]
    assert [len(part.options) for part in made.parts] == [2, 2]


def test_an_order() -> None:
    made = only(SAMPLES[3])
    assert made.kind == "ordering" and [one.text for one in made.options] == ["Dua", "Satu", "Tiga"]
    assert "tidak memuat semua langkah" in refusal(item(answer("B", "A", kind="ordered"), ORDER))
    assert "paling sedikit tiga" in refusal(
        item(answer("A", "B", kind="ordered"), ORDER.replace('<simpleChoice identifier="C">Tiga</simpleChoice>', ""))
    )


def test_pairs() -> None:
    made = only(SAMPLES[4])
    assert made.kind == "matching" and [part.text for part in made.parts] == ["Kiri", "Atas"]
    assert [[one.text for one in part.options if one.correct] for part in made.parts] == [["Kanan"], ["Bawah"]]
    assert {one.text for one in made.parts[0].options} == {"Kanan", "Bawah", "Tengah"}
    two = answer("L1 R1", "L1 R2", "L2 R3", kind="multiple", base="directedPair")
    assert "lebih dari satu pasangan" in refusal(item(two, MATCH))
    assert "atau tidak punya" in refusal(item(answer("L1 R1", kind="multiple", base="directedPair"), MATCH))
    worths = '<mapping><mapEntry mapKey="L1 R1" mappedValue="2"/><mapEntry mapKey="L2 R2" mappedValue="1"/></mapping>'
    assert "Bobot pasangan" in refusal(
        item(answer(kind="multiple", base="directedPair", mapping=worths), MATCH, MAPPED)
    )


def test_words_to_tap() -> None:
    made = only(SAMPLES[2])
    assert made.kind == "hotspot_text" and made.stem == "Tandai kata yang salah."
    assert [(one.text, one.correct) for one in made.options] == [("meminta", True), ("segera", False)]
    assert f'<span data-option="{made.options[0].id}">meminta</span>' in made.html
    twice = HOTTEXT.replace("Bank ", "Bank meminta dan ")
    assert "muncul 2 kali" in refusal(item(answer("A", kind="multiple"), twice))


def test_what_is_said_to_an_option() -> None:
    inside = CHOICE.replace("Satu<", 'Satu <feedbackInline outcomeIdentifier="FEEDBACK" identifier="A" showHide="show">'
                            "Betul <b>sekali</b>.</feedbackInline><")  # fmt: skip
    made = only(item(answer("A"), inside))
    assert (made.options[0].text, made.options[0].feedback) == ("Satu", "Betul sekali.")
    modal = (
        '<modalFeedback outcomeIdentifier="FEEDBACK" identifier="B" showHide="show">Kurang tepat.</modalFeedback>'
        '<modalFeedback outcomeIdentifier="SOLUTION" identifier="x" showHide="show"><p>Sebab aman.</p></modalFeedback>'
        '<modalFeedback outcomeIdentifier="FEEDBACK" identifier="umum" showHide="show">Semangat!</modalFeedback>'
    )
    text = item(answer("A"), CHOICE, after=modal)
    made = only(text)
    assert (made.options[1].feedback, made.explanation) == ("Kurang tepat.", "Sebab aman.")
    assert [one for one in notes(text) if "Semangat!" in one]


def test_notes_for_scorers_are_named() -> None:
    rubric = '<rubricBlock view="scorer"><p>Rahasia.</p></rubricBlock>'
    text = item(answer("A"), rubric + CHOICE)
    assert "Rahasia" not in written(text) and any("penilai" in one for one in notes(text))
    assert "Petunjuk." in written(
        item(answer("A"), '<rubricBlock view="candidate"><p>Petunjuk.</p></rubricBlock>' + CHOICE)
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (item(answer("A"), CHOICE, attributes='adaptive="true"').replace('adaptive="false" ', ""), "adaptive"),
        (item(answer("A"), CHOICE, after="<templateProcessing/>"), "templateProcessing"),
        (item(answer("A"), CHOICE + CHOICE), "2 pertanyaan"),
        (item(answer(), CHOICE), "tidak menyebut jawaban yang benar"),
        (item("", CHOICE), "responseDeclaration"),
        (item(answer("A"), f'<p><img src="a.png" alt="peta"/></p>{CHOICE}'), "“a.png”"),
        (item(answer("A"), f"<p><math><mi>x</mi></math></p>{CHOICE}"), "“math”"),
        (item(answer("A"), f'<object data="a.mp3">suara</object>{CHOICE}'), "“object”"),
        (item(answer("A"), "<p>Bacalah.</p>"), "tanpa pertanyaan"),
        (item(answer("A", "B", "C", kind="multiple"), SEVERAL), "Semua pilihan ditandai benar"),
        (item(answer("A", kind="ordered"), CHOICE), "berurutan"),
        (item(answer("x", base="float"), f"<p>Berapa?</p>{ENTRY}"), "bukan angka"),
        (item(answer("A", name="LAIN") + answer("A"), CHOICE.replace("RESPONSE", "LAIN")), "tidak memakai jawaban"),
    ],
)
def test_what_cannot_be_taken_over_is_said(text: str, words: str) -> None:
    assert words in refusal(text)


@pytest.mark.parametrize(
    "name",
    ["extendedText", "upload", "slider", "drawing", "associate", "graphicOrder", "graphicAssociate", "graphicGapMatch",
     "hotspot", "selectPoint", "positionObject", "media", "endAttempt", "custom", "portableCustom"],
)  # fmt: skip
def test_an_interaction_without_a_counterpart_is_named(name: str) -> None:
    text = item(answer(), f'<p>Soal?</p><{name}Interaction responseIdentifier="RESPONSE"/>')
    found = qti.read(text.encode())
    assert f"“{name}Interaction”" in found.refused[0].text and found.refused[0].line == 6
    assert found.kinds == {f"{name}Interaction": 1} and found.refused[0].kind == f"{name}Interaction"
    named = re.sub("[A-Z]", lambda sign: f"-{sign[0].lower()}", name)
    assert f"“qti-{named}-interaction”" in refusal(third(text))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<questestinterop><item/></questestinterop>", "QTI versi 1"),
        (b'<!DOCTYPE questestinterop SYSTEM "ims_qtiasiv1p2p1.dtd"><questestinterop/>', "QTI versi 1"),
        ("<questestinterop/>".encode("utf-16"), "QTI versi 1"),
        (b"<quiz><question/></quiz>", "“quiz”"),
        (
            item(answer("A"), CHOICE).replace("</choiceInteraction>", "").encode(),
            "dibuka di baris 6 belum ditutup",
        ),
        (b'<!DOCTYPE assessmentItem [<!ENTITY a "b">]><assessmentItem/>', "DOCTYPE"),
        (b"", "kosong"),
    ],
)
def test_a_file_that_is_none_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        qti.read(data)
    assert words in str(caught.value)


def test_a_test_alone_names_its_items() -> None:
    text = (
        '<qti-assessment-test xmlns="x" identifier="t"><qti-test-part><qti-assessment-section>'
        '<qti-assessment-item-ref identifier="S1" href="satu.xml"/><qti-assessment-item-ref identifier="S2" '
        'href="dua.xml"/></qti-assessment-section></qti-test-part></qti-assessment-test>'
    )
    found = qti.read(text.encode())
    assert [(one.question, one.facts["href"]) for one in found.refused] == [("S1", "satu.xml"), ("S2", "dua.xml")]


def test_other_encodings() -> None:
    text = item(answer("A"), CHOICE.replace("Satu", "Kafé “X”"))
    for name in ("utf-16", "windows-1252"):
        data = text.replace("UTF-8", name).encode(name)
        assert qti.read(data).items[0].options[0].text == "Kafé “X”"


@given(st.sampled_from(SAMPLES), st.integers(0, 60), st.sampled_from(["element", "attribute", "words"]))
def test_a_file_with_something_missing_is_read_or_refused(text: str, place: int, what: str) -> None:
    root = ElementTree.fromstring(text)
    parents = [(parent, child) for parent in root.iter() for child in parent]
    parent, child = parents[place % len(parents)]
    if what == "element":
        parent.remove(child)
    elif what == "attribute" and child.attrib:
        del child.attrib[sorted(child.attrib)[place % len(child.attrib)]]
    else:
        child.text = "{1} [x] => {#a} ## ::: pesan"
    found = qti.read(ElementTree.tostring(root))
    assert len(found.items) + len(found.refused) == 1
    assert all(one.text for one in found.refused)
