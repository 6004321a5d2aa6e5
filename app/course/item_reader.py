"""One question while it is being read: where it stands, what may be used in it, what is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.course.cards import RawCard
from app.course.markdown import Rendered, render_line
from app.course.shapes import Medium, Problem, Reference
from app.course.texts import normal
from app.errors import Fact


@dataclass(frozen=True, slots=True)
class Home:
    """Where questions stand: the modules they may belong to, the references and pictures they may use."""

    objectives: Mapping[str, tuple[str, ...]]
    digcomp: Mapping[str, tuple[str, ...]]
    references: Mapping[str, Reference]
    module: str | None = None  # None in the bank of the tests, where each question names its module
    media: Mapping[str, Medium] = field(default_factory=dict)


def option_id(text: str) -> str:
    """An id from the words alone: reordering keeps it, and it says nothing about being right."""
    return hashlib.blake2s(normal(text).encode(), digest_size=4).hexdigest()


@dataclass(slots=True)
class Reader:
    """The card being read, with the problems found on it and the texts for those who count words."""

    card: RawCard
    home: Home
    problems: list[Problem]
    texts: list[Rendered] = field(default_factory=list)

    def problem(self, line: int, message: str, **facts: Fact) -> None:
        """Notes what is wrong in this line of the file."""
        self.problems.append(Problem(self.card.file, line, message, facts))

    def words(self, source: str, line: int) -> tuple[str, str]:
        """One line that learners press, as plain words and as HTML."""
        text, shown = render_line(source, self.home.references, line, self.card.file)
        self.problems += shown.problems
        self.texts.append(shown)
        return text, shown.html

    def said(self, source: str, line: int) -> tuple[str, str]:
        """One line that is said after an answer, as plain words and as HTML; it may hold links."""
        text, shown = render_line(source, self.home.references, line, self.card.file, linked=True)
        self.problems += shown.problems
        return text, shown.html
