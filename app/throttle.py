"""Rate limits, counted in the database, so that they are exact over several processes.

Flask-Limiter does the bookkeeping; this is only a storage for it. RATE_LIMITS=redis://… uses Redis instead.
"""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import Storage
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

limiter = Limiter(key_func=get_remote_address, strategy="fixed-window", headers_enabled=False)


class Rate(Base):
    """How often a key was used in its current window."""

    __tablename__ = "rate"

    key: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]
    expires: Mapped[float] = mapped_column(sa.Double, index=True)


class DatabaseStorage(Storage):
    """Counts in the application's own database, one upsert a hit."""

    STORAGE_SCHEME = ["database"]  # noqa: RUF012 (the library reads it from the class)

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, *, engine: sa.Engine, **_: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self.engine = engine

    @property
    def base_exceptions(self) -> type[Exception]:
        return sa.exc.SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = time.time()
        insert = (postgresql if self.engine.dialect.name == "postgresql" else sqlite).insert(Rate)
        fresh = Rate.expires < now
        counted = (
            insert.values(key=key, n=amount, expires=now + expiry)
            .on_conflict_do_update(
                index_elements=[Rate.key],
                set_={
                    "n": sa.case((fresh, amount), else_=Rate.n + amount),
                    "expires": sa.case((fresh, now + expiry), else_=Rate.expires),
                },
            )
            .returning(Rate.n)
        )
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            return int(connection.execute(counted).scalar_one())

    def get(self, key: str) -> int:
        query = sa.select(Rate.n).where(Rate.key == key, Rate.expires >= time.time())
        with self.engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)

    def get_expiry(self, key: str) -> float:
        with self.engine.connect() as connection:
            return float(connection.execute(sa.select(Rate.expires).where(Rate.key == key)).scalar() or time.time())

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            return connection.execute(sa.delete(Rate)).rowcount

    def clear(self, key: str) -> None:
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            connection.execute(sa.delete(Rate).where(Rate.key == key))


def forget_expired(engine: sa.Engine) -> None:
    """Removes windows that are over."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(sa.delete(Rate).where(Rate.expires < time.time()))


def init_app(app: Flask) -> None:
    """Connects the limiter to this application's database, or to what RATE_LIMITS names."""
    app.config["RATELIMIT_STORAGE_URI"] = app.config["RATE_LIMITS"]
    if app.config["RATE_LIMITS"].startswith("database:"):
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {"engine": app.extensions["db"]}
    limiter.init_app(app)
