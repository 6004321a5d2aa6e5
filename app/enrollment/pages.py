"""What the pages of learning show, put together from a course and a person's progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from app.course.lessons import QUIZ_PAGE_KB
from app.course.replies import Reply, reply
from app.course.shapes import Course, Lesson, Module
from app.enrollment import rules
from app.enrollment.queries import Learning
from app.enrollment.rules import Progress, Step


def step_url(slug: str, step: Step) -> str:
    """The page of a step."""
    if step.kind in ("lesson", "practice"):
        return url_for("enrollment.lesson", slug=slug, module=step.module, lesson=step.id)
    if step.kind == "quiz":
        return url_for("quiz.module_quiz", slug=slug, module=step.module)
    return url_for("quiz.pre_test" if step.kind == "pre" else "quiz.post_test", slug=slug)


@dataclass(frozen=True, slots=True)
class Onward:
    """Where the way goes on: the step, its page, its place in its module, and what it costs."""

    step: Step
    url: str
    module: Module | None
    number: int
    minutes: int
    kb: int


def onward(course: Course, slug: str, step: Step | None) -> Onward | None:
    """The facts about the next step; None at the end of the course."""
    if step is None:
        return None
    module = course.module(step.module)
    lesson = course.lesson(step.module, step.id)
    if module is None or lesson is None:
        drawn = course.quiz_take if module else sum(cell.take for cell in course.cells)
        return Onward(step, step_url(slug, step), module, 0, 0, drawn * QUIZ_PAGE_KB)
    number = next((n for n, one in enumerate(module.lessons, 1) if one.id == lesson.id), 0)
    return Onward(step, step_url(slug, step), module, number, lesson.minutes, lesson.kb)


@dataclass(frozen=True, slots=True)
class Part:
    """A module as one person sees it: each step with whether it is done, and why it is closed if it is."""

    module: Module
    steps: Sequence[tuple[Onward, bool, str | None]]
    progress: Progress
    practice: str | None = None  # where its questions are practised, once its lessons are done

    @property
    def done(self) -> int:
        return sum(done for _, done, _ in self.steps)


def part(course: Course, slug: str, module: Module, progress: Progress) -> Part:
    """A module of the course with this person's steps."""
    lines = []
    for step in rules.steps_of(module):
        place = onward(course, slug, step)
        assert place is not None
        lines.append((place, progress.has(step), rules.may_open(course, progress, step)))
    ready = all(rules.lesson_key(module.id, lesson.id) in progress.done for lesson in module.steps)
    practice = url_for("practice.exercise", slug=slug, module=module.id) if ready and module.items else None
    return Part(module, lines, progress, practice)


def done_in(module: Module, progress: Progress) -> Progress:
    """What of this person's progress lies in this module: all that its part of the page depends on."""
    keys = (step.key for step in rules.steps_of(module))
    return Progress({key: progress.done[key] for key in keys if key in progress.done})


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands in one course."""

    learning: Learning
    course: Course
    complete: int
    lessons_done: int
    lessons: int
    jp: int
    next: Onward | None

    @property
    def finished(self) -> bool:
        return self.learning.completed_at is not None


def standing(course: Course, learning: Learning) -> Standing:
    """How far this person is in the course, counted by the course itself and not by what is stored."""
    progress = learning.progress
    complete = [module for module in course.modules if rules.module_complete(module, progress)]
    keys = [rules.lesson_key(module.id, lesson.id) for module in course.modules for lesson in module.steps]
    return Standing(
        learning=learning,
        course=course,
        complete=len(complete),
        lessons_done=sum(key in progress.done for key in keys),
        lessons=len(keys),
        jp=sum(module.jp for module in complete),
        next=onward(course, learning.slug, rules.next_step(course, progress)),
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """A lesson as one person reads it now."""

    module: Module
    lesson: Lesson
    number: int
    done: bool
    steps_done: int
    steps: int
    before: Onward | None
    next: Onward | None
    replies: Mapping[str, Reply]
    chosen: Mapping[str, Sequence[str]]
    asked: str


def reading(
    course: Course, learning: Learning, module: Module, lesson: Lesson, sent: Mapping[str, Sequence[str]], asked: str
) -> Reading:
    """The lesson with its place in the module and the replies to what was answered on the page."""
    key = rules.lesson_key(module.id, lesson.id)
    progress: Progress = learning.progress
    walk = [step for step in rules.steps(course) if step.kind in ("lesson", "practice")]
    place = next(n for n, step in enumerate(walk) if step.key == key)
    mine = rules.steps_of(module)
    chosen = {item.id: rules.answer_of(item, sent) for item in lesson.items}
    return Reading(
        module=module,
        lesson=lesson,
        number=next((n for n, one in enumerate(module.lessons, 1) if one.id == lesson.id), 0),
        done=key in progress.done,
        steps_done=sum(progress.has(step) for step in mine),
        steps=len(mine),
        before=onward(course, learning.slug, walk[place - 1] if place else None),
        next=onward(course, learning.slug, rules.after(course, progress.plus(key, None), key)),
        replies={item.id: reply(item, chosen[item.id]) for item in lesson.items if chosen[item.id]},
        chosen=chosen,
        asked=asked,
    )
