"""Our questions as Moodle XML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from html import escape
from math import lcm

from app.course.item import REASON, TRUE, Item, Kind, Option, Part
from app.errors import N_
from app.exchange.tags import tags_of
from app.exchange.worths import as_number, as_percent
from app.exchange.written import (
    LOST_PAIR,
    LOST_STEP,
    Sheet,
    Written,
    asked,
    best_first,
    figure,
    gathered,
    pairs,
    worths,
)

_GAP = re.compile(r'<span data-gap="([0-9]{1,2})"></span>')
_READ = re.compile(r"[}~#\\{]")
_TYPES = {"choice": "MULTICHOICE", "short_text": "SHORTANSWER", "number": "NUMERICAL"}
_SORTED = {"layouttype": "VERTICAL", "selecttype": "ALL", "gradingtype": "RELATIVE_ALL_PREVIOUS_AND_NEXT"}
_HALVES = N_("Di Moodle alasan yang benar tetap bernilai setengah jika pernyataannya dijawab salah.")
_GRADED = N_("Nilai sebagian di Moodle dihitung menurut aturan Moodle.")


def write(items: Iterable[Item]) -> Written:
    """These questions as one file."""
    return gathered(items, _question, _file)


def _file(texts: Sequence[str]) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "".join(texts) + "</quiz>\n"


def _text(words: str) -> str:
    """A text element; signs of XML stand in a section that is not read."""
    if not re.search("[<>&]", words):
        return f"<text>{words}</text>"
    return f"<text><![CDATA[{words.replace(']]>', ']]]]><![CDATA[>')}]]></text>"


def _element(name: str, words: str, way: str = "html") -> str:
    return f'  <{name} format="{way}">{_text(words)}</{name}>\n'


def _question(sheet: Sheet) -> str:
    item = sheet.item
    kind, html, inside = _WRITERS[item.kind](sheet)
    tags = "".join(f"    <tag>{_text(tag)}</tag>\n" for tag in tags_of(item))
    return (
        f'<question type="{kind}">\n  <name>{_text(item.id)}</name>\n'
        + _element("questiontext", html)
        + _element("generalfeedback", item.explanation_html)
        + "  <defaultgrade>1</defaultgrade>\n  <penalty>0</penalty>\n"
        + f"  <hidden>{int(item.status == 'pensiun')}</hidden>\n  <idnumber>{escape(item.id)}</idnumber>\n"
        + inside
        + (f"  <tags>\n{tags}  </tags>\n" if tags else "")
        + "</question>\n"
    )


_Parts = tuple[str, str, str]


def _shuffled(item: Item) -> str:
    return f"  <shuffleanswers>{str(item.shuffle).lower()}</shuffleanswers>\n"


def _answer(words: str, worth: str, said: str, more: str = "", way: str = "html") -> str:
    feedback = f'    <feedback format="html">{_text(said)}</feedback>\n'
    return f'  <answer fraction="{worth}" format="{way}">\n    {_text(words)}\n{feedback}{more}  </answer>\n'


def _choices(sheet: Sheet) -> _Parts:
    item = sheet.item
    single = f"  <single>{str(not item.several).lower()}</single>\n"
    answers = "".join(_answer(one.html, as_percent(worth), one.feedback_html) for one, worth in worths(item))
    return "multichoice", asked(item), f"{single}{_shuffled(item)}  <answernumbering>none</answernumbering>\n{answers}"


def _verdict(sheet: Sheet) -> _Parts:
    item = sheet.item
    verdict, reason = item.parts[0], item.part(REASON)
    if reason is None:
        names = [("true" if one.id == TRUE else "false", one) for one in verdict.options]
        answers = [
            _answer(name, "100" if one.correct else "0", one.feedback_html, "", "plain_text") for name, one in names
        ]
        return "truefalse", asked(item), "".join(answers)
    sheet.note(_HALVES)
    gaps = "".join(f"<p>{_gap(part, 1)}</p>" for part in (verdict, reason))
    return "cloze", f"{_braced(asked(item))}\n{gaps}", ""


def _words(sheet: Sheet) -> _Parts:
    answers = [
        _answer(one.text, as_percent(worth), one.feedback_html, "", "plain_text") for one, worth in worths(sheet.item)
    ]
    return "shortanswer", asked(sheet.item), "  <usecase>0</usecase>\n" + "".join(answers)


def _numbers(sheet: Sheet) -> _Parts:
    answers = [
        _answer(
            figure(one), as_percent(worth), one.feedback_html,
            f"    <tolerance>{as_number(one.tolerance or Fraction(0))}</tolerance>\n", "plain_text",
        )
        for one, worth in worths(sheet.item)
    ]  # fmt: skip
    return "numerical", asked(sheet.item), "".join(answers)


def _pairs(sheet: Sheet) -> _Parts:
    found = pairs(sheet.item)
    if any(right.feedback for _, right in found):
        sheet.note(LOST_PAIR)
    sides = [f"{_text(left)}\n    <answer>{_text(right.text)}</answer>" for left, right in found]
    inside = "".join(f'  <subquestion format="html">\n    {side}\n  </subquestion>\n' for side in sides)
    return "matching", asked(sheet.item), _shuffled(sheet.item) + inside


def _steps(sheet: Sheet) -> _Parts:
    item = sheet.item
    if any(one.feedback for one in item.options):
        sheet.note(LOST_STEP)
    sheet.note(_GRADED)
    answers = [_answer(one.html, f"{place}", "") for place, one in enumerate(item.options, 1)]
    settings = "".join(f"  <{name}>{value}</{name}>\n" for name, value in _SORTED.items())
    return "ordering", asked(item), settings + "".join(answers)


def _cloze(sheet: Sheet) -> _Parts:
    item = sheet.item
    scale = lcm(*(part.weight.denominator for part in item.parts))
    made = {part.id: _gap(part, int(part.weight * scale)) for part in item.parts}
    return "cloze", _GAP.sub(lambda found: made.get(found[1], ""), _braced(asked(item))), ""


def _braced(html: str) -> str:
    """A text whose own curly brackets open no gap."""
    return html.replace("{", "&#123;").replace("}", "&#125;")


def _gap(part: Part, weight: int) -> str:
    answers = [_alternative(part, one, worth) for one, worth in _known(part)]
    return f"{{{weight}:{_TYPES[part.kind]}:{'~'.join(answers)}}}"


def _known(part: Part) -> list[tuple[Option, Fraction]]:
    if part.kind != "choice":
        return best_first(part.options)
    return [(one, one.worth if one.worth is not None else Fraction(one.correct)) for one in part.options]


def _alternative(part: Part, option: Option, worth: Fraction) -> str:
    words = option.html
    if part.kind == "number":
        words = figure(option) + (f":{as_number(option.tolerance)}" if option.tolerance else "")
    elif part.kind == "short_text":
        words = escape(option.text, quote=False)
    said = f"#{_safe(option.feedback_html)}" if option.feedback_html else ""
    return f"{'=' if worth == 1 else f'%{as_percent(worth)}%'}{_safe(words)}{said}"


def _safe(html: str) -> str:
    """Signs that would end an answer, as HTML spells them."""
    return _READ.sub(lambda found: f"&#{ord(found[0])};", html)


_WRITERS: Mapping[Kind, Callable[[Sheet], _Parts]] = {
    "single_choice": _choices, "multiple_response": _choices, "hotspot_text": _choices, "true_false": _verdict,
    "short_text": _words, "number": _numbers, "matching": _pairs, "ordering": _steps, "cloze": _cloze,
}  # fmt: skip
