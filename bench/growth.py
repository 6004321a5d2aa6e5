"""Growth: what a lesson page and the figures cost with a thousand residents and with many more, in one run."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

from bench import scene
from bench.driver import Person
from bench.machine import ROOT, Server


def run(kind: str, many: int, seconds: float, rounds: int) -> None:
    """Measures both cities interleaved and prints the ratio of the medians."""
    from bench.__main__ import database, measure

    with database(kind) as (small_url, small_folder), database(kind) as (large_url, large_folder):
        places = {1_000: (small_url, small_folder), many: (large_url, large_folder)}
        servers: dict[int, tuple[Server, Person, Person]] = {}
        for number, (url, folder) in places.items():
            begun = time.perf_counter()
            stage = scene.prepare(url, folder, 8)
            line = [sys.executable, "-m", "flask", "demo", "--people", str(number)]
            subprocess.run(line, cwd=ROOT, env={**os.environ, **stage.env}, check=True, stdout=subprocess.DEVNULL)
            analyst = scene.analyst(stage)
            server = Server("wsgi:app", stage.env)
            servers[number] = (server, Person(server.port, stage.cookies[0]), Person(server.port, analyst))
            print(f"{kind}: {number} warga siap dalam {time.perf_counter() - begun:.0f} detik")
        try:
            costs: dict[tuple[str, int], list[float]] = {}
            for _ in range(rounds):
                for number, (server, learner, analyst) in servers.items():
                    for name, person, once in (("materi", learner, scene.lesson), ("rekap", analyst, scene.figures)):
                        cell, cpu = measure(server, [person], 1, once, seconds)
                        if cell.errors:
                            raise RuntimeError(f"{name}: {cell.errors} errors")
                        costs.setdefault((name, number), []).append(cpu)
            show(kind, many, {key: statistics.median(found) for key, found in costs.items()})
        finally:
            for server, *_ in servers.values():
                server.stop()


def show(kind: str, many: int, costs: dict[tuple[str, int], float]) -> None:
    """CPU milliseconds of the server a page; the time on the clock moves with the machine, this does not."""
    print(f"\n### Pertumbuhan, {kind}\n")
    print(f"| halaman | CPU ms, 1.000 warga | CPU ms, {many} warga | rasio |\n| --- | --- | --- | --- |")
    for name in ("materi", "rekap"):
        few, lots = costs[(name, 1_000)], costs[(name, many)]
        print(f"| {name} | {few:.2f} | {lots:.2f} | {lots / few:.2f} |")
