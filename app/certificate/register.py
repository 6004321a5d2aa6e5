"""The register of certificates: searched, filtered, read page by page, and written to a file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import journal
from app.accounts import queries as accounts
from app.accounts import regions
from app.accounts.models import User
from app.certificate.code import grouped
from app.certificate.lifecycle import reason_of
from app.certificate.models import Act, Certificate, Edition
from app.certificate.pasted import code_in
from app.certificate.rules import ATTENDED, PASSED
from app.certificate.waiting import open_papers
from app.course.models import CourseVersion
from app.errors import N_
from app.sheets import Row, safe, streamed

PAGE = 25
STATES = {"sah": N_("Sah"), "dicabut": N_("Dicabut"), "menunggu": N_("Menunggu PDF")}
KINDS = {PASSED: N_("Sertifikat"), ATTENDED: N_("Surat keterangan keikutsertaan")}
HEADER = (
    *("nomor", "kode", "nama", "jenis", "kode_kursus", "kursus", "jp", "predikat", "terbit", "edisi", "status"),
    *("dicabut_pada", "alasan_pencabutan"),
)
_BATCH = 500
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Filters:
    """What the desk asked the register for; empty says nothing about it."""

    words: str = ""
    course: str = ""
    state: str = ""
    kind: str = ""
    region: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def said(self) -> dict[str, str]:
        """What was asked for, and no more."""
        return {name: str(value) for name, value in asdict(self).items() if value}


def asked(sent: Mapping[str, str]) -> Filters:
    """The filters in an address or a form; what makes no sense counts as not asked."""
    state, kind, region = sent.get("status", ""), sent.get("jenis", ""), sent.get("kelurahan", "")
    return Filters(
        words=" ".join(sent.get("cari", "").split())[:_LONGEST],
        course=sent.get("kursus", "")[:_LONGEST],
        state=state if state in STATES else "",
        kind=kind if kind in KINDS else "",
        region=region if regions.known(region) else "",
        since=_day(sent.get("dari", "")),
        until=_day(sent.get("sampai", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Line:
    """One certificate in the list."""

    id: int
    code: str
    number: str
    holder: str
    kind: str
    course_code: str
    course_title: str
    issued_on: date
    revoked_at: datetime | None
    finished_at: datetime | None  # of the paper that counts
    problem: str | None


def _matching(filters: Filters) -> sa.Select[Any]:
    """The certificates that fit, with nothing selected yet."""
    query = sa.select().select_from(Certificate)
    if filters.words or filters.region:
        query = query.outerjoin(User, User.id == Certificate.user_id)
    if filters.words:
        query = query.where(_called(filters.words))
    if filters.region:
        query = query.where(User.region == filters.region)
    if filters.course:
        query = query.where(Certificate.course_code == filters.course)
    if filters.kind:
        query = query.where(Certificate.kind == filters.kind)
    if filters.since:
        query = query.where(Certificate.issued_on >= filters.since)
    if filters.until:
        query = query.where(Certificate.issued_on <= filters.until)
    if filters.state == "menunggu":
        query = query.where(Certificate.id.in_(open_papers().add_columns(Edition.certificate_id)))
    elif filters.state:
        revoked = Certificate.revoked_at.is_not(None)
        query = query.where(revoked if filters.state == "dicabut" else sa.not_(revoked))
    return query


def _called(words: str) -> sa.ColumnElement[bool]:
    """By code, however it is typed or as its whole address; by number, by the printed name, or by the account."""
    # A name may look like a code of before, so a code is one way of several.
    return sa.or_(
        Certificate.code == (code_in(words) or ""),
        Certificate.number.icontains(words, autoescape=True),
        Certificate.holder.icontains(words, autoescape=True),
        accounts.matching(words),
    )


def count(session: Session, filters: Filters) -> int:
    """How many certificates fit."""
    return session.scalar(_matching(filters).add_columns(sa.func.count())) or 0


def page(session: Session, filters: Filters, number: int) -> list[Line]:
    """One page of those that fit, the newest first."""
    query = (
        _matching(filters)
        .add_columns(
            Certificate.id, Certificate.code, Certificate.number, Certificate.holder, Certificate.kind,
            Certificate.course_code, Certificate.course_title, Certificate.issued_on, Certificate.revoked_at,
            Edition.finished_at, Edition.problem,
        )
        .outerjoin(
            Edition, sa.and_(Edition.certificate_id == Certificate.id, Edition.version == Certificate.version)
        )
        .order_by(Certificate.id.desc())
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )  # fmt: skip
    return [Line(*row) for row in session.execute(query)]


def courses(session: Session) -> list[tuple[str, str]]:
    """Code and title of every course, as its newest version calls it."""
    newest = sa.select(sa.func.max(CourseVersion.id)).group_by(CourseVersion.slug)
    query = sa.select(CourseVersion.code, CourseVersion.title).where(CourseVersion.id.in_(newest))
    return [(code, title) for code, title in session.execute(query.order_by(CourseVersion.code))]


def stuck(session: Session, kinds: Collection[str]) -> tuple[int, int, str] | None:
    """How many papers wait because something went wrong, and what it was with the one that waits longest.

    Between the two: how many of them are not of these signers, which a machine asks again by itself.
    """
    every = sa.func.count()
    query = (
        open_papers()
        .add_columns(every.over(), every.filter(Edition.signer.not_in(kinds)).over(), Edition.problem)
        .where(Edition.problem.is_not(None))
        .order_by(Edition.id)
        .limit(1)
    )
    found = session.execute(query).first()
    return None if found is None else (found[0], found[1], str(found[2]))


def papers(session: Session, certificate: Certificate) -> Sequence[Edition]:
    """Every edition of a certificate, the newest first; their papers stay where they are."""
    mine = sa.select(Edition).where(Edition.certificate_id == certificate.id).order_by(Edition.version.desc())
    return session.scalars(mine).all()


def acts(session: Session, certificate: Certificate) -> list[tuple[Act, str | None]]:
    """What was done to a certificate after its issue, with the name of who did it as it is today."""
    query = (
        sa.select(Act, User.name)
        .outerjoin(User, User.id == Act.by)
        .where(Act.certificate_id == certificate.id)
        .order_by(Act.id)
    )
    return [(act, name) for act, name in session.execute(query)]


@dataclass(frozen=True, slots=True)
class Export:
    """A file of the register about to be written: what fits, up to the newest of this moment."""

    filters: Filters
    count: int
    newest: int


def export(session: Session, filters: Filters, because: str, by: int | None, now: datetime) -> Export:
    """Notes that names leave the house, and why."""
    reason = reason_of(because, N_("Tulis untuk apa daftar ini diunduh, paling panjang %(most)s huruf."))
    newest = session.scalar(sa.select(sa.func.max(Certificate.id))) or 0
    found = Export(filters, count(session, filters), newest)
    journal.audit(
        session, "certificates.exported", now, actor=by, because=reason, count=found.count, filters=filters.said
    )
    return found


def lines(bind: sa.Engine, found: Export, *, excel: bool) -> Iterator[str]:
    """The file, a few hundred certificates at a time, each time with a fresh look at the database."""
    return streamed(HEADER, _pages(bind, found), excel=excel)


def _pages(bind: sa.Engine, found: Export) -> Iterator[list[Row]]:
    before = found.newest + 1
    query = _matching(found.filters).add_columns(
        Certificate.id, Certificate.number, Certificate.code, Certificate.holder, Certificate.kind,
        Certificate.course_code, Certificate.course_title, Certificate.jp, Certificate.grade, Certificate.issued_on,
        Certificate.version, Certificate.revoked_at, Certificate.revoked_because,
    ).order_by(Certificate.id.desc()).limit(_BATCH)  # fmt: skip
    while True:
        with Session(bind) as session:
            rows = session.execute(query.where(Certificate.id < before)).all()
        if not rows:
            return
        before = rows[-1].id
        yield [_row(row) for row in rows]


def _row(row: Any) -> Row:
    return (
        safe(row.number), grouped(row.code), safe(row.holder), str(KINDS[row.kind]), safe(row.course_code),
        safe(row.course_title), row.jp, row.grade, row.issued_on.isoformat(), row.version,
        "sah" if row.revoked_at is None else "dicabut", row.revoked_at.isoformat() if row.revoked_at else "",
        safe(row.revoked_because or ""),
    )  # fmt: skip
