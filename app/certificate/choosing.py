"""Choosing people for certificates all at once: who gets one, who has one, who cannot have one yet and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.rules import Kind, SignInName, sign_in_name
from app.certificate import queries
from app.certificate.models import Certificate
from app.certificate.rules import PASSED
from app.clock import WITA
from app.course import queries as courses
from app.course.models import CourseVersion
from app.enrollment import queries as enrollments
from app.enrollment.models import Enrollment, StepDone
from app.enrollment.rules import Requirement, requirements, steps
from app.errors import N_, Refused

MOST = 500  # people in a batch
SHOWN = 100  # of those who do not get a certificate, each with the reason
LONGEST_LIST = 40_000  # letters
UNKNOWN, ELSEWHERE, UNFIT = (
    N_("Tidak ada akun dengan nama masuk ini."),
    N_("Belum mengikuti kursus ini."),
    N_("Di luar kelurahan atau masa yang dipilih."),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the desk asked for; empty says nothing about it."""

    course: str = ""
    kind: str = PASSED
    region: str = ""
    since: date | None = None
    until: date | None = None
    names: str = ""  # one user name, phone number or e-mail address a line


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who can have a certificate, with the name that it would carry."""

    enrollment_id: int
    name: str
    signs_in: SignInName | None
    region: str
    confirmed: bool  # an earlier certificate carries this name already


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who has the certificate already."""

    name: str
    code: str
    number: str


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody who cannot have it yet; nothing is left for who passed where only taking part was asked for."""

    name: str
    signs_in: SignInName | None
    left: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Everybody who fits a wish, counted, and at first as many as a page or a batch can hold."""

    ready: Sequence[Candidate]
    ready_count: int
    holders: Sequence[Holder]
    holders_count: int
    learners: Sequence[Learner]
    learners_count: int
    not_found: Sequence[tuple[int, str, str]]  # line, what stands there, why nobody was found


def titles(session: Session) -> dict[str, str]:
    """The courses by their slug, each with code and title as its newest version has them."""
    newest = sa.select(sa.func.max(CourseVersion.id)).group_by(CourseVersion.slug)
    query = sa.select(CourseVersion.slug, CourseVersion.code, CourseVersion.title).where(CourseVersion.id.in_(newest))
    return {slug: f"{code} {title}" for slug, code, title in session.execute(query.order_by(CourseVersion.code))}


def people(session: Session, wish: Wish) -> Found:
    """Everybody who fits, in the order of their names."""
    lines = _lines(wish.names)
    listed = _listed(session, [name for _, _, name in lines if name]) if lines else None
    ids = None if listed is None else set(listed.values())
    fits = _fitting(wish, ids)
    there = sa.exists().where(Certificate.enrollment_id == Enrollment.id, Certificate.kind == wish.kind)
    able = _able(session, wish)
    ready = session.execute(
        fits.add_columns(Enrollment.id, User.name, _PRINTED, *_SIGNS_IN, User.region, _ALL)
        .where(able, sa.not_(there)).limit(MOST)
    ).all()  # fmt: skip
    holders = session.execute(
        fits.add_columns(Certificate.holder, Certificate.code, Certificate.number, _ALL)
        .join(Certificate, sa.and_(Certificate.enrollment_id == Enrollment.id, Certificate.kind == wish.kind))
        .limit(SHOWN)
    ).all()
    others = session.execute(
        fits.add_columns(Enrollment.id, User.name, *_SIGNS_IN, _ALL).where(sa.not_(able), sa.not_(there)).limit(SHOWN)
    ).all()
    return Found(
        ready=[
            Candidate(row.id, row.printed or row.name, _name_of(row), row.region, row.printed is not None)
            for row in ready
        ],
        ready_count=ready[0].all if ready else 0,
        holders=[Holder(row.holder, row.code, row.number) for row in holders],
        holders_count=holders[0].all if holders else 0,
        learners=_learners(session, wish, others),
        learners_count=others[0].all if others else 0,
        not_found=[] if listed is None else _not_found(session, wish, lines, listed),
    )


_ALL = sa.func.count().over().label("all")
_PRINTED = queries.NAME.label("printed")
_SIGNS_IN = (User.username, User.phone, User.email)


