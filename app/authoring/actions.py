"""Writing: begin a draft, save, add, delete, discard, publish. One draft a course; its writers stand in line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.authoring import queries, rules, starters
from app.authoring.arriving import new_pictures, with_new_ids
from app.authoring.models import Draft, DraftFile
from app.authoring.queries import Saved
from app.clock import WITA
from app.course import actions as course_actions
from app.course import queries as course_queries
from app.course.cards import split_questions
from app.course.content import COURSE
from app.course.models import CourseVersion
from app.course.texts import MAX_FILES, is_slug
from app.errors import N_, Refused


class Gone(Refused):
    """The draft was published or discarded in the meantime."""

    def __init__(self) -> None:
        super().__init__(N_("Draf kursus ini sudah tidak ada: sudah terbit atau sudah dibuang."))


class Stale(Refused):
    """Somebody else saved this text in the meantime; carries theirs, or None when they deleted it."""

    def __init__(self, newest: Saved | None) -> None:
        super().__init__(N_("Teks ini sudah diubah sejak Anda membukanya."))
        self.newest = newest


class Moved(Refused):
    """The draft is no longer what the person looked at, or no longer begins from the newest version."""


class AlreadyPublished(Exception):
    """Exactly these texts were published already, as this version: the second press finds the work of the first."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def begin(session: Session, slug: str, by: int, now: datetime) -> Draft:
    """The draft of a published course, begun from its newest version unless there is one already."""
    if (already := _draft(session, slug)) is not None:
        return already
    version = course_queries.latest(session, slug)
    if version is None:
        raise Refused(N_("Kursus ini tidak ada."))
    texts = course_queries.texts(session, version.id)
    return _begun(session, slug, version.number, texts, by, now)


def begin_new(session: Session, slug: str, title: str, by: int, now: datetime) -> Draft:
    """The draft of a course that does not exist yet; the same person pressing twice gets the same draft."""
    if not is_slug(slug):
        raise Refused(N_("Alamat hanya boleh memuat huruf kecil, angka, dan tanda hubung."))
    texts = starters.a_course(title, now.astimezone(WITA).date())
    draft = _draft(session, slug)
    if draft is None and course_queries.latest(session, slug) is None:
        draft = _begun(session, slug, 0, texts, by, now)
    settings = None if draft is None else queries.saved(session, draft.id, COURSE)
    if draft is None or draft.created_by != by or settings is None or settings.text != texts[COURSE]:
        raise Refused(N_("Alamat “%(slug)s” sudah dipakai kursus lain. Pilih alamat lain."), slug=slug)
    return draft


def _begun(session: Session, slug: str, base: int, texts: Mapping[str, str], by: int, now: datetime) -> Draft:
    draft = Draft(slug=slug, base_number=base, created_at=now, created_by=by)
    try:
        with session.begin_nested():
            session.add(draft)
    except IntegrityError:
        # Somebody else began it at the same moment: theirs is the draft.
        already = _draft(session, slug)
        if already is None:
            raise Refused(N_("Kursus ini sedang dibuka orang lain. Coba lagi sebentar.")) from None
        return already
    for path, text in texts.items():
        session.add(_file(draft.id, path, rules.settled(text), by, now))
    session.flush()
    return draft


def save_draft(session: Session, slug: str, path: str, text: str, revision: int, by: int, now: datetime) -> int:
    """Saves a text that was read at this revision (0: it did not exist) and returns its revision now.

    The same text again is no new revision. Raises Stale with the other person's text, so that nobody's words are lost.
    """
    text = rules.settled(text)
    rules.check_text(text)
    draft = _locked(session, slug)
    mine = (DraftFile.draft_id == draft.id, DraftFile.path == path)
    written = session.scalar(
        sa.update(DraftFile)
        .where(*mine, DraftFile.revision == revision, DraftFile.text != text)
        .values(text=text, revision=DraftFile.revision + 1, saved_at=now, saved_by=by)
        .returning(DraftFile.revision)
        .execution_options(synchronize_session=False)
    )
    if written is not None:
        return written
    newest = queries.saved(session, draft.id, path)
    if newest is not None and newest.text == text:
        return newest.revision
    if newest is not None or revision != 0:
        raise Stale(newest)
    _add(session, draft, {path: text}, by, now)
    return 1


