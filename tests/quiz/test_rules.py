"""What answers are worth, and when the next attempt may begin."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.course.item import Item, Option
from app.course.shapes import PassRule
from app.quiz import rules
from tests.builders import NOON

RULE = PassRule(quiz_mark=70, test_mark=80, test_attempts=3, wait_hours=24)


def an_item(name: str, keys: str, options: str = "abc") -> Item:
    """A question with these options, of which these are right."""
    made = tuple(Option(one, one, one, one, one, one in keys) for one in options)
    kind = "multiple_response" if len(keys) > 1 else "single_choice"
    return Item(name, name, "", name, made, "terapkan", 1, "pesan", (), True, 1, kind=kind)


@st.composite
def items_and_answers(draw):
    items, answers = [], {}
    for n in range(draw(st.integers(1, 8))):
        options = "abcd"[: draw(st.integers(3, 4))]
        keys = draw(st.sets(st.sampled_from(options), min_size=1, max_size=len(options) - 1))
        item = an_item(f"s{n}", "".join(keys), options)
        items.append(item)
        chosen = draw(st.sets(st.sampled_from(options)))
        answers[item.id] = list(chosen)[: 1 if item.kind == "single_choice" else None]
    return items, answers


@given(items_and_answers())
def test_points_stay_between_nothing_and_one_and_scores_between_0_and_100(given_):
    items, answers = given_
    assert all(0 <= rules.points(item, answers[item.id]) <= 1 for item in items)
    assert 0 <= rules.score(items, answers).percent <= 100


@given(items_and_answers(), st.randoms())
def test_the_order_of_questions_and_options_changes_no_score(given_, chance):
    items, answers = given_
    before = rules.score(items, answers)
    shuffled = [replace(item, options=tuple(chance.sample(item.options, len(item.options)))) for item in items]
    chance.shuffle(shuffled)
    turned = {item: chance.sample(chosen, len(chosen)) for item, chosen in answers.items()}
    assert rules.score(shuffled, turned) == before


@given(items_and_answers(), st.data())
def test_one_more_right_part_never_lowers_the_score_and_one_more_wrong_never_raises_it(given_, data):
    items, answers = given_
    item = data.draw(st.sampled_from(items))
    missed = sorted(item.keys.difference(answers[item.id]))
    wrong = sorted({o.id for o in item.options} - item.keys - set(answers[item.id]))
    before = rules.score(items, answers).percent
    if missed and (item.kind == "multiple_response" or not answers[item.id]):
        better = answers | {item.id: [*answers[item.id], missed[0]]}
        assert rules.score(items, better).percent >= before
    if wrong:
        worse = answers | {item.id: [*answers[item.id], wrong[0]]}
        assert rules.score(items, worse).percent <= before


@given(items_and_answers())
def test_everything_right_is_100_and_nothing_answered_is_0(given_):
    items, _ = given_
    assert rules.score(items, {item.id: list(item.keys) for item in items}).percent == 100
    assert rules.score(items, {}).percent == 0


@pytest.mark.parametrize(("keys", "chosen", "worth"), [
    ("a", "a", 1), ("a", "b", 0), ("a", "", 0), ("a", "ab", 0), ("a", "z", 0),
    ("ab", "ab", 1), ("ab", "a", Fraction(1, 2)), ("ab", "ac", 0), ("ab", "abc", Fraction(1, 2)), ("ab", "c", 0),
    ("ab", "cd", 0),
])  # fmt: skip
def test_an_answer_is_worth_what_the_rule_says(keys, chosen, worth):
    assert rules.points(an_item("s", keys, "abcd"), list(chosen)) == worth


def test_a_repeated_option_counts_once():
    assert rules.points(an_item("s", "ab", "abcd"), ["a", "a", "a"]) == Fraction(1, 2)
    assert rules.points(an_item("s", "a"), ["a", "a"]) == 1


@pytest.mark.parametrize(
    ("right", "total", "percent"), [(2, 3, 66.7), (1, 3, 33.3), (1, 8, 12.5), (7, 10, 70.0), (0, 0, 0.0)]
)
def test_a_score_has_one_decimal(right, total, percent):
    assert rules.Score(Fraction(right), total).percent == percent


def test_passing_is_reaching_the_mark_and_the_page_knows_how_much_is_short():
    assert rules.passed(70.0, 70) and not rules.passed(69.9, 70)
    assert rules.answers_short(70.0, 80, 10) == 1
    assert rules.answers_short(66.7, 70, 3) == 1
    assert rules.answers_short(0.0, 80, 10) == 8
    assert rules.answers_short(90.0, 80, 10) == 0


def test_three_attempts_then_a_day_of_waiting_then_three_more():
    submitted, last = 0, None
    for block in range(3):
        for attempt in range(3):
            now = NOON + timedelta(days=2 * block, hours=attempt)
            assert rules.may_start("post", submitted, last, RULE, now) is None
            assert rules.place_in_block(submitted, RULE) == attempt + 1
            submitted, last = submitted + 1, now
        assert last is not None
        assert rules.may_start("post", submitted, last, RULE, last) == rules.Wait(last + timedelta(hours=24))
        assert rules.may_start("post", submitted, last, RULE, last + timedelta(hours=24, seconds=-1)) is not None
        assert rules.may_start("post", submitted, last, RULE, last + timedelta(hours=24)) is None


def test_quizzes_may_be_repeated_as_often_as_one_likes():
    assert rules.may_start("quiz", 30, NOON, RULE, NOON) is None
