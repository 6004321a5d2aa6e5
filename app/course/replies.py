"""What we say about an answer, line by line: yours first, then the right one, then the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from app.course.item import REASON, VERDICT, Item, Option, Part, Picture
from app.course.scoring import as_map, earned, equals, points
from app.errors import N_

State = Literal["ok", "on", "bad", ""]
_RIGHT, _PARTLY, _WRONG = N_("Jawaban Anda, benar"), N_("Jawaban Anda, benar sebagian"), N_("Jawaban Anda, salah")
_TOPICS = {VERDICT: N_("Benar atau salah?"), REASON: N_("Apa alasannya?")}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a reply: a verdict in words, what it is about (HTML of the course), and why.

    `label` and `topic` are sentences of ours, which may name `number` and `place`.
    """

    state: State
    label: str
    html: str
    why: str = ""
    words: str = ""  # what the person wrote, as they wrote it; it is no HTML
    about: str = ""  # the left side it belongs to (HTML)
    topic: str = ""  # the gap or half it belongs to
    number: int = 0  # the number of its gap, or its place in the right order
    place: str = ""  # the place it was given
    picture: Picture | None = None


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
        lines = tuple(
            _within(line, item, part, number)
            for number, part in enumerate(item.parts, 1)
            for line in _about_part(part, given.get(part.id, ""))
        )
    else:
        lines = tuple(_about_words(item.kind, item.options, next(iter(answer), "")))
    return Reply(worth, lines, rest, item.explanation_html)


def every_feedback(item: Item) -> list[Line]:
    """What each option replies, for those who write it."""
    found = [
        _within(_written(part.kind, option), item, part, number)
        for number, part in enumerate(item.parts, 1)
        for option in part.options
        if item.kind != "matching" or option.correct or option.feedback  # most pairs are wrong, and nothing is said
    ]
    for number, option in enumerate(item.options, 1):
        if item.kind == "ordering":
            found.append(_line(option, "ok", N_("Urutan ke-%(number)s"), number=number))
        else:
            found.append(_written(item.kind, option))
    return found


def _written(kind: str, option: Option) -> Line:
    if kind in ("short_text", "number"):
        right, wrong = N_("Jawaban yang diterima"), N_("Jawaban yang tidak diterima")
    else:
        right, wrong = N_("Pilihan benar"), N_("Pilihan salah")
    if option.worth is not None and 0 < option.worth < 1:
        return _line(option, "on", N_("Benar sebagian"))
    return _line(option, "ok" if option.correct else "", right if option.correct else wrong)


def _within(line: Line, item: Item, part: Part, number: int) -> Line:
    """The line with the part it belongs to."""
    if item.kind == "matching":
        return replace(line, about=part.html)
    return replace(line, topic=_TOPICS.get(part.id) or N_("Isian %(number)s"), number=number)


def _about_options(item: Item, answer: Collection[str]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    mine = [option for option in item.options if option.id in answer]
    others = [option for option in item.options if option.id not in answer]
    if item.several:
        missed = N_("Jawaban benar yang terlewat")
        good, bad = N_("Pilihan Anda, benar"), N_("Pilihan Anda, salah")
        lines = [_line(one, "ok" if one.correct else "bad", good if one.correct else bad) for one in mine]
    else:
        missed = N_("Jawaban benar")
        lines = [_line(one, *_verdict(earned(one))) for one in mine]
    lines += [_line(one, "ok", missed) for one in others if one.correct]
    return tuple(lines), tuple(_line(one, "", N_("Pilihan lain")) for one in others if not one.correct)


def _verdict(worth: Fraction) -> tuple[State, str]:
    """What we say of an answer worth this much."""
    if worth >= 1:
        return "ok", _RIGHT
    return ("on", _PARTLY) if worth > 0 else ("bad", _WRONG)


def _line(option: Option, state: State, label: str, number: int = 0, place: str = "") -> Line:
    return Line(state, label, option.html, option.feedback_html, number=number, place=place, picture=option.picture)


def _about_places(item: Item, answer: Collection[str]) -> Iterator[Line]:
    """The elements in their right order, each with the place it was given."""
    given = as_map(answer)
    for number, option in enumerate(item.options, 1):
        place = given.get(option.id, "")
        if place == str(number):
            yield _line(option, "ok", N_("Urutan Anda: ke-%(place)s, benar"), number, place)
        elif place:
            yield _line(option, "bad", N_("Urutan Anda: ke-%(place)s"), number, place)
        else:
            yield _line(option, "bad", N_("Belum Anda urutkan"), number)


def _about_part(part: Part, given: str) -> Iterator[Line]:
    if part.kind != "choice":
        yield from _about_words(part.kind, part.options, given)
        return
    chosen = next((option for option in part.options if option.id == given), None)
    if chosen is not None:
        yield _line(chosen, *_verdict(earned(chosen)))
        if earned(chosen) >= 1:
            return
    for option in part.options:
        if option.correct and option is not chosen:
            yield _line(option, "ok", N_("Jawaban benar"))


def _about_words(kind: str, known: Collection[Option], given: str) -> Iterator[Line]:
    """What was written, and what would have been right: the first accepted form."""
    same = [one for one in known if given and equals(kind, given, one)]
    best = max(same, key=earned, default=None)
    worth = earned(best) if best else Fraction(0)
    if given:
        yield Line(*_verdict(worth), html="", why=best.feedback_html if best else "", words=given)
    if worth < 1 and (accepted := next((one for one in known if one.correct), None)) is not None:
        yield _line(accepted, "ok", N_("Jawaban benar"))
