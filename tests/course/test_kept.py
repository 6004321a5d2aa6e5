"""Versions in the memory of a process: read once, and never more than so many."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from app.course import queries
from tests.builders_rows import a_version


@pytest.fixture
def versions(app, db, monkeypatch):
    monkeypatch.setattr(queries, "MOST_KEPT", 2)
    made = [a_version(db, number=number).id for number in range(1, 5)]
    db.commit()
    app.extensions.pop("courses", None)
    return made


def test_many_versions_are_all_told_and_only_the_last_stay(app, db, versions, queries_made):
    with app.app_context():
        found = queries.contents(db, versions)
        assert list(found) == versions
        assert list(app.extensions["courses"]) == versions[-2:]
        with queries_made() as made:
            assert queries.content(db, versions[-1]) is found[versions[-1]]
        assert made == []
        assert queries.content(db, versions[0]).title == found[versions[0]].title
        assert list(app.extensions["courses"]) == [versions[-1], versions[0]]


def test_reading_at_once_keeps_no_more(app, versions):
    def read(n):
        with app.app_context(), app.extensions["db"].connect() as connection:
            return queries.contents(Session(connection), versions[n % 3 : n % 3 + 2]).keys()

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(read, range(40)))
    assert all(len(one) == 2 for one in said)
    assert len(app.extensions["courses"]) == 2
