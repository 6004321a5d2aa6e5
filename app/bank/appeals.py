"""Asking a person to review a result, answering once, and having read the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import journal
from app.accounts.models import User
from app.bank import appeal_queries as queries
from app.bank.models import Appeal, RegradeChange
from app.errors import N_, Refused
from app.forms import usable
from app.quiz import rules as quiz_rules
from app.quiz.queries import Sitting

Verdict = Literal["upheld", "corrected"]
VERDICTS: tuple[Verdict, ...] = ("upheld", "corrected")
SHORTEST, LONGEST = 10, 1000
MOST_OPEN = 5
_PRE = N_("Tes awal hanya mengukur dan tidak dinilai lulus atau tidak, jadi tidak perlu ditinjau.")
_OPEN = N_("Percobaan ini belum dikumpulkan. Tinjauan dapat diajukan setelah nilainya ada.")
_FORGOTTEN = N_("Percobaan ini sudah lebih dari 24 bulan. Jawabannya sudah dihapus, jadi tidak dapat ditinjau lagi.")


@dataclass(frozen=True, slots=True)
class Plea:
    """What a learner asks: about which question ("" for the whole result), why, and the UUID of the act."""

    item: str
    reason: str
    uuid: str


def check_reviewable(sitting: Sitting, now: datetime) -> None:
    """Refuses what nobody can review: an open attempt, a pre-test, an attempt whose answers are forgotten."""
    if sitting.purpose == "pre":
        raise Refused(_PRE)
    if sitting.submitted_at is None:
        raise Refused(_OPEN)
    if quiz_rules.forgotten(sitting.submitted_at, now):
        raise Refused(_FORGOTTEN)


def ask(session: Session, sitting: Sitting, plea: Plea, now: datetime) -> bool:
    """Asks a trainer to review; True the first time. The constraint decides: a second press changes nothing."""
    check_reviewable(sitting, now)
    if plea.item and plea.item not in {entry[0] for entry in sitting.draw}:
        raise Refused(N_("Soal ini tidak ada di percobaan ini. Muat ulang halamannya."))
    reason = plea.reason.strip()
    if not SHORTEST <= len(reason) <= LONGEST or not usable(reason):
        raise Refused(N_("Tulis alasan Anda dalam %(least)s sampai %(most)s huruf."), least=SHORTEST, most=LONGEST)
    # One person asks one thing at a time, so that the limit holds; and not while the account is being deleted.
    there = sa.select(User.id).where(User.id == sitting.user_id, User.deleted_at.is_(None))
    if session.scalar(there.with_for_update(key_share=True)) is None:
        raise Refused(N_("Akun ini sudah dihapus."))
    if queries.of_attempt(session, sitting.id, plea.item) is not None:
        return False
    if queries.open_of(session, sitting.user_id) >= MOST_OPEN:
        raise Refused(
            N_("%(most)s permintaan tinjauan Anda masih menunggu pelatih. Tunggu salah satunya dijawab dahulu."),
            most=MOST_OPEN,
        )
    try:
        with session.begin_nested():
            session.add(Appeal(uuid=plea.uuid, attempt_id=sitting.id, item=plea.item, reason=reason, asked_at=now))
    except IntegrityError:
        raise Refused(N_("Formulir ini sudah pernah dipakai. Muat ulang halamannya, lalu kirim lagi.")) from None
    return True


def answer(session: Session, appeal: queries.Waiting, verdict: Verdict, reply: str, by: int, now: datetime) -> bool:
    """Answers an appeal; False when somebody has answered it before, whose answer then stays."""
    said = reply.strip()
    if not SHORTEST <= len(said) <= LONGEST or not usable(said):
        raise Refused(N_("Tulis jawaban Anda dalam %(least)s sampai %(most)s huruf."), least=SHORTEST, most=LONGEST)
    asker = session.execute(
        sa.update(Appeal)
        .where(Appeal.uuid == appeal.uuid, Appeal.answered_at.is_(None))
        .values(answered_at=now, answered_by=by, verdict=verdict, reply=said)
        .returning(Appeal.attempt_id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if asker is None:
        return False
    journal.audit(
        session, "appeal.answered", now, actor=by, person=queries.person_of(session, asker), course=appeal.slug,
        version=appeal.version, item=appeal.item, verdict=verdict,
    )  # fmt: skip
    return True


def read(session: Session, attempt_id: int, item: str, now: datetime) -> None:
    """The learner has read the answer; a second time changes nothing."""
    session.execute(
        sa.update(Appeal)
        .where(Appeal.attempt_id == attempt_id, Appeal.item == item)
        .where(Appeal.answered_at.is_not(None), Appeal.seen_at.is_(None))
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def read_changes(session: Session, attempt_id: int, now: datetime) -> None:
    """The learner has read how the score of this attempt changed."""
    session.execute(
        sa.update(RegradeChange)
        .where(RegradeChange.attempt_id == attempt_id, RegradeChange.seen_at.is_(None))
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )
