"""Which questions an attempt asks and in which order: a pure draw that a seed can repeat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from random import Random

from app.course.asking import shuffled
from app.course.item import Item
from app.course.shapes import Course
from app.quiz.rules import Purpose

# Each entry: item id, and the ids of its options in the order shown.
Draw = list[tuple[str, list[str]]]
MOST_RECALL = 2  # of five questions


def forms(course: Course) -> dict[str, list[Item]]:
    """The two forms of the test: equal by the blueprint, without a question in common."""
    made: dict[str, list[Item]] = {"A": [], "B": []}
    used: set[str] = set()
    for cell in course.cells:
        fit = sorted((one for one in course.bank if cell.holds(one) and one.id not in used), key=lambda one: one.id)
        made["A"] += fit[: cell.take]
        made["B"] += fit[cell.take : 2 * cell.take]
        used.update(item.id for item in fit[: 2 * cell.take])
    return made


def other(form: str) -> str:
    """The form that is not this one."""
    return "B" if form == "A" else "A"


def draw(course: Course, purpose: Purpose, module: str, form: str, seed: int, past: Sequence[Collection[str]]) -> Draw:
    """The questions of an attempt after these earlier ones of its kind; `form` is that of the person's pre-test."""
    # Repeatable by design: the seed is kept with the attempt, and what it draws is no secret once drawn.
    chance = Random(seed)  # noqa: S311
    if purpose == "quiz":
        part = course.module(module)
        items = _quiz(part.items if part else (), course, past, chance)
    elif purpose == "pre":
        items = forms(course)[form]
    elif not past:
        items = forms(course)[other(form)]
    else:
        items = _again(course, {item.id for item in forms(course)[form]}, past, chance)
    items = list(items)
    chance.shuffle(items)
    return [(item.id, shuffled(item, chance)) for item in items]


def _quiz(items: Iterable[Item], course: Course, past: Sequence[Collection[str]], chance: Random) -> list[Item]:
    """By the blueprint, then as many as are left, those seen least first.

    Of what the blueprint leaves open, no more only ask to remember than makes two of five.
    """
    ranked = _least_seen((item for item in items if item.drawable), past, chance)
    take, most = course.quiz_take, course.quiz_take * MOST_RECALL // 5
    chosen: dict[str, Item] = {}
    for cell in course.quiz_cells:
        fit = [item for item in ranked if cell.holds(item) and item.id not in chosen]
        chosen |= {item.id: item for item in fit[: cell.take]}
    # Among those seen equally often, what a cell will need when the quiz is repeated comes last.
    seen = _seen(past)
    ranked.sort(key=lambda item: (seen[item.id], any(cell.holds(item) for cell in course.quiz_cells)))
    for item in ranked:
        recall = sum(one.bloom == "ingat" for one in chosen.values())
        if len(chosen) < take and (item.bloom != "ingat" or recall < most):
            chosen[item.id] = item
    rest = [item for item in ranked if item.id not in chosen]
    return [*chosen.values(), *rest[: take - len(chosen)]]


def _again(course: Course, pre: Collection[str], past: Sequence[Collection[str]], chance: Random) -> list[Item]:
    """By the blueprint, never from the person's pre-test, those seen least first."""
    chosen: dict[str, Item] = {}
    for cell in course.cells:
        fit = [item for item in course.bank if cell.holds(item) and item.id not in pre and item.id not in chosen]
        chosen |= {item.id: item for item in _least_seen(fit, past, chance)[: cell.take]}
    return list(chosen.values())


def _least_seen(items: Iterable[Item], past: Sequence[Collection[str]], chance: Random) -> list[Item]:
    seen = _seen(past)
    ranked = sorted(items, key=lambda item: item.id)
    chance.shuffle(ranked)
    return sorted(ranked, key=lambda item: seen[item.id])


def _seen(past: Sequence[Collection[str]]) -> Counter[str]:
    return Counter(item for earlier in past for item in earlier)
