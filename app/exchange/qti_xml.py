"""XML of QTI 3, written: elements, and the HTML of a question in the spelling of XML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html.parser import HTMLParser
from xml.sax.saxutils import escape, quoteattr

_KEPT = {"class", "href", "alt", "start", "aria-label"}
_VOID = {"br", "hr", "img"}
Hole = Callable[[str], str]


def tag(name: str, /, *inner: str, **attributes: str | None) -> str:
    """`<qti-name attributes>inner</qti-name>`; `a_b` stands for `a-b`, None leaves an attribute out."""
    said = "".join(
        f" {key.strip('_').replace('_', '-')}={_quoted(value)}"
        for key, value in attributes.items()
        if value is not None
    )
    body = "".join(inner)
    return f"<qti-{name}{said}>{body}</qti-{name}>" if body else f"<qti-{name}{said}/>"


def lines(parts: Iterable[str]) -> str:
    """Elements below each other."""
    return "\n".join(part for part in parts if part)


def _quoted(value: str) -> str:
    return quoteattr(value, {"\n": "&#10;", "\t": "&#9;"})


def xhtml(
    html: str, *, gaps: Hole | None = None, taps: Hole | None = None, pictures: Mapping[str, str] | None = None
) -> str:
    """Our HTML as XML. `gaps` writes the place of a gap, `taps` opens a word to tap, `pictures` moves files."""
    writer = _Writer(gaps, taps, pictures or {})
    writer.feed(html)
    writer.close()
    return "".join(writer.pieces)


class _Writer(HTMLParser):
    """Writes as XML what our own sanitiser let through: well nested, without a handler or a script."""

    def __init__(self, gaps: Hole | None, taps: Hole | None, pictures: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self.gaps, self.taps, self.pictures = gaps, taps, pictures
        self.pieces: list[str] = []
        self.closing: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        said = {name: value or "" for name, value in attrs}
        if tag == "span" and "data-gap" in said and self.gaps:
            self.pieces.append(self.gaps(said["data-gap"]))
            self.closing.append("")
        elif tag == "span" and "data-option" in said and self.taps:
            self.pieces.append(self.taps(said["data-option"]))
            self.closing.append("</qti-hottext>")
        elif tag == "mark":  # QTI knows no such element
            self.pieces.append('<span class="mark">')
            self.closing.append("</span>")
        else:
            kept = "".join(f" {name}={quoteattr(value)}" for name, value in said.items() if name in _KEPT)
            if "src" in said:
                kept += f" src={quoteattr(self.pictures.get(said['src'], said['src']))}"
            self.pieces.append(f"<{tag}{kept}/>" if tag in _VOID else f"<{tag}{kept}>")
            if tag not in _VOID:
                self.closing.append(f"</{tag}>")

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        if tag not in _VOID and self.closing:
            self.pieces.append(self.closing.pop())

    def handle_data(self, data: str) -> None:
        """Words."""
        self.pieces.append(escape(data))
