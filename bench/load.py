"""A hall, a city: many learners start one quiz at once, answer at their pace and submit, while processes die.

Every learner keeps a ledger of what the server acknowledged; at the end it is compared with the database.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from app.quiz.models import Answer, Attempt
from bench import scene
from bench.driver import Line, Person, Unexpected
from bench.machine import Server

QUESTIONS = 16
START_WITHIN = 5.0  # seconds in which everybody presses “Mulai kuis”
THINK = (30.0, 90.0)  # seconds over one question
PATIENCE = 120.0  # seconds a phone goes on trying


@dataclass(slots=True)
class Tally:
    """What all learners together saw: seconds a request by kind, lost connections, and answers nobody expects."""

    times: dict[str, list[float]] = field(default_factory=dict)
    interrupted: int = 0
    wrong: list[str] = field(default_factory=list)

    def p95(self, kind: str) -> float:
        ordered = sorted(self.times.get(kind, ()))
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] if ordered else 0.0


@dataclass(slots=True)
class Learner:
    """One phone: it keeps each answer until the server says that it is saved, and sends it again until then."""

    person: Person
    tally: Tally
    rng: random.Random
    pace: float
    path: str = ""
    ledger: dict[str, list[str]] = field(default_factory=dict)  # what was acknowledged last, by question
    submitted: bool = False

    async def ask(self, kind: str, method: str, path: str, expect: int, **more: Any) -> Any:
        """One request on a connection of its own, again until it is answered; the time is that of the whole wait."""
        begun = time.perf_counter()
        while time.perf_counter() - begun < PATIENCE:
            self.person.line = Line()
            try:
                answer = await self.person.send(method, path, **more)
            except (OSError, asyncio.IncompleteReadError, ValueError):
                self.tally.interrupted += 1
                await asyncio.sleep(0.1 + self.rng.random() * 0.4)
                continue
            finally:
                self.person.line.close()
            self.tally.times.setdefault(kind, []).append(time.perf_counter() - begun)
            if answer.status != expect:
                self.tally.wrong.append(f"{kind}: {answer.status} {answer.body[:120]!r}")
                raise Unexpected(kind)
            return answer
        self.tally.wrong.append(f"{kind}: no answer in {PATIENCE:g} s")
        raise Unexpected(kind)

    async def think(self) -> None:
        await asyncio.sleep(self.rng.uniform(*THINK) * self.pace)

    async def learn(self) -> None:
        """Start, one answer after the other, submit, look at the result."""
        try:
            await asyncio.sleep(self.rng.random() * START_WITHIN)
            door = f"/belajar/{scene.LONG}/{scene.MODULE}/kuis"
            form = {"csrf_token": self.person.token, "percobaan": str(uuid4())}
            begun = await self.ask("mulai", "POST", door, 302, form=form)
            self.path = begun.headers["location"].split("?")[0]
            await self.ask("soal", "GET", self.path, 200)
            for number, (item, options) in enumerate(self.draw(), 1):
                await self.think()
                await self.answer(item, [self.rng.choice(options)], number)
            await self.think()
            await self.ask("kumpul", "POST", f"{self.path}/kumpulkan", 302, form={"csrf_token": self.person.token})
            self.submitted = True
            await self.ask("hasil", "GET", f"{self.path}/hasil", 200)
        except Unexpected:
            return

    def draw(self) -> list[Any]:
        """What this attempt asks; the driver looks it up, since the questions' pages are not what is measured."""
        return scene._draw(self.path)

    async def answer(self, item: str, choice: list[str], revision: int) -> None:
        said = {"soal": item, "pilihan": choice, "tindakan": str(uuid4()), "revisi": revision}
        await self.ask("simpan", "POST", f"{self.path}/jawaban", 200, said=said)
        self.ledger[item] = choice


def missing(engine: sa.Engine, learners: list[Learner]) -> list[str]:
    """Everything that was acknowledged and is not in the database, or is another there."""
    lost = []
    with engine.connect() as connection:
        for learner in learners:
            if not learner.path:
                continue
            uuid = learner.path.rsplit("/", 1)[1]
            rows = connection.execute(
                sa.select(Answer.item, Answer.choice).join(Attempt).where(Attempt.uuid == uuid)
            ).all()
            stored: dict[str, Any] = {item: choice for item, choice in rows}
            lost += [f"{uuid} {item}" for item, choice in learner.ledger.items() if stored.get(item) != choice]
            done = connection.scalar(sa.select(Attempt.submitted_at).where(Attempt.uuid == uuid))
            if learner.submitted and done is None:
                lost.append(f"{uuid}: the submission")
    return lost


