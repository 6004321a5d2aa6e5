"""How far a score can be relied upon: Cronbach's alpha and the standard error of measurement. Pure.

Formulas (L. J. Cronbach, Psychometrika 16, 1951; for points of 0 or 1 it is KR-20, Kuder & Richardson 1937):

    alpha = k c / (v + (k - 1) c)        SEM = sd sqrt(1 - alpha)

k: questions an attempt asks; v: mean variance of a question; c: mean covariance of two questions. When every attempt
asks the same questions this is the usual k/(k - 1) (1 - sum of the variances / variance of the sum).

Here questions are drawn, so that two people share only some of them, by plan and not by their choice. v is therefore
taken over all responses, and c over all pairs of responses within one attempt, each around the mean of its question
among all who were asked it. A question left out is worth nothing, as in the score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt

_TINY = 1e-12  # what rounding leaves of no difference at all
_MOST_DRAWS = 4_096  # draws told apart before they are counted as pairs


@dataclass(frozen=True, slots=True)
class Reliability:
    """What is known of a quiz. What cannot be computed is None.

    `n` attempts; `questions` asked in one on average; `mean` and `sd` (of a sample, n - 1) of the scores and `sem`
    in points of 100; `alpha` at most 1, below 0 when questions contradict each other.
    """

    n: int
    questions: float
    mean: float | None
    sd: float | None
    alpha: float | None
    sem: float | None


NOTHING = Reliability(0, 0, None, None, None, None)


class ReliabilityTally:
    """Takes in attempts one by one; its size grows with the questions, not with the attempts."""

    def __init__(self) -> None:
        self._n = 0
        self._percent = self._squares = 0.0  # mean of the scores, and sum of squares around it (Welford)
        self._asked: Counter[Hashable] = Counter()
        self._points: dict[Hashable, float] = {}  # sum of points by question
        self._beside: dict[Hashable, float] = {}  # sum of the totals of the attempts that asked it
        self._own_squares = 0.0
        self._total_squares = 0.0
        self._pairs = 0
        self._draws: Counter[tuple[Hashable, ...]] = Counter()
        self._together: Counter[tuple[Hashable, Hashable]] = Counter()

    def add(self, responses: Sequence[tuple[Hashable, float]]) -> None:
        """Takes in an attempt: each question it asked, with its points from 0 to 1."""
        if not responses:
            return
        total = sum(points for _, points in responses)
        asked = len(responses)
        for item, points in responses:
            self._asked[item] += 1
            self._points[item] = self._points.get(item, 0.0) + points
            self._beside[item] = self._beside.get(item, 0.0) + total
            self._own_squares += points * points
        self._total_squares += total * total
        self._pairs += asked * (asked - 1)
        self._draws[tuple(sorted((item for item, _ in responses), key=repr))] += 1
        if len(self._draws) > _MOST_DRAWS:
            self._count_pairs()
        self._n += 1
        percent = 100 * total / asked
        off = percent - self._percent
        self._percent += off / self._n
        self._squares += off * (percent - self._percent)

    def _count_pairs(self) -> None:
        for draw, times in self._draws.items():
            for place, one in enumerate(draw):
                for other in draw[place + 1 :]:
                    self._together[one, other] += times
        self._draws.clear()

    @property
    def reliability(self) -> Reliability:
        """What is known so far."""
        if not self._n:
            return NOTHING
        questions = sum(self._asked.values()) / self._n
        alpha = self._alpha(questions) if self._n > 1 else None
        sd = sqrt(self._squares / (self._n - 1)) if self._n > 1 else None
        sem = sd * sqrt(max(0.0, 1 - alpha)) if sd is not None and alpha is not None else None
        return Reliability(self._n, questions, self._percent, sd, alpha, sem)

    def _alpha(self, questions: float) -> float | None:
        if not self._pairs:
            return None
        self._count_pairs()
        means = {item: self._points[item] / asked for item, asked in self._asked.items()}
        expected = sum(asked * means[item] ** 2 for item, asked in self._asked.items())
        # Sums around the means, without a second look at the attempts: the square of (total - expected total) is
        # total² - 2 · total · expected + expected², and each of the three can be summed question by question.
        variances = self._own_squares - expected
        crossed = sum(self._beside[item] * mean for item, mean in means.items())
        squared = expected + 2 * sum(
            times * means[one] * means[other] for (one, other), times in self._together.items()
        )
        covariances = self._total_squares - 2 * crossed + squared - variances
        variance, covariance = variances / sum(self._asked.values()), covariances / self._pairs
        whole = variance + (questions - 1) * covariance
        return None if whole <= _TINY else questions * covariance / whole
