"""A town for the browser: the real server on a database of its own, with the real course and people in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy.orm import Session

from app import clock, create_app, journal, serve
from app.accounts import regions
from app.accounts.models import User
from app.background import do_due
from app.certificate import actions as certificates
from app.certificate import lifecycle
from app.course import queries as courses
from app.enrollment import actions as enrollments
from app.enrollment import queries as learning
from app.enrollment.models import StepDone
from app.enrollment.rules import steps
from app.practice import actions as practices
from app.quiz import actions as quizzes
from app.quiz.models import Attempt
from config import from_env
from tests.builders import a_person, signed_in
from tests.house.world import World, a_world, address, doors
from tests.serving import Served

COURSE = "tolak-penipuan"
FIRST = f"/belajar/{COURSE}/1-cara-kerja-penipu/01"
REGIONS = regions.CODES
DAY = timedelta(days=1)
_NOT_PAGES = {
    "static", "course.medium", "authoring.medium", "home.alive", "home.ready", "home.speak", "certificate.key_set",
    "certificate.worker", "api.certificate",
}  # fmt: skip


@dataclass
class Town:
    """Where the server is, what it serves, and who lives here."""

    url: str
    app: Flask
    world: World
    cookies: dict[str, Any]

    def enter(self, browser: Browser, who: str, **more: Any) -> BrowserContext:
        """A fresh browser, with an empty cache, on which this person has signed in (or nobody: "guest")."""
        context = browser.new_context(
            **{"base_url": self.url, "viewport": {"width": 360, "height": 740}, "reduced_motion": "reduce"} | more
        )
        context.set_default_timeout(15_000)
        if who in self.cookies:
            context.add_cookies([self.cookies[who]])
        return context

    def newcomer(self, who: str = "Sari Contoh") -> tuple[User, str]:
        """Somebody new, and the name under which they enter."""
        with Session(self.app.extensions["db"].execution_options(writes=True), expire_on_commit=False) as db:
            person = a_person(db, who)
            self.cookies[person.username or ""] = _cookie(signed_in(self.app, db, person))
            db.expunge_all()
        return person, person.username or ""

    def ask(self, query: Any) -> list[Any]:
        """What is stored now."""
        with Session(self.app.extensions["db"]) as db:
            return list(db.execute(query).all())

    def draw(self, uuid: str) -> list[str]:
        """The questions of this attempt in their order."""
        [found] = self.ask(sa.select(Attempt.draw).where(Attempt.uuid == uuid))
        return [item for item, _ in found[0]]


def a_town(folder: Path) -> tuple[Town, Served]:
    """Prepares everything, starts the server and waits until it answers."""
    server = Served(folder)
    app = create_app(from_env(server.settings))
    with app.app_context():
        serve.prepare()
    town = Town(server.url, app, *_people(app))
    return town, server.start()


def _people(app: Flask) -> tuple[World, dict[str, Any]]:
    """The cast of the access table, a city that has learned, and one resident in the middle of the real course."""
    with Session(app.extensions["db"].execution_options(writes=True), expire_on_commit=False) as db:
        _city(db)
        world = a_world(app, db)
        cookies = {who: _cookie(client) for who, client in world.clients.items() if who != "guest"}
        world.special["here"] = {"owner": _in_the_middle(app, db, world.clients["owner"].person.id)}  # type: ignore[attr-defined]
        _remembers(app, db, world.clients["owner"].person.id, f"{world.things['owner']['slug']}-lulus")  # type: ignore[attr-defined]
        db.commit()
    do_due(app)
    return world, cookies


def _city(db: Session) -> None:
    """People in every kelurahan, more in one than in another, so that figures are shown and hidden."""
    course = {"course": COURSE, "pillar": "aman", "version": 1}
    for number in range(180):
        region = REGIONS[number * number % 97 % len(REGIONS)]
        gender = ("female", "male", None)[number % 3]
        person = a_person(db, f"Warga {number}", region=region, gender=gender, birth_year=1950 + number % 55)
        journal.record(db, "registered", clock.now(), person=person.id)
        journal.record(db, "enrolled", clock.now(), person=person.id, **course)
        score = 60 + number % 5 * 10
        if number % 4:
            said = {"purpose": "post", "module": "", "score": score, "passed": score >= 80, "first": True}
            said |= {"first_pass": score >= 80, "pre": score - 25} | course
            journal.record(db, "attempt", clock.now(), person=person.id, **said)
        if number % 4 and score >= 80:
            journal.record(db, "module", clock.now(), person=person.id, module="1", jp=2, **course)
            journal.record(db, "completed", clock.now(), person=person.id, **course)


def _in_the_middle(app: Flask, db: Session, person: int) -> dict[str, str]:
    """Learns the real course halfway, fails a quiz, and loses the certificate of another course."""
    now = clock.now()
    with app.app_context():
        here = enrollments.enroll(db, person, COURSE, now)
        course = courses.content(db, here.version_id)
        first = course.modules[0]
        for step in steps(course):
            if step.module == first.id and step.kind in ("lesson", "practice"):
                enrollments.finish_step(db, here.id, step.key, str(uuid4()), None, now)
        found = learning.by_id(db, here.id)
        assert found is not None
        failed = quizzes.start(db, found, course, "quiz", first.id, str(uuid4()), now)
        [draw] = db.scalars(sa.select(Attempt.draw).where(Attempt.uuid == failed))
        item = course.item(draw[0][0])
        wrong = next(option.id for option in item.options if not option.correct)
        quizzes.save(db, person, failed, quizzes.Given(item.id, [wrong], str(uuid4()), None), now)
        quizzes.submit(db, person, failed, now)
        begun = quizzes.start(db, found, course, "quiz", first.id, str(uuid4()), now)
        practised = str(uuid4())
        item = first.lessons[0].items[0]
        practices.practise(db, found, course, first, practices.Given(item.id, [item.options[0].id]), practised, now)
        revoked = _revoked(app, db)
        return {
            "failed": failed, "begun": begun, "practised": practised, "revoked": revoked, "module": first.id,
            "lesson": first.lessons[0].id,
        }  # fmt: skip


def _remembers(app: Flask, db: Session, person: int, slug: str) -> None:
    """Answers one Kilas Balik of a course completed long ago; another waits."""
    with app.app_context():
        here = learning.of(db, person, slug)
        assert here is not None
        course = courses.content(db, here.version_id)
        given = [practices.Given(item.id, [item.options[0].id]) for item in course.modules[1].items[:3]]
        db.execute(sa.update(StepDone).where(StepDone.enrollment_id == here.id).values(done_at=clock.now() - 30 * DAY))
        practices.recall(db, here, course, course.modules[1], 3, given, clock.now())


def _revoked(app: Flask, db: Session) -> str:
    """The certificate of somebody else, taken back."""
    person = a_person(db, "Rina Contoh")
    here = enrollments.enroll(db, person.id, COURSE, clock.now())
    for step in steps(courses.content(db, here.version_id)):
        score = None if step.kind in ("lesson", "practice") else 90.0
        enrollments.finish_step(db, here.id, step.key, str(uuid4()), score, clock.now())
    done = learning.by_id(db, here.id)
    assert done is not None
    paper = certificates.claim(db, done, None, clock.now(), app.config)
    lifecycle.revoke(db, paper.code, "Diterbitkan karena keliru.", None, clock.now())
    return paper.code


def _cookie(client: FlaskClient) -> dict[str, str]:
    cookie = client.get_cookie("cakap")
    assert cookie is not None
    return {"name": "cakap", "value": cookie.value, "domain": "127.0.0.1", "path": "/"}


def pages_of(town: Town, who: str) -> list[str]:
    """Every page of the address map that is this person's, and those that only a question mark leads to."""
    return list(dict.fromkeys([*_mapped(town, who), *_more(town, who)]))