def append_questions(
    session: Session, slug: str, path: str, text: str, pictures: Mapping[str, str], by: int, now: datetime
) -> int:
    """Puts questions at the end of a text of the draft, with ids that are free, and returns how many.

    Pressing twice is once: a text that ends in them already is left as it is.
    """
    text = rules.settled(text).strip("\n")
    rules.check_text(text)
    count = sum(card.is_question for card in split_questions(path, text, 1, []))
    if not count:
        raise Refused(N_("Teks ini belum memuat soal. Setiap soal dibuka dengan “## Pertanyaan”."))
    draft = _locked(session, slug)
    files = _texts(session, draft)
    place = rules.place_of(path)
    if place is None or place.kind not in ("quiz", "bank") or path not in files:
        raise Refused(N_("Berkas tujuan sudah tidak ada di draf ini. Pilih berkas lain."))
    if files[path].rstrip("\n").endswith(f"\n{text}"):
        return count
    added = with_new_ids(text, rules.item_ids(files))
    whole = "\n\n".join(part for part in (files[path].rstrip("\n"), added) if part) + "\n"
    rules.check_text(whole)
    _add(session, draft, new_pictures(pictures, files), by, now)
    session.execute(
        sa.update(DraftFile)
        .where(DraftFile.draft_id == draft.id, DraftFile.path == path)
        .values(text=whole, revision=DraftFile.revision + 1, saved_at=now, saved_by=by)
        .execution_options(synchronize_session=False)
    )
    return count


def add_module(session: Session, slug: str, title: str, by: int, now: datetime) -> str:
    """Adds a module with its settings, practical task and quiz; returns the path of its settings."""
    draft = _locked(session, slug)
    files = _texts(session, draft)
    folder = rules.new_module(files, title)
    made = starters.a_module(folder, title, rules.item_ids(files))
    _add(session, draft, made, by, now)
    return next(iter(made))


def add_file(session: Session, slug: str, folder: str, kind: str, title: str, by: int, now: datetime) -> str:
    """Adds a lesson, a practical task or a quiz to a module; returns its path. What is there already is left alone."""
    draft = _locked(session, slug)
    files = _texts(session, draft)
    place = next((place for place in rules.places(files) if place.folder == folder and folder), None)
    if place is None:
        raise Refused(N_("Modul ini sudah tidak ada. Pilih modul lain."))
    taken = rules.item_ids(files)
    if kind == "lesson":
        made = {rules.new_lesson(files, folder, title): starters.a_lesson(place.module, title, taken)}
    elif kind == "practice":
        made = {f"{folder}/praktik.md": starters.a_practice(place.module, taken)}
    elif kind == "quiz":
        made = {f"{folder}/kuis.md": starters.a_quiz(place.module, taken)}
    else:
        raise Refused(N_("Pilih jenis berkas."))
    path = next(iter(made))
    if path not in files:
        _add(session, draft, made, by, now)
    return path


def delete_file(session: Session, slug: str, path: str, revision: int) -> None:
    """Takes a text out of the draft if it is still the one that was looked at; deleting twice is the same as once."""
    draft = _locked(session, slug)
    newest = queries.saved(session, draft.id, path)
    if newest is None:
        return
    rules.check_deletable(_texts(session, draft), path)
    if newest.revision != revision:
        raise Stale(newest)
    session.execute(sa.delete(DraftFile).where(DraftFile.draft_id == draft.id, DraftFile.path == path))


def discard(session: Session, slug: str, mark: str) -> None:
    """Throws the draft away if it is still the one that was looked at."""
    draft = _locked(session, slug)
    if rules.mark_of(_texts(session, draft)) != mark:
        raise Moved(N_("Draf ini berubah sejak Anda membuka halaman ini. Periksa sekali lagi, lalu tekan tombolnya."))
    _delete(session, draft)


