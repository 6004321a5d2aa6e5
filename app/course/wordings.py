"""An answer in words, as the person who gave it would tell it: for the copy of their own data. Pure."""

from __future__ import annotations

from collections.abc import Collection

from app.course.item import Item, Part
from app.course.scoring import as_map


def in_words(item: Item | None, answer: Collection[str]) -> str:
    """What was chosen, matched, placed or written; of a question that is gone, the tokens themselves."""
    if item is None:
        return " / ".join(answer)
    if item.kind in ("short_text", "number"):
        return " / ".join(answer)
    given = as_map(answer)
    if item.kind == "ordering":
        placed = sorted((one for one in item.options if one.id in given), key=lambda one: given[one.id].zfill(3))
        return " / ".join(f"{given[one.id]}. {one.text}" for one in placed)
    if item.parts:
        return " / ".join(
            f"{part.text or part.id}: {_said(part, given[part.id])}" for part in item.parts if part.id in given
        )
    return " / ".join(option.text for option in item.options if option.id in answer)


def _said(part: Part, chosen: str) -> str:
    """The option chosen; where words are written, they stand for themselves."""
    return next((option.text for option in part.options if option.id == chosen and part.kind == "choice"), chosen)
