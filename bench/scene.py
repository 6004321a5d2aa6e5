"""What the scenarios need: a database with people who learn, their cookies, and the requests they make."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask

from app import clock, create_app
from app.access import Role
from app.accounts import actions as accounts
from app.accounts.models import User
from app.accounts.passwords import hashed
from app.accounts.rules import Newcomer, sign_in_name
from app.course import actions as course_actions
from app.course import files
from app.course import queries as courses
from app.db import apart
from app.enrollment import actions as enrollment
from app.migrate import upgrade_to_head
from app.quiz.models import Attempt
from bench.driver import Answer, Person, Unexpected
from bench.machine import ROOT
from config import from_env

SLUG, MODULE, LESSON = "tolak-penipuan", "cara-kerja-penipu", "tiga-tanda-bahaya"
LONG = "kuis-panjang"
PASSWORD = "perahu-kuning-tiga-bakau"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_OPTION = re.compile(r'name="pilihan" value="([^"]+)"')
_ITEM = re.compile(r'name="soal" value="([^"]+)"')

DRIVER: sa.Engine


@dataclass(slots=True)
class Scene:
    """An application's database, ready to be measured."""

    app: Flask
    env: dict[str, str]
    cookies: list[str]


def environment(database_url: str, data: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "DATA": str(data),
        "SECRET_KEY": "for measuring only",
        "DEMO": "0",
        "BACKGROUND": "0",
        # A counter per address would stop a driver that is one address; the sign-in row keeps its own limits.
        "RATE_LIMITS": "memory://",
    }


def a_long_quiz(texts: dict[str, str], questions: int) -> dict[str, str]:
    """The first module of the course alone, with the questions of all modules in its quiz."""
    first = next(path.split("/")[0] for path in sorted(texts) if path.endswith(f"{MODULE}/modul.toml"))
    files = {path: text for path, text in texts.items() if "/" not in path or path.startswith(f"{first}/")}
    quizzes = [texts[path].split("+++", 2)[2] for path in sorted(texts) if path.endswith("/kuis.md")]
    files[f"{first}/kuis.md"] = "+++\nformat = 1\n+++\n" + re.sub(r"tujuan=\d+", "tujuan=1", "\n".join(quizzes))
    head, *cells = files["course.toml"].split("[[tes.sel]]")
    kept = [cell for cell in cells if f'"{MODULE}"' in cell]
    files["course.toml"] = re.sub(r"ambil = \d+", f"ambil = {questions}", head) + "".join(
        f"[[tes.sel]]{cell}" for cell in kept
    )
    asked = re.split(r"(?m)^(?=## )", files["bank.md"])
    files["bank.md"] = "".join([asked[0], *(one for one in asked[1:] if f"modul={MODULE}" in one)])
    return files


def prepare(database_url: str, data: Path, people: int, long_quiz: int = 0) -> Scene:
    """Migrates, publishes the course, and signs in people who have done the first module's lessons.

    With `long_quiz` the course is its first module with a quiz of so many questions.
    """
    slug, texts = SLUG, files.read(ROOT / "courses" / SLUG)
    if long_quiz:
        slug, texts = LONG, a_long_quiz(texts, long_quiz)
    env = environment(database_url, data)
    global DRIVER
    app = create_app(from_env(env))
    engine = DRIVER = app.extensions["db"]
    now = clock.now()
    cookies = []
    with app.app_context():
        upgrade_to_head()
        with apart(engine) as session:
            course_actions.publish_if_new(session, slug, texts, now)
        digest = hashed(PASSWORD)
        with apart(engine) as session:
            version = courses.latest(session, slug)
            assert version is not None
            course = courses.content(session, version.id)
            module = course.module(MODULE)
            assert module is not None
            for number in range(people):
                newcomer = Newcomer(f"Warga {number}", sign_in_name(f"pengukur{number}"), "64.74.01.1001", 1990)
                person = accounts.add_person(session, newcomer, digest, frozenset({Role.RESIDENT}), now)
                session.flush()
                learning = enrollment.enroll(session, person.id, slug, now)
                for step in module.steps:
                    enrollment.finish_lesson(session, learning.id, course, MODULE, step.id, str(uuid4()), now)
                cookies.append(_cookie(app, session, person))
    return Scene(app, env, cookies)


