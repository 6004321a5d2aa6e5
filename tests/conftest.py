"""The cast, their signed-in clients, the databases, and the page inspector's tools."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import event
from sqlalchemy.orm import Session

from app import commands, create_app
from tests import builders, databases, once
from tests.databases import Postgres, settings_for

# Properties are tried with 40 examples; EXAMPLES=1000 make test tries them harder.
hypothesis.settings.register_profile(
    "house", parent=hypothesis.settings(), max_examples=int(os.environ.get("EXAMPLES", "40")), deadline=None
)
hypothesis.settings.load_profile("house")

# A test leaves little behind; looking for it after every few hundred objects took a sixth of the time.
gc.freeze()
gc.set_threshold(50_000, 20, 50)
# The wheel asks where to keep sockets, and warns when nobody says.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="cakap-"))
BOTH = ("sqlite", "postgres")
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_QUIETLY = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
once.for_all()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files of few long tests come first, or the last of them would keep one worker while the others have gone home.

    Those that mostly wait stand among those that keep the machine busy.
    """
    items.sort(key=lambda item: next((n for n, file in enumerate(_LONG) if item.nodeid.startswith(file)), len(_LONG)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file stays with one worker, and so does all that visits the town, which takes long to build."""
    from xdist.scheduler import LoadFileScheduling

    class OneTown(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "tests/browser" if nodeid.startswith("tests/browser/") else str(super()._split_scope(nodeid))

    return OneTown(config, log)


_LONG = (
    "tests/browser/", "tests/test_clock.py", "tests/house/test_hostile", "tests/test_kill.py",
    "tests/house/test_doors.py", "tests/quiz/test_script", "tests/course/test_hostile", "tests/test_serve.py",
    "tests/signer/",
)  # fmt: skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Everything that touches the database runs on both; browser journeys run on SQLite."""
    if "database" in metafunc.fixturenames:
        alone = {"browser": "sqlite", "sqlite": "sqlite", "postgres": "postgres"}
        only = [kind for marker, kind in alone.items() if metafunc.definition.get_closest_marker(marker)]
        metafunc.parametrize("database", only[:1] or BOTH, indirect=True)


@pytest.fixture
def _push_request_context() -> None:
    """Requests meet a clean house: pytest-flask would keep one context, and with it one user, open."""


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.sqlite_template(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Postgres:
    return Postgres(tmp_path_factory.mktemp("pgdata"))


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database."""
    if request.param == "sqlite":
        yield databases.copied(request.getfixturevalue("sqlite_template"), tmp_path / "test.sqlite3")
        return
    server: Postgres = request.getfixturevalue("postgres")
    if request.node.get_closest_marker("own_database") is None:
        yield server.swept()
        return
    with server.own() as address:
        yield address


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


# Not for the session: what drives it keeps an event loop running, in which pyHanko cannot run its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium without a window, one a file: to start one takes longer than most tests in it."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        missing("Chromium", "install it with: apt-get install chromium-headless-shell")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=_QUIETLY)
        yield started
        started.close()


@pytest.fixture
def queries_made(app: Flask) -> Callable[[], Any]:
    """`with queries_made() as made:` collects the SQL statements of this application."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        made: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA", "SET LOCAL", "SAVEPOINT", "RELEASE", "ROLLBACK")):
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
