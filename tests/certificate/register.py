"""Rows of the register put straight into the tables, where a test needs many certificates and no papers."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.certificate.code import new_code
from app.certificate.facts import day_of
from app.certificate.models import Act, Certificate, Edition
from tests.builders import NOON

_numbers = count(1)
FACTS: dict[str, Any] = {
    "course": "contoh", "version": 1, "pillar": "aman", "level": "Dasar 2", "method": "daring mandiri",
    "minutes_per_jp": 45, "started_on": "2026-11-15", "finished_on": "2026-11-23", "score": 85.0, "pass_mark": 70,
    "modules": [{"number": 1, "title": "Membaca Pesan", "jp": 2, "digcomp": "4.2", "pillar": "aman"}],
    "competences": ["4.2 Melindungi data pribadi dan privasi"], "agency": "Cakap Bontang", "unit": "CONTOH",
    "programme": "Pelatihan", "place": "Bontang", "signatory_name": "", "signatory_title": "", "signatory_nip": "",
}  # fmt: skip


def a_certificate(
    db: Session, holder: str = "Sari Contoh", *, pdf: bytes | None = b"%PDF", problem: str | None = None,
    signer: str = "none", **more: Any,
) -> Certificate:  # fmt: skip
    """A certificate with its one edition; without `pdf` it waits to be printed, for this `problem` if any."""
    n = next(_numbers)
    at = more.setdefault("issued_at", NOON + timedelta(minutes=n % 50))
    facts: dict[str, Any] = {
        "code": new_code(), "version": 1, "kind": "passed", "year": 2026, "sequence": 10_000 + n, "holder": holder,
        "number": f"CB/{10_000 + n}/CONTOH/XI/2026", "issued_on": day_of(at), "course_code": "K99",
        "course_title": "Kursus Contoh", "jp": 2, "grade": "Memuaskan", "facts": FACTS,
    }  # fmt: skip
    row = Certificate(**facts | more)
    db.add(row)
    db.flush()
    paper = None if pdf is None else pdf + str(n).encode()
    db.add(
        Edition(
            certificate_id=row.id, version=row.version, holder=row.holder, made_at=at, proof="x", credential="",
            signer=signer, pdf=paper, digest=paper and hashlib.sha256(paper).hexdigest(),
            finished_at=paper and at, problem=problem,
        )
    )  # fmt: skip
    if row.revoked_at is not None:
        because = row.revoked_because or ""
        db.add(Act(certificate_id=row.id, kind="revoked", version=row.version, because=because, at=row.revoked_at))
    db.flush()
    return row
