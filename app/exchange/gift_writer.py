"""Our questions as GIFT."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from app.course.item import REASON, TRUE, Item, Option
from app.errors import N_
from app.exchange.gift_text import escaped
from app.exchange.sketch import Unfit
from app.exchange.tags import tags_of
from app.exchange.worths import as_number, as_percent
from app.exchange.written import LOST_PAIR, LOST_STEP, Sheet, Written, asked, figure, gathered, pairs, worths

_REASON = N_("GIFT tidak mengenal benar-salah dengan alasan. Ekspor sebagai Moodle XML.")
_GAPS = N_("GIFT tidak mengenal teks rumpang dengan beberapa jawaban. Ekspor sebagai Moodle XML.")
_ARROW = N_("Jawabannya memuat “->”, yang dibaca GIFT sebagai soal memasangkan. Ekspor sebagai Moodle XML.")
_SETTINGS = "ALL VERTICAL RELATIVE_ALL_PREVIOUS_AND_NEXT HIDE"


def write(items: Iterable[Item]) -> Written:
    """These questions as one file."""
    return gathered(items, _question, _file)


def _file(texts: Sequence[str]) -> str:
    return "\n\n".join(texts) + ("\n" if texts else "")


def _question(sheet: Sheet) -> str:
    item = sheet.item
    lines = list(_answers(sheet))
    if item.explanation_html:
        lines.append(f"####{_html(item.explanation_html)}")
    tags = "".join(f" [tag:{_tag(tag)}]" for tag in tags_of(item))
    opening = "{" if item.kind in ("number", "ordering", "true_false") else "{\n"
    head = f"// [id:{_tag(item.id)}]{tags}\n::{escaped(item.id)}::[html]{escaped(asked(item))}"
    return f"{head}{opening}{chr(10).join(lines)}\n}}"


def _tag(text: str) -> str:
    return text.replace("]", "\\]")


def _answers(sheet: Sheet) -> Iterator[str]:
    item = sheet.item
    if item.kind == "true_false":
        yield _verdict(item)
    elif item.kind == "cloze":
        raise Unfit(_GAPS)
    elif item.kind == "matching":
        yield from _pairs(sheet)
    elif item.kind == "ordering":
        if any(one.feedback for one in item.options):
            sheet.note(LOST_STEP)
        yield f">{len(item.options)} {_SETTINGS}"
        yield from (_html(one.html) for one in item.options)
    elif item.kind == "number":
        yield "#"
        yield from _numbers(item)
    elif item.kind == "short_text":
        if any("->" in one.text for one in item.options):
            raise Unfit(_ARROW)
        yield from (f"={_weight(worth, one.text)}{_plain(one.text)}{_said(one)}" for one, worth in worths(item))
    else:
        yield from _choices(item)


def _choices(item: Item) -> Iterator[str]:
    """Options to choose among. The first right one says that it is the only one to choose."""
    said = False
    for one, worth in worths(item):
        full = worth == 1 and not item.several and not said
        said = said or full
        yield f"{'=' if full else '~'}{'' if full else _percent(worth)}{_html(one.html)}{_said(one)}"


def _html(html: str) -> str:
    """A text in the format of the question; one that begins like a setting says its format first."""
    mark = "[html]" if html.startswith(("%", "[", "//", ">")) else ""
    return mark + escaped(html)


def _plain(text: str) -> str:
    return ("[plain]" if text.startswith(("[", "//")) else "") + escaped(text)


def _said(option: Option) -> str:
    return f"#{_html(option.feedback_html)}" if option.feedback_html else ""


def _percent(worth: Fraction) -> str:
    return f"%{as_percent(worth)}%" if worth else ""


def _weight(worth: Fraction, text: str) -> str:
    """What a written answer is worth, where it is not everything."""
    return "" if worth == 1 and not text.startswith("%") else f"%{as_percent(worth)}%"


def _verdict(item: Item) -> str:
    if item.part(REASON) is not None:
        raise Unfit(_REASON)
    verdict = item.parts[0]
    right = next(one for one in verdict.options if one.correct)
    wrong = next(one for one in verdict.options if not one.correct)
    said = f"#{_html(wrong.feedback_html)}#{_html(right.feedback_html)}"
    return ("TRUE" if right.id == TRUE else "FALSE") + ("" if said == "##" else said)


def _pairs(sheet: Sheet) -> Iterator[str]:
    for left, right in pairs(sheet.item):
        if right.feedback and not sheet.notes:
            sheet.note(LOST_PAIR)
        yield f"={_html(left)} -> {escaped(right.text)}"


def _numbers(item: Item) -> Iterator[str]:
    other: Option | None = None
    for one, worth in worths(item):
        if one.text == "*" and not worth and other is None:
            other = one
            continue
        near = f":{as_number(one.tolerance)}" if one.tolerance else ""
        yield f"={_weight(worth, '')}{figure(one)}{near}{_said(one)}"
    if other is not None:
        yield f"~{_said(other) or '#'}"
