"""What this slice holds about a person, for the copy of their own data."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.accounts import export
from app.course import queries as course_queries
from app.course.responses import in_words
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
            N_("Batas waktu"): row.Attempt.deadline_at,
            N_("Dikumpulkan"): row.Attempt.submitted_at,
            N_("Dikumpulkan karena waktu habis"): row.Attempt.timed_out,
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
        found.append(
            {
                N_("Kursus"): row.slug,
                N_("Jenis"): export.Word(_PURPOSES[row.purpose]),
                N_("Modul"): row.module,
                N_("Percobaan ke"): row.number,
                N_("Soal"): item.stem if item else row.item,
                N_("Jawaban Anda"): in_words(item, row.choice) if item else " / ".join(row.choice),
                N_("Waktu"): row.saved_at,
            }
        )
    return found


def extra_time(session: Session, user_id: int) -> list[dict[str, object]]:
    """The extra time of this person."""
    found = queries.allowance(session, user_id)
    return [] if found is None else [{N_("Persen"): found.extra_percent, N_("Diberikan"): found.granted_at}]


def register() -> None:
    """Tells the account's page what is held here."""
    export.register(N_("Percobaan kuis dan tes"), attempts)
    export.register(N_("Jawaban kuis dan tes"), answers)
    export.register(N_("Waktu tambahan"), extra_time)
