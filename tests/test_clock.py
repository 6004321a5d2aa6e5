"""The server's clock jumps while people sit a quiz: nothing ends early, nothing stays open past its deadline.

The real server runs under libfaketime, which is told by a file what time it is; all other clocks go on as they were.
What a jump means: only the moment at which the server looks and the stored deadline decide. A clock set back gives more
time, never less; what was closed stays closed.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.models import LoginSession
from app.enrollment import actions as enrollments
from app.quiz.models import Attempt
from app.quiz.rules import GRACE, TIME_UP
from tests.builders import NOON, a_person, signed_in
from tests.builders_course import with_terms
from tests.conftest import missing
from tests.enrollment.cast import SLUG, lessons, publish
from tests.serving import Served
from tests.test_kill import Learner

LIMIT, HOUR, DAY = timedelta(minutes=20), timedelta(hours=1), timedelta(days=1)
_LIBRARIES = ("usr/lib/*/faketime/libfaketimeMT.so.1", "usr/lib*/faketime/libfaketimeMT.so.1")


def library() -> str:
    """Where libfaketime is."""
    found = [str(path) for pattern in _LIBRARIES for path in Path("/").glob(pattern)]
    if not found:
        missing("libfaketime", "apt install libfaketime")
    return found[0]


@dataclass
class Town:
    """A server whose clock we turn, and people with the lessons of the first module behind them."""

    server: Served
    clock: Path
    app: Flask
    db: Session
    offset: timedelta = timedelta()

    def turn(self, offset: timedelta) -> None:
        """The server's clock is so much ahead (or behind) from now on."""
        self.clock.write_text(f"{offset.total_seconds():+.0f}\n", encoding="ascii")
        self.offset = offset

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def person(self, name: str) -> Learner:
        person = a_person(self.db, name)
        self.db.commit()
        cookie = signed_in(self.app, self.db, person).get_cookie("cakap")
        assert cookie is not None
        # A device that stays signed in for months: what a jump does to sessions is another story.
        self.db.execute(sa.update(LoginSession).values(expires_at=datetime.now(UTC) + 90 * DAY))
        with self.app.app_context():
            here = enrollments.enroll(self.db, person.id, SLUG, NOON)
            for key in lessons("pesan"):
                enrollments.finish_step(self.db, here.id, key, str(uuid4()), None, NOON)
            self.db.commit()
        return Learner(self.server.port, f"cakap={cookie.value}", f"/belajar/{SLUG}/pesan/kuis", random.Random(1))

    def begin(self, learner: Learner) -> datetime:
        """Starts the quiz; returns the deadline."""
        learner.begin()
        found = self.attempt(learner)
        learner.draw, learner.kept = found.draw, {}
        assert found.deadline_at is not None
        assert abs(found.deadline_at - self.now - LIMIT) < timedelta(seconds=20)
        return found.deadline_at

    def attempt(self, learner: Learner) -> Attempt:
        self.db.rollback()
        found = self.db.scalars(sa.select(Attempt).where(Attempt.uuid == learner.uuid)).one()
        self.db.expunge(found)
        self.db.rollback()
        return found

    def until(self, true: Callable[[], bool]) -> None:
        """Waits until it is so, at most ten rounds of the background work."""
        end = time.monotonic() + 30
        while not true():
            assert time.monotonic() < end, self.server.log.read_text()
            time.sleep(0.2)

    def background_looks(self) -> None:
        """Waits until the background work has looked at what is due by this clock: it submits a bait."""
        bait = self.person("Umpan")
        self.begin(bait)
        past = self.now - HOUR
        self.db.execute(
            sa.update(Attempt).where(Attempt.uuid == bait.uuid).values(started_at=past - LIMIT, deadline_at=past)
        )
        self.db.commit()
        self.until(lambda: self.attempt(bait).submitted_at is not None)


