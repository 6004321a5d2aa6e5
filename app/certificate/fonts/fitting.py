"""Words made to fit: as large as the place allows, on one line if possible, and never beyond the edge."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Measure = Callable[[str, str, float], float]

_BLANK = re.compile(r"[^\S\u00a0]+")  # a no-break space holds its words together
_STEP = 0.97  # how much smaller each try is
_HAIR = 0.9999  # sums of widths differ from the width of the sum in the last figure


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one size."""

    lines: tuple[str, ...]
    font: str
    size: float
    leading: float

    @property
    def height(self) -> float:
        """From the top of the first line's letters to the foot of the last line's tails."""
        return self.size + self.leading * (len(self.lines) - 1) if self.lines else 0.0


def fitted(
    text: str, font: str, width: float, steps: Sequence[tuple[float, float]], measure: Measure, leading: float = 1.2
) -> Block:
    """The text on one line between the sizes of the first step, else on two between those of the second, and so on.

    The least size of the last step is only a wish: words that no wish can hold still have to fit.
    """
    words = [word for word in _BLANK.split(text) if word]
    if not words:
        return Block((), font, steps[0][0], steps[0][0] * leading)

    def unit(part: str) -> float:
        return measure(part, font, 1.0)

    line = " ".join(words)
    largest, least = steps[0]
    size = min(largest, width * _HAIR / max(unit(line), 1e-6))
    if size >= least or len(steps) == 1:
        return Block((line,), font, size, size * leading)
    widths, blank = [unit(word) for word in words], unit(" ")
    for count, (largest, least) in enumerate(steps[1:], start=2):
        size = largest
        while size >= least or count == len(steps):
            room = width * _HAIR / size
            lines = _wrapped(words, widths, blank, room, unit)
            if len(lines) <= count and all(unit(each) <= room * 1.0001 for each in lines):
                lines = _balanced(words, widths, blank, room, unit, lines)
                return Block(lines, font, size, size * leading)
            size *= _STEP
    raise AssertionError("The last step goes on until the words fit.")


def _wrapped(
    words: Sequence[str], widths: Sequence[float], blank: float, room: float, unit: Callable[[str], float]
) -> tuple[str, ...]:
    """The words in lines that fit; a word too long for a line of its own is broken."""
    lines: list[str] = []
    used = room
    for word, width in zip(words, widths, strict=True):
        if lines and used + blank + width <= room:
            lines[-1] += f" {word}"
            used += blank + width
            continue
        rest, used = word, width
        while used > room and len(rest) > 1:
            end = _fitting(rest, room, unit)
            lines.append(rest[:end])
            rest = rest[end:]
            used = unit(rest)
        lines.append(rest)
    return tuple(lines)


def _fitting(word: str, room: float, unit: Callable[[str], float]) -> int:
    """How many letters of the word fit, and one at least."""
    return max(1, bisect_right(range(1, len(word)), room, key=lambda end: unit(word[:end])))


def _balanced(
    words: Sequence[str],
    widths: Sequence[float],
    blank: float,
    room: float,
    unit: Callable[[str], float],
    lines: tuple[str, ...],
) -> tuple[str, ...]:
    """The same number of lines, but of nearly the same length, so that no word stands alone on the last."""
    narrow, wide = max(room / len(lines) * 0.9, *widths, 0.0), room
    while wide - narrow > room * 0.01:
        middle = (narrow + wide) / 2
        if len(tried := _wrapped(words, widths, blank, middle, unit)) <= len(lines):
            wide, lines = middle, tried
        else:
            narrow = middle
    return lines
