"""A sketch as a question of ours, or the first thing that does not fit, in the words trainers know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.course.cards import split_questions
from app.course.item import Item
from app.course.items import Home, read_item
from app.course.shapes import Medium, Problem
from app.errors import N_
from app.exchange.course_text import text_of
from app.exchange.sketch import About, Sketch, Unfit

# What a question of ours must say of itself stands in here while the rest is judged; files of others do not know it.
_SOMEWHERE = About(bloom="pahami", objective=1, module="impor", status="draf")
_UNREAD = N_("Soal ini tidak dapat ditulis dalam format kursus kita.")


def fitted(sketch: Sketch, media: Mapping[str, Medium], line: int = 0) -> Item:
    """The question this sketch becomes. Raises Unfit where its words or answers do not fit our format."""
    problems: list[Problem] = []
    text = text_of(replace(sketch, about=_SOMEWHERE))
    cards = split_questions("", text, 1, problems)
    if len(cards) != 1:
        raise Unfit(_UNREAD)
    home = Home(objectives={"impor": ("",)}, digcomp={}, references={}, media=media)
    item, _ = read_item(cards[0], home, problems)
    if problems:
        raise Unfit(problems[0].message, **dict(problems[0].facts))
    about = sketch.about
    return replace(
        item, bloom=about.bloom, objective=about.objective, module=about.module, digcomp=about.digcomp,
        shuffle=about.shuffle, status=about.status, difficulty=about.difficulty, line=line,
    )  # fmt: skip
