"""Issuing a certificate once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from string import Formatter
from typing import Any
from unicodedata import category

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import journal
from app.accounts import actions as accounts
from app.accounts.models import User
from app.accounts.rules import full_name
from app.certificate import editions, facts, pdf, queries, rules
from app.certificate.code import new_code
from app.certificate.models import Certificate, NumberCounter
from app.course import queries as course_queries
from app.enrollment import rules as enrollment_rules
from app.enrollment.queries import Learning
from app.errors import N_, Refused
from app.forms import usable

_NOT_YET = N_("Selesaikan semua langkah kursus ini dahulu. Setelah itu sertifikat terbuka.")

LONGEST_NAME = 120  # as in the forms
_JOINERS = "\u200c\u200d"  # some scripts write names with them


class NameRefused(Refused):
    """The name cannot stand on the paper as it is."""


def claim(
    session: Session, learning: Learning, name: str | None, now: datetime, settings: Mapping[str, Any]
) -> Certificate:
    """Issues the certificate of a finished course; claiming twice returns the first.

    Who has no paper yet confirms their name, which becomes the name of the account as well.
    """
    # One person claims once at a time, and not while the account is being deleted.
    person = _held(session, learning.user_id)
    if (there := queries.of_enrollment(session, learning.id)) is not None:
        return there
    course = course_queries.content(session, learning.version_id)
    if not enrollment_rules.finished(course, learning.progress):
        raise Refused(_NOT_YET)
    if (holder := queries.name_of(session, person.id)) is None:
        holder = printable(person.name if name is None else name)
        if holder != person.name:
            accounts.correct_profile(session, person.id, holder, person.region)
    return _issued(session, learning, holder, rules.PASSED, now, settings)


def issue(
    session: Session,
    learning: Learning,
    name: str,
    kind: str,
    now: datetime,
    settings: Mapping[str, Any],
    *,
    paper_later: bool = False,
) -> Certificate:
    """Issues what the desk confirmed the name for: a certificate, or a letter for who took part without passing.

    Issuing twice returns the first. The name counts for who has no paper yet; that of the account stays as its owner
    wrote it. With `paper_later` the paper is left to the work that waits, so that a thousand of them keep nobody who
    writes waiting.
    """
    person = _held(session, learning.user_id)
    if (there := queries.of_enrollment(session, learning.id, kind)) is not None:
        return there
    course = course_queries.content(session, learning.version_id)
    if kind == rules.PASSED and not enrollment_rules.finished(course, learning.progress):
        raise Refused(N_("Belum semua langkah kursus selesai."))
    if kind == rules.ATTENDED and not enrollment_rules.attended(course, learning.progress):
        raise Refused(N_("Belum semua materi dan praktik selesai."))
    holder = queries.name_of(session, person.id) or printable(name)
    return _issued(session, learning, holder, kind, now, settings, paper_later=paper_later)


def _held(session: Session, user_id: int) -> User:
    person = session.scalar(sa.select(User).where(User.id == user_id, User.deleted_at.is_(None)).with_for_update())
    if person is None:
        raise Refused(N_("Akun ini sudah dihapus."))
    return person


def _issued(
    session: Session,
    learning: Learning,
    holder: str,
    kind: str,
    now: datetime,
    settings: Mapping[str, Any],
    *,
    paper_later: bool = False,
) -> Certificate:
    """Copies the facts, takes a number and makes the first edition."""
    course = course_queries.content(session, learning.version_id)
    score, grade = _result(learning) if kind == rules.PASSED else (None, "")
    day = facts.day_of(now)
    kept = facts.kept(
        course,
        settings,
        score=score,
        started_at=learning.started_at,
        finished_at=learning.completed_at or (learning.touched_at if kind == rules.ATTENDED else now),
        issued_on=day,
    )
    certificate = Certificate(
        enrollment_id=learning.id,
        user_id=learning.user_id,
        kind=kind,
        code=new_code(),
        version=1,
        issued_at=now,
        issued_on=day,
        holder=holder,
        course_code=course.code,
        course_title=course.title,
        jp=course.jp,
        grade=grade,
        facts={"course": learning.slug, "version": learning.number, "logo": facts.logo(session, settings), **kept},
    )
    pattern = settings["CERTIFICATE_NUMBER"]
    try:
        # The constraints decide: of two claims at once, the later one takes its number back and finds the first.
        with session.begin_nested():
            certificate.year = day.year if _yearly(pattern) else 0
            certificate.sequence = _next(session, certificate.year)
            certificate.number = rules.certificate_number(
                pattern, certificate.sequence, day, settings["UNIT"], settings["CERTIFICATE_CLASS"]
            )
            session.add(certificate)
            session.flush()
            editions.add(session, certificate, settings, now, later=paper_later)
    except IntegrityError:
        return _first(session, learning, kind)
    if kind == rules.PASSED:
        journal.record(session, "certificate", now, person=learning.user_id, **learning.facts)
    else:
        journal.record(session, "certificate.attended", now, person=learning.user_id, **learning.facts)
    return certificate


def _first(session: Session, learning: Learning, kind: str) -> Certificate:
    """The certificate that an earlier claim made."""
    certificate = queries.of_enrollment(session, learning.id, kind)
    if certificate is None:
        raise Refused(N_("Nomor sertifikat berikutnya sudah terpakai. Beri tahu petugas, lalu coba lagi besok."))
    return certificate


def printable(name: str) -> str:
    """The name in one line, if every sign of it can be printed and seen."""
    try:
        holder = full_name(name)
    except Refused as no:
        raise NameRefused(no.message, **no.facts) from no
    hidden = any(category(sign) == "Cf" and sign not in _JOINERS for sign in holder)
    if len(holder) > LONGEST_NAME or hidden or not usable(holder):
        raise NameRefused(
            N_("Nama lengkap paling panjang %(most)s huruf, tanpa tanda tersembunyi. Ketik ulang namanya."),
            most=LONGEST_NAME,
        )
    # A font may have a shape for the sign that stands for a broken letter, but nobody is called so.
    if signs := pdf.missing(holder) + "\ufffd" * holder.count("\ufffd"):
        raise NameRefused(
            N_("Huruf ini belum dapat dicetak di sertifikat: %(signs)s. Tulis nama Anda dengan huruf lain."),
            signs=" ".join(signs[:10]),
        )
    return holder


def _result(learning: Learning) -> tuple[float, str]:
    """The best score of the post-test, or of the quizzes where a course has no such test, with its grade."""
    done = learning.progress.done
    post = done.get(enrollment_rules.POST)
    scores = [score for score in done.values() if score is not None] if post is None else [post]
    try:
        score = sum(scores) / len(scores)
        return score, rules.grade(score)
    except (ZeroDivisionError, ValueError):
        raise Refused(N_("Nilai di bawah 70 tidak punya predikat, jadi sertifikat belum dapat terbit.")) from None


def _yearly(pattern: str) -> bool:
    """Whether numbers may begin again each year: only if the year is part of them."""
    return any(field == "tahun" for _, field, _, _ in Formatter().parse(pattern))


def _next(session: Session, year: int) -> int:
    """The next running number of a year; whoever asks at the same time waits."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    counted = (
        insert(NumberCounter)
        .values(year=year, last=1)
        .on_conflict_do_update(index_elements=[NumberCounter.year], set_={"last": NumberCounter.last + 1})
        .returning(NumberCounter.last)
    )
    return int(session.execute(counted).scalar_one())
