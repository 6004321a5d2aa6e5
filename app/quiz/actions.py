"""Starting an attempt, saving an answer, submitting."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import journal
from app.course import queries as course_queries
from app.course.responses import canonical
from app.course.shapes import Course
from app.enrollment import actions as enrollment_actions
from app.enrollment import rules as enrollment_rules
from app.enrollment.queries import Learning
from app.errors import N_, Refused
from app.i18n import moment
from app.quiz import queries, rules
from app.quiz.draw import draw
from app.quiz.models import Answer, Attempt
from app.quiz.queries import Saved, Sitting, Tried
from app.quiz.rules import Purpose

_USED = N_("Formulir ini sudah pernah dipakai. Muat ulang halamannya, lalu tekan mulai sekali lagi.")


def step_key(purpose: Purpose, module: str) -> str:
    """The key of the step that this quiz or test is."""
    if purpose == "quiz":
        return enrollment_rules.quiz_key(module)
    return enrollment_rules.PRE if purpose == "pre" else enrollment_rules.POST


def start(
    session: Session, learning: Learning, course: Course, purpose: Purpose, module: str, uuid: str, now: datetime
) -> str:
    """Starts an attempt and returns its UUID; an open one is resumed, and starting twice is starting once."""
    step = next((one for one in enrollment_rules.steps(course) if one.key == step_key(purpose, module)), None)
    if step is None:
        raise Refused(N_("Langkah ini tidak ada di versi kursus yang Anda ikuti."))
    for _ in range(3):
        past = queries.attempts(session, learning.id, purpose, module)
        # The same press again, or one that is still open.
        already = next((one for one in past if one.uuid == uuid or one.submitted_at is None), None)
        closed = enrollment_rules.may_open(course, learning.progress, step)
        if already is not None and (already.submitted_at is not None or closed is None):
            return already.uuid
        if closed is not None:
            raise Refused(closed)
        _check_wait(course, purpose, past, now)
        try:
            with session.begin_nested():
                session.add(_attempt(learning, course, purpose, module, uuid, past, now))
        except IntegrityError:
            # Another press was quicker: look again and take what it made.
            continue
        return uuid
    raise Refused(_USED)


def _check_wait(course: Course, purpose: Purpose, past: Sequence[Tried], now: datetime) -> None:
    submitted = [one.submitted_at for one in past if one.submitted_at is not None]
    if wait := rules.may_start(purpose, submitted, course.rule, now):
        raise Refused(N_("Tes akhir dapat dicoba lagi pada %(moment)s."), moment=moment(wait.until))


def _attempt(
    learning: Learning, course: Course, purpose: Purpose, module: str, uuid: str, past: Sequence[Tried], now: datetime
) -> Attempt:
    seed = secrets.randbits(31)
    return Attempt(
        uuid=uuid,
        enrollment_id=learning.id,
        purpose=purpose,
        module=module,
        number=len(past) + 1,
        seed=seed,
        form=learning.form,
        draw=draw(course, purpose, module, learning.form, seed, [one.items for one in past]),
        started_at=now,
    )


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was sent: with a revision by our script, without one by a plain form."""

    item: str
    choice: Sequence[str]
    act: str
    revision: int | None = None


def save(session: Session, user_id: int, uuid: str, given: Given, now: datetime) -> Saved | None:
    """Saves an answer of an open attempt and returns what is stored now; None when there is no such attempt.

    An older revision changes nothing, and neither does the same act once more; without a revision the last one counts.
    """
    sitting = queries.sitting(session, user_id, uuid, hold=True)
    if sitting is None:
        return None
    check_open(sitting)
    said = {
        "attempt_id": sitting.id,
        "item": given.item,
        "choice": _allowed(course_queries.content(session, sitting.version_id), sitting, given),
        "act": given.act,
        "revision": 1 if given.revision is None else given.revision,
        "saved_at": now,
    }
    upsert = _UPSERTS[session.get_bind().dialect.name, given.revision is None]
    row = session.execute(upsert, said).first()
    return Saved(*row) if row else queries.answers(session, sitting.id)[given.item]


