"""Reading certificates: mine, by code, and as the facts of a paper."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from math import floor

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts import export
from app.accounts.models import User
from app.certificate.code import grouped
from app.certificate.models import Act, Certificate, Edition
from app.certificate.rules import PASSED, Facts, ModuleLine
from app.errors import N_

# The name for the next paper of a person: that of the newest, as it was corrected since. What was revoked says nothing,
# for its name may be the reason.
NAME = (
    sa.select(Certificate.holder)
    .where(Certificate.user_id == User.id, Certificate.revoked_at.is_(None))
    .order_by(Certificate.id.desc())
    .limit(1)
    .correlate(User)
    .scalar_subquery()
)


def by_code(session: Session, code: str | None) -> Certificate | None:
    """The certificate with this code; what cannot be a code is looked for all the same, and costs the same."""
    return session.scalar(sa.select(Certificate).where(Certificate.code == (code or "")))


def by_codes(session: Session, codes: Collection[str]) -> dict[str, Certificate]:
    """The certificates with these codes, by their code."""
    found = session.scalars(sa.select(Certificate).where(Certificate.code.in_(codes)))
    return {row.code: row for row in found}


def owned(session: Session, user_id: int, code: str | None) -> Certificate | None:
    """This person's certificate with this code."""
    mine = sa.select(Certificate).where(Certificate.user_id == user_id, Certificate.code == (code or ""))
    return session.scalar(mine)


def of_enrollment(session: Session, enrollment_id: int, kind: str = PASSED) -> Certificate | None:
    """The certificate of this kind for an enrollment: one at most."""
    mine = sa.select(Certificate).where(Certificate.enrollment_id == enrollment_id, Certificate.kind == kind)
    return session.scalar(mine)


def name_of(session: Session, user_id: int) -> str | None:
    """The name for the next paper of a person; None asks for one to be confirmed."""
    return session.scalar(sa.select(NAME).where(User.id == user_id))


def history(session: Session, certificate: Certificate) -> Sequence[Act]:
    """What was done to a certificate after its issue, in that order."""
    return session.scalars(sa.select(Act).where(Act.certificate_id == certificate.id).order_by(Act.id)).all()


def story(session: Session, certificate: Certificate) -> tuple[tuple[str, bool], Sequence[Act]] | None:
    """Who signs the paper that counts, whether it is there, and what was done to the certificate: in one statement.

    None when the certificate was removed since it was read.
    """
    query = (
        sa.select(Edition.signer, Edition.pdf.is_not(None), Act)
        .outerjoin(Act, Act.certificate_id == Edition.certificate_id)
        .where(Edition.certificate_id == certificate.id, Edition.version == certificate.version)
        .order_by(Act.id)
    )
    found = session.execute(query).all()
    if not found:
        return None
    return (found[0][0], found[0][1]), [act for _, _, act in found if act is not None]


def edition(session: Session, certificate: Certificate) -> Edition:
    """The edition of a certificate that counts."""
    return session.scalars(sa.select(Edition).where(*_current(certificate))).one()


def paper_of(session: Session, certificate: Certificate) -> bytes | None:
    """The paper of the edition that counts; None while it is being printed or signed."""
    return session.scalar(sa.select(Edition.pdf).where(*_current(certificate)))


def signer_of(session: Session, certificate: Certificate) -> str | None:
    """Who signs the paper of the edition that counts; None when the certificate was removed since it was read."""
    return session.scalar(sa.select(Edition.signer).where(*_current(certificate)))


def credential_of(session: Session, certificate: Certificate) -> str | None:
    """The credential of the edition that counts; None when the certificate was removed since it was read."""
    return session.scalar(sa.select(Edition.credential).where(*_current(certificate)))


def _current(certificate: Certificate) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return Edition.certificate_id == certificate.id, Edition.version == certificate.version


def mine(session: Session, user_id: int) -> Sequence[Certificate]:
    """Every certificate of a person, the newest first."""
    ordered = sa.select(Certificate).where(Certificate.user_id == user_id).order_by(Certificate.id.desc())
    return session.scalars(ordered).all()


def by_digest(session: Session, digest: str) -> tuple[Certificate, Edition] | None:
    """The certificate and the edition whose paper has this SHA-256, in lower-case hexadecimals."""
    found = session.execute(
        sa.select(Certificate, Edition).join(Edition, Edition.certificate_id == Certificate.id)
        .where(Edition.digest == digest)
    ).first()  # fmt: skip
    return None if found is None else (found[0], found[1])


