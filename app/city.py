"""A made-up city of learners, for looking and for measuring. Everybody and everything in it is invented."""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.passwords import hashed
from app.accounts.regions import KELURAHAN, OUTSIDE
from app.course import actions as course_actions
from app.course import queries as course
from app.course.models import CourseVersion
from app.course.shapes import Course
from app.db import apart
from app.enrollment.models import Enrollment, StepDone
from app.enrollment.rules import steps
from app.journal import Event
from app.quiz.models import Attempt
from app.stats import actions as stats

CHUNK = 2_000
SOURCE = "tolak-penipuan"
# Two more courses made from the real one's texts under other names, since one course makes no city.
_COPIES = (
    ("contoh-akun", "C02", "Contoh: Akun Aman", "aman"),
    ("contoh-cek-fakta", "C04", "Contoh: Cek Fakta", "budaya"),
)
_FIRST = "Ani Bayu Citra Dimas Eka Fajar Gita Hadi Indah Joko Kartika Lukman Maya Nanda Oki Putri Rani Tuti".split()
_LAST = "Contoh Rekaan Misal Umpama Andai".split()
# How many live in each kelurahan, invented; the smallest are small enough to be hidden.
_SIZES = (74, 121, 168, 66, 139, 158, 127, 149, 93, 58, 12, 104, 141, 96, 4)
_FAR = ("enrolled", "begun", "halfway", "completed")
_SHARES = (35, 40, 20, 5)


