"""What the figures of questions cost: the same for ten people and thousands, for one version and many."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.bank import queries
from tests.bank.crowd import a_class, all_right, by_ability
from tests.bank.test_items_page import ITEMS, RECENT, rows
from tests.builders_course import a_course_files
from tests.builders_rows import a_version
from tests.inspector import visit


def test_a_thousand_people_cost_as_many_statements_as_ten(
    db: Session, budi: FlaskClient, queries_made: Callable[[], Any]
) -> None:
    version = a_version(db)
    made: Mapping[str, list[int]] = {"": [], "?modul=pesan&kuis=kuis": [], "/pesan-kuis-1": []}
    db.commit()
    visit(budi, ITEMS)
    for many in (10, 1_000):
        a_class(db, version, many, by_ability(many), at=RECENT)
        for place, counts in made.items():
            with queries_made() as statements:
                visit(budi, ITEMS + place)
            counts.append(len(statements))
    assert all(before == after <= 6 for before, after in made.values()), made


def test_of_very_many_attempts_the_newest_count(
    db: Session, budi: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = a_version(db)
    a_class(db, version, 30, lambda _: {}, at=RECENT - timedelta(days=9))
    a_class(db, version, 20, all_right, at=RECENT)
    monkeypatch.setattr(queries, "MOST_ATTEMPTS", 20)
    assert rows(visit(budi, ITEMS))["pesan-kuis-1"][1:3] == ["20", "100%"]


@pytest.mark.parametrize("item", ["pesan-lama", "tidak-ada"])
def test_an_old_question_and_none_are_looked_up_in_as_many_statements_for_many_versions(
    app: Flask, db: Session, budi: FlaskClient, queries_made: Callable[[], Any], item: str
) -> None:
    files = a_course_files()
    old = {path: text.replace("#pesan-kuis-1 ", "#pesan-lama ") for path, text in files.items()}
    a_version(db, number=1, files=old)
    counts = []
    for numbers in ((2, 3), (4, 5, 6, 7)):
        for number in numbers:
            a_version(db, number=number)
        db.commit()
        app.extensions.pop("courses", None)
        with queries_made() as made:
            assert budi.get(f"{ITEMS}/{item}").status_code == (200 if item == "pesan-lama" else 404)
        counts.append(len(made))
    assert counts[0] == counts[1], counts
