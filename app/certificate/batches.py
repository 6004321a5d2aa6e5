"""Certificates for many at once: a batch is made in one go and issued person by person by the work that waits."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import journal
from app.accounts.models import User
from app.certificate import actions, queries
from app.certificate.choosing import MOST
from app.certificate.models import Batch, BatchItem, Certificate, Edition
from app.course.models import CourseVersion
from app.db import apart
from app.enrollment import queries as enrollments
from app.enrollment.models import Enrollment
from app.errors import N_, Refused

log = logging.getLogger(__name__)
AT_A_TIME = 50
LONGEST_TITLE = 120
_WAITS = (BatchItem.certificate_id.is_(None), BatchItem.problem.is_(None))
_CURRENT = sa.and_(Edition.certificate_id == Certificate.id, Edition.version == Certificate.version)
_FAILED = N_("Terjadi kesalahan di server. Ulangi; jika tetap gagal, beri tahu pengelola server.")


class NamesRefused(Refused):
    """Some names cannot stand on the paper as they are; `names` says why, by enrollment."""

    def __init__(self, names: Mapping[int, Refused]) -> None:
        super().__init__(N_("Ada %(n)s nama yang perlu diperbaiki. Belum ada sertifikat yang dibuat."), n=len(names))
        self.names = names


def make(
    session: Session,
    act: str,
    course: str,
    kind: str,
    title: str,
    names: Mapping[int, str],
    by: int | None,
    now: datetime,
) -> Batch:
    """Notes for whom certificates are to be issued: `names` holds the confirmed name by enrollment.

    The same act twice makes one batch. Who has a certificate keeps the name on it. Raises NamesRefused.
    """
    if (there := of(session, act)) is not None:
        return there
    if len(names) > MOST:
        raise Refused(N_("Paling banyak %(most)s orang sekali jalan."), most=MOST)
    holders = _holders(session, course, names)
    if not holders:
        raise Refused(N_("Centang paling sedikit satu orang yang namanya sudah dicocokkan."))
    batch = Batch(uuid=act, title=title, kind=kind, course=course, made_by=by, made_at=now)
    try:
        with session.begin_nested():
            session.add(batch)
            session.flush()
    except IntegrityError:
        # The same form was sent twice at the same moment.
        first = of(session, act)
        if first is None:
            raise
        return first
    session.add_all(BatchItem(batch_id=batch.id, enrollment_id=one, holder=name) for one, name in holders.items())
    journal.audit(session, "batch.made", now, actor=by, course=course, certificate=kind, count=len(holders), batch=act)
    return batch


def _holders(session: Session, course: str, names: Mapping[int, str]) -> dict[int, str]:
    """The name for each of these enrollments that are still in the course, as it can be printed."""
    query = (
        sa.select(Enrollment.id, queries.NAME.label("name"))
        .join(CourseVersion, CourseVersion.id == Enrollment.version_id)
        .join(User, User.id == Enrollment.user_id)
        .where(Enrollment.id.in_(names), CourseVersion.slug == course, User.deleted_at.is_(None))
        .order_by(User.search, User.id)
    )
    holders, wrong = {}, {}
    for row in session.execute(query).all():
        try:
            holders[row.id] = row.name or actions.printable(names[row.id])
        except Refused as no:
            wrong[row.id] = no
    if wrong:
        raise NamesRefused(wrong)
    return holders


def do_due(engine: sa.Engine, settings: Mapping[str, Any], now: datetime, limit: int = AT_A_TIME) -> int:
    """Issues the certificates that wait in batches, each in a transaction of its own; returns how many had their turn.

    Killed at any moment, the next call goes on. One that fails gets its sentence and keeps nobody else waiting.
    """
    with Session(engine) as session:
        due = session.scalars(sa.select(BatchItem.id).where(*_WAITS).order_by(BatchItem.id).limit(limit)).all()
    for item in due:
        try:
            with apart(engine) as session:
                _issue(session, item, settings, now)
        except Refused as no:
            _note(engine, item, str(no))
        except (sa.exc.OperationalError, sa.exc.TimeoutError):
            raise  # the database is away or busy: everybody's turn comes again
        except Exception:
            # Whatever is wrong with one keeps nobody else from a certificate.
            log.exception("not issued: item %s of a batch", item)
            _note(engine, item, _FAILED)
    return len(due)


def waiting(session: Session) -> bool:
    """Whether somebody waits in a batch."""
    return session.scalar(sa.select(BatchItem.id).where(*_WAITS).limit(1)) is not None


def _issue(session: Session, item: int, settings: Mapping[str, Any], now: datetime) -> None:
    query = sa.select(BatchItem.enrollment_id, BatchItem.holder, Batch.kind).join(Batch, Batch.id == BatchItem.batch_id)
    found = session.execute(query.where(BatchItem.id == item, *_WAITS)).first()
    learning = enrollments.by_id(session, found.enrollment_id) if found else None
    if found is None or learning is None:
        return  # another had it in hand, or the person left
    certificate = actions.issue(session, learning, found.holder, found.kind, now, settings, paper_later=True)
    session.execute(_put(item, certificate_id=certificate.id))


def _note(engine: sa.Engine, item: int, problem: str) -> None:
    with apart(engine) as session:
        session.execute(_put(item, problem=problem))


def _put(item: int, **outcome: Any) -> sa.Update:
    """The outcome of an item, unless another came first."""
    first = sa.update(BatchItem).where(BatchItem.id == item, *_WAITS).values(outcome)
    return first.execution_options(synchronize_session=False)


def retry(session: Session, batch: Batch, by: int | None, now: datetime) -> None:
    """Gives everybody in the batch for whom it failed another turn; where nobody is left, nothing happened."""
    failed = sa.update(BatchItem).where(BatchItem.batch_id == batch.id, BatchItem.problem.is_not(None))
    done = session.execute(failed.values(problem=None).execution_options(synchronize_session=False))
    if count := done.rowcount:  # type: ignore[attr-defined]  # of an UPDATE
        journal.audit(session, "batch.retried", now, actor=by, course=batch.course, count=count, batch=batch.uuid)


def of(session: Session, uuid: str) -> Batch | None:
    """The batch with this UUID."""
    return session.scalar(sa.select(Batch).where(Batch.uuid == uuid))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is."""

    total: int
    issued: int
    failed: int
    revoked: int
    ready: int  # papers that can be handed out
    held_up: int  # papers that wait for a reason
    reason: str | None
    external: int  # papers that wait for the act of an official

    @property
    def waiting(self) -> int:
        """How many have no outcome yet."""
        return self.total - self.issued - self.failed

    @property
    def unready(self) -> int:
        """Papers that are still to come, those of revoked certificates aside."""
        return self.issued - self.revoked - self.ready

    @property
    def moves(self) -> bool:
        """Whether something will be different in a moment, without anybody's act."""
        return self.waiting > 0 or self.unready > self.held_up + self.external


