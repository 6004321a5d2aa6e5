"""What an answer is worth: points from 0 to 1 for every kind of question.

An answer is a collection of tokens: ids of options; `part=option` or `part=words` for kinds with parts;
`element=place` for an ordering; the words themselves for short_text and number.

| Kind | Points |
| --- | --- |
| single_choice, picture_choice with one key | the worth of the option chosen: 1 if it is the key, else 0 |
| multiple_response, hotspot_text, picture_choice with several keys | the sum of worths, held within 0 and 1 (*) |
| true_false | 1/2 for the verdict, 1/2 for the reason; a reason counts only with the right verdict |
| ordering | (C - D) / (C + D + U), held within 0 and 1: pairs in the right order, in the wrong order, and unplaced |
| matching, cloze | the mean of its parts, by their weights |
| short_text, number | the greatest worth among the known answers it equals |

(*) 1/k for each of the k keys, -1/k for each other option.

The ordering's formula is Kendall's tau with what is negative cut off: an order by chance is worth nothing on average
at most. A course may give an option a worth of its own (`[50]`); Moodle calls it a fraction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

from app.course.item import REASON, VERDICT, Item, Option, Part
from app.course.readings import same_number, same_words

_ZERO, _ONE = Fraction(0), Fraction(1)


def as_map(answer: Collection[str]) -> dict[str, str]:
    """The tokens of an answer in parts: part (or element) by what was chosen, placed or written."""
    found: dict[str, str] = {}
    for token in answer:
        name, mark, value = token.partition("=")
        if mark:
            found[name] = value
    return found


def points(item: Item, answer: Collection[str]) -> Fraction:
    """What this answer is worth, from 0 to 1; no answer is worth nothing."""
    if item.kind == "true_false":
        return _true_false(item, as_map(answer))
    if item.kind == "ordering":
        return _ordering([option.id for option in item.options], as_map(answer))
    if item.parts:
        return _mean(item.parts, as_map(answer))
    if item.kind in ("short_text", "number"):
        written = next(iter(answer), "")
        return max((_held(earned(one)) for one in item.options if equals(item.kind, written, one)), default=_ZERO)
    chosen = [option for option in item.options if option.id in answer]
    if not item.several:
        return _held(earned(chosen[0])) if len(chosen) == 1 else _ZERO
    return _held(sum((earned(option, len(item.keys) or 1) for option in chosen), _ZERO))


def earned(option: Option, keys: int = 0) -> Fraction:
    """What choosing this option adds: its own worth if the course says so, else by the rule of one, or of several.

    `keys` is the number of right options where several may be chosen, and 0 where one is.
    """
    if option.worth is not None:
        return option.worth
    if not keys:
        return Fraction(option.correct)
    return Fraction(1 if option.correct else -1, keys)


def part_points(part: Part, given: str | None) -> Fraction:
    """What is worth, from 0 to 1, what was chosen or written for this part."""
    if not given:
        return _ZERO
    if part.kind == "choice":
        return _held(sum((earned(option) for option in part.options if option.id == given), _ZERO))
    return max((_held(earned(one)) for one in part.options if equals(part.kind, given, one)), default=_ZERO)


def equals(kind: str, given: str, known: Option) -> bool:
    """Whether what was written is this known answer; a known answer of `*` is any other."""
    if kind == "number" and known.text != "*":
        return same_number(given, known.text, known.tolerance or _ZERO)
    return same_words(given, known.text)


def _mean(parts: Sequence[Part], given: Mapping[str, str]) -> Fraction:
    weights = sum((part.weight for part in parts), _ZERO)
    return sum((part.weight * part_points(part, given.get(part.id)) for part in parts), _ZERO) / (weights or _ONE)


def _true_false(item: Item, given: Mapping[str, str]) -> Fraction:
    verdict, reason = item.part(VERDICT), item.part(REASON)
    if verdict is None or part_points(verdict, given.get(VERDICT)) == 0:
        return _ZERO
    return _ONE if reason is None else (_ONE + part_points(reason, given.get(REASON))) / 2


def _ordering(right: Sequence[str], given: Mapping[str, str]) -> Fraction:
    """`right` is the right order of the elements; `given` the place of each."""
    places = [int(given[one]) if given.get(one, "").isdecimal() else None for one in right]
    pairs = list(combinations(places, 2))
    well = sum(1 for one, two in pairs if one is not None and two is not None and one < two)
    ill = sum(1 for one, two in pairs if one is not None and two is not None and one > two)
    return _held(Fraction(well - ill, len(pairs))) if pairs else _ZERO


def _held(value: Fraction) -> Fraction:
    return min(_ONE, max(_ZERO, value))
