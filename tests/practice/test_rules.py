"""When a Kilas Balik is due, and when a module is mastered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.course.shapes import Mastery
from app.enrollment.rules import Progress
from app.practice import rules
from tests.builders import NOON
from tests.enrollment.cast import lessons, parsed, whole

COURSE = parsed()
PESAN = COURSE.modules[0]
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
GOAL = Mastery(4, 5)


def test_a_module_is_completed_when_its_last_step_is_done_in_whatever_order():
    moments = dict(zip(whole("pesan"), (NOON + 3 * DAY, NOON, NOON + DAY), strict=True))
    assert rules.completed_at(PESAN, moments) == NOON + 3 * DAY
    assert rules.completed_at(PESAN, dict.fromkeys(lessons("pesan"), NOON)) is None
    assert rules.completed_at(PESAN, {}) is None


@pytest.mark.parametrize(
    ("after", "number"),
    [(0 * DAY, 0), (2 * DAY - SECOND, 0), (2 * DAY, 1), (7 * DAY - SECOND, 1), (7 * DAY, 2), (21 * DAY - SECOND, 2),
     (21 * DAY, 3), (900 * DAY, 3)],
)  # fmt: skip
def test_a_kilas_balik_is_due_exactly_two_seven_and_21_days_after_the_module(after, number):
    assert rules.due_number(NOON, NOON + after) == number
    assert rules.waiting(NOON, (), NOON + after) == number


def test_missed_ones_do_not_pile_up_and_an_answered_one_waits_no_more():
    assert rules.waiting(NOON, {1}, NOON + 3 * DAY) == 0
    assert rules.waiting(NOON, (), NOON + 8 * DAY) == 2, "the second alone; the first is not made up for"
    assert rules.waiting(NOON, {2}, NOON + 8 * DAY) == 0
    assert rules.waiting(NOON, {1, 2}, NOON + 22 * DAY) == 3
    assert rules.waiting(None, (), NOON) == 0


def test_the_next_one_is_told_until_the_third():
    assert rules.next_due(NOON, NOON) == NOON + 2 * DAY
    assert rules.next_due(NOON, NOON + 2 * DAY) == NOON + 7 * DAY
    assert rules.next_due(NOON, NOON + 21 * DAY) is None
    assert rules.next_due(None, NOON) is None


def test_the_set_opens_with_the_quiz():
    assert rules.closed(PESAN, Progress()) == rules.LESSONS_FIRST
    assert rules.closed(PESAN, Progress({lessons("pesan")[0]: None})) == rules.LESSONS_FIRST
    assert rules.closed(PESAN, Progress(dict.fromkeys(lessons("pesan")))) is None


def of(answers, goal=GOAL):
    return rules.standing([sign == "x" for sign in answers], goal)


@pytest.mark.parametrize(
    ("answers", "right", "missing", "mastered", "times"),
    [
        ("", 0, 4, False, 0),
        ("x", 1, 3, False, 0),
        ("xxx", 3, 1, False, 0),
        ("xxxx", 4, 0, True, 1),
        ("xx-xx", 4, 0, True, 1),
        ("-----", 0, 4, False, 0),
        ("-x-xx", 3, 1, False, 0),
        ("xx--x", 3, 3, False, 0),  # the first two leave the last five before the others are in
        ("x--xxxx", 4, 0, True, 1),
        ("xxxx-", 0, 4, False, 1),  # a new set has begun
        ("xxxxx", 1, 3, False, 1),
        ("xxxxxxxx", 4, 0, True, 2),
    ],
)
def test_four_of_the_last_five_right_is_mastery_and_the_next_answer_begins_a_new_set(
    answers, right, missing, mastered, times
):
    standing = of(answers)
    assert (standing.right, standing.missing, standing.mastered, standing.times) == (right, missing, mastered, times)


@given(st.lists(st.booleans(), max_size=40), st.integers(1, 10), st.integers(1, 10))
def test_what_is_missing_is_enough_and_no_answer_less_is(answers, right, of_):
    goal = Mastery(min(right, of_), of_)
    standing = rules.standing(answers, goal)
    assert len(standing.last) <= goal.of
    if standing.mastered:
        return
    before = rules.standing([*answers, *[True] * (standing.missing - 1)], goal)
    assert before.times == standing.times
    assert rules.standing([*answers, *[True] * standing.missing], goal).times == standing.times + 1


def test_answers_are_forgotten_after_24_months():
    assert not rules.forgotten(NOON, NOON + 730 * DAY)
    assert rules.forgotten(NOON, NOON + 730 * DAY + SECOND)
