"""What a resident walks through in a course, how far they are, what is open, and what is left."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from app.course.item import Item
from app.course.responses import canonical, tokens
from app.course.shapes import Course, Lesson, Module
from app.errors import N_, Refused

Kind = Literal["lesson", "practice", "quiz", "pre", "post"]
PRE, POST = "tes-awal", "tes-akhir"
LESSONS_FIRST = N_("Selesaikan semua materi dan praktik modul ini dahulu. Setelah itu kuis terbuka.")
MODULES_FIRST = N_("Selesaikan semua modul dahulu. Setelah itu tes akhir terbuka.")
PRE_TAKEN = N_("Anda sudah mengerjakan tes awal. Lanjutkan ke materi.")
PRE_CLOSED = N_("Tes awal sudah ditutup karena Anda sudah mulai belajar. Lanjutkan ke materi.")


def lesson_key(module: str, lesson: str) -> str:
    """The key of a lesson or practice."""
    return f"materi:{module}/{lesson}"


def quiz_key(module: str) -> str:
    """The key of a module's quiz."""
    return f"kuis:{module}"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: a lesson, a practice, a quiz, or one of the two tests."""

    key: str
    kind: Kind
    module: str
    id: str
    title: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Progress:
    """The steps that are done, each with its best score, and the one that was done last."""

    done: Mapping[str, float | None] = field(default_factory=dict)
    at: str = ""

    def has(self, step: Step) -> bool:
        """Whether this step is done."""
        return step.key in self.done

    @property
    def begun(self) -> bool:
        """Whether a lesson or practice is done, after which a pre-test would measure nothing."""
        return any(key.startswith("materi:") for key in self.done)

    def plus(self, key: str, score: float | None) -> Progress:
        """The same with one more step done."""
        return Progress({**self.done, key: score}, key)


@lru_cache(maxsize=64)
def steps(course: Course) -> tuple[Step, ...]:
    """Everything to do in this course, in order; only the pre-test may be left out."""
    walk = tuple(step for module in course.modules for step in steps_of(module))
    if not course.cells:
        return walk
    return (Step(PRE, "pre", "", "", course.title, required=False), *walk, Step(POST, "post", "", "", course.title))


@lru_cache(maxsize=512)
def steps_of(module: Module) -> tuple[Step, ...]:
    """The lessons of a module, its practice and its quiz."""
    walk = [Step(lesson_key(module.id, one.id), one.kind, module.id, one.id, one.title) for one in module.steps]
    return (*walk, Step(quiz_key(module.id), "quiz", module.id, "", module.title)) if module.drawable else tuple(walk)


def module_complete(module: Module, progress: Progress) -> bool:
    """Whether its lessons and practice are done and its quiz is passed."""
    return all(progress.has(step) for step in steps_of(module))


def may_open(course: Course, progress: Progress, step: Step) -> str | None:
    """The sentence that says why this step is still (or already) closed; None when it is open."""
    if step.kind == "quiz":
        module = course.module(step.module)
        lessons = module.steps if module else ()
        done = all(lesson_key(step.module, lesson.id) in progress.done for lesson in lessons)
        return None if done else LESSONS_FIRST
    if step.kind == "post":
        return None if all(module_complete(module, progress) for module in course.modules) else MODULES_FIRST
    if step.kind == "pre":
        if progress.has(step):
            return PRE_TAKEN
        return PRE_CLOSED if progress.begun or POST in progress.done else None
    return None


def finished(course: Course, progress: Progress) -> bool:
    """Whether everything that is required is done."""
    return all(progress.has(step) for step in steps(course) if step.required)


def attended(course: Course, progress: Progress) -> bool:
    """Whether every lesson and practice is done, whatever the quizzes and tests say."""
    return all(progress.has(step) for step in steps(course) if step.kind in ("lesson", "practice"))


def next_step(course: Course, progress: Progress) -> Step | None:
    """Where to go on: the first open step after the one done last, else the first one left; None at the end."""
    walk = [step for step in steps(course) if step.required]
    place = next((n for n, step in enumerate(walk) if step.key == progress.at), -1)
    for step in (*walk[place + 1 :], *walk[: place + 1]):
        if not progress.has(step) and may_open(course, progress, step) is None:
            return step
    return None


def after(course: Course, progress: Progress, key: str) -> Step | None:
    """The step that follows this one in the course if it is open, else where to go on; None at the end."""
    walk = [step for step in steps(course) if step.required]
    place = next((n for n, step in enumerate(walk) if step.key == key), len(walk))
    if place + 1 < len(walk) and may_open(course, progress, walk[place + 1]) is None:
        return walk[place + 1]
    return next_step(course, progress)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of the completion rule: what must be done, how much of it is, and with which mark."""

    kind: Literal["lessons", "quizzes", "post"]
    done: int
    total: int
    mark: int = 0

    @property
    def met(self) -> bool:
        """Whether nothing of it is left."""
        return self.done >= self.total


def requirements(course: Course, progress: Progress) -> list[Requirement]:
    """The completion rule, line by line, with what is done and what is left."""
    walk = [step for step in steps(course) if step.required]
    kinds: tuple[tuple[Literal["lessons", "quizzes", "post"], tuple[str, ...], int], ...] = (
        ("lessons", ("lesson", "practice"), 0),
        ("quizzes", ("quiz",), course.rule.quiz_mark),
        ("post", ("post",), course.rule.test_mark),
    )
    lines = []
    for name, of, mark in kinds:
        mine = [step for step in walk if step.kind in of]
        if mine:
            lines.append(Requirement(name, sum(progress.has(step) for step in mine), len(mine), mark))
    return lines


def answer_of(item: Item, sent: Mapping[str, Sequence[str]]) -> list[str]:
    """What was answered on a lesson's page, from its fields; what such a page would not send is no answer."""
    try:
        return canonical(item, tokens(item, sent, item.id))
    except Refused:
        return []


def worth_repeating(course: Course, missed: Collection[Item], most: int = 3) -> list[tuple[Module, Lesson]]:
    """The lessons to read again after these questions went wrong: those that practise the same objective."""
    wanted = {(item.module, item.objective) for item in missed}
    found: list[tuple[Module, Lesson]] = []
    for module in course.modules:
        if not any(name == module.id for name, _ in wanted):
            continue
        same = [one for one in module.lessons if any((module.id, item.objective) in wanted for item in one.items)]
        found += [(module, lesson) for lesson in same or module.lessons[:1]]
    return found[:most]
