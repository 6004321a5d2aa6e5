"""Alembic's entry: the engine and the models of this application."""

from __future__ import annotations

from alembic import context

from app.db import Base, engine
from app.tables import ALL

assert ALL, "every slice's tables are known"

with engine().connect().execution_options(writes=True) as connection:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET lock_timeout = '10s'")
        connection.commit()
    else:
        # SQLite changes a table by making it anew; dropping the old one would take the rows that point to it along.
        # So foreign keys are off on this connection, which serves nobody else afterwards, and checked at the end.
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys = OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_server_default=True,
        user_module_prefix="app.db.",
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
            if connection.dialect.name == "sqlite":
                orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                assert not orphans, f"rows point to nothing: {orphans[:5]}"
    finally:
        connection.rollback()
        if connection.dialect.name == "sqlite":
            connection.invalidate()
