"""Figures of questions: how many answer rightly, who does, how long it takes, what is chosen instead. Pure.

What counts: the first submitted attempt of each person at a quiz. A later one would count what was learned from the
first. A question that was asked and not answered is worth nothing here too, as in the score.

Formulas (as in R. L. Ebel & D. A. Frisbie, Essentials of Educational Measurement, 5th ed. 1991):

- facility: the mean of the points, 0 to 1;
- discrimination: Pearson's r between the points of the question and the mean points of the other questions of the
  same attempt (the point-biserial correlation where points are 0 or 1). The question itself is left out of the other
  side; with it, r would be too large, the more so the shorter the quiz;
- thirds: attempts ranked by their score. Equal scores stay together: a score belongs to the lower third when the
  share of attempts below it plus half of those equal to it is under 1/3, to the upper third when it is over 2/3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Literal

from app.bank.reliability import NOTHING, Reliability, ReliabilityTally

Third = Literal["lower", "middle", "upper"]
THIRDS: tuple[Third, ...] = ("lower", "middle", "upper")
LONGEST = 3_600  # seconds told apart; whoever takes longer went away meanwhile
MOST_SPELLINGS = 2_000  # of one question told apart; what is rarer counts as OTHER
OTHER = "…"


Key = tuple[str, int]  # the id of a question, and what tells its key (`answers.key_of`)


@dataclass(frozen=True, slots=True)
class Response:
    """What one attempt has about one question that it asked.

    `points` from 0 to 1; `marks` are what is counted in the table of answers (see `answers.marks`); `seconds` from
    the answer before to this one, None when there is no answer.
    """

    item: Key
    points: float
    marks: tuple[str, ...] = ()
    seconds: float | None = None


@dataclass(frozen=True, slots=True, order=True)
class Quiz:
    """A quiz of a module, or one of the two tests: `purpose` is "quiz", "pre" or "post"."""

    purpose: str
    module: str = ""


@dataclass(frozen=True, slots=True)
class Sat:
    """A first attempt: the version and quiz, the third of its score among all that count, and its responses."""

    version_id: int
    quiz: Quiz
    third: Third
    responses: Sequence[Response]


class Moments:
    """Means, squares and products of pairs of numbers, one pair at a time (Welford 1962): nothing is kept of a pair."""

    __slots__ = ("mean_x", "mean_y", "n", "xx", "xy", "yy")

    def __init__(self) -> None:
        self.n = 0
        self.mean_x = self.mean_y = self.xx = self.yy = self.xy = 0.0

    def add(self, x: float, y: float) -> None:
        """Takes in one pair."""
        self.n += 1
        dx, dy = x - self.mean_x, y - self.mean_y
        self.mean_x += dx / self.n
        self.mean_y += dy / self.n
        self.xx += dx * (x - self.mean_x)
        self.yy += dy * (y - self.mean_y)
        self.xy += dx * (y - self.mean_y)

    @property
    def correlation(self) -> float | None:
        """Pearson's r, -1 to 1; None with fewer than two pairs, or when one side never differs."""
        least = self.n * 1e-12  # what rounding leaves of no difference at all
        if self.n < 2 or self.xx <= least or self.yy <= least:
            return None
        return max(-1.0, min(1.0, self.xy / sqrt(self.xx * self.yy)))


