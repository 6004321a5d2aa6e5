"""Which revision of the tables the database has, and which one this program wants; light enough for every worker."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def wanted() -> str:
    """The newest revision: migrations are numbered by hand, so the highest number is the head."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py")).split("_", 1)[0]


def found(engine: sa.Engine) -> str | None:
    """The revision the database is at, None when it is new."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def ready(engine: sa.Engine) -> bool:
    """Whether the database answers and its tables are at this program's revision."""
    return found(engine) == wanted()
