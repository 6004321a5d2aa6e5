"""Starting an attempt, saving an answer, submitting."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.course import queries as course_queries
from app.course.item import Item
from app.course.responses import canonical, tokens
from app.course.shapes import Course
from app.db import rows
from app.enrollment import rules as enrollment_rules
from app.enrollment.queries import Learning
from app.errors import N_, Refused
from app.i18n import moment
from app.quiz import closing, drawn, queries, rules
from app.quiz.draw import draw
from app.quiz.drawn import Drawn
from app.quiz.models import Answer, Attempt
from app.quiz.queries import Past, Saved, Sitting
from app.quiz.rules import Purpose, TimeUp

FIELD = "pilihan"  # what the fields of an answer are called on the page of a question
_BEGUN = sa.insert(Attempt.__table__)  # type: ignore[arg-type]  # the table, not the class: no object is kept of it
_USED = N_("Formulir ini sudah pernah dipakai. Muat ulang halamannya, lalu tekan mulai sekali lagi.")


def start(
    session: Session, learning: Learning, course: Course, purpose: Purpose, module: str, uuid: str, now: datetime
) -> str:
    """Starts an attempt and returns its UUID; an open one is resumed, and starting twice is starting once.

    One that is open although its time is up is submitted and returned: whoever presses sees first what came of it.
    """
    step = next((one for one in enrollment_rules.steps(course) if one.key == rules.step_key(purpose, module)), None)
    if step is None:
        raise Refused(N_("Langkah ini tidak ada di versi kursus yang Anda ikuti."))
    deadline = _deadline(session, learning, course, purpose, now)
    for _ in range(3):
        past = queries.past(session, learning.id, purpose, module, uuid)
        # The same press again, or one that is still open.
        already = uuid if past.same else past.open
        if already and already == past.open and past.late(now):
            closing.time_up(session, learning.user_id, already, now)
            return already
        closed = enrollment_rules.may_open(course, learning.progress, step)
        if already and (already != past.open or closed is None):
            return already
        if closed is not None:
            raise Refused(closed)
        if purpose == "pre" and past.count:
            raise Refused(enrollment_rules.PRE_TAKEN)  # submitted since the progress was read
        _check_wait(course, purpose, past, now)
        try:
            with session.begin_nested():
                before = queries.asked_before(session, learning.id, purpose, module) if past.count else []
                made = _attempt(learning, course, purpose, module, uuid, past.count + 1, before, deadline, now)
                rows(session, _BEGUN, made)
        except IntegrityError:
            # Another press was quicker: look again and take what it made.
            continue
        drawn.remember(uuid, learning.user_id, learning.version_id, deadline, made["draw"])
        return uuid
    raise Refused(_USED)


def _check_wait(course: Course, purpose: Purpose, past: Past, now: datetime) -> None:
    if wait := rules.may_start(purpose, past.submitted, past.last_at, course.rule, now):
        raise Refused(N_("Tes akhir dapat dicoba lagi pada %(moment)s."), moment=moment(wait.until))


def _deadline(session: Session, learning: Learning, course: Course, purpose: Purpose, now: datetime) -> datetime | None:
    """Until when an attempt that begins now may take, with this person's extra time; the grace comes on top."""
    minutes = rules.terms_of(purpose, course).minutes
    return now + rules.limit(minutes, queries.extra_percent(session, learning.user_id)) if minutes else None


