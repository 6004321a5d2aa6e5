"""The text of a question, taken apart where it is answered in the text itself: gaps to fill, words to tap."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from html import escape

from app.course.asking import Asked
from app.course.item import Option, Part
from app.course.scoring import as_map

_SPAN = re.compile(r"<span\b[^>]*>|</span>")
_GAP = re.compile(r'<span data-gap="([^"]*)"></span>')
_SPOT = re.compile(r'<span data-option="([^"]*)">\Z')


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text (HTML of the course) and the gap after it, with its number; the last has none."""

    html: str
    part: Part | None = None
    number: int = 0


def pieces(asked: Asked) -> list[Piece]:
    """The text of a cloze between its gaps; a gap that is no part of the question is left out."""
    parts = {part.id: (part, number) for number, part in enumerate(asked.parts, 1)}
    # The text, and after it by turns the name of a gap and the text that follows.
    texts = _GAP.split(asked.item.html)
    found = [Piece(text, *parts.get(name, ())) for text, name in zip(texts[::2], texts[1::2], strict=False)]
    return [*found, Piece(texts[-1])]


def spotted(asked: Asked, name: str) -> str:
    """The message with the words that may be tapped as labels, each of its checkbox `name.n` in the list below."""
    numbers = {option.id: number for number, option in enumerate(asked.options, 1)}
    html, place = asked.item.html, 0
    made: list[str] = []
    closing: list[str] = []
    for tag in _SPAN.finditer(html):
        spot = _SPOT.match(tag[0])
        if tag[0] == "</span>":
            shown = closing.pop() if closing else tag[0]
        elif spot and spot[1] in numbers:
            number = numbers[spot[1]]
            shown = f'<label class="spot s{number}" for="{escape(name)}.{number}">'
            closing.append("</label>")
        else:
            shown = tag[0]
            closing.append("</span>")
        made += [html[place : tag.start()], shown]
        place = tag.end()
    return "".join([*made, html[place:]])


def in_places(asked: Asked, answer: Collection[str]) -> list[tuple[Option, str]]:
    """The elements of an ordering as far as they are in order, each with its place; those without one come last."""
    given = as_map(answer)
    return sorted(
        ((option, given.get(option.id, "")) for option in asked.options),
        key=lambda one: int(one[1]) if one[1] else len(asked.options) + 1,
    )
