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

# As on every inner page of figures, 1 to 4 people are "<5". What they could be computed back to is nobody: no line here
# is about a place, an age or a gender, and nobody sees in which third a person is.
SMALL = 5
FEW = 10  # no rate, mean or median of fewer
MOST_WORDS = 10  # of the answers people wrote, the most frequent


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


def as_written(item: Item) -> list[Group]:
    """Its choices while there is no table of them; of a written answer those that the course knows."""
    known = [("", "", item.options)] if item.kind in ("short_text", "number") else []
    known += [(part.id, part.text, part.options) for part in item.parts if part.kind != "choice"]
    written = {
        part: Group(
            part,
            about,
            tuple(Choice(one.id, letter(n), one.text, earned(one) > 0) for n, one in enumerate(options)),
            False,
            "words",
        )
        for part, about, options in known
    }
    return [written.get(group.part, group) for group in groups(item, Spread())]


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
    """How many people, or that they are too few to say."""

    value: int

    @property
    def small(self) -> bool:
        """Whether it is said as "<5"."""
        return 0 < self.value < SMALL


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


def tables(item: Item, spread: Spread) -> list[Table]:
    """The tables of a question that at least ten people were asked; thirds when the outer two have ten each."""
    n = sum(spread.people.values())
    if n < FEW:
        return []
    split = spread.people.get("lower", 0) >= FEW <= spread.people.get("upper", 0)
    people = {third: spread.people.get(third, 0) for third in THIRDS} if split else {}
    return [Table(group, tuple(_lines(group, spread, split=split)), people) for group in groups(item, spread)]


def _lines(group: Group, spread: Spread, *, split: bool) -> Iterator[Line]:
    counts: list[dict[Third, int]] = [{third: spread.of(one.mark, third) for third in THIRDS} for one in group.choices]
    left: dict[Third, int] = {third: spread.omitted.get(third, 0) for third in THIRDS}
    if group.alone or group.kind == "words":
        # Everybody who is in no other line, so that the column adds up to all.
        left = {third: spread.people.get(third, 0) - sum(row[third] for row in counts) for third in THIRDS}
    label = N_("Jawaban lain, atau dilewati") if group.kind == "words" else N_("Dilewati")
    for row, choice in zip([*counts, left], [*group.choices, None], strict=True):
        cells = {third: Cell(row[third]) for third in THIRDS} if split else {}
        yield Line(choice, "" if choice else label, Cell(sum(row.values())), cells)
