"""Thousands of certificates issued and signed in the background: what lesson pages feel of it, and what it costs.

Pages are measured alone, then while the certificates are made, then alone again, under one server; what is left of the
certificates after that is made without anybody looking at pages.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

from app import clock
from app.accounts.models import User
from app.certificate import batches
from app.certificate.choosing import MOST
from app.certificate.models import BatchItem, Edition
from app.course import queries as courses
from app.db import apart
from app.enrollment.models import Enrollment, StepDone
from app.enrollment.rules import steps
from bench import scene
from bench.driver import Cell, closed_loop
from bench.machine import Server
from tests.certificate.authority import Authority

PEOPLE = 256
AT_ONCE = 8
SLOWER = 0.20  # that pages may become while certificates are made


def run(kind: str, papers: int, options: argparse.Namespace) -> bool:
    """Measures once and prints the tables; True when pages stay fast enough and every paper is there."""
    from bench.__main__ import database, people

    with database(kind) as (url, folder):
        stage = scene.prepare(url, folder, PEOPLE)
        finished = _finished(stage, papers)
        signing = {name: str(value) for name, value in Authority(folder).settings().items()}
        server = Server("wsgi:app", stage.env | signing | {"BACKGROUND": "1"})
        try:
            persons = people(server.port, stage.cookies)

            def pages() -> Cell:
                return asyncio.run(closed_loop(persons, AT_ONCE, scene.lesson, options.seconds))

            pages()  # warms up
            alone = [pages() for _ in range(options.rounds)]
            _ask(stage, finished)
            work = _Work(server, papers)
            work.wait(1)
            first, begun = work.done(), time.perf_counter()
            during: list[Cell] = []
            while len(during) < options.rounds and work.done() < papers:
                during.append(pages())
            beside = (work.done() - first) / (time.perf_counter() - begun)
            idle, begun = work.done(), time.perf_counter()
            work.wait(papers)
            after = (papers - idle) / (time.perf_counter() - begun) if papers > idle else 0.0
            alone += [pages() for _ in range(options.rounds)]
            return _show(kind, alone, during, work, (beside, after))
        finally:
            server.stop()


def _finished(stage: scene.Scene, people: int) -> list[int]:
    """The enrollments of so many people who have done everything, put straight into the tables."""
    now = clock.now()
    with stage.app.app_context(), apart(stage.app.extensions["db"]) as session:
        version = courses.latest(session, scene.SLUG)
        assert version is not None
        keys = [step for step in steps(courses.content(session, version.id)) if step.required]
        last = session.scalar(sa.select(sa.func.max(User.id))) or 0
        begun = session.scalar(sa.select(sa.func.max(Enrollment.id))) or 0
        ids = range(begun + 1, begun + people + 1)
        for some in (ids[start : start + 1000] for start in range(0, people, 1000)):
            session.execute(sa.insert(User), [_person(last + one - begun, now) for one in some])
            session.execute(
                sa.insert(Enrollment),
                [
                    {"id": one, "user_id": last + one - begun, "version_id": version.id, "form": "A",
                     "started_at": now, "touched_at": now, "completed_at": now}
                    for one in some
                ],
            )  # fmt: skip
            session.execute(
                sa.insert(StepDone),
                [
                    {"enrollment_id": one, "step": step.key, "act": f"{one}-{number}", "done_at": now,
                     "score": None if step.kind in ("lesson", "practice") else 90.0}
                    for one in some
                    for number, step in enumerate(keys)
                ],
            )  # fmt: skip
    return list(ids)


def _person(number: int, now: object) -> dict[str, object]:
    name = f"Muhammad Lulusan Nomor {number}"
    return {
        "id": number, "name": name, "search": name.casefold(), "username": f"lulusan{number}", "password_hash": "",
        "region": "64.74.01.1001", "birth_year": 1990, "adult_declared_at": now, "created_at": now,
    }  # fmt: skip


def _ask(stage: scene.Scene, enrollments: Sequence[int]) -> None:
    """Makes the batches, as the desk does."""
    for start in range(0, len(enrollments), MOST):
        names = {one: f"Muhammad Lulusan Nomor {one}" for one in enrollments[start : start + MOST]}
        with stage.app.app_context(), apart(stage.app.extensions["db"]) as session:
            batches.make(session, str(uuid4()), scene.SLUG, "passed", f"Kelas {start}", names, None, clock.now())


class _Work:
    """The process that makes papers, watched from outside: how far it is, and its memory at a tenth and at the end."""

    def __init__(self, server: Server, papers: int) -> None:
        self.server, self.papers = server, papers
        self.memory: dict[str, float] = {}

    def done(self) -> int:
        """How many papers there are; notes the memory on the way."""
        pending = sa.select(sa.func.count(Edition.id)).where(Edition.pdf.is_(None)).scalar_subquery()
        with scene.DRIVER.connect() as connection:
            made = connection.scalar(sa.select(sa.func.count(BatchItem.certificate_id) - pending)) or 0
        megabytes = self._resident()
        if megabytes and made >= self.papers / 10:
            self.memory.setdefault("tenth", megabytes)
            self.memory["end"] = megabytes
        return made

    def wait(self, papers: int) -> None:
        """Until there are so many; for hours if need be, but not for a minute without any progress."""
        seen, moved = self.done(), time.monotonic()
        while seen < papers:
            time.sleep(0.5)
            if (now := self.done()) > seen:
                seen, moved = now, time.monotonic()
            elif time.monotonic() - moved > 60:
                raise RuntimeError(f"nothing moves any more after {seen} papers")

    def _resident(self) -> float:
        """Megabytes of that process, 0 when there is none."""
        for pid in self.server.tree():
            try:
                if b"certificate\x00work" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
                    return int(status.partition("VmRSS:")[2].split()[0]) / 1024
            except (OSError, IndexError):
                continue  # it ended just now
        return 0.0

    def failed(self) -> int:
        """How many of the batch got no certificate."""
        with scene.DRIVER.connect() as connection:
            return connection.scalar(sa.select(sa.func.count()).where(BatchItem.problem.is_not(None))) or 0


def _show(kind: str, alone: list[Cell], during: list[Cell], work: _Work, rates: tuple[float, float]) -> bool:
    def middle(cells: list[Cell], share: float) -> float:
        return statistics.median(cell.percentile(share) for cell in cells)

    quiet, busy = (statistics.median(cell.rate for cell in cells) for cells in (alone, during))
    slower, failed = 1 - busy / quiet, work.failed()
    tenth, end = work.memory.get("tenth", 0.0), work.memory.get("end", 0.0)
    print(f"\n### {work.papers} sertifikat terbit dan ditandatangani di belakang, {kind}\n")
    print(f"| halaman materi, c={AT_ONCE} | per detik | p50 ms | p95 ms | galat |\n| --- | --- | --- | --- | --- |")
    for words, cells in (("sendiri", alone), ("sambil sertifikat dibuat", during)):
        rate = statistics.median(cell.rate for cell in cells)
        errors = sum(cell.errors for cell in cells)
        print(f"| {words} | {rate:,.0f} | {middle(cells, 0.5):.1f} | {middle(cells, 0.95):.1f} | {errors} |")
    print(f"\nHalaman lebih lambat {slower:.0%} (batas {SLOWER:.0%}).")
    print(f"PDF per detik: {rates[0]:.1f} di samping halaman itu, {rates[1]:.1f} saat server sepi. Gagal: {failed}.")
    print(f"Memori proses pembuat PDF: {tenth:.0f} MB pada sepersepuluh, {end:.0f} MB pada akhir.")
    return slower <= SLOWER and not failed and not any(cell.errors for cell in (*alone, *during)) and end <= tenth * 1.1
