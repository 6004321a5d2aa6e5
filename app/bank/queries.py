"""Reading first attempts for the figures of questions, in a few statements and without keeping any of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.bank.analysis import Key, Quiz, Response, Sat, thirds
from app.bank.answers import key_of, marks
from app.course import queries as course_queries
from app.course.item import Item
from app.course.models import CourseVersion
from app.course.scoring import points
from app.course.shapes import Course
from app.enrollment.models import Enrollment
from app.quiz.models import Answer, Attempt
from app.quiz.rules import ANSWERS_KEPT

# Of one quiz the newest so many first attempts are read. A share of 2,000 is known to 2.2 points of 100, which is
# closer than any decision about a question needs, and a page then costs the same in a village and in a city.
MOST_ATTEMPTS = 2_000
_CHUNK = 2_000
_MOST_KNOWN = 50_000


@dataclass(frozen=True, slots=True)
class Version:
    """A published version of the course."""

    id: int
    number: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose attempts count: of one course, of all its versions or one, of all its quizzes or one."""

    slug: str
    version_id: int | None = None
    quizzes: tuple[Quiz, ...] | None = None


def versions(session: Session, slug: str) -> list[Version]:
    """The versions of this course, the newest first."""
    query = (
        sa.select(CourseVersion.id, CourseVersion.number)
        .where(CourseVersion.slug == slug)
        .order_by(CourseVersion.number.desc())
    )
    return [Version(*row) for row in session.execute(query)]


class FirstAttempts:
    """The first submitted attempt of each person at each quiz, over all versions of the course; scored as it was then.

    A person who learns the next version as well has seen its questions before, so only the first attempt of all counts.
    Attempts whose answers are kept no more are left out. How many there are is read at once, the attempts with `each`.
    """

    def __init__(self, session: Session, asked: Asked, now: datetime) -> None:
        self._session = session
        self._chosen = _chosen(asked, now)
        counted = sa.select(
            self._chosen.c.version_id, self._chosen.c.purpose, self._chosen.c.module, self._chosen.c.score,
            sa.func.count(),
        ).group_by(*list(self._chosen.c)[1:5])  # fmt: skip
        scores: dict[Quiz, dict[float, int]] = {}
        self.versions: set[int] = set()
        for version_id, purpose, module, score, count in session.execute(counted):
            mine = scores.setdefault(Quiz(purpose, module), {})
            mine[score] = mine.get(score, 0) + count
            self.versions.add(version_id)
        self._thirds = {quiz: thirds(found) for quiz, found in scores.items()}

    @cached_property
    def courses(self) -> dict[int, Course]:
        """What the versions say that were attempted."""
        return course_queries.contents(self._session, self.versions)

    def each(self) -> Iterator[Sat]:
        """Every attempt once, in two statements side by side."""
        if not self.versions:
            return
        chosen = self._chosen
        streamed = {"yield_per": _CHUNK}
        attempts = sa.select(*chosen.c, Attempt.draw).join(Attempt, Attempt.id == chosen.c.id).order_by(chosen.c.id)
        answers = (
            sa.select(Answer.attempt_id, Answer.item, sa.cast(Answer.choice, sa.Text), Answer.saved_at)
            .join(chosen, chosen.c.id == Answer.attempt_id)
            .order_by(Answer.attempt_id)
        )
        marked = _Marked(self.courses)
        found = self._session.execute(attempts, execution_options=streamed)
        given = iter(self._session.execute(answers, execution_options=streamed))
        waiting = next(given, None)
        for attempt in found:
            mine = []
            while waiting is not None and waiting[0] <= attempt.id:
                if waiting[0] == attempt.id:
                    mine.append(waiting)
                waiting = next(given, None)
            quiz = Quiz(attempt.purpose, attempt.module)
            third = self._thirds.get(quiz, {}).get(attempt.score)
            # Submitted since the scores were counted: the next look at the page has it.
            if third is not None and attempt.version_id in self.courses:
                yield Sat(attempt.version_id, quiz, third, list(marked.responses(attempt, mine)))


def _chosen(asked: Asked, now: datetime) -> sa.Subquery:
    """The attempts that count, as id, version_id, purpose, module, score, started_at."""
    same = [Attempt.purpose, Attempt.module]
    earliest = sa.func.row_number().over(
        partition_by=[Enrollment.user_id, *same], order_by=[Attempt.submitted_at, Attempt.id]
    )
    query = (
        sa.select(Attempt.id, Enrollment.version_id, *same, Attempt.score, Attempt.started_at,
                  Attempt.submitted_at, earliest.label("nth"))
        .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
        .join(CourseVersion, CourseVersion.id == Enrollment.version_id)
        .where(CourseVersion.slug == asked.slug, Attempt.number == 1, Attempt.submitted_at.is_not(None))
    )  # fmt: skip
    if asked.quizzes is not None:
        query = query.where(
            sa.or_(*(sa.and_(Attempt.purpose == one.purpose, Attempt.module == one.module) for one in asked.quizzes))
        )
    first = query.subquery()
    recent = sa.func.row_number().over(
        partition_by=[first.c.purpose, first.c.module], order_by=[first.c.submitted_at.desc(), first.c.id.desc()]
    )
    kept = sa.select(*list(first.c)[:6], recent.label("nth")).where(
        first.c.nth == 1, first.c.submitted_at >= now - ANSWERS_KEPT
    )
    if asked.version_id is not None:
        kept = kept.where(first.c.version_id == asked.version_id)
    newest = kept.subquery()
    return sa.select(*list(newest.c)[:6]).where(newest.c.nth <= MOST_ATTEMPTS).subquery()


class _Marked:
    """Scores answers. The same answer is scored once, for many people give it."""

    def __init__(self, courses: dict[int, Course]) -> None:
        self._courses = courses
        self._known: dict[tuple[int, str, str], tuple[float, tuple[str, ...]]] = {}
        self._keys: dict[tuple[int, str], Key] = {}

    def responses(self, attempt: Any, answers: list[Any]) -> Iterator[Response]:
        """What this attempt has about each question it asked."""
        course = self._courses[attempt.version_id]
        given = {item: (choice, at) for _, item, choice, at in answers}
        seconds = _seconds(attempt.started_at, {item: at for item, (_, at) in given.items()})
        for item_id in dict.fromkeys(entry[0] for entry in attempt.draw):
            if (item := course.item(item_id)) is None:
                continue
            choice = given[item_id][0] if item_id in given else "[]"
            worth, marked = self._scored(attempt.version_id, item, choice)
            answered = choice not in ("[]", "")
            yield Response(self._key(attempt.version_id, item), worth, marked, seconds[item_id] if answered else None)

    def _key(self, version_id: int, item: Item) -> Key:
        if (key := self._keys.get((version_id, item.id))) is None:
            key = self._keys[version_id, item.id] = (item.id, key_of(item))
        return key

    def _scored(self, version_id: int, item: Item, choice: str) -> tuple[float, tuple[str, ...]]:
        if (known := self._known.get((version_id, item.id, choice))) is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            answer = json.loads(choice)
            known = self._known[version_id, item.id, choice] = float(points(item, answer)), marks(item, answer)
        return known


def _seconds(started_at: datetime, saved: dict[str, datetime]) -> dict[str, float]:
    """For each answer the seconds from the one saved before it, or from the start, until it was saved as it is now."""
    moments = sorted(saved.items(), key=lambda one: one[1])
    ends = [started_at, *(at for _, at in moments)]
    spans = [max(0.0, (end - begin).total_seconds()) for begin, end in pairwise(ends)]
    return {item: span for (item, _), span in zip(moments, spans, strict=True)}