@pytest.fixture
def town(app: Flask, db: Session, database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Town]:
    turned = tmp_path / "clock"
    server = Served(
        tmp_path,
        DATABASE_URL=database,
        WORKERS="1",
        BACKGROUND="1" if request.param else "0",
        RATE_LIMITS="memory://",
        LD_PRELOAD=library(),
        FAKETIME_TIMESTAMP_FILE=str(turned),
        FAKETIME_NO_CACHE="1",
        # Waiting goes on by the clock that never jumps, as on a real machine.
        FAKETIME_DONT_FAKE_MONOTONIC="1",
    )
    found = Town(server, turned, app, db)
    found.turn(timedelta())
    publish(db, files=with_terms("batas_menit = 20"))
    server.start()
    try:
        yield found
    finally:
        server.stop()


def said(learner: Learner, revision: int) -> tuple[int, str]:
    """What a save answers now."""
    item, options = learner.draw[0]
    message = {"soal": item, "pilihan": options[:1], "tindakan": str(uuid4()), "revisi": revision}
    status, text, _ = learner.ask("POST", f"/percobaan/{learner.uuid}/jawaban", message)
    return status, text


def place(learner: Learner) -> Any:
    """Where the attempt's page leads."""
    status, _, location = learner.ask("GET", f"/percobaan/{learner.uuid}")
    return status, location


@pytest.mark.parametrize("town", [True], indirect=True, ids=["background"])
def test_a_jumping_clock_ends_nothing_early_and_leaves_nothing_open(town: Town) -> None:
    sari, joko = town.person("Sari Contoh"), town.person("Joko Contoh")
    deadline = town.begin(sari)

    town.turn(timedelta(seconds=90))
    assert said(sari, 1)[0] == 200
    town.background_looks()
    assert town.attempt(sari).submitted_at is None, "a minute and a half are not twenty"

    # An hour back: who sits has more time by this clock, and nothing breaks because it began in the future.
    town.turn(-HOUR)
    assert said(sari, 2)[0] == 200 and place(sari)[0] == 200
    earlier = town.begin(joko)
    assert earlier < deadline
    town.background_looks()
    assert town.attempt(sari).submitted_at is None and town.attempt(joko).submitted_at is None

    # Right again: what began by the wrong clock is judged by its own deadline.
    town.turn(timedelta())
    town.until(lambda: town.attempt(joko).submitted_at is not None)
    assert (town.attempt(joko).timed_out, town.attempt(joko).submitted_at) == (True, earlier + GRACE)
    assert said(sari, 3)[0] == 200 and town.attempt(sari).submitted_at is None

    # A day ahead: it is over for everybody, with what was saved.
    town.turn(DAY)
    town.until(lambda: town.attempt(sari).submitted_at is not None)
    assert (town.attempt(sari).timed_out, town.attempt(sari).submitted_at) == (True, deadline + GRACE)
    status, text = said(sari, 4)
    assert status == 409 and TIME_UP in text

    # And back: what was closed stays closed, and the next attempt has its whole time.
    town.turn(timedelta())
    status, text = said(sari, 5)
    assert status == 409 and TIME_UP in text
    assert place(sari) == (302, f"/percobaan/{sari.uuid}/hasil")
    assert "Waktu habis pada" in sari.ask("GET", f"/percobaan/{sari.uuid}/hasil")[1]
    before = sari.uuid
    assert town.begin(sari) > town.now and sari.uuid != before
    town.background_looks()
    assert town.attempt(sari).submitted_at is None


@pytest.mark.parametrize("town", [False], indirect=True, ids=["alone"])
def test_without_the_background_work_the_next_touch_ends_it(town: Town) -> None:
    sari, joko = town.person("Sari Contoh"), town.person("Joko Contoh")
    deadline = town.begin(sari)
    town.begin(joko)
    assert said(sari, 1)[0] == 200
    for ahead in (timedelta(seconds=90), -HOUR, LIMIT + GRACE - timedelta(seconds=30)):
        town.turn(ahead)
        assert said(sari, 2)[0] == 200, ahead
    town.turn(DAY)
    assert town.attempt(sari).submitted_at is None, "nobody has looked"
    status, text = said(sari, 3)
    assert status == 409 and TIME_UP in text
    assert (town.attempt(sari).timed_out, town.attempt(sari).submitted_at) == (True, deadline + GRACE)
    assert place(joko) == (302, f"/percobaan/{joko.uuid}/hasil")
    assert town.attempt(joko).timed_out
    town.turn(-HOUR)
    assert said(sari, 4)[0] == 409 and place(joko)[0] == 302
