"""What stands between the curly brackets of GIFT, type by type."""

from __future__ import annotations

import re
from fractions import Fraction

from app.course.item import Kind
from app.errors import N_
from app.exchange import gift_text
from app.exchange.course_text import number_words
from app.exchange.gathering import Question, empty, few
from app.exchange.making import weighed
from app.exchange.sketch import Entry, Unfit
from app.exchange.worths import number, percent

_WEIGHT = re.compile(r"%([-+]?[0-9]{1,3}(?:\.[0-9]{0,20})?)%")
_ORDER = re.compile(r">\s*[0-9]*[ \t]*([^\n]*)\n(.*)\Z", re.DOTALL)

_ESSAY = N_("Soal esai dinilai oleh orang; di sini soal dinilai otomatis. Ubah menjadi soal berpilihan atau isian.")
_FEW = N_("Soal ini punya kurang dari dua pilihan.")
_EMPTY = N_("Ada pilihan yang kosong.")
_WEIGHT_WRONG = N_("Bobot “%(weight)s” bukan persen dari -100 sampai 100.")
_ARROW = N_("Ada pasangan tanpa “->”. Tulis “=Kiri -> Kanan”.")
_LONELY = N_("Soal memasangkan perlu paling sedikit dua pasangan.")
_NUMBER = N_("“%(number)s” bukan angka. Tulis angka dengan titik desimal, misalnya 3.14:0.01.")
_NO_ANSWER = N_("Soal ini tidak punya jawaban.")
_NO_REASON = N_("Soal benar-salah di kursus kita juga menanyakan alasannya. Tulis alasannya di draf.")
_STEPS = N_("Soal mengurutkan perlu paling sedikit dua langkah.")
_STEPS_GRADED = N_("Nilai sebagian soal mengurutkan dihitung menurut aturan kita.")


def entries(question: Question, answers: str, way: str) -> tuple[Kind, tuple[Entry, ...]]:
    """The kind of ours, and its answers; `way` is the format of the question, which theirs follow."""
    if question.kind == "essay":
        raise Unfit(_ESSAY)
    if question.kind == "truefalse":
        return "true_false", _verdict(question, answers, way)
    if question.kind == "multichoice":
        return _choices(question, answers, way)
    if question.kind == "match":
        return "matching", _pairs(question, answers, way)
    if question.kind == "numerical":
        return "number", _numbers(question, answers[1:], way)
    if question.kind == "ordering":
        return "ordering", _steps(question, answers, way)
    return "short_text", _words(question, answers, way)


def _weight(text: str, usual: Fraction) -> tuple[Fraction, str]:
    """The worth an answer names at its beginning, and the rest of it."""
    text = text.strip()
    if (found := _WEIGHT.match(text)) is None:
        return usual, text
    worth = percent(found[1])
    if worth is None:
        raise Unfit(_WEIGHT_WRONG, weight=found[1])
    return worth, text[found.end() :].strip()


def _commented(question: Question, text: str, way: str) -> tuple[str, str]:
    """An answer, and what is said to it."""
    words, _, said = text.partition("#")
    return words.strip(), question.said(gift_text.html(said, way)) if said.strip() else ""


def _verdict(question: Question, answers: str, way: str) -> tuple[Entry, ...]:
    word, wrong, right, *_ = [*answers.split("#", 2), "", ""]
    true = word.strip() in ("T", "TRUE")
    to_right, to_wrong = (question.said(gift_text.html(one, way)) if one.strip() else "" for one in (right, wrong))
    question.note(_NO_REASON)
    return (
        Entry("Benar", to_right if true else to_wrong, true),
        Entry("Salah", to_wrong if true else to_right, not true),
    )


def _choices(question: Question, answers: str, way: str) -> tuple[Kind, tuple[Entry, ...]]:
    several = "=" not in answers
    found = []
    for one in few(answers.replace("=", "~=").split("~")):
        if not one.strip():
            continue
        key = one.startswith("=")
        worth, text = (Fraction(1), one[1:]) if key else _weight(one, Fraction(0))
        words, said = _commented(question, text, way)
        found.append(Entry(question.words(gift_text.html(words, way)), said, worth=worth))
    if len(found) < 2:
        raise Unfit(_FEW)
    if empty(found):
        raise Unfit(_EMPTY)
    return "multiple_response" if several else "single_choice", weighed(found, several=several)


def _pairs(question: Question, answers: str, way: str) -> tuple[Entry, ...]:
    found = []
    for one in few(answers.split("=")):
        if not one.strip():
            continue
        left, arrow, right = one.partition("->")
        if not arrow or not right.strip():
            raise Unfit(_ARROW)
        words = question.words(gift_text.html(left, way)) if left.strip() else ""
        found.append(Entry(words, right=question.words(gift_text.html(right, "plain"))))
    if sum(bool(one.words) for one in found) < 2:
        raise Unfit(_LONELY)
    return tuple(found)


def _words(question: Question, answers: str, way: str) -> tuple[Entry, ...]:
    found = []
    for one in few(answers.split("=")):
        if not one.strip():
            continue
        worth, text = _weight(one, Fraction(1))
        words, said = _commented(question, text, way)
        found.append(Entry(gift_text.plain(gift_text.format_of(words, way)[1]), said, worth=worth))
    if not found:
        raise Unfit(_NO_ANSWER)
    if empty(found):
        raise Unfit(_EMPTY)
    return weighed(found)


def _numbers(question: Question, answers: str, way: str) -> tuple[Entry, ...]:
    right, wrong, to_wrong = answers.partition("~")
    found = []
    for one in few(right.split("=")):
        if not one.strip():
            continue
        worth, text = _weight(one, Fraction(1))
        words, said = _commented(question, text, way)
        value, tolerance = _range(gift_text.plain(words))
        found.append(Entry(value, said, worth=worth, tolerance=tolerance))
    if not found:
        raise Unfit(_NO_ANSWER)
    if wrong:
        found.append(Entry("*", _commented(question, to_wrong, way)[1], worth=Fraction(0)))
    return weighed(found)


def _range(text: str) -> tuple[str, Fraction | None]:
    """A number with its tolerance: `3.14`, `3.14:0.01`, `3.13..3.15`, or any other (`*`)."""
    if text == "*":
        return "*", None
    low, dots, high = text.partition("..")
    if dots:
        least, most = number(low), number(high)
        if least is None or most is None or most < least:
            raise Unfit(_NUMBER, number=text[:60])
        return number_words((least + most) / 2), (most - least) / 2 or None
    digits, _, near = text.partition(":")
    value, tolerance = number(digits), number(near) if near.strip() else Fraction(0)
    if value is None or tolerance is None or tolerance < 0:
        raise Unfit(_NUMBER, number=text[:60])
    return number_words(value), tolerance or None


def _steps(question: Question, answers: str, way: str) -> tuple[Entry, ...]:
    """What Moodle's ordering plugin writes: a first line of settings, then one step in each line."""
    found = _ORDER.match(answers)
    steps = [
        question.words(gift_text.html(one, way)) for one in few((found[2] if found else "").split("\n")) if one.strip()
    ]
    if len(steps) < 2:
        raise Unfit(_STEPS)
    question.note(_STEPS_GRADED)
    return tuple(Entry(one) for one in steps)
