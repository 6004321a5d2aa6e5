"""A question as one person is asked it: its options in the order shown, and nothing that tells the right one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random

from app.course.item import VERDICT, Item, Option, Part

# As they are written, each step stands before the next, and each right side with its left one.
_TOLD_BY_ORDER = ("ordering", "matching")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its options, and those of its parts, in the order shown."""

    item: Item
    options: tuple[Option, ...]
    parts: tuple[Part, ...]


def asked(item: Item, order: Sequence[str]) -> Asked:
    """The question with its options in this order of ids; ids not named come last."""
    places = {one: place for place, one in enumerate(order)}
    parts = tuple(replace(part, options=_arranged(part.options, places)) for part in item.parts)
    return Asked(item, _arranged(item.options, places), parts)


def _arranged(options: Iterable[Option], places: dict[str, int]) -> tuple[Option, ...]:
    return tuple(sorted(options, key=lambda option: places.get(option.id, len(places))))


def shuffled(item: Item, chance: Random) -> list[str]:
    """An order of its options by chance, where chance may decide: never in a text, always where order would tell."""
    ids = _ids(item)
    if item.kind in _TOLD_BY_ORDER or (item.shuffle and item.kind != "hotspot_text"):
        fixed = {option.id for part in item.parts if part.id == VERDICT for option in part.options}
        moved = [one for one in ids if one not in fixed]
        chance.shuffle(moved)
        return [one for one in ids if one in fixed] + moved
    return ids


def settled(item: Item) -> list[str]:
    """The order in a lesson, the same for everybody: as written, but where that would tell the answer."""
    ids = _ids(item)
    if item.kind not in _TOLD_BY_ORDER:
        return ids
    return sorted(ids, key=lambda one: hashlib.blake2s(f"{item.id} {one}".encode()).digest())


def _ids(item: Item) -> list[str]:
    """Its options as written; those of a message as they stand in it, for right ones are often written first."""
    ids = list(dict.fromkeys(option.id for option in item.every_option))
    if item.kind == "hotspot_text":
        return sorted(ids, key=lambda one: item.html.find(f'data-option="{one}"'))
    return ids