def by_credential(session: Session, code: str | None, credential: str) -> tuple[Certificate, Edition] | None:
    """The certificate with this code and its edition that carries exactly this credential."""
    found = session.execute(
        sa.select(Certificate, Edition).join(Edition, Edition.certificate_id == Certificate.id)
        .where(Certificate.code == (code or ""), Edition.credential == credential)
    ).first()  # fmt: skip
    return None if found is None else (found[0], found[1])


def papers(session: Session, user_id: int) -> dict[int, tuple[str, int]]:
    """Who signs the paper of each certificate of a person, and its size in KB; 0 while it waits."""
    query = (
        sa.select(Edition.certificate_id, Edition.signer, sa.func.coalesce(sa.func.length(Edition.pdf), 0))
        .join(Certificate, sa.and_(Certificate.id == Edition.certificate_id, Certificate.version == Edition.version))
        .where(Certificate.user_id == user_id)
    )
    return {certificate_id: (signer, -(-size // 1000)) for certificate_id, signer, size in session.execute(query)}


def claimed(session: Session, user_id: int, enrollment_id: int) -> tuple[str | None, str | None]:
    """The code of a person's certificate for this enrollment, and the name for the next one."""
    code = sa.select(Certificate.code).where(
        Certificate.enrollment_id == enrollment_id, Certificate.user_id == user_id, Certificate.kind == PASSED
    )
    found = session.execute(sa.select(code.scalar_subquery(), NAME).where(User.id == user_id)).one()
    return found[0], found[1]


def newest(session: Session, limit: int) -> Sequence[Certificate]:
    """The certificates issued last."""
    return session.scalars(sa.select(Certificate).order_by(Certificate.id.desc()).limit(limit)).all()


def address(base_url: str, code: str) -> str:
    """Where anybody checks this code; it is printed, and the QR code holds it."""
    return f"{base_url}/sertifikat/{grouped(code)}"


def paper(certificate: Certificate, base_url: str, edition: Edition | None = None, logo: bytes = b"") -> Facts:
    """What the paper says: no score, so that who checks it may see all that is printed.

    To be printed it needs its edition, which holds what proves it, and its logo.
    """
    facts = certificate.facts
    return Facts(
        holder_name=certificate.holder if edition is None else edition.holder,
        course_title=certificate.course_title,
        course_code=certificate.course_code,
        jp=certificate.jp,
        minutes_per_jp=facts["minutes_per_jp"],
        started_on=date.fromisoformat(facts["started_on"]),
        finished_on=date.fromisoformat(facts["finished_on"]),
        issued_on=certificate.issued_on,
        number=certificate.number,
        code=certificate.code,
        verify_url=address(base_url, certificate.code),
        grade=certificate.grade,
        method=facts["method"],
        modules=tuple(ModuleLine(**line) for line in facts["modules"]),
        pass_mark=facts["pass_mark"],
        agency=facts["agency"],
        unit=facts["unit"],
        programme=facts["programme"],
        place=facts["place"],
        signatory_name=facts["signatory_name"],
        signatory_title=facts["signatory_title"],
        signatory_nip=facts["signatory_nip"],
        digcomp_list=tuple(facts["competences"]),
        level_label=facts["level"],
        version=facts["version"],
        kind=certificate.kind,
        edition=certificate.version if edition is None else edition.version,
        proof="" if edition is None else edition.proof,
        signer="none" if edition is None else edition.signer,
        logo=logo,
    )


def shown_score(certificate: Certificate) -> int | None:
    """The score as whoever checks sees it, if its holder shows it: cut, so that it never looks above its predikat."""
    score = certificate.facts["score"]
    return floor(score) if certificate.shows_score and score is not None else None


def held(session: Session, user_id: int) -> list[dict[str, object]]:
    """What this slice holds about a person, for the copy of their own data."""
    return [
        {
            N_("Nomor"): row.number,
            N_("Kode verifikasi"): grouped(row.code),
            N_("Nama di sertifikat"): row.holder,
            N_("Kursus"): row.course_title,
            N_("Jumlah JP"): row.jp,
            N_("Terbit"): row.issued_at,
            N_("Yang diterbitkan"): N_("Sertifikat") if row.kind == PASSED else N_("Surat keterangan keikutsertaan"),
            N_("Edisi"): row.version,
            N_("Predikat"): row.grade or None,
            N_("Nilai tes akhir"): row.facts["score"],
            N_("Dicabut"): row.revoked_at,
            N_("Alasan pencabutan"): row.revoked_because,
        }
        for row in mine(session, user_id)
    ]


export.register(N_("Sertifikat"), held)