def _cookie(app: Flask, session: Any, person: User) -> str:
    """The cookie this person's browser would hold after signing in."""
    opened = accounts.open_session(session, person, "Pengukur", False, clock.now() - timedelta(minutes=1))
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # of the default interface
    value = serializer.dumps({"_user_id": opened.get_id(), "_fresh": True, "_permanent": True})
    return f"{app.config['SESSION_COOKIE_NAME']}={value}"


async def token_of(person: Person, path: str) -> str:
    """The CSRF token in a page's form; the cookie that belongs to it stays with the person."""
    answer = await person.get(path, gzip=False)
    found = _TOKEN.search(answer.body.decode())
    if not found:
        raise Unexpected(f"no form on {path}")
    person.token = found[1]
    return person.token


async def lesson(person: Person, _number: int) -> None:
    await person.get(f"/belajar/{SLUG}/{MODULE}/{LESSON}")


async def course_page(person: Person, _number: int) -> None:
    await person.get(f"/belajar/{SLUG}")


async def quiz_cycle(person: Person, _number: int) -> None:
    """Start, ten saved answers (five questions, each answered twice), submit, result; as the page's script does."""
    path = await _begin(person)
    for revision in (1, 2):
        for item, options in _draw(path):
            said = {"soal": item, "pilihan": [options[-revision]], "tindakan": str(uuid4()), "revisi": revision}
            answer = await person.send("POST", f"{path}/jawaban", said=said)
            if answer.status != 200:
                raise Unexpected(f"save: {answer.status}")
    await person.post(f"{path}/kumpulkan", 302)
    await person.get(f"{path}/hasil")


async def quiz_pages(person: Person, _number: int) -> None:
    """The same without script: each question is a page of its own, each answer a form."""
    path = await _begin(person)
    for number in (1, 2, 3, 4, 5):
        page = await person.get(f"{path}?soal={number}", gzip=False)
        text = page.body.decode()
        item = _ITEM.search(text)
        options = _OPTION.findall(text)
        if not item or not options:
            raise Unexpected(f"no question at {path}?soal={number}")
        for choice in (options[0], options[-1]):
            await person.post(
                f"{path}/jawaban", 302, soal=item[1], pilihan=choice, tindakan=str(uuid4()), lanjut=str(number)
            )
    await person.post(f"{path}/kumpulkan", 302)
    await person.get(f"{path}/hasil")


async def _begin(person: Person) -> str:
    if not person.token:
        await token_of(person, f"/belajar/{SLUG}/{MODULE}/kuis")
    begun = await person.post(f"/belajar/{SLUG}/{MODULE}/kuis", expect=302, percobaan=str(uuid4()))
    return begun.headers["location"].split("?")[0]


def _draw(path: str) -> list[tuple[str, list[str]]]:
    """What this attempt asks: the driver looks it up, since the pages that show it are another row."""
    with DRIVER.connect() as connection:
        found = connection.execute(sa.select(Attempt.draw).where(Attempt.uuid == path.rsplit("/", 1)[1])).scalar_one()
    return [(item, options) for item, options in found]


async def sign_in(person: Person, number: int) -> None:
    """The form, the post, the page one lands on."""
    fresh = Person(person.port)
    fresh.line = person.line
    await token_of(fresh, "/masuk")
    answer: Answer = await fresh.send(
        "POST", "/masuk", {"csrf_token": fresh.token, "masuk": person.name, "sandi": PASSWORD}
    )
    if answer.status != 302:
        raise Unexpected(f"sign-in: {answer.status}")
    await fresh.get(answer.headers["location"])


async def floor_page(person: Person, _number: int) -> None:
    await person.get("/page")


async def floor_save(person: Person, _number: int) -> None:
    answer = await person.send("POST", "/save", {"x": "1"})
    if answer.status != 200:
        raise Unexpected(f"floor save: {answer.status}")


async def figures(person: Person, _number: int) -> None:
    await person.get("/statistik?periode=semua")


def analyst(stage: Scene) -> str:
    """The cookie of an analyst."""
    with stage.app.app_context(), apart(stage.app.extensions["db"]) as session:
        newcomer = Newcomer("Analis Pengukur", sign_in_name("analispengukur"), "64.74.01.1001", 1990)
        person = accounts.add_person(session, newcomer, hashed(PASSWORD), frozenset({Role.ANALYST}), clock.now())
        session.flush()
        return _cookie(stage.app, session, person)
