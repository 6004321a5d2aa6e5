"""The child that issues batches and makes papers, with the lowest priority: in a server it would slow down pages."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.certificate import batches, waiting

log = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "flask", "--app", "wsgi", "certificate", "work", "--follow")
NICE = 19  # the lowest priority that there is
REST = 60.0  # seconds after two children in a row that could not do their work
STAYS = 20.0  # seconds that a child waits for more, for starting one takes a second of work


class Child:
    """One child at most: started when something is due, looked at now and then, and started again if it was killed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._started = self._rests_until = 0.0
        self._in_vain = 0  # children in a row

    def look(self, engine: sa.Engine, settings: Mapping[str, Any]) -> None:
        """Starts the child if there is something to do and none is at it; does not wait for it."""
        if self._process is not None:
            ended = self._process.poll()
            if ended is None:
                return
            self._process = None
            self._ended(ended)
        if time.monotonic() < self._rests_until:
            return
        with Session(engine) as session:
            if not batches.waiting(session) and not waiting.due(session, waiting.kinds(settings), clock.now(), 1):
                return
        self._started = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 (nothing of anybody's stands in the command)
            COMMAND, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, NICE)

    def _ended(self, status: int) -> None:
        """Rests when two in a row were killed, failed, or found another process at their work."""
        lived = time.monotonic() - self._started
        if status == 0 and lived >= STAYS:
            self._in_vain = 0
            return
        log.warning("the child that makes papers ended with %s after %.0f seconds", status, lived)
        self._in_vain += 1
        if self._in_vain > 1:
            self._rests_until = time.monotonic() + REST

    def stop(self) -> None:
        """Ends the child; what it was at is due again."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
