"""Questions on their way out: the text of the file, and what of them it cannot hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from app.course.item import Item, Option
from app.course.readings import readings
from app.course.scoring import earned
from app.errors import N_
from app.exchange.making import normal
from app.exchange.markup import ASKED
from app.exchange.shapes import Remark
from app.exchange.sketch import Unfit
from app.exchange.worths import as_number

_SPOT = re.compile(r'<span data-option="[^"]*">(.*?)</span>', re.DOTALL)
_PICTURE = N_("Soal bergambar belum dapat diekspor: gambarnya tidak termuat di berkas teks.")
_PICTURES = N_("Gambar di dalam soal ini tidak ikut; yang ikut hanya teksnya.")
_NO_KEY = N_("Soal ini belum punya kunci. Lengkapi dahulu di drafnya.")
LOST_STEP = N_("Umpan balik per langkah tidak ikut, sebab format ini tidak punya tempat untuk itu.")
LOST_PAIR = N_("Umpan balik per pasangan tidak ikut, sebab format ini tidak punya tempat untuk itu.")


@dataclass(frozen=True, slots=True)
class Written:
    """A file of questions for another system: each question is in it, or among `refused` with the reason."""

    text: str
    count: int
    refused: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()


@dataclass(slots=True)
class Sheet:
    """One question on its way out."""

    item: Item
    notes: list[Remark] = field(default_factory=list)

    def note(self, message: str) -> None:
        """Says what of it is left behind."""
        self.notes.append(Remark(self.item.id, message, {}, self.item.line or None, "", self.item.kind))


def gathered(items: Iterable[Item], write: Callable[[Sheet], str], around: Callable[[Sequence[str]], str]) -> Written:
    """Every question as `write` writes it, in the file that `around` makes of them."""
    texts: list[str] = []
    refused: list[Remark] = []
    notes: list[Remark] = []
    for item in items:
        try:
            if item.kind == "picture_choice":
                raise Unfit(_PICTURE)
            sheet = Sheet(replace(normal(item), line=item.line))  # its place in the course, for what is said of it
            if not _answerable(sheet.item):
                raise Unfit(_NO_KEY)
            texts.append(write(sheet))
            if "<img" in item.html:
                sheet.note(_PICTURES)
            notes += sheet.notes
        except Unfit as no:
            refused.append(Remark(item.id, no.message, no.facts, item.line or None, "", item.kind))
    return Written(around(texts), len(texts), tuple(refused), tuple(notes))


def _answerable(item: Item) -> bool:
    """Whether there is a right answer to everything it asks; a draft may still lack some."""
    if item.kind in ("true_false", "matching", "cloze"):
        return bool(item.parts) and all(part.keys for part in item.parts)
    return bool(item.options) and (item.kind == "ordering" or bool(item.keys))


def asked(item: Item) -> str:
    """What a question asks, as HTML; a paragraph says that it is the question where there are others."""
    body = _SPOT.sub(r"\1", item.html)
    return f'<p class="{ASKED}">{item.stem_html}</p>\n{body}' if body else f"<p>{item.stem_html}</p>"


def worths(item: Item) -> list[tuple[Option, Fraction]]:
    """Its options with what each adds. What people write is compared in turn elsewhere, so the best come first."""
    several = item.several
    found = [(one, earned(one, len(item.keys) or 1) if several else earned(one)) for one in item.options]
    return found if item.chosen_from else best_first(item.options)


def best_first(options: Sequence[Option]) -> list[tuple[Option, Fraction]]:
    """Known answers with their worths, the best first."""
    return sorted(((one, earned(one)) for one in options), key=lambda pair: -pair[1])


def figure(option: Option) -> str:
    """An accepted number as programs write it."""
    return "*" if option.text == "*" else as_number(readings(option.text)[0])


def pairs(item: Item) -> list[tuple[str, Option]]:
    """Each left side with its right one; right sides that belong to none come last, without a left."""
    found = [(part.html, next(one for one in part.options if one.correct)) for part in item.parts]
    used = {right.id for _, right in found}
    return found + [("", one) for one in item.parts[0].options if one.id not in used]
