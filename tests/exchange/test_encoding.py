"""Bytes of a text file: whatever a trainer's editor wrote is read, or refused in a sentence with the line."""

from __future__ import annotations

import codecs

import pytest

from app.exchange.encoding import decode
from app.exchange.shapes import Unreadable

WORDS = "Siapa “Bontang” é?\nYa"


@pytest.mark.parametrize(
    "data",
    [
        WORDS.encode(),
        WORDS.encode("utf-8-sig"),
        WORDS.encode("utf-16"),
        codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"),
        WORDS.replace("\n", "\r\n").encode(),
        WORDS.replace("\n", "\r").encode(),
    ],
)
def test_every_spelling_of_unicode_is_the_same_text(data: bytes) -> None:
    assert decode(data) == (WORDS, ())


def test_what_old_windows_programs_wrote_is_read_and_said() -> None:
    text, notes = decode(WORDS.encode("cp1252"))
    assert text == WORDS and "Windows-1252" in notes[0].text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a\nb\x00c", "tanda kendali di baris 2"),
        ("satu\ndua".encode("utf-16-le"), "tanda kendali di baris 1"),
        (b"a\n\n\xe9\x81", "baris 3"),
        (codecs.BOM_UTF16_LE + b"a\x00\x00\xd8b\x00", "UTF-16"),
        (codecs.BOM_UTF8 + b"a\n\xff", "baris 2"),
        (WORDS.encode("utf-32"), "UTF-32"),
    ],
)
def test_what_is_no_text_is_refused_with_its_line(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        decode(data)
