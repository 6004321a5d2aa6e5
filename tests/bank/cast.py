"""What tests about appeals and regrades share: a course with a wrong key, its correction, and attempts at it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.bank import regrade as regrading
from app.bank.models import Appeal, Regrade, RegradeChange
from app.course.models import CourseVersion
from app.db import apart
from tests.builders import NOON
from tests.builders_course import a_course_files, a_question, a_question_file
from tests.builders_rows import a_version
from tests.enrollment.cast import SLUG, events
from tests.quiz import sitting

QUIZ_FILE = "1-pesan/kuis.md"
WRONG = "pesan-kuis-1"  # its key is `a`, and `b` after the correction
AGAIN = f"/menulis/{SLUG}/nilai-ulang"
WHY = "Pilihan B yang benar, bukan A."


def quiz_with(**keys: int) -> str:
    """The quiz of the first module in which every question is drawn, with these keys by number of the question."""
    places = {"1": 0, "2": 1} | {name.removeprefix("q"): place for name, place in keys.items()}
    return a_question_file(*(a_question(f"pesan-kuis-{n}", key=place) for n, place in places.items()))


def publish(db: Session, number: int, **keys: int) -> CourseVersion:
    """A version whose first quiz asks two questions, with these keys."""
    version = a_version(db, SLUG, number=number, files=a_course_files(**{QUIZ_FILE: quiz_with(**keys)}))
    db.commit()
    return version


def answered(app: Flask, db: Session, client: FlaskClient, at: Any = NOON, **choices: str) -> str:
    """A submitted attempt at the first quiz with these options chosen, by number of the question (`q1="b"`)."""
    uuid = begun(app, db, client, at, **choices)
    sitting.submit(app, db, client, uuid, at)
    return uuid


def begun(app: Flask, db: Session, client: FlaskClient, at: Any = NOON, **choices: str) -> str:
    """The same, not yet submitted."""
    uuid = sitting.begin(app, db, client, "quiz", "pesan", at)
    for name, option in choices.items():
        sitting.save(app, db, client, uuid, f"pesan-kuis-{name.removeprefix('q')}", [option], at=at)
    return uuid


def again(
    app: Flask, item: str = WRONG, before: int = 1, after: int = 2, mode: Any = "raise", uuid: str = "", at: Any = NOON
) -> int:
    """Counts attempts anew and returns the number of the regrade."""
    with app.app_context(), apart(app.extensions["db"]) as session:
        pair = regrading.examined(session, SLUG, item, before, after)
        return regrading.regrade(session, pair, mode, WHY, uuid or str(uuid4()), None, at).id


def preview(app: Flask, item: str = WRONG, before: int = 1, after: int = 2, at: Any = NOON) -> regrading.Preview:
    """What counting anew would change."""
    with app.app_context(), apart(app.extensions["db"]) as session:
        return regrading.preview(session, regrading.examined(session, SLUG, item, before, after), at)


def with_key(files: Mapping[str, str], item: str, option: str) -> dict[str, str]:
    """These texts of a course in which this option, and no other, is the right one of a question of the bank."""
    text = files["bank.md"]
    start = text.index(f"{{#{item} ")
    end = text.find("\n## ", start)
    part = text[start : end if end > 0 else None]
    lines = [line.replace("- [x]", "- [ ]") for line in part.split("\n")]
    lines = [line.replace("- [ ]", "- [x]") if line.endswith(f"{{#{option}}}") else line for line in lines]
    return {**files, "bank.md": text.replace(part, "\n".join(lines))}


def told(db: Session, kind: str) -> list[dict[str, Any]]:
    """What the journal says of this kind, in order."""
    found = [event.data for event in events(db, kind)]
    db.rollback()
    return found


def rows(db: Session, table: type[Appeal] | type[Regrade] | type[RegradeChange]) -> list[Any]:
    """Every row of a table as it is now."""
    db.rollback()
    found = list(db.scalars(sa.select(table).execution_options(populate_existing=True)))
    for one in found:
        db.expunge(one)
    db.rollback()
    return found
