"""A question between two systems: its words in the Markdown of our courses, before or after it is one of ours."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from app.course.item import Kind, PartKind, Status
from app.errors import Refused


class Unfit(Refused):
    """One question has no place in our courses; the others of its file may come in."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An option, a known answer, a step or a pair: what it says, what is said to it, what it adds.

    `worth` None leaves it to the rule of the kind. `id` is given only where the words would not give it themselves.
    `right` is the right side of a pair; a pair without words on its left is a right side that belongs to none.
    """

    words: str
    said: str = ""
    correct: bool = False
    worth: Fraction | None = None
    tolerance: Fraction | None = None
    id: str = ""
    right: str = ""
    right_id: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap of a cloze, with its number, or the reasons of a verdict."""

    number: int
    kind: PartKind
    entries: tuple[Entry, ...]
    weight: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class About:
    """What a question says of itself beside its words."""

    bloom: str = ""
    objective: int = 0
    module: str = ""
    digcomp: tuple[str, ...] = ()
    shuffle: bool = True
    status: Status = "terbit"
    difficulty: float | None = None


@dataclass(frozen=True, slots=True)
class Sketch:
    """A question with all its words. `reasons` belong to a verdict, `gaps` to a cloze, `entries` to all others."""

    id: str
    kind: Kind
    stem: str
    body: str = ""
    entries: tuple[Entry, ...] = ()
    reasons: tuple[Entry, ...] = ()
    gaps: tuple[Gap, ...] = ()
    explanation: str = ""
    about: About = About()
