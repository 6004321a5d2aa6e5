"""The words of a QTI item as Markdown: its text, with a place kept for each gap and each picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import escape

from app.errors import N_
from app.exchange import markup
from app.exchange.markup import Prose
from app.exchange.qti_tree import children
from app.exchange.safe_xml import Node
from app.exchange.sketch import Unfit

Pictures = Callable[[str, str], str | None]  # from a source and its words to the Markdown of a picture of the course
OWN_CLASS = "cakap"  # of the block in which our own files keep what QTI has no place for
_PLACES, _SHOWN = 0xE000, 0xE800  # signs nobody writes: they stand for a gap, for a picture
_PRIVATE = re.compile("[\ue000-\uefff]")
_ASIDE = frozenset(("prompt", "feedbackInline", "feedbackBlock", "modalFeedback", "stylesheet", "infoControl"))
_UNSEEN = frozenset(("object", "audio", "video", "svg", "math", "printedVariable", "templateBlock", "templateInline",
                     "iframe", "picture", "canvas", "include", "customInteraction", "mathEntry"))  # fmt: skip
_SAID = {"href", "src", "alt", "class", "start", "colspan", "rowspan"}
_CANNOT = N_("Soal ini memuat “%(element)s”, yang belum dapat kami tampilkan. Buat ulang soalnya tanpa itu.")
_PICTURE = N_("Soal ini memerlukan gambar “%(name)s”, yang tidak dapat dibawa. Buat ulang soalnya di sini.")
NOT_FOR_ALL = N_("Catatan untuk penilai atau penulis tidak ikut.")
LOST = N_("Sebagian hiasan teks (tautan atau tanda tersembunyi) tidak ikut. Periksa soalnya.")


@dataclass(slots=True)
class Words:
    """Writes the words of one item; `notes` says what was left out."""

    pictures: Pictures
    notes: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    def line(self, node: Node) -> str:
        """All the words inside in one line."""
        found = markup.line(self._inside(node, {}), linked=False)
        self._mind(found)
        return self._with_pictures(found.markdown)

    def said(self, node: Node) -> str:
        """What is said after an answer, in one line; links stay."""
        found = markup.line(self._inside(node, {}), linked=True)
        self._mind(found)
        return self._with_pictures(found.markdown)

    def prose(self, parts: Iterable[Node], places: Mapping[Node, int] | None = None) -> Prose:
        """The words inside as blocks; `places` are the interactions that become gaps, by their number."""
        found = markup.prose("".join(self._inside(part, places or {}) for part in parts))
        self._mind(found)
        blocks = tuple(replace(block, markdown=self._whole(block.markdown)) for block in found.blocks)
        return Prose(blocks, found.lost)

    def picture_of(self, node: Node) -> str | None:
        """The picture, where nothing else stands in it."""
        if node.find(".//img") is None:
            return None
        html = self._inside(node, {})
        found = markup.line(html).markdown
        if len(found) == 1 and ord(found) >= _SHOWN and _PRIVATE.match(found):
            return self.shown[ord(found) - _SHOWN]
        return None

    def _mind(self, found: Prose) -> None:
        if found.lost:
            self.notes.append(LOST)

    def _whole(self, markdown: str) -> str:
        def gap(sign: re.Match[str]) -> str:
            return f"{{{ord(sign[0]) - _PLACES}}}"

        return re.sub("[\ue000-\ue7ff]", gap, self._with_pictures(markdown))

    def _with_pictures(self, markdown: str) -> str:
        return re.sub("[\ue800-\uefff]", lambda sign: self.shown[ord(sign[0]) - _SHOWN], markdown)

    def _inside(self, node: Node, places: Mapping[Node, int]) -> str:
        """The content of an element as HTML."""
        pieces = [_text(node.text)]
        for child in children(node):
            pieces += [self._element(child, places), _text(child.tail)]
        return "".join(pieces)

    def _element(self, node: Node, places: Mapping[Node, int]) -> str:
        if node in places:
            return chr(_PLACES + places[node])
        if node.tag in _UNSEEN:
            raise Unfit(_CANNOT, line=node.line, element=node.tag)
        if node.tag == "img":
            return self._picture(node)
        if node.tag == "rubricBlock" and "candidate" not in node.get("view", "candidate").split():
            if node.get("class") != OWN_CLASS:
                self.notes.append(NOT_FOR_ALL)
            return ""
        if node.tag in _ASIDE or (node.tag.endswith("Interaction") and node.tag != "hottextInteraction"):
            return ""
        inner = self._inside(node, places)
        if node.tag != node.tag.lower():  # an element of QTI, whose words alone count
            return f"<div>{inner}</div>" if node.tag in ("rubricBlock", "hottextInteraction", "contentBody") else inner
        if node.tag == "span" and node.get("class") == "mark":
            return f"<mark>{inner}</mark>"
        said = "".join(f' {key}="{escape(value)}"' for key, value in node.items() if key in _SAID)
        return f"<{node.tag}{said}>" if node.tag in ("br", "hr") else f"<{node.tag}{said}>{inner}</{node.tag}>"

    def _picture(self, node: Node) -> str:
        source, alt = node.get("src", ""), " ".join(node.get("alt", "").split())
        found = self.pictures(source, alt)
        if found is None:
            raise Unfit(_PICTURE, line=node.line, name=source.rpartition("/")[2][:80] or "?")
        self.shown.append(found)
        return chr(_SHOWN + len(self.shown) - 1)


def _text(text: str | None) -> str:
    return escape(_PRIVATE.sub("", text or ""), quote=False)
