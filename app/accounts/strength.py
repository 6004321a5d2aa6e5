"""Which passwords are too easy to guess: common ones, walks over the keyboard, the person's own names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from app.errors import N_

LEAST, MOST = 10, 200
TOO_SHORT = N_("Kata sandi paling sedikit 10 huruf atau angka. Beberapa kata acak lebih mudah diingat.")
TOO_LONG = N_("Kata sandi paling panjang 200 huruf.")
COMMON = N_("Kata sandi ini terlalu sering dipakai orang. Pakai 3 kata acak, misalnya nama benda di sekitar Anda.")
PERSONAL = N_("Kata sandi ini mudah ditebak dari nama atau tempat Anda. Pakai 3 kata acak yang lain.")

# The list joins those that Django (BSD) and zxcvbn (MIT) ship, without their trailing digits, and Indonesian ones.
_LIST = Path(__file__).with_name("common_passwords.txt")
_HERE = ("cakapbontang", "cakap", "kotabontang", "bontang", "kota")
_LINES = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "qazwsxedcrfvtgb",
    "!@#$%^&*()_+",
)
_ROWS = tuple(row for line in _LINES for row in (line, line[::-1]))
_LEET = str.maketrans("013457$@", "oieastsa")


@cache
def _common() -> frozenset[str]:
    return frozenset(_LIST.read_text(encoding="utf-8").split())


def weakness(password: str, names: Iterable[str] = ()) -> str | None:
    """The sentence that says why this password is refused, None when it may be used.

    `names` are words that a stranger could guess from the person: name, user name, kelurahan.
    """
    if len(password) < LEAST:
        return TOO_SHORT
    if len(password) > MOST:
        return TOO_LONG
    letters = _bare(password)
    if len(set(password.casefold())) < 5 or _walks(letters or password) or (letters and _is_common(letters)):
        return COMMON
    rest = letters
    for word in sorted(
        {_bare(part) for name in (*names, *_HERE) for part in (name, *_parts(name))}, key=len, reverse=True
    ):
        if len(word) >= 3:
            rest = rest.replace(word, " ")
    if rest != letters:
        rest = rest.replace(" ", "").strip("0123456789")
        if len(rest) < 4 or rest in _common():
            return PERSONAL
    return None


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _parts(name: str) -> list[str]:
    return re.split(r"[\W_]+", name.casefold())


def _is_common(letters: str) -> bool:
    core = letters.strip("0123456789")
    return not _common().isdisjoint((letters, core, core.translate(_LEET), _repeats(letters)))


def _repeats(letters: str) -> str:
    """The piece of at most half the length that the text consists of when it only repeats, else the text."""
    for size in range(1, len(letters) // 2 + 1):
        piece = letters[:size]
        if piece * (len(letters) // size) + piece[: len(letters) % size] == letters:
            return piece.strip("0123456789") or piece
    return letters


def _walks(text: str) -> bool:
    """Whether the text is nothing but runs of neighbours on a keyboard, in the alphabet or in counting."""
    at = 0
    while at < len(text):
        runs = (
            size for size in range(min(len(text) - at, 26), 2, -1) if any(text[at : at + size] in row for row in _ROWS)
        )
        if (run := next(runs, 0)) == 0:
            return False
        at += run
    return True
