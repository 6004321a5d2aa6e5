"""The figures of questions: equal to plain computations written here a second time."""

from __future__ import annotations

import csv
from itertools import combinations
from random import Random
from statistics import correlation, fmean, median, pstdev, pvariance, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bank import analysis
from app.bank.analysis import LONGEST, THIRDS, Analysis, Figures, ItemTally, Response, Spread, rests, thirds
from app.bank.reliability import NOTHING, ReliabilityTally
from tests.house.tree import ROOT

CLOSE = 1e-9
Matrix = list[dict[str, float]]  # by attempt: the points of each question it asked


def fed(matrix: Matrix) -> Analysis:
    """The matrix through the analysis, question by question as they were asked."""
    found = Analysis()
    for row in matrix:
        found.add([Response((item, 0), points, ("a",), 10.0) for item, points in row.items()], "middle")
    return found


# The second implementation: whole lists, no running sums, the formulas as the textbook prints them.


def plain_facility(matrix: Matrix, item: str) -> float:
    return fmean(row[item] for row in matrix if item in row)


def plain_discrimination(matrix: Matrix, item: str) -> float | None:
    """Pearson's r of the points with the sum of the other questions over their number."""
    own = [row[item] for row in matrix if item in row and len(row) > 1]
    rest = [
        sum(points for other, points in row.items() if other != item) / (len(row) - 1)
        for row in matrix
        if item in row and len(row) > 1
    ]
    if len(own) < 2 or pstdev(own) < 1e-7 or pstdev(rest) < 1e-7:
        return None
    return correlation(own, rest)


def plain_alpha(matrix: Matrix) -> float | None:
    """k/(k-1) · (1 - sum of variances / variance of sums); every attempt asks the same questions."""
    items = list(matrix[0])
    whole = pvariance([sum(row.values()) for row in matrix])
    if len(items) < 2 or whole < 1e-9:
        return None
    return len(items) / (len(items) - 1) * (1 - sum(pvariance([row[i] for row in matrix]) for i in items) / whole)


def plain_alpha_of_draws(matrix: Matrix) -> float | None:
    """The stated estimator, pair by pair: k c / (v + (k - 1) c)."""
    means = {item: plain_facility(matrix, item) for row in matrix for item in row}
    off = [{item: points - means[item] for item, points in row.items()} for row in matrix]
    variances = [one**2 for row in off for one in row.values()]
    products = [one * other for row in off for one, other in combinations(row.values(), 2)]
    if not products:
        return None
    k, v, c = fmean(len(row) for row in matrix), fmean(variances), fmean(products)
    return None if v + (k - 1) * c <= 1e-12 else k * c / (v + (k - 1) * c)


def same(one: float | None, other: float | None, within: float = CLOSE) -> bool:
    return (one is None and other is None) or (one is not None and other is not None and abs(one - other) < within)


def a_matrix(seed: int, people: int, items: int, draw: int) -> Matrix:
    """People of some ability answer questions of some difficulty, with thirds of points here and there."""
    chance = Random(seed)
    hard = [chance.random() for _ in range(items)]
    matrix = []
    for _ in range(people):
        ability = chance.gauss(0.5, 0.25)
        asked = chance.sample(range(items), draw)
        matrix.append(
            {
                f"i{n}": 1 / 3 if chance.random() < 0.1 else float(chance.gauss(ability, 0.3) > 0.8 * hard[n])
                for n in asked
            }
        )
    return matrix


@pytest.mark.parametrize("seed", range(12))
def test_every_figure_equals_a_plain_computation(seed: int) -> None:
    matrix = a_matrix(seed, people=40 + 30 * seed, items=12, draw=12 if seed % 2 else 5)
    found = fed(matrix)
    for (item, _), figures in found.figures.items():
        assert figures.n == sum(item in row for row in matrix)
        assert same(figures.facility, plain_facility(matrix, item))
        assert same(figures.discrimination, plain_discrimination(matrix, item))
    reliability = found.reliability
    scores = [100 * fmean(row.values()) for row in matrix]
    assert (reliability.n, reliability.questions) == (len(matrix), len(matrix[0]))
    assert same(reliability.mean, fmean(scores)) and same(reliability.sd, stdev(scores))
    expected = plain_alpha_of_draws(matrix)
    assert same(reliability.alpha, expected)
    if seed % 2:
        assert same(expected, plain_alpha(matrix)), "with the same questions for all it is the alpha of the textbook"
    assert expected is not None and reliability.sd is not None
    assert same(reliability.sem, stdev(scores) * (1 - expected) ** 0.5)


