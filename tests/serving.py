"""The real server as a child process, and what can happen to it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from config import ROOT

_COMMAND = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """`flask serve` with these settings, in a process group of its own; `log` is what it said."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        base = {"DATA": str(folder), "PORT": str(self.port), "DEMO": "0", "BACKGROUND": "0", "WORKERS": "1"}
        self.settings = base | {"SECRET_KEY": "for tests"} | settings
        self.master: subprocess.Popen[bytes]

    def refused(self) -> str:
        """What it says when it does not start."""
        done = subprocess.run(_COMMAND, env=os.environ | self.settings, cwd=ROOT, capture_output=True, timeout=120)
        assert done.returncode != 0, done.stdout
        return (done.stdout + done.stderr).decode()

    def start(self) -> Served:
        """Starts it and waits until it answers."""
        with self.log.open("ab") as log:
            self.master = subprocess.Popen(
                _COMMAND, env=os.environ | self.settings, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + 60
        while time.monotonic() < end:
            assert self.master.poll() is None, self.log.read_text()
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.url}/readyz", timeout=5).close()
                return self
            time.sleep(0.05)
        raise AssertionError(f"the server does not answer: {self.log.read_text()}")

    def workers(self) -> list[int]:
        """The processes that answer requests: the master's children."""
        found = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children").read_text()
        return [int(pid) for pid in found.split()]

    def kill_one_worker(self) -> None:
        """One process dies without a word; the master starts another."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.workers()[0], signal.SIGKILL)

    def kill_everything(self) -> None:
        """As when the power goes: master and workers die in the same moment."""
        os.killpg(self.master.pid, signal.SIGKILL)
        self.master.wait()

    def stop(self) -> None:
        if self.master.poll() is not None:
            return
        self.master.terminate()
        try:
            self.master.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill_everything()
