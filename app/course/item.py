"""The shapes a question is made of, whatever its kind; what an answer is worth stands in `scoring`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

Bloom = Literal["ingat", "pahami", "terapkan", "analisis", "nilai"]
BLOOMS: tuple[Bloom, ...] = get_args(Bloom)
Kind = Literal[
    "single_choice",
    "multiple_response",
    "true_false",
    "ordering",
    "matching",
    "hotspot_text",
    "short_text",
    "number",
    "cloze",
    "picture_choice",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
Status = Literal["draf", "ditinjau", "terbit", "pensiun"]
STATUSES: tuple[Status, ...] = get_args(Status)
PartKind = Literal["choice", "short_text", "number"]
# The two parts of a true_false question, and the two answers to its first.
VERDICT, REASON = "pernyataan", "alasan"
TRUE, FALSE = "benar", "salah"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of an option: its file in the course's `media/`, what it shows in words, its size on the page."""

    file: str
    alt: str
    width: int
    height: int
    digest: str  # names the file in its address, so that the trainer's name for it tells nobody the key
    size: int = 0  # bytes


@dataclass(frozen=True, slots=True)
class Option:
    """One answer a person may choose (or write, or one element to put in order), with what we say to it.

    `worth` is what it adds to the points when the course says so itself; None leaves it to the rule of the kind.
    `tolerance` belongs to an accepted number: an answer is the same number when it lies no further away.
    """

    id: str
    text: str
    html: str
    feedback: str
    feedback_html: str
    correct: bool
    line: int = 0
    worth: Fraction | None = None
    tolerance: Fraction | None = None
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One gap of a cloze, one left side of a matching, or one half of a true_false; its options are its own."""

    id: str
    text: str
    html: str
    kind: PartKind
    options: tuple[Option, ...]
    line: int = 0
    weight: Fraction = Fraction(1)

    @property
    def keys(self) -> frozenset[str]:
        """The ids of its right options."""
        return frozenset(option.id for option in self.options if option.correct)


@dataclass(frozen=True, slots=True)
class Item:
    """A question. Kinds with `parts` (true_false, matching, cloze) keep their options in them.

    The options of an ordering stand in their right order; those of short_text and number are the answers we know.
    The gaps of a cloze stand in `html` as `<span data-gap="ID"></span>`.
    """

    id: str
    stem: str
    html: str
    stem_html: str
    options: tuple[Option, ...]
    bloom: str
    objective: int
    module: str
    digcomp: tuple[str, ...]
    shuffle: bool
    line: int
    file: str = ""
    kind: Kind = "single_choice"
    parts: tuple[Part, ...] = ()
    explanation: str = ""
    explanation_html: str = ""
    status: Status = "terbit"
    difficulty: float | None = None  # the share of right answers its author expects

    @property
    def keys(self) -> frozenset[str]:
        """The ids of the right options."""
        return frozenset(option.id for option in self.options if option.correct)

    @property
    def picture_bytes(self) -> int:
        """What its pictures cost a resident."""
        return sum({one.picture.digest: one.picture.size for one in self.options if one.picture}.values())

    @property
    def several(self) -> bool:
        """Whether several options may be chosen at once."""
        return self.kind in ("multiple_response", "hotspot_text") or (
            self.kind == "picture_choice" and len(self.keys) > 1
        )

    @property
    def chosen_from(self) -> bool:
        """Whether it is answered by choosing among its options, without parts."""
        return self.kind in ("single_choice", "multiple_response", "hotspot_text", "picture_choice")

    @property
    def drawable(self) -> bool:
        """Whether a quiz or a test may ask it."""
        return self.status == "terbit"

    @property
    def every_option(self) -> Iterator[Option]:
        """All its options, those of its parts after its own."""
        yield from self.options
        for part in self.parts:
            yield from part.options

    def part(self, part_id: str) -> Part | None:
        """The part of that id, if there is one."""
        return next((part for part in self.parts if part.id == part_id), None)