async def _tokens(learners: list[Learner]) -> None:
    """Everybody has the page before the quiz open."""
    for start in range(0, len(learners), 20):
        some = learners[start : start + 20]
        await asyncio.gather(*(_token(learner) for learner in some))


async def _token(learner: Learner) -> None:
    page = await learner.ask("laman", "GET", f"/belajar/{scene.LONG}/{scene.MODULE}/kuis", 200, gzip=False)
    found = re.search(rb'name="csrf_token" value="([^"]+)"', page.body)
    assert found is not None
    learner.person.token = found[1].decode()


async def _die(server: Server, kills: int, seconds: float, rng: random.Random, start: Callable[[], None]) -> int:
    """Kills a worker or everything, in turn, at random moments; returns how often."""
    moments = sorted(rng.uniform(0.05, 0.95) * seconds for _ in range(kills))
    begun = time.perf_counter()
    for number, moment in enumerate(moments):
        await asyncio.sleep(max(0.0, moment - (time.perf_counter() - begun)))
        if number % 2:
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait()
            await asyncio.to_thread(start)
        else:
            workers = [pid for pid in server.tree() if pid != server.process.pid]
            if workers:
                os.kill(rng.choice(workers), signal.SIGKILL)
    return len(moments)


async def _all(server: Server, learners: list[Learner], kills: int, seconds: float) -> int:
    await _tokens(learners)
    for learner in learners:
        learner.tally.times.clear()
    dying = asyncio.create_task(_die(server, kills, seconds, random.Random(6474), server.start_again))
    await asyncio.gather(*(learner.learn() for learner in learners))
    dying.cancel()
    return kills


def run(kind: str, people: int, pace: float, kills: int) -> bool:
    """Runs the hall once and prints what was seen; True when everything holds."""
    from bench.__main__ import database

    with database(kind) as (url, folder):
        stage = scene.prepare(url, folder, people, long_quiz=QUESTIONS)
        server = Server("wsgi:app", stage.env, respawn=True)
        try:
            return _hall(kind, stage, server, pace, kills)
        finally:
            server.stop()


def _hall(kind: str, stage: scene.Scene, server: Server, pace: float, kills: int) -> bool:
    tally = Tally()
    learners = [
        Learner(Person(server.port, cookie), tally, random.Random(number), pace)
        for number, cookie in enumerate(stage.cookies)
    ]
    seconds = START_WITHIN + (QUESTIONS + 1) * sum(THINK) / 2 * pace
    begun = time.perf_counter()
    asyncio.run(_all(server, learners, kills, seconds))
    took = time.perf_counter() - begun
    lost = missing(scene.DRIVER, learners)
    done = sum(learner.submitted for learner in learners)
    acknowledged = sum(len(learner.ledger) for learner in learners)
    # Who waits for a server that is being killed waits longer; nothing may be lost all the same.
    in_time = bool(kills) or (tally.p95("mulai") < 3 and tally.p95("simpan") < 1)
    holds = not lost and not tally.wrong and done == len(learners) and in_time
    print(
        f"| {kind} | {len(learners)} | {kills} | {done} | {acknowledged} | {len(lost)} | {len(tally.wrong)} "
        f"| {tally.interrupted} | {tally.p95('mulai') * 1000:.0f} | {tally.p95('simpan') * 1000:.0f} "
        f"| {tally.p95('kumpul') * 1000:.0f} | {took:.0f} | {'ya' if holds else 'tidak'} |"
    )
    for line in [*lost[:5], *tally.wrong[:5]]:
        print("   ", line)
    return holds


def show() -> None:
    """The head of the table."""
    print("| basis data | peserta | dimatikan | selesai | jawaban diakui | hilang | galat | terputus | mulai p95 ms "
          "| simpan p95 ms | kumpul p95 ms | detik | memenuhi |")  # fmt: skip
    print("|" + " --- |" * 13)
