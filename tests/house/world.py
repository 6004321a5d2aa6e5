"""A small world in which every door has something behind it: what is one resident's, another's, and nobody's."""

from __future__ import annotations

import itertools
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.accounts.models import LoginSession
from app.authoring.models import Draft, DraftFile
from app.bank.models import Appeal, Regrade, RegradeChange
from app.certificate import actions as certificates
from app.certificate import keys
from app.certificate.models import Batch, BatchItem, Certificate
from app.course import queries as courses
from app.enrollment import actions as enrollments
from app.enrollment import queries as learning
from app.enrollment.rules import lesson_key, steps
from app.quiz import actions as quizzes
from app.quiz.models import Attempt
from tests.builders import NOON, a_person, signed_in
from tests.builders_course import PICTURES, a_course_files
from tests.builders_rows import a_version

# The cast of the access table: who knocks, and the one role they have.
WHO = {
    "guest": None,
    "owner": "resident",
    "stranger": "resident",
    "trainer": "trainer",
    "analyst": "analyst",
    "admin": "admin",
}
_WORDS = {
    "guest": "Tamu", "owner": "Sari", "stranger": "Joko", "trainer": "Budi", "analyst": "Dewi", "admin": "Arif",
}  # fmt: skip
Things = dict[str, str]
# What names nothing. Where a converter allows only known words, there is no such thing.
NOTHING: Things = {
    "slug": "tidak-ada",
    "module": "tidak-ada",
    "lesson": "tidak-ada",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "code": "tidak-ada",
    "device": "2147483600",
    "person": "2147483600",
    "path": "9-tidak-ada/99-tidak-ada.md",
    "item": "tidak-ada",
    "filename": "tidak-ada.css",
    "version": "999998",
    "digest": "0" * 20,
    "ext": "tidak-ada",
    "name": "tidak-ada.png",
    "kid": "tidak-ada",
}


def sent_with(endpoint: str) -> dict[str, str]:
    """A form that the door accepts, where an empty one would be sent back before the door asks whose thing it is."""
    act = str(uuid4())
    forms = {
        "enrollment.done": {"tindakan": act},
        "quiz.pre_test": {"percobaan": act},
        "quiz.post_test": {"percobaan": act},
        "quiz.module_quiz": {"percobaan": act},
        "practice.recall": {"nomor": "1", "soal": "pesan-materi-1", "jawaban-1": "b"},
        "practice.exercise": {"tindakan": act, "soal": "pesan-materi-1", "jawaban-1": "b"},
        "bank.appeal": {"alasan": "Menurut saya pilihan B juga benar.", "tindakan": act},
        "bank.appeal_answer": {"jawaban": "Terima kasih, kuncinya sudah benar.", "putusan": "upheld"},
        "bank.regrade": {
            "soal": "pesan-kuis-1",
            "dari": "1",
            "ke": "2",
            "cara": "raise",
            "yakin": "",
            "tindakan": act,
            "alasan": "Pilihan B juga benar.",
        },
        "quiz.answer": {"soal": "pesan-kuis-1", "pilihan": "a", "tindakan": act},
        "desk.certificate_revoke": {"alasan": "Diterbitkan ganda.", "terakhir": "0"},
        "desk.certificate_reinstate": {"alasan": "Tidak ganda.", "terakhir": "0"},
        "desk.certificate_correct": {"alasan": "Salah huruf.", "nama": "Nama Benar", "edisi": "1"},
        "desk.certificate_remove": {"alasan": "Diminta pemegangnya.", "diminta": "y", "terakhir": "0"},
        "desk.certificate_send": {"tindakan": act},
        "desk.certificates_export": {"alasan": "Arsip triwulan."},
        "desk.batch_make": {"tindakan": act},
        "desk.batch_download": {"alasan": "Dicetak untuk kelas."},
        "authoring.save": {"teks": "Teks lain.", "revisi": "1"},
    }
    return forms.get(endpoint, {})


