"""Aiken: each `ANSWER:` is a question."""

from __future__ import annotations

import pytest

from app.exchange import aiken
from tests.exchange.samples import expected, fixture


def test_every_question_of_moodles_own_file_is_read() -> None:
    found = aiken.read(fixture("moodle-questions/aiken/questions.aiken.txt"))
    known = expected("moodle-questions/aiken/questions.aiken.txt")
    assert len(found.items) == sum(found.kinds.values()) == known["ANSWER_lines"]
    first, second = found.items
    assert [one.text for one in first.options if one.correct] == ["Martin Dougiamas"]
    assert "&lt;html" in second.stem_html and "&amp; images" in second.stem_html


def test_letters_with_dots_several_lines_and_small_letters() -> None:
    (item,) = aiken.read(b"Pesan ini datang.\nMana?\n\nA. satu\nB. dua\nC) tiga\nanswer: c\n").items
    assert item.stem == "Mana?" and "Pesan ini datang." in item.html
    assert [one.correct for one in item.options] == [False, False, True]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mana?\nA) a\nB) b\n", "tidak ditutup"),
        ("Mana?\nA) a\nANSWER: A\n", "kurang dari dua"),
        ("Mana?\nA) a\nB) b\nANSWER: D\n", "“ANSWER: D”"),
        ("Mana?\nA) a\nB) b\nANSWER: A, B\n", "“ANSWER: A, B”"),
        ("Mana?\nA) a\nA) b\nANSWER: A\n", "huruf yang sama"),
        ("Mana?\nA) a\nB)\nANSWER: A\n", "kosong"),
    ],
)
def test_what_is_broken_says_why_and_where(text: str, words: str) -> None:
    found = aiken.read(f"Baik?\nA) a\nB) b\nANSWER: A\n\n{text}".encode())
    (no,) = found.refused
    assert len(found.items) == 1 and words in no.text and no.line == 6