def _attempt(
    learning: Learning,
    course: Course,
    purpose: Purpose,
    module: str,
    uuid: str,
    number: int,
    before: Sequence[Sequence[str]],
    deadline: datetime | None,
    now: datetime,
) -> dict[str, Any]:
    seed = secrets.randbits(31)
    return {
        "uuid": uuid,
        "enrollment_id": learning.id,
        "purpose": purpose,
        "module": module,
        "number": number,
        "seed": seed,
        "form": learning.form,
        "draw": draw(course, purpose, module, learning.form, seed, before),
        "started_at": now,
        "deadline_at": deadline,
    }


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was sent: in tokens and with a revision by our script, in `fields` by a plain form."""

    item: str
    choice: Sequence[str]
    act: str
    revision: int | None = None
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept(Saved):
    """What is stored after saving, and how far it answers the question."""

    state: rules.State


def save(session: Session, user_id: int, uuid: str, given: Given, now: datetime) -> Kept | None:
    """Saves an answer of an open attempt and returns what is stored now; None when there is no such attempt.

    An older revision changes nothing, and neither does the same act once more; without a revision the last one counts.
    """
    sitting, known = None, drawn.remembered(uuid, user_id)
    if known is None or known.late(now):
        if (sitting := _open(session, user_id, uuid, now)) is None:
            return None
        known = drawn.remember(uuid, user_id, sitting.version_id, sitting.deadline_at, sitting.draw)
    try:
        item = _asked(course_queries.content(session, known.version_id), known, given)
        choice = _allowed(item, given)
    except Refused:
        # That an attempt is closed is said before anything that is wrong with an answer to it.
        if sitting is None and _open(session, user_id, uuid, now) is None:
            return None
        raise
    said = {
        "of": uuid,
        "user_id": user_id,
        "item": given.item,
        "choice": choice,
        "act": given.act,
        "revision": 1 if given.revision is None else given.revision,
        "saved_at": now,
    }
    row = rows(session, _UPSERTS[session.get_bind().dialect.name, given.revision is None], said).first()
    if row is not None:
        saved = Saved(*row)
    elif (sitting := sitting or _open(session, user_id, uuid, now)) is not None:
        saved = queries.answers(session, sitting.id)[given.item]
    else:
        return None
    return Kept(saved.item, saved.choice, saved.revision, rules.state_of(item, saved.choice))


def _open(session: Session, user_id: int, uuid: str, now: datetime) -> Sitting | None:
    """This person's attempt, held; what is closed is refused."""
    sitting = queries.sitting(session, user_id, uuid, hold=True)
    if sitting is not None:
        check_open(sitting, now)
    return sitting


def _upsert(insert: Any, *, last_counts: bool) -> Any:
    """Holds the attempt if it is open and saves the answer unless it is the same act again, or older.

    Returns what it changed. Who saves and who submits stand in one line: what comes after the end finds nothing open.
    """
    table: Any = Answer.__table__  # the table, not the class: rows are asked for, not objects
    now = table.c
    facts = (sa.bindparam(name, type_=now[name].type) for name in ("item", "choice", "act", "revision", "saved_at"))
    first = insert(table).from_select(
        ["attempt_id", "item", "choice", "act", "revision", "saved_at"], queries.open_attempt(*facts)
    )
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


def check_open(sitting: Sitting, now: datetime) -> None:
    """Refuses what comes after the end of an attempt."""
    if sitting.submitted_at is not None:
        raise Refused(rules.TIME_UP if sitting.timed_out else rules.CLOSED)
    if sitting.late(now):
        raise TimeUp
    if sitting.stale:
        raise Refused(enrollment_rules.PRE_CLOSED)


def _asked(course: Course, known: Drawn, given: Given) -> Item:
    """The question, which this attempt must ask."""
    item = course.item(given.item) if given.item in known.items else None
    if item is None:
        raise Refused(N_("Soal ini tidak ada di percobaan ini. Muat ulang halamannya."))
    return item


def _allowed(item: Item, given: Given) -> list[str]:
    """The choice in one spelling; only options of this question."""
    chosen = canonical(item, tokens(item, given.fields, FIELD) if given.fields else given.choice)
    if not chosen and item.kind == "single_choice":
        raise Refused(N_("Pilih satu jawaban untuk soal ini."))
    return chosen


def submit(session: Session, user_id: int, uuid: str, now: datetime) -> Sitting | None:
    """Closes the attempt and scores what was saved, once; None when there is no such attempt."""
    sitting = queries.sitting(session, user_id, uuid, hold=True)
    if sitting is None or sitting.submitted_at is not None:
        return sitting
    if not sitting.late(now):
        check_open(sitting, now)
    return closing.close(session, sitting, now)
