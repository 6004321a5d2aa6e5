"""Keys put right, for every kind of question: what counts as another key, and what an attempt is worth then."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bank.corrections import Correction, Counting, differing, key_of
from app.course.item import Item, Option, Part
from app.course.scoring import points
from tests.bank.cast import WRONG, quiz_with
from tests.builders_course import a_course_files
from tests.course.test_scoring import ONE_OF_EACH, tokens_of
from tests.enrollment.cast import parsed

WORTHS = st.sampled_from([None, None, Fraction(0), Fraction(1, 2), Fraction(1), Fraction(-1, 3)])


@st.composite
def another(draw: st.DrawFn, item: Item) -> Item:
    """The same question with other keys, worths, weights, or in another order."""

    def options(found: tuple[Option, ...]) -> tuple[Option, ...]:
        return tuple(replace(one, correct=draw(st.booleans()), worth=draw(WORTHS)) for one in found)

    def part(one: Part) -> Part:
        return replace(one, options=options(one.options), weight=Fraction(draw(st.integers(1, 2))))

    made = draw(st.permutations(item.options)) if item.kind == "ordering" else options(item.options)
    return replace(item, options=tuple(made), parts=tuple(part(one) for one in item.parts))


def answers(item: Item) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from([*tokens_of(item), "zzz"]), unique_by=lambda one: one.partition("=")[0], max_size=4)


@given(st.sampled_from(ONE_OF_EACH).flatmap(lambda item: st.tuples(another(item), another(item), answers(item))))
def test_of_equal_keys_no_answer_is_worth_another(found):
    one, other, answer = found
    if key_of(one) == key_of(other):
        assert points(one, answer) == points(other, answer)


@pytest.mark.parametrize("item", ONE_OF_EACH, ids=lambda one: one.kind)
def test_other_words_are_no_other_key(item: Item):
    def words(found: tuple[Option, ...]) -> tuple[Option, ...]:
        return tuple(replace(one, feedback="lain", feedback_html="lain", html="lain", line=9) for one in found)

    parts = tuple(replace(part, html="lain", options=words(part.options)) for part in item.parts)
    assert key_of(replace(item, stem="lain", options=words(item.options), parts=parts)) == key_of(item)


@given(
    st.sampled_from(ONE_OF_EACH).flatmap(lambda item: st.tuples(st.just(item), st.lists(another(item)), answers(item)))
)
def test_what_only_raises_lowers_nothing_whatever_it_is_and_however_often(found):
    item, later, answer = found
    course = _Asks(item)
    worth = [
        Counting(course, [(item.id, Correction(one, "raise")) for one in later[:n]]).percent(
            [item.id], {item.id: answer}
        )
        for n in range(len(later) + 1)
    ]
    assert worth == sorted(worth)
    twice = [(item.id, Correction(one, "raise")) for one in [*later, *later]]
    assert Counting(course, twice).percent([item.id], {item.id: answer}) == worth[-1]


@given(st.sampled_from(ONE_OF_EACH).flatmap(lambda item: st.tuples(st.just(item), another(item), answers(item))))
def test_an_exact_correction_counts_the_new_key_alone(found):
    item, new, answer = found
    counted = Counting(_Asks(item), [(item.id, Correction(new, "exact"))]).percent([item.id], {item.id: answer})
    assert counted == Counting(_Asks(new), []).percent([item.id], {item.id: answer})


class _Asks:
    """A course that asks one question."""

    def __init__(self, item: Item) -> None:
        self._item = item

    def item(self, name: str) -> Item | None:
        return self._item if name == self._item.id else None


def test_corrections_of_several_questions_count_in_any_order():
    before = parsed(a_course_files(**{"1-pesan/kuis.md": quiz_with(q1=0, q2=0, q3=0)}))
    after = parsed(a_course_files(**{"1-pesan/kuis.md": quiz_with(q1=1, q2=2, q3=0)}))
    pairs = differing(before, after)
    assert [new.id for _, new in pairs] == [WRONG, "pesan-kuis-2"]
    given_ = {WRONG: ["b"], "pesan-kuis-2": ["c"], "pesan-kuis-3": ["a"]}
    for modes in (("raise", "raise"), ("raise", "exact"), ("exact", "exact")):
        made = [(new.id, Correction(new, mode)) for (_, new), mode in zip(pairs, modes, strict=True)]
        found = {Counting(before, order).percent(given_, given_) for order in (made, made[::-1])}
        assert found == {100.0}
    for one in combinations(pairs, 1):
        made = [(new.id, Correction(new, "exact")) for _, new in one]
        assert Counting(before, made).percent(given_, given_) == 66.7


def test_an_option_that_is_gone_is_worth_nothing():
    course = parsed()
    item = course.item(WRONG)
    less = replace(item, options=item.options[1:])
    counted = Counting(course, [(WRONG, Correction(less, "exact"))])
    assert counted.percent([WRONG], {WRONG: [item.options[0].id]}) == 0.0
    assert counted.percent([WRONG, "tidak-ada"], {}) == 0.0


def test_a_question_of_another_kind_is_not_offered():
    files = a_course_files()
    several = files["1-pesan/kuis.md"].replace("- [ ] Menutup layar", "- [x] Menutup layar", 1)
    assert differing(parsed(files), parsed({**files, "1-pesan/kuis.md": several})) == []
