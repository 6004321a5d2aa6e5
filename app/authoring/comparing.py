"""Two texts side by side: which lines went, which came."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

MOST_LINES = 2_000
_CONTEXT = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison; a gap stands for lines that are the same."""

    kind: Literal["same", "gone", "new", "gap"]
    text: str


def compared(old: str, new: str) -> list[Line] | None:
    """The lines that differ with a little around them; None when the texts are too long to compare."""
    before, after = old.split("\n"), new.split("\n")
    if max(len(before), len(after)) > MOST_LINES:
        return None
    matcher = SequenceMatcher(None, before, after)
    found: list[Line] = []
    for place, group in enumerate(matcher.get_grouped_opcodes(_CONTEXT)):
        if place or group[0][1]:
            found.append(Line("gap", ""))
        for tag, first, last, start, end in group:
            if tag == "equal":
                found += [Line("same", line) for line in before[first:last]]
                continue
            found += [Line("gone", line) for line in before[first:last]]
            found += [Line("new", line) for line in after[start:end]]
    return found
