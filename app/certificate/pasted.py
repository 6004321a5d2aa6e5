"""Codes as people paste them: one a line, whole addresses, or columns of a spreadsheet. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.certificate.code import normalise

MOST = 100
_CELLS = re.compile(r"[\t;,|]")
_SHOWN = 60  # of what is no code, so much is said again


@dataclass(frozen=True, slots=True)
class Pasted:
    """What one line held: a code in its stored form, or words that are none. `same_as` is an earlier line with it."""

    line: int
    text: str
    code: str | None
    same_as: int | None = None


def code_in(text: str) -> str | None:
    """The stored form of a code, or of the code in an address; what signs the facts behind the mark is left out."""
    return normalise(text.strip(" \t\"'“”<>").partition("#")[0].rstrip("/").rpartition("/sertifikat/")[2])


def codes_in(text: str) -> list[Pasted]:
    """Every code in a text with the number of its line; a line that holds none comes once, as it is."""
    found: list[Pasted] = []
    first: dict[str, int] = {}
    for line, words in enumerate(text.splitlines(), start=1):
        codes = [(cell.strip(), code) for cell in _CELLS.split(words) if (code := code_in(cell)) is not None]
        if not codes and (left := " ".join(words.split())):
            found.append(Pasted(line, left if len(left) <= _SHOWN else left[: _SHOWN - 1] + "…", None))
        for cell, code in codes:
            found.append(Pasted(line, cell, code, first.get(code)))
            first.setdefault(code, line)
    return found
