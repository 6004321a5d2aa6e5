"""When a Kilas Balik is due, when a module is mastered, and what is open. Nothing here is counted anywhere else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.course.shapes import Course, Mastery, Module
from app.enrollment.rules import Progress, lesson_key, steps_of
from app.errors import N_
from app.quiz.rules import ANSWERS_KEPT, discussed

# Exact days of 24 hours after the module was completed, so that nobody's afternoon becomes somebody's midnight.
DUE = (timedelta(days=2), timedelta(days=7), timedelta(days=21))
ASKED = 3  # questions in a Kilas Balik
MINUTES, KB = 2, 6  # what it takes: its questions and the replies to them
LESSONS_FIRST = N_("Selesaikan semua materi dan praktik modul ini dahulu. Setelah itu latihan terbuka.")
MODULE_FIRST = N_("Kilas Balik terbuka 2 hari setelah modul ini selesai. Selesaikan modulnya dahulu.")
NO_QUESTIONS = N_("Modul ini belum punya soal untuk dilatih.")
IN_QUIZ = N_("Soal modul ini sedang ditanyakan di kuis Anda. Kumpulkan kuisnya dahulu, lalu kembali ke sini.")


def completed_at(module: Module, done: Mapping[str, datetime]) -> datetime | None:
    """When the module became complete: the moment its last step was done; None while one is missing."""
    moments = [done.get(step.key) for step in steps_of(module)]
    known = [moment for moment in moments if moment is not None]
    return max(known) if known and len(known) == len(moments) else None


def due_number(completed: datetime | None, now: datetime) -> int:
    """The newest Kilas Balik that is due, 1 to 3; 0 before the first."""
    return 0 if completed is None else sum(now >= completed + wait for wait in DUE)


def waiting(completed: datetime | None, answered: Collection[int], now: datetime) -> int:
    """The Kilas Balik that waits, 0 when none does. Only the newest: what was missed before it is not made up for."""
    number = due_number(completed, now)
    return 0 if number in answered else number


def next_due(completed: datetime | None, now: datetime) -> datetime | None:
    """When the next one becomes due; None when there is none to come."""
    number = due_number(completed, now)
    return completed + DUE[number] if completed is not None and number < len(DUE) else None


def closed(module: Module, progress: Progress) -> str | None:
    """The sentence that says why the module's set is closed; it opens with its quiz, after lessons and practice."""
    done = all(lesson_key(module.id, lesson.id) in progress.done for lesson in module.steps)
    return None if done else LESSONS_FIRST


def quiz_may_be_told(course: Course, module: Module, progress: Progress) -> bool:
    """Whether the questions of the module's quiz may be practised: where their answers may be told at all."""
    return discussed("quiz", course.quiz_terms.review, progress.has(steps_of(module)[-1]))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a set stands: its last answers (at most as many as count), what was reached before, and the goal."""

    goal: Mastery
    last: tuple[bool, ...] = ()
    times: int = 0  # how often this person has mastered the module

    @property
    def right(self) -> int:
        """How many of the last answers are right."""
        return sum(self.last)

    @property
    def mastered(self) -> bool:
        """Whether the set at hand has just been completed; the next answer begins a new one."""
        return self.right >= self.goal.right

    @property
    def missing(self) -> int:
        """How many right answers in a row would be enough now."""
        for more in range(self.goal.of + 1):
            if sum((*self.last, *[True] * more)[-self.goal.of :]) >= self.goal.right:
                return more
        return self.goal.right

    def plus(self, right: bool) -> Standing:
        """The same after one more answer."""
        before = () if self.mastered else self.last
        after = Standing(self.goal, (*before, right)[-self.goal.of :], self.times)
        return Standing(self.goal, after.last, self.times + 1) if after.mastered else after


def standing(answers: Iterable[bool], goal: Mastery) -> Standing:
    """How the set stands after these answers (right or not), the oldest first."""
    found = Standing(goal)
    for right in answers:
        found = found.plus(right)
    return found


def forgotten(at: datetime, now: datetime) -> bool:
    """Whether answers given then are kept no more."""
    return at < now - ANSWERS_KEPT
