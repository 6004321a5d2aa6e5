"""What comes out for attempts that are counted anew, one by one and in numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.bank import regrade_queries as queries
from app.bank.corrections import Correction, Counting, Mode
from app.bank.models import Regrade
from app.bank.regrade_queries import Graded
from app.course import queries as course_queries
from app.course.item import Item
from app.course.scoring import points
from app.course.shapes import Course
from app.quiz import rules as quiz_rules
from app.quiz.corrected import Choose


@dataclass(frozen=True, slots=True)
class Change:
    """What comes out for one attempt."""

    attempt: Graded
    score: float
    passed: bool | None

    @property
    def step(self) -> str:
        """The key of the step that this quiz or test is."""
        return quiz_rules.step_key(self.attempt.purpose, self.attempt.module)

    @property
    def differs(self) -> bool:
        """Whether anything is other than before."""
        return self.score != self.attempt.score or self.passed != self.attempt.passed

    @property
    def newly(self) -> bool:
        """Whether it is passed now and was not."""
        return self.passed is True and self.attempt.passed is False

    @property
    def raises_best(self) -> bool:
        """Whether the best score of its step may rise by it."""
        return self.score > self.attempt.score and (self.passed is True or self.attempt.purpose == "pre")

    @property
    def told(self) -> bool:
        """Whether its person is told: of a pre-test they never learned the score."""
        return self.differs and self.attempt.purpose != "pre"


@dataclass(slots=True)
class Effects:
    """What a regrade would change, in numbers; never who."""

    mode: Mode
    counted: int = 0
    raised: int = 0
    lowered: int = 0
    most_raised: float = 0.0
    most_lowered: float = 0.0
    sum_raised: float = 0.0
    passing: int = 0  # attempts that are passed and were not
    newly_passed: int = 0  # people whose step is done by it
    certificates: int = 0
    touched: set[int] = field(default_factory=set)  # enrollments

    @property
    def changed(self) -> int:
        return self.raised + self.lowered

    @property
    def mean_raised(self) -> float:
        """By how much scores rise on average, among those that rise."""
        return self.sum_raised / self.raised if self.raised else 0.0

    def add(self, change: Change) -> None:
        """Counts one attempt."""
        difference = change.score - change.attempt.score
        if difference > 0:
            self.raised += 1
            self.sum_raised += difference
            self.most_raised = max(self.most_raised, difference)
        elif difference < 0:
            self.lowered += 1
            self.most_lowered = max(self.most_lowered, -difference)
        self.counted += 1
        self.passing += change.newly
        if change.differs:
            self.touched.add(change.attempt.enrollment_id)


def mode_of(made: Regrade) -> Mode:
    """Whether points may fall by this regrade."""
    return "exact" if made.mode == "exact" else "raise"


def corrections(session: Session, made: Sequence[Regrade]) -> list[tuple[str, Correction]]:
    """The keys put right by these regrades, in order."""
    courses = course_queries.contents(session, {one.to_version_id for one in made})
    items = ((one, courses[one.to_version_id].item(one.item)) for one in made)
    return [(one.item, Correction(item, mode_of(one))) for one, item in items if item is not None]


def discussed_by(session: Session, version_id: int) -> Choose:
    """By which question an answer is discussed after regrades: by the key that counts for it."""
    put_right = corrections(session, queries.of_version(session, version_id))

    def choose(item: Item, answer: Collection[str]) -> Item:
        found = item
        for name, correction in put_right:
            if name == item.id and (correction.mode == "exact" or _better(correction.item, found, answer)):
                found = correction.item
        return found

    return choose


def _better(new: Item, old: Item, answer: Collection[str]) -> bool:
    return points(new, answer) >= points(old, answer)


def changes(course: Course, counting: Counting, mode: Mode, part: Sequence[Graded]) -> list[Change]:
    """What comes out for these attempts. Who has passed stays passed, also where the score falls."""
    found = []
    for one in part:
        score = counting.percent(one.asked, one.answers)
        if mode == "raise":
            score = max(score, one.score)
        passed = one.passed
        if one.purpose != "pre" and not passed:
            passed = quiz_rules.passed(score, quiz_rules.mark_of(one.purpose, course.rule))
        found.append(Change(one, score, passed))
    return found
