"""What is counted of an answer, and the table of who chose what. Pure.

A mark is what one answer adds to the table: the id of an option; `part=option` or `part=words`; of an ordering each
element that stands at its right place; of what was written the words without accidents of spelling.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from app.bank.analysis import OTHER, THIRDS, Spread, Third
from app.course.item import Item, Option, Part
from app.course.readings import folded
from app.course.scoring import as_map, earned, equals
from app.errors import N_

SMALL = 5  # 1 to 4 people are not told apart
FEW = 10  # no rate, mean or median of fewer
MOST_WORDS = 10  # of the answers people wrote, the most frequent
_GROUPED = 3 * FEW  # from here on each third has about ten


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that could be chosen: how the trainer's page calls it (A, B, C; 1, 2, 3), and what it says."""

    mark: str
    letter: str
    text: str  # Markdown of the course, or words that people wrote
    right: bool
    html: str = ""  # of the course; empty where people wrote
    written: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The things of which an answer chooses; `alone` when it chooses exactly one of them."""

    part: str  # its id; empty for the question itself
    about: str  # the left side or gap
    choices: tuple[Choice, ...]
    alone: bool
    kind: str  # "choice", "place" (elements at their right place) or "words"


def marks(item: Item, answer: Collection[str]) -> tuple[str, ...]:
    """What this answer, in the spelling of `responses.canonical`, adds to the table."""
    if item.kind == "ordering":
        right = {f"{option.id}={place}" for place, option in enumerate(item.options, start=1)}
        return tuple(token.partition("=")[0] for token in answer if token in right)
    if item.parts:
        given = as_map(answer)
        return tuple(
            f"{part.id}={given[part.id] if part.kind == 'choice' else folded(given[part.id])}"
            for part in item.parts
            if part.id in given
        )
    if item.chosen_from:
        return tuple(answer)
    return tuple(folded(words) for words in answer)


def key_of(item: Item) -> int:
    """What tells whether an answer to this question is worth the same in two versions: its kind, options and key."""

    def options(kind: str, known: Iterable[Option]) -> tuple[Any, ...]:
        written = kind in ("short_text", "number")
        key = [(one.id, one.correct, one.worth, one.tolerance, one.text if written else "") for one in known]
        return tuple(key if kind == "ordering" else sorted(key, key=lambda one: one[0]))

    parts = sorted((part.id, part.weight, options(part.kind, part.options)) for part in item.parts)
    return hash((item.kind, options(item.kind, item.options), tuple(parts)))


def letter(place: int) -> str:
    """A, B, C for the first, second, third; numbers after Z."""
    return ascii_uppercase[place] if place < len(ascii_uppercase) else str(place + 1)


def groups(item: Item, spread: Spread) -> list[Group]:
    """What could be chosen, in the order of the text; of written answers the most frequent ones."""
    if item.kind in ("short_text", "number"):
        return [_words(item.kind, "", "", item.options, spread)]
    if item.parts:
        return [_part(part, spread) for part in item.parts]
    placed = item.kind == "ordering"
    choices = tuple(
        Choice(option.id, str(n + 1) if placed else letter(n), option.text, placed or earned(option) > 0, option.html)
        for n, option in enumerate(item.options)
    )
    kind = "place" if placed else "choice"
    return [Group("", "", choices, kind == "choice" and not item.several, kind)]


def _part(part: Part, spread: Spread) -> Group:
    if part.kind != "choice":
        return _words(part.kind, part.id, part.text, part.options, spread)
    choices = tuple(
        Choice(f"{part.id}={option.id}", letter(n), option.text, earned(option) > 0, option.html)
        for n, option in enumerate(part.options)
    )
    return Group(part.id, part.text, choices, True, "choice")


def _words(kind: str, part: str, about: str, known: tuple[Option, ...], spread: Spread) -> Group:
    """The most frequent written answers. What fewer than five people wrote is not shown: it could name somebody."""
    start = f"{part}=" if part else ""
    written = [mark for mark in spread.chosen if mark.startswith(start) and mark != OTHER]
    frequent = sorted(
        (mark for mark in written if spread.total(mark) >= SMALL), key=lambda mark: (-spread.total(mark), mark)
    )[:MOST_WORDS]
    choices = tuple(
        Choice(
            mark,
            str(n),
            mark.removeprefix(start),
            max((earned(one) for one in known if equals(kind, mark.removeprefix(start), one)), default=0) > 0,
            written=True,
        )
        for n, mark in enumerate(frequent, start=1)
    )
    return Group(part, about, choices, False, "words")


@dataclass(frozen=True, slots=True)
class Cell:
    """How many, or the silence about it: `small` is 1 to 4; `hidden` protects a small one beside it."""

    value: int
    silent: str = ""  # "", "small" or "hidden"

    @property
    def mark(self) -> str:
        """What stands in place of the number."""
        return {"": "", "small": "<5", "hidden": "•••"}[self.silent]


@dataclass(frozen=True, slots=True)
class Line:
    """One choice with its cells: all, and by third where there are enough people."""

    choice: Choice | None  # None for those who left it out
    label: str  # untranslated, when there is no choice
    total: Cell
    cells: Mapping[Third, Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """Who chose what of one group. `people` by third is empty when there are too few people for thirds."""

    group: Group
    lines: tuple[Line, ...]
    people: Mapping[Third, int]

    @property
    def most(self) -> int:
        """The largest number of its lines that is shown, for the bars."""
        return max((line.total.value for line in self.lines if not line.total.silent), default=0)


def tables(item: Item, spread: Spread) -> list[Table]:
    """The tables of a question that at least ten people were asked; thirds from thirty on."""
    n = sum(spread.people.values())
    if n < FEW:
        return []
    split = n >= _GROUPED and all(spread.people.get(third, 0) >= FEW for third in THIRDS)
    people = {third: spread.people[third] for third in THIRDS} if split else {}
    return [Table(group, tuple(_lines(group, spread, split=split)), people) for group in groups(item, spread)]


def _lines(group: Group, spread: Spread, *, split: bool) -> Iterator[Line]:
    counts: list[dict[str, int]] = [{third: spread.of(one.mark, third) for third in THIRDS} for one in group.choices]
    left: dict[str, int] = {third: spread.omitted.get(third, 0) for third in THIRDS}
    if group.alone or group.kind == "words":
        # Everybody who is in no other line, so that the column adds up to all.
        left = {third: spread.people.get(third, 0) - sum(row[third] for row in counts) for third in THIRDS}
    rows = [row | {"": sum(row.values())} for row in [*counts, left]]
    silent = masked(rows, THIRDS if split else (), columns=group.alone or group.kind == "words")
    names = [*group.choices, None]
    for row, quiet, choice in zip(rows, silent, names, strict=True):
        cells = {third: Cell(row[third], quiet[third]) for third in THIRDS} if split else {}
        label = N_("Jawaban lain, atau dilewati") if group.kind == "words" else N_("Dilewati")
        yield Line(choice, "" if choice else label, Cell(row[""], quiet[""]), cells)


def masked(rows: list[dict[str, int]], parts: Collection[str], *, columns: bool) -> list[dict[str, str]]:
    """The silence of each cell: 1 to 4 is small, and no line that adds up is left with a single silent cell.

    Each row is its parts and, under "", their sum. `columns` says that the rows add up to something known as well.
    """
    keys = [*parts, ""]
    silent = [{key: "small" if 0 < row[key] < SMALL else "" for key in keys} for row in rows]
    lines = [[(n, key) for key in keys] for n in range(len(rows))] if parts else []
    if columns:
        lines += [[(n, key) for n in range(len(rows))] for key in keys]
    changed = True
    while changed:
        changed = False
        for line in lines:
            quiet = [place for place in line if silent[place[0]][place[1]]]
            loud = [place for place in line if not silent[place[0]][place[1]] and rows[place[0]][place[1]]]
            if len(quiet) == 1 and loud:
                n, key = min(loud, key=lambda place: (rows[place[0]][place[1]], place))
                silent[n][key] = "hidden"
                changed = True
    return silent
