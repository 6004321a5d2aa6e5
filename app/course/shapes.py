"""The shapes a course is made of: what the texts say, once they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from app.course.item import Item
from app.errors import Fact

PILLARS = ("cakap", "etika", "budaya", "aman")
PRACTICE = "praktik"
Format = Literal["png", "jpg", "webp"]
Review = Literal["langsung", "setelah-lulus", "tidak"]
REVIEWS: tuple[Review, ...] = get_args(Review)


@dataclass(frozen=True, slots=True)
class Problem:
    """What stands in the way of publishing (or, when it does not block, what would make the text better)."""

    file: str
    line: int
    message: str
    facts: Mapping[str, Fact] = field(default_factory=dict, hash=False)
    blocking: bool = True

    @property
    def text(self) -> str:
        """The sentence in Indonesian, with its facts filled in."""
        return self.message % self.facts if self.facts else self.message


@dataclass(frozen=True, slots=True)
class Reference:
    """A number, an address or a figure that is written once and carries the day it was checked."""

    id: str
    kind: Literal["situs", "telepon", "angka"]
    name: str
    value: str
    checked_on: date
    source: str

    @property
    def href(self) -> str | None:
        """Where a press leads, or None for a figure."""
        if self.kind == "situs":
            return self.value if self.value.startswith(("http://", "https://")) else f"https://{self.value}"
        if self.kind == "telepon":
            return "tel:" + "".join(sign for sign in self.value if sign.isdigit() or sign == "+")
        return None

    @property
    def shown(self) -> str:
        """What the page shows: an address without its scheme, everything else as it was written."""
        if self.kind == "situs":
            return self.value.removeprefix("https://").removeprefix("http://").removesuffix("/")
        return self.value


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture file of the course: its bytes, what it is, how large it is shown."""

    file: str
    format: Format
    width: int
    height: int
    digest: str
    content: bytes

    @property
    def type(self) -> str:
        """What a browser is told that it is."""
        return f"image/{'jpeg' if self.format == 'jpg' else self.format}"


@dataclass(frozen=True, slots=True)
class Card:
    """One idea on one plank; a card may be a question instead."""

    title: str
    html: str
    item: Item | None
    kind: Literal["text", "worked_example", "question"]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Lesson:
    """A few cards a resident reads in one sitting."""

    id: str
    title: str
    minutes: int
    lead: str
    cards: tuple[Card, ...]
    kind: Literal["lesson", "practice"]
    words: int
    checked_on: date | None
    kb: int
    file: str = ""

    @property
    def items(self) -> tuple[Item, ...]:
        """The questions on its cards."""
        return tuple(card.item for card in self.cards if card.item is not None)


# A version never changes: two of them are the same only if they are one.
@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """A part of a course with its own objectives: lessons, a practical task, a quiz."""

    id: str
    number: int
    title: str
    jp: int
    objectives: tuple[str, ...]
    digcomp: tuple[tuple[str, int], ...]
    outcomes: tuple[str, ...]
    lessons: tuple[Lesson, ...]
    practice: Lesson | None
    items: tuple[Item, ...]
    kb: int
    folder: str = ""

    @property
    def steps(self) -> tuple[Lesson, ...]:
        """What a resident walks through, in order; the quiz comes after."""
        return self.lessons if self.practice is None else (*self.lessons, self.practice)

    @property
    def drawable(self) -> tuple[Item, ...]:
        """The questions its quiz may ask; `items` keeps the others for those who count."""
        return tuple(item for item in self.items if item.drawable)


@dataclass(frozen=True, slots=True)
class Cell:
    """How many questions of one sort a blueprint takes; what is empty restricts nothing."""

    module: str
    blooms: frozenset[str]
    take: int
    line: int = 0
    objectives: frozenset[int] = frozenset()

    def holds(self, item: Item) -> bool:
        """Whether this question may be drawn for this cell."""
        return (
            item.drawable
            and (not self.module or item.module == self.module)
            and (not self.blooms or item.bloom in self.blooms)
            and (not self.objectives or item.objective in self.objectives)
        )

    def meets(self, other: Cell) -> bool:
        """Whether a question could belong to both."""
        return (
            self.module == other.module
            and (not self.blooms or not other.blooms or bool(self.blooms & other.blooms))
            and (not self.objectives or not other.objectives or bool(self.objectives & other.objectives))
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for an attempt: how many minutes it may take (None: any), and when its questions are discussed."""

    minutes: int | None = None
    review: Review = "langsung"


FREE = Terms()


@dataclass(frozen=True, slots=True)
class PassRule:
    """What it takes to pass."""

    quiz_mark: int
    test_mark: int
    test_attempts: int
    wait_hours: int


@dataclass(frozen=True, slots=True)
class Mastery:
    """When a module counts as mastered in practice: so many right among the last answers of a set."""

    right: int = 4
    of: int = 5


FOUR_OF_FIVE = Mastery()


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Everything one published version says."""

    code: str
    title: str
    short_title: str
    summary: str
    lead: str
    pillar: str
    second_pillar: str | None
    level: int
    language: str
    authors: str
    licence: str
    checked_on: date
    modules: tuple[Module, ...]
    bank: tuple[Item, ...]
    cells: tuple[Cell, ...]
    quiz_take: int
    rule: PassRule
    references: Mapping[str, Reference] = field(hash=False)
    kb: int
    quiz_cells: tuple[Cell, ...] = ()  # within the `quiz_take` questions of every module's quiz
    quiz_terms: Terms = FREE
    test_terms: Terms = FREE
    mastery: Mastery = FOUR_OF_FIVE
    media: Mapping[str, Medium] = field(default_factory=dict, hash=False)  # by digest
    _modules: dict[str, Module] = field(init=False, repr=False, compare=False)
    _lessons: dict[tuple[str, str], Lesson] = field(init=False, repr=False, compare=False)
    _items: dict[str, Item] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Lays out the indexes once, since a version is read far more often than it is made."""
        object.__setattr__(self, "_modules", {module.id: module for module in self.modules})
        object.__setattr__(
            self, "_lessons", {(module.id, lesson.id): lesson for module in self.modules for lesson in module.steps}
        )
        object.__setattr__(self, "_items", {item.id: item for item in self.every_item})

    @property
    def jp(self) -> int:
        """Lesson hours, in Indonesian JP."""
        return sum(module.jp for module in self.modules)

    @property
    def minutes(self) -> int:
        """The same in minutes; one JP is 45."""
        return self.jp * 45

    @property
    def every_item(self) -> tuple[Item, ...]:
        """All questions: on cards, in quizzes and in the bank of the tests."""
        on_cards = (item for module in self.modules for lesson in module.steps for item in lesson.items)
        in_quizzes = (item for module in self.modules for item in module.items)
        return (*on_cards, *in_quizzes, *self.bank)

    def module(self, module_id: str) -> Module | None:
        """The module of that name, if there is one."""
        return self._modules.get(module_id)

    def lesson(self, module_id: str, lesson_id: str) -> Lesson | None:
        """The lesson (or the practical task) of that name in that module, if there is one."""
        return self._lessons.get((module_id, lesson_id))

    def item(self, item_id: str) -> Item | None:
        """The question of that name, wherever it stands, if there is one."""
        return self._items.get(item_id)
