"""What an attempt asks, until when and whom never changes: a process remembers it, so that saving need not ask again.

Whether the attempt is still there and open, the statement that saves decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from flask import current_app

from app.quiz import rules

MOST_KEPT = 2_000  # attempts in the memory of a process, two megabytes
_one_keeps = Lock()


@dataclass(frozen=True, slots=True)
class Drawn:
    """What stays as it is from the start of an attempt to its end."""

    user_id: int
    version_id: int
    deadline_at: datetime | None
    items: frozenset[str]

    def late(self, now: datetime) -> bool:
        """Whether nothing more may be saved by the clock."""
        return rules.late(self.deadline_at, now)


def _kept() -> dict[str, Drawn]:
    kept: dict[str, Drawn] = current_app.extensions.setdefault("drawn", {})
    return kept


def remembered(uuid: str, user_id: int) -> Drawn | None:
    """This person's attempt, when this process has seen it."""
    found = _kept().get(uuid)
    return found if found is not None and found.user_id == user_id else None


def remember(
    uuid: str, user_id: int, version_id: int, deadline_at: datetime | None, draw: Iterable[tuple[str, list[str]]]
) -> Drawn:
    """Keeps an attempt in memory, in place of the oldest once there are too many."""
    kept = _kept()
    made = kept[uuid] = Drawn(user_id, version_id, deadline_at, frozenset(item for item, _ in draw))
    if len(kept) > MOST_KEPT:
        with _one_keeps:
            while len(kept) > MOST_KEPT:
                del kept[next(iter(kept))]
    return made
