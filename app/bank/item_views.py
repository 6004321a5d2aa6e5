"""Doors to the figures of questions: all of a course, the same as a file, and one of them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, abort, make_response, render_template, request
from sqlalchemy.orm import Session

from app import clock
from app.access import Role, only
from app.bank import export as files
from app.bank import overview as overviews
from app.bank.analysis import LONGEST, Quiz, Third
from app.bank.answers import Table, as_written, key_of, tables
from app.bank.blueprint import bp
from app.bank.overview import Filters, InVersion, Overview, Row
from app.bank.queries import MOST_ATTEMPTS, Asked, FirstAttempts, Version, versions
from app.bank.sentences import ENOUGH, WORDS
from app.course import queries as course_queries
from app.course.item import Item
from app.course.shapes import Course
from app.db import session
from app.errors import N_

# What the address calls them, what the tables call them, and their names in the menu.
_QUIZZES = {
    "kuis": ("quiz", N_("Kuis modul")),
    "tes-akhir": ("post", N_("Tes akhir")),
    "tes-awal": ("pre", N_("Tes awal")),
}
_THIRDS: dict[Third, str] = {
    "lower": N_("Sepertiga bawah"),
    "middle": N_("Sepertiga tengah"),
    "upper": N_("Sepertiga atas"),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the trainer asked for; what makes no sense counts as everything."""

    version: Version | None
    module: str
    quiz: str

    @property
    def filters(self) -> Filters:
        """The same for the table."""
        return Filters(self.module, _QUIZZES[self.quiz][0] if self.quiz else "")


@dataclass(frozen=True, slots=True)
class Found:
    """The course, its versions, what was asked for and what came out."""

    course: Course
    versions: list[Version]
    chosen: Chosen
    overview: Overview


def _versions_or_404(reading: Session, slug: str) -> list[Version]:
    return versions(reading, slug) or abort(404)


def _version(known: list[Version]) -> Version | None:
    return next((one for one in known if str(one.number) == request.args.get("versi")), None)


def _found(slug: str) -> Found:
    reading = session()
    known = _versions_or_404(reading, slug)
    version = _version(known)
    shown = (version or known[0]).id
    quiz = request.args.get("kuis", "")
    course = course_queries.content(reading, shown)
    module = request.args.get("modul", "")
    chosen = Chosen(version, module if course.module(module) else "", quiz if quiz in _QUIZZES else "")
    asked = Asked(slug, version.id if version else None, _wanted(course, chosen))
    attempts = FirstAttempts(reading, asked, clock.now())
    analyses = overviews.analysed(attempts.each())
    older = [attempts.courses[one.id] for one in known if one.id != shown and one.id in attempts.versions]
    return Found(course, known, chosen, overviews.overview([course, *older], analyses, chosen.filters))


def _wanted(course: Course, chosen: Chosen) -> tuple[Quiz, ...] | None:
    """The quizzes that need to be read; None is all of them."""
    tests = [quiz for quiz in (overviews.POST, overviews.PRE) if chosen.quiz in ("", _address_of(quiz))]
    if chosen.quiz in ("tes-awal", "tes-akhir"):
        return tuple(tests)
    if chosen.module:
        return (Quiz("quiz", chosen.module), *tests)
    if chosen.quiz == "kuis":
        return tuple(quiz for quiz in overviews.quizzes([course]) if quiz.purpose == "quiz")
    return None


def _address_of(quiz: Quiz) -> str:
    return next(name for name, (purpose, _) in _QUIZZES.items() if purpose == quiz.purpose)


@bp.get("/menulis/<slug>/soal")
@only(Role.TRAINER)
def items(slug: str) -> str:
    """Every question of the course with its figures, what needs care first; how far each quiz can be relied upon."""
    found = _found(slug)
    return render_template(
        "bank/items.html",
        slug=slug,
        course=found.course,
        versions=found.versions,
        chosen=found.chosen,
        found=found.overview,
        words=WORDS,
        quizzes={name: label for name, (_, label) in _QUIZZES.items()},
        enough=ENOUGH,
        most=MOST_ATTEMPTS,
        minutes=overviews.minutes,
        longest=LONGEST,
    )


@bp.get("/menulis/<slug>/soal/unduh.csv")
@only(Role.TRAINER)
def items_download(slug: str) -> Response:
    """The same rows as a file."""
    found = _found(slug)
    reply = make_response(files.text(found.overview, excel=request.args.get("bentuk") == "excel"))
    reply.headers["Content-Type"] = "text/csv; charset=utf-8"
    scope = f"versi-{found.chosen.version.number}" if found.chosen.version else "semua-versi"
    reply.headers["Content-Disposition"] = f'attachment; filename="soal-{slug}-{scope}.csv"'
    return reply


@dataclass(frozen=True, slots=True)
class Place:
    """One quiz in which the question stands: its figures there, who chose what, and the same version by version."""

    row: Row
    tables: list[Table]
    versions: list[InVersion]


@bp.get("/menulis/<slug>/soal/<item>")
@only(Role.TRAINER)
def item(slug: str, item: str) -> str:
    """One question: as it is written, what its figures say, who chose what, and the same version by version."""
    reading = session()
    known = _versions_or_404(reading, slug)
    version = _version(known)
    course, places = _placed_or_404(reading, [version] if version else known, item)
    question = places[0][2]
    asked = Asked(slug, version.id if version else None, tuple(quiz for quiz, _, _ in places))
    attempts = FirstAttempts(reading, asked, clock.now())
    numbers = {one.id: one.number for one in known}
    figures, by_version = overviews.one_item(attempts.each(), item, key_of(question), numbers)
    shown = []
    for quiz, number, _ in places:
        mine, versions_there = figures.get(quiz), by_version.get(quiz, [])
        changed = any(not one.same for one in versions_there)
        row = overviews.row_of(number, question, quiz, [course], mine, changed=changed)
        shown.append(Place(row, tables(question, mine.spread) if mine else [], versions_there))
    return render_template(
        "bank/item.html",
        slug=slug,
        course=course,
        item=question,
        written=as_written(question),
        places=shown,
        version=version,
        newest=known[0],
        gone=course is not course_queries.content(reading, known[0].id),
        thirds=_THIRDS,
        enough=ENOUGH,
        minutes=overviews.minutes,
        longest=LONGEST,
    )


def _placed_or_404(reading: Session, known: list[Version], item: str) -> tuple[Course, list[tuple[Quiz, int, Item]]]:
    """The newest of these versions that asks this question, and where it does."""
    # The newest alone as a rule, all others together: an old question takes one statement more, not one a version.
    for some in (known[:1], known[1:]):
        courses = course_queries.contents(reading, [one.id for one in some])
        for course in (courses[one.id] for one in some):
            if places := [place for place in overviews.placed(course) if place[2].id == item]:
                return course, places
    abort(404)
