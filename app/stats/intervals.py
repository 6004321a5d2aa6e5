"""How sure a mean is: a confidence interval from a histogram, so that totals still grow by adding. Pure.

    mean ± t(0.975, n - 1) · s / √n        s² = Σ (x - mean)² / (n - 1)

(Student 1908; any textbook.) It covers the true mean of nineteen samples in twenty when the mean of the sample is
about normal, which means of ten and more gains are: the tests try a thousand cohorts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor, sqrt
from statistics import NormalDist

from app.stats.rules import FEW

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and the bounds between which the true one lies in nineteen of twenty cases, in points."""

    mean: float
    low: float
    high: float

    @property
    def whole(self) -> tuple[int, int, int]:
        """Mean, lower and upper bound in whole points, the bounds outward, so that they cover no less.

        More is not said: means can be subtracted. From the exact mean of all courses and those of all but one, that one
        follows, with as few people as it may have.
        """
        return floor(self.mean + 0.5), floor(self.low), ceil(self.high)


def t_quantile(p: float, df: int) -> float:
    """The number that Student's t with `df` degrees of freedom stays below with probability `p` (0 < p < 1).

    Cornish and Fisher's expansion around the normal quantile (Abramowitz & Stegun 26.7.5); from nine degrees on, which
    is all that is asked here, right to four decimals. Raises ValueError below three.
    """
    if df < 3:
        raise ValueError(f"the expansion needs three degrees of freedom, not {df}")
    z = NormalDist().inv_cdf(p)
    return (
        z
        + (z**3 + z) / (4 * df)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * df**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * df**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * df**4)
    )


def mean_interval(histogram: Mapping[int, int], least: float, most: float) -> Interval | None:
    """The interval of the mean of numbers given as number: how often, all of them between `least` and `most`.

    None of fewer than ten, and where all are equal: it would be the number of each single one.
    """
    n = sum(histogram.values())
    if n < FEW:
        return None
    mean = sum(value * count for value, count in histogram.items()) / n
    squares = sum(count * (value - mean) ** 2 for value, count in histogram.items())
    if squares <= n * 1e-12:
        return None
    half = t_quantile((1 + LEVEL) / 2, n - 1) * sqrt(squares / (n - 1) / n)
    return Interval(mean, max(least, mean - half), min(most, mean + half))
