"""Texts as people type them: signs we refuse, quotes that curl, words and sentences that are counted."""

from __future__ import annotations

import re
import unicodedata

from app.course.shapes import Problem
from app.errors import N_

MAX_FILES = 300
MAX_BYTES = 200_000
MAX_LINE = 5_000
MAX_PARAGRAPH = 3_000  # a paragraph of brackets takes a fifth of a second at this length; real ones have some 500

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
# Controls, half characters, private line ends, and marks that make a text read differently from how it is stored.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

_ABBREVIATION = re.compile(
    r"(?:^|[\s(“‘\"'])(?:dr|drs|hj|h|bpk|sdr|sdri|jl|no|hlm|rp|tel|telp|yth|prof|ir|kec|kel|kab"
    r"|contoh|mis|a\.n|u\.p|s\.d|d\.a|[A-Z])\.$",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?…]+[”’\"')\]]*(?=\s+[“‘\"'(\[]*[^\W_a-zà-ÿ])")
_WORD = re.compile(r"[^\W_]")


def is_slug(text: str) -> bool:
    """Whether the text may serve as a lasting id: small letters, digits, hyphens."""
    return len(text) <= 64 and SLUG.match(text) is not None


def unwanted(text: str) -> str | None:
    """The code point of the first sign we do not store, or None."""
    found = _UNWANTED.search(text)
    return f"U+{ord(found.group()):04X}" if found else None


def plain_lines(text: str) -> str:
    """The text with one kind of line end and without a byte order mark."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def clean(file: str, text: str, problems: list[Problem]) -> str | None:
    """The text ready for reading, or None when it cannot be read at all."""
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        problems.append(Problem(file, 1, N_("Berkas ini lebih besar dari 200 KB. Bagi menjadi beberapa berkas.")))
        return None
    text = plain_lines(text)
    run = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if (sign := unwanted(line)) is not None:
            message = N_("Baris ini memuat tanda tersembunyi %(sign)s. Hapus tanda itu.")
            problems.append(Problem(file, number, message, {"sign": sign}))
            return None
        if len(line) > MAX_LINE:
            problems.append(Problem(file, number, N_("Baris ini lebih dari 5.000 huruf. Bagi menjadi beberapa baris.")))
            return None
        run = run + len(line) if line.strip() else 0
        if run > MAX_PARAGRAPH and file.endswith(".md"):
            message = N_("Paragraf ini lebih dari 3.000 huruf. Beri baris kosong di antara paragraf.")
            problems.append(Problem(file, number, message))
            return None
    return text


def curl(text: str, before: str = " ") -> str:
    """Straight quotes and three dots as a printer would set them; `before` is the sign that stands before the text."""
    if not ('"' in text or "'" in text or "..." in text):
        return text
    signs: list[str] = []
    for place, sign in enumerate(text):
        if sign in "\"'":
            after = text[place + 1 : place + 2]
            opens = (before.isspace() or before in "([{–—/“‘") and not after.isspace()
            sign = ("“" if opens else "”") if sign == '"' else ("‘" if opens else "’")
        signs.append(sign)
        before = sign
    return re.sub(r"\.{3}", "…", "".join(signs))


def normal(text: str) -> str:
    """The text without accidents of spacing and encoding."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def count_words(text: str) -> int:
    """Words a person reads; a lone dash or dot is none."""
    return sum(1 for word in text.split() if _WORD.search(word))


def sentences(text: str) -> list[str]:
    """The sentences of one paragraph; a dot inside a number, an address or a file name ends none."""
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        if _ABBREVIATION.search(text[start : end.end()]):
            continue
        found.append(text[start : end.end()].strip())
        start = end.end()
    rest = text[start:].strip()
    return [sentence for sentence in (*found, rest) if count_words(sentence)]
