"""Boxes between `:::` lines, and tables: everything that has a frame on the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from app.course.inline import MARKDOWN, Sheet, plain
from app.course.texts import curl
from app.errors import N_

NOTES = {"ingat": "note keep", "info": "note", "awas": "note bad", "bagus": "note ok"}
CONTAINERS = ("pesan", "tanda", "langkah", *NOTES)
_COLONS = re.compile(r" {0,3}:{3,}[ \t]*(\S*)[ \t]*(.*)\Z")
_ARGUMENT = re.compile(r'([a-z]+)=(?:"([^"]*)"|“([^”]*)”|(\S+))')
_OPENING = -1  # the `:::` line, counted from the first line within its box


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text inside one box, or between two."""

    kind: str
    arguments: str
    first: int
    text: str


def cut(text: str, sheet: Sheet) -> list[Part]:
    """The text cut at its `:::` lines."""
    parts: list[Part] = []
    kind, arguments, first, opened = "", "", 0, -1
    lines = text.split("\n")

    def close(end: int) -> None:
        body = "\n".join(lines[first:end])
        if body.strip() or kind:
            parts.append(Part(kind, arguments, first, body))

    for number, line in enumerate(lines):
        colons = _COLONS.match(line)
        if colons is None:
            continue
        name, rest = colons[1], colons[2]
        close(number)
        if name and kind:
            message = N_("Kotak “::: %(kind)s” belum ditutup. Tambahkan baris “:::” sebelum kotak berikutnya.")
            sheet.problem(message, opened, kind=kind)
        elif not name and not kind:
            sheet.problem(N_("Baris “:::” ini tidak menutup apa pun. Hapus, atau tulis nama kotaknya."), number)
        if name and name not in CONTAINERS:
            message = N_("Kotak “::: %(kind)s” tidak dikenal. Pakai salah satu dari: %(kinds)s.")
            sheet.problem(message, number, kind=name[:40], kinds=", ".join(CONTAINERS))
            name, rest = "info", ""
        kind, arguments, first, opened = name, rest, number + 1, number
    close(len(lines))
    if kind:
        sheet.problem(N_("Kotak “::: %(kind)s” belum ditutup. Tambahkan baris “:::”."), opened, kind=kind)
    return parts


def to_html(tokens: Sequence[Token], sheet: Sheet) -> str:
    """The library's HTML, with tables in a box that scrolls."""
    pieces: list[str] = []
    start = 0
    for place, token in enumerate(tokens):
        if token.type == "table_open":
            pieces.append(str(MARKDOWN.renderer.render(tokens[start:place], MARKDOWN.options, {"sheet": sheet})))
            token.attrs = {"class": "table"}
            pieces.append(f'<div class="scroll" tabindex="0" role="region" aria-label="{_table_name(tokens[place:])}">')
            start = place
        elif token.type in {"th_open", "td_open"}:
            right = "right" in str(token.attrGet("style") or "")
            attributes: dict[str, Any] = {"class": "n"} if right else {}
            token.attrs = attributes | ({"scope": "col"} if token.type == "th_open" else {})
        elif token.type == "table_close":
            rows = tokens[start : place + 1]
            pieces.append(str(MARKDOWN.renderer.render(rows, MARKDOWN.options, {"sheet": sheet})) + "</div>")
            start = place + 1
    pieces.append(str(MARKDOWN.renderer.render(tokens[start:], MARKDOWN.options, {"sheet": sheet})))
    return "".join(pieces)


def _line_html(children: Sequence[Token], sheet: Sheet) -> str:
    holder = Token("inline", "", 0, children=list(children))
    return str(MARKDOWN.renderer.render([holder], MARKDOWN.options, {"sheet": sheet}))


def _table_name(tokens: Sequence[Token]) -> str:
    heads: list[str] = []
    for place, token in enumerate(tokens):
        if token.type == "thead_close":
            break
        if token.type == "inline" and tokens[place - 1].type == "th_open":
            heads.append(plain(token.children))
    return escapeHtml("Tabel: " + ", ".join(head for head in heads if head.strip()))


def _arguments(part: Part, known: tuple[str, ...], sheet: Sheet) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, straight, curled, bare in _ARGUMENT.findall(part.arguments):
        if name not in known:
            message = N_("Keterangan “%(name)s” tidak dikenal pada “::: %(kind)s”. Hapus.")
            sheet.problem(message, _OPENING, name=name, kind=part.kind)
        found[name] = (straight or curled or bare).strip()
    if _ARGUMENT.sub("", part.arguments).strip():
        message = N_('Keterangan setelah “::: %(kind)s” tidak terbaca. Tulis nama="isi".')
        sheet.problem(message, _OPENING, kind=part.kind)
    return found


