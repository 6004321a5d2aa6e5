"""Words made to fit: as large as the place allows, on one line if possible, and never beyond the edge."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Measure = Callable[[str, str, float], float]

_BLANK = re.compile(r"[^\S\u00a0]+")  # a no-break space holds its words together
_STEP = 0.97  # how much smaller each try is


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
    words = _BLANK.split(text.strip())
    words = [word for word in words if word]
    for count, (largest, least) in enumerate(steps, start=1):
        last = count == len(steps)
        size = largest
        while last or size >= least:
            lines = wrapped(words, font, size, width, measure)
            if len(lines) <= count and all(measure(line, font, size) <= width for line in lines):
                return Block(_balanced(words, lines, font, size, width, measure), font, size, size * leading)
            size *= _STEP
    raise ValueError("At least one step is needed.")


def wrapped(words: Sequence[str], font: str, size: float, width: float, measure: Measure) -> tuple[str, ...]:
    """The words in lines that fit; a word too long for a line of its own is broken."""
    lines: list[str] = []
    for word in words:
        together = f"{lines[-1]} {word}" if lines else word
        if measure(together, font, size) <= width:
            lines[-1:] = [together]
            continue
        while measure(word, font, size) > width and len(word) > 1:
            end = len(word) - 1
            while end > 1 and measure(word[:end], font, size) > width:
                end -= 1
            lines.append(word[:end])
            word = word[end:]
        lines.append(word)
    return tuple(lines)


def _balanced(
    words: Sequence[str], lines: tuple[str, ...], font: str, size: float, width: float, measure: Measure
) -> tuple[str, ...]:
    """The same number of lines, but of nearly the same length, so that no word stands alone on the last."""
    if len(lines) < 2 or any(measure(word, font, size) > width * 0.6 for word in words):
        return lines
    narrow, wide = width / len(lines) * 0.9, width
    while wide - narrow > 4:
        middle = (narrow + wide) / 2
        if len(wrapped(words, font, size, middle, measure)) <= len(lines):
            wide = middle
        else:
            narrow = middle
    return wrapped(words, font, size, wide, measure)
