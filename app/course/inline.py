"""What may stand inside a line: our reading of Markdown, `==marks==`, `[[references]]`, curled quotes."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from app.course.shapes import Problem, Reference
from app.course.texts import curl
from app.errors import N_, Fact

_REFERENCE = re.compile(r"\[\[([^\[\]\n]{0,80})\]\]")
_WEB = ("http://", "https://")
_SCHEMES = (*_WEB, "mailto:", "tel:")
_IMAGE = re.compile(r"media/[a-z0-9][a-z0-9._-]*\.(?:webp|png|jpe?g)\Z")


@dataclass(slots=True)
class Sheet:
    """One text while it is being read: where it stands, what it may hold, what was found."""

    file: str
    offset: int
    references: Mapping[str, Reference]
    problems: list[Problem] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    linked: bool = True
    in_message: bool = False
    marks: int = 0
    line: int = 0

    def problem(self, message: str, line: int | None = None, **facts: Fact) -> None:
        """Notes a problem at a line counted from the beginning of the text."""
        place = self.offset + 1 + (self.line if line is None else line)
        self.problems.append(Problem(self.file, place, message, facts))


def _sheet(env: MutableMapping[str, Any]) -> Sheet:
    sheet = env["sheet"]
    assert isinstance(sheet, Sheet)
    return sheet


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 (the library's name)
        """Lets every address through, so that a bad one is a problem with a line and not silent text."""
        return True


def _mark(state: StateInline, silent: bool) -> bool:
    """`==text==` becomes a numbered mark."""
    if not state.src.startswith("==", state.pos):
        return False
    end = state.src.find("==", state.pos + 2, state.posMax)
    if silent or end <= state.pos + 2:
        return False
    sheet = _sheet(state.env)
    if not sheet.in_message:
        line = sheet.line + state.src.count("\n", 0, state.pos)
        sheet.problem(N_("Tanda ==…== hanya berlaku di dalam “::: pesan”. Hapus atau pindahkan."), line)
    sheet.marks += 1
    start, limit = state.pos, state.posMax
    opening = state.push("mark_open", "mark", 1)
    number = sheet.marks
    opening.meta = {"number": number}
    state.pos, state.posMax = start + 2, end
    state.md.inline.tokenize(state)
    state.push("mark_close", "mark", -1).meta = {"number": number}
    state.pos, state.posMax = end + 2, limit
    return True


def _reference(state: StateInline, silent: bool) -> bool:
    """`[[name]]` becomes what the table of references says."""
    found = _REFERENCE.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        sheet = _sheet(state.env)
        name = found[1].strip()
        reference = sheet.references.get(name)
        if reference is None:
            message = N_("Rujukan [[%(name)s]] tidak ada di rujukan.toml. Periksa ejaannya atau tambahkan.")
            sheet.problem(message, sheet.line + state.src.count("\n", 0, state.pos), name=name)
        else:
            sheet.used.add(name)
        token = state.push("reference", "", 0)
        token.content = reference.shown if reference else name
        token.meta = {"href": reference.href if reference and sheet.linked and not sheet.in_message else None}
    state.pos = found.end()
    return True


def _inline(state: StateCore) -> None:
    """Reads each line of text, remembering where it stands."""
    sheet = _sheet(state.env)
    for token in state.tokens:
        if token.map:
            sheet.line = token.map[0]
        if token.type == "inline":
            token.children = token.children or []
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def _typography(state: StateCore) -> None:
    """Curls the quotes of prose, never those of code."""
    for block in state.tokens:
        before = " "
        for token in block.children or ():
            if token.type == "text":
                token.content = curl(token.content, before)
            elif token.type in {"softbreak", "hardbreak"}:
                before = " "
                continue
            before = token.content[-1:] or before


def _render_reference(
    self: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    token = tokens[place]
    href = token.meta.get("href")
    text = escapeHtml(token.content)
    if href is None:
        return text
    rel = ' rel="noopener external"' if href.startswith(_WEB) else ""
    return f'<a href="{escapeHtml(href)}"{rel}>{text}</a>'


def _render_mark_end(
    self: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    return f'</mark><span class="num">{tokens[place].meta["number"]}</span>'


def _render_escaped(
    self: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    return escapeHtml(tokens[place].content)


def _reader() -> MarkdownIt:
    # HTML is recognised so that it can be named as a problem; it is always rendered as text.
    reader = _Markdown("commonmark", {"html": True, "xhtmlOut": False})
    reader.enable(["table", "strikethrough"])
    reader.disable(["code", "lheading", "reference", "autolink", "entity"])
    reader.inline.ruler.before("link", "reference_mark", _reference)
    reader.inline.ruler.before("emphasis", "mark", _mark)
    reader.core.ruler.at("inline", _inline)
    reader.core.ruler.push("typography", _typography)
    reader.add_render_rule("reference", _render_reference)
    reader.add_render_rule("mark_close", _render_mark_end)
    reader.add_render_rule("html_inline", _render_escaped)
    reader.add_render_rule("html_block", _render_escaped)
    return reader


MARKDOWN = _reader()


def plain(children: Sequence[Token] | None, *, without: tuple[str, ...] = ()) -> str:
    """The words of a line without their markup; `without` leaves out emphasised (`em`) or coded (`code`) ones."""
    words: list[str] = []
    inside = 0
    for token in children or ():
        if token.type == f"{token.tag}_open" and token.tag in without:
            inside += 1
        elif token.type == f"{token.tag}_close" and token.tag in without:
            inside -= 1
        elif inside or (token.type == "code_inline" and "code" in without):
            continue
        elif token.type in {"softbreak", "hardbreak"}:
            words.append(" ")
        elif token.type != "image":
            words.append(token.content)
    return "".join(words)


def check_line(token: Token, sheet: Sheet) -> None:
    """Names what may not stand in a line: HTML, foreign addresses, pictures from elsewhere."""
    if token.map:
        sheet.line = token.map[0]
    line = sheet.line
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            line += 1
        elif child.type == "html_inline":
            sheet.problem(N_("HTML tidak diterima. Pakai tanda Markdown, misalnya **tebal**."), line)
        elif child.type == "link_open":
            _check_link(child, sheet, line)
        elif child.type == "image":
            _check_image(child, sheet, line)


def _check_link(token: Token, sheet: Sheet, line: int) -> None:
    href = str(token.attrGet("href") or "")
    if not sheet.linked or sheet.in_message:
        sheet.problem(N_("Tautan tidak boleh ada di dalam pesan contoh atau soal. Tulis sebagai teks."), line)
        token.attrs = {}
    elif not href.lower().startswith(_SCHEMES):
        sheet.problem(N_("Tautan harus dibuka dengan https://, mailto:, atau tel:. Perbaiki alamatnya."), line)
        token.attrs = {}
    else:
        token.attrs = {"href": href}
        if href.lower().startswith(_WEB):
            token.attrs["rel"] = "noopener external"


def _check_image(token: Token, sheet: Sheet, line: int) -> None:
    source = str(token.attrGet("src") or "")
    if not plain(token.children).strip():
        sheet.problem(N_("Gambar belum punya teks alternatif. Tulis ![apa yang terlihat](media/nama.webp)."), line)
    if not _IMAGE.match(source):
        message = N_("Gambar harus berasal dari folder media/ (.webp, .png, atau .jpg), misalnya media/nama.webp.")
        sheet.problem(message, line)
        source = ""
    token.attrs = {"src": source, "alt": "", "loading": "lazy", "decoding": "async"}
