"""GIFT, Moodle's text format: questions between empty lines, their answers in curly brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.errors import N_
from app.exchange import encoding, gift_text
from app.exchange.gathering import Gathering, Question
from app.exchange.gift_answers import entries
from app.exchange.making import parted
from app.exchange.shapes import Found
from app.exchange.sketch import Sketch, Unfit

_CATEGORY = re.compile(r"\$CATEGORY:[ \t]*(.*)\Z")
_ID = re.compile(r"\[id:((?:\\\]|[^\]])+)\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]])+)\]")
_CLOSING = re.compile(r"[\s.,;:!?\"'”’)]*\Z")
_ENDED = re.compile(r"[.?!:…][\"'”’)]*\s*\Z")
GAP = "…"

_ONE_BRACE = N_("Kurung kurawal jawabannya tidak berpasangan. Tulis “{” sebelum dan “}” setelah jawaban.")
_MORE_BRACES = N_(
    "Ada lebih dari satu bagian {…}. Bagi menjadi beberapa soal, atau tulis \\{ dan \\} untuk teks biasa."
)
_DESCRIPTION = N_("Ini keterangan tanpa jawaban, bukan soal. Tulis sebagai materi.")


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between two empty lines: its first line, its text, the comments in it."""

    line: int
    text: str
    comments: str


def read(data: bytes) -> Found:
    """The questions of this file; raises Unreadable."""
    text, notes = encoding.decode(data)
    gathering = Gathering()
    for block in blocks(text):
        if text := _without_category(block.text, gathering):
            _read(block, text, gathering)
    return gathering.found(notes)


def looks_like(text: str) -> bool:
    """Whether this is such a file: curly brackets or a category in one of its blocks."""
    return any("{" in block.text or _CATEGORY.match(block.text.partition("\n")[0]) for block in blocks(text))


def blocks(text: str) -> Iterator[Block]:
    """The stretches between empty lines, with their escaped signs out of the way."""
    lines: list[tuple[int, str]] = []
    for number, line in enumerate([*gift_text.PRIVATE.sub("", text).split("\n"), ""], 1):
        if line.strip():
            lines.append((number, line))
            continue
        said = [one for one in lines if not one[1].lstrip().startswith("//")]
        if said:
            comments = "\n".join(one for _, one in lines if one.lstrip().startswith("//"))
            yield Block(said[0][0], gift_text.hidden("\n".join(one for _, one in said).strip()), comments)
        lines = []


def _without_category(text: str, gathering: Gathering) -> str:
    first, _, rest = text.partition("\n")
    if (found := _CATEGORY.match(first.strip())) is None:
        return text
    if (name := gift_text.plain(found[1])) not in gathering.categories:
        gathering.categories.append(name)
    return rest.strip()


def _read(block: Block, text: str, gathering: Gathering) -> None:
    name = ""
    if text.startswith("::"):
        before, closed, after = text[2:].partition("::")
        if closed:
            name, text = gift_text.plain(before), after.strip()
    start, end = text.find("{"), text.find("}")
    if start < 0 and end < 0:
        gathering.question("description", name, block.line).refuse(Unfit(_DESCRIPTION))
    elif start < 0 or end < start:
        gathering.question("gift", name, block.line).refuse(Unfit(_ONE_BRACE))
    else:
        answers, why = _with_why(text[start + 1 : end].strip())
        question = gathering.question(_kind(answers), name, block.line)
        try:
            if "{" in text[start + 1 :] or "}" in text[end + 1 :]:
                raise Unfit(_MORE_BRACES)
            _keep(question, block, _asked(text[:start], text[end + 1 :]), answers, why)
        except Unfit as no:
            question.refuse(no)


def _with_why(answers: str) -> tuple[str, str]:
    """The answers, and what is said to all of them."""
    before, mark, after = answers.rpartition("####")
    return (before.strip(), after) if mark else (answers, "")


def _kind(answers: str) -> str:
    """What Moodle calls the type of these answers."""
    if not answers:
        return "essay"
    if answers.startswith("#"):
        return "numerical"
    if answers.startswith(">"):
        return "ordering"
    if "~" in answers:
        return "multichoice"
    if "=" in answers and "->" in answers:
        return "match"
    return "truefalse" if answers.partition("#")[0].strip() in ("T", "TRUE", "F", "FALSE") else "shortanswer"


def _asked(head: str, tail: str) -> str:
    """What is asked; answers within a sentence leave a gap there."""
    if not tail.strip() or (_CLOSING.match(tail) and _ENDED.search(head)):
        return head
    return f"{head}{GAP}{tail}"


def _keep(question: Question, block: Block, asked: str, answers: str, why: str) -> None:
    way, _ = gift_text.format_of(asked, "moodle")
    kind, found = entries(question, answers, way)
    stem, body = parted(question.prose(gift_text.html(asked, way)), kind)
    said = question.said(gift_text.html(why, way)) if why.strip() else ""
    given = _ID.search(block.comments)
    tags = [one.replace("\\]", "]") for one in _TAG.findall(block.comments)]
    sketch = Sketch(question.name, kind, stem, body, found, explanation=said)
    question.keep(sketch, tags, given[1].replace("\\]", "]").strip() if given else "")
