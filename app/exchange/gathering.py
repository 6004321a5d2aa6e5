"""A file of questions while it is read: what came in, what stays out and why, what was changed on the way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from app.course.item import Item
from app.course.texts import is_slug
from app.errors import N_, Fact
from app.exchange import markup
from app.exchange.making import fresh, made, slug
from app.exchange.shapes import Found, Remark, Unreadable
from app.exchange.sketch import Entry, Sketch, Unfit
from app.exchange.tags import REASONED, SPOTS, about_of

Answer = TypeVar("Answer")
MOST_QUESTIONS = 1_000
MOST_ANSWERS = 100
_TOO_MANY = N_("Berkas ini memuat lebih dari %(limit)s soal. Bagi menjadi beberapa berkas.")
_ANSWERS = N_("Soal ini punya lebih dari %(limit)s jawaban. Bagi menjadi beberapa soal.")
_PICTURE = N_("Gambarnya tidak ikut; teks alternatifnya ditulis di tempatnya.")
_MEDIUM = N_("Soal ini memuat gambar atau media tanpa teks alternatif, yang tidak dapat ikut.")
_MEDIUM_SAID = N_("Gambar atau media di umpan baliknya tidak ikut.")
_LINK = N_("Alamat tautannya tidak ikut; kata-katanya tetap.")
_HIDDEN = N_("Tanda tersembunyi di dalamnya dihapus.")
_STRAY = re.compile(r"\{(?![1-9][0-9]?\})|(?<!\{[1-9])(?<!\{[1-9][0-9])\}")  # brackets that are no gap
_TWO_GAPS = "{1}\n\n{2}"  # as a verdict and its reason are written for Moodle
_TAGS = N_("Label “%(tags)s” tidak ikut.")


@dataclass(slots=True)
class Gathering:
    """Everything found so far."""

    items: list[Item] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    categories: list[str] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def question(self, kind: str, name: str = "", line: int | None = None, element: str = "") -> Question:
        """The next question of the file, counted by what the other system calls its type."""
        self.kinds[kind] += 1
        if self.kinds.total() > MOST_QUESTIONS:
            raise Unreadable(_TOO_MANY, limit=MOST_QUESTIONS)
        return Question(self, kind, self.kinds.total(), name, line, element)

    def found(self, notes: Iterable[Remark] = ()) -> Found:
        """What the file holds."""
        return Found(
            tuple(self.items), tuple(self.refused), (*notes, *self.notes), dict(self.kinds), tuple(self.categories)
        )


@dataclass(slots=True)
class Question:
    """One question while it is read."""

    gathering: Gathering
    kind: str
    number: int
    given: str
    line: int | None
    element: str
    told: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """What people find it by: its name, else its number."""
        return self.given or str(self.number)

    def note(self, message: str, **facts: Fact) -> None:
        """Says once what is changed or left out."""
        if message not in self.told:
            self.told.add(message)
            self.gathering.notes.append(self._remark(message, facts))

    def refuse(self, no: Unfit) -> None:
        """Leaves the question out, with the reason; notes about it are beside the point then."""
        notes = self.gathering.notes
        while notes and self.told and notes[-1].message in self.told and notes[-1].question == self.name:
            notes.pop()
        self.gathering.refused.append(self._remark(no.message, no.facts))

    def _remark(self, message: str, facts: dict[str, Fact]) -> Remark:
        return Remark(self.name, message, facts, self.line, self.element, self.kind)

    def prose(self, html: str) -> markup.Prose:
        """What is asked. A picture without words for it may be what it is all about."""
        found = markup.prose(html)
        self._lost(found.lost, _MEDIUM)
        return found

    def words(self, html: str) -> str:
        """An option, or one side of a pair."""
        found = markup.line(html)
        self._lost(found.lost, _MEDIUM)
        return found.markdown

    def said(self, html: str) -> str:
        """What is said to an answer."""
        found = markup.line(html, linked=True)
        self._lost(found.lost - {markup.MEDIUM})
        if markup.MEDIUM in found.lost:
            self.note(_MEDIUM_SAID)
        return found.markdown

    def _lost(self, lost: frozenset[str], medium: str = "") -> None:
        if markup.MEDIUM in lost:
            raise Unfit(medium)
        for name, message in ((markup.PICTURE, _PICTURE), (markup.LINK, _LINK), (markup.HIDDEN, _HIDDEN)):
            if name in lost:
                self.note(message)

    def keep(self, sketch: Sketch, tags: Iterable[str] = (), given: str = "") -> None:
        """Takes the question in, under the id it was given, else one made of its name or of what it asks."""
        about, kind, others = about_of(tags)
        if others:
            self.note(_TAGS, tags=", ".join(others)[:200])
        if not sketch.about.shuffle:
            about = replace(about, shuffle=False)
        if sketch.about.status != "terbit":
            about = replace(about, status=sketch.about.status)
        names = (given if is_slug(given) else "", slug(self.given), slug(sketch.stem))
        taken = set(self.gathering.taken)
        name = fresh(next((one for one in names if one), f"soal-{self.number}"), taken)
        if kind == SPOTS and sketch.kind == "multiple_response":
            sketch = replace(sketch, kind="hotspot_text")
        elif kind == REASONED and len(sketch.gaps) == 2 and sketch.body.endswith(_TWO_GAPS):
            verdict, reasons = (gap.entries for gap in sketch.gaps)
            body = sketch.body.removesuffix(_TWO_GAPS).rstrip()
            sketch = replace(sketch, kind="true_false", body=body, entries=verdict, reasons=reasons, gaps=())
        if sketch.kind == "cloze":
            sketch = replace(sketch, body=_STRAY.sub(lambda found: "(" if found[0] == "{" else ")", sketch.body))
        item = made(replace(sketch, id=name, about=about))
        self.gathering.taken = taken
        self.gathering.items.append(item)


def few(answers: list[Answer]) -> list[Answer]:
    """These answers, if a person could read them."""
    if len(answers) > MOST_ANSWERS:
        raise Unfit(_ANSWERS, limit=MOST_ANSWERS)
    return answers


def empty(entries: Iterable[Entry]) -> bool:
    """Whether one of these options says nothing."""
    return any(not entry.words for entry in entries)
