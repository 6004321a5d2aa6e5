"""How written answers are read: words without accidents of spelling, numbers with either decimal mark."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction

LONGEST_ANSWER = 200
_JOINERS = re.compile(r"[-‐‑–—_'’‘`´\"“”]+")
_EDGES = " .,;:!?…()[]"
_NUMBER = re.compile(r"([+-]?)([0-9][0-9.,]*|[.,][0-9]+)(?:[eE]([+-]?[0-9]{1,3}))?\Z")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?:,[0-9]{3})+)\Z")
_STAR = re.compile(r"(?<!\\)\*")


def folded(text: str) -> str:
    """The words without what makes no answer wrong: case, accents, hyphens, quotes, spaces, a dot at the end."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(_JOINERS.sub(" ", plain).split()).strip(_EDGES)


def same_words(given: str, accepted: str) -> bool:
    """Whether the answer is this accepted form; `*` in the form stands for anything, `\\*` for a star."""
    said = folded(given)
    # Joined or apart, with or without a hyphen: "e-mail" is "email".
    pieces = [folded(piece.replace("\\*", "*")) for piece in _STAR.split(accepted)]
    if len(pieces) == 1:
        return bool(said) and said.replace(" ", "") == pieces[0].replace(" ", "")
    return bool(said) and _holds(said, pieces)


def _holds(said: str, pieces: Sequence[str]) -> bool:
    """Whether it begins and ends with the outer pieces and holds the others between, in order and apart.

    Each is taken where it first stands: a regular expression would try every other place as well.
    """
    begin, *between, end = pieces
    place, last = len(begin), len(said) - len(end)
    if place > last or not (said.startswith(begin) and said.endswith(end)):
        return False
    for piece in between:
        found = said.find(piece, place, last)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def readings(text: str) -> tuple[Fraction, ...]:
    """What number was meant: two readings where the marks allow both ("1.234"), none when it is no number.

    The last of two different marks is the decimal one; the same mark twice separates thousands. Rupiah and percent
    signs are read over.
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold().removeprefix("rp").removesuffix("%")
    plain = plain.replace("−", "-").removesuffix(",-").replace(" ", "").lstrip(".")
    found = _NUMBER.match(plain)
    if found is None or len(plain) > 40:
        return ()
    digits, sign = found[2], -1 if found[1] == "-" else 1
    power = Fraction(10) ** int(found[3] or 0)
    made = [reading for reading in (_decimal(digits), _whole(digits)) if reading is not None]
    return tuple(dict.fromkeys(sign * reading * power for reading in made))


def _whole(digits: str) -> Fraction | None:
    """Dots or commas as separators of thousands."""
    return Fraction(re.sub("[.,]", "", digits)) if _THOUSANDS.match(digits) else None


def _decimal(digits: str) -> Fraction | None:
    """The last dot or comma as the decimal mark, the other as a separator of thousands."""
    place = max(digits.rfind("."), digits.rfind(","))
    if place < 0:
        return Fraction(digits)
    before, after = digits[:place], digits[place + 1 :]
    if digits[place] in before or (("." in before or "," in before) and not _THOUSANDS.match(before)):
        return None
    return Fraction(f"{re.sub('[.,]', '', before) or '0'}.{after or '0'}")


def same_number(given: str, accepted: str, tolerance: Fraction) -> bool:
    """Whether the answer lies within the tolerance of the accepted number, in any way it may be read."""
    values = readings(accepted)
    return bool(values) and any(abs(value - values[0]) <= tolerance for value in readings(given))
