"""From a trainer's Markdown to the HTML of our design, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from markdown_it.token import Token

from app.course.boxes import NOTES, cut, message_html, note_html, numbered_html, to_html
from app.course.inline import MARKDOWN, Sheet, check_line, plain
from app.course.safe_html import sanitise
from app.course.shapes import Problem, Reference
from app.course.texts import count_words
from app.errors import N_


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of words a person reads in one go; `own` leaves out quotes, code and foreign terms."""

    line: int
    kind: Literal["paragraph", "heading", "entry", "cell", "message"]
    text: str
    own: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as HTML, with what the inspection of a course wants to know about it."""

    html: str
    problems: tuple[Problem, ...]
    words: int
    used: frozenset[str]
    passages: tuple[Passage, ...]
    marks: int
    signs: int
    containers: tuple[tuple[str, int], ...]

    def count(self, *kinds: str) -> int:
        """How many boxes of these kinds stand in the text."""
        return sum(1 for kind, _ in self.containers if kind in kinds)


def render(text: str, references: Mapping[str, Reference], line_offset: int = 0, file: str = "") -> Rendered:
    """The blocks of a card; `line_offset` is the number of lines of the file above this text."""
    sheet = Sheet(file, line_offset, references)
    html: list[str] = []
    passages: list[Passage] = []
    containers: list[tuple[str, int]] = []
    signs = 0
    for part in cut(text, sheet):
        sheet.offset, sheet.line, sheet.in_message = line_offset + part.first, 0, part.kind == "pesan"
        tokens = MARKDOWN.parse(part.text, {"sheet": sheet})
        _check(tokens, sheet)
        passages += _passages(tokens, sheet)
        if part.kind:
            containers.append((part.kind, line_offset + part.first))
        containers += [("tabel", sheet.offset + 1 + (t.map or [0])[0]) for t in tokens if t.type == "table_open"]
        if part.kind == "pesan":
            html.append(message_html(part, tokens, sheet))
        elif part.kind in {"tanda", "langkah"}:
            made, entries = numbered_html(part, tokens, sheet, signs)
            html.append(made)
            signs += entries if part.kind == "tanda" else 0
        elif part.kind in NOTES:
            html.append(note_html(part, tokens, sheet))
        else:
            html.append(to_html(tokens, sheet))
    words = sum(count_words(passage.text) for passage in passages)
    clean = sanitise("".join(html)).strip()
    return Rendered(clean, tuple(sheet.problems), words, frozenset(sheet.used), tuple(passages), sheet.marks, signs,
                    tuple(containers))  # fmt: skip


def render_line(
    text: str, references: Mapping[str, Reference], line: int, file: str = "", *, linked: bool = False
) -> tuple[str, Rendered]:
    """One line as plain words and as HTML; without links in headings and options, for those are pressed themselves."""
    sheet = Sheet(file, line - 1, references, linked=linked)
    tokens = MARKDOWN.parseInline(text, {"sheet": sheet})
    for token in tokens:
        check_line(token, sheet)
        for child in token.children or ():
            if child.type == "image":
                sheet.problem(N_("Gambar tidak boleh ada di judul, pilihan, atau umpan balik."))
    words = " ".join("".join(plain(token.children) for token in tokens).split())
    own = _own_words(tokens[0].children if tokens else None)
    html = sanitise(str(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {"sheet": sheet}))).strip()
    passage = Passage(line, "heading", words, own)
    return words, Rendered(html, tuple(sheet.problems), count_words(words), frozenset(sheet.used), (passage,), 0, 0, ())


def _check(tokens: Sequence[Token], sheet: Sheet) -> None:
    for token in tokens:
        line = token.map[0] if token.map else sheet.line
        if token.type == "inline":
            check_line(token, sheet)
        elif token.type == "heading_open" and token.tag != "h3":
            message = N_("Di dalam kartu hanya ada subjudul “###”. “##” membuka kartu setelah baris “---”.")
            sheet.problem(message, line)
        elif token.type == "html_block":
            sheet.problem(N_("HTML tidak diterima. Pakai tanda Markdown, misalnya **tebal**."), line)
        elif token.type == "fence":
            sheet.problem(N_("Blok kode (```) tidak dipakai. Tulis `kode` di dalam kalimat."), line)
        elif token.type == "hr":
            sheet.problem(N_("Garis pemisah hanya “---” di baris sendiri, untuk memulai kartu baru."), line)
        elif token.type == "blockquote_open":
            sheet.problem(N_("Kutipan “>” hanya dipakai untuk umpan balik sebuah pilihan."), line)


def _own_words(children: Sequence[Token] | None) -> str:
    return re.sub(r"“[^”]*”?", " ", plain(children, without=("em", "code")))


def _passages(tokens: Sequence[Token], sheet: Sheet) -> list[Passage]:
    found: list[Passage] = []
    lists = 0
    around = ""
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists += 1
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists -= 1
        elif token.type.endswith("_open"):
            around = token.type
        elif token.type == "inline":
            kind: Literal["paragraph", "heading", "entry", "cell", "message"] = "paragraph"
            if sheet.in_message:
                kind = "message"
            elif around == "heading_open":
                kind = "heading"
            elif around in {"td_open", "th_open"}:
                kind = "cell"
            elif lists:
                kind = "entry"
            line = sheet.offset + 1 + (token.map[0] if token.map else 0)
            found.append(Passage(line, kind, plain(token.children), _own_words(token.children)))
    return found
