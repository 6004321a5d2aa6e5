"""Servers as child processes, and what they cost: CPU seconds and PSS of the whole process tree."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from app.serve import MEMORY

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
GRANIAN = ("--interface=wsgi", "--workers=2", "--blocking-threads=4", "--no-ws", "--http=1", "--log-level=error")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """granian with two workers of four threads, as `make run` starts it."""

    def __init__(self, target: str, env: dict[str, str], *, respawn: bool = False) -> None:
        self.port = free_port()
        self.env = {**os.environ, **MEMORY, **env}
        self.line = [sys.executable, "-m", "granian", *GRANIAN, f"--port={self.port}", target]
        if respawn:
            self.line += ["--respawn-failed-workers", "--workers-kill-timeout=10"]
        self.start_again()

    def start_again(self) -> None:
        """Starts it, the first time or after it was killed."""
        self.process = subprocess.Popen(self.line, cwd=ROOT, env=self.env, start_new_session=True)
        self._wait()

    def _wait(self) -> None:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the server did not start")

    def tree(self) -> list[int]:
        """The master and its workers."""
        found, new = {self.process.pid}, {self.process.pid}
        while new:
            children = set()
            for stat in Path("/proc").glob("[0-9]*/stat"):
                try:
                    fields = stat.read_text().rsplit(")", 1)[1].split()
                except OSError:
                    continue
                if int(fields[1]) in new:
                    children.add(int(stat.parent.name))
            new = children - found
            found |= new
        return sorted(found)

    def cpu(self) -> float:
        """CPU seconds so far."""
        total = 0
        for pid in self.tree():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def pss(self) -> float:
        """Megabytes."""
        total = 0
        for pid in self.tree():
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        return total / 1024

    def stop(self) -> None:
        if self.process.poll() is not None:
            return
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
