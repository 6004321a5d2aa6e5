"""Which questions are practised: spaced, mixed, the wrong ones sooner, and the same for the same seed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.course.item import KINDS
from app.course.shapes import Terms
from app.enrollment.rules import Progress
from app.practice import picking
from tests.builders import NOON
from tests.enrollment.cast import lessons, parsed, whole
from tests.quiz.kinds import a_course_of_all_kinds

COURSE = parsed()
PESAN, PINTU = COURSE.modules
OWN, OTHERS = picking.pool(PINTU), picking.pool(PESAN)
HOUR = timedelta(hours=1)


def ids(items):
    return [item.id for item in items]


def test_the_pool_is_the_quiz_and_the_questions_of_lessons_not_of_the_task_or_the_tests():
    assert ids(OTHERS) == ["pesan-materi-1", "pesan-kuis-1", "pesan-kuis-2", "pesan-kuis-3", "pesan-kuis-4"]


def test_only_published_questions_are_practised():
    resting = replace(PESAN, items=(replace(PESAN.items[0], status="pensiun"), replace(PESAN.items[1], status="draf")))
    assert ids(picking.pool(resting)) == ["pesan-materi-1"]


@pytest.mark.parametrize(
    ("review", "done", "quiz"),
    [("langsung", (), True), ("setelah-lulus", (), False), ("setelah-lulus", ("kuis:pesan",), True),
     ("tidak", ("kuis:pesan",), False)],
)  # fmt: skip
def test_a_quiz_that_tells_no_answers_is_not_told_by_practising_either(review, done, quiz):
    course = replace(COURSE, quiz_terms=Terms(None, review))
    own, _ = picking.pools(course, PESAN, Progress(dict.fromkeys([*lessons("pesan"), *done])))
    assert ("pesan-kuis-1" in ids(own)) is quiz
    assert "pesan-materi-1" in ids(own)


def test_earlier_modules_give_questions_once_they_are_complete():
    assert picking.pools(COURSE, PINTU, Progress(dict.fromkeys(lessons("pesan"))))[1] == ()
    assert picking.pools(COURSE, PINTU, Progress(dict.fromkeys(whole("pesan"), 80.0)))[1] == OTHERS
    assert picking.pools(COURSE, PESAN, Progress(dict.fromkeys(whole("pesan", "pintu"), 80.0)))[1] == ()


def test_three_questions_one_of_them_from_an_earlier_module():
    drawn = picking.recalled(OWN, OTHERS, {}, "1 pintu 1")
    assert len(set(ids(drawn))) == 3
    assert Counter(item.module for item in drawn) == {"pintu": 2, "pesan": 1}
    assert Counter(item.module for item in picking.recalled(OWN, (), {}, "1 pintu 1")) == {"pintu": 3}


def test_a_module_with_too_few_questions_takes_what_there_is():
    assert len(picking.recalled(OWN[:1], OTHERS, {}, "s")) == 3
    assert len(picking.recalled(OWN[:2], (), {}, "s")) == 2
    assert picking.recalled((), (), {}, "s") == []


def test_what_was_seen_longest_ago_comes_first():
    seen = {item.id: NOON + n * HOUR for n, item in enumerate(OWN)}
    assert set(ids(picking.recalled(OWN, (), seen, "s"))) == set(ids(OWN[:3]))
    del seen[OWN[4].id]
    assert OWN[4].id in ids(picking.recalled(OWN, (), seen, "s")), "never seen is longest ago"


def test_the_same_seed_draws_the_same_and_another_person_something_else():
    def drawn(number):
        seed = picking.seed(number, "pintu", 1)
        return picking.laid_out(picking.recalled(OWN, OTHERS, {}, seed), seed)

    assert drawn(1) == drawn(1)
    assert len({str(drawn(number)) for number in range(20)}) > 10


def test_the_order_of_options_in_one_question_depends_on_no_other():
    alone, among = picking.laid_out(OWN[2:3], "s"), picking.laid_out(OWN, "s")
    assert alone[0] == among[2]


def play(items, verdicts, seed="1 pesan 0"):
    """The questions in the order a set asks them when they are answered so."""
    asked = []
    for right in verdicts:
        item = picking.following(items, asked, seed)
        asked.append((item.id, right))
    return asked


def test_no_question_comes_again_before_all_others_came():
    asked = ids_of(play(OTHERS, [True] * 15))
    for start in (0, 5, 10):
        assert sorted(asked[start : start + 5]) == sorted(ids(OTHERS))


def ids_of(asked):
    return [item for item, _ in asked]


def test_the_next_round_begins_with_the_wrong_ones():
    first = play(OTHERS, [True, False, True, False, True])
    wrong = [item for item, right in first if not right]
    second = play_on(OTHERS, first, 5)
    # The fourth was asked two questions ago, so it waits for one other; it still comes before all that were right.
    assert second[:2] == wrong
    assert sorted(second) == sorted(ids(OTHERS))


def play_on(items, asked, times):
    asked = list(asked)
    for _ in range(times):
        asked.append((picking.following(items, asked, "1 pesan 0").id, True))
    return ids_of(asked[-times:])


@given(st.lists(st.booleans(), max_size=40), st.integers(1, 5))
def test_between_a_question_and_itself_lie_two_others_where_there_are(verdicts, size):
    asked = ids_of(play(OTHERS[:size], verdicts))
    apart = min(picking.APART, size - 1)
    for place, item in enumerate(asked):
        assert item not in asked[max(0, place - apart) : place]
    counts = Counter(asked)
    assert max(counts.values(), default=0) - min((counts[item.id] for item in OTHERS[:size]), default=0) <= 1


def test_a_question_answered_in_two_tabs_is_asked_once_less():
    first = picking.following(OTHERS, [], "s").id
    asked = [(first, True), (first, True)]
    for _ in range(8):
        asked.append((picking.following(OTHERS, asked, "s").id, True))
    assert ids_of(asked[2:]).count(first) == 0
    assert set(Counter(ids_of(asked)).values()) == {2}


def test_without_questions_nothing_follows():
    assert picking.following((), [], "s") is None
    assert picking.following((), [("gone", True)], "s") is None
    assert picking.following(OTHERS[:1], [(OTHERS[0].id, False)], "s") == OTHERS[0], "the only one comes again"


def test_every_kind_is_laid_out_with_all_its_options():
    course = parsed(a_course_of_all_kinds())
    items = picking.pool(course.modules[0])
    assert {item.kind for item in items} == set(KINDS)
    for item_id, order in picking.laid_out(items, "s"):
        assert sorted(order) == sorted({option.id for option in course.item(item_id).every_option})
