"""Moodle XML: a `<quiz>` of questions, each with its type."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from app.errors import N_
from app.exchange.gathering import Gathering
from app.exchange.moodle_element import Asked, text_in
from app.exchange.moodle_kinds import settled, sketched
from app.exchange.safe_xml import line_of, local, parse
from app.exchange.shapes import Found, Unreadable
from app.exchange.sketch import Unfit
from app.exchange.tree import grown
from app.exchange.worths import number

ROOT = "quiz"
_NOT_QUIZ = N_("Unsur terluar berkas ini <%(name)s>, bukan <quiz>. Ekspor lagi dari Moodle sebagai “Moodle XML”.")
_NO_TYPE = N_("Unsur <question> ini tidak menyebut jenisnya (type=…).")
_NO_TEXT = N_("Unsur <questiontext> soal ini kosong.")
_GRADE = N_("Nilai bawaannya %(grade)s; di sini setiap soal bernilai sama.")
_HINTS = N_("Petunjuk untuk percobaan berikutnya tidak ikut.")
_COMBINED = N_("Umpan balik gabungan (benar, sebagian, salah) tidak ikut.")
_COMBINATIONS = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")


def read(data: bytes) -> Found:
    """The questions of this file; raises Unreadable."""
    root = parse(data)
    if local(root) != ROOT:
        raise Unreadable(_NOT_QUIZ, name=local(root)[:40])
    gathering = Gathering()
    for element in root.findall("question"):
        if element.get("type") == "category":
            name = text_in(element.find("category"))
            if name and name not in gathering.categories:
                gathering.categories.append(name)
        else:
            _read(element, gathering)
    return gathering.found()


def _read(element: Element, gathering: Gathering) -> None:
    kind = element.get("type", "").strip()
    name = " ".join(grown(text_in(element.find("name"))).words.split())
    question = gathering.question(kind, name, line_of(element), "question")
    asked = Asked(element, question)
    try:
        if not kind:
            raise Unfit(_NO_TYPE)
        sketch = settled(asked, sketched(asked, kind))
        if not asked.html.strip():
            raise Unfit(_NO_TEXT)
        _note_what_stays(asked)
        tags = [text_in(tag) for tag in element.findall("tags/tag")]
        question.keep(sketch, tags, asked.setting("idnumber"))
    except Unfit as no:
        question.refuse(no)


def _note_what_stays(asked: Asked) -> None:
    """What Moodle keeps and we do not."""
    grade = number(asked.setting("defaultgrade") or "1")
    if grade is not None and grade != 1:
        asked.question.note(_GRADE, grade=f"{float(grade):g}".replace(".", ","))
    if any(text_in(one) for one in asked.each("hint")):
        asked.question.note(_HINTS)
    if any(text_in(asked.element.find(name)) for name in _COMBINATIONS):
        asked.question.note(_COMBINED)
