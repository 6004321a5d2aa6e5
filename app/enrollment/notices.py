"""What waits for a person beside their next step, shown on /belajar; slices downstream add what they know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.enrollment.queries import Learning
from app.errors import Fact


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that waits: sentences still to be translated (with their facts), and where it leads."""

    title: str
    text: str
    url: str
    act: str  # the words of the link
    facts: dict[str, Fact] = field(default_factory=dict)


# Asked with one statement at most: /belajar may make five in all.
Teller = Callable[[Session, int, Sequence[Learning], datetime], list[Notice]]
_tellers: list[Teller] = []


def also(teller: Teller) -> Teller:
    """Adds `teller(session, user_id, learnings, now)`; adding it again changes nothing."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


def waiting(session: Session, user_id: int, learnings: Sequence[Learning], now: datetime) -> list[Notice]:
    """Everything that waits for this person, in the order in which the slices were added."""
    return [notice for teller in _tellers for notice in teller(session, user_id, learnings, now)]
