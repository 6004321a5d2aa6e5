"""The table of all questions of a course with what their figures say, and the quizzes they stand in. Pure.

Page and file are made from the same rows, so they cannot disagree. Nothing here is about a person: numbers of 1 to 4
are "<5", and no rate, mean or median is given of fewer than ten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from app.bank.analysis import Analysis, Figures, ItemTally, Key, Quiz, Sat, rests
from app.bank.answers import FEW, Cell, key_of
from app.bank.reliability import NOTHING, Reliability
from app.bank.sentences import ORDER, Finding, findings
from app.course.item import Item
from app.course.shapes import Course
from app.errors import N_, Fact

PRE, POST = Quiz("pre"), Quiz("post")
# Where figures of a question are looked at when nothing else is asked for: before the course a test is to be hard.
_MAIN = ("quiz", "post")
_NAMES = {"pre": N_("Tes awal"), "post": N_("Tes akhir"), "quiz": N_("Kuis modul %(number)s")}


@dataclass(frozen=True, slots=True)
class Filters:
    """Which questions are listed; what is empty restricts nothing."""

    module: str = ""
    purpose: str = ""  # "quiz", "pre", "post"


@dataclass(frozen=True, slots=True)
class Row:
    """One question in one quiz. `figures` are those that may be said: None of fewer than ten people."""

    number: int  # its place in the text of the quiz
    item: Item
    quiz: Quiz
    name: str  # of the quiz, untranslated
    facts: Mapping[str, Fact]
    n: Cell
    figures: Figures | None
    findings: tuple[Finding, ...]
    gone: bool = False  # the newest version has it no more
    changed: bool = False  # answers from before its key or options changed are left out

    @property
    def care(self) -> int:
        """How much it needs to be looked after; the least first."""
        return len(ORDER) if self.gone else ORDER.index(self.findings[0].code)

    @property
    def review(self) -> bool:
        """Whether it stands on the review list."""
        return not self.gone and self.findings[0].review

    @property
    def advice(self) -> bool:
        """Whether there is something to say about it at all, grave or not."""
        return not self.gone and self.findings[0].code not in ("fine", "early")


@dataclass(frozen=True, slots=True)
class QuizRow:
    """One quiz and how far its scores can be relied upon; NOTHING of fewer than ten people."""

    quiz: Quiz
    name: str
    facts: Mapping[str, Fact]
    n: Cell
    reliability: Reliability


@dataclass(frozen=True, slots=True)
class Overview:
    """The questions, what needs care first, and the quizzes in the order of the course."""

    rows: tuple[Row, ...]
    quizzes: tuple[QuizRow, ...]

    @property
    def care(self) -> list[Row]:
        """The questions there is something to say about."""
        return [row for row in self.rows if row.advice]


def said(figures: Figures | None) -> Figures | None:
    """The figures as they may be said: nothing of fewer than ten people."""
    if figures is None or figures.n < FEW:
        return None
    answered = figures.n - sum(figures.spread.omitted.values())
    return figures if answered >= FEW else replace(figures, seconds=None)


def quizzes(courses: Iterable[Course]) -> list[Quiz]:
    """Every quiz and test of these versions, in the order of the course, the tests last."""
    modules = dict.fromkeys(module.id for course in courses for module in course.modules if module.items)
    return [*(Quiz("quiz", module) for module in modules), PRE, POST]


def analysed(sats: Iterable[Sat]) -> dict[Quiz, Analysis]:
    """The figures of each quiz, in one pass."""
    found: dict[Quiz, Analysis] = {}
    for sat in sats:
        found.setdefault(sat.quiz, Analysis()).add(sat.responses, sat.third)
    return found


def name_of(quiz: Quiz, courses: Sequence[Course]) -> tuple[str, dict[str, Fact]]:
    """What a quiz is called: the sentence, untranslated, and its facts; of a module that is gone the name it had."""
    if quiz.purpose != "quiz":
        return _NAMES[quiz.purpose], {}
    for course in courses:
        if (module := course.module(quiz.module)) is not None:
            return _NAMES["quiz"], {"number": module.number}
    return _NAMES["quiz"], {"number": quiz.module}


def overview(courses: Sequence[Course], analyses: Mapping[Quiz, Analysis], filters: Filters) -> Overview:
    """The questions of the first course, then those that only the older ones after it have and people answered."""
    figures = {quiz: analysis.figures for quiz, analysis in analyses.items()}
    rows = [row for row in _rows(courses, figures) if _fits(row, filters)]
    places = {quiz: place for place, quiz in enumerate(quizzes(courses))}
    rows.sort(key=lambda row: (row.care, places.get(row.quiz, len(places)), row.number))
    shown = [quiz for quiz in quizzes(courses) if _shown(quiz, filters)]
    return Overview(tuple(rows), tuple(_quiz_row(quiz, courses, analyses.get(quiz)) for quiz in shown))


def _shown(quiz: Quiz, filters: Filters) -> bool:
    """Whether this quiz has questions that fit the filters."""
    of_module = not filters.module or quiz.purpose != "quiz" or quiz.module == filters.module
    return of_module and filters.purpose in ("", quiz.purpose)


def _quiz_row(quiz: Quiz, courses: Sequence[Course], analysis: Analysis | None) -> QuizRow:
    found = analysis.reliability if analysis is not None else NOTHING
    name, facts = name_of(quiz, courses)
    return QuizRow(quiz, name, facts, Cell(found.n), found if found.n >= FEW else NOTHING)


def _fits(row: Row, filters: Filters) -> bool:
    if filters.module and row.item.module != filters.module:
        return False
    return row.quiz.purpose == filters.purpose if filters.purpose else row.quiz.purpose in _MAIN


def _rows(courses: Sequence[Course], figures: Mapping[Quiz, Mapping[Key, Figures]]) -> Iterator[Row]:
    seen: set[tuple[Quiz, str]] = set()
    asked = {quiz: {item_id for item_id, _ in found} for quiz, found in figures.items()}
    for course in courses:
        gone = course is not courses[0]
        for quiz, number, item in placed(course):
            if (quiz, item.id) in seen or (gone and item.id not in asked.get(quiz, ())):
                continue
            seen.add((quiz, item.id))
            mine, key = figures.get(quiz, {}), (item.id, key_of(item))
            changed = any(other[0] == item.id and other != key for other in mine)
            yield row_of(number, item, quiz, courses, mine.get(key), gone=gone, changed=changed)


def placed(course: Course) -> Iterator[tuple[Quiz, int, Item]]:
    """Every question of the quizzes and tests, and its place there; one of the bank stands in both tests."""
    for module in course.modules:
        for number, item in enumerate(module.items, start=1):
            yield Quiz("quiz", module.id), number, item
    for test in (POST, PRE):
        for number, item in enumerate(course.bank, start=1):
            yield test, number, item


def row_of(
    number: int,
    item: Item,
    quiz: Quiz,
    courses: Sequence[Course],
    figures: Figures | None,
    *,
    gone: bool = False,
    changed: bool = False,
) -> Row:
    """The question with as much of its figures as may be said; what they say is made of all of them."""
    name, facts = name_of(quiz, courses)
    return Row(
        number=number,
        item=item,
        quiz=quiz,
        name=name,
        facts=facts,
        n=Cell(figures.n if figures else 0),
        figures=said(figures),
        findings=tuple(findings(number, item, figures)),
        gone=gone,
        changed=changed,
    )


@dataclass(frozen=True, slots=True)
class InVersion:
    """The figures of a question in one version."""

    number: int
    n: Cell
    figures: Figures | None
    same: bool  # the same key and options as in the version shown


def one_item(
    sats: Iterable[Sat], item_id: str, key: int, numbers: Mapping[int, int]
) -> tuple[dict[Quiz, Figures], dict[Quiz, list[InVersion]]]:
    """The figures of one question by quiz, and by quiz and version; `numbers` by the id of a version's row."""
    whole: dict[Quiz, ItemTally] = {}
    parts: dict[tuple[Quiz, int, bool], ItemTally] = {}
    for sat in sats:
        for response, rest in zip(sat.responses, rests(sat.responses), strict=True):
            name, found = response.item
            if name != item_id:
                continue
            if found == key:
                whole.setdefault(sat.quiz, ItemTally()).add(response, rest, sat.third)
            place = (sat.quiz, numbers[sat.version_id], found == key)
            parts.setdefault(place, ItemTally()).add(response, rest, sat.third)
    versions: dict[Quiz, list[InVersion]] = {}
    for (quiz, number, same), tally in sorted(parts.items(), key=lambda part: -part[0][1]):
        figures = tally.figures
        versions.setdefault(quiz, []).append(InVersion(number, Cell(figures.n), said(figures), same))
    return {quiz: tally.figures for quiz, tally in whole.items()}, versions


def minutes(seconds: float) -> tuple[int, int]:
    """Whole minutes and the seconds left over, rounded up: "1 menit 5 detik" is not "65 detik"."""
    return divmod(ceil(seconds), 60)
