"""HTML of questions as the Markdown of our courses; what has no place there is named, never dropped in silence.

A text that came from here and is rendered gives the same Markdown again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from app.course.texts import curl
from app.errors import N_
from app.exchange.sketch import Unfit
from app.exchange.tree import BLOCKS, MEDIA, Branch, grown
from app.exchange.wording import begun, collapsed, escaped, one_line, paragraph, sound, without_hidden

ASKED = "soal"  # the class of the paragraph that asks, in what we write for others
PICTURE, MEDIUM, LINK, HIDDEN = "picture", "medium", "link", "hidden"
LONGEST = 30_000
_LONG = N_("Teksnya lebih dari %(limit)s huruf. Ringkas dahulu.")
_STRONG, _EM, _STRUCK, _CODE = {"b", "strong"}, {"i", "em"}, {"s", "del", "strike"}, {"code", "kbd", "samp"}
_BOXES = {"note keep": "ingat", "note": "info", "note bad": "awas", "note ok": "bagus"}
_RESERVED = {"pembahasan", "alasan"}
_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_TURNS = re.compile(r" *\n *")
_BREAK = re.compile(r"\n\n+")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list, a table or a box, in Markdown."""

    markdown: str
    kind: str = "p"
    asked: bool = False
    lines: tuple[str, ...] = ()  # of a list: its entries, for places where no list may stand


@dataclass(frozen=True, slots=True)
class Prose:
    """A text with its blocks, and what of it was lost on the way."""

    blocks: tuple[Block, ...]
    lost: frozenset[str] = frozenset()

    @property
    def markdown(self) -> str:
        """All of it."""
        return "\n\n".join(block.markdown for block in self.blocks)


@dataclass(slots=True)
class _Words:
    """A stretch of a line while it is being written: as Markdown, and as plain words to check it by."""

    markdown: str = ""
    plain: str = ""

    def add(self, markdown: str, plain: str) -> None:
        self.markdown += markdown
        self.plain += plain


def prose(html: str, *, linked: bool = True) -> Prose:
    """The blocks of this HTML."""
    writer = _Writer(linked)
    root = grown(writer.seen(html))
    return Prose(tuple(writer.blocks(root.inside)), frozenset(writer.lost))


def line(html: str, *, linked: bool = False) -> Prose:
    """All of this HTML in one line, for options and what is said to them."""
    writer = _Writer(linked)
    root = grown(writer.seen(html))
    words = writer.inline(root.inside)
    shown = sound(one_line(words.markdown), one_line(words.plain))
    return Prose((Block(shown),) if shown else (), frozenset(writer.lost))


def as_html(text: str, *, wrapped: bool = True) -> str:
    """Plain text as HTML: paragraphs at empty lines; `wrapped` reads other line ends as blanks."""
    paragraphs = [part for part in re.split(r"\n[ \t]*\n", text) if part.strip()]
    shown = [escape(part.strip(), quote=False) for part in paragraphs]
    return "".join(f"<p>{part if wrapped else part.replace(chr(10), '<br>')}</p>" for part in shown)


