"""Telling a holder once more where the certificate is checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import journal, mail
from app.accounts import queries as accounts
from app.certificate import queries
from app.certificate.code import grouped
from app.certificate.models import Certificate
from app.certificate.rules import WORDS
from app.errors import N_, Refused

# Letters to residents are in Indonesian, whatever language the desk reads.
_SUBJECT = "{kind} {title}"
_BODY = (
    "{kind} Anda: {title}\nNomor: {number}\nAtas nama: {holder}\n\n"
    "Siapa pun yang Anda beri tautan ini dapat memeriksanya:\n{address}\n\n"
    "Kode verifikasi: {code}\n\n"
    "PDF-nya dapat Anda unduh setelah masuk, di halaman Sertifikat.\n"
)
_REMEMBERED = 50


def reachable(session: Session, certificate: Certificate, settings: Mapping[str, Any]) -> str | None:
    """The e-mail address of the holder's account, where letters can be sent."""
    if not settings["SMTP_HOST"] or certificate.user_id is None:
        return None
    user = accounts.person(session, certificate.user_id)
    return user.email if user else None


def send(session: Session, code: str, act: str, by: int | None, now: datetime, settings: Mapping[str, Any]) -> str:
    """Writes the holder a letter with link and code; once for each act. Returns the address it goes to."""
    certificate = session.scalar(sa.select(Certificate).where(Certificate.code == code).with_for_update())
    if certificate is None:
        raise Refused(N_("Tidak ada sertifikat dengan kode ini. Periksa lagi setiap huruf dan angka."))
    if certificate.revoked_at is not None:
        raise Refused(N_("Sertifikat ini sedang dicabut, jadi tautannya tidak dikirim. Pulihkan dahulu."))
    recipient = reachable(session, certificate, settings)
    if recipient is None:
        raise Refused(
            N_("Surel tidak dapat dikirim: akunnya tidak punya surel, atau layanan ini belum mengirim surel.")
        )
    if act in _sent(session, certificate):
        return recipient
    told = {
        "kind": WORDS[certificate.kind],
        "title": certificate.course_title,
        "number": certificate.number,
        "holder": certificate.holder,
        "address": queries.address(settings["BASE_URL"], certificate.code),
        "code": grouped(certificate.code),
    }
    mail.write(session, recipient, _SUBJECT.format(**told), _BODY.format(**told), now)
    journal.audit(
        session, "certificate.sent", now, actor=by, person=certificate.user_id, number=certificate.number, act=act
    )
    return recipient


def _sent(session: Session, certificate: Certificate) -> set[str]:
    """The acts that sent letters to this person lately."""
    sent = (
        sa.select(journal.Event.data)
        .where(journal.Event.person_id == certificate.user_id, journal.Event.kind == "certificate.sent")
        .order_by(journal.Event.id.desc())
        .limit(_REMEMBERED)
    )
    return {str(data.get("act")) for data in session.scalars(sent)}
