"""What the agency counts, and which of it may be said: figures, learning gain, and numbers on too few people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import floor as whole
from typing import Literal, TypeVar

State = Literal["shown", "small", "hidden"]
Number = TypeVar("Number", int, float)

SMALL = 5  # counts of 1 to 4 are not published
FEW = 10  # rates, means and medians of fewer are not published
MARKS: Mapping[State, str] = {"shown": "", "small": "<5", "hidden": "•••"}


@dataclass(frozen=True, slots=True)
class Cell:
    """What is published of one count: the number, or the kind of silence about it."""

    value: int | None
    state: State = "shown"

    @property
    def mark(self) -> str:
        """What stands in place of the number; empty when it is shown."""
        return MARKS[self.state]

    @property
    def status(self) -> Literal["A", "S"]:
        """`status_nilai` of a data file: "A" ada, "S" disembunyikan."""
        return "A" if self.state == "shown" else "S"


def hide_rate(numerator: int | Cell, base: int | Cell, floor: int = FEW, small: int = SMALL) -> int | None:
    """The share in whole percent; None on a base under ten, and where it would give a hidden count away.

    A percentage beside its base is its numerator in other words, so a hidden cell on either side hides the rate, and a
    plain number of 1 to 4 above counts as hidden. The rest of the base (97 of 100: three are missing) is not guarded.
    """
    above, below = (part.value if isinstance(part, Cell) else part for part in (numerator, base))
    if above is None or below is None or below < floor or 0 < above < small:
        return None
    return (200 * above + below) // (2 * below)


def hide_value(value: Number | None, base: int | Cell, floor: int = FEW) -> Number | None:
    """A mean, median or gain, only when at least ten people stand behind it."""
    people = base.value if isinstance(base, Cell) else base
    return None if people is None or people < floor else value


@dataclass(frozen=True, slots=True)
class Gain:
    """Learning gain of the people with both scores: median in points, mean share of what could still be learned."""

    pairs: int
    raw_median: float
    norm_pairs: int  # pairs with room to grow: their pre-test was below 100
    norm_mean: float | None

    @property
    def full(self) -> int:
        """Pairs whose pre-test was already 100; they have a raw gain and no normalised one."""
        return self.pairs - self.norm_pairs


def raw_gain(pre: float, post: float) -> int:
    """Points won or lost between the tests, in whole points, half a point upwards."""
    _check(pre, post)
    return whole(post - pre + 0.5)


def normalised_gain(pre: float, post: float) -> float | None:
    """g = (post - pre) / (100 - pre); may be negative; undefined after a pre-test of 100."""
    _check(pre, post)
    return None if pre == 100 else (post - pre) / (100 - pre)


def _check(pre: float, post: float) -> None:
    if not (0 <= pre <= 100 and 0 <= post <= 100):
        raise ValueError(f"scores lie between 0 and 100, not {pre} and {post}")


@dataclass(frozen=True, slots=True)
class GainTotals:
    """What is kept of all pairs so that totals grow by adding: pairs per raw gain, sum and number of g."""

    histogram: Mapping[int, int] = field(default_factory=dict)
    sum_g: float = 0.0
    n_g: int = 0

    def __add__(self, other: GainTotals) -> GainTotals:
        points = sorted({*self.histogram, *other.histogram})
        histogram = {point: self.histogram.get(point, 0) + other.histogram.get(point, 0) for point in points}
        return GainTotals(histogram, self.sum_g + other.sum_g, self.n_g + other.n_g)

    @classmethod
    def of(cls, pairs: Iterable[tuple[float, float]]) -> GainTotals:
        """Totals of (pre, post) pairs."""
        histogram: dict[int, int] = {}
        sum_g, n_g = 0.0, 0
        for pre, post in pairs:
            point = raw_gain(pre, post)
            histogram[point] = histogram.get(point, 0) + 1
            if (g := normalised_gain(pre, post)) is not None:
                sum_g, n_g = sum_g + g, n_g + 1
        return cls(dict(sorted(histogram.items())), sum_g, n_g)

    @property
    def gain(self) -> Gain | None:
        """The gain, when it may be said."""
        return gain(self.histogram, self.sum_g, self.n_g)


def read_histogram(stored: Mapping[str, int]) -> dict[int, int]:
    """A histogram as JSON keeps it, whose keys are texts."""
    return {int(point): count for point, count in stored.items()}


def median_gain(histogram: Mapping[int, int]) -> float | None:
    """The median raw gain in points; of an even number of pairs the middle of the two middle ones."""
    pairs = sum(histogram.values())
    if pairs == 0:
        return None
    lower = upper = None
    reached = 0
    for point, count in sorted(histogram.items()):
        reached += count
        if lower is None and reached > (pairs - 1) // 2:
            lower = point
        if reached > pairs // 2:
            upper = point
            break
    assert lower is not None and upper is not None
    return (lower + upper) / 2


def mean_normalised(sum_g: float, n: int) -> float | None:
    """The mean of g over the n pairs that have one."""
    return sum_g / n if n else None


def gain(histogram: Mapping[int, int], sum_g: float, n_g: int, floor: int = FEW) -> Gain | None:
    """The gain of at least ten pairs, else nothing; the mean g needs ten pairs with room to grow as well."""
    pairs = sum(histogram.values())
    median = hide_value(median_gain(histogram), pairs, floor)
    if median is None:
        return None
    return Gain(pairs, median, n_g, hide_value(mean_normalised(sum_g, n_g), n_g, floor))


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one cell of the report, for one period and scope, before suppression."""

    registered: int = 0  # accounts made, not deleted
    active: int = 0  # people with at least one lesson or quiz act
    enrolled: int = 0  # enrolments
    learners: int = 0  # different people who enrolled
    completed: int = 0  # enrolments completed
    tested: int = 0  # post-tests taken
    passed: int = 0  # post-tests passed
    jp: int = 0  # lesson hours of completed modules
    certificates: int = 0  # certificates issued
    gains: GainTotals = field(default_factory=GainTotals)
    cohort: int = 0  # enrolments at least 60 days old ...
    cohort_completed: int = 0  # ... and how many of them were completed

    @property
    def completion_rate(self) -> int | None:
        """Completed of enrolled, in percent, among enrolments old enough to be finished."""
        return hide_rate(self.cohort_completed, self.cohort)

    @property
    def pass_rate(self) -> int | None:
        """Passed of those who took the post-test, in percent."""
        return hide_rate(self.passed, self.tested)

    @property
    def jp_per_learner(self) -> float | None:
        """Lesson hours per learner."""
        return hide_value(self.jp / self.learners if self.learners else None, self.learners)

    @property
    def gain(self) -> Gain | None:
        """Learning gain, from ten pairs on."""
        return self.gains.gain

    @property
    def pretest_skipped(self) -> int | None:
        """Share of those who took the post-test and had skipped the pre-test, in percent."""
        return hide_rate(max(self.tested - sum(self.gains.histogram.values()), 0), self.tested)
