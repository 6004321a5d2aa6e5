"""Questions of ours, made from sketches by the reader of our own courses; what the file lacks stays empty."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import count

from app.course.cards import split_questions
from app.course.item import Item, Kind
from app.course.items import Home, read_item
from app.course.texts import is_slug
from app.errors import N_
from app.exchange.course_text import sketch_of, text_of
from app.exchange.markup import Block, Prose
from app.exchange.sketch import Entry, Sketch, Unfit
from app.exchange.worths import usual

_ONE = Fraction(1)
_LINK = re.compile(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\([^()\s]*\)")
_GAP = re.compile(r"(?<!\\)\{[0-9]{1,2}\}")
_NOWHERE = Home(objectives={}, digcomp={}, references={})
_STEMS: dict[str, str] = {
    "cloze": "Lengkapi teks berikut.",
    "ordering": "Urutkan yang berikut.",
    "matching": "Pasangkan yang berikut.",
}
_NO_TEXT = N_("Soal ini tidak punya pertanyaan.")
_UNREAD = N_("Soal ini tidak dapat ditulis dalam format kursus kita.")


def made(sketch: Sketch) -> Item:
    """The question this sketch becomes. What our courses demand beyond it is a problem of the draft, not of this."""
    cards = split_questions("", text_of(sketch), 1, [])
    if len(cards) != 1:
        raise Unfit(_UNREAD)
    item, _ = read_item(cards[0], _NOWHERE, [])
    return item


def normal(item: Item) -> Item:
    """The question as it would be after being written as text and read again."""
    return made(sketch_of(item))


def parted(prose: Prose, kind: Kind) -> tuple[str, str]:
    """The question and what stands below it, each in Markdown.

    The question is the paragraph that says so, else the last one with a question mark, else the first.
    """
    if kind == "cloze":
        return _above_gaps(prose)
    blocks = list(_without_lists(prose) if kind in ("ordering", "matching") else prose.blocks)
    paragraphs = [one for one in blocks if one.kind == "p"]
    chosen = next((one for one in paragraphs if one.asked), None)
    chosen = chosen or next((one for one in reversed(paragraphs) if "?" in one.markdown), None)
    chosen = chosen or (paragraphs[0] if paragraphs else None)
    rest = [one.markdown for one in blocks if one is not chosen]
    stem = _in_line(chosen.markdown) if chosen else _STEMS.get(kind, "")
    if not stem:
        raise Unfit(_NO_TEXT)
    return stem, "\n\n".join(rest)


def _above_gaps(prose: Prose) -> tuple[str, str]:
    """The lines above the first gap's line, and the rest: a text is not torn apart for its question."""
    asked = next((one for one in prose.blocks if one.asked), None)
    blocks = [one.markdown for one in prose.blocks if one is not asked]
    if asked or not blocks or prose.blocks[0].kind != "p":
        return _in_line(asked.markdown) if asked else _STEMS["cloze"], "\n\n".join(blocks)
    lines = blocks[0].split("\\\n")
    first = next((place for place, line in enumerate(lines) if _GAP.search(line)), len(lines))
    below = ["\\\n".join(lines[first:])] if lines[first:] else []
    return _in_line(" ".join(lines[:first])) or _STEMS["cloze"], "\n\n".join(below + blocks[1:])


def _in_line(markdown: str) -> str:
    return _LINK.sub(r"\1", markdown.replace("\\\n", " "))


def _without_lists(prose: Prose) -> Iterator[Block]:
    """Each list as lines of a paragraph, for kinds whose answers are a list themselves."""
    return (Block("\\\n".join(one.lines)) if one.lines else one for one in prose.blocks)


def weighed(entries: Sequence[Entry], *, several: bool = False) -> tuple[Entry, ...]:
    """The entries, right or wrong by their worths; worths that our own rule would give are left to it."""
    worths = [entry.worth or Fraction(0) for entry in entries]
    corrects = [worth > 0 if several else worth >= 1 for worth in worths]
    ours = usual(corrects, worths, several=several)
    return tuple(
        replace(entry, correct=correct, worth=None if ours or (not several and worth == correct) else worth)
        for entry, correct, worth in zip(entries, corrects, worths, strict=True)
    )


def fresh(name: str, taken: set[str]) -> str:
    """This name, or the first of name-2, name-3 … that is free; it is taken then."""
    found = next(one for one in _numbered(name) if one not in taken)
    taken.add(found)
    return found


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name[:58]}-{number}" for number in count(2))


def slug(text: str) -> str:
    """An id made of these words, at most 40 signs; empty when no letter of them is plain."""
    if is_slug(text):
        return text
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    words = re.findall("[a-z0-9]+", plain.replace("'", ""))
    found = words[0][:40] if words else ""
    for word in words[1:]:
        if len(found) + len(word) > 39:
            break
        found += f"-{word}"
    return found