def _upsert(insert: Any, *, last_counts: bool) -> Any:
    """Saves the answer unless it is the same act again, or older; returns what it changed."""
    table: Any = Answer.__table__  # the table, not the class: rows are asked for, not objects
    now, first = table.c, insert(table).values({name: sa.bindparam(name) for name in table.columns.keys()})  # noqa: SIM118 (a collection of columns, no dict)
    new = first.excluded
    same = sa.and_(now.act == new.act, sa.cast(now.choice, sa.Text) == sa.cast(new.choice, sa.Text))
    newer = sa.true() if last_counts else now.revision <= new.revision
    revision = now.revision + 1 if last_counts else new.revision
    return first.on_conflict_do_update(
        index_elements=[now.attempt_id, now.item],
        set_={"choice": new.choice, "act": new.act, "revision": revision, "saved_at": new.saved_at},
        where=sa.and_(sa.not_(same), newer),
    ).returning(now.item, now.choice, now.revision)


# Built once: putting this statement together costs as much as sending it.
_UPSERTS = {
    (name, last_counts): _upsert(dialect.insert, last_counts=last_counts)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
    for last_counts in (True, False)
}


def check_open(sitting: Sitting) -> None:
    """Refuses what comes after the end of an attempt."""
    if sitting.submitted_at is not None:
        raise Refused(rules.CLOSED)
    if sitting.stale:
        raise Refused(enrollment_rules.PRE_CLOSED)


def _allowed(course: Course, sitting: Sitting, given: Given) -> list[str]:
    """The choice in one spelling; only options of a question that this attempt asks."""
    item = next((one for one in sitting.items(course) if one.id == given.item), None)
    if item is None:
        raise Refused(N_("Soal ini tidak ada di percobaan ini. Muat ulang halamannya."))
    chosen = canonical(item, given.choice)
    if not chosen and item.kind == "single_choice":
        raise Refused(N_("Pilih satu jawaban untuk soal ini."))
    return chosen


def submit(session: Session, user_id: int, uuid: str, now: datetime) -> Sitting | None:
    """Closes the attempt and scores what was saved, once; None when there is no such attempt."""
    sitting = queries.sitting(session, user_id, uuid, hold=True)
    if sitting is None or sitting.submitted_at is not None:
        return sitting
    check_open(sitting)
    course = course_queries.content(session, sitting.version_id)
    answers = queries.answers(session, sitting.id)
    given = {item: saved.choice for item, saved in answers.items()}
    percent = rules.score(sitting.items(course), given).percent
    # A pre-test measures; nobody passes it.
    passed = None if sitting.purpose == "pre" else rules.passed(percent, rules.mark_of(sitting.purpose, course.rule))
    earlier = [
        one
        for one in queries.attempts(session, sitting.enrollment_id, sitting.purpose, sitting.module)
        if one.submitted_at is not None
    ]
    closed = session.scalar(
        sa.update(Attempt)
        .where(Attempt.id == sitting.id, Attempt.submitted_at.is_(None))
        .values(submitted_at=now, score=percent, passed=passed)
        .returning(Attempt.id)
    )
    if closed is not None:
        first_done = False
        if passed or sitting.purpose == "pre":
            key = step_key(sitting.purpose, sitting.module)
            first_done = enrollment_actions.finish_step(session, sitting.enrollment_id, key, uuid, percent, now)
        # The step is done once, whatever passes at the same moment or passed by a regrade: it says which pass is first.
        _record(session, sitting, earlier, percent, bool(passed), bool(passed) and first_done, now)
    return queries.sitting(session, user_id, uuid)


def _record(
    session: Session,
    sitting: Sitting,
    earlier: Sequence[Tried],
    percent: float,
    passed: bool,
    first_pass: bool,
    now: datetime,
) -> None:
    first = not earlier
    before = None
    if sitting.purpose == "post" and first:
        taken = queries.attempts(session, sitting.enrollment_id, "pre", "")
        before = next((one.score for one in taken if one.score is not None), None)
    journal.record(
        session,
        "attempt",
        now,
        person=sitting.user_id,
        course=sitting.slug,
        pillar=sitting.pillar,
        version=sitting.version,
        purpose=sitting.purpose,
        module=sitting.module,
        score=percent,
        passed=passed,
        first=first,
        first_pass=first_pass,
        pre=before,
    )
