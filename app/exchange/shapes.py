"""What a file of questions from another system holds, once it is read: questions, and what could not be taken over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.course.item import Item
from app.errors import Fact, Refused


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about one question: why it stays out, or what of it was changed or left out."""

    question: str  # its name in the file, or its number there
    message: str
    facts: Mapping[str, Fact] = field(default_factory=dict, hash=False)
    line: int | None = None
    element: str = ""
    kind: str = ""  # what the other system calls its type

    @property
    def text(self) -> str:
        """The sentence in Indonesian, with its facts filled in."""
        return self.message % self.facts if self.facts else self.message


@dataclass(frozen=True, slots=True)
class Found:
    """Everything in the file: each question either among `items` or, with the reason, among `refused`.

    `kinds` counts the questions by what the other system calls their type; `notes` say what was changed on the way.
    """

    items: tuple[Item, ...] = ()
    refused: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()
    kinds: Mapping[str, int] = field(default_factory=dict, hash=False)
    categories: tuple[str, ...] = ()
    media: Mapping[str, bytes] = field(default_factory=dict, hash=False)  # pictures the items show, by file


class Unreadable(Refused):
    """The file as a whole cannot be read; nothing of it is taken. Names the line or element where it can."""
