"""What answers are worth, for every kind of question: held within 0 and 1, growing with what is right."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.course.asking import asked, settled, shuffled
from app.course.item import KINDS, REASON, VERDICT, Item, Option, Part
from app.course.readings import same_words
from app.course.responses import canonical, whole
from app.course.scoring import points
from app.errors import Refused

HALF = Fraction(1, 2)


def an_option(name: str, correct: bool = False, **more: object) -> Option:
    return Option(name, name, name, name, name, correct, **more)


def a_part(name: str, keys: str, options: str = "pqr", kind: str = "choice") -> Part:
    return Part(name, name, name, kind, tuple(an_option(one, one in keys) for one in options))


def an_item(kind: str, keys: str = "a", options: str = "abcd", parts: tuple[Part, ...] = ()) -> Item:
    made = tuple(an_option(one, one in keys) for one in options)
    return Item("x", "x", "", "x", made, "terapkan", 1, "pesan", (), True, 1, kind=kind, parts=parts)


VERDICT_AND_REASON = (a_part(VERDICT, "b", "bs"), a_part(REASON, "p"))
ONE_OF_EACH = [
    an_item("single_choice"),
    an_item("multiple_response", "ab"),
    an_item("true_false", options="", parts=VERDICT_AND_REASON),
    an_item("ordering", ""),
    an_item("matching", options="", parts=(a_part("1", "p"), a_part("2", "q"), a_part("3", "r"))),
    an_item("hotspot_text", "abc"),
    an_item("short_text", "ab"),
    replace(an_item("number"), options=(an_option("3,5", True), an_option("2"))),
    an_item("cloze", options="", parts=(a_part("1", "p"), a_part("2", "q", kind="short_text"))),
    an_item("picture_choice", "b"),
]


def tokens_of(item: Item) -> list[str]:
    """Everything that one could choose, fill or place."""
    if item.kind == "ordering":
        return [f"{one.id}={place}" for one in item.options for place in range(1, 5)]
    if item.parts:
        return [f"{part.id}={option.id}" for part in item.parts for option in part.options]
    return [option.id for option in item.options]


def test_every_kind_is_tried_here():
    assert [item.kind for item in ONE_OF_EACH] == list(KINDS)


@given(st.sampled_from(ONE_OF_EACH), st.data())
def test_points_lie_between_nothing_and_one_whatever_is_sent(item: Item, data):
    sent = data.draw(st.lists(st.sampled_from([*tokens_of(item), "zzz", "1=zzz", "=", "a=-1", "a=²"])))
    assert 0 <= points(item, sent) <= 1


@given(st.sampled_from(ONE_OF_EACH), st.randoms(use_true_random=False), st.data())
def test_no_order_of_options_or_of_the_answer_changes_the_points(item: Item, chance, data):
    if item.kind == "ordering":
        return  # its order is its key
    sent = data.draw(st.lists(st.sampled_from(tokens_of(item)), unique_by=lambda one: one.partition("=")[0]))
    if item.kind in ("short_text", "number"):
        sent = sent[:1]
    options, parts, answer = list(item.options), list(item.parts), list(sent)
    for mixed in (options, parts, answer):
        chance.shuffle(mixed)
    assert points(replace(item, options=tuple(options), parts=tuple(parts)), answer) == points(item, sent)


@pytest.mark.parametrize("item", [one for one in ONE_OF_EACH if one.several], ids=lambda one: one.kind)
def test_each_right_option_more_is_worth_more_and_each_wrong_one_less(item: Item):
    keys, wrong = sorted(item.keys), sorted({option.id for option in item.options} - item.keys)
    right = [points(item, keys[:n]) for n in range(len(keys) + 1)]
    assert right[0] == 0 and right[-1] == 1 and all(one < two for one, two in pairwise(right))
    spoiled = [points(item, keys + wrong[:n]) for n in range(len(wrong) + 1)]
    assert all(one > two for one, two in pairwise(spoiled))
    assert points(item, [*keys, *wrong]) == max(0, Fraction(len(keys) - len(wrong), len(keys)))


@given(st.sampled_from([one for one in ONE_OF_EACH if one.parts]), st.data())
def test_another_part_right_is_never_worth_less(item: Item, data):
    right = {part.id: next(option.id for option in part.options if option.correct) for part in item.parts}
    given_now = {part.id: data.draw(st.sampled_from([o.id for o in part.options])) for part in item.parts}
    before = points(item, [f"{name}={value}" for name, value in given_now.items()])
    for name in right:
        better = given_now | {name: right[name]}
        assert points(item, [f"{one}={value}" for one, value in better.items()]) >= before
    assert points(item, [f"{name}={value}" for name, value in right.items()]) == 1


def test_a_reason_counts_only_with_the_right_verdict():
    item = ONE_OF_EACH[2]
    assert points(item, [f"{VERDICT}=b"]) == HALF
    assert points(item, [f"{VERDICT}=b", f"{REASON}=q"]) == HALF
    assert points(item, [f"{VERDICT}=b", f"{REASON}=p"]) == 1
    assert points(item, [f"{VERDICT}=s", f"{REASON}=p"]) == 0


def placed(order: str) -> list[str]:
    return [f"{one}={place}" for place, one in enumerate(order, 1)]


def test_an_order_is_worth_its_pairs():
    item = an_item("ordering", "")
    assert points(item, placed("abcd")) == 1
    assert points(item, placed("abdc")) == Fraction(4, 6)
    assert points(item, placed("bacd")) == Fraction(4, 6)
    assert points(item, placed("dcba")) == 0
    assert points(item, []) == 0
    assert points(item, ["a=1", "b=2"]) == Fraction(1, 6)
    assert points(item, [f"{one}=1" for one in "abcd"]) == 0


@given(st.permutations("abcd"))
def test_putting_two_neighbours_right_is_always_worth_more(order: list[str]):
    item = an_item("ordering", "")
    here = points(item, placed("".join(order)))
    for place in range(3):
        if order[place] > order[place + 1]:
            better = [*order]
            better[place], better[place + 1] = better[place + 1], better[place]
            assert points(item, placed("".join(better))) >= here


@pytest.mark.parametrize("given_words", ["Berhenti", " berhenti ", "BERHENTI.", "bérhenti", "ber-henti"])
def test_words_are_the_same_in_any_spelling_that_means_them(given_words: str):
    item = replace(an_item("short_text"), options=(an_option("berhenti", True), an_option("lari")))
    assert points(item, [given_words]) == 1
    assert points(item, ["lari"]) == points(item, ["berhentilah"]) == points(item, [""]) == 0


def test_a_star_stands_for_anything_and_a_worth_of_its_own_counts():
    options = (an_option("frog", True), an_option("toad", worth=Fraction(4, 5)), an_option("*"))
    item = replace(an_item("short_text"), options=options)
    assert [points(item, [one]) for one in ("Frog", "toad", "tadpole")] == [1, Fraction(4, 5), 0]
    assert points(replace(item, options=(an_option("nomor * resmi", True),)), ["nomor telepon resmi"]) == 1


@given(said=st.text("ab", min_size=1, max_size=8), accepted=st.text("ab*", max_size=6))
def test_stars_stand_for_what_a_regular_expression_would_let_them(said: str, accepted: str):
    expected = re.fullmatch(accepted.replace("*", ".*"), said) is not None
    assert same_words(said, accepted) == expected


def test_stars_are_found_without_trying_every_place(monkeypatch: pytest.MonkeyPatch):
    """Of 3,600 letters a regular expression would try billions of triples."""
    monkeypatch.setattr(re, "fullmatch", None)
    assert not same_words("a" * 3_600, "*a*a*a*b")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3,14", "3.14"), ("3.14", "3.14"), ("1.234,5", "1234.5"), ("1,234.5", "1234.5"), ("1.234.567", "1234567"),
        ("Rp 1.500.000", "1500000"), ("Rp25.000,-", "25000"), ("-0,5", "-0.5"), ("−0.5", "-0.5"), ("12 %", "12"),
        ("1e3", "1000"), ("1 000", "1000"), ("１２", "12"), (",5", "0.5"),
    ],
)  # fmt: skip
def test_numbers_are_read_with_either_decimal_mark(written: str, value: str):
    item = replace(an_item("number"), options=(an_option(value.replace(".", ","), True),))
    assert points(item, [written]) == 1


def test_a_mark_that_may_be_either_is_read_both_ways_and_nonsense_not_at_all():
    thousand = replace(an_item("number"), options=(an_option("1234", True),))
    small = replace(an_item("number"), options=(an_option("1,234", True, tolerance=Fraction(0)),))
    assert points(thousand, ["1.234"]) == points(small, ["1.234"]) == points(small, ["1,234"]) == 1
    assert not any(points(thousand, [one]) for one in ("", "seribu", "1.2.3", "1,2,3.4", "0x4d2", "1e999999", "1" * 99))


@given(st.fractions(0, 5), st.fractions(-10, 10))
def test_a_number_counts_within_its_tolerance(tolerance: Fraction, off: Fraction):
    item = replace(an_item("number"), options=(an_option("100", True, tolerance=tolerance),))
    value = 100 + off
    exact = f"{float(value):.12f}"
    if Fraction(exact) == value:
        assert points(item, [exact]) == (abs(off) <= tolerance)


@given(st.sampled_from(ONE_OF_EACH), st.randoms(use_true_random=False))
def test_every_order_shown_holds_every_option_once(item: Item, chance):
    for order in (shuffled(item, chance), settled(item)):
        shown = asked(item, order)
        assert sorted(o.id for o in shown.options) == sorted(o.id for o in item.options)
        assert [part.id for part in shown.parts] == [part.id for part in item.parts]
    assert [o.id for o in asked(item, shuffled(item, chance)).options] == [o.id for o in item.options] or item.shuffle


def test_a_text_and_a_verdict_keep_their_order_and_a_lesson_never_shows_the_right_one():
    import random

    hotspot, verdict, ordering = ONE_OF_EACH[5], ONE_OF_EACH[2], ONE_OF_EACH[3]
    for seed in range(30):
        chance = random.Random(seed)
        assert shuffled(hotspot, chance) == list("abcd")
        assert [o.id for o in asked(verdict, shuffled(verdict, chance)).parts[0].options] == ["b", "s"]
    assert settled(ordering) != list("abcd")


def test_an_answer_is_kept_in_one_spelling():
    assert canonical(ONE_OF_EACH[1], ["b", "a", "a"]) == ["a", "b"]
    assert canonical(ONE_OF_EACH[3], ["b=2", "a=1", "c="]) == ["a=1", "b=2"]
    assert canonical(ONE_OF_EACH[4], ["2=q", "1=p"]) == ["1=p", "2=q"]
    assert canonical(ONE_OF_EACH[6], ["  dua   kata "]) == ["dua kata"]
    assert canonical(ONE_OF_EACH[8], ["2= kata = lain ", "1="]) == ["2=kata = lain"]
    assert canonical(ONE_OF_EACH[7], ["", " "]) == []


@pytest.mark.parametrize(
    ("which", "sent"),
    [
        (0, ["z"]), (0, ["a", "b"]), (1, ["a", "z"]), (3, ["a=9"]), (3, ["z=1"]), (4, ["1=z"]), (4, ["9=p"]),
        (4, ["1=p", "1=q"]), (4, ["p"]), (6, ["x" * 201]), (6, ["\u202e"]), (8, ["2=" + "x" * 201]), (9, ["a", "b"]),
    ],
)  # fmt: skip
def test_what_no_page_sends_is_refused(which: int, sent: list[str]):
    with pytest.raises(Refused):
        canonical(ONE_OF_EACH[which], sent)


def test_an_answer_is_whole_when_nothing_is_left_to_fill():
    assert whole(ONE_OF_EACH[3], placed("dcba")) and not whole(ONE_OF_EACH[3], placed("abc"))
    assert not whole(ONE_OF_EACH[3], ["a=1", "b=1", "c=2", "d=3"])
    assert whole(ONE_OF_EACH[4], ["1=p", "2=p", "3=p"]) and not whole(ONE_OF_EACH[4], ["1=p"])
    assert whole(ONE_OF_EACH[0], ["a"]) and not whole(ONE_OF_EACH[0], [])
