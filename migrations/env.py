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
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_server_default=True,
        user_module_prefix="app.db.",
    )
    with context.begin_transaction():
        context.run_migrations()
