"""Which questions are asked: repeatable, fair, and never from both forms."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.course.shapes import Cell
from app.quiz.draw import draw, forms, other
from tests.enrollment.cast import parsed

COURSE = parsed()
QUIZ = {item.id for item in COURSE.module("pesan").items}
seeds = st.integers(0, 2**31 - 1)


def ids(drawn):
    return [item for item, _ in drawn]


@given(seeds)
def test_the_same_seed_draws_the_same(seed):
    for purpose, module in (("quiz", "pesan"), ("pre", ""), ("post", "")):
        assert draw(COURSE, purpose, module, "A", seed, []) == draw(COURSE, purpose, module, "A", seed, [])


def test_different_seeds_draw_differently():
    assert len({str(draw(COURSE, "quiz", "pesan", "A", seed, [])) for seed in range(30)}) > 5


@given(seeds)
def test_every_question_is_drawn_once_with_all_its_options(seed):
    for purpose, module in (("quiz", "pesan"), ("pre", ""), ("post", "")):
        drawn = draw(COURSE, purpose, module, "A", seed, [])
        assert len(set(ids(drawn))) == len(drawn)
        for item, options in drawn:
            assert sorted(options) == sorted(option.id for option in COURSE.item(item).options)


def test_the_forms_are_equal_by_the_blueprint_and_share_no_question():
    made = forms(COURSE)
    assert [item.id for item in made["A"]] == ["pesan-tes-1", "pesan-tes-2", "pintu-tes-1", "pintu-tes-2"]
    assert [item.id for item in made["B"]] == ["pesan-tes-3", "pesan-tes-4", "pintu-tes-3", "pintu-tes-4"]


def test_overlapping_cells_still_share_no_question():
    cells = (Cell("pesan", frozenset({"terapkan"}), 1), Cell("pesan", frozenset({"terapkan", "pahami"}), 1))
    made = forms(replace(COURSE, cells=cells))
    together = [item.id for form in made.values() for item in form]
    assert len(together) == len(set(together)) == 4


@given(seeds, st.sampled_from("AB"))
def test_the_post_test_begins_with_the_form_the_pre_test_was_not(seed, form):
    pre, post = (set(ids(draw(COURSE, purpose, "", form, seed, []))) for purpose in ("pre", "post"))
    assert pre == {item.id for item in forms(COURSE)[form]}
    assert post == {item.id for item in forms(COURSE)[other(form)]}


@given(seeds, st.sampled_from("AB"))
def test_later_post_tests_follow_the_blueprint_avoid_the_pre_test_and_ask_unseen_questions_first(seed, form):
    pre = {item.id for item in forms(COURSE)[form]}
    past = [ids(draw(COURSE, "post", "", form, seed, []))]
    second = ids(draw(COURSE, "post", "", form, seed + 1, past))
    assert not set(second) & (pre | set(past[0])), "there are unseen questions left"
    third = ids(draw(COURSE, "post", "", form, seed + 2, [*past, second]))
    for drawn in (second, third):
        assert not set(drawn) & pre
        assert Counter(COURSE.item(item).module for item in drawn) == {"pesan": 2, "pintu": 2}


@given(seeds)
def test_a_repeated_quiz_asks_what_was_not_asked_before_while_it_can(seed):
    first = ids(draw(COURSE, "quiz", "pesan", "A", seed, []))
    second = ids(draw(COURSE, "quiz", "pesan", "A", seed + 1, [first]))
    assert set(first) | set(second) == QUIZ and len(second) == 2
    third = ids(draw(COURSE, "quiz", "pesan", "A", seed + 2, [first, second]))
    assert len(third) == 2 and set(third) <= QUIZ


@given(seeds, st.lists(st.sampled_from(["ingat", "terapkan"]), min_size=10, max_size=12))
def test_at_most_two_of_five_only_ask_to_remember_while_it_can(seed, blooms):
    part = COURSE.module("pesan")
    items = tuple(replace(part.items[0], id=f"s{n}", bloom=bloom) for n, bloom in enumerate(blooms))
    course = replace(COURSE, quiz_take=5, modules=(replace(part, items=items),))
    drawn = ids(draw(course, "quiz", "pesan", "A", seed, []))
    recall = sum(course.item(item).bloom == "ingat" for item in drawn)
    others = blooms.count("terapkan")
    assert len(drawn) == 5
    assert recall <= max(2, 5 - others)


@given(seeds)
def test_options_keep_their_order_where_the_order_means_something(seed):
    part = COURSE.module("pesan")
    fixed = replace(COURSE, modules=(replace(part, items=tuple(replace(i, shuffle=False) for i in part.items)),))
    assert all(options == ["a", "b", "c"] for _, options in draw(fixed, "quiz", "pesan", "A", seed, []))


def test_the_place_of_the_right_option_tells_nothing():
    places = Counter()
    for seed in range(600):
        for item, options in draw(COURSE, "post", "", "A", seed, []):
            places[options.index(next(iter(COURSE.item(item).keys)))] += 1
    # 2,400 draws over three places: 800 each, and six standard deviations are 140.
    assert all(660 < places[place] < 940 for place in range(3)), places


def test_a_bank_that_is_too_small_gives_what_it_has():
    small = replace(COURSE, quiz_take=9, bank=COURSE.bank[:3])
    assert len(draw(small, "quiz", "pesan", "A", 1, [])) == 4
    assert len(draw(small, "post", "", "A", 1, [["pesan-tes-3"]])) == 1


def _varied(**more):
    """A quiz of 12 questions: three objectives, two levels each; two questions of each sort."""
    part = COURSE.module("pesan")
    sorts = [(goal, bloom) for goal in (1, 2, 3) for bloom in ("pahami", "terapkan") for _ in range(2)]
    items = tuple(
        replace(part.items[0], id=f"s{n}", objective=goal, bloom=bloom) for n, (goal, bloom) in enumerate(sorts)
    )
    return replace(COURSE, modules=(replace(part, items=items),), **more)


@given(seeds)
def test_a_quiz_follows_its_blueprint_and_fills_up_with_the_rest(seed):
    cells = (
        Cell("", frozenset({"terapkan"}), 1, objectives=frozenset({1})),
        Cell("", frozenset(), 2, objectives=frozenset({3})),
    )
    course = _varied(quiz_take=4, quiz_cells=cells)
    past = []
    for attempt in range(4):
        drawn = ids(draw(course, "quiz", "pesan", "A", seed + attempt, past))
        assert len(set(drawn)) == 4
        asked = [course.item(item) for item in drawn]
        assert sum(item.objective == 3 for item in asked) >= 2
        assert sum(item.objective == 1 and item.bloom == "terapkan" for item in asked) >= 1
        if attempt == 1:
            # There were two of each sort: the second attempt repeats nothing that it can avoid.
            assert not set(drawn) & set(past[0])
        past.append(drawn)


@given(seeds)
def test_cells_of_the_tests_may_ask_for_objectives(seed):
    bank = tuple(replace(item, objective=1 + n % 2) for n, item in enumerate(COURSE.bank))
    cells = (Cell("pesan", frozenset({"terapkan"}), 1, objectives=frozenset({2})),)
    course = replace(COURSE, bank=bank, cells=cells)
    for purpose in ("pre", "post"):
        assert [course.item(item).objective for item in ids(draw(course, purpose, "", "A", seed, []))] == [2]


@given(seeds, st.sampled_from(["draf", "ditinjau", "pensiun"]))
def test_only_published_questions_are_drawn(seed, status):
    part = COURSE.module("pesan")
    resting = tuple(replace(item, status=status) for item in part.items[:2])
    bank = tuple(replace(item, status=status) if item.id.endswith("-1") else item for item in COURSE.bank)
    course = replace(COURSE, bank=bank, modules=(replace(part, items=(*resting, *part.items[2:])), *COURSE.modules[1:]))
    drawn = [ids(draw(course, "quiz", "pesan", "A", seed, []))]
    drawn += [ids(draw(course, purpose, "", form, seed, [])) for purpose in ("pre", "post") for form in "AB"]
    drawn.append(ids(draw(course, "post", "", "A", seed, [drawn[3]])))
    assert all(course.item(item).status == "terbit" for attempt in drawn for item in attempt)
    assert [len(attempt) for attempt in drawn] == [2, 4, 4, 4, 4, 4]
