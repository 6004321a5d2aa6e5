"""A class of people who took a quiz, put straight into the tables: as many as a test of figures needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.course.models import CourseVersion
from app.enrollment.models import Enrollment
from app.quiz.models import Answer, Attempt
from app.quiz.rules import score
from tests.builders import NOON, password_hash
from tests.enrollment.cast import parsed

COURSE = parsed()
QUIZ = [f"pesan-kuis-{n}" for n in range(1, 5)]
BANK = [f"{module}-tes-{n}" for module in ("pesan", "pintu") for n in (1, 2)]
# What the person of this number chooses for each question asked; an empty choice is a saved answer taken back.
Answers = Mapping[str, Sequence[str]]
Behaviour = Callable[[int], Answers]


def keys(item: str) -> list[str]:
    found = COURSE.item(item)
    assert found is not None
    return sorted(found.keys)


def by_ability(seed: int = 1, share: float = 0.65) -> Behaviour:
    """The able are right more often; one in twenty questions is left out."""
    known: dict[int, Answers] = {}
    chance = Random(seed)

    def answers(n: int) -> Answers:
        if n not in known:
            able = chance.gauss(share, 0.25)
            known[n] = {
                item: keys(item) if chance.random() < able else [chance.choice("abc")]
                for item in QUIZ
                if chance.random() > 0.05
            }
        return known[n]

    return answers


def all_right(_: int) -> Answers:
    return {item: keys(item) for item in QUIZ}


def people(db: Session, many: int, start: int = 0) -> list[int]:
    """So many new residents."""
    rows = [
        {
            "name": f"Zuleha Nomor {n}", "search": f"zuleha nomor {n}", "username": f"zuleha{uuid4().hex}",
            "password_hash": password_hash(), "region": "64.74.01.1001", "birth_year": 1990,
            "adult_declared_at": NOON, "created_at": NOON, "roles": "resident",
        }
        for n in range(start, start + many)
    ]  # fmt: skip
    return list(db.scalars(sa.insert(User).returning(User.id, sort_by_parameter_order=True), rows))


def enrolled(db: Session, version: CourseVersion, persons: Sequence[int]) -> list[int]:
    """Their enrollments."""
    rows = [
        {"user_id": one, "version_id": version.id, "form": "A", "started_at": NOON, "touched_at": NOON, "at_step": ""}
        for one in persons
    ]
    return list(db.scalars(sa.insert(Enrollment).returning(Enrollment.id, sort_by_parameter_order=True), rows))


def took(
    db: Session,
    enrollments: Sequence[int],
    behaviour: Behaviour,
    purpose: str = "quiz",
    module: str = "pesan",
    *,
    items: Sequence[str] = tuple(QUIZ),
    number: int = 1,
    at: datetime = NOON,
    pace: int = 20,
    files: Mapping[str, str] | None = None,
) -> None:
    """Each of them submits an attempt; one answer every `pace` seconds, in the order asked."""
    course = parsed(files)
    questions = [course.item(item) for item in items]
    attempts, answers, of = [], [], module if purpose == "quiz" else ""
    for n, enrollment in enumerate(enrollments):
        given = behaviour(n)
        begun = at + timedelta(minutes=n % 500)
        worth = score([one for one in questions if one is not None], given).percent
        attempts.append({
            "uuid": str(uuid4()), "enrollment_id": enrollment, "purpose": purpose, "module": of,
            "number": number, "seed": 1, "form": "", "draw": [[item, []] for item in items], "started_at": begun,
            "submitted_at": begun + timedelta(hours=1), "score": worth, "passed": None, "timed_out": False,
        })  # fmt: skip
    ids = list(db.scalars(sa.insert(Attempt).returning(Attempt.id, sort_by_parameter_order=True), attempts))
    for n, (attempt, row) in enumerate(zip(ids, attempts, strict=True)):
        for place, (item, choice) in enumerate(behaviour(n).items(), start=1):
            answers.append({
                "attempt_id": attempt, "item": item, "choice": list(choice), "act": str(uuid4()), "revision": 1,
                "saved_at": row["started_at"] + timedelta(seconds=pace * place),
            })  # fmt: skip
    if answers:
        db.execute(sa.insert(Answer), answers)
    db.commit()


def a_class(db: Session, version: CourseVersion, many: int, behaviour: Behaviour, **more: Any) -> list[int]:
    """New residents who enrol in this version and take one quiz; returns their enrollments."""
    made = enrolled(db, version, people(db, many))
    took(db, made, behaviour, **more)
    return made
