"""What /belajar says about Kilas Balik: at most one a module, and the three that became due last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from app.course import queries as course_queries
from app.course.shapes import Course
from app.enrollment import notices
from app.enrollment.notices import Notice
from app.enrollment.queries import Learning
from app.enrollment.rules import module_complete
from app.errors import N_
from app.practice import picking, queries, rules
from app.practice.queries import Past

MOST = 3  # on one page; the others wait until these are done


def tell(session: Session, user_id: int, learnings: Sequence[Learning], now: datetime) -> list[Notice]:
    """Each Kilas Balik that waits for this person, what became due last first."""
    courses = course_queries.contents(session, {learning.version_id for learning in learnings})
    mine = [(learning, courses[learning.version_id]) for learning in learnings]
    if not any(module_complete(module, learning.progress) for learning, course in mine for module in course.modules):
        return []
    moments = queries.moments(session, user_id)
    found = [one for learning, course in mine for one in _due(learning, course, moments.get(learning.id, Past()), now)]
    return [notice for _, notice in sorted(found, key=lambda one: one[0], reverse=True)[:MOST]]


def _due(learning: Learning, course: Course, past: Past, now: datetime) -> Iterator[tuple[datetime, Notice]]:
    for module in course.modules:
        completed = rules.completed_at(module, past.steps)
        number = rules.waiting(completed, past.numbers(module.id), now)
        if completed is None or not number:
            continue
        asked = min(rules.ASKED, sum(map(len, picking.pools(course, module, learning.progress))))
        if asked:
            yield (
                completed + rules.DUE[number - 1],
                Notice(
                    title=N_("Kilas Balik: %(module)s"),
                    text=N_("%(n)s soal, kira-kira %(minutes)s menit, %(kb)s KB"),
                    url=url_for("practice.recall", slug=learning.slug, module=module.id),
                    act=N_("Kerjakan"),
                    facts={"module": module.title, "n": asked, "minutes": rules.MINUTES, "kb": rules.KB},
                ),
            )


def register() -> None:
    """Tells the page of what one learns."""
    notices.also(tell)
