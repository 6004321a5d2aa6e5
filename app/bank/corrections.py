"""Keys put right: which questions two versions score differently, and what an attempt is worth then. Pure."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.course.item import Item, Option, Part
from app.course.scoring import earned, points
from app.course.shapes import Course
from app.quiz.rules import Score

Mode = Literal["raise", "exact"]
_MOST_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Correction:
    """A question as a later version asks it, and whether points may fall by it."""

    item: Item
    mode: Mode


def key_of(item: Item) -> Hashable:
    """Everything of a question that decides what an answer is worth; of equal keys no answer is worth another."""
    if item.kind == "ordering":
        return item.kind, tuple(option.id for option in item.options)
    if item.parts:
        return item.kind, frozenset((part.id, part.kind, part.weight, _part_key(part)) for part in item.parts)
    if item.chosen_from:
        many = len(item.keys) or 1 if item.several else 0
        worths = ((option.id, earned(option, many)) for option in item.options)
        return item.kind, item.several, frozenset((one, worth) for one, worth in worths if worth)
    return item.kind, _accepted(item.options)


def _part_key(part: Part) -> Hashable:
    if part.kind != "choice":
        return _accepted(part.options)
    return frozenset((option.id, earned(option)) for option in part.options if earned(option))


def _accepted(options: Iterable[Option]) -> Hashable:
    return frozenset((one.text, one.tolerance, earned(one)) for one in options if earned(one) > 0)


def differing(before: Course, after: Course) -> list[tuple[Item, Item]]:
    """The questions that both versions ask in the same kind and score differently, in the order of the later one."""
    found = []
    for new in every_item(after):
        old = before.item(new.id)
        if old is not None and old.kind == new.kind and key_of(old) != key_of(new):
            found.append((old, new))
    return found


def every_item(course: Course) -> list[Item]:
    """The questions that an attempt may ask: those of the quizzes, then those of the tests."""
    return [item for module in course.modules for item in module.items] + list(course.bank)


class Counting:
    """Counts attempts of one version with the keys put right in it; remembers, for most people answer alike.

    A correction that only raises lets the better of both keys count; so the order of corrections of different
    questions does not matter, and counting again gives the same.
    """

    def __init__(self, course: Course, corrections: Sequence[tuple[str, Correction]]) -> None:
        self._course = course
        self._corrections: dict[str, list[Correction]] = {}
        for item_id, correction in corrections:
            self._corrections.setdefault(item_id, []).append(correction)
        self._known: dict[tuple[str, tuple[str, ...]], Fraction] = {}

    def percent(self, asked: Iterable[str], answers: Mapping[str, Collection[str]]) -> float:
        """The score, 0 to 100, of an attempt that asked these questions."""
        items = [item for item in map(self._course.item, asked) if item is not None]
        worth = sum((self._worth(one, tuple(answers.get(one.id, ()))) for one in items), Fraction(0))
        return Score(worth, len(items)).percent

    def _worth(self, item: Item, answer: tuple[str, ...]) -> Fraction:
        if (item.id, answer) not in self._known:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[item.id, answer] = self._counted(item, answer)
        return self._known[item.id, answer]

    def _counted(self, item: Item, answer: tuple[str, ...]) -> Fraction:
        worth = points(item, answer)
        for correction in self._corrections.get(item.id, ()):
            new = points(correction.item, answer)
            worth = max(worth, new) if correction.mode == "raise" else new
        return worth
