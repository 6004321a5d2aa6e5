"""What this slice tells: learners of answers and of scores counted anew, trainers of appeals that wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from app import i18n
from app.authoring import duties
from app.authoring.duties import Duty
from app.bank import appeal_queries as queries
from app.bank import rescoring
from app.bank.appeal_queries import News
from app.enrollment import notices
from app.enrollment.notices import Notice
from app.enrollment.queries import Learning
from app.errors import N_
from app.quiz import corrected


def told(session: Session, user_id: int, learnings: Sequence[Learning], now: datetime) -> list[Notice]:
    """What this person has not read yet; several changes of one score are told as one."""
    news = queries.news(session, user_id)
    changes: dict[str, list[News]] = defaultdict(list)
    for one in news:
        if one.kind == "score":
            changes[one.attempt].append(one)
    answered = [_answered(one) for one in news if one.kind == "appeal"]
    return answered + [_rescored(attempt, together) for attempt, together in changes.items()]


def _answered(one: News) -> Notice:
    return Notice(
        N_("Tinjauan Anda sudah dijawab"),
        N_("%(course)s: pelatih sudah melihat permintaan Anda."),
        url_for("bank.appeal", uuid=one.attempt, soal=one.item or None),
        N_("Baca jawabannya"),
        {"course": one.title},
    )


def _rescored(attempt: str, changes: Sequence[News]) -> Notice:
    before, after = changes[0].before or 0.0, changes[-1].after or 0.0
    return Notice(
        N_("Nilai Anda dihitung ulang"),
        N_("%(course)s: dari %(before)s menjadi %(after)s, karena kunci sebuah soal diperbaiki."),
        url_for("bank.rescored", uuid=attempt),
        N_("Lihat nilainya"),
        {"course": changes[0].title, "before": mark(before), "after": mark(after)},
    )


def mark(score: float) -> str:
    """A score as people write it, with a decimal only where there is one."""
    return i18n.number(score, 0 if score == int(score) else 1)


def duty(session: Session, user_id: int) -> Duty:
    """The appeals that wait for this trainer."""
    return Duty(
        queries.count_waiting(session, user_id),
        N_("Tinjauan dari peserta: %(n)s menunggu jawaban"),
        url_for("bank.appeal_list"),
        N_("Buka tinjauan"),
    )


def register() -> None:
    """Tells the page of what one learns, that of writing, and that of a result."""
    notices.also(told)
    duties.also(duty)
    corrected.also(rescoring.discussed_by)
