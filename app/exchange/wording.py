"""Words as Markdown that reads the same: signs that would mean something there get a backslash."""

from __future__ import annotations

import re

from app.course.markdown import render_line
from app.course.texts import MAX_PARAGRAPH, unwanted
from app.errors import N_
from app.exchange.sketch import Unfit

_BLANKS = re.compile(r"[ \t\n\r\f\v]+")
_MEANING = re.compile(
    r"[\\*`]|(?<![^\W_])_|_(?![^\W_])|\[(?=\[)|(?<=\[)\[|\](?=\()|<(?=[A-Za-z/!?])|~(?=~)|(?<=~)~|=(?==)|(?<==)="
)
_EVERY = re.compile(r"[\\*`_\[\]<>~=|!#]")
_MANY = 8
_LONG = N_("Satu paragrafnya lebih dari %(limit)s huruf. Bagi paragraf itu dahulu.")
_START = re.compile(r"(?:[#>+\-|:]|\[(?=[^\[\]]{0,12}\](?!\())|=(?=>)|[0-9]{1,9}(?=[.)]))")
_CURLED = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "…": "..."})


def without_hidden(text: str) -> str:
    """The text without signs that nobody sees and no course may hold."""
    return text if unwanted(text.replace("\n", " ").replace("\r", " ")) is None else _picked(text)


def _picked(text: str) -> str:
    return "".join(sign for sign in text if sign in "\n\r" or unwanted(sign) is None)


def collapsed(text: str) -> str:
    """The text with one blank for each run of them; a blank that shall not break stays."""
    return _BLANKS.sub(" ", text)


def escaped(text: str) -> str:
    """The words with a backslash before each sign that Markdown would read."""
    # Many open brackets are slow to read as Markdown: each might begin a link.
    return safest(text) if text.count("[") > _MANY else _MEANING.sub(r"\\\g<0>", text)


def safest(text: str) -> str:
    """The words with a backslash before every sign that Markdown could read anywhere."""
    return _EVERY.sub(r"\\\g<0>", text)


def begun(line: str) -> str:
    """The line with a backslash where its first signs would begin a list, a title, a quote or a box."""
    found = _START.match(line)
    if found is None:
        return line
    return f"{found[0]}\\{line[found.end() :]}" if found[0][0].isdigit() else f"\\{line}"


def sound(markdown: str, words: str) -> str:
    """This line of Markdown if it says these words; else the words alone, with nothing in them that is Markdown."""
    if len(markdown) > MAX_PARAGRAPH:
        raise Unfit(_LONG, limit=MAX_PARAGRAPH)
    return markdown if _said(markdown) == _plainly(words) else safest(words)


def _said(markdown: str) -> str:
    return _plainly(render_line(markdown, {}, 1)[0])


def _plainly(text: str) -> str:
    return " ".join(text.translate(_CURLED).split())


def one_line(text: str) -> str:
    """The text without its line ends."""
    return re.sub(r"[ \n]+", " ", text).strip(" ")


def paragraph(markdown: str, plain: str) -> str:
    """One paragraph, its lines held apart by backslashes at their ends."""
    lines = [one_line(one) for one in markdown.strip(" \n").split("\n")]
    words = [one_line(one) for one in plain.strip(" \n").split("\n")]
    whole = " ".join(lines)
    if sound(whole, " ".join(words)) != whole:
        lines = [safest(one) for one in words]
    return "\\\n".join(begun(one) for one in lines if one)
