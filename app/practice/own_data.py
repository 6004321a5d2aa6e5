"""What this slice holds about a person, for the copy of their own data."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.accounts import export
from app.course import queries as course_queries
from app.course.item import Item
from app.course.responses import in_words
from app.errors import N_
from app.practice import queries


def recalls(session: Session, user_id: int) -> list[dict[str, object]]:
    """Each Kilas Balik of this person, one line for each answer that is still kept."""
    rows = queries.recalls_of(session, user_id)
    courses = course_queries.contents(session, {row.version_id for row in rows})
    found: list[dict[str, object]] = []
    for row in rows:
        whole = {
            N_("Kursus"): row.slug,
            N_("Versi"): row.number,
            N_("Modul"): row.Recall.module,
            N_("Kilas Balik ke"): row.Recall.number,
            N_("Nilai"): row.Recall.score,
            N_("Waktu"): row.Recall.done_at,
        }
        if row.Recall.answers is None:
            found.append(whole)
            continue
        for name, answer in row.Recall.answers.items():
            item = courses[row.version_id].item(name)
            found.append(whole | _told(item, name, answer))
    return found


def answers(session: Session, user_id: int) -> list[dict[str, object]]:
    """The answers of this person in sets."""
    rows = queries.answers_of(session, user_id)
    courses = course_queries.contents(session, {row.version_id for row in rows})
    found: list[dict[str, object]] = []
    for row in rows:
        item = courses[row.version_id].item(row.PracticeAnswer.item)
        found.append(
            {
                N_("Kursus"): row.slug,
                N_("Versi"): row.number,
                N_("Modul"): row.PracticeAnswer.module,
                **_told(item, row.PracticeAnswer.item, row.PracticeAnswer.choice),
                N_("Benar"): row.PracticeAnswer.correct,
                N_("Waktu"): row.PracticeAnswer.answered_at,
            }
        )
    return found


def _told(item: Item | None, name: str, answer: Sequence[str]) -> dict[str, object]:
    """The question and the answer in words."""
    return {
        N_("Soal"): item.stem if item else name,
        N_("Jawaban Anda"): in_words(item, answer),
    }


def register() -> None:
    """Tells the account's page what is held here."""
    export.register(N_("Kilas Balik"), recalls)
    export.register(N_("Jawaban latihan"), answers)
