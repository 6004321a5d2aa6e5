"""A lesson's or a question file's text, cut into cards and questions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.course.item import Kind
from app.course.shapes import Problem
from app.errors import N_

_HEADING = re.compile(r"##(?:[ \t]+(.*))?\Z")
MAX_CARDS = 300
KINDS_BY_WORD: dict[str, Kind] = {
    "pilihan": "single_choice",
    "pilihan-ganda": "multiple_response",
    "benar-salah": "true_false",
    "urutan": "ordering",
    "pasangan": "matching",
    "tanda": "hotspot_text",
    "isian": "short_text",
    "angka": "number",
    "rumpang": "cloze",
    "gambar": "picture_choice",
}
# Where the lists below a question begin, by what its kind writes there.
TASK = re.compile(r"[-*+][ \t]+\[([^\[\]]{0,12})\][ \t]+(.*)\Z")
NUMBERED = re.compile(r" {0,3}[0-9]{1,3}[.)][ \t]+(.*)\Z")
PAIR = re.compile(r"[-*+][ \t]+(.*)\Z")
GAP = re.compile(r" {0,3}\{([^{}#]{1,60})\}[ \t]*\Z")
TITLE = re.compile(r"###[ \t]+(.*)\Z")
_ANY_TASK = re.compile(r" {0,3}[-*+][ \t]*\[(?:[ xX]?\]|[+-]?[0-9][0-9.,]{0,10}\](?!\())")
_ENDING = re.compile(r"###[ \t]+(?:Pembahasan|Alasan)[ \t]*\Z", re.IGNORECASE)
_KIND = re.compile(r'(?:^|[ \t])jenis="?([a-z-]+)')
_BOX = re.compile(r" {0,3}:{3,}[ \t]*(\S*)")


@dataclass(frozen=True, slots=True)
class RawCard:
    """A heading and what stands below it, before anything is read."""

    file: str
    line: int
    heading: str
    attributes: str | None
    body: str
    body_line: int

    @property
    def is_question(self) -> bool:
        """Whether this card asks: it has options, or the curly brackets of a question."""
        return self.attributes is not None or any(_ANY_TASK.match(line) for line in self.body.split("\n"))

    @property
    def kind(self) -> Kind | None:
        """The kind of question its curly brackets name, if they name one."""
        found = _KIND.search(self.attributes or "")
        return KINDS_BY_WORD.get(found[1]) if found else None

    def split_options(self) -> tuple[str, list[tuple[int, str]]]:
        """What stands above the options, and the lines of the options with their numbers."""
        lines = self.body.split("\n")
        first = _first_option(lines, self.kind)
        numbered = [(self.body_line + place, line) for place, line in enumerate(lines[first:], start=first)]
        return "\n".join(lines[:first]), numbered


def _first_option(lines: list[str], kind: Kind | None) -> int:
    """Where the lists below a question begin; a list or a gap inside a box belongs to its text."""
    boxed = False
    for place, line in enumerate(lines):
        if _ENDING.match(line):
            return place
        if box := _BOX.match(line):
            boxed = bool(box[1])
        elif _ANY_TASK.match(line) or (not boxed and _opens(lines, place, kind)):
            return place
    return len(lines)


def _opens(lines: list[str], place: int, kind: Kind | None) -> bool:
    """Whether a list without `[x]` begins in this line, for the kinds that have one."""
    if kind == "cloze":
        return GAP.match(lines[place]) is not None and _ANY_TASK.match(_next_words(lines, place)) is not None
    begins = {"ordering": NUMBERED, "matching": PAIR}.get(kind or "")
    return begins is not None and begins.match(lines[place]) is not None


def _next_words(lines: list[str], place: int) -> str:
    """The next line that is not blank."""
    return next((line for line in lines[place + 1 :] if line.strip()), "")


def _is_rule(line: str) -> bool:
    return line.rstrip() == "---"


def _is_heading(line: str) -> bool:
    return _HEADING.match(line) is not None


def split_cards(file: str, body: str, line: int, problems: list[Problem]) -> list[RawCard]:
    """The cards of a lesson, one after each `---`."""
    cards: list[RawCard] = []
    for first, lines in _pieces(body, line, _is_rule, keep=False):
        place = next((place for place, text in enumerate(lines) if text.strip()), None)
        if place is None:
            message = N_("Kartu ini kosong. Isilah, atau hapus salah satu baris “---”.")
            problems.append(Problem(file, min(first, line + body.count("\n")), message))
        elif not _is_heading(lines[place]):
            message = N_("Kartu harus dibuka dengan “## Judul”. Tambahkan judulnya.")
            problems.append(Problem(file, first + place, message))
        else:
            cards.append(_card(file, lines, place, first))
    return _not_too_many(cards, problems)


def split_questions(file: str, body: str, line: int, problems: list[Problem]) -> list[RawCard]:
    """The questions of a quiz or of the bank, one under each `##`."""
    cards: list[RawCard] = []
    for first, lines in _pieces(body, line, _is_heading, keep=True):
        # A rule between two questions is common in Markdown and does no harm.
        lines = ["" if _is_rule(text) else text for text in lines]
        place = next((place for place, text in enumerate(lines) if text.strip()), None)
        if place is None:
            continue
        if not _is_heading(lines[place]):
            message = N_("Tulisan ini tidak termasuk soal mana pun. Setiap soal dibuka dengan “## Pertanyaan”.")
            problems.append(Problem(file, first + place, message))
        else:
            cards.append(_card(file, lines, place, first))
    return _not_too_many(cards, problems)


def _not_too_many(cards: list[RawCard], problems: list[Problem]) -> list[RawCard]:
    if len(cards) > MAX_CARDS:
        extra = cards[MAX_CARDS]
        message = N_("Berkas ini memuat lebih dari %(limit)s kartu atau soal. Bagi menjadi beberapa berkas.")
        problems.append(Problem(extra.file, extra.line, message, {"limit": MAX_CARDS}))
    return cards[:MAX_CARDS]


def _pieces(body: str, line: int, cuts: Callable[[str], bool], *, keep: bool) -> list[tuple[int, list[str]]]:
    """The lines between two cuts, with the number of the first; `keep` says whether the cut is part of what follows."""
    pieces: list[tuple[int, list[str]]] = [(line, [])]
    for number, text in enumerate(body.split("\n"), start=line):
        if cuts(text):
            pieces.append((number if keep else number + 1, []))
            if not keep:
                continue
        pieces[-1][1].append(text)
    return pieces


def _card(file: str, lines: list[str], place: int, first: int) -> RawCard:
    found = _HEADING.match(lines[place])
    assert found is not None
    heading, attributes = (found[1] or "").strip(), None
    # Taken apart by hand: a pattern for this would go back and forth over a line of blanks for hours.
    before, brace, inside = heading.rpartition("{")
    if brace and inside.endswith("}"):
        heading, attributes = before.rstrip(), inside[:-1]
    return RawCard(file, first + place, heading, attributes, "\n".join(lines[place + 1 :]), first + place + 1)