@dataclass
class World:
    """Clients by who they are, and the things of the owner and of the stranger."""

    clients: dict[str, FlaskClient]
    things: dict[str, Things]
    special: dict[str, dict[str, Things]] = field(default_factory=dict)

    def of(self, whose: str, endpoint: str) -> Things:
        """The values for addresses of this endpoint that lead to somebody's thing, or to nothing."""
        if whose == "nothing":
            return {**self.things["owner"], **NOTHING}
        return {**self.things[whose], **self.special.get(endpoint, {}).get(whose, {})}


_count = itertools.count(1)


def a_world(app: Flask, db: Session) -> World:
    """Everybody signed in, two residents with progress, an open and a closed attempt, a certificate, a draft."""
    n = next(_count)
    clients = {"guest": app.test_client()}
    things: dict[str, Things] = {}
    with app.app_context():
        for who, role in WHO.items():
            if role is not None:
                person = a_person(db, f"{_WORDS[who]} Contoh", roles=role)
                db.flush()
                clients[who] = signed_in(app, db, person)
        closed, results, reviewed, asked = {}, {}, {}, {}
        for whose in ("owner", "stranger"):
            person = clients[whose].person  # type: ignore[attr-defined]
            things[whose], results[whose] = _learns(app, db, person.id, f"kursus-{whose}-{n}")
            things[whose]["device"] = str(_another_device(db, person.id))
            things[whose]["person"] = str(person.id)
            closed[whose] = {"uuid": results[whose]}
            reviewed[whose], asked[whose] = _asks(app, db, person.id, f"kursus-{whose}-{n}-lulus")
            _add_draft(db, f"draf-{whose}-{n}")
        writing = {whose: {"slug": f"draf-{whose}-{n}", "path": "1-pesan/01-materi-1.md"} for whose in things}
        db.commit()
    special = {"quiz.result": closed, "home.speak": {whose: {"code": "en"} for whose in things}}
    special["bank.appeal_answer"] = asked
    together = {whose: {"uuid": _batch(db, things[whose]["code"])} for whose in things}
    special |= dict.fromkeys(("desk.batch", "desk.batch_retry", "desk.batch_download"), together)
    special |= dict.fromkeys(("bank.appeal", "bank.appeal_read", "bank.rescored"), reviewed)
    for endpoint in app.view_functions:
        if endpoint.startswith("authoring."):
            special[endpoint] = writing
    db.commit()
    db.expunge_all()
    return World(clients, things, special)


def _batch(db: Session, code: str) -> str:
    """A batch in which the holder of this certificate has it, with the paper."""
    paper = db.scalars(sa.select(Certificate).where(Certificate.code == code)).one()
    batch = Batch(uuid=str(uuid4()), title="Kelas Contoh", kind="passed", course=paper.facts["course"], made_at=NOON)
    db.add(batch)
    db.flush()
    place = {"batch_id": batch.id, "enrollment_id": paper.enrollment_id, "holder": paper.holder}
    db.add(BatchItem(certificate_id=paper.id, **place))
    return batch.uuid


