"""What waits for a trainer beside the courses, shown above them on /menulis; slices downstream add what they know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Duty:
    """One kind of thing that waits: a sentence still to be translated with how many (`n`), and where it leads."""

    count: int
    text: str
    url: str
    act: str  # the words of the link


# Asked with one statement each.
Teller = Callable[[Session, int], Duty]
_tellers: list[Teller] = []


def also(teller: Teller) -> Teller:
    """Adds `teller(session, user_id)`; adding it again changes nothing."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


def waiting(session: Session, user_id: int) -> list[Duty]:
    """Everything that may wait for this trainer, in the order in which the slices were added."""
    return [teller(session, user_id) for teller in _tellers]