def message_html(part: Part, tokens: Sequence[Token], sheet: Sheet) -> str:
    """A message as it would look on a phone."""
    arguments = _arguments(part, ("dari", "jam", "jenis"), sheet)
    if not arguments.get("dari"):
        sheet.problem(N_('Pesan contoh belum menyebut pengirim. Tulis dari="…".'), _OPENING)
    if not part.text.strip():
        sheet.problem(N_("Pesan contoh masih kosong. Isilah."), _OPENING)
    kind = arguments.get("jenis", "penipuan")
    if kind not in {"wajar", "penipuan"}:
        sheet.problem(N_("Jenis pesan hanya “wajar” atau “penipuan”."), _OPENING)
    label = "Contoh pesan yang wajar" if kind == "wajar" else "Contoh pesan penipuan, bukan pesan sungguhan"
    caption = ["Contoh rekaan", f"dari {curl(arguments.get('dari', '…'))}"]
    if arguments.get("jam"):
        caption.append(arguments["jam"])
    return (
        f'<figure class="letter stack tight" aria-label="{label}">'
        f'<figcaption class="from">{escapeHtml(" · ".join(caption))}</figcaption>'
        f'<div class="bubble">{to_html(tokens, sheet)}</div></figure>\n'
    )


def note_html(part: Part, tokens: Sequence[Token], sheet: Sheet) -> str:
    """A note in its colour."""
    _arguments(part, (), sheet)
    if not tokens:
        sheet.problem(N_("Kotak “::: %(kind)s” masih kosong. Isilah atau hapus."), _OPENING, kind=part.kind)
    blocks = sum(1 for token in tokens if token.level == 0 and token.nesting >= 0 and token.type != "inline")
    classes = NOTES[part.kind] + (" stack tight" if blocks > 1 else "")
    return f'<div class="{classes}">{to_html(tokens, sheet)}</div>\n'


def numbered_html(part: Part, tokens: Sequence[Token], sheet: Sheet, so_far: int) -> tuple[str, int]:
    """A list of titled entries: steps, or the signs that explain the numbers in a message."""
    _arguments(part, (), sheet)
    outer = [token for token in tokens if token.level == 0]
    if [token.type for token in outer] != ["ordered_list_open", "ordered_list_close"]:
        message = N_("“::: %(kind)s” hanya memuat satu daftar bernomor: “1. **Judul.** Penjelasan.”")
        sheet.problem(message, _OPENING, kind=part.kind)
        return to_html(tokens, sheet), 0
    entries: list[str] = []
    start = 0
    for place, token in enumerate(tokens):
        if token.level == 1 and token.type == "list_item_open":
            start = place
        elif token.level == 1 and token.type == "list_item_close":
            number = so_far + len(entries) + 1
            sign = f'<span class="num" aria-hidden="true">{number}</span>' if part.kind == "tanda" else ""
            entry = _entry(part, tokens[start], tokens[start + 1 : place], sheet)
            entries.append(f"<li>{sign}<div>{entry}</div></li>\n")
    classes = "signs" if part.kind == "tanda" else "big-n"
    return f'<ol class="{classes}">{"".join(entries)}</ol>\n', len(entries)


def _entry(part: Part, item: Token, tokens: Sequence[Token], sheet: Sheet) -> str:
    """One entry: its bold opening becomes the title."""
    line = item.map[0] if item.map else None
    children = (tokens[1].children or []) if len(tokens) > 2 and tokens[1].type == "inline" else []
    children = children[1:] if children and not children[0].content and children[0].type == "text" else children
    closing = next((place for place, child in enumerate(children) if child.type == "strong_close"), 0)
    if not closing or children[0].type != "strong_open":
        message = N_("Butir “::: %(kind)s” harus berbentuk “1. **Judul.** Penjelasan.”")
        sheet.problem(message, line, kind=part.kind)
        return to_html(tokens, sheet)
    title = _line_html(children[1:closing], sheet).strip().removesuffix(".")
    rest = _line_html(children[closing + 1 :], sheet).strip()
    more = to_html(tokens[3:], sheet)
    if part.kind == "tanda" and not rest and not more:
        sheet.problem(N_("Tanda ini belum dijelaskan. Tulis satu kalimat setelah judulnya."), line)
    return f"<h3>{title}</h3>" + (f"<p>{rest}</p>" if rest else "") + more
