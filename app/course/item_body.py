"""The text above the options, where it is part of the answer: words that can be tapped, gaps that are filled."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Sequence

from app.course.item import Option
from app.course.item_reader import Reader
from app.course.safe_html import sanitise
from app.errors import N_

_TAG = re.compile(r'(<(?:"[^"]*"|[^">])*>)')
_PIECE = re.compile(r'<(?:"[^"]*"|[^">])*>|&#?\w{1,32};|.', re.DOTALL)
# Tags that stand inside a line; all others end one, and no words reach over them.
_INLINE = re.compile(r"</?(?:a|code|em|mark|s|span|strong)[ >]")
_BRACES = re.compile(r"\{([^{}]{0,60})\}")
_NUMBER = re.compile(r"[1-9][0-9]?\Z")


def with_gaps(reader: Reader, html: str) -> tuple[str, list[str]]:
    """The text with a place for each gap, and the numbers of the gaps in their order."""
    gaps: list[str] = []

    def gap(found: re.Match[str]) -> str:
        name = found[1].strip()
        if not _NUMBER.match(name):
            message = N_("Rumpang “{%(gap)s}” tidak terbaca. Di dalam teks, tulis nomornya saja, misalnya {1}.")
            reader.problem(_line_of(reader, found[0]), message, gap=entities.unescape(name))
            return found[0]
        if name in gaps:
            message = N_("Rumpang {%(gap)s} ditulis dua kali di dalam teks. Hapus salah satunya.")
            reader.problem(_line_of(reader, found[0]), message, gap=name)
            return found[0]
        gaps.append(name)
        return f'<span data-gap="{name}"></span>'

    pieces = _TAG.split(html)
    return sanitise("".join(p if p.startswith("<") else _BRACES.sub(gap, p) for p in pieces)).strip(), gaps


def with_options(reader: Reader, html: str, options: Sequence[Option]) -> str:
    """The message with each option's words marked as that option; each stands in it exactly once."""
    text, starts, ends = _letters(html)
    taken: list[tuple[int, int, str]] = []
    for option in options:
        if not option.text:
            continue
        found = [match.span() for match in _same(option.text).finditer(text)]
        if len(found) != 1:
            message = (
                N_("Kata “%(words)s” muncul %(count)s kali di dalam pesan. Tulis potongan yang hanya muncul sekali.")
                if found
                else N_("Kata “%(words)s” tidak ada di dalam pesan. Salin persis seperti di pesannya.")
            )
            reader.problem(option.line, message, words=option.text[:80], count=len(found))
            continue
        first, last = starts[found[0][0]], ends[found[0][1] - 1]
        if not _whole(html[first:last]):
            message = N_("Kata “%(words)s” terpotong oleh tanda seperti ** di dalam pesan. Ambil potongan yang utuh.")
            reader.problem(option.line, message, words=option.text[:80])
        elif any(first < end and start < last for start, end, _ in taken):
            message = N_("Kata “%(words)s” bertumpang tindih dengan pilihan lain. Pisahkan potongannya.")
            reader.problem(option.line, message, words=option.text[:80])
        else:
            taken.append((first, last, option.id))
    for first, last, name in sorted(taken, reverse=True):
        words = f'<span data-option="{entities.escape(name)}">{html[first:last]}</span>'
        html = html[:first] + words + html[last:]
    return sanitise(html).strip()


def _same(words: str) -> re.Pattern[str]:
    """These words, not inside longer ones."""
    before = r"(?<!\w)" if words[0].isalnum() else ""
    after = r"(?!\w)" if words[-1].isalnum() else ""
    return re.compile(before + re.escape(words) + after)


def _letters(html: str) -> tuple[str, list[int], list[int]]:
    """The letters a person reads, one blank between words, with where each begins and ends in the HTML."""
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for piece in _PIECE.finditer(html):
        sign = piece[0]
        if sign.startswith("<") and len(sign) > 1:
            if _INLINE.match(sign):
                continue
            sign = "\n"
        elif len(sign) > 1:
            sign = entities.unescape(sign)
        elif sign.isspace():
            sign = " "
        if sign in ("\n", " ") and letters and letters[-1] in ("\n", " "):
            letters[-1] = "\n" if "\n" in (sign, letters[-1]) else " "
            continue
        for letter in sign:
            letters.append(letter)
            starts.append(piece.start())
            ends.append(piece.end())
    return "".join(letters), starts, ends


def _whole(html: str) -> bool:
    """Whether every tag that opens in this piece also closes in it."""
    depth = 0
    for tag in _TAG.findall(html):
        depth += -1 if tag.startswith("</") else 1
        if depth < 0:
            return False
    return depth == 0


def _line_of(reader: Reader, words: str) -> int:
    """The line of the source in which these words stand first."""
    lines = reader.card.body.split("\n")
    place = next((place for place, line in enumerate(lines) if entities.unescape(words) in line), -1)
    return reader.card.body_line + place if place >= 0 else reader.card.line