def _learns(app: Flask, db: Session, person: int, slug: str) -> tuple[Things, str]:
    """Enrols in two courses, halfway in one and certified in the other; returns things and a closed attempt."""
    version = a_version(db, slug, files=a_course_files() | PICTURES)
    here = enrollments.enroll(db, person, slug, NOON)
    course = courses.content(db, here.version_id)
    before = quizzes.start(db, here, course, "pre", "", str(uuid4()), NOON)
    quizzes.submit(db, person, before, NOON)
    for lesson in ("materi-1", "praktik"):
        enrollments.finish_step(db, here.id, lesson_key("pesan", lesson), str(uuid4()), None, NOON)
    again = learning.by_id(db, here.id)
    assert again is not None
    begun = quizzes.start(db, again, course, "quiz", "pesan", str(uuid4()), NOON)

    a_version(db, f"{slug}-lulus", code="K98")
    there = enrollments.enroll(db, person, f"{slug}-lulus", NOON)
    for step in steps(courses.content(db, there.version_id)):
        score = None if step.kind in ("lesson", "practice") else 90.0
        enrollments.finish_step(db, there.id, step.key, str(uuid4()), score, NOON)
    done = learning.by_id(db, there.id)
    assert done is not None
    paper = certificates.claim(db, done, None, NOON, app.config)
    db.flush()
    found = {
        "slug": slug,
        "module": "pesan",
        "lesson": "materi-1",
        "uuid": begun,
        "code": paper.code,
        "role": "trainer",
        "filename": "app.css",
        "version": str(version.number),
        "digest": next(iter(course.media)),
        "ext": "png",
        "name": "gembok.png",
        "item": "pesan-kuis-1",
        "kid": keys.public(app.config)["keys"][0]["kid"],
        "block": "0",
        "edition": "1",
    }
    return found, before


def _asks(app: Flask, db: Session, person: int, slug: str) -> tuple[Things, Things]:
    """An attempt whose score was counted anew, with an appeal about it: the address of each."""
    there = learning.of(db, person, slug)
    assert there is not None
    version, uuid, appeal = there.version_id, str(uuid4()), str(uuid4())
    quizzes.start(db, there, courses.content(db, version), "quiz", "pesan", uuid, NOON)
    quizzes.submit(db, person, uuid, NOON)
    attempt = db.scalars(sa.select(Attempt).where(Attempt.uuid == uuid)).one()
    db.add(Appeal(uuid=appeal, attempt_id=attempt.id, item="", reason="Nilai saya keliru.", asked_at=NOON))
    made = Regrade(
        uuid=str(uuid4()), item="pesan-kuis-1", from_version_id=version, to_version_id=version, mode="raise",
        why="Pilihan B juga benar.", made_at=NOON,
    )  # fmt: skip
    db.add(made)
    db.flush()
    db.add(RegradeChange(regrade_id=made.id, attempt_id=attempt.id, score_before=0, score_after=50, passed_before=False,
                         passed_after=False))  # fmt: skip
    db.flush()
    return {"uuid": uuid}, {"uuid": appeal}


def _another_device(db: Session, person: int) -> int:
    device = LoginSession(
        token_hash=secrets.token_hex(32), user_id=person, device="HP lain", shared=False, created_at=NOON,
        seen_at=NOON + timedelta(days=3650), expires_at=NOON + timedelta(days=3650),
    )  # fmt: skip
    db.add(device)
    db.flush()
    return device.id


def _add_draft(db: Session, slug: str) -> None:
    draft = Draft(slug=slug, base_number=0, created_at=NOON, created_by=None)
    db.add(draft)
    db.flush()
    rows: list[Mapping[str, Any]] = [
        {"draft_id": draft.id, "path": path, "text": text, "revision": 1, "saved_at": NOON, "saved_by": None}
        for path, text in (a_course_files() | PICTURES).items()
    ]
    db.execute(sa.insert(DraftFile), rows)


def doors(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every address with each method it answers (HEAD and OPTIONS are Flask's own)."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def address(app: Flask, rule: Rule, things: Things) -> str:
    """The address of this rule with these values."""
    with app.test_request_context():
        path: str = app.url_map.bind("localhost").build(rule.endpoint, {name: things[name] for name in rule.arguments})
    return path


def plain_address(rule: Rule) -> str:
    """The rule as people write it: without converters."""
    return re.sub(r"<(?:[^:<>]*(?:\([^)]*\))?:)?(\w+)>", r"<\1>", rule.rule)


def each_missing(app: Flask, rule: Rule, things: Things) -> Iterator[tuple[str, str]]:
    """The addresses in which one value after the other leads to nothing; the name of the value, and the address."""
    for name in sorted(rule.arguments & set(NOTHING)):
        yield name, address(app, rule, {**things, name: NOTHING[name]})
