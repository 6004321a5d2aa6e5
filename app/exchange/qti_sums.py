"""What answers add to a score: sums of terms, one for each answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

How = Literal["correct", "mapped", "table"]


@dataclass(frozen=True, slots=True)
class Known:
    """An answer that a condition names, and how far from it a number may lie."""

    words: str
    tolerance: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """What one answer adds to the score."""

    response: str
    how: How
    factor: Fraction = Fraction(1)
    table: Mapping[Known, Fraction] = field(default_factory=dict, hash=False)
    whole: bool = False  # it counts only when other answers are right, too


@dataclass(frozen=True, slots=True)
class Sum:
    """A score: a number and what answers add to it."""

    number: Fraction = Fraction(0)
    terms: tuple[Term, ...] = ()

    def plus(self, other: Sum, factor: Fraction = Fraction(1)) -> Sum:
        """Both together, the other one times a factor."""
        scaled = tuple(replace(term, factor=term.factor * factor) for term in other.terms)
        return Sum(self.number + other.number * factor, self.terms + scaled)


def scaled(term: Term) -> Term:
    """The term with its factor inside its table, where it has one."""
    if term.how != "table":
        return term
    return replace(term, factor=Fraction(1), table={one: worth * term.factor for one, worth in term.table.items()})


def times(tag: str, one: Sum | None, two: Sum | None) -> Sum | None:
    """A sum times, or by, a number."""
    if one is None or two is None:
        return None
    if tag == "product" and not one.terms:
        one, two = two, one
    if two.terms or (tag == "divide" and not two.number):
        return None
    return Sum().plus(one, two.number if tag == "product" else 1 / two.number)
