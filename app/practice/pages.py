"""What the pages of practising show, put together from a course, what is stored, and the moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from flask import url_for

from app.course.asking import Asked, asked
from app.course.item import Item
from app.course.replies import Reply, reply
from app.course.responses import whole
from app.course.shapes import Course, Lesson, Module
from app.enrollment import rules as enrollment_rules
from app.enrollment.pages import Onward, onward
from app.enrollment.queries import Learning
from app.practice import picking, rules
from app.practice.queries import Past, Practised, Recalled
from app.practice.rules import Standing


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is asked: with its options in the order shown, what is answered, whether that falls short."""

    number: int
    asked: Asked
    chosen: Sequence[str] = ()
    blank: bool = False

    @property
    def item(self) -> Item:
        return self.asked.item


@dataclass(frozen=True, slots=True)
class Quiet:
    """A page that has nothing to ask now: why, since or until when, and where the way goes on."""

    sentence: str
    until: datetime | None = None
    next: Onward | None = None


@dataclass(frozen=True, slots=True)
class Recall:
    """A Kilas Balik that waits, with its questions."""

    number: int
    questions: Sequence[Question]

    @property
    def minutes(self) -> int:
        return rules.MINUTES

    @property
    def blank(self) -> bool:
        """Whether a question was sent back without a whole answer."""
        return any(one.blank for one in self.questions)


def recall(
    course: Course, module: Module, learning: Learning, past: Past, now: datetime,
    sent: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Recall | Quiet:  # fmt: skip
    """The questions that wait now, with what was `sent` back incomplete, or the sentence that says when they will."""
    completed = rules.completed_at(module, past.steps)
    own, earlier = picking.pools(course, module, learning.progress)
    if completed is None:
        return Quiet(rules.MODULE_FIRST, next=_next(course, learning))
    number = rules.waiting(completed, past.numbers(module.id), now)
    if not number:
        return Quiet("", rules.next_due(completed, now), _next(course, learning))
    mine, others = ([item for item in items if item.id not in past.in_quiz] for items in (own, earlier))
    start = picking.seed(learning.id, module.id, number)
    items = picking.recalled(mine, others, past.seen, start)
    if not items:
        return Quiet(rules.IN_QUIZ if own else rules.NO_QUESTIONS, next=_next(course, learning))
    orders = zip(items, picking.laid_out(items, start), strict=True)
    return Recall(number, [
        Question(n, asked(item, order), sent.get(item.id, ()), item.id in sent and not whole(item, sent[item.id]))
        for n, (item, (_, order)) in enumerate(orders, 1)
    ])  # fmt: skip


def _next(course: Course, learning: Learning) -> Onward | None:
    return onward(course, learning.slug, enrollment_rules.next_step(course, learning.progress))


@dataclass(frozen=True, slots=True)
class Discussed:
    """One question that was answered; no reply while a quiz is asking it."""

    number: int
    item: Item
    reply: Reply | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A Kilas Balik that was answered: what came out, what to read again, when the next is due."""

    number: int
    right: int
    asked: int
    score: float
    discussed: Sequence[Discussed]
    again: Sequence[tuple[Module, Lesson]]
    next_at: datetime | None
    forgotten: bool


def outcome(course: Course, done: Recalled, past: Past, completed: datetime | None, now: datetime) -> Outcome:
    """The facts of the page after a Kilas Balik."""
    items = [item for item in map(course.item, done.items) if item is not None]
    answers = None if rules.forgotten(done.done_at, now) else done.answers
    replies = {item.id: reply(item, answers.get(item.id, [])) for item in items} if answers is not None else {}
    told = [Discussed(n, item, None if item.id in past.in_quiz else replies[item.id])
            for n, item in enumerate(items, 1)] if replies else []  # fmt: skip
    missed = [one.item for one in told if one.reply is not None and not one.reply.right]
    return Outcome(
        number=done.number,
        right=sum(one.right for one in replies.values()),
        asked=len(items),
        score=done.score,
        discussed=told,
        again=enrollment_rules.worth_repeating(course, missed),
        next_at=rules.next_due(completed, now),
        forgotten=not replies,
    )


@dataclass(frozen=True, slots=True)
class Exercise:
    """A set: how it stands, the question that comes next or the reply to the last one, and where mastery leads."""

    standing: Standing
    question: Question | None = None
    answered: Item | None = None
    reply: Reply | None = None
    onward: str = ""
    quiz: bool = False  # whether the way onward is the module's quiz


def exercise(
    course: Course, module: Module, learning: Learning, history: Sequence[tuple[str, bool]], in_quiz: Collection[str],
    sent: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Exercise | Quiet:  # fmt: skip
    """How the set stands and its next question, or the one that was `sent` back incomplete; else why there is none."""
    if (sentence := rules.closed(module, learning.progress)) is not None:
        return Quiet(sentence, next=_next(course, learning))
    own, _ = picking.pools(course, module, learning.progress)
    free = [one for one in own if one.id not in in_quiz]
    start = picking.seed(learning.id, module.id)
    back = next((one for one in free if one.id in sent), None)
    item = back or picking.following(free, history, start)
    if item is None:
        return Quiet(rules.IN_QUIZ if own else rules.NO_QUESTIONS, next=_next(course, learning))
    # Each time a question comes, its options stand in another order.
    turn = sum(name == item.id for name, _ in history)
    [(_, order)] = picking.laid_out([item], f"{start} {turn}")
    return Exercise(
        _standing(course, history), Question(1, asked(item, order), sent.get(item.id, ()), blank=back is not None)
    )


def replied(
    course: Course, module: Module, learning: Learning, history: Sequence[tuple[str, bool]],
    given: Practised | None = None,
) -> Exercise:  # fmt: skip
    """How the set stands after an answer, with the reply to it; after mastery, where the way goes on."""
    item = course.item(given.item) if given else None
    quiz = enrollment_rules.steps_of(module)[-1]
    to_quiz = quiz.kind == "quiz" and not learning.progress.has(quiz)
    follows = _next(course, learning)
    if to_quiz:
        address = url_for("quiz.module_quiz", slug=learning.slug, module=module.id)
    else:
        address = follows.url if follows else url_for("enrollment.course", slug=learning.slug)
    return Exercise(
        _standing(course, history),
        answered=item,
        reply=reply(item, given.choice) if item and given else None,
        onward=address,
        quiz=to_quiz,
    )


def _standing(course: Course, history: Sequence[tuple[str, bool]]) -> Standing:
    return rules.standing((right for _, right in history), course.mastery)
