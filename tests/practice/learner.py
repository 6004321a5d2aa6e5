"""What tests about practising share: a module that was completed so long ago, answering a page, what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import clock
from app.enrollment.models import StepDone
from app.enrollment.queries import Learning
from app.practice.models import PracticeAnswer, Recall
from tests.enrollment.cast import LEARN, events, finish, learn, parsed, whole
from tests.inspector import Page, send, visit

COURSE = parsed()
DAY = timedelta(days=1)
RECALL, SET = f"{LEARN}/pesan/kilas-balik", f"{LEARN}/pesan/latihan"


def completed(app: Flask, db: Session, client: FlaskClient, *modules: str, ago: timedelta = 3 * DAY) -> Learning:
    """This person completed these modules of the small course so long ago."""
    learning = finish(app, db, learn(app, db, client), *whole(*modules), score=80)
    move(db, learning, ago)
    return learning


def move(db: Session, learning: Learning, ago: timedelta) -> None:
    """Every step of theirs was done so long ago."""
    mine = sa.update(StepDone).where(StepDone.enrollment_id == learning.id)
    db.execute(mine.values(done_at=clock.now() - ago).execution_options(synchronize_session=False))
    db.commit()


def asked(page: Page) -> list[str]:
    """The questions of a page in their order."""
    return [str(one["value"]) for one in page.soup.select('input[name="soal"]')]


def answers_to(page: Page, right: int | None = None) -> dict[str, Any]:
    """The form of a page filled in, the first `right` questions rightly (all when None)."""
    sent: dict[str, Any] = {
        str(one["name"]): one["value"] for one in page.soup.select("main input[type=hidden]") if one["name"] != "soal"
    }
    sent["soal"] = asked(page)
    for n, name in enumerate(asked(page), 1):
        item = COURSE.item(name)
        assert item is not None
        wrong = [option.id for option in item.options if not option.correct][:1]
        sent[f"jawaban-{n}"] = sorted(item.keys) if right is None or n <= right else wrong
    return sent


def recall(client: FlaskClient, right: int | None = None, address: str = RECALL) -> Page:
    """Answers the Kilas Balik that waits and opens what came out."""
    return visit(client, send(client, address, 302, **answers_to(visit(client, address), right)).location)


def practise(client: FlaskClient, *, right: bool = True, address: str = SET, lagi: bool = False) -> Page:
    """Answers the next question of the set and opens the reply."""
    page = visit(client, f"{address}?lagi=1" if lagi else address)
    return visit(client, send(client, address, 302, **answers_to(page, int(right))).location)


def recalls(db: Session) -> list[Recall]:
    """What is stored; the test's own transaction ends, so that others may write."""
    return _rows(db, sa.select(Recall).order_by(Recall.done_at))


def kinds(db: Session) -> list[str]:
    """What the journal holds."""
    found = [event.kind for event in events(db)]
    db.rollback()
    return found


def in_set(db: Session) -> list[PracticeAnswer]:
    return _rows(db, sa.select(PracticeAnswer).order_by(PracticeAnswer.id))


def _rows(db: Session, query: Any) -> list[Any]:
    db.rollback()
    found = list(db.scalars(query))
    for row in found:
        db.expunge(row)
    db.rollback()
    return found


def one_answer(item: str = "pesan-kuis-1", act: str = "", **more: Any) -> Mapping[str, Any]:
    """A form of the set as it is sent, rightly answered."""
    found = COURSE.item(item)
    assert found is not None
    return {"tindakan": act or str(uuid4()), "soal": item, "jawaban-1": sorted(found.keys)} | more