def _mapped(town: Town, who: str) -> Iterator[str]:
    for rule, method in doors(town.app):
        endpoint = rule.endpoint
        access = town.app.view_functions[endpoint].access  # type: ignore[union-attr]
        if method != "GET" or endpoint in _NOT_PAGES or "unduh" in rule.rule or "lencana" in rule.rule:
            continue
        mine = access == "public" if who == "guest" else access != "public" and ROLE[who] in access
        if mine:
            yield address(town.app, rule, town.world.of("owner", endpoint))


ROLE = {"owner": "resident", "trainer": "trainer", "analyst": "analyst", "admin": "admin"}


def _more(town: Town, who: str) -> list[str]:
    here = town.world.special["here"]["owner"]
    draft = town.world.special["authoring.edit"]["owner"]
    lesson = f"/belajar/{COURSE}/{here['module']}/{here['lesson']}"
    lulus = f"{town.world.things['owner']['slug']}-lulus"
    return {
        "guest": [
            f"/kursus/{COURSE}",
            "/kursus?pilar=etika&tingkat=mahir&q=x",
            f"/sertifikat/{here['revoked']}",
            "/sertifikat/7KQ2-M9XD-4TRA-0VHE",
            "/sertifikat/periksa?kode=salah",
            "/tidak-ada",
        ],
        "owner": [
            "/",
            f"/kursus/{COURSE}",
            f"/belajar/{COURSE}",
            lesson,
            f"{lesson}?periksa=x",
            f"/belajar/{COURSE}/tes-awal",
            f"/percobaan/{here['failed']}/hasil",
            f"/percobaan/{here['begun']}",
            f"/percobaan/{here['begun']}?soal=akhir",
            f"/belajar/{COURSE}/{here['module']}/praktik",
            f"/belajar/{COURSE}/{here['module']}/latihan",
            f"/belajar/{COURSE}/{here['module']}/latihan?jawaban={here['practised']}",
            f"/belajar/{lulus}/pesan/kilas-balik",
            f"/belajar/{lulus}/pintu/kilas-balik",
            f"/belajar/{COURSE}/sertifikat",
            f"/menulis/{COURSE}",
        ],
        "trainer": [
            "/",
            f"/menulis/{COURSE}",
            f"/menulis/{draft['slug']}/teks/{draft['path']}?lihat=periksa",
            f"/menulis/{draft['slug']}/teks/1-pesan/kuis.md",
        ],
        "analyst": [
            "/",
            "/statistik?periode=semua&rincian=age",
            f"/statistik?periode=semua&cakupan=kursus:{COURSE}&rincian=",
        ],
        "admin": ["/", "/kelola?cari=contoh", "/kelola?cari=tidak-ada", "/kelola/catatan?jenis=role.granted"],
    }[who]


class Watch:
    """Listens to a page: what went wrong, and where it asked elsewhere."""

    def __init__(self, page: Page, town: Town) -> None:
        self.wrong: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda said: self.wrong.append(f"{page.url}: {said.text}") if said.type == "error" else None)
        page.on("pageerror", lambda error: self.wrong.append(f"{page.url}: {error}"))
        page.on("request", lambda request: self.asked.append(request.url))
        self._here = urlsplit(town.url).netloc

    @property
    def elsewhere(self) -> list[str]:
        """Requests that left the house."""
        return [url for url in self.asked if urlsplit(url).netloc != self._here]
