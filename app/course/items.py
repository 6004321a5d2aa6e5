"""Questions as trainers write them: a heading, a text, lists below it, what is said to each answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.course.cards import RawCard
from app.course.item import Item, Kind, Option, Part
from app.course.item_attributes import difficulty_of, kind_of, read_attributes, status_of
from app.course.item_body import with_gaps, with_options
from app.course.item_lines import Below, Entry, read_lines
from app.course.item_options import Style, check_accepted, check_choice, read_options
from app.course.item_parts import read_gaps, read_pairs, read_verdict
from app.course.item_reader import Home, Reader, option_id
from app.course.markdown import Rendered, render
from app.course.shapes import Problem
from app.errors import N_

__all__ = ["Home", "option_id", "read_item"]

FEWEST_STEPS = 3
_TELLING = re.compile(r'aria-label="Contoh pesan (?:penipuan, bukan pesan sungguhan|yang wajar)"')


@dataclass(frozen=True, slots=True)
class _Answers:
    """What there is to answer, and the text above it."""

    html: str
    options: tuple[Option, ...] = ()
    parts: tuple[Part, ...] = ()


def read_item(card: RawCard, home: Home, problems: list[Problem]) -> tuple[Item, list[Rendered]]:
    """The question on this card, as far as it can be read, and its texts for those who count words."""
    reader = Reader(card, home, problems)
    stem, stem_html = reader.words(card.heading, card.line)
    if not stem:
        reader.problem(card.line, N_("Soal belum punya pertanyaan. Tulis setelah “##”."))
    body, lines = card.split_options()
    text = render(body, home.references, card.body_line - 1, card.file)
    problems += text.problems
    reader.texts.append(text)
    attributes = read_attributes(reader)
    below = read_lines(reader, lines, kind_of(attributes))
    kind = kind_of(attributes) or _kind_by_keys(below.entries)
    status = status_of(attributes)
    if below.explanation_line and not below.explanation:
        reader.problem(below.explanation_line, N_("Pembahasan masih kosong. Tulis satu paragraf, atau hapus judulnya."))
    explanation, explanation_html = reader.said(" ".join(below.explanation), below.explanation_line + 1)
    answers = _answers(reader, kind, below, text, told=status != "draf")
    module = attributes.get("modul", home.module or "")
    item = Item(
        id=attributes.get("#", ""),
        stem=stem,
        html=answers.html,
        stem_html=stem_html,
        options=answers.options,
        bloom=attributes.get("bloom", ""),
        objective=int(attributes.get("tujuan", "0")),
        module=module,
        digcomp=tuple(attributes["digcomp"].split(",")) if "digcomp" in attributes else home.digcomp.get(module, ()),
        shuffle=attributes.get("acak") != "tidak",
        line=card.line,
        file=card.file,
        kind=kind,
        parts=answers.parts,
        explanation=explanation,
        explanation_html=explanation_html,
        status=status,
        difficulty=difficulty_of(attributes),
    )
    return item, reader.texts


def _kind_by_keys(entries: Sequence[Entry]) -> Kind:
    """What a question is that does not say so: one right answer, or several."""
    full, good = sum(entry.full for entry in entries), sum(entry.good for entry in entries)
    return "multiple_response" if full > 1 or (not full and good) else "single_choice"


def _answers(reader: Reader, kind: Kind, below: Below, text: Rendered, *, told: bool) -> _Answers:
    """The answers of each kind; `told`: whoever chooses wrongly must be told why."""
    html = _neutral(text.html)
    entries = below.entries
    if kind == "true_false":
        return _Answers(html, parts=read_verdict(reader, below, told=told))
    if kind == "matching":
        return _Answers(html, parts=read_pairs(reader, entries))
    if kind == "cloze":
        html, gaps = with_gaps(reader, html)
        return _Answers(html, parts=read_gaps(reader, below, gaps, told=False))
    if kind == "ordering":
        return _Answers(html, _steps(reader, entries))
    if kind in ("short_text", "number"):
        options = read_options(reader, entries, kind, several=False, told=False)
        check_accepted(reader, reader.card.line, options)
        return _Answers(html, tuple(options))
    several = kind in ("multiple_response", "hotspot_text") or (
        kind == "picture_choice" and _kind_by_keys(entries) == "multiple_response"
    )
    style: Style = "picture" if kind == "picture_choice" else "words"
    options = read_options(reader, entries, style, several=several, told=told)
    check_choice(reader, reader.card.line, options, several=several)
    if kind == "hotspot_text":
        if text.marks:
            message = N_("Jangan menandai pesan dengan ==…== pada soal jenis=tanda: tanda itu menunjukkan jawabannya.")
            reader.problem(reader.card.line, message)
        html = with_options(reader, html, options)
    return _Answers(html, tuple(options))


def _steps(reader: Reader, entries: Sequence[Entry]) -> tuple[Option, ...]:
    """What is to be put in order, in the right order."""
    for entry in entries:
        entry.ticked = True
    if len(entries) < FEWEST_STEPS:
        message = N_("Soal jenis=urutan harus punya paling sedikit tiga langkah. Tulis “1. Langkah pertama”.")
        reader.problem(reader.card.line, message)
    return tuple(read_options(reader, entries, "words", several=False, told=False))


def _neutral(html: str) -> str:
    """The message of a question without the label that would tell a screen reader, and only it, the answer."""
    return _TELLING.sub('aria-label="Contoh pesan rekaan"', html)
