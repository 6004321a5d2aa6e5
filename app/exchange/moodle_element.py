"""A question element of Moodle XML: its texts as HTML, its settings."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from app.exchange.formats import html_of
from app.exchange.gathering import Question, few
from app.exchange.gift_text import PRIVATE


@dataclass(frozen=True, slots=True)
class Asked:
    """The element, and the question it becomes."""

    element: Element
    question: Question

    @property
    def way(self) -> str:
        """The format of its text, which texts without one follow."""
        found = self.element.find("questiontext")
        return "" if found is None else found.get("format", "")

    @property
    def html(self) -> str:
        """What it asks."""
        return html_in(self.element.find("questiontext"), "")

    @property
    def why(self) -> str:
        """What is said to all answers, in Markdown."""
        return self.question.said(html_in(self.element.find("generalfeedback"), self.way))

    def setting(self, name: str) -> str:
        """The words of one of its settings."""
        return (self.element.findtext(name) or "").strip()

    def on(self, name: str, *, usual: bool = False) -> bool:
        """Whether a setting is switched on."""
        value = self.setting(name).casefold()
        return value in ("1", "true", "yes") if value else usual

    def each(self, name: str) -> list[Element]:
        """Its elements of this name."""
        return few(self.element.findall(name))

    def words(self, element: Element, usual: str | None = None) -> str:
        """An option in Markdown."""
        return self.question.words(html_in(element, self.way if usual is None else usual))

    def said(self, element: Element) -> str:
        """What is said to an answer, in Markdown."""
        return self.question.said(html_in(element.find("feedback"), self.way))


def html_in(element: Element | None, usual: str) -> str:
    """The text of an element as HTML, by the format it names."""
    return "" if element is None else html_of(text_in(element), element.get("format", usual))


def text_in(element: Element | None) -> str:
    """The text of an element as it is written."""
    return "" if element is None else PRIVATE.sub("", element.findtext("text") or "").strip()
