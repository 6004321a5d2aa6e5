"""Percents as other systems write them: 33.33333 means a third, and a third is written so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

_PERCENT = re.compile(r"\s*([+-]?)([0-9]{1,6})(?:[.,]([0-9]{0,20}))?\s*\Z")
_NUMBER = re.compile(r"\s*([+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30}))(?:[eE]([+-]?[0-9]{1,2}))?\s*\Z")
_LARGEST_PART = 15  # the same parts that the text format of courses knows
_NEARLY = Fraction(5, 100_000)


def percent(text: str) -> Fraction | None:
    """The fraction this percent stands for; None when it is no number or beyond -100..100."""
    found = _PERCENT.match(text)
    if found is None:
        return None
    value = Fraction(f"{found[1]}{found[2]}.{found[3] or 0}") / 100
    part = value.limit_denominator(_LARGEST_PART)
    if len((found[3] or "").rstrip("0")) > 1 and abs(part - value) < _NEARLY:
        value = part
    return value if abs(value) <= 1 else None


def as_percent(value: Fraction, places: int = 5) -> str:
    """The percent of a fraction, as short as it can be: 50, 33.33333, -12.5."""
    scaled = round(value * 100 * 10**places)
    whole, rest = divmod(abs(scaled), 10**places)
    return f"{'-' if scaled < 0 else ''}{whole}.{rest:0{places}d}".rstrip("0").rstrip(".")


def number(text: str) -> Fraction | None:
    """A number as programs write it, with a decimal point; None when it is none."""
    found = _NUMBER.match(text)
    return Fraction(found[1].rstrip(".")) * Fraction(10) ** int(found[2] or 0) if found else None


def as_number(value: Fraction, mark: str = ".") -> str:
    """The digits of a number that comes to an end; one that does not is cut after 15 decimals."""
    places = 0
    while places < 15 and (value * 10**places).denominator != 1:
        places += 1
    scaled = round(value * 10**places)
    digits = f"{abs(scaled):0{places + 1}d}"
    shown = f"{digits[:-places]}{mark}{digits[-places:]}" if places else digits
    return f"-{shown}" if scaled < 0 else shown


def usual(corrects: Sequence[bool], worths: Sequence[Fraction], *, several: bool) -> bool:
    """Whether these worths are what our own rule would give, so that a course need not say them."""
    keys = sum(corrects)
    right, wrong = (Fraction(1, keys or 1), Fraction(-1, keys or 1)) if several else (Fraction(1), Fraction(0))
    return all(worth == (right if correct else wrong) for correct, worth in zip(corrects, worths, strict=True))
