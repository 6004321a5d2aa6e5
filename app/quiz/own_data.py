"""What this slice holds about a person, for the copy of their own data."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.accounts import export
from app.course import queries as course_queries
from app.errors import N_
from app.quiz import queries

_PURPOSES = {"quiz": N_("Kuis"), "pre": N_("Tes awal"), "post": N_("Tes akhir")}


def attempts(session: Session, user_id: int) -> list[dict[str, object]]:
    """The attempts of this person."""
    return [
        {
            N_("Kursus"): row.slug,
            N_("Versi"): row.number,
            N_("Jenis"): export.Word(_PURPOSES[row.Attempt.purpose]),
            N_("Modul"): row.Attempt.module,
            N_("Percobaan ke"): row.Attempt.number,
            N_("Mulai"): row.Attempt.started_at,
            N_("Dikumpulkan"): row.Attempt.submitted_at,
            N_("Nilai"): row.Attempt.score,
            N_("Lulus"): row.Attempt.passed,
        }
        for row in queries.attempts_of(session, user_id)
    ]


def answers(session: Session, user_id: int) -> list[dict[str, object]]:
    """The answers of this person, in the words of the question."""
    rows = queries.answers_of(session, user_id)
    courses = course_queries.contents(session, {row.version_id for row in rows})
    found: list[dict[str, object]] = []
    for row in rows:
        item = courses[row.version_id].item(row.item)
        chosen = [option.text for option in item.options if option.id in row.choice] if item else row.choice
        found.append(
            {
                N_("Kursus"): row.slug,
                N_("Jenis"): export.Word(_PURPOSES[row.purpose]),
                N_("Modul"): row.module,
                N_("Percobaan ke"): row.number,
                N_("Soal"): item.stem if item else row.item,
                N_("Jawaban Anda"): " / ".join(chosen),
                N_("Waktu"): row.saved_at,
            }
        )
    return found


def register() -> None:
    """Tells the account's page what is held here."""
    export.register(N_("Percobaan kuis dan tes"), attempts)
    export.register(N_("Jawaban kuis dan tes"), answers)