@dataclass(slots=True)
class _Writer:
    linked: bool
    lost: set[str] = field(default_factory=set)
    boxed: bool = False

    def seen(self, html: str) -> str:
        """The HTML without signs nobody sees."""
        if len(html) > LONGEST:
            raise Unfit(_LONG, limit=LONGEST)
        clean = without_hidden(html)
        if clean != html:
            self.lost.add(HIDDEN)
        return clean

    # -- lines

    def inline(self, nodes: Sequence[Branch | str], before: str = " ") -> _Words:
        """Words and what emphasises them; a line break is a newline here. Quotes curl as they will on the page."""
        words = _Words()
        for node in nodes:
            if isinstance(node, str):
                text = curl(collapsed(node), (words.plain or before)[-1:].replace("\n", " "))
                words.add(escaped(text), text)
            else:
                self._element(node, words, words.plain or before)
        return words

    def _element(self, node: Branch, words: _Words, before: str) -> None:
        if node.tag == "br":
            words.add("\n", "\n")
        elif node.tag in MEDIA:
            self._medium(node, words)
        elif node.tag in _CODE:
            self._code(node, words)
        elif node.tag in _STRONG | _EM | _STRUCK:
            mark = "**" if node.tag in _STRONG else "*" if node.tag in _EM else "~~"
            self._marked(node, words, mark, before)
        elif node.tag == "mark" and self.boxed:
            self._marked(node, words, "==", before)
        elif node.tag == "span" and "num" in node.classes and self.boxed:
            return  # the number of a mark, which comes back by itself
        elif node.tag == "span" and (gap := node.attributes.get("data-gap", "")).isdecimal():
            words.add(f"{{{gap}}}", f"{{{gap}}}")
        elif node.tag in {"sub", "sup"}:
            text = collapsed(node.words).strip()
            shown = text.translate(_RAISED if node.tag == "sup" else _LOWERED)
            if shown and any(one == other and one != " " for one, other in zip(shown, text, strict=True)):
                shown = ("^" if node.tag == "sup" else "_") + text
            words.add(escaped(shown), shown)
        elif node.tag == "a":
            self._link(node, words, before)
        else:
            inner = self.inline(node.inside, before)
            blank = " " if node.tag in BLOCKS else ""
            words.add(blank + inner.markdown + blank, blank + inner.plain + blank)

    def _marked(self, node: Branch, words: _Words, mark: str, before: str) -> None:
        """Emphasis; blanks at its edges stay outside, where Markdown wants them."""
        inner = self.inline(node.inside, before)
        core = inner.markdown.strip(" \n")
        # Three of ~ or = in a row mean something else; three stars are both emphases.
        edge = mark if mark[0] == "*" else mark[0]
        if not core or core.startswith(edge) or core.endswith(edge):
            words.add(inner.markdown, inner.plain)
            return
        lead, _, rest = inner.markdown.partition(core)
        words.add(f"{lead}{mark}{core}{mark}{rest}", inner.plain)

    def _code(self, node: Branch, words: _Words) -> None:
        text = collapsed(node.words).strip()
        if not text:
            return
        fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
        pad = " " if text.startswith("`") or text.endswith("`") else ""
        words.add(f"{fence}{pad}{text}{pad}{fence}", text)

    def _link(self, node: Branch, words: _Words, before: str) -> None:
        inner, href = self.inline(node.inside, before), node.attributes.get("href", "").strip()
        good = re.fullmatch(r"(?:https?://|mailto:|tel:)[^\s<>()\\`*]+", href, re.IGNORECASE)
        if self.linked and good and inner.plain.strip():
            words.add(f"[{inner.markdown.strip()}]({href})", inner.plain.strip())
            return
        if href and href != inner.plain.strip():
            self.lost.add(LINK)
        words.add(inner.markdown, inner.plain)

    def _medium(self, node: Branch, words: _Words) -> None:
        alt = collapsed(node.attributes.get("alt", "")).strip() if node.tag == "img" else ""
        if alt:
            shown = f"(gambar: {alt})"
            words.add(escaped(shown), shown)
        self.lost.add(PICTURE if alt else MEDIUM)

    # -- blocks

    def blocks(self, nodes: Sequence[Branch | str]) -> list[Block]:
        """The blocks among these nodes; words between them are paragraphs of their own."""
        found: list[Block] = []
        loose: list[Branch | str] = []
        for node in nodes:
            if isinstance(node, str) or node.tag not in BLOCKS:
                loose.append(node)
                continue
            found += self._paragraphs(loose)
            loose = []
            found += self._block(node, found[-1].kind if found else "")
        return found + self._paragraphs(loose)

    def _paragraphs(self, nodes: Sequence[Branch | str], *, asked: bool = False) -> list[Block]:
        """Words as paragraphs; two line breaks in a row part them."""
        words = self.inline(nodes)
        written, plain = (_BREAK.split(_TURNS.sub("\n", text)) for text in (words.markdown, words.plain))
        shown = [paragraph(one, other) for one, other in zip(written, plain, strict=False)]
        return [Block(text, asked=asked) for text in shown if text]

    def _block(self, node: Branch, before: str) -> list[Block]:
        if node.tag in {"ul", "ol"}:
            return self._list(node, before)
        if node.tag == "table":
            return self._table(node)
        if node.tag == "pre":
            text = [line.strip() for line in node.words.split("\n")]
            code = [Branch("code", {}, [line]) for line in text if line]
            return self._paragraphs([one for branch in code for one in (branch, Branch("br"))])
        if node.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            words = self.inline(node.inside)
            shown = sound(one_line(words.markdown), one_line(words.plain))
            if node.tag == "h3" and shown and shown.casefold() not in _RESERVED:
                return [Block(f"### {shown}", "h")]
            return self._paragraphs([Branch("strong", {}, node.inside)])
        box = _BOXES.get(" ".join(name for name in node.classes if name not in {"stack", "tight"}))
        if node.tag == "div" and box and not self.boxed:
            return self._box(box, node.inside)
        if node.tag == "figure" and "letter" in node.classes and not self.boxed:
            return self._message(node)
        if node.tag == "p" or not any(one.tag in BLOCKS for one in node.branches):
            return self._paragraphs(node.inside, asked=ASKED in node.classes)
        return self.blocks(node.inside)

    def _box(self, kind: str, nodes: Sequence[Branch | str], said: str = "") -> list[Block]:
        self.boxed = True
        inner = "\n\n".join(block.markdown for block in self.blocks(nodes))
        self.boxed = False
        return [Block(f"::: {kind}{said}\n{inner}\n:::", "box")] if inner else []

    def _message(self, node: Branch) -> list[Block]:
        """A message as on a phone: who sent it, when, and what it says."""
        caption = collapsed("".join(one.words for one in node.all("figcaption"))).strip()
        sender = caption.removeprefix("Contoh rekaan · ").removeprefix("dari ").replace('"', "”")
        name, parted, time = sender.rpartition(" · ")
        said = f' dari="{name}" jam="{time}"' if parted else f' dari="{sender or "…"}"'
        inside = [one for one in node.inside if isinstance(one, str) or one.tag != "figcaption"]
        return self._box("pesan", inside, said)

    def _list(self, node: Branch, before: str) -> list[Block]:
        other = before == node.tag  # two lists in a row stay two when their signs differ
        entries = self._entries(node, 0, other=other)
        if not entries:
            return []
        kind = f"{node.tag}2" if other else node.tag
        flat = tuple(begun(re.sub(r"^ *(?:[-*]|([0-9]+)[.)]) ", "", entry)) for entry in entries)
        return [Block("\n".join(entries), kind, lines=flat)]

    def _entries(self, node: Branch, indent: int, *, other: bool = False) -> list[str]:
        start = node.attributes.get("start", "1")
        number = int(start) if re.fullmatch("[0-9]{1,3}", start) else 1
        found: list[str] = []
        for entry in _list_entries(node):
            lists = [one for one in entry.branches if one.tag in {"ul", "ol"}] if indent < 9 else []
            words = self.inline([one for one in entry.inside if not any(one is inner for inner in lists)])
            shown = sound(one_line(words.markdown), one_line(words.plain))
            mark = f"{number}{')' if other else '.'}" if node.tag == "ol" else "*" if other else "-"
            if shown:
                found.append(f"{' ' * indent}{mark} {begun(shown)}")
                number += 1
            deeper = indent + len(mark) + 1 if found else indent
            for place, inner in enumerate(lists):
                same = place > 0 and lists[place - 1].tag == inner.tag
                found += self._entries(inner, deeper, other=same and place % 2 == 1)
        return found

    def _table(self, node: Branch) -> list[Block]:
        named = [block for one in node.branches if one.tag == "caption" for block in self._paragraphs(one.inside)]
        rows = [[cell for cell in row.branches if cell.tag in {"td", "th"}] for row in node.all("tr")]
        rows = [row for row in rows if row]
        width = max((len(row) for row in rows), default=0)
        if len(rows) < 2 or width < 2 or any(True for _ in node.all("table")):
            return named + [block for row in rows for cell in row for block in self.blocks(cell.inside)]
        shown = [[self._cell(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
        aligned = ["--:" if "n" in cell.classes else "---" for cell in rows[0]]
        lines = [shown[0], aligned + ["---"] * (width - len(aligned)), *shown[1:]]
        return [*named, Block("\n".join(f"| {' | '.join(line)} |" for line in lines), "table")]

    def _cell(self, cell: Branch) -> str:
        words = self.inline(cell.inside)
        shown = sound(one_line(words.markdown), one_line(words.plain))
        return re.sub(r"(?<!\\)\|", r"\\|", shown)


def _list_entries(node: Branch) -> Iterator[Branch]:
    """The entries of a list; what stands in it without being one is one of its own."""
    for one in node.inside:
        if isinstance(one, Branch):
            yield one if one.tag == "li" else Branch("li", {}, [one])
        elif one.strip():
            yield Branch("li", {}, [one])
