"""Moodle's own quizzes, answered again here: the marks are the same to five decimals."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.exchange import moodle_quiz as moodle

QUIZZES = moodle.names("steps*.csv")
HISTORIES = moodle.names("responses/steps*.csv")


def test_there_are_tables_to_compare_with() -> None:
    if not moodle.names("*.csv"):
        pytest.skip("the shared fixtures are not here")
    assert QUIZZES and HISTORIES


def tried_again(steps: list[moodle.Row], slot: str) -> bool:
    """Whether an answer came after others: Moodle then takes something away, and we have no such tries."""
    return sum(step.get(f"responses.{slot}.-submit") == "1" for step in steps) > 1


@pytest.mark.parametrize("name", QUIZZES)
def test_every_slot_and_every_sum_of_a_quiz_is_marked_as_moodle_marks_it(name: str) -> None:
    number = name.removeprefix("steps").removesuffix(".csv")
    slots, steps = moodle.slots(f"questions{number}.csv"), moodle.rows(name)
    results = moodle.rows(f"results{number}.csv")
    assert {row["quizattempt"] for row in steps} == {row["quizattempt"] for row in results}
    compared = 0
    for result in results:
        mine = [step for step in steps if step["quizattempt"] == result["quizattempt"]]
        marks: list[Fraction] = []
        for slot, kind in slots.items():
            item = moodle.item_of(kind, slot, mine[-1])
            marks.append(moodle.mark(item, moodle.given(item, slot, mine[-1])))
            if not tried_again(mine, slot):
                assert float(marks[-1]) == pytest.approx(float(result[f"slots.{slot}.mark"]), abs=5e-6), (result, slot)
                compared += 1
        if not any(tried_again(mine, slot) for slot in slots):
            assert float(sum(marks)) == pytest.approx(float(result["summarks"]), abs=5e-6)
    assert compared


@pytest.mark.parametrize("name", HISTORIES)
def test_first_answers_of_an_interactive_quiz_are_marked_alike_and_later_ones_never_lower(name: str) -> None:
    number = name.removeprefix("responses/steps").removesuffix(".csv")
    slots = moodle.slots(f"responses/questions{number}.csv")
    steps = moodle.rows(name)
    compared = 0
    for row in moodle.rows(f"responses/responses{number}.csv"):
        mine = [step for step in steps if step["quizattempt"] == row["quizattempt"]]
        for slot, kind in slots.items():
            if not (fraction := row.get(f"slot.{slot}.fraction")):
                continue
            item = moodle.item_of(kind, slot, mine[-1])
            ours = moodle.mark(item, moodle.told(item, row[f"slot.{slot}.responsesummary"]))
            if tried_again(mine, slot) and float(ours) > float(fraction):
                continue
            assert float(ours) == pytest.approx(float(fraction), abs=5e-6), (row, slot)
            compared += 1
    assert compared
