"""What we say about an answer, line by line: yours first, then the right one, then the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from app.course.item import Item, Option, Part
from app.course.scoring import as_map, equals, part_points, points
from app.errors import N_

State = Literal["ok", "bad", ""]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a reply: a verdict in words, what it is about (HTML of the course), and why.

    `words` is what the person wrote, as they wrote it; it is no HTML.
    """

    state: State
    label: str
    html: str
    why: str = ""
    words: str = ""
    about: str = ""  # the left side or gap it belongs to (HTML)


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to an answer: what it is worth, the lines about it, and the lines a right answer need not read."""

    points: Fraction
    lines: tuple[Line, ...]
    rest: tuple[Line, ...] = ()
    explanation: str = ""

    @property
    def right(self) -> bool:
        """Whether nothing is missing."""
        return self.points == 1

    @property
    def partly(self) -> bool:
        """Whether it is right in part."""
        return 0 < self.points < 1


def reply(item: Item, answer: Collection[str]) -> Reply:
    """The reply to an answer in the spelling of `responses.canonical`."""
    worth = points(item, answer)
    rest: tuple[Line, ...] = ()
    if item.chosen_from:
        lines, rest = _about_options(item, answer)
    elif item.kind == "ordering":
        lines = tuple(_about_places(item, answer))
    elif item.parts:
        given = as_map(answer)
        lines = tuple(line for part in item.parts for line in _about_part(part, given.get(part.id)))
    else:
        lines = tuple(_about_words(item.kind, item.options, next(iter(answer), "")))
    return Reply(worth, lines, rest, item.explanation_html)


def every_feedback(item: Item) -> list[Line]:
    """What each option replies, for those who write it."""
    return [_written(option, part.html) for part in item.parts for option in part.options] + [
        _written(option) for option in item.options
    ]


def _written(option: Option, about: str = "") -> Line:
    label = N_("Pilihan benar") if option.correct else N_("Pilihan salah")
    return _line(option, "ok" if option.correct else "", label, about)


def _about_options(item: Item, answer: Collection[str]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    mine = [option for option in item.options if option.id in answer]
    others = [option for option in item.options if option.id not in answer]
    good, bad, missed = (
        (N_("Pilihan Anda, benar"), N_("Pilihan Anda, salah"), N_("Jawaban benar yang terlewat"))
        if item.several
        else (N_("Jawaban Anda, benar"), N_("Jawaban Anda, salah"), N_("Jawaban benar"))
    )
    lines = [_line(one, "ok" if one.correct else "bad", good if one.correct else bad) for one in mine]
    lines += [_line(one, "ok", missed) for one in others if one.correct]
    return tuple(lines), tuple(_line(one, "", N_("Pilihan lain")) for one in others if not one.correct)


def _line(option: Option, state: State, label: str, about: str = "") -> Line:
    return Line(state, label, option.html, option.feedback_html, about=about)


def _about_places(item: Item, answer: Collection[str]) -> Iterator[Line]:
    """The elements in their right order, each with the place it was given."""
    given = as_map(answer)
    for place, option in enumerate(item.options, 1):
        if given.get(option.id) == str(place):
            yield _line(option, "ok", N_("Urutan ini benar"))
        else:
            words = given.get(option.id, "")
            label = N_("Anda menaruhnya di urutan ini") if words else N_("Belum Anda urutkan")
            yield replace(_line(option, "bad", label), words=words)


def _about_part(part: Part, given: str | None) -> Iterator[Line]:
    if part.kind != "choice":
        yield from (replace(line, about=part.html) for line in _about_words(part.kind, part.options, given or ""))
        return
    chosen = next((option for option in part.options if option.id == given), None)
    if chosen is not None:
        right = part_points(part, given) == 1
        label = N_("Jawaban Anda, benar") if right else N_("Jawaban Anda, salah")
        yield _line(chosen, "ok" if right else "bad", label, part.html)
        if right:
            return
    for option in part.options:
        if option.correct and option is not chosen:
            yield _line(option, "ok", N_("Jawaban benar"), part.html)


def _about_words(kind: str, known: Collection[Option], given: str) -> Iterator[Line]:
    """What was written, and what would have been right: the first accepted form."""
    same = [one for one in known if equals(kind, given, one)] if given else []
    best = max(same, key=lambda one: one.correct, default=None)
    if given:
        right = best is not None and best.correct
        label = N_("Jawaban Anda, benar") if right else N_("Jawaban Anda, salah")
        yield Line("ok" if right else "bad", label, "", best.feedback_html if best else "", words=given)
        if right:
            return
    accepted = next((one for one in known if one.correct), None)
    if accepted is not None:
        yield _line(accepted, "ok", N_("Jawaban benar"))
