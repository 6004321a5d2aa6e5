"""The migrations build exactly the tables that the models describe, all of them or none, there and back."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from app import create_app
from app.course.models import CourseVersion
from app.db import Base
from app.enrollment.models import Enrollment
from app.migrate import config, upgrade_to_head
from app.quiz.models import Answer, Attempt
from app.schema import found as current
from app.schema import wanted as head
from tests import builders
from tests.builders import NOON
from tests.databases import settings_for
from tests.house.tree import ROOT

pytestmark = pytest.mark.own_database
Facts = dict[str, Any]


@pytest.fixture
def empty(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """An application whose database has no table yet."""
    engine: sa.Engine = app.extensions["db"]
    if engine.dialect.name == "sqlite":
        bare = create_app(settings_for(f"sqlite:///{tmp_path / 'empty.sqlite3'}", tmp_path))
        yield bare
        bare.extensions["db"].dispose()
        return
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    yield app


def _plain(sql: str | None) -> str:
    """SQL without what the databases add when they give it back: casts, brackets, quotes, blanks."""
    text = re.sub(r"::[\w ]+(\[\])?", "", str(sql or "")).replace("ARRAY", "")
    text = re.sub(r"= ANY", "IN", text)
    return re.sub(r'[\s()\[\]"]', "", text).casefold()


def _described(engine: sa.Engine) -> dict[str, Facts]:
    """Every table as the database itself tells it: columns, keys, indexes and CHECK constraints."""
    look = sa.inspect(engine)
    tables: dict[str, Facts] = {}
    for table in look.get_table_names():
        if table == "alembic_version":
            continue
        indexes = {
            str(one["name"]): (
                tuple(one["column_names"]),
                bool(one["unique"]),
                _plain(next((str(v) for k, v in one.get("dialect_options", {}).items() if k.endswith("where")), "")),
            )
            for one in look.get_indexes(table)
        }
        tables[table] = {
            "columns": {
                one["name"]: (str(one["type"]), one["nullable"], _plain(one["default"]), one.get("autoincrement"))
                for one in look.get_columns(table)
            },
            "key": look.get_pk_constraint(table),
            "foreign": {
                str(one["name"]): (
                    tuple(one["constrained_columns"]),
                    one["referred_table"],
                    tuple(one["referred_columns"]),
                    one["options"],
                )
                for one in look.get_foreign_keys(table)
            },
            "unique": {str(one["name"]): tuple(one["column_names"]) for one in look.get_unique_constraints(table)},
            "checks": {str(one["name"]): _plain(one["sqltext"]) for one in look.get_check_constraints(table)},
            "indexes": indexes,
        }
    return tables


def _statements(engine: sa.Engine) -> dict[str, list[str]]:
    """The CREATE statements that SQLite keeps, definition by definition (their order says nothing)."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%'"
        ).all()
    return {name: sorted(_plain(line) for line in re.split(r",\s*\n", sql)) for name, sql in rows}


def test_upgrading_from_nothing_gives_what_the_models_describe(empty: Flask, tmp_path: Path) -> None:
    engine: sa.Engine = empty.extensions["db"]
    with empty.app_context():
        assert upgrade_to_head() is True
        command.check(config())
    migrated = _described(engine)
    wanted = sum(
        isinstance(one, sa.CheckConstraint) for table in Base.metadata.tables.values() for one in table.constraints
    )
    assert sum(len(table["checks"]) for table in migrated.values()) == wanted, "the databases tell the checks"
    if engine.dialect.name == "sqlite":
        other = sa.create_engine(f"sqlite:///{tmp_path / 'models.sqlite3'}")
        Base.metadata.create_all(other)
        assert _statements(engine) == _statements(other)
        assert migrated == _described(other)
        other.dispose()
        return
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    Base.metadata.create_all(engine)
    assert migrated == _described(engine)


def test_the_comparison_sees_a_check_that_differs(app: Flask) -> None:
    """The control: one CHECK less, and one that says something else."""
    engine: sa.Engine = app.extensions["db"]
    before = _described(engine)
    meta = sa.MetaData()
    sa.Table("probe", meta, sa.Column("n", sa.Integer), sa.CheckConstraint("n IN (1, 2)", name="ck_probe_n"))
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        meta.create_all(connection)
    after = _described(engine)
    assert set(after) - set(before) == {"probe"}
    assert "n" in after["probe"]["checks"]["ck_probe_n"]
    assert _plain("n IN (1, 2)") != _plain("n IN (1, 3)")


def test_there_is_one_head_and_one_way_to_it() -> None:
    scripts = ScriptDirectory.from_config(config())
    assert len(scripts.get_heads()) == 1
    line = [script.revision for script in scripts.walk_revisions()][::-1]
    assert line == [f"{number:04}" for number in range(1, len(line) + 1)]
    names = sorted(path.name for path in (ROOT / "migrations/versions").glob("*.py"))
    assert [name[:4] for name in names] == line, "files are numbered as their revisions"


def test_the_way_back_works_and_forth_again(app: Flask) -> None:
    engine: sa.Engine = app.extensions["db"]
    before = _described(engine)
    with app.app_context():
        command.downgrade(config(), "base")
        assert _described(engine) == {}
        assert upgrade_to_head() is True
    assert _described(engine) == before


