"""What this slice holds about a person, for the copy of their own data."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.accounts import export
from app.bank import appeal_queries as queries
from app.course import queries as course_queries
from app.errors import N_

VERDICTS = {"upheld": N_("Nilai tetap"), "corrected": N_("Kunci diperbaiki")}


def appeals(session: Session, user_id: int) -> list[dict[str, object]]:
    """What this person asked a trainer to review, and the answers."""
    rows = queries.appeals_of(session, user_id)
    stems = _stems(session, {(row.version_id, row.Appeal.item) for row in rows})
    return [
        {
            N_("Kursus"): row.slug,
            N_("Versi"): row.number,
            N_("Soal"): stems.get((row.version_id, row.Appeal.item), row.Appeal.item),
            N_("Alasan Anda"): row.Appeal.reason,
            N_("Diajukan"): row.Appeal.asked_at,
            N_("Dijawab"): row.Appeal.answered_at,
            N_("Keputusan"): export.Word(VERDICTS[row.Appeal.verdict]) if row.Appeal.verdict else None,
            N_("Jawaban pelatih"): row.Appeal.reply,
            N_("Dibaca"): row.Appeal.seen_at,
        }
        for row in rows
    ]


def regrades(session: Session, user_id: int) -> list[dict[str, object]]:
    """How scores of this person changed when they were counted anew."""
    rows = queries.regrades_of(session, user_id)
    stems = _stems(session, {(row.version_id, row.item) for row in rows})
    return [
        {
            N_("Kursus"): row.slug,
            N_("Versi"): row.number,
            N_("Soal"): stems.get((row.version_id, row.item), row.item),
            N_("Nilai sebelumnya"): row.score_before,
            N_("Nilai sekarang"): row.score_after,
            N_("Alasan"): row.why,
            N_("Waktu"): row.made_at,
        }
        for row in rows
    ]


def _stems(session: Session, wanted: set[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """The questions in words, by version and id."""
    courses = course_queries.contents(session, {version_id for version_id, _ in wanted})
    items = ((version_id, name, courses[version_id].item(name)) for version_id, name in wanted)
    return {(version_id, name): item.stem for version_id, name, item in items if item is not None}


def register() -> None:
    """Tells the account's page what is held here."""
    export.register(N_("Permintaan tinjauan"), appeals)
    export.register(N_("Nilai yang dihitung ulang"), regrades)
