"""What a QTI item says after an answer: to an option, or to all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.errors import N_
from app.exchange.qti_tree import Sheet, children, every, first, words
from app.exchange.qti_words import Words
from app.exchange.safe_xml import Node

EXPLANATION = "pembahasan"
_KINDS = ("modalFeedback", "feedbackInline", "feedbackBlock")
_FOR_ALL = re.compile("solution|explanation|rationale|general|pembahasan|penjelasan", re.IGNORECASE)
GENERAL = N_("Umpan balik umum (bukan untuk satu pilihan) tidak ikut: “%(words)s”")


@dataclass(slots=True)
class Said:
    """The feedback of one item; what is not asked for is left, and `left` names it."""

    sheet: Sheet
    writer: Words
    own: bool
    used: set[Node] = field(default_factory=set)
    all: list[Node] = field(init=False)

    def __post_init__(self) -> None:
        self.all = every(self.sheet.root, *_KINDS)

    def to(self, name: str, response: str) -> str:
        """What is said to the option of this identifier."""
        found = [one for one in self.all if one.get("identifier") == name]
        mine = [one for one in found if one.get("outcomeIdentifier", "") in (f"FEEDBACK_{response}", "FEEDBACK")]
        chosen = mine if self.own else found
        self.used.update(chosen)
        return self._joined(chosen)

    def explanation(self) -> str:
        """What is said to everybody."""
        if self.own:
            found = [one for one in self.all if one.get("outcomeIdentifier") == EXPLANATION.upper()]
        else:
            found = [one for one in self.all if self._names(one, _FOR_ALL)]
        self.used.update(found)
        return self._joined(found)

    def left(self) -> list[str]:
        """The words of what has no place with us."""
        rest = [one for one in self.all if one not in self.used and not self._asks(one)]
        return [text[:200] for one in rest if (text := words(one))]

    def _names(self, node: Node, pattern: re.Pattern[str]) -> bool:
        return bool(pattern.search(node.get("identifier", "")) or pattern.search(node.get("outcomeIdentifier", "")))

    def _asks(self, node: Node) -> bool:
        """Whether it holds a part of the question rather than a reply."""
        return any(one.tag.endswith("Interaction") for one in node.iter())

    def _joined(self, found: Sequence[Node]) -> str:
        texts = [self.writer.said(first(one, "contentBody") or one) for one in found if children(one) or one.text]
        return " ".join(dict.fromkeys(text for text in texts if text))
