"""Texts within GIFT: signs behind a backslash, and the format each text may name."""

from __future__ import annotations

import re

from app.exchange.formats import NAMED, html_of

_ESCAPED = re.compile(r"\\([\\~=#{}:n])")
_CONTROL = re.compile(r"[\\~=#{}:]")
_AWAY = 0xE100  # an escaped sign waits here, out of reach of everything that reads signs
_PLACES = re.compile("[\ue100-\ue1ff]")
PRIVATE = re.compile("[\ue000-\uf8ff]")


def hidden(text: str) -> str:
    """The text with its escaped signs out of the way."""
    return _ESCAPED.sub(lambda found: chr(_AWAY + ord(found[1])), text)


def plain(text: str) -> str:
    """The text in one line, with its escaped signs back."""
    return " ".join(_back(text).split())


def _back(text: str) -> str:
    return _PLACES.sub(lambda found: "\n" if (sign := chr(ord(found[0]) - _AWAY)) == "n" else sign, text)


def format_of(text: str, usual: str) -> tuple[str, str]:
    """The format a text names at its beginning, and the rest of it."""
    text = text.strip()
    name, bracket, rest = text[1:].partition("]") if text.startswith("[") else ("", "", text)
    return (name, rest.strip()) if bracket and name in NAMED else (usual, text)


def html(text: str, usual: str) -> str:
    """The text as HTML. Its line ends only wrap it, except in Markdown; an escaped n ends a line."""
    way, text = format_of(text, usual)
    return html_of(_back(text if way == "markdown" else text.replace("\n", " ")).strip(), way)


def escaped(text: str) -> str:
    """The text for a file: one line, with a backslash before each sign that GIFT reads."""
    return _CONTROL.sub(r"\\\g<0>", text.strip()).replace("\n", "\\n")
