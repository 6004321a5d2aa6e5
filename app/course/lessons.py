"""Lessons and practical tasks: settings on top, cards below."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from app.course.cards import RawCard, split_cards, split_questions
from app.course.item import Item
from app.course.items import Home, read_item
from app.course.markdown import Rendered, render, render_line
from app.course.settings_file import split_front_matter
from app.course.shapes import Card, Lesson, Problem, Reference
from app.course.texts import plain_lines
from app.errors import N_

PAGE_SHELL_BYTES = 2600
QUIZ_PAGE_KB = 4


def page_kb(html: str, pictures: int = 0) -> int:
    """What a page with this text and so many bytes of pictures costs a resident, compressed, in whole KB."""
    return math.ceil((len(zlib.compress(html.encode(), 6)) + PAGE_SHELL_BYTES + pictures) / 1024)


def quiz_kb(items: Sequence[Item], take: int) -> int:
    """What the pages of a quiz of so many of these questions cost at most."""
    heaviest = sorted((item.picture_bytes for item in items), reverse=True)[:take]
    return QUIZ_PAGE_KB * len(heaviest) + math.ceil(sum(heaviest) / 1024)


def read_lesson(
    file: str, text: str, lesson_id: str, kind: Literal["lesson", "practice"], home: Home, problems: list[Problem]
) -> Lesson:
    """The lesson in this text, as far as it can be read."""
    table, body, line = split_front_matter(file, text, problems)
    title, minutes, lead = "", 0, ""
    if table is not None:
        table.format()
        title = table.text("judul", longest=120)
        minutes = table.number("menit", 1, 90)
        lead = table.text("pengantar", longest=300)
        table.close()
    cards: list[Card] = []
    texts: list[Rendered] = []
    for raw in split_cards(file, body, line, problems):
        card, parts = _card(raw, home, problems)
        cards.append(card)
        texts += parts
    if not cards:
        problems.append(Problem(file, line, N_("Materi ini belum punya kartu. Tulis “## Judul” lalu isinya.")))
    used = {name for part in texts for name in part.used}
    return Lesson(
        id=lesson_id,
        title=title,
        minutes=minutes,
        lead=lead,
        cards=tuple(cards),
        kind=kind,
        words=sum(part.words for part in texts),
        checked_on=_oldest(used, home.references),
        kb=page_kb("".join(_html_of(card) for card in cards), sum(c.item.picture_bytes for c in cards if c.item)),
        file=file,
    )


def _card(raw: RawCard, home: Home, problems: list[Problem]) -> tuple[Card, list[Rendered]]:
    if raw.is_question:
        item, texts = read_item(raw, home, problems)
        if not item.drawable:
            problems.append(
                Problem(raw.file, raw.line, N_("Soal di materi selalu tampil. Hapus “status” dari soal ini."))
            )
        return Card(item.stem, item.html, item, "question", raw.line), texts
    title, heading = render_line(raw.heading, home.references, raw.line, raw.file)
    body = render(raw.body, home.references, raw.body_line - 1, raw.file)
    problems += [*heading.problems, *body.problems]
    if not title:
        problems.append(Problem(raw.file, raw.line, N_("Kartu belum punya judul. Tulis setelah “##”.")))
    if not body.passages and not body.problems:
        problems.append(Problem(raw.file, raw.line, N_("Kartu ini belum punya isi. Isilah di bawah judulnya.")))
    kind: Literal["text", "worked_example"] = "worked_example" if body.count("tanda") else "text"
    return Card(title, body.html, None, kind, raw.line), [heading, body]


def _html_of(card: Card) -> str:
    if card.item is None:
        return card.title + card.html
    item = card.item
    return "".join((item.stem_html, item.html, *(p.html for p in item.parts), *(o.html for o in item.every_option)))


def _oldest(used: set[str], references: Mapping[str, Reference]) -> date | None:
    return min((references[name].checked_on for name in used), default=None)


def read_questions(file: str, text: str, home: Home, problems: list[Problem]) -> tuple[Item, ...]:
    """The questions of a quiz, or of the bank of the tests."""
    table, body, line = split_front_matter(file, text, problems)
    if table is not None:
        table.format()
        table.close()
    items = tuple(read_item(raw, home, problems)[0] for raw in split_questions(file, body, line, problems))
    if not items:
        problems.append(Problem(file, line, N_("Berkas ini belum memuat soal. Tulis “## Pertanyaan {#…}”.")))
    return items


def cards_of(file: str, text: str) -> list[RawCard]:
    """The cards of a lesson's text without reading them, for those who look at the words."""
    _, body, line = split_front_matter(file, plain_lines(text), [])
    return split_cards(file, body, line, [])
