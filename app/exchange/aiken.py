"""Aiken: a question, options with letters, `ANSWER: B`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from app.errors import N_
from app.exchange import encoding, markup
from app.exchange.gathering import Gathering, empty
from app.exchange.making import parted, weighed
from app.exchange.shapes import Found
from app.exchange.sketch import Entry, Sketch, Unfit

_OPTION = re.compile(r"\s*([A-Z])[).][ \t]*(.*)\Z")
_ANSWER = re.compile(r"\s*ANSWER:[ \t]*(.*)\Z", re.IGNORECASE)

_NO_ANSWER = N_("Soal ini tidak ditutup dengan baris “ANSWER: …”.")
_NO_QUESTION = N_("Tidak ada pertanyaan di atas pilihan-pilihan ini.")
_FEW = N_("Soal ini punya kurang dari dua pilihan, seperti “A) …”.")
_EMPTY = N_("Ada pilihan yang kosong.")
_OTHER = N_("“ANSWER: %(letter)s” tidak menunjuk salah satu pilihan. Tulis satu huruf dari pilihan di atasnya.")
_TWICE = N_("Dua pilihan memakai huruf yang sama. Beri setiap pilihan huruf sendiri.")


@dataclass(slots=True)
class _Draft:
    line: int
    asked: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    answer: str | None = None


def read(data: bytes) -> Found:
    """The questions of this file; raises Unreadable."""
    text, notes = encoding.decode(data)
    gathering = Gathering()
    for draft in _drafts(text):
        question = gathering.question("multichoice", line=draft.line)
        try:
            _check(draft)
            entries = [
                Entry(question.words(markup.as_html(words)), worth=Fraction(letter == draft.answer))
                for letter, words in draft.options
            ]
            if empty(entries):
                raise Unfit(_EMPTY)
            stem, body = parted(question.prose(markup.as_html("\n\n".join(draft.asked))), "single_choice")
            question.keep(Sketch("", "single_choice", stem, body, weighed(entries)))
        except Unfit as no:
            question.refuse(no)
    return gathering.found(notes)


def looks_like(text: str) -> bool:
    """Whether this is such a file: an answer, or options with letters and no curly brackets."""
    lines = text.split("\n")
    options = sum(_OPTION.match(line) is not None for line in lines)
    return options > 1 and ("{" not in text or any(_ANSWER.match(line) for line in lines))


def _drafts(text: str) -> Iterator[_Draft]:
    """Each question up to its answer; one that never gets one is a question, too."""
    draft: _Draft | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        answer, option = _ANSWER.match(line), _OPTION.match(line)
        if draft is not None and draft.options and not answer and not option:
            yield draft
            draft = None
        draft = draft or _Draft(number)
        if answer:
            draft.answer = answer[1].strip().rstrip(".)").upper()
            yield draft
            draft = None
        elif option and draft.asked:
            draft.options.append((option[1], option[2].strip()))
        else:
            draft.asked.append(line.strip())
    if draft is not None:
        yield draft


def _check(draft: _Draft) -> None:
    letters = [letter for letter, _ in draft.options]
    if draft.answer is None:
        raise Unfit(_NO_ANSWER)
    if not draft.asked:
        raise Unfit(_NO_QUESTION)
    if len(letters) < 2:
        raise Unfit(_FEW)
    if len(set(letters)) < len(letters):
        raise Unfit(_TWICE)
    if draft.answer not in letters:
        raise Unfit(_OTHER, letter=draft.answer[:20])
