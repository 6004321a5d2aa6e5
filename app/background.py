"""The work that waits: attempts whose time is up, figures, letters, forgetting. Each act is due by its own rows.

One thread of one process does it (the leader holds a lock on a file in the data folder); when that process dies,
another takes over. Scaled out over several machines, run `flask background` once instead and set BACKGROUND=0.
"""

from __future__ import annotations

import fcntl
import logging
import threading
from datetime import timedelta
from pathlib import Path
from typing import IO

import click
import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Session

from app import clock, mail, throttle
from app.accounts import tidying
from app.bank import regrade
from app.certificate.child import Child
from app.db import apart
from app.quiz import closing
from app.quiz import queries as quizzes
from app.stats import actions as stats

log = logging.getLogger(__name__)
EVERY = 3.0  # seconds between two looks at what is due
WAITING = timedelta(seconds=15)  # what came in time may still stand in line to be written (10 s at most)
SUBMITTED = 50  # attempts at a time, before the figures and the letters have their turn
_stop = threading.Event()
_papers_child = Child()


def do_due(app: Flask) -> int:
    """Does what is due, in small transactions; returns how many rows were handled.

    One kind of work that fails keeps no other from its turn; its error is raised when all have had theirs.
    """
    engine: sa.Engine = app.extensions["db"]
    handled, failed = 0, None
    with app.app_context():
        for act in (_times_up, _caught_up, _sent):
            try:
                handled += act(engine)
            except Exception as error:
                # Whatever it is, the others have their turn first; of several errors the first is raised.
                log.exception("not done: %s", act.__name__)
                failed = failed or error
    if failed is not None:
        raise failed
    return handled


def _times_up(engine: sa.Engine) -> int:
    """Submits attempts whose time is up with what was saved, each in a transaction of its own."""
    with Session(engine) as session:
        over = quizzes.overdue(session, clock.now() - WAITING, SUBMITTED)
    submitted = 0
    for user_id, uuid in over:
        try:
            with apart(engine) as session:
                sitting = closing.time_up(session, user_id, uuid, clock.now())
            submitted += sitting is not None and sitting.submitted_at is not None
        except Exception:
            # One that cannot be submitted keeps nobody else's open; it is tried again next time.
            log.exception("not submitted: attempt %s", uuid)
    return submitted


def _caught_up(engine: sa.Engine) -> int:
    """Counts what is new for the figures."""
    handled, done = 0, 1
    while done:
        with apart(engine) as session:
            done = stats.catch_up(session, clock.now())
        handled += done
    return handled


def _sent(engine: sa.Engine) -> int:
    return mail.send_due(engine, current_app.config, clock.now())


def _papers(app: Flask) -> None:
    """Has papers made by a child of the lowest priority, for printing and signing would slow down pages here."""
    _papers_child.look(app.extensions["db"], app.config)


def _regrade(app: Flask) -> None:
    """Counts anew, with the keys put right, what was submitted since; some attempts at a time."""
    counted = True
    with app.app_context():
        while counted and not _stop.is_set():
            with apart(app.extensions["db"]) as session:
                counted = regrade.follow(session, clock.now()) > 0


def _tidy(app: Flask) -> None:
    """Forgets what is over: windows of rate limits, and all that the slices keep only for a time."""
    engine: sa.Engine = app.extensions["db"]
    throttle.forget_expired(engine)
    for name, forgetter in tidying.forgetters().items():
        total = 0
        try:
            while (gone := _forgotten(engine, forgetter)) and not _stop.is_set():
                total += gone
        except sa.exc.SQLAlchemyError:
            # One that fails keeps nobody else from forgetting; it is tried again next time.
            log.exception("not forgotten: %s", name)
        if total:
            log.info("forgot %s rows: %s", total, name)


def _forgotten(engine: sa.Engine, forgetter: tidying.Forgetter) -> int:
    with apart(engine) as session:
        return forgetter(session, clock.now())


def _lead(app: Flask, lock: IO[str]) -> None:
    """Waits until this process is the leader, then works until the process ends."""
    fcntl.flock(lock, fcntl.LOCK_EX)
    waited = 0.0
    while not _stop.wait(EVERY):
        waited += EVERY
        now_and_then = (_tidy, _regrade) if waited >= 600 else ()
        waited %= 600
        for act in (_all_due, _papers, *now_and_then):
            try:
                act(app)
            except Exception:
                # The database may be away for a while, or one row be bad; what is due stays due, and the work goes on.
                log.exception("background work will be tried again")
    _papers_child.stop()


def _all_due(app: Flask) -> None:
    while do_due(app) and not _stop.is_set():
        pass


def start(app: Flask) -> None:
    """Starts the thread in a server's process, unless BACKGROUND=0."""
    if not app.config["BACKGROUND"]:
        return
    lock = (Path(app.config["DATA"]) / "leader.lock").open("w", encoding="utf-8")
    threading.Thread(target=_lead, args=(app, lock), name="background", daemon=True).start()


@click.command("background")
def cli() -> None:
    """Kerjakan terus yang menunggu (rekap, surel), untuk layanan yang berjalan di beberapa mesin."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # behind the proxy
    with (Path(app.config["DATA"]) / "leader.lock").open("w", encoding="utf-8") as lock:
        _lead(app, lock)
