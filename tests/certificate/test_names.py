"""One rule for the name on a paper, whichever way it is issued."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.certificate import actions, batches, choosing, lifecycle
from app.certificate.choosing import Wish
from app.certificate.rules import PASSED
from app.enrollment import queries
from tests.builders import NOON, a_person
from tests.certificate.cast import certified, claim, finish, rows, writing

Door = Callable[[Flask, int, str], None]


def by_herself(app: Flask, enrollment: int, slug: str) -> None:
    claim(app, enrollment, "Nama Lain")


def at_the_desk(app: Flask, enrollment: int, slug: str) -> None:
    with writing(app) as session:
        learning = queries.by_id(session, enrollment)
        assert learning is not None
        actions.issue(session, learning, "Nama Lain", PASSED, NOON, app.config)


def with_a_class(app: Flask, enrollment: int, slug: str) -> None:
    with writing(app) as session:
        batches.make(session, str(uuid4()), slug, PASSED, "Kelas", {enrollment: "Nama Lain"}, None, NOON)
    with app.app_context():
        batches.do_due(app.extensions["db"], app.config, NOON)


@pytest.fixture
def sari(app: Flask, db: Session) -> User:
    """Sari has a paper, and another name in her account since."""
    person = a_person(db, "Sari Contoh")
    certified(app, db, person, "satu")
    person.name = "Sari Menikah"
    db.commit()
    return person


def correct(app: Flask, code: str, name: str) -> None:
    with writing(app) as session:
        lifecycle.correct(session, code, name, "Ejaan.", seen=1, by=None, now=NOON, settings=app.config)


def chosen(app: Flask, slug: str) -> list[tuple[str, bool]]:
    """As the desk is shown who is ready: the name, and whether it stands on a paper."""
    with writing(app) as session:
        return [(one.name, one.confirmed) for one in choosing.people(session, Wish(slug)).ready]


def papers(db: Session) -> dict[str, str]:
    """The name on each paper, by its code, in order of issue."""
    found = {row.code: row.holder for row in rows(db)}
    db.rollback()
    return found


@pytest.mark.parametrize("door", [by_herself, at_the_desk, with_a_class])
def test_the_newest_paper_names_the_next_as_it_was_corrected(app: Flask, db: Session, sari: User, door: Door) -> None:
    door(app, finish(db, sari, "dua").id, "dua")
    assert list(papers(db).values()) == ["Sari Contoh", "Sari Contoh"]
    correct(app, list(papers(db))[1], "Sari Dewi")
    enrollment = finish(db, sari, "tiga").id
    assert chosen(app, "tiga") == [("Sari Dewi", True)]
    door(app, enrollment, "tiga")
    assert list(papers(db).values()) == ["Sari Contoh", "Sari Dewi", "Sari Dewi"]
    db.refresh(sari)
    assert sari.name == "Sari Menikah"


def test_a_revoked_paper_names_no_other(app: Flask, db: Session, sari: User) -> None:
    """It may have been revoked for its name: then the name is confirmed again."""
    (code,) = papers(db)
    with writing(app) as session:
        lifecycle.revoke(session, code, "Nama orang lain.", None, NOON)
    enrollment = finish(db, sari, "dua").id
    assert chosen(app, "dua") == [("Sari Menikah", False)]
    assert claim(app, enrollment, "Sari Baru").holder == "Sari Baru"
    db.refresh(sari)
    assert sari.name == "Sari Baru"
