"""What an answer is worth, when an attempt is passed, when the next one may begin, which save counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from app.course.item import Item
from app.course.scoring import points
from app.course.shapes import PassRule
from app.errors import N_

Purpose = Literal["quiz", "pre", "post"]
ANSWERS_KEPT = timedelta(days=730)  # 24 months, as the privacy notice says
CLOSED = N_("Percobaan ini sudah dikumpulkan. Jawabannya tidak dapat diubah lagi.")


@dataclass(frozen=True, slots=True)
class Score:
    """Points out of questions; each question is worth at most one point."""

    points: Fraction
    total: int

    @property
    def percent(self) -> float:
        """0 to 100 with one decimal, halves rounded up; what is shown is what decides."""
        exact = self.points * 1000 / self.total if self.total else Fraction(0)
        return floor(exact + Fraction(1, 2)) / 10


def score(items: Sequence[Item], answers: Mapping[str, Collection[str]]) -> Score:
    """The score of these answers; what was not answered is worth nothing."""
    return Score(sum((points(item, answers.get(item.id, ())) for item in items), Fraction(0)), len(items))


def passed(percent: float, mark: float) -> bool:
    """Whether the mark is reached."""
    return percent >= mark


def mark_of(purpose: Purpose, rule: PassRule) -> int:
    """The pass mark of a quiz or of the tests."""
    return rule.quiz_mark if purpose == "quiz" else rule.test_mark


def answers_short(percent: float, mark: float, total: int) -> int:
    """How many more right answers would have been enough."""
    return ceil(Fraction(str(mark - percent)) * total / 100) if percent < mark else 0


@dataclass(frozen=True, slots=True)
class Wait:
    """The next attempt may not begin before this moment."""

    until: datetime


def may_start(purpose: Purpose, submitted: Sequence[datetime], rule: PassRule, now: datetime) -> Wait | None:
    """Whether the next attempt may begin: the post-test in blocks of so many attempts with a wait between them."""
    if purpose != "post" or not submitted or len(submitted) % rule.test_attempts:
        return None
    until = max(submitted) + timedelta(hours=rule.wait_hours)
    return Wait(until) if now < until else None


def place_in_block(submitted: int, rule: PassRule) -> int:
    """Which of the attempts of its block the next attempt is, counted from 1."""
    return submitted % rule.test_attempts + 1


def forgotten(submitted_at: datetime | None, now: datetime) -> bool:
    """Whether the answers of an attempt submitted then are kept no more."""
    return submitted_at is not None and submitted_at < now - ANSWERS_KEPT
