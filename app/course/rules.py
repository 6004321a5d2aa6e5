"""What fits a search, and which words a course is found by."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LEVELS = {"dasar": (1, 2), "menengah": (3, 4), "mahir": (5, 8)}
MINUTES = (135, 180, 225, 270)
KILOBYTES = (150, 300, 500)
_MOST_TERMS = 6


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person looks for; an empty value means anything."""

    words: str = ""
    pillar: str = ""
    levels: tuple[int, int] | None = None
    minutes: int = 0
    kb: int = 0

    @property
    def any(self) -> bool:
        """Whether something is filtered at all."""
        return bool(self.words or self.pillar or self.levels or self.minutes or self.kb)


def folded(text: str) -> str:
    """The text for searching: lower case, without marks on letters, single blanks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())


def terms(words: str) -> list[str]:
    """The words searched for, each at least two letters, the first six."""
    return [word for word in re.findall(r"[\w.-]+", folded(words)) if len(word) > 1][:_MOST_TERMS]
