"""What our own QTI files say beyond QTI, in attributes that other systems pass over; nothing in files of others.

An `<qti-rubric-block view="author" class="cakap">` holds the kind, level, objective and status of the question, and
for answers that are written those we know. Options keep their ids behind `o-`, their own worth in `data-worth`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from app.course.item import KINDS, STATUSES, Kind
from app.exchange.qti_tree import every
from app.exchange.qti_words import OWN_CLASS, Words
from app.exchange.safe_xml import Node
from app.exchange.sketch import About, Entry

TOOL = "Cakap Bontang"
KNOWN_CLASS = "cakap-jawaban"
_PREFIXES = ("o-", "p-")


_NOTHING = About()


@dataclass(frozen=True, slots=True)
class Own:
    """The block of ours in an item; `kind` is empty in the files of others."""

    kind: Kind | None = None
    about: About = _NOTHING
    block: Node | None = None

    def id_of(self, identifier: str) -> str:
        """The id an option has with us; words give those of others, for their names may tell the key."""
        return identifier[2:] if self.kind and identifier.startswith(_PREFIXES) else ""

    def worth(self, node: Node) -> Fraction | None:
        """The worth this option was given by its author."""
        return _fraction(node.get("data-worth")) if self.kind else None

    def weight(self, node: Node) -> Fraction:
        """The weight of a gap."""
        return _fraction(node.get("data-weight")) or Fraction(1)

    def place(self, node: Node) -> int:
        """Where a word to tap stands in our list; in the files of others they stand as in the text."""
        place = node.get("data-place", "") if self.kind else ""
        return int(place) if place.isdecimal() and len(place) < 4 else 0

    def number_of(self, node: Node) -> int:
        """The number of a gap; 0 when it has none of ours."""
        name = node.get("responseIdentifier", "").removeprefix("GAP") if self.kind == "cloze" else ""
        return int(name) if name.isdecimal() and len(name) < 3 else 0

    def known(self, response: str, words: Words) -> Iterator[Entry]:
        """The answers we know to something written."""
        for node in every(self.block, "div") if self.block is not None else ():
            if node.get("class") == KNOWN_CLASS and node.get("data-response") == response:
                yield Entry(
                    node.get("data-words", ""), words.said(node), node.get("data-correct") == "true",
                    _fraction(node.get("data-worth")), _fraction(node.get("data-tolerance")), node.get("data-id", ""),
                )  # fmt: skip


def own_of(root: Node) -> Own:
    """What this item keeps for us."""
    block = next((one for one in every(root, "rubricBlock") if one.get("class") == OWN_CLASS), None)
    if root.get("toolName") != TOOL or block is None:
        return Own()
    node = next((one for one in every(block, "div") if one.get("data-kind") in KINDS), None)
    if node is None:
        return Own()
    objective, status = node.get("data-objective", "0"), node.get("data-status", "terbit")
    share = _fraction(node.get("data-difficulty"))
    about = About(
        bloom=node.get("data-bloom", ""),
        objective=int(objective) if objective.isdecimal() and len(objective) < 4 else 0,
        module=node.get("data-module", ""),
        digcomp=tuple(node.get("data-digcomp", "").split()),
        shuffle=node.get("data-shuffle", "true") == "true",
        status=next((one for one in STATUSES if one == status), "terbit"),
        difficulty=float(share) if share is not None else None,
    )
    return Own(cast(Kind, node.get("data-kind")), about, block)


def _fraction(text: str | None) -> Fraction | None:
    try:
        return Fraction(text) if text and len(text) <= 40 else None
    except (ValueError, ZeroDivisionError):
        return None