# On SQLite a column behind the paper costs reading the paper; whether there is one costs nothing.
_THERE = Edition.pdf.is_not(None)
_TROUBLE = sa.case((Edition.pdf.is_(None), Edition.problem))
_OPEN = sa.and_(Edition.pdf.is_(None), Certificate.revoked_at.is_(None))
_PROGRESS = (
    sa.func.count(BatchItem.id),
    sa.func.count(BatchItem.certificate_id),
    sa.func.count(BatchItem.problem),
    sa.func.count(Certificate.revoked_at),
    sa.func.count(Edition.id).filter(_THERE, Certificate.revoked_at.is_(None)),
    sa.func.count(_TROUBLE).filter(_OPEN),
    sa.func.min(_TROUBLE).filter(_OPEN),
    sa.func.count(Edition.id).filter(_OPEN, _TROUBLE.is_(None), Edition.signer == "external"),
)


def _with_papers(query: sa.Select[Any]) -> sa.Select[Any]:
    return query.outerjoin(Certificate, Certificate.id == BatchItem.certificate_id).outerjoin(Edition, _CURRENT)


def progress(session: Session, batches: Collection[int]) -> dict[int, Progress]:
    """How far these batches are."""
    query = _with_papers(sa.select().add_columns(BatchItem.batch_id, *_PROGRESS).select_from(BatchItem))
    rows = session.execute(query.where(BatchItem.batch_id.in_(batches)).group_by(BatchItem.batch_id))
    return {number: Progress(0, 0, 0, 0, 0, 0, None, 0) for number in batches} | {
        row[0]: Progress(*row[1:]) for row in rows
    }


def count(session: Session) -> int:
    """How many batches there are."""
    return session.scalar(sa.select(sa.func.count()).select_from(Batch)) or 0


def listed(session: Session, limit: int, offset: int) -> list[tuple[Batch, Progress]]:
    """Batches with how far they are, the newest first."""
    found = session.scalars(sa.select(Batch).order_by(Batch.id.desc()).limit(limit).offset(offset)).all()
    far = progress(session, [batch.id for batch in found]) if found else {}
    return [(batch, far[batch.id]) for batch in found]


@dataclass(frozen=True, slots=True)
class Place:
    """One person's place in a batch."""

    holder: str
    problem: str | None
    code: str | None
    number: str | None
    revoked_at: datetime | None
    ready: bool | None  # whether there is a paper
    held_up: str | None  # why there is none yet


def places(session: Session, batch: Batch, limit: int, offset: int) -> Sequence[Place]:
    """The people of a batch, those for whom it failed first."""
    columns = (
        sa.func.coalesce(Certificate.holder, BatchItem.holder), BatchItem.problem, Certificate.code,
        Certificate.number, Certificate.revoked_at, _THERE, _TROUBLE,
    )  # fmt: skip
    query = _with_papers(sa.select().add_columns(*columns).select_from(BatchItem))
    ordered = (
        query.where(BatchItem.batch_id == batch.id)
        .order_by(BatchItem.problem.is_(None), BatchItem.id)
        .limit(limit)
        .offset(offset)
    )
    return [Place(*row) for row in session.execute(ordered)]
