"""The questions of Moodle's own quiz tests, as its XML would hold them, and its tables of answers and marks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from fractions import Fraction
from functools import cache

from app.course.item import VERDICT, Item
from app.course.responses import canonical
from app.course.scoring import points
from app.exchange import moodle_xml
from tests.exchange.samples import SHARED, fixture

TRUTH = "moodle-quiz-truth"
Row = dict[str, str]


def _answer(fraction: object, text: str, more: str = "") -> str:
    return f'<answer fraction="{fraction}" format="html"><text>{text}</text>{more}</answer>'


def _question(kind: str, name: str, text: str, inside: str) -> str:
    return (
        f'<question type="{kind}"><name><text>{name}</text></name><questiontext format="html"><text>{text}</text>'
        f"</questiontext>{inside}</question>"
    )


def _pair(left: str, right: str) -> str:
    return f'<subquestion format="html"><text>{left}</text><answer><text>{right}</text></answer></subquestion>'


def _choices(single: bool, worths: tuple[int, int, int, int]) -> str:
    names = ("One", "Two", "Three", "Four")
    answers = "".join(_answer(worth, name) for worth, name in zip(worths, names, strict=True))
    return f"<single>{str(single).lower()}</single>{answers}"


# A calculated question is one question of ours for each of its sets of numbers.
SUMS = {2: "8.5", 3: "3.3", 4: "19.4", 5: "14.2", 6: "9.4", 7: "9.1", 8: "5.7", 9: "7.1", 10: "10.9"}
_QUIZ = [
    _question("shortanswer", "shortanswer", "Name an amphibian?",
              _answer(100, "frog") + _answer(80, "toad") + _answer(0, "*")),
    _question("numerical", "numerical", "What is pi to two d.p.?",
              "".join(_answer(100 if one == "3.14" else 0, one, "<tolerance>0</tolerance>")
                      for one in ("3.14", "3.142", "3.1", "3", "*"))),
    _question("matching", "match", "Classify the animals?",
              _pair("frog", "amphibian") + _pair("cat", "mammal") + _pair("newt", "amphibian") + _pair("", "insect")),
    _question("truefalse", "truefalse", "The answer is true?", _answer(100, "true") + _answer(0, "false")),
    _question("multichoice", "two_of_four", "Which are the odd numbers?", _choices(False, (50, 0, 50, 0))),
    _question("multichoice", "one_of_four", "Which is the oddest number?", _choices(True, (100, 0, 0, 0))),
    _question("cloze", "multianswer", "Complete this opening line of verse: "
              "The {1:SHORTANSWER:Dog#Wrong, silly!~=Owl#Well done!~*#Wrong answer} and the "
              "{1:MULTICHOICE:Bow-wow~Wiggly worm~=Pussy-cat#Well done!} went to sea.", ""),
    *(_question("numerical", f"calculatedsimple-{variant}", "What is a + b?",
                _answer(100, total, "<tolerance>0.01</tolerance>")) for variant, total in SUMS.items()),
]  # fmt: skip


@cache
def questions() -> dict[str, Item]:
    """The questions by name, read as any file of Moodle's is."""
    found = moodle_xml.read(f"<quiz>{''.join(_QUIZ)}</quiz>".encode())
    assert not found.refused
    return {item.id.replace("-of-", "_of_"): item for item in found.items}


def rows(name: str) -> list[Row]:
    """A table of Moodle's."""
    return list(csv.DictReader(io.StringIO(fixture(f"{TRUTH}/{name}").decode("utf-8-sig"))))


def names(pattern: str) -> list[str]:
    """The tables there are."""
    return sorted(path.relative_to(SHARED / TRUTH).as_posix() for path in (SHARED / TRUTH).glob(pattern))


def slots(name: str) -> dict[str, str]:
    """What stands in each slot of the quiz: the name of a question, or `random`."""
    return {row["slot"]: row["which"] or row["type"] for row in rows(name) if row["slot"]}


def item_of(kind: str, slot: str, row: Row) -> Item:
    """The question that this attempt got in this slot."""
    if kind == "random":
        kind = row[f"randqs.{slot}"]
    if kind in ("calculatedsimple", "sumwithvariants"):
        kind = f"calculatedsimple-{row[f'variants.{slot}']}"
    return questions()[kind]


def given(item: Item, slot: str, row: Row) -> list[str]:
    """What was answered, as our pages would send it."""
    fields = {key.removeprefix(f"responses.{slot}."): value for key, value in row.items() if value}
    if item.kind == "multiple_response":
        return [one.id for one in item.options if fields.get(one.text) == "1"]
    if item.kind == "matching":
        return [token for part in item.parts for token in _chosen(item, part.id, fields.get(part.text, ""))]
    if item.kind == "cloze":
        return [
            t for n, part in enumerate(item.parts, 1) for t in _chosen(item, part.id, fields.get(f"{n}.answer", ""))
        ]
    answer = fields.get("answer", "")
    if item.kind == "true_false":
        return [f"{VERDICT}={'benar' if answer == '1' else 'salah'}"]
    if item.kind == "single_choice":
        return [one.id for one in item.options if one.text == answer]
    return [answer]


def told(item: Item, summary: str) -> list[str]:
    """What was answered, as Moodle sums it up in words."""
    if item.kind == "true_false":
        return [f"{VERDICT}={'benar' if summary == 'True' else 'salah'}"]
    if item.kind == "matching":
        pairs = dict(one.split(" -> ") for one in summary.split("; "))
        return [token for part in item.parts for token in _chosen(item, part.id, pairs.get(part.text, ""))]
    return [summary]


def _chosen(item: Item, part_id: str, words: str) -> Iterator[str]:
    part = item.part(part_id)
    assert part is not None
    if part.kind != "choice":
        yield f"{part_id}={words}"
    else:
        yield from (f"{part_id}={one.id}" for one in part.options if one.text == words)


def mark(item: Item, answer: list[str]) -> Fraction:
    """What our scoring gives for it."""
    return points(item, canonical(item, answer))
