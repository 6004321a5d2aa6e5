"""HTML of other systems as a small tree: only tags we know, nothing that acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

DEEPEST = 40  # what is nested deeper is read as if it stood at this depth
BLOCKS = frozenset({
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt"),
    *("figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol"),
    *("p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
})  # fmt: skip
MEDIA = frozenset({"audio", "video", "iframe", "object", "embed", "svg", "math", "canvas", "img"})
_INLINE = {
    *("a", "b", "br", "code", "del", "em", "i", "kbd", "mark", "s", "samp", "span", "strike", "strong", "sub", "sup"),
}
_VOID = {"br", "hr", "img", "embed"}
_KEPT = {"class", "data-gap"}
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "ol": {"start"},
    **{tag: set(_KEPT) for tag in ("div", "figcaption", "figure", "p", "span", "td", "th")},
}


@dataclass(slots=True)
class Branch:
    """An element with what stands in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[Branch | str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """Its classes."""
        return self.attributes.get("class", "").split()

    @property
    def branches(self) -> Iterator[Branch]:
        """Its elements, without the words between them."""
        return (one for one in self.inside if isinstance(one, Branch))

    @property
    def words(self) -> str:
        """Every word in it."""
        return "".join(one if isinstance(one, str) else one.words for one in self.inside)

    def all(self, tag: str) -> Iterator[Branch]:
        """Every element of this tag in it, at any depth."""
        for one in self.branches:
            if one.tag == tag:
                yield one
            yield from one.all(tag)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Branch("body")]
        self.deeper = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        branch = Branch(tag, {key: value or "" for key, value in attrs})
        if len(self.open) >= DEEPEST and tag not in _VOID:
            self.deeper += 1
            return
        self.open[-1].inside.append(branch)
        if tag not in _VOID:
            self.open.append(branch)

    def handle_endtag(self, tag: str) -> None:
        if self.deeper:
            self.deeper -= 1
        elif len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def grown(html: str) -> Branch:
    """The tree of this HTML. What the cleaner leaves is well formed: every tag that opens is closed."""
    clean = nh3.clean(
        html, tags={*BLOCKS, *MEDIA, *_INLINE} - {"body"}, attributes=_ATTRIBUTES, link_rel=None,
        clean_content_tags={"script", "style"}, strip_comments=True,
    )  # fmt: skip
    builder = _Builder()
    builder.feed(clean)
    builder.close()
    return builder.open[0]