def _fitting(wish: Wish, ids: Collection[int] | None) -> sa.Select[Any]:
    """The enrollments that fit, with nothing selected yet."""
    query = (
        sa.select()
        .select_from(Enrollment)
        .join(CourseVersion, CourseVersion.id == Enrollment.version_id)
        .join(User, User.id == Enrollment.user_id)
        .where(CourseVersion.slug == wish.course, User.deleted_at.is_(None))
        .order_by(User.search, User.id)
    )
    # Who has not finished was here when they learned last.
    here = sa.func.coalesce(Enrollment.completed_at, Enrollment.touched_at)
    if wish.region:
        query = query.where(User.region == wish.region)
    if wish.since:
        query = query.where(here >= _midnight(wish.since))
    if wish.until and wish.until < date.max:
        query = query.where(here < _midnight(wish.until + timedelta(days=1)))
    return query if ids is None else query.where(User.id.in_(ids))


def _midnight(day: date) -> datetime:
    """The beginning of a day in Bontang; of the first days there are, of the first that a database can tell."""
    return datetime.combine(max(day, date(1, 1, 2)), time(), WITA)


def _able(session: Session, wish: Wish) -> sa.ColumnElement[bool]:
    """The condition that an enrollment has what the certificate stands for."""
    if wish.kind == PASSED:
        return Enrollment.completed_at.is_not(None)
    taken = (
        sa.select(Enrollment.version_id)
        .join(CourseVersion, CourseVersion.id == Enrollment.version_id)
        .where(CourseVersion.slug == wish.course)
        .distinct()
    )
    every = []
    for version, course in courses.contents(session, session.scalars(taken).all()).items():
        keys = [step.key for step in steps(course) if step.kind in ("lesson", "practice")]
        done = sa.select(sa.func.count()).where(StepDone.enrollment_id == Enrollment.id, StepDone.step.in_(keys))
        every.append(sa.and_(Enrollment.version_id == version, done.scalar_subquery() >= len(keys)))
    # Who has passed gets the certificate, which says more.
    return sa.and_(Enrollment.completed_at.is_(None), sa.or_(sa.false(), *every))


def _learners(session: Session, wish: Wish, rows: Sequence[Any]) -> list[Learner]:
    learnings = {one.id: one for one in enrollments.by_ids(session, [row.id for row in rows])} if rows else {}
    contents = courses.contents(session, {one.version_id for one in learnings.values()})
    found = []
    for row in rows:
        learning = learnings[row.id]
        left = [
            line
            for line in requirements(contents[learning.version_id], learning.progress)
            if not line.met and (wish.kind == PASSED or line.kind == "lessons")
        ]
        found.append(Learner(row.name, _name_of(row), tuple(left)))
    return found


def _name_of(row: Any) -> SignInName | None:
    """The first of the names that somebody signs in with."""
    kept = ((kind, getattr(row, kind)) for kind in Kind)
    return next((SignInName(kind, value) for kind, value in kept if value), None)


def _lines(text: str) -> list[tuple[int, str, SignInName | None]]:
    """The lines of a list that say something, numbered, as the names they are."""
    found: list[tuple[int, str, SignInName | None]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if written := line.strip():
            try:
                found.append((number, written, sign_in_name(written)))
            except Refused:
                found.append((number, written, None))
    if len(found) > MOST:
        raise Refused(
            N_("Daftar ini memuat %(n)s orang. Paling banyak %(most)s sekali jalan."), n=len(found), most=MOST
        )
    return found


def _listed(session: Session, names: Sequence[SignInName]) -> dict[SignInName, int]:
    """The people with these names."""
    wanted = {kind: [name.value for name in names if name.kind is kind] for kind in Kind}
    query = sa.select(User.id, *_SIGNS_IN).where(
        User.deleted_at.is_(None), sa.or_(*(getattr(User, kind).in_(values) for kind, values in wanted.items()))
    )
    return {
        SignInName(kind, value): row.id
        for row in session.execute(query)
        for kind in Kind
        if (value := getattr(row, kind)) is not None
    }


def _not_found(
    session: Session, wish: Wish, lines: Sequence[tuple[int, str, SignInName | None]], listed: Mapping[SignInName, int]
) -> list[tuple[int, str, str]]:
    """The lines that lead to nobody who fits, each with the reason."""
    everybody = set(listed.values())
    learning = set(session.scalars(_fitting(Wish(course=wish.course), everybody).add_columns(User.id)))
    fitting = set(session.scalars(_fitting(wish, everybody).add_columns(User.id)))
    found = []
    for number, written, name in lines:
        person = listed.get(name) if name else None
        if person not in fitting:
            found.append(
                (number, written[:120], UNKNOWN if person is None else UNFIT if person in learning else ELSEWHERE)
            )
    return found
