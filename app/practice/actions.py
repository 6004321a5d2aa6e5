"""Answering a Kilas Balik, and one question of a set; nothing of it enters the journal or any figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.course.item import Item
from app.course.responses import canonical, whole
from app.course.scoring import points
from app.course.shapes import Course, Module
from app.enrollment.queries import Learning
from app.errors import N_, Refused
from app.practice import picking, queries, rules
from app.practice.models import PracticeAnswer, Recall
from app.quiz.rules import score

_CHANGED = N_("Soal ini tidak dapat dilatih sekarang. Muat ulang halamannya untuk soal yang lain.")
_NOT_YET = N_("Kilas Balik ini belum waktunya. Muat ulang halamannya.")
_INCOMPLETE = N_("Jawab sampai lengkap, lalu kirim.")
_USED = N_("Formulir ini sudah pernah dipakai. Muat ulang halamannya, lalu jawab sekali lagi.")


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was sent: the question, and the tokens of its fields."""

    item: str
    sent: Sequence[str]


def recall(
    session: Session, learning: Learning, course: Course, module: Module, number: int, given: Sequence[Given],
    now: datetime,
) -> None:  # fmt: skip
    """Keeps the answers to a Kilas Balik with their score; the first answers stay, whatever comes later."""
    past = queries.past(session, learning.id, course)
    if number in past.numbers(module.id):
        return
    if not 1 <= number <= rules.due_number(rules.completed_at(module, past.steps), now):
        raise Refused(_NOT_YET)
    own, earlier = picking.pools(course, module, learning.progress)
    items = [_item((*own, *earlier), one.item, past.in_quiz) for one in given]
    if not items or len({item.id for item in items}) != len(items) or len(items) > rules.ASKED:
        raise Refused(_CHANGED)
    answers = {item.id: canonical(item, one.sent) for item, one in zip(items, given, strict=True)}
    if not all(whole(item, answers[item.id]) for item in items):
        raise Refused(_INCOMPLETE)
    row = Recall(
        enrollment_id=learning.id,
        module=module.id,
        number=number,
        draw=picking.laid_out(items, picking.seed(learning.id, module.id, number)),
        answers=answers,
        done_at=now,
        score=score(items, answers).percent,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        # Another press was quicker; what it made stays. Without it the enrollment itself is gone.
        if all(one.number != number for one in queries.recalled(session, learning.id, module.id)):
            raise Refused(_NOT_YET) from None


def practise(
    session: Session, learning: Learning, course: Course, module: Module, given: Given, act: str, now: datetime
) -> None:
    """Keeps one answer in the module's set; the same act again changes nothing."""
    if (sentence := rules.closed(module, learning.progress)) is not None:
        raise Refused(sentence)
    if queries.practised(session, learning.id, module.id, act) is not None:
        return
    own, _ = picking.pools(course, module, learning.progress)
    item = _item(own, given.item, queries.in_quiz(session, learning.id))
    answer = canonical(item, given.sent)
    if not whole(item, answer):
        raise Refused(_INCOMPLETE)
    row = PracticeAnswer(
        uuid=act,
        enrollment_id=learning.id,
        module=module.id,
        item=item.id,
        choice=answer,
        correct=points(item, answer) == 1,
        answered_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        if queries.practised(session, learning.id, module.id, act) is None:
            raise Refused(_USED) from None


def _item(allowed: Sequence[Item], name: str, in_quiz: set[str]) -> Item:
    """The question of this id, if it may be practised now: none whose answer a quiz is waiting for."""
    item = next((one for one in allowed if one.id == name and one.id not in in_quiz), None)
    if item is None:
        raise Refused(_CHANGED)
    return item
