"""What the desk makes sure of before it acts on a certificate."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts import staff
from app.certificate.models import Act, Certificate
from app.errors import N_, Refused

_MEANWHILE = {
    "revoked": N_("Sertifikat ini sudah dicabut petugas lain sejak halaman ini dibuka. Lihat lagi, lalu putuskan."),
    "reinstated": N_(
        "Sertifikat ini sudah dipulihkan petugas lain sejak halaman ini dibuka. Lihat lagi, lalu putuskan."
    ),
    "corrected": N_("Sertifikat ini sudah dikoreksi petugas lain sejak halaman ini dibuka. Lihat lagi, lalu putuskan."),
}
_ALREADY = N_("Tindakan ini sudah tercatat sebelumnya, dari halaman lain yang Anda buka. Lihat lagi, lalu putuskan.")


class Gone(Refused):
    """There is no such certificate any more."""

    def __init__(self) -> None:
        super().__init__(N_("Sertifikat ini sudah dihapus petugas lain sejak halaman ini dibuka."))


def still_to_do(session: Session, code: str, seen: int, kind: str, because: str, actor: int) -> bool:
    """Whether an act on a certificate is still to be done, seen from a page that knew its acts up to this number.

    False when this very press did it already. Holds the certificate until the transaction ends; refuses when somebody
    acted on it meanwhile, and when the actor is no admin any more.
    """
    staff.allowed(session, actor)
    certificate = session.scalar(sa.select(Certificate.id).where(Certificate.code == code).with_for_update())
    if certificate is None:
        raise Gone
    later = sa.select(Act).where(Act.certificate_id == certificate, Act.id > seen).order_by(Act.id)
    acts = session.scalars(later).all()
    if not acts:
        return True
    mine = acts[0].by == actor
    if len(acts) == 1 and mine and (acts[0].kind, acts[0].because) == (kind, " ".join(because.split())):
        return False
    raise Refused(_ALREADY if mine and acts[-1].by == actor else _MEANWHILE[acts[-1].kind])
