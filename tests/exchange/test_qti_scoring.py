"""How QTI items score: what equals one of our rules is read so; all else stays out with the reason."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.course.scoring import points
from app.exchange import qti
from tests.exchange.qti_samples import (
    CHOICE,
    CORRECT,
    ENTRY,
    GAPS,
    MAPPED,
    MATCH,
    NULL,
    PLUS,
    PUT_MAP,
    RESPONSE,
    RIGHT,
    SCORE,
    SEVERAL,
    answer,
    condition,
    item,
    literal,
    mapping,
    notes,
    only,
    refusal,
    rules,
)
from tests.exchange.samples import SHARED, fixture


@pytest.mark.parametrize(
    "processing",
    [
        CORRECT,
        CORRECT.replace("match_correct", "match_correct.xml"),
        rules(condition((RIGHT, SCORE % 1), otherwise=SCORE % 0)),
        rules(condition((RIGHT, SCORE % 5))),
        rules(condition((RIGHT, PLUS))),
        rules(SCORE % 0, condition((NULL, SCORE % 0), (RIGHT, SCORE % 1), otherwise=SCORE % 0)),
        rules(condition((literal("A"), SCORE % 1), otherwise=SCORE % 0)),
        rules(condition((RIGHT, SCORE % 1 + '<setOutcomeValue identifier="F"><baseValue baseType="identifier">x'
                         "</baseValue></setOutcomeValue>"), otherwise=SCORE % 0)),
        "",
        "<responseProcessing/>",
    ],
)  # fmt: skip
def test_processing_that_equals_match_correct(processing: str) -> None:
    made = only(item(answer("A"), CHOICE, processing))
    assert [points(made, [one.id]) for one in made.options] == [1, 0, 0]


@pytest.mark.parametrize(
    "processing",
    [
        MAPPED,
        rules(PUT_MAP),
        rules(condition((NULL, SCORE % "0.0"), otherwise=PUT_MAP)),
        rules(condition((f"<not>{NULL}</not>", PUT_MAP), otherwise=SCORE % 0)),
        rules(condition((literal("A"), SCORE % 4), (literal("B"), SCORE % 2), otherwise=SCORE % 0)),
        rules(PUT_MAP.replace("SCORE", "S1"), '<setOutcomeValue identifier="SCORE"><product><variable identifier="S1"/>'
              '<baseValue baseType="float">3</baseValue></product></setOutcomeValue>'),
    ],
)  # fmt: skip
def test_processing_that_equals_map_response(processing: str) -> None:
    made = only(item(answer("A", mapping=mapping(A="2", B="1")), CHOICE, processing))
    assert [points(made, [one.id]) for one in made.options] == [1, Fraction(1, 2), 0]


def test_each_of_several_answers_may_add_its_own() -> None:
    def member(name: str, worth: str) -> str:
        test = f'<member><baseValue baseType="identifier">{name}</baseValue>{RESPONSE}</member>'
        return condition((test, PLUS.replace(">1<", f">{worth}<")))

    made = only(item(answer(kind="multiple"), SEVERAL, rules(member("A", "1"), member("B", "1"), member("C", "-1"))))
    assert [one.worth for one in made.options] == [None] * 3  # our own rule says the same
    assert points(made, [one.id for one in made.options[:2]]) == 1
    assert points(made, [one.id for one in made.options]) == Fraction(1, 2)


@pytest.mark.parametrize(
    ("processing", "words"),
    [
        (rules("<customRule/>"), "customRule"),
        (rules(condition((literal("5", "integer", "gt"), SCORE % 1))), "responseCondition"),
        (rules(condition((RIGHT, SCORE % 1), otherwise=SCORE % 0).replace(
            "</responseCondition>", "<responseElseIf/></responseCondition>")), "cabang setelah"),
        (rules(SCORE % 1), "SCORE"),
        (rules(condition((RIGHT, SCORE % -1))), "SCORE"),
        (rules(PUT_MAP.replace("RESPONSE", "LAIN")), "“LAIN” yang tidak ada"),
        (CORRECT.replace("match_correct", "map_response_point"), "map_response_point"),
        (rules("<lookupOutcomeValue identifier='SCORE'/>"), "setOutcomeValue"),
        (rules('<setOutcomeValue identifier="SCORE"><random/></setOutcomeValue>'), "setOutcomeValue"),
    ],
)  # fmt: skip
def test_other_processing_stays_out_with_the_reason(processing: str, words: str) -> None:
    assert words in refusal(item(answer("A"), CHOICE, processing))


def test_capitals_do_not_count_here() -> None:
    worths = mapping(York="1", york="0.5")
    text = item(answer(base="string", mapping=worths), f"<p>Kota apa?</p>{ENTRY}", MAPPED)
    assert [one.text for one in only(text).options] == ["York"]
    assert any("huruf besar" in one for one in notes(text))


def test_words_in_gaps_may_weigh_differently_and_cost_nothing() -> None:
    worths = (
        '<mapping defaultValue="-1"><mapEntry mapKey="W1 G1" mappedValue="1"/>'
        '<mapEntry mapKey="W2 G2" mappedValue="2"/></mapping>'
    )
    text = item(answer(kind="multiple", base="directedPair", mapping=worths), GAPS, MAPPED)
    assert [part.weight for part in only(text).parts] == [1, 2]
    assert any("mengurangi nilai" in one for one in notes(text))
    capped = worths.replace("<mapping ", '<mapping upperBound="2" ')
    assert "sudah bernilai penuh" in refusal(
        item(answer(kind="multiple", base="directedPair", mapping=capped), GAPS, MAPPED)
    )


def test_a_number_has_a_tolerance() -> None:
    near = literal("3.14", "float", "equal", ' toleranceMode="absolute" tolerance="0.01 0.01"')
    made = only(item(answer("3.14", base="float"), f"<p>Berapa?</p>{ENTRY}", rules(condition((near, SCORE % 1)))))
    assert made.kind == "number" and made.options[0].tolerance == Fraction(1, 100)
    assert [points(made, [given]) for given in ("3,14", "3.15", "3,16")] == [1, 1, 0]
    tenth = near.replace("absolute", "relative").replace("0.01 0.01", "10 10")
    made = only(item(answer("200", base="integer"), f"<p>Berapa?</p>{ENTRY}",
                     rules(condition((tenth.replace("3.14", "200"), SCORE % 1)))))  # fmt: skip
    assert made.options[0].tolerance == 20
    exact = only(item(answer("1.234", base="float"), f"<p>Berapa?</p>{ENTRY}"))
    assert points(exact, ["1,2340"]) == 1 and points(exact, ["12340"]) == 0


def test_steps_of_a_mapping_in_proportion() -> None:
    worths = '<mapping><mapEntry mapKey="L1 R1" mappedValue="1"/><mapEntry mapKey="L2 R2" mappedValue="1"/></mapping>'

    def gained(value: int) -> str:
        return f'<match><mapResponse identifier="RESPONSE"/><baseValue baseType="float">{value}</baseValue></match>'

    steps = rules(condition((gained(2), SCORE % 1), (gained(1), SCORE % "0.5"), otherwise=SCORE % 0))
    pairs = answer("L1 R1", "L2 R2", kind="multiple", base="directedPair", mapping=worths)
    assert only(item(pairs, MATCH, steps)).kind == "matching"
    crooked = rules(condition((gained(2), SCORE % 1), (gained(1), SCORE % "0.3"), otherwise=SCORE % 0))
    assert "responseCondition" in refusal(item(pairs, MATCH, crooked))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared fixtures are not on this machine")
def test_what_other_makers_score_is_scored_so_here() -> None:
    water = qti.read(fixture("qti/qtisdk-custom-items/choice_default.xml")).items[0]
    ids = {one.text: one.id for one in water.options}
    for words, worth in (
        ("Hydrogen Oxygen", 1), ("Hydrogen", Fraction(1, 2)), ("Hydrogen Oxygen Chlorine", Fraction(1, 2)),
        ("Hydrogen Oxygen Helium", 0), ("Helium", 0),
    ):  # fmt: skip
        assert points(water, [ids[word] for word in words.split()]) == worth
