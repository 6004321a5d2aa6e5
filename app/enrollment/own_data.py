"""What this slice holds about a person, for the copy of their own data."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.accounts import export
from app.enrollment import queries
from app.errors import N_


def courses(session: Session, user_id: int) -> list[dict[str, object]]:
    """The courses this person learns."""
    return [
        {
            N_("Kursus"): learning.slug,
            N_("Versi"): learning.number,
            N_("Mulai"): learning.started_at,
            N_("Terakhir belajar"): learning.touched_at,
            N_("Selesai"): learning.completed_at,
        }
        for learning in queries.mine(session, user_id)
    ]


def steps(session: Session, user_id: int) -> list[dict[str, object]]:
    """The steps this person did."""
    return [
        {
            N_("Kursus"): row.slug,
            N_("Versi"): row.number,
            N_("Langkah"): row.step,
            N_("Nilai terbaik"): row.score,
            N_("Waktu"): row.done_at,
        }
        for row in queries.steps_done(session, user_id)
    ]


def register() -> None:
    """Tells the account's page what is held here."""
    export.register(N_("Kursus yang diikuti"), courses)
    export.register(N_("Langkah yang selesai"), steps)