def test_each_step_back_and_forth_gives_the_same_tables(app: Flask) -> None:
    engine: sa.Engine = app.extensions["db"]
    before = _described(engine)
    steps = [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()]
    with app.app_context():
        for revision in steps[1:]:
            command.downgrade(config(), revision)
            upgrade_to_head()
            assert _described(engine) == before, f"down to {revision} and up again"
            command.downgrade(config(), revision)
        upgrade_to_head()
    assert _described(engine) == before


def test_a_migration_that_breaks_leaves_nothing_half_done(empty: Flask) -> None:
    """At every fifth statement something goes wrong; what stays is a whole number of migrations."""
    engine: sa.Engine = empty.extensions["db"]
    whole = _sizes(empty)
    for nth in range(2, 32, 5):
        with empty.app_context():
            command.downgrade(config(), "base")
        _break_at(engine, nth, empty)
        assert len(_described(engine)) == whole[current(engine)], f"tables after breaking at statement {nth}"
    with empty.app_context():
        upgrade_to_head()
    assert current(engine) == head()


def _sizes(app: Flask) -> dict[str | None, int]:
    """How many tables there are at each revision."""
    engine: sa.Engine = app.extensions["db"]
    sizes: dict[str | None, int] = {None: 0}
    with app.app_context():
        for script in reversed(list(ScriptDirectory.from_config(config()).walk_revisions())):
            command.upgrade(config(), script.revision)
            sizes[script.revision] = len(_described(engine))
        command.downgrade(config(), "base")
    sizes[None] = len(_described(engine))
    return sizes


class _PlugPulled(BaseException):
    """Somebody stumbled over the cable."""


def _break_at(engine: sa.Engine, nth: int, app: Flask) -> None:
    seen = 0

    def pull(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal seen
        seen += statement.lstrip().startswith(("CREATE", "ALTER", "INSERT", "UPDATE"))
        if seen == nth:
            raise _PlugPulled

    event.listen(engine, "before_cursor_execute", pull)
    try:
        with app.app_context(), pytest.raises(_PlugPulled):
            upgrade_to_head()
    finally:
        event.remove(engine, "before_cursor_execute", pull)
        engine.dispose()


_KILLED = """
import os, sys
from sqlalchemy import event
from app import create_app
from app.migrate import upgrade_to_head
from tests.databases import settings_for
from pathlib import Path

app = create_app(settings_for(sys.argv[1], Path(sys.argv[2])))
left = int(sys.argv[3])

@event.listens_for(app.extensions["db"], "after_cursor_execute")
def count(_c, _cursor, statement, *_):
    global left
    left -= statement.lstrip().startswith(("CREATE", "INSERT", "UPDATE"))
    if left == 0:
        os.kill(os.getpid(), 9)

with app.app_context():
    upgrade_to_head()
"""


@pytest.mark.sqlite
@pytest.mark.parametrize("nth", [4, 25])
def test_a_killed_migration_completes_when_run_again(empty: Flask, tmp_path: Path, nth: int) -> None:
    engine: sa.Engine = empty.extensions["db"]
    whole = _sizes(empty)
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, url, str(tmp_path), str(nth)], cwd=ROOT, capture_output=True, text=True
    )
    assert killed.returncode == -9, killed.stderr
    assert len(_described(engine)) == whole[current(engine)]
    with empty.app_context():
        upgrade_to_head()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    assert len(_described(engine)) == whole[head()]


def test_a_migration_that_makes_a_table_anew_keeps_what_points_to_it(empty: Flask) -> None:
    """SQLite drops the old table; with foreign keys on, every answer of every attempt would go with it."""
    engine: sa.Engine = empty.extensions["db"]
    count = sa.text("SELECT count(*) FROM answer")
    with empty.app_context():
        upgrade_to_head()
        with Session(engine.execution_options(writes=True)) as session:
            person = builders.a_person(session)
            version = CourseVersion(
                slug="k", number=1, files={}, code="K", title="K", short_title="K", summary="", pillar="aman", level=1,
                jp=1, minutes=1, kb=1, modules=1, words="", checked_on=NOON.date(), published_at=NOON, note="",
            )  # fmt: skip
            session.add(version)
            session.flush()
            learning = Enrollment(user_id=person.id, version_id=version.id, form="A", started_at=NOON, touched_at=NOON)
            session.add(learning)
            session.flush()
            attempt = Attempt(
                uuid="u", enrollment_id=learning.id, purpose="pre", number=1, seed=1, draw=[], started_at=NOON
            )
            session.add(attempt)
            session.flush()
            session.add(Answer(attempt_id=attempt.id, item="a", choice=["b"], act="c", revision=1, saved_at=NOON))
            session.commit()
        command.downgrade(config(), "0009")
        with engine.connect() as connection:
            assert connection.scalar(count) == 1
        command.upgrade(config(), "head")
        with engine.connect() as connection:
            assert connection.scalar(count) == 1
            if engine.dialect.name == "sqlite":
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
