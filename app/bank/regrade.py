"""Counting scores anew after a key was wrong: what it would change, doing it once, and following up later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import journal
from app.bank import regrade_queries as queries
from app.bank.corrections import Correction, Counting, Mode, key_of
from app.bank.models import Regrade
from app.bank.recounting import recount
from app.bank.regrade_queries import Version
from app.bank.rescoring import Effects, changes, corrections
from app.course import queries as course_queries
from app.course.item import Item
from app.errors import N_, Refused
from app.forms import usable
from app.quiz.rules import ANSWERS_KEPT

SHORTEST_REASON, LONGEST_REASON = 10, 500
# Who submits while a regrade is made is missed by it; so is an attempt that somebody held just then.
_OVERLAP = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Pair:
    """One question as two versions ask it: what is counted anew, and by which key."""

    slug: str
    before: Version
    after: Version
    old: Item
    new: Item

    @property
    def item(self) -> str:
        """The id of the question."""
        return self.new.id


def examined(session: Session, slug: str, item: str, before: int, after: int) -> Pair:
    """The question in both versions; what cannot be compared is refused in a sentence."""
    first, second = queries.version(session, slug, before), queries.version(session, slug, after)
    if first is None or second is None:
        raise Refused(N_("Versi kursus ini tidak ada. Pilih versi dari daftar."))
    if before >= after:
        raise Refused(N_("Kunci yang benar ada di versi yang lebih baru. Pilih versi tujuan setelah versi asal."))
    courses = course_queries.contents(session, {first.id, second.id})
    old, new = courses[first.id].item(item), courses[second.id].item(item)
    if old is None or new is None:
        raise Refused(N_("Soal ini tidak ada di kedua versi, jadi tidak dapat dibandingkan."))
    if old.kind != new.kind:
        raise Refused(
            N_(
                "Jenis soal ini berubah, jadi jawaban lama tidak dapat dinilai dengan kunci baru. Terbitkan versi "
                "dengan jenis yang sama; pilihan lain yang juga benar dapat diberi bobot [100]."
            )
        )
    if key_of(old) == key_of(new):
        raise Refused(N_("Kunci soal ini sama di kedua versi. Tidak ada yang perlu dinilai ulang."))
    return Pair(slug, first, second, old, new)


def reason(because: str) -> str:
    """The reason in one line; refused when it says too little or too much."""
    line = " ".join(because.split())
    if not SHORTEST_REASON <= len(line) <= LONGEST_REASON or not usable(line):
        raise Refused(
            N_("Tulis alasannya dalam %(least)s sampai %(most)s huruf."), least=SHORTEST_REASON, most=LONGEST_REASON
        )
    return line


@dataclass(frozen=True, slots=True)
class Preview:
    """What both ways of counting anew would change, and what neither touches."""

    pair: Pair
    attempts: int
    unfinished: int
    forgotten: int
    rising: Effects
    exact: Effects


def preview(session: Session, pair: Pair, now: datetime) -> Preview:
    """What would change; changes nothing."""
    course = course_queries.content(session, pair.before.id)
    made = corrections(session, queries.of_version(session, pair.before.id))
    modes: tuple[Mode, Mode] = ("raise", "exact")
    ways = [
        (Effects(mode), Counting(course, [*made, (pair.item, Correction(pair.new, mode))]), set[tuple[int, str]]())
        for mode in modes
    ]
    for part in queries.parts(session, pair.before.id, pair.item, now):
        for effects, counting, passed in ways:
            found = changes(course, counting, effects.mode, part)
            for change in found:
                effects.add(change)
            newly = {(one.attempt.enrollment_id, one.step) for one in found if one.newly}
            passed |= newly - (queries.steps_of(session, {one for one, _ in newly}) if newly else set())
    for effects, _, passed in ways:
        effects.newly_passed = len(passed)
        effects.certificates = queries.certified(session, effects.touched)
    rising, exact = (effects for effects, _, _ in ways)
    return Preview(
        pair=pair,
        attempts=rising.counted,
        unfinished=queries.unfinished(session, pair.before.id, pair.item),
        forgotten=queries.forgotten(session, pair.before.id, pair.item, now),
        rising=rising,
        exact=exact,
    )


def regrade(
    session: Session, pair: Pair, mode: Mode, because: str, uuid: str, by: int | None, now: datetime
) -> Regrade:
    """Counts the attempts of the earlier version anew with the question of the later one.

    Scores are computed from the answers and every correction so far, so doing it again changes nothing more; the
    same act is done once.
    """
    why = reason(because)
    queries.hold_version(session, pair.before.id)
    if (already := queries.by_uuid(session, uuid)) is not None:
        return already
    last = next((one for one in reversed(queries.of_version(session, pair.before.id)) if one.item == pair.item), None)
    again = last is not None and (last.to_version_id, last.mode) == (pair.after.id, mode)
    try:
        made = last if last is not None and again else _added(session, pair, mode, why, uuid, by, now)
    except IntegrityError:
        raise Refused(
            N_("Formulir ini sudah pernah dipakai. Muat ulang halamannya, lalu periksa sekali lagi.")
        ) from None
    effects = recount(session, made, now)
    if not again or effects.changed:
        journal.audit(
            session,
            "scores.regraded",
            now,
            actor=by,
            course=pair.slug,
            pillar=pair.before.pillar,
            version=pair.before.number,
            to=pair.after.number,
            item=pair.item,
            mode=mode,
            because=why,
            raised=effects.raised,
            lowered=effects.lowered,
            passed=effects.newly_passed,
        )
    return made


def _added(session: Session, pair: Pair, mode: Mode, why: str, uuid: str, by: int | None, now: datetime) -> Regrade:
    made = Regrade(
        uuid=uuid,
        item=pair.item,
        from_version_id=pair.before.id,
        to_version_id=pair.after.id,
        mode=mode,
        why=why,
        made_by=by,
        made_at=now,
    )
    with session.begin_nested():
        session.add(made)
    return made


def follow(session: Session, now: datetime) -> int:
    """Counts attempts anew that were submitted after a regrade of their version, some at a time; returns how many.

    They were scored with the frozen, wrong key as well. An idempotent act of the background work.
    """
    for made in queries.every(session):
        since = max(made.made_at - _OVERLAP, now - ANSWERS_KEPT)
        queries.hold_version(session, made.from_version_id)
        if counted := recount(session, made, now, since=since, most=1).counted:
            return counted
    return 0
