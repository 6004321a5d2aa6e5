"""What happens to a certificate after its issue: corrected, revoked, reinstated, removed; its score shown or hidden."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import journal
from app.accounts import actions as accounts
from app.accounts import leaving
from app.accounts.models import User
from app.certificate import editions, rules
from app.certificate.actions import printable
from app.certificate.models import Act, BatchItem, Certificate
from app.enrollment.models import Enrollment
from app.errors import N_, Refused
from app.forms import usable

LONGEST_REASON = 300


def revoke(session: Session, code: str, because: str, by: int | None, now: datetime) -> Certificate:
    """Takes a certificate back for a reason that everybody may read; a second time changes nothing."""
    reason = reason_of(because, N_("Tulis alasan pencabutan, paling panjang %(most)s huruf."))
    certificate = _held(session, code)
    if certificate.revoked_at is not None:
        return certificate
    certificate.revoked_at, certificate.revoked_because, certificate.revoked_by = now, reason, by
    _note(session, certificate, "revoked", reason, by, now)
    return certificate


def reinstate(session: Session, code: str, because: str, by: int | None, now: datetime) -> Certificate:
    """Makes a revoked certificate valid again, for a reason that everybody may read; a second time changes nothing."""
    reason = reason_of(because, N_("Tulis alasan pemulihan, paling panjang %(most)s huruf."))
    certificate = _held(session, code)
    if certificate.revoked_at is None:
        return certificate
    certificate.revoked_at = certificate.revoked_because = certificate.revoked_by = None
    _note(session, certificate, "reinstated", reason, by, now)
    return certificate


def correct(
    session: Session,
    code: str,
    name: str,
    because: str,
    *,
    seen: int,
    by: int | None,
    now: datetime,
    settings: Mapping[str, Any],
) -> Certificate:
    """Gives a certificate the right name: the next edition under the same code; `seen` is the one that was looked at.

    An account that still has the wrong name gets the right one too, so that its next paper is right at once. Sent twice
    it is done once. Raises Refused when somebody else has corrected it meanwhile.
    """
    reason = reason_of(because, N_("Tulis alasan koreksi, paling panjang %(most)s huruf."))
    holder = printable(name)
    # The person before the certificate, as all acts hold them, so that none waits for the other.
    owner = sa.select(User).join(Certificate, Certificate.user_id == User.id).where(Certificate.code == code)
    person = session.scalar(owner.with_for_update(of=User))
    certificate = _held(session, code)
    if certificate.version != seen:
        if certificate.version == seen + 1 and certificate.holder == holder:
            return certificate
        raise Refused(N_("Sertifikat ini baru saja dikoreksi petugas lain. Lihat lagi, lalu ulangi jika masih perlu."))
    if certificate.revoked_at is not None:
        raise Refused(N_("Sertifikat ini sedang dicabut, jadi namanya tidak dapat dikoreksi. Pulihkan dahulu."))
    if holder == certificate.holder:
        raise Refused(N_("Nama ini sama dengan yang sudah tercetak. Tulis nama yang benar."))
    if person is not None and person.name == certificate.holder:
        accounts.correct_profile(session, person.id, holder, person.region)
    certificate.holder, certificate.version = holder, certificate.version + 1
    session.flush()
    editions.add(session, certificate, settings, now)
    _note(session, certificate, "corrected", reason, by, now)
    return certificate


def remove(session: Session, code: str, because: str, by: int | None, now: datetime) -> None:
    """Removes a certificate because its holder asked for it: its code is found no more. It cannot be undone."""
    reason = reason_of(because, N_("Tulis alasan penghapusan, paling panjang %(most)s huruf."))
    certificate = _held(session, code)
    counted = certificate.kind == rules.PASSED and certificate.revoked_at is None
    _audit(session, certificate, "certificate.removed", reason, by, now, counted=counted)
    session.delete(certificate)


def show_score(session: Session, user_id: int, code: str | None, shows: bool) -> Certificate | None:
    """The holder's choice whether who checks the certificate sees the score; None when it is not theirs."""
    mine = sa.select(Certificate).where(Certificate.user_id == user_id, Certificate.code == (code or ""))
    certificate = session.scalar(mine.with_for_update())
    if certificate is not None:
        certificate.shows_score = shows and certificate.facts["score"] is not None
    return certificate


def _held(session: Session, code: str) -> Certificate:
    certificate = session.scalar(sa.select(Certificate).where(Certificate.code == code).with_for_update())
    if certificate is None:
        raise Refused(N_("Tidak ada sertifikat dengan kode ini. Periksa lagi setiap huruf dan angka."))
    return certificate


def reason_of(because: str, sentence: str) -> str:
    """The reason in one line; refuses with the sentence when there is none, or none that can be shown."""
    reason = " ".join(because.split())
    if not reason or len(reason) > LONGEST_REASON or not usable(reason):
        raise Refused(sentence, most=LONGEST_REASON)
    return reason


def _note(session: Session, certificate: Certificate, kind: str, reason: str, by: int | None, now: datetime) -> None:
    """Writes it down where everybody who checks reads it, and in the record of acts over others."""
    session.add(
        Act(certificate_id=certificate.id, kind=kind, version=certificate.version, because=reason, by=by, at=now)
    )
    _audit(session, certificate, f"certificate.{kind}", reason, by, now, counted=certificate.kind == rules.PASSED)


def _audit(
    session: Session, certificate: Certificate, kind: str, reason: str, by: int | None, now: datetime, *, counted: bool
) -> None:
    told = {name: certificate.facts[name] for name in ("course", "pillar", "version")}
    # The figures take it off (or put it back on) the day on which they counted it.
    if counted:
        told["issued_at"] = certificate.issued_at.isoformat()
    journal.audit(
        session, kind, now, actor=by, person=certificate.user_id, number=certificate.number, because=reason, **told
    )


@leaving.also
def release(session: Session, user_id: int, now: datetime) -> None:
    """Keeps in the register what can be checked of somebody who leaves, and nothing that leads to how they learned."""
    mine = sa.select(Enrollment.id).where(Enrollment.user_id == user_id)
    session.execute(sa.delete(BatchItem).where(BatchItem.enrollment_id.in_(mine)))
    for certificate in session.scalars(sa.select(Certificate).where(Certificate.user_id == user_id)):
        certificate.user_id = certificate.enrollment_id = None
        certificate.shows_score, certificate.facts = False, {**certificate.facts, "score": None}


@leaving.when_asked
def forget(session: Session, user_id: int, now: datetime) -> None:
    """Removes the certificates of somebody who leaves and asks for it: their codes are then found no more."""
    session.execute(sa.delete(Certificate).where(Certificate.user_id == user_id))
