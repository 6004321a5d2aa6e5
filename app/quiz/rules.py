"""What an answer is worth, when an attempt is passed, when the next one may begin, which save counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from app.course.item import Item
from app.course.responses import whole
from app.course.scoring import points
from app.course.shapes import Course, PassRule, Review, Terms
from app.enrollment import rules as enrollment_rules
from app.errors import N_, Refused

Purpose = Literal["quiz", "pre", "post"]
GRACE = timedelta(seconds=60)  # what is on its way when the time is up still counts
MOST_EXTRA = 300  # percent of extra time
ANSWERS_KEPT = timedelta(days=730)  # 24 months, as the privacy notice says
CLOSED = N_("Percobaan ini sudah dikumpulkan. Jawabannya tidak dapat diubah lagi.")
TIME_UP = N_("Waktu percobaan ini sudah habis. Jawaban yang tersimpan sudah dikumpulkan.")


class TimeUp(Refused):
    """It came after the deadline and the grace; the attempt is to be submitted with what was saved."""

    def __init__(self) -> None:
        super().__init__(TIME_UP)


def step_key(purpose: Purpose, module: str) -> str:
    """The key of the step that this quiz or test is."""
    if purpose == "quiz":
        return enrollment_rules.quiz_key(module)
    return enrollment_rules.PRE if purpose == "pre" else enrollment_rules.POST


def terms_of(purpose: Purpose, course: Course) -> Terms:
    """The limit and the review of a quiz or of the tests."""
    return course.quiz_terms if purpose == "quiz" else course.test_terms


def limit(minutes: int, extra_percent: int) -> timedelta:
    """How long an attempt may take for a person with this much extra time."""
    return timedelta(minutes=minutes) * (100 + extra_percent) / 100


def late(deadline: datetime | None, now: datetime) -> bool:
    """Whether nothing more counts: only the server's clock at this moment and the deadline decide."""
    return deadline is not None and now > deadline + GRACE


def discussed(purpose: Purpose, review: Review, passed: bool) -> bool:
    """Whether the result shows right answers and feedback; `passed` is whether this quiz was ever passed."""
    return purpose != "pre" and (review == "langsung" or (review == "setelah-lulus" and passed))


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


def may_start(purpose: Purpose, submitted: int, last_at: datetime | None, rule: PassRule, now: datetime) -> Wait | None:
    """Whether the next attempt may begin: the post-test in blocks of so many attempts with a wait between them."""
    if purpose != "post" or last_at is None or submitted % rule.test_attempts:
        return None
    until = last_at + timedelta(hours=rule.wait_hours)
    return Wait(until) if now < until else None


def place_in_block(submitted: int, rule: PassRule) -> int:
    """Which of the attempts of its block the next attempt is, counted from 1."""
    return submitted % rule.test_attempts + 1


State = Literal["", "begun", "whole"]


def state_of(item: Item, choice: Collection[str]) -> State:
    """How far this question is answered."""
    if not choice:
        return ""
    return "whole" if whole(item, choice) else "begun"


def missing(item: Item, state: State) -> str:
    """What a person still has to do who goes on with a question left like this."""
    if state:
        if item.kind == "ordering":
            return N_(
                "Setiap baris harus punya urutan sendiri. Lengkapi, atau tekan “Lewati dulu”: isian Anda tersimpan."
            )
        return N_("Masih ada yang kosong. Lengkapi, atau tekan “Lewati dulu”: isian Anda tersimpan.")
    if item.chosen_from:
        return N_("Pilih jawaban dahulu, atau tekan “Lewati dulu”.")
    return N_("Isi jawaban dahulu, atau tekan “Lewati dulu”.")


def forgotten(submitted_at: datetime | None, now: datetime) -> bool:
    """Whether the answers of an attempt submitted then are kept no more."""
    return submitted_at is not None and submitted_at < now - ANSWERS_KEPT