def follow(session: Session, slug: str, base: int, newest: int) -> None:
    """Lets the draft come after a version that was published in the meantime, as the person decided knowingly."""
    draft = _locked(session, slug)
    version = course_queries.latest(session, slug)
    if draft.base_number == newest:
        return
    if version is None or version.number != newest or draft.base_number != base:
        raise Moved(N_("Versi terbaru bukan lagi versi %(number)s. Periksa sekali lagi."), number=newest)
    draft.base_number = newest
    session.flush()


def publish(session: Session, slug: str, base: int, mark: str, note: str, by: int, now: datetime) -> CourseVersion:
    """Publishes the draft as version base + 1 and ends it. Pressing twice publishes once (AlreadyPublished)."""
    draft = _draft(session, slug, lock=True)
    version = course_queries.latest(session, slug)
    if version is not None and version.number == base + 1 and _is(session, version, mark):
        raise AlreadyPublished(version.number)
    if draft is None:
        raise Gone
    files = _texts(session, draft)
    if draft.base_number != base or rules.mark_of(files) != mark:
        raise Moved(N_("Draf ini berubah sejak Anda membuka halaman ini. Periksa sekali lagi, lalu terbitkan."))
    newest = version.number if version else 0
    if newest != base:
        message = N_("Versi %(newest)s sudah terbit sejak draf ini dimulai dari versi %(base)s. Draf Anda tetap aman.")
        raise Moved(message, newest=newest, base=base)
    if version is not None and not rules.changes(course_queries.texts(session, version.id), files):
        raise Refused(N_("Draf ini masih sama dengan versi %(number)s. Ubah sesuatu dahulu."), number=newest)
    made = course_actions.publish(session, slug, files, now, by=by, note=note)
    if made.number != base + 1:
        message = N_("Versi %(newest)s sudah terbit sejak draf ini dimulai dari versi %(base)s. Draf Anda tetap aman.")
        raise Moved(message, newest=made.number - 1, base=base)
    _delete(session, draft)
    return made


def _is(session: Session, version: CourseVersion, mark: str) -> bool:
    return rules.mark_of(course_queries.texts(session, version.id)) == mark


def _draft(session: Session, slug: str, *, lock: bool = False) -> Draft | None:
    query = sa.select(Draft).where(Draft.slug == slug).execution_options(populate_existing=True)
    return session.scalar(query.with_for_update() if lock else query)


def _locked(session: Session, slug: str) -> Draft:
    """The draft, held until this transaction ends: no text is saved while it is being published."""
    draft = _draft(session, slug, lock=True)
    if draft is None:
        raise Gone
    return draft


def _texts(session: Session, draft: Draft) -> dict[str, str]:
    query = sa.select(DraftFile.path, DraftFile.text).where(DraftFile.draft_id == draft.id)
    return {path: text for path, text in session.execute(query)}


def _add(session: Session, draft: Draft, made: Mapping[str, str], by: int, now: datetime) -> None:
    """Adds texts that are new in this draft."""
    if any(rules.place_of(path) is None for path in made):
        raise Refused(N_("Berkas ini tidak punya tempat di kursus. Hapus atau ganti namanya."))
    count = session.scalar(sa.select(sa.func.count()).where(DraftFile.draft_id == draft.id)) or 0
    if count + len(made) > MAX_FILES:
        raise Refused(N_("Kursus ini sudah memuat 300 berkas. Hapus satu dahulu."))
    for path, text in made.items():
        session.add(_file(draft.id, path, text, by, now))
    session.flush()


def _file(draft_id: int, path: str, text: str, by: int, now: datetime) -> DraftFile:
    return DraftFile(draft_id=draft_id, path=path, text=text, revision=1, saved_at=now, saved_by=by)


def _delete(session: Session, draft: Draft) -> None:
    """Ends a draft; its texts go with it."""
    session.execute(sa.delete(DraftFile).where(DraftFile.draft_id == draft.id))
    session.execute(sa.delete(Draft).where(Draft.id == draft.id).execution_options(synchronize_session=False))
