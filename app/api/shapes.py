"""What the API tells of a certificate: as much as the page does, in words for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.certificate.code import grouped
from app.certificate.models import Act, Certificate
from app.certificate.queries import shown_score
from app.certificate.rules import PASSED, Facts


def certificate(row: Certificate, paper: Facts, history: Sequence[Act]) -> dict[str, Any]:
    """All that the page of this code shows: the whole paper while it is valid, and once revoked what names it."""
    told: dict[str, Any] = {
        "status": "valid" if row.revoked_at is None else "revoked",
        "kind": row.kind,
        "code": grouped(row.code),
        "edition": row.version,
        "number": row.number,
        "name": row.holder,
        "course": row.course_title,
        "issued_on": row.issued_on.isoformat(),
        "address": paper.verify_url,
    }
    if row.revoked_at is None:
        told |= _paper(row, paper)
    else:
        told |= {"revoked_at": row.revoked_at.isoformat(), "revoked_because": row.revoked_because}
    # Who did it is nobody's business outside; that it was done, and why, is.
    acts = [
        {"kind": act.kind, "edition": act.version, "because": act.because, "at": act.at.isoformat()} for act in history
    ]
    return told | {"history": acts}


def _paper(row: Certificate, paper: Facts) -> dict[str, Any]:
    """What stands on the paper beside what names it; the score only if its holder shows it."""
    told: dict[str, Any] = {
        "course_code": paper.course_code,
        "course_version": paper.version,
        "level": paper.level_label,
        "jp": paper.jp,
        "minutes_per_jp": paper.minutes_per_jp,
        "started_on": paper.started_on.isoformat(),
        "finished_on": paper.finished_on.isoformat(),
        "method": paper.method,
        "grade": paper.grade or None,
        "pass_mark": paper.pass_mark if paper.kind == PASSED else None,
        "modules": [
            {"number": line.number, "title": line.title, "jp": line.jp, "digcomp": line.digcomp, "pillar": line.pillar}
            for line in paper.modules
        ],
        "digcomp": list(paper.digcomp_list),
        "issuer": {
            "agency": paper.agency,
            "unit": paper.unit,
            "programme": paper.programme,
            "place": paper.place,
            "signatory_name": paper.signatory_name,
            "signatory_title": paper.signatory_title,
            "signatory_nip": paper.signatory_nip,
        },
    }
    if (score := shown_score(row)) is not None:
        told["score"] = score
    return told
