"""What the pages of writing show, put together from a draft and its inspection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from app.authoring import rules
from app.authoring.queries import Saved, Working
from app.authoring.rules import Change, Place
from app.course.inspection import Inspected, inspected
from app.course.item import Item
from app.course.lint_lessons import MAX_PAGE_KB
from app.course.replies import Reply, reply
from app.course.shapes import Course, Lesson, Problem
from app.enrollment import rules as learning
from app.errors import N_

MOST_LINES = 3_000
_NAMES = {
    "course": N_("Keterangan kursus"),
    "references": N_("Rujukan"),
    "bank": N_("Soal tes awal dan tes akhir"),
    "medium": N_("Gambar %(name)s"),
    "module": N_("Keterangan modul %(number)s"),
    "practice": N_("Praktik modul %(number)s"),
    "quiz": N_("Kuis modul %(number)s"),
}


def told(problem: Problem) -> str:
    """The sentence of a problem in the language of the page."""
    sentence: str = gettext(problem.message, **problem.facts)
    return sentence


def name_of(place: Place, course: Course) -> str:
    """What people call this text."""
    if place.kind == "lesson":
        lesson = lesson_at(course, place.path)
        return (lesson and lesson.title) or place.lesson
    return heading(place)


def heading(place: Place) -> str:
    """What people call a text that has no title of its own."""
    shown = place.path.rpartition("/")[2]
    name: str = gettext(_NAMES[place.kind], number=place.module_number, name=shown)
    return name


def lesson_at(course: Course, path: str) -> Lesson | None:
    """The lesson or practical task that was read from this file."""
    return next((one for module in course.modules for one in module.steps if one.file == path), None)


@dataclass(frozen=True, slots=True)
class Remark:
    """A problem with its sentence and, when the text exists, the page where it is put right."""

    file: str
    line: int
    sentence: str
    blocking: bool
    url: str | None


def remarks(slug: str, problems: Iterable[Problem], files: Mapping[str, str]) -> list[Remark]:
    """The problems of a draft, what blocks first."""
    ordered = sorted(problems, key=lambda problem: (not problem.blocking, problem.file, problem.line))
    return [Remark(one.file, one.line, told(one), one.blocking, _line_url(slug, one, files)) for one in ordered]


def _line_url(slug: str, problem: Problem, files: Mapping[str, str]) -> str | None:
    """The line where the problem is put right, if it stands in a text there is."""
    place = rules.place_of(problem.file)
    if problem.file not in files or (place is not None and not place.written):
        return None
    return url_for("authoring.edit", slug=slug, path=problem.file, lihat="periksa", _anchor=f"b{problem.line}")


@dataclass(frozen=True, slots=True)
class Row:
    """One text in the list of a draft."""

    path: str
    name: str
    place: Place | None
    change: Change | None
    blocking: int
    advice: int
    saved: Saved | None


@dataclass(frozen=True, slots=True)
class Group:
    """The texts of one module, or those of the course itself."""

    title: str
    rows: tuple[Row, ...]

    @property
    def blocking(self) -> int:
        return sum(row.blocking for row in self.rows)

    @property
    def changed(self) -> int:
        return sum(row.change is not None for row in self.rows)


def groups(draft: Working, found: Inspected, changes: Mapping[str, Change]) -> list[Group]:
    """The texts of a draft, module by module, with what was taken away."""
    together: dict[tuple[int, str], list[Row]] = {}
    titles = {module.folder: module.title for module in found.course.modules}
    for place in rules.places({*draft.files, *changes}):
        row = _row(place.path, name_of(place, found.course), place, draft, found, changes)
        together.setdefault((place.module_number, place.folder), []).append(row)
    shown = []
    for (number, folder), rows in together.items():
        title = gettext(N_("Kursus"))
        if folder:
            known = titles.get(folder) or folder.partition("-")[2]
            title = gettext(N_("Modul %(number)s. %(title)s"), number=number, title=known)
        shown.append(Group(title, tuple(rows)))
    stray = [path for path in sorted(draft.files) if rules.place_of(path) is None]
    if stray:
        rows = [_row(path, path, None, draft, found, changes) for path in stray]
        shown.append(Group(gettext(N_("Berkas tanpa tempat")), tuple(rows)))
    return shown


def _row(
    path: str, name: str, place: Place | None, draft: Working, found: Inspected, changes: Mapping[str, Change]
) -> Row:
    mine = [problem for problem in found.problems if problem.file == path]
    blocking = sum(problem.blocking for problem in mine)
    return Row(path, name, place, changes.get(path), blocking, len(mine) - blocking, draft.saved.get(path))


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One numbered line with what is wrong with it."""

    number: int
    text: str
    wrong: tuple[str, ...]
    advice: tuple[str, ...]


def source(text: str, problems: Sequence[Problem]) -> list[SourceLine]:
    """The lines of a text with their problems; of a very long text the beginning, with all that is wrong behind it."""
    lines = text.removesuffix("\n").split("\n")[:MOST_LINES]
    beside = rules.at_lines(problems, len(lines))
    shown = []
    for number, line in enumerate(lines, start=1):
        mine = beside.get(number, [])
        wrong, advice = (tuple(told(one) for one in mine if one.blocking is kind) for kind in (True, False))
        indent = len(line) - len(line.lstrip(" "))
        shown.append(SourceLine(number, "\N{NO-BREAK SPACE}" * indent + line[indent:], wrong, advice))
    return shown


@dataclass(frozen=True, slots=True)
class Meter:
    """How large a text is for a learner."""

    kb: int
    most_kb: int
    words: int
    cards: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One text, read: what it is called, what learners will see, what is wrong with it."""

    place: Place
    name: str
    course: Course
    lesson: Lesson | None
    items: tuple[Item, ...]
    problems: tuple[Problem, ...]

    @property
    def blocking(self) -> int:
        return sum(problem.blocking for problem in self.problems)

    @property
    def advice(self) -> int:
        return len(self.problems) - self.blocking

    @property
    def meter(self) -> Meter | None:
        """The size of a lesson; other texts are never sent as one page."""
        if (one := self.lesson) is None:
            return None
        return Meter(one.kb, MAX_PAGE_KB, one.words, len(one.cards), one.minutes)


def sheet(files: Mapping[str, str], place: Place) -> Sheet:
    """The text at this place, read with no more of the course than it takes."""
    found = inspected(rules.concerning(files, place.path))
    module = found.course.module(place.module)
    items: tuple[Item, ...] = ()
    if place.kind == "bank":
        items = found.course.bank
    elif place.kind == "quiz" and module is not None:
        items = module.items
    return Sheet(
        place=place,
        name=name_of(place, found.course),
        course=found.course,
        lesson=lesson_at(found.course, place.path),
        items=items,
        problems=tuple(problem for problem in found.problems if problem.file == place.path),
    )


@dataclass(frozen=True, slots=True)
class Tried:
    """What a trainer answered on a preview, and what a learner would read then, by question."""

    chosen: Mapping[str, Sequence[str]]
    replies: Mapping[str, Reply]


def tried(items: Sequence[Item], sent: Mapping[str, Sequence[str]]) -> Tried:
    """The replies to the answers in these fields."""
    chosen = {item.id: learning.answer_of(item, sent) for item in items}
    return Tried(
        chosen=chosen,
        replies={item.id: reply(item, chosen[item.id]) for item in items if chosen[item.id]},
    )