@given(st.lists(st.lists(st.sampled_from([0.0, 1.0, 0.5, 1 / 3]), min_size=3, max_size=3), max_size=12))
def test_small_and_odd_matrices_never_fail(rows: list[list[float]]) -> None:
    matrix = [dict(zip("abc", row, strict=True)) for row in rows]
    found = fed(matrix)
    for (item, _), figures in found.figures.items():
        assert same(figures.discrimination, plain_discrimination(matrix, item), 1e-6)
    assert same(found.reliability.alpha, plain_alpha(matrix) if len(matrix) > 1 else None, 1e-6)


def test_draws_of_very_many_kinds_are_counted_as_pairs_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.bank.reliability._MOST_DRAWS", 3)
    matrix = a_matrix(99, people=200, items=10, draw=4)
    assert same(fed(matrix).reliability.alpha, plain_alpha_of_draws(matrix))


def test_what_cannot_be_computed_is_none() -> None:
    assert Analysis().reliability == NOTHING
    assert ItemTally().figures == Figures(0, None, None, None, None, Spread())
    one = fed([{"a": 1.0, "b": 0.0}])
    assert one.figures["a", 0].discrimination is None
    assert (one.reliability.n, one.reliability.sd, one.reliability.alpha, one.reliability.sem) == (1, None, None, None)
    alike = fed([{"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}] * 500)  # thirds leave rounding behind, and no variance
    assert {figures.discrimination for figures in alike.figures.values()} == {None}
    assert (alike.reliability.alpha, alike.reliability.sem) == (None, None)
    lone = fed([{"a": 1.0}, {"a": 0.0}])
    assert lone.figures["a", 0].discrimination is None and lone.reliability.alpha is None
    tally = ReliabilityTally()
    tally.add([])
    assert tally.reliability == NOTHING


def test_without_itself_a_question_of_pure_chance_tells_nothing() -> None:
    chance = Random(7)
    matrix = [{name: float(chance.random() < 0.5) for name in "abcd"} for _ in range(4_000)]
    found = fed(matrix).figures["a", 0].discrimination
    whole = correlation([row["a"] for row in matrix], [sum(row.values()) for row in matrix])
    assert found is not None and abs(found) < 0.05
    assert whole > 0.4, "with itself it would look good"


# Moodle's own attempts, as its tests have them.

_TRUTH = ROOT.parent / "shared/fixtures/moodle-quiz-truth/results00.csv"


def the_truth() -> Matrix:
    if not _TRUTH.exists():
        pytest.skip(f"needs the shared fixtures: {_TRUTH} is missing")
    with _TRUTH.open(encoding="utf-8", newline="") as file:
        return [{f"{n}": float(row[f"slots.{n}.mark"]) for n in range(1, 8)} for row in csv.DictReader(file)]


def test_the_marks_of_moodle_give_these_figures() -> None:
    matrix = the_truth()
    found = fed(matrix)
    # Facility: the ten marks of a slot, added by hand from the file, divided by ten.
    sums = {"1": 4.4, "2": 7, "3": 8.6666666, "4": 7, "5": 5.5, "6": 7, "7": 5.5}
    for slot, total in sums.items():
        assert same(found.figures[slot, 0].facility, total / 10, 1e-6)
    for slot in sums:
        own, rest = [row[slot] for row in matrix], [sum(row.values()) - row[slot] for row in matrix]
        # r = (n Σxy - Σx Σy) / √((n Σx² - (Σx)²)(n Σy² - (Σy)²))
        n, sx, sy = len(own), sum(own), sum(rest)
        over = n * sum(x * y for x, y in zip(own, rest, strict=True)) - sx * sy
        under = (n * sum(x * x for x in own) - sx**2) * (n * sum(y * y for y in rest) - sy**2)
        assert same(found.figures[slot, 0].discrimination, over / under**0.5)
    # alpha = 7/6 (1 - Σ s²ᵢ / s²), SEM = s √(1 - alpha), both with n - 1, the sums being the column `summarks`.
    sums_of_marks = [5.3, 4, 3, 5.33333, 6.5, 5.5, 1.5, 5.3, 2.83333, 5.8]
    variance = stdev(sums_of_marks) ** 2
    parts = sum(stdev([row[slot] for row in matrix]) ** 2 for slot in sums)
    alpha = 7 / 6 * (1 - parts / variance)
    reliability = found.reliability
    assert same(reliability.alpha, alpha, 1e-5)
    assert same(reliability.sem, 100 / 7 * variance**0.5 * (1 - alpha) ** 0.5, 1e-4)


# Thirds, time, what is left out.


def test_equal_scores_stay_in_one_third() -> None:
    assert thirds({0: 3, 50: 3, 100: 3}) == {0: "lower", 50: "middle", 100: "upper"}
    assert thirds({80: 10}) == {80: "middle"}
    assert thirds({40: 1, 80: 8, 90: 1}) == {40: "lower", 80: "middle", 90: "upper"}
    assert thirds({}) == {}


@given(st.dictionaries(st.integers(0, 100), st.integers(1, 40), min_size=1))
def test_a_score_lies_where_the_middle_of_its_attempts_lies(
    scores: dict[float, int],
) -> None:
    found = thirds(scores)
    order = [THIRDS.index(found[score]) for score in sorted(scores)]
    assert order == sorted(order)
    ranked = sorted(score for score, count in scores.items() for _ in range(count))
    for score in scores:
        middle = (ranked.index(score) + len(ranked) - ranked[::-1].index(score)) / 2 / len(ranked)
        assert found[score] == ("lower" if middle < 1 / 3 - 1e-12 else "upper" if middle > 2 / 3 + 1e-12 else "middle")


@given(st.lists(st.floats(0, 2 * LONGEST), min_size=1, max_size=30))
def test_the_median_time_is_the_median(seconds: list[float]) -> None:
    tally = ItemTally()
    for one in seconds:
        tally.add(Response(("a", 0), 1.0, (), one), None, "upper")
    assert tally.figures.seconds == median(min(round(one), LONGEST) for one in seconds)


def test_who_left_it_out_counts_below_and_not_in_the_time() -> None:
    tally = ItemTally()
    for n in range(8):
        tally.add(Response(("a", 0), 1.0, ("a",), 30.0), 0.5, "upper")
        if n % 2:
            tally.add(Response(("a", 0), 0.0), 0.5, "lower")
    figures = tally.figures
    assert (figures.n, figures.facility, figures.omission, figures.seconds) == (12, 8 / 12, 4 / 12, 30)
    assert figures.spread.omitted == {"lower": 4}


def test_the_memory_of_written_answers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "MOST_SPELLINGS", 5)
    tally = ItemTally()
    for n in range(40):
        tally.add(Response(("a", 0), 0.0, (f"kata {n}",), 1.0), None, "middle")
    tally.add(Response(("a", 0), 0.0, ("kata 1",), 1.0), None, "middle")
    spread = tally.figures.spread
    assert len(spread.chosen) == 6 and spread.total("kata 1") == 2 and spread.total(analysis.OTHER) == 35


def test_the_rest_is_the_mean_of_the_others() -> None:
    assert rests([Response(("a", 0), 1.0), Response(("b", 0), 0.0), Response(("c", 0), 0.5)]) == [0.25, 0.75, 0.5]
    assert rests([Response(("a", 0), 1.0)]) == [None]
    assert rests([]) == []