@dataclass(slots=True)
class _Rows:
    """What one chunk of people adds to each table."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    attempts: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Offer:
    version: CourseVersion
    course: Course
    keys: tuple[str, ...]

    @property
    def said(self) -> dict[str, Any]:
        return {"course": self.version.slug, "pillar": self.version.pillar, "version": self.version.number}


def build(engine: sa.Engine, people: int, seed: int, now: datetime) -> int:
    """Adds `people` residents, each enrolled in three courses, and counts them; returns the enrollments made."""
    chance = random.Random(seed)  # noqa: S311 (a made-up city, nothing secret)
    with apart(engine) as session:
        offers = _offers(session, now)
    digest = hashed(secrets.token_urlsafe(24))
    made = 0
    for start in range(0, people, CHUNK):
        with apart(engine) as session:
            made += _chunk(session, chance, range(start, min(people, start + CHUNK)), offers, digest, now)
    counting = True
    while counting:
        with apart(engine) as session:
            counting = stats.catch_up(session, now, limit=100_000) > 0
    return made


def _offers(session: Session, now: datetime) -> list[_Offer]:
    source = course.latest(session, SOURCE)
    if source is None:
        raise LookupError(f"course {SOURCE} is not published")
    texts = course.texts(session, source.id)
    offers = [source]
    for slug, code, title, pillar in _COPIES:
        renamed = texts["course.toml"].replace(f'kode = "{source.code}"', f'kode = "{code}"')
        renamed = renamed.replace(f'judul = "{source.title}"', f'judul = "{title}"')
        renamed = renamed.replace(f'pilar = "{source.pillar}"', f'pilar = "{pillar}"')
        copy = texts | {"course.toml": renamed}
        version = course_actions.publish_if_new(session, slug, copy, now) or course.latest(session, slug)
        assert version is not None
        session.flush()
        offers.append(version)
    parsed = [(version, course.content(session, version.id)) for version in offers]
    return [_Offer(version, said, tuple(step.key for step in steps(said))) for version, said in parsed]


def _chunk(
    session: Session, chance: random.Random, numbers: range, offers: list[_Offer], digest: str, now: datetime
) -> int:
    persons = [_person(chance, number, digest, now) for number in numbers]
    wanted = sa.insert(User).returning(User.id, sort_by_parameter_order=True)
    ids = list(session.scalars(wanted, persons))
    rows = _Rows()
    enrollments = []
    for person_id, person in zip(ids, persons, strict=True):
        rows.events.append(_event("registered", person_id, person["created_at"]))
        for offer in offers:
            begun = person["created_at"] + (now - person["created_at"]) * chance.random() * 0.8
            far = chance.choices(_FAR, _SHARES)[0]
            enrollments.append((person_id, offer, begun, far))
    inserted = session.scalars(
        sa.insert(Enrollment).returning(Enrollment.id, sort_by_parameter_order=True),
        [
            {
                "user_id": person_id,
                "version_id": offer.version.id,
                "form": "AB"[person_id % 2],
                "started_at": begun,
                "touched_at": begun,
                "at_step": "",
                "completed_at": begun + timedelta(days=7) if far == "completed" else None,
            }
            for person_id, offer, begun, far in enrollments
        ],
    )
    for enrollment_id, (person_id, offer, begun, far) in zip(inserted, enrollments, strict=True):
        _learn(chance, rows, enrollment_id, person_id, offer, begun, far)
    for table, added in ((StepDone, rows.steps), (Attempt, rows.attempts), (Event, rows.events)):
        if added:
            session.execute(sa.insert(table), added)
    return len(enrollments)


def _person(chance: random.Random, number: int, digest: str, now: datetime) -> dict[str, Any]:
    name = f"{chance.choice(_FIRST)} {chance.choice(_LAST)} {number}"
    asked = chance.random() < 0.8
    return {
        "name": name,
        "search": name.casefold(),
        "username": f"warga{number}-{chance.getrandbits(32):08x}",
        "password_hash": digest,
        "region": OUTSIDE if chance.random() < 0.05 else chance.choices(KELURAHAN, _SIZES)[0].code,
        "birth_year": int(min(2007, max(1946, chance.gauss(1990, 12)))),
        "adult_declared_at": now,
        "gender": chance.choice(("female", "male")) if asked else None,
        "roles": "resident",
        "created_at": now - timedelta(days=300 * chance.random()),
    }


def _event(kind: str, person_id: int, at: datetime, **data: Any) -> dict[str, Any]:
    return {"kind": kind, "person_id": person_id, "at": at, "data": data, "audit": False}


def _learn(
    chance: random.Random, rows: _Rows, enrollment_id: int, person_id: int, offer: _Offer, begun: datetime, far: str
) -> None:
    """One learner's way through one course, as far as it went."""
    rows.events.append(_event("enrolled", person_id, begun, **offer.said))
    if far == "enrolled":
        return
    pre = None
    if chance.random() < 0.7:
        pre = float(chance.choice(range(20, 80, 10)))
        _test(chance, rows, enrollment_id, person_id, offer, begun, "pre", pre, None)
    reading = [key for key in offer.keys if key.startswith("materi:")]
    read = reading if far == "completed" else reading[: 2 if far == "begun" else 10]
    for number, key in enumerate(read):
        at = begun + timedelta(hours=number * 5)
        rows.steps.append(_step(chance, enrollment_id, key, None, at))
        rows.events.append(_event("step", person_id, at, step=key, **offer.said))
    if far != "completed":
        return
    for number, module in enumerate(offer.course.modules, 1):
        at = begun + timedelta(days=number, hours=1)
        rows.steps.append(_step(chance, enrollment_id, f"kuis:{module.id}", 80.0, at))
        rows.events.append(_event("module", person_id, at, module=module.id, jp=module.jp, **offer.said))
    post = float(chance.choice((80, 90, 100)))
    _test(chance, rows, enrollment_id, person_id, offer, begun + timedelta(days=7), "post", post, pre)
    rows.events.append(_event("completed", person_id, begun + timedelta(days=7), **offer.said))


def _step(chance: random.Random, enrollment_id: int, key: str, score: float | None, at: datetime) -> dict[str, Any]:
    act = str(UUID(int=chance.getrandbits(128), version=4))
    return {"enrollment_id": enrollment_id, "step": key, "act": act, "score": score, "done_at": at}


def _test(
    chance: random.Random,
    rows: _Rows,
    enrollment_id: int,
    person_id: int,
    offer: _Offer,
    at: datetime,
    purpose: str,
    score: float,
    pre: float | None,
) -> None:
    passed = purpose == "post"
    rows.attempts.append(
        {
            "uuid": str(UUID(int=chance.getrandbits(128), version=4)),
            "enrollment_id": enrollment_id,
            "purpose": purpose,
            "module": "",
            "number": 1,
            "seed": chance.getrandbits(31),
            "form": "",
            "draw": [],
            "started_at": at,
            "submitted_at": at + timedelta(minutes=9),
            "score": score,
            "passed": passed,
        }
    )
    key = "tes-akhir" if passed else "tes-awal"
    rows.steps.append(_step(chance, enrollment_id, key, score, at))
    said = {"purpose": purpose, "module": "", "score": score, "passed": passed, "first": True, "first_pass": passed}
    rows.events.append(_event("attempt", person_id, at + timedelta(minutes=9), **said, pre=pre, **offer.said))
