"""Killed in the middle of its work, the server has lost nothing that it said was saved, and everybody goes on."""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import serve
from app.course import queries as courses
from app.course.shapes import Course
from app.enrollment import actions as enrollments
from app.enrollment.rules import steps
from app.quiz.models import Answer, Attempt
from tests.builders import NOON, a_person, signed_in
from tests.serving import Served

COURSE = "tolak-penipuan"
LEARNERS, ANSWERS = 6, 24
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Learner:
    """A phone: it keeps each answer until the server says that it is saved, and sends it again until then."""

    port: int
    cookie: str
    quiz: str
    rng: random.Random
    uuid: str = ""
    token: str = ""
    sent: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)  # the ledger: the revision acknowledged last, by item
    interrupted: int = 0
    wrong: list[str] = field(default_factory=list)
    draw: list[Any] = field(default_factory=list)

    def ask(self, method: str, path: str, body: Any = None, form: str = "") -> tuple[int, Any, str]:
        """One request, again until it is answered; what was in flight when the server died is sent anew."""
        head = {"Cookie": self.cookie, "X-CSRFToken": self.token}
        if body is not None:
            head |= {"Content-Type": "application/json", "Accept": "application/json"}
        if form:
            head |= {"Content-Type": "application/x-www-form-urlencoded"}
        end = time.monotonic() + 60
        while time.monotonic() < end:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            try:
                line.request(method, path, json.dumps(body) if body is not None else form or None, head)
                reply = line.getresponse()
                text = reply.read().decode()
            except (OSError, http.client.HTTPException):
                self.interrupted += 1
                time.sleep(0.05)
                continue
            finally:
                line.close()
            if set_cookie := reply.getheader("Set-Cookie"):
                self.cookie = set_cookie.split(";")[0]
            return reply.status, text, reply.getheader("Location") or ""
        raise AssertionError(f"{path}: no answer for a minute")

    def begin(self) -> None:
        _, text, _ = self.ask("GET", self.quiz)
        found = _TOKEN.search(text)
        assert found, text[:500]
        self.token = found[1]
        self.uuid = str(uuid4())
        status, text, place = self.ask("POST", self.quiz, form=f"csrf_token={self.token}&percobaan={self.uuid}")
        assert (status, place.split("?")[0]) == (302, f"/percobaan/{self.uuid}"), text[:500]

    def answer(self, revision: int) -> None:
        item, options = self.rng.choice(self.draw)
        choice = [self.rng.choice(options)]
        self.sent[item, revision] = choice
        message = {"soal": item, "pilihan": choice, "tindakan": str(uuid4()), "revisi": revision}
        status, text, _ = self.ask("POST", f"/percobaan/{self.uuid}/jawaban", message)
        if status != 200 or json.loads(text)["status"] != "tersimpan":
            self.wrong.append(f"{status} {text[:200]}")
            return
        self.kept[item] = revision


def _learners(app: Flask, db: Session, port: int) -> tuple[Course, list[Learner]]:
    """People who have read the first module of the real course and may take its quiz."""
    found = []
    with app.app_context():
        serve.prepare()
        for number in range(LEARNERS):
            person = a_person(db, f"Warga {number}")
            db.commit()
            cookie = signed_in(app, db, person).get_cookie("cakap")
            assert cookie is not None
            here = enrollments.enroll(db, person.id, COURSE, NOON)
            course = courses.content(db, here.version_id)
            module = course.modules[0]
            for step in steps(course):
                if step.module == module.id and step.kind in ("lesson", "practice"):
                    enrollments.finish_step(db, here.id, step.key, str(uuid4()), None, NOON)
            db.commit()
            quiz = f"/belajar/{COURSE}/{module.id}/kuis"
            found.append(Learner(port, f"cakap={cookie.value}", quiz, random.Random(number)))
    return course, found


def _stored(db: Session, learner: Learner) -> dict[str, Answer]:
    db.rollback()
    rows = db.scalars(sa.select(Answer).join(Attempt).where(Attempt.uuid == learner.uuid))
    return {row.item: row for row in rows}


def _expected_score(course: Course, learner: Learner) -> float:
    right = sum(
        sorted(course.item(item).keys) == learner.sent[item, learner.kept[item]]
        for item, _ in learner.draw
        if item in learner.kept
    )
    return right / len(learner.draw) * 100


def test_killed_under_load_nothing_acknowledged_is_lost(app: Flask, db: Session, database: str, tmp_path: Path) -> None:
    server = Served(tmp_path, DATABASE_URL=database, WORKERS="2", RATE_LIMITS="memory://")
    course, learners = _learners(app, db, server.port)
    server.start()
    try:
        for learner in learners:
            learner.begin()
            learner.draw = db.scalars(sa.select(Attempt.draw).where(Attempt.uuid == learner.uuid)).one()
            db.rollback()  # or this would be the one who writes, and everybody else would wait
        _answer_while_it_dies(server, learners)
        assert not [said for learner in learners for said in learner.wrong]
        assert sum(learner.interrupted for learner in learners) > 0, "nobody noticed: it was not killed under load"
        for learner in learners:
            stored = _stored(db, learner)
            assert {item: stored[item].revision for item in learner.kept} == learner.kept
            assert all(stored[item].choice == learner.sent[item, revision] for item, revision in learner.kept.items())
            assert set(stored) == set(learner.kept)
            db.rollback()
        for learner in learners:
            status, text, _ = learner.ask(
                "POST", f"/percobaan/{learner.uuid}/kumpulkan", form=f"csrf_token={learner.token}"
            )
            assert status == 302, text[:500]
        server.kill_everything()
        for learner in learners:
            db.rollback()
            [(score, submitted)] = db.execute(
                sa.select(Attempt.score, Attempt.submitted_at).where(Attempt.uuid == learner.uuid)
            )
            assert submitted is not None
            assert score == pytest.approx(_expected_score(course, learner))
    finally:
        server.stop()


def _answer_while_it_dies(server: Served, learners: list[Learner]) -> None:
    """Everybody answers without a pause; twice a worker dies, twice everything, the last time near the end."""

    def all_answers(learner: Learner) -> None:
        for revision in range(1, ANSWERS + 1):
            learner.answer(revision)

    def done() -> float:
        return sum(len(learner.sent) for learner in learners) / (LEARNERS * ANSWERS)

    hands = [threading.Thread(target=all_answers, args=(learner,)) for learner in learners]
    for hand in hands:
        hand.start()
    for share, kill in (
        (0.15, server.kill_one_worker),
        (0.35, server.kill_everything),
        (0.55, server.kill_one_worker),
        (0.8, server.kill_everything),
    ):
        while done() < share and any(hand.is_alive() for hand in hands):
            time.sleep(0.005)
        kill()
        if kill == server.kill_everything:
            server.start()
    for hand in hands:
        hand.join(120)
    assert not any(hand.is_alive() for hand in hands)
