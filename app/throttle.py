"""Rate limits, counted in the database, so that they are exact over several processes.

The library `limits` does the bookkeeping; this is only a storage for it. RATE_LIMITS=redis://… uses Redis instead.
"""

from __future__ import annotations

import logging
import time
from typing import Any

import sqlalchemy as sa
from flask import Flask, abort, current_app, request
from limits import RateLimitItem
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

log = logging.getLogger(__name__)


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


def strategy() -> FixedWindowRateLimiter:
    """The counters of this application."""
    found: FixedWindowRateLimiter = current_app.extensions["throttle"]
    return found


def enabled() -> bool:
    """Whether tries are counted here; tests of other things leave that off."""
    return bool(current_app.config["COUNT_TRIES"])


def here() -> str:
    """The address this request comes from."""
    return request.remote_addr or "127.0.0.1"


def count(item: RateLimitItem, *who: str) -> None:
    """Counts one try; too many end here with 429."""
    if enabled() and not strategy().hit(item, *who):
        log.warning("limit %s reached at %s from %s", item, request.endpoint, here())
        abort(429)


def init_app(app: Flask) -> None:
    """Connects the counters to this application's database, or to what RATE_LIMITS names."""
    app.config.setdefault("COUNT_TRIES", True)
    place = app.config["RATE_LIMITS"]
    options = {"engine": app.extensions["db"]} if place.startswith("database:") else {}
    app.extensions["throttle"] = FixedWindowRateLimiter(storage_from_string(place, **options))
