"""What the pages of an attempt show, put together from a course and what is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.course.asking import Asked
from app.course.item import Item
from app.course.lessons import QUIZ_PAGE_KB
from app.course.replies import Reply, reply
from app.course.shapes import Course, Lesson, Module, Review
from app.enrollment import rules as enrollment_rules
from app.enrollment.pages import Onward, onward
from app.enrollment.queries import Learning
from app.enrollment.rules import Step
from app.quiz import rules
from app.quiz.corrected import Choose, as_asked
from app.quiz.queries import Past, Saved, Sitting
from app.quiz.rules import Purpose, Wait


@dataclass(frozen=True, slots=True)
class Intro:
    """What awaits: how many questions, which mark, which attempt, what was reached, and what stands in the way."""

    purpose: Purpose
    module: Module | None
    questions: int
    kb: int
    mark: int
    attempt: int
    attempts: int
    best: float | None
    passed: bool
    open: str
    closed: str | None
    wait: Wait | None
    next: Onward | None
    minutes: int | None  # with the extra time of this person
    extra: int  # percent
    grace: int  # seconds


def questions(course: Course, purpose: Purpose) -> int:
    """How many questions an attempt asks."""
    return course.quiz_take if purpose == "quiz" else sum(cell.take for cell in course.cells)


def step_of(course: Course, purpose: Purpose, module: str) -> Step | None:
    """The step that this quiz or test is, if the course has it."""
    key = rules.step_key(purpose, module)
    return next((step for step in enrollment_rules.steps(course) if step.key == key), None)


def intro(
    course: Course,
    learning: Learning,
    step: Step,
    purpose: Purpose,
    past: Past,
    wait: Wait | None,
    extra: int = 0,
) -> Intro:
    """The facts of the page before an attempt."""
    asked = questions(course, purpose)
    follows = enrollment_rules.next_step(course, learning.progress)
    if follows == step:
        follows = None
    minutes = rules.terms_of(purpose, course).minutes
    return Intro(
        purpose=purpose,
        module=course.module(step.module),
        questions=asked,
        kb=asked * QUIZ_PAGE_KB,
        mark=rules.mark_of(purpose, course.rule),
        attempt=rules.place_in_block(past.submitted, course.rule),
        attempts=course.rule.test_attempts,
        best=past.best,
        passed=past.passed,
        open=past.open,
        closed=enrollment_rules.may_open(course, learning.progress, step),
        wait=wait,
        next=onward(course, learning.slug, follows),
        minutes=minutes and int(rules.limit(minutes, extra).total_seconds() // 60),
        extra=extra if minutes else 0,
        grace=int(rules.GRACE.total_seconds()),
    )


@dataclass(frozen=True, slots=True)
class Paper:
    """An open attempt: its questions in order and which of them are answered."""

    sitting: Sitting
    course: Course
    module: Module | None
    items: Sequence[Item]
    saved: Mapping[str, Saved]

    @property
    def grace(self) -> int:
        """How many seconds after the deadline still count."""
        return int(rules.GRACE.total_seconds())

    @property
    def states(self) -> list[rules.State]:
        """How far each question is answered."""
        return [
            rules.state_of(item, self.saved[item.id].choice) if item.id in self.saved else "" for item in self.items
        ]

    @property
    def count(self) -> int:
        """How many questions are answered."""
        return self.states.count("whole")

    @property
    def first_open(self) -> int | None:
        """The number of the first question without an answer, or with half of one."""
        return next((n for n, state in enumerate(self.states, 1) if state != "whole"), None)


def paper(sitting: Sitting, course: Course, saved: Mapping[str, Saved]) -> Paper:
    """The open attempt."""
    return Paper(sitting, course, course.module(sitting.module), sitting.items(course), saved)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of an open attempt, with the options in the order drawn and nothing that tells the right one."""

    number: int
    asked: Asked
    chosen: Sequence[str]
    revision: int

    @property
    def item(self) -> Item:
        return self.asked.item


def question(paper: Paper, number: int) -> Question:
    """The question with this number."""
    item = paper.items[number - 1]
    saved = paper.saved.get(item.id)
    return Question(number, paper.sitting.asked(item), saved.choice if saved else (), saved.revision if saved else 0)


@dataclass(frozen=True, slots=True)
class Discussed:
    """One question of a submitted attempt: what it was worth and what we say about each option."""

    number: int
    item: Item
    reply: Reply
    answered: bool
    corrected: bool = False  # its key was put right since


@dataclass(frozen=True, slots=True)
class Outcome:
    """A submitted attempt: what came out, what we say about each answer, and where the way goes on."""

    sitting: Sitting
    module: Module | None
    mark: int
    best: float | None
    missing: int
    discussed: Sequence[Discussed]
    repeat: Sequence[tuple[Module, Lesson]]
    next: Onward | None
    finished: bool
    wait: Wait | None
    attempt: int
    attempts: int
    left: int
    forgotten: bool  # the answers were kept for 24 months and are gone
    review: Review
    running: bool  # whether another attempt at it is open, which may ask the same questions
    open: bool  # whether the course lets this person see right answers and feedback now


def _discussed(number: int, item: Item, answer: Sequence[str], choose: Choose) -> Discussed:
    by = choose(item, answer)
    return Discussed(number, by, reply(by, answer), bool(answer), by is not item)


def outcome(
    course: Course,
    learning: Learning,
    sitting: Sitting,
    saved: Mapping[str, Saved],
    past: Past,
    wait: Wait | None,
    *,
    forgotten: bool,
    choose: Choose = as_asked,
) -> Outcome:
    """The facts of the page after an attempt; of answers that are forgotten or not to be discussed, nothing."""
    items = sitting.items(course)
    chosen = {item.id: saved[item.id].choice if item.id in saved else [] for item in items}
    review = rules.terms_of(sitting.purpose, course).review
    running = bool(past.open)
    may = not running and rules.discussed(sitting.purpose, review, past.passed)
    told = items if may and not forgotten else []
    discussed = [_discussed(n, item, chosen[item.id], choose) for n, item in enumerate(told, 1)]
    wrong = [one.item for one in discussed if not one.reply.right]
    mark = rules.mark_of(sitting.purpose, course.rule)
    key = rules.step_key(sitting.purpose, sitting.module)
    place = (sitting.number - 1) % course.rule.test_attempts + 1
    return Outcome(
        sitting=sitting,
        module=course.module(sitting.module),
        mark=mark,
        best=past.best,
        missing=rules.answers_short(sitting.score or 0, mark, len(items)),
        discussed=discussed,
        repeat=enrollment_rules.worth_repeating(course, wrong),
        next=onward(course, learning.slug, enrollment_rules.after(course, learning.progress, key)),
        finished=enrollment_rules.finished(course, learning.progress),
        wait=wait,
        attempt=place,
        attempts=course.rule.test_attempts,
        left=course.rule.test_attempts - past.submitted % course.rule.test_attempts,
        forgotten=forgotten and sitting.purpose != "pre",
        review=review,
        running=running,
        open=may,
    )
