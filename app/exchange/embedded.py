"""Answers embedded in a text, `{1:MULTICHOICE:=Apple#Yes~Pear}`: how Moodle writes its Cloze questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.course.item import PartKind
from app.errors import N_
from app.exchange.course_text import number_words
from app.exchange.gathering import Question, few
from app.exchange.making import weighed
from app.exchange.sketch import Entry, Gap, Unfit
from app.exchange.tree import grown
from app.exchange.worths import number, percent

MOST_GAPS = 99
_OPENING = re.compile(r"\{\s*([0-9]{0,4})\s*:\s*([A-Z_]{2,40})\s*:")
_ESCAPED = re.compile(r"\\([}~#\"\\/=%{])")
_FRACTION = re.compile(r"\s*(?:(=)|%(-?[0-9.]{1,20})%)")
_NUMBERED = re.compile(r"\[\[([0-9]{1,3})(?:\|[^\]\n]{0,40})?\]\]")
_AWAY = 0xE200  # an escaped sign waits here, out of reach of everything that reads signs
_PLACES = re.compile("[\ue200-\ue2ff]")
_ENTITY = "\ue1ff"  # "&#", which begins no feedback
_KINDS: dict[str, PartKind] = {
    **dict.fromkeys(("NUMERICAL", "NM"), "number"),
    **dict.fromkeys(("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"), "short_text"),
    **dict.fromkeys(("MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH"), "choice"),
    **dict.fromkeys(("MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"), "choice"),
}
_CASED = ("SHORTANSWER_C", "SAC", "MWC")

NONE = N_("Tidak ada rumpang di dalam teksnya. Tulis misalnya {1:SHORTANSWER:=jawaban}.")
_OPEN = N_("Rumpang ke-%(gap)s belum ditutup dengan “}”.")
_TYPE = N_("Rumpang ke-%(gap)s berjenis %(kind)s, yang tidak ada padanannya di sini.")
_MANY = N_("Soal ini punya lebih dari %(limit)s rumpang.")
_FEW = N_("Rumpang ke-%(gap)s hanya punya satu pilihan. Pilihan ganda perlu paling sedikit dua, dipisah “~”.")
_EMPTY = N_("Rumpang ke-%(gap)s punya jawaban yang kosong.")
_NUMBER = N_("Rumpang ke-%(gap)s: “%(number)s” bukan angka. Tulis angka dengan titik desimal, misalnya 3.14:0.01.")
_WEIGHT = N_("Rumpang ke-%(gap)s: “%(weight)s” bukan persen dari -100 sampai 100.")
_NO_KEY = N_("Rumpang ke-%(gap)s tidak punya jawaban yang bernilai 100 persen. Beri satu jawaban tanda “=”.")
_NO_WEIGHT = N_("Rumpang ke-%(gap)s berbobot nol. Tulis bobot mulai dari 1, misalnya {1:SHORTANSWER:=jawaban}.")
_NO_CHOICE = N_("Rumpang %(gap)s menunjuk jawaban yang tidak ada.")
_NO_PLACE = N_("Tidak ada rumpang seperti [[1]] di dalam teksnya.")
_BRACES = N_("Kurung kurawal di dalam teksnya menjadi kurung biasa.")
CASE = N_("Huruf besar dan kecil tidak dibedakan saat dinilai di sini.")


@dataclass(frozen=True, slots=True)
class _Raw:
    """A gap as it is written, and where it stands."""

    number: int
    weight: str
    kind: str
    answers: str
    start: int
    end: int


def gaps(question: Question, html: str) -> tuple[str, tuple[Gap, ...]]:
    """The text with a place for each gap, and the gaps."""
    pieces: list[str] = []
    found: list[Gap] = []
    place = 0
    for raw in _raw(html):
        pieces += [_braceless(question, html[place : raw.start]), f'<span data-gap="{raw.number}"></span>']
        found.append(_gap(question, raw))
        place = raw.end
    if not found:
        raise Unfit(NONE)
    return "".join([*pieces, _braceless(question, html[place:])]), tuple(found)


def embeds(text: str) -> bool:
    """Whether answers are embedded in this text."""
    return _OPENING.search(text) is not None


def _braceless(question: Question, text: str) -> str:
    if "{" in text or "}" in text:
        question.note(_BRACES)
    return text.replace("{", "(").replace("}", ")")


def _raw(html: str) -> Iterator[_Raw]:
    place, count = 0, 0
    while (opening := _OPENING.search(html, place)) is not None:
        count += 1
        if count > MOST_GAPS:
            raise Unfit(_MANY, limit=MOST_GAPS)
        end = _closing(html, opening.end())
        if end < 0:
            raise Unfit(_OPEN, gap=count)
        yield _Raw(count, opening[1], opening[2], html[opening.end() : end], opening.start(), end + 1)
        place = end + 1


def _closing(text: str, place: int) -> int:
    while place < len(text) and text[place] != "}":
        place += 2 if text[place] == "\\" else 1
    return place if place < len(text) else -1


def _gap(question: Question, raw: _Raw) -> Gap:
    kind = _KINDS.get(raw.kind)
    if kind is None:
        raise Unfit(_TYPE, gap=raw.number, kind=raw.kind)
    weight = Fraction(raw.weight or 1)
    if not weight:
        raise Unfit(_NO_WEIGHT, gap=raw.number)
    if raw.kind in _CASED:
        question.note(CASE)
    entries = [_entry(question, raw.number, kind, one) for one in few(_hidden(raw.answers).split("~"))]
    if any(not entry.words for entry in entries):
        raise Unfit(_EMPTY, gap=raw.number)
    if kind == "choice" and len(entries) < 2:
        raise Unfit(_FEW, gap=raw.number)
    done = weighed(entries)
    if not any(entry.correct for entry in done):
        raise Unfit(_NO_KEY, gap=raw.number)
    return Gap(raw.number, kind, done, weight)


def _entry(question: Question, gap: int, kind: PartKind, text: str) -> Entry:
    worth = Fraction(0)
    if given := _FRACTION.match(text):
        read = Fraction(1) if given[1] else percent(given[2])
        if read is None:
            raise Unfit(_WEIGHT, gap=gap, weight=given[2])
        worth, text = read, text[given.end() :]
    words, _, said = text.partition("#")
    words, answer = _back(words), question.said(_back(said))
    if kind == "choice":
        return Entry(question.words(words), answer, worth=worth)
    written = " ".join(grown(words).words.split())
    if kind == "short_text":
        return Entry(written, answer, worth=worth)
    value, tolerance = _number(gap, written)
    return Entry(value, answer, worth=worth, tolerance=tolerance)


def _number(gap: int, text: str) -> tuple[str, Fraction | None]:
    if text == "*":
        return "*", None
    digits, _, near = text.partition(":")
    value, tolerance = number(digits), number(near) if near.strip() else Fraction(0)
    if value is None or tolerance is None or tolerance < 0:
        raise Unfit(_NUMBER, gap=gap, number=text[:60])
    return number_words(value), tolerance or None


def _hidden(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(_AWAY + ord(found[1])), text).replace("&#", _ENTITY)


def _back(text: str) -> str:
    return _PLACES.sub(lambda found: chr(ord(found[0]) - _AWAY), text).replace(_ENTITY, "&#").strip()


def numbered(question: Question, html: str, choices: Sequence[tuple[Entry, str]]) -> tuple[str, tuple[Gap, ...]]:
    """Gaps that name their answer by its number, `[[2]]`; one may choose among all answers of its group."""
    found: list[Gap] = []

    def gap(match: re.Match[str]) -> str:
        place = int(match[1])
        if not 1 <= place <= len(choices):
            raise Unfit(_NO_CHOICE, gap=f"[[{place}]]")
        group = choices[place - 1][1]
        mine = [
            Entry(entry.words, worth=Fraction(number == place))
            for number, (entry, other) in enumerate(choices, 1)
            if other == group
        ]
        if len(mine) < 2:
            raise Unfit(_FEW, gap=len(found) + 1)
        if len(found) >= MOST_GAPS:
            raise Unfit(_MANY, limit=MOST_GAPS)
        found.append(Gap(len(found) + 1, "choice", weighed(mine)))
        return f'<span data-gap="{len(found)}"></span>'

    text = _NUMBERED.sub(gap, _braceless(question, html))
    if not found:
        raise Unfit(_NO_PLACE)
    return text, tuple(found)
