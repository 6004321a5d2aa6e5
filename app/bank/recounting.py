"""Writing what a regrade makes of attempts: scores, best scores, steps that are done by it, and who is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import journal
from app.bank import regrade_queries as queries
from app.bank.corrections import Counting
from app.bank.models import Regrade, RegradeChange
from app.bank.rescoring import Change, Effects, changes, corrections, mode_of
from app.course import queries as course_queries
from app.enrollment import actions as enrollment_actions
from app.enrollment.actions import Done
from app.enrollment.models import StepDone
from app.quiz.models import Attempt

_ATTEMPTS: Any = Attempt.__table__
_STEPS: Any = StepDone.__table__
_SCORES = (
    sa.update(_ATTEMPTS)
    .where(_ATTEMPTS.c.id == sa.bindparam("which"))
    .values(score=sa.bindparam("new_score"), passed=sa.bindparam("new_passed"))
)
_BEST = (
    sa.update(_STEPS)
    .where(_STEPS.c.enrollment_id == sa.bindparam("which"), _STEPS.c.step == sa.bindparam("key"))
    .where(sa.or_(_STEPS.c.score.is_(None), _STEPS.c.score < sa.bindparam("best")))
    .values(score=sa.bindparam("best"))
)


@dataclass(frozen=True, slots=True)
class _Work:
    """A regrade being made."""

    session: Session
    regrade: Regrade
    facts: dict[str, Any]
    effects: Effects
    now: datetime


def recount(
    session: Session, regrade: Regrade, now: datetime, *, since: datetime | None = None, most: int | None = None
) -> Effects:
    """Counts the attempts that this regrade has not counted yet, those submitted since then, at most `most` parts."""
    course = course_queries.content(session, regrade.from_version_id)
    made = queries.of_version(session, regrade.from_version_id)
    counting = Counting(course, corrections(session, made))
    facts = queries.facts_of(session, regrade.from_version_id)
    work = _Work(session, regrade, facts, Effects(mode_of(regrade)), now)
    parts = queries.parts(session, regrade.from_version_id, regrade.item, now, since=since, due=regrade)
    for number, part in enumerate(parts, 1):
        _write(work, changes(course, counting, work.effects.mode, part))
        if number == most:
            break
    _note(work)
    return work.effects


def _note(work: _Work) -> None:
    """Adds what it changed to what it had changed before."""
    done = work.effects
    if done.changed or done.passing:
        sums = {"raised": Regrade.raised + done.raised, "lowered": Regrade.lowered + done.lowered}
        work.session.execute(
            sa.update(Regrade)
            .where(Regrade.id == work.regrade.id)
            .values(sums | {"passed": Regrade.passed + done.passing})
            .execution_options(synchronize_session=False)
        )


def _write(work: _Work, found: Sequence[Change]) -> None:
    """Locks are taken in the order of saving and submitting: attempts (by the query), enrollments, then steps."""
    for change in found:
        work.effects.add(change)
    if found:
        work.session.execute(sa.insert(RegradeChange), [_row(work, change) for change in found])
    differing = [one for one in found if one.differs]
    if not differing:
        return
    work.session.execute(
        _SCORES,
        [{"which": one.attempt.id, "new_score": one.score, "new_passed": one.passed} for one in differing],
    )
    queries.hold_enrollments(work.session, {one.attempt.enrollment_id for one in differing})
    if newly := [one for one in differing if one.newly]:
        _pass(work, newly)
    if better := [_best(one) for one in differing if one.raises_best]:
        work.session.execute(_BEST, better)


def _row(work: _Work, change: Change) -> dict[str, Any]:
    return {
        "regrade_id": work.regrade.id,
        "attempt_id": change.attempt.id,
        "score_before": change.attempt.score,
        "score_after": change.score,
        "passed_before": change.attempt.passed,
        "passed_after": change.passed,
        "seen_at": None if change.told else work.now,
    }


def _best(change: Change) -> dict[str, Any]:
    return {"which": change.attempt.enrollment_id, "key": change.step, "best": change.score}


def _pass(work: _Work, newly: Sequence[Change]) -> None:
    """The steps of these attempts are done now, with all that follows, where no other attempt had done them."""
    done = [Done(one.attempt.enrollment_id, one.step, one.attempt.uuid, one.score) for one in newly]
    first = enrollment_actions.finish_steps(work.session, done, work.now)
    work.effects.newly_passed += len(first)
    events = []
    for change in newly:
        place = change.attempt.enrollment_id, change.step
        if place in first:
            first.remove(place)
            events.append(_passed(work, change))
    journal.record_all(work.session, events)


def _passed(work: _Work, change: Change) -> dict[str, Any]:
    """The figures count a first pass by this event, and no first test: that was counted when it was submitted."""
    one = change.attempt
    return journal.told(
        "attempt",
        work.now,
        one.user_id,
        **work.facts,
        purpose=one.purpose,
        module=one.module,
        score=change.score,
        passed=True,
        first=False,
        first_pass=True,
        pre=None,
        regraded=True,
    )
