"""Each CHECK constraint is proved by trying to break it; no tool compares them for us."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.bank.models import Appeal, Regrade
from app.certificate.models import Act, Batch, BatchItem, Certificate, Edition
from app.db import Base
from app.enrollment.models import Enrollment
from app.practice.models import Recall
from app.quiz.models import Attempt, TimeAllowance
from app.tables import ALL
from tests.builders import NOON, a_person
from tests.builders_rows import a_version

assert ALL, "every slice's tables are known"
Row = dict[str, Any]

# For each constraint the columns that break it, in a row that is good without them.
BREAKERS: dict[str, tuple[Row, ...]] = {
    "ck_person_reachable": ({"username": None, "phone": None, "email": None, "deleted_at": None},),
    "ck_person_birth_year": ({"birth_year": 1899}, {"birth_year": 2101}),
    "ck_person_gender": ({"gender": "x"}, {"gender": ""}),
    "ck_enrollment_form": ({"form": "C"}, {"form": ""}),
    "ck_attempt_purpose": ({"purpose": "exam", "module": ""},),
    "ck_attempt_module": ({"purpose": "quiz", "module": ""}, {"purpose": "post", "module": "pesan"}),
    "ck_attempt_score": ({"score": 80.0}, {"submitted_at": NOON}),
    "ck_attempt_pre_once": ({"purpose": "pre", "module": "", "number": 2},),
    "ck_attempt_deadline": ({"deadline_at": NOON},),
    "ck_time_allowance_extra_percent": ({"extra_percent": 0}, {"extra_percent": 301}),
    "ck_appeal_verdict": ({"verdict": "lost", "answered_at": NOON},),
    "ck_appeal_answered": ({"verdict": "upheld"}, {"answered_at": NOON}),
    "ck_regrade_mode": ({"mode": "lower"},),
    "ck_recall_number": ({"number": 0}, {"number": 4}),
    "ck_recall_score": ({"score": -0.1}, {"score": 100.1}),
    "ck_certificate_revoked": ({"revoked_at": NOON}, {"revoked_because": "salah nama"}),
    "ck_certificate_kind": ({"kind": "sold"},),
    "ck_certificate_edition_finished": ({"pdf": b"x", "digest": "x"}, {"finished_at": NOON}),
    "ck_certificate_edition_digest": ({"pdf": b"x", "finished_at": NOON}, {"digest": "x"}),
    "ck_certificate_edition_signer": ({"signer": "anybody"},),
    "ck_certificate_act_kind": ({"kind": "sold"},),
    "ck_certificate_batch_kind": ({"kind": "sold"},),
    "ck_certificate_batch_item_outcome": ({"problem": "belum selesai"},),
}


def _every_check() -> dict[str, sa.Table]:
    return {
        str(check.name): table
        for table in Base.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, sa.CheckConstraint)
    }


def test_every_check_has_somebody_who_tries_to_break_it() -> None:
    assert set(BREAKERS) == set(_every_check())


@pytest.fixture
def good(db: Session) -> dict[str, Row]:
    """A row for each table that the database accepts."""
    person = a_person(db)
    version = a_version(db)
    enrollment = Enrollment(user_id=person.id, version_id=version.id, form="A", started_at=NOON, touched_at=NOON)
    db.add(enrollment)
    db.flush()
    taken = Attempt(
        uuid=str(uuid4()), enrollment_id=enrollment.id, purpose="post", number=1, seed=1, draw=[], started_at=NOON,
        submitted_at=NOON, score=80.0, passed=True,
    )  # fmt: skip
    paper = Certificate(
        user_id=person.id, code="SUDAH", year=2025, sequence=1, number="CB/0", issued_at=NOON,
        issued_on=date(2025, 11, 23), holder="Sari Contoh", course_code="K99", course_title="Kursus Contoh", jp=2,
        grade="Baik", facts={},
    )  # fmt: skip
    batch = Batch(uuid=str(uuid4()), title="Kelas", kind="passed", course="contoh", made_at=NOON)
    db.add_all([taken, paper, batch])
    db.commit()
    return {
        User.__tablename__: {
            "name": "Rina Contoh", "search": "rina contoh", "username": "rina", "password_hash": "x", "region": "luar",
            "birth_year": 1990, "adult_declared_at": NOON, "roles": "resident", "created_at": NOON,
        },
        Enrollment.__tablename__: {
            "user_id": person.id, "version_id": a_version(db, "lain").id, "form": "B", "started_at": NOON,
            "touched_at": NOON, "at_step": "",
        },
        Attempt.__tablename__: {
            "uuid": str(uuid4()), "enrollment_id": enrollment.id, "purpose": "quiz", "module": "pesan", "number": 1,
            "seed": 1, "form": "", "draw": [], "started_at": NOON,
        },
        TimeAllowance.__tablename__: {"user_id": person.id, "extra_percent": 50, "granted_at": NOON},
        Appeal.__tablename__: {
            "uuid": str(uuid4()), "attempt_id": taken.id, "item": "", "reason": "Mohon diperiksa.", "asked_at": NOON,
        },
        Regrade.__tablename__: {
            "uuid": str(uuid4()), "item": "pesan-kuis-1", "from_version_id": version.id, "to_version_id": version.id,
            "mode": "raise", "why": "Kuncinya keliru.", "made_at": NOON,
        },
        Recall.__tablename__: {
            "enrollment_id": enrollment.id, "module": "pesan", "number": 3, "draw": [], "answers": {}, "done_at": NOON,
            "score": 66.7,
        },
        Certificate.__tablename__: {
            "enrollment_id": enrollment.id, "user_id": person.id, "code": "KODE", "year": 2026, "sequence": 1,
            "number": "CB/1", "issued_at": NOON, "issued_on": date(2026, 11, 23), "holder": "Sari Contoh",
            "course_code": "K99", "course_title": "Kursus Contoh", "jp": 2, "grade": "Baik", "facts": {},
        },
        Edition.__tablename__: {
            "certificate_id": paper.id, "version": 1, "holder": "Sari", "made_at": NOON, "proof": "", "credential": "",
            "signer": "none",
        },
        Act.__tablename__: {
            "certificate_id": paper.id, "kind": "revoked", "version": 1, "because": "Salah orang.", "at": NOON,
        },
        Batch.__tablename__: {
            "uuid": str(uuid4()), "title": "Kelas", "kind": "attended", "course": "contoh", "made_at": NOON,
        },
        BatchItem.__tablename__: {
            "batch_id": batch.id, "enrollment_id": enrollment.id, "holder": "Sari", "certificate_id": paper.id,
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "bad"), [(name, bad) for name, rows in BREAKERS.items() for bad in rows], ids=lambda value: str(value)[:40]
)
def test_the_database_refuses_what_breaks_a_check(db: Session, good: dict[str, Row], name: str, bad: Row) -> None:
    table = _every_check()[name]
    row = good[table.name]
    with pytest.raises(IntegrityError, match=name), db.begin_nested():
        db.execute(sa.insert(table).values(row | bad))
    db.execute(sa.insert(table).values(row))


def test_one_open_attempt_a_quiz_and_one_row_for_each_act(db: Session, good: dict[str, Row]) -> None:
    """The races of the house are decided here: see each unique constraint refuse the second row."""
    attempt = good["attempt"]
    db.execute(sa.insert(Attempt).values(attempt))
    second = attempt | {"uuid": str(uuid4()), "number": 2}
    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(sa.insert(Attempt).values(second))
    db.execute(sa.insert(Attempt).values(second | {"submitted_at": NOON, "score": 50.0, "passed": False}))
    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(sa.insert(Attempt).values(attempt | {"purpose": "pre", "module": ""}))  # the same UUID
    certificate = good["certificate"]
    db.execute(sa.insert(Certificate).values(certificate))
    for same in ("enrollment_id", "code", "number"):
        other = {"enrollment_id": None, "code": "LAIN", "number": "CB/2", "sequence": 2}
        with pytest.raises(IntegrityError), db.begin_nested():
            db.execute(sa.insert(Certificate).values(certificate | other | {same: certificate[same]}))
    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(sa.insert(Enrollment).values(good["enrollment"] | {"form": "A"}))
        db.execute(sa.insert(Enrollment).values(good["enrollment"]))
