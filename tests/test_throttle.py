"""Rate limits are counted in the database: exact, whoever counts and however many count at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from limits import parse
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.orm import Session

from app.db import make_engine
from app.throttle import DatabaseStorage, Rate, forget_expired

LIMIT = parse("60 per minute")


@pytest.fixture
def nodes(app: Flask, database: str) -> Iterator[list[FixedWindowRateLimiter]]:
    """Two machines of one service, each with connections of its own."""
    engines = [make_engine(database) for _ in range(2)]
    yield [FixedWindowRateLimiter(DatabaseStorage(engine=engine)) for engine in engines]
    for engine in engines:
        engine.dispose()


def test_two_machines_and_eight_hands_share_one_exact_limit(nodes: list[FixedWindowRateLimiter], db: Session) -> None:
    start, allowed, wrong = threading.Barrier(8), list[bool](), list[Exception]()

    def knock(node: FixedWindowRateLimiter) -> None:
        start.wait()
        try:
            for _ in range(20):
                allowed.append(node.hit(LIMIT, "sari"))
        except Exception as error:
            wrong.append(error)

    hands = [threading.Thread(target=knock, args=(nodes[number % 2],)) for number in range(8)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert wrong == []
    assert (len(allowed), sum(allowed)) == (160, 60)
    assert db.scalars(sa.select(Rate.n)).all() == [160]


def test_one_persons_tries_are_not_anothers(nodes: list[FixedWindowRateLimiter]) -> None:
    here, there = nodes
    once = parse("1 per minute")
    assert here.hit(once, "sari")
    assert not there.hit(once, "sari")
    assert there.hit(once, "joko")
    assert not here.test(once, "joko")
    assert here.test(once, "budi")


def test_a_window_that_is_over_begins_anew(nodes: list[FixedWindowRateLimiter], db: Session) -> None:
    here, there = nodes
    short = parse("2 per second")
    assert [here.hit(short, "sari") for _ in range(3)] == [True, True, False]
    db.execute(sa.update(Rate).values(expires=time.time() - 0.001))
    db.commit()
    assert there.test(short, "sari")
    assert [there.hit(short, "sari") for _ in range(3)] == [True, True, False]


def test_a_long_window_is_not_pushed_further_by_more_tries(nodes: list[FixedWindowRateLimiter], db: Session) -> None:
    here, there = nodes
    here.hit(LIMIT, "sari")
    ends = db.scalar(sa.select(Rate.expires))
    db.rollback()
    there.hit(LIMIT, "sari")
    assert db.scalar(sa.select(Rate.expires)) == ends
    assert abs(here.get_window_stats(LIMIT, "sari").reset_time - time.time() - 60) < 5


def test_a_try_can_be_given_back_and_a_count_forgotten(nodes: list[FixedWindowRateLimiter]) -> None:
    here, there = nodes
    for _ in range(3):
        here.hit(LIMIT, "sari")
    here.hit(LIMIT, "sari", cost=-1)
    assert there.get_window_stats(LIMIT, "sari").remaining == 58
    there.clear(LIMIT, "sari")
    assert here.get_window_stats(LIMIT, "sari").remaining == 60


def test_only_windows_that_are_over_are_forgotten(app: Flask, nodes: list[FixedWindowRateLimiter], db: Session) -> None:
    nodes[0].hit(LIMIT, "sari")
    db.add(Rate(key="lama", n=9, expires=time.time() - 1))
    db.commit()
    forget_expired(app.extensions["db"])
    assert [key for key in db.scalars(sa.select(Rate.key)) if "sari" in key or "lama" in key] != []
    assert "lama" not in list(db.scalars(sa.select(Rate.key)))