@dataclass(frozen=True, slots=True)
class Spread:
    """Who chose what: by mark and third how many, and how many attempts there are in each third."""

    chosen: Mapping[str, Mapping[Third, int]] = field(default_factory=dict)
    people: Mapping[Third, int] = field(default_factory=dict)
    omitted: Mapping[Third, int] = field(default_factory=dict)

    def of(self, mark: str, third: Third) -> int:
        """How many in this third chose this."""
        return self.chosen.get(mark, {}).get(third, 0)

    def total(self, mark: str) -> int:
        """How many chose this."""
        return sum(self.chosen.get(mark, {}).values())


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one question. What cannot be computed is None.

    `n` attempts that asked it; `facility` 0 to 1; `discrimination` -1 to 1; `omission` the share that left it out,
    0 to 1; `seconds` the median time to the final answer.
    """

    n: int
    facility: float | None
    discrimination: float | None
    omission: float | None
    seconds: float | None
    spread: Spread


class ItemTally:
    """Counts the responses to one question; its size does not grow with the number of attempts."""

    __slots__ = ("_chosen", "_moments", "_omitted", "_people", "_points", "_seconds", "n")

    def __init__(self) -> None:
        self.n = 0
        self._points = 0.0
        self._moments = Moments()
        self._seconds: Counter[int] = Counter()
        self._people: Counter[Third] = Counter()
        self._omitted: Counter[Third] = Counter()
        self._chosen: dict[str, Counter[Third]] = {}

    def add(self, response: Response, rest: float | None, third: Third) -> None:
        """Takes in a response; `rest` is the mean points of the other questions of the attempt, None without others."""
        self.n += 1
        self._points += response.points
        if rest is not None:
            self._moments.add(response.points, rest)
        self._people[third] += 1
        if response.seconds is None:
            self._omitted[third] += 1
            return
        self._seconds[min(round(response.seconds), LONGEST)] += 1
        for mark in response.marks:
            if mark not in self._chosen:
                mark = mark if len(self._chosen) < MOST_SPELLINGS else OTHER
                self._chosen.setdefault(mark, Counter())
            self._chosen[mark][third] += 1

    @property
    def figures(self) -> Figures:
        """The figures so far."""
        n = self.n
        return Figures(
            n=n,
            facility=self._points / n if n else None,
            discrimination=self._moments.correlation,
            omission=sum(self._omitted.values()) / n if n else None,
            seconds=median(self._seconds),
            spread=Spread(self._chosen, self._people, self._omitted),
        )


def median(histogram: Mapping[int, int]) -> float | None:
    """The median of numbers given as number: how often; of an even count the middle of the two middle ones."""
    count = sum(histogram.values())
    if not count:
        return None
    reached, lower = 0, None
    for value in sorted(histogram):
        reached += histogram[value]
        if lower is None and reached > (count - 1) // 2:
            lower = value
        if lower is not None and reached > count // 2:
            return (lower + value) / 2
    raise AssertionError("a median lies among its numbers")


def thirds(scores: Mapping[float, int]) -> dict[float, Third]:
    """The third of each score, from score: how many attempts have it. Equal scores stay together."""
    count, below = sum(scores.values()), 0
    found: dict[float, Third] = {}
    for score in sorted(scores):
        # In sixths of an attempt, so that no rounding decides.
        rank = 3 * (2 * below + scores[score])
        found[score] = "lower" if rank < 2 * count else "upper" if rank > 4 * count else "middle"
        below += scores[score]
    return found


class Analysis:
    """The figures of one quiz or test: takes in attempts one by one, keeps nothing of any of them."""

    def __init__(self) -> None:
        self._items: dict[Key, ItemTally] = {}
        self._reliability = ReliabilityTally()

    def add(self, responses: Sequence[Response], third: Third) -> None:
        """Takes in the responses of one attempt; `third` is where its score lies among all."""
        for response, rest in zip(responses, rests(responses), strict=True):
            if (tally := self._items.get(response.item)) is None:
                tally = self._items[response.item] = ItemTally()
            tally.add(response, rest, third)
        self._reliability.add([(response.item, response.points) for response in responses])

    @property
    def figures(self) -> dict[Key, Figures]:
        """The figures of every question that was asked."""
        return {item: tally.figures for item, tally in self._items.items()}

    @property
    def reliability(self) -> Reliability:
        """How far the scores can be relied upon."""
        return self._reliability.reliability if self._items else NOTHING


def rests(responses: Sequence[Response]) -> list[float | None]:
    """For each question of an attempt the mean points of the others; None where there are no others."""
    others = len(responses) - 1
    if others < 1:
        return [None] * len(responses)
    total = sum(response.points for response in responses)
    return [(total - response.points) / others for response in responses]
