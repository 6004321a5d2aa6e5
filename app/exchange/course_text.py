"""Questions in the text format of our courses: what is written here, `app.course.items` reads as the same question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from app.course.cards import KINDS_BY_WORD
from app.course.item import REASON, TRUE, VERDICT, Item, Option
from app.course.items import option_id
from app.course.readings import folded, readings
from app.course.texts import MAX_LINE, MAX_PARAGRAPH
from app.errors import N_
from app.exchange import markup
from app.exchange.sketch import About, Entry, Gap, Sketch, Unfit
from app.exchange.wording import begun
from app.exchange.worths import as_number, as_percent

_WORDS = {kind: word for word, kind in KINDS_BY_WORD.items()}
_WRITTEN = ("short_text", "number")
_LONG = N_("Satu paragrafnya lebih dari %(limit)s huruf. Bagi paragraf itu dahulu.")
_CROWDED = 2_000  # signs of options in a row; more get an empty line between them, for a paragraph has a limit
_GAP_KINDS = {"choice": "", "short_text": " isian", "number": " angka"}


def write(items: Iterable[Item], *, in_bank: bool = True) -> str:
    """These questions one after the other; a quiz does not name the module, for it stands in one."""
    return "\n".join(text_of(sketch_of(item), in_bank=in_bank) for item in items)


def text_of(sketch: Sketch, *, in_bank: bool = True) -> str:
    """The question as a trainer would write it."""
    lines = [f"## {sketch.stem} {{{' '.join(_attributes(sketch, in_bank))}}}".replace("##  {", "## {"), ""]
    if sketch.body:
        lines += [sketch.body, ""]
    if sketch.gaps:
        for gap in sketch.gaps:
            weight = "" if gap.weight == 1 else f" bobot={as_number(gap.weight, ',')}"
            lines += [f"{{{gap.number}{_GAP_KINDS[gap.kind]}{weight}}}", "", *_entries(gap.entries, gap.kind), ""]
    else:
        lines += [*_entries(sketch.entries, sketch.kind), ""]
    if sketch.reasons:
        lines += ["### Alasan", "", *_entries(sketch.reasons, "choice"), ""]
    if sketch.explanation:
        why = begun(sketch.explanation)
        lines += ["### Pembahasan", "", f"\\{why}" if why.startswith("{") else why, ""]
    return _fitting("\n".join(lines))


def _fitting(text: str) -> str:
    for paragraph in re.split(r"\n[ \t]*\n", text):
        if len(paragraph) > MAX_PARAGRAPH or any(len(line) > MAX_LINE for line in paragraph.split("\n")):
            raise Unfit(_LONG, limit=MAX_PARAGRAPH)
    return text


def _attributes(sketch: Sketch, in_bank: bool) -> Iterator[str]:
    about = sketch.about
    yield f"#{sketch.id}"
    if not _plain_choice(sketch):
        yield f"jenis={_WORDS[sketch.kind]}"
    if about.bloom:
        yield f"bloom={about.bloom}"
    if about.objective:
        yield f"tujuan={about.objective}"
    if about.module and in_bank:
        yield f"modul={about.module}"
    if about.digcomp:
        yield f"digcomp={','.join(about.digcomp)}"
    if not about.shuffle:
        yield "acak=tidak"
    if about.status != "terbit":
        yield f"status={about.status}"
    if about.difficulty is not None:
        yield f"sulit={round(about.difficulty, 3):g}"


def _plain_choice(sketch: Sketch) -> bool:
    """Whether the marks of its options alone say what kind it is."""
    if any(entry.worth is not None for entry in sketch.entries):
        return False
    keys = sum(entry.correct for entry in sketch.entries)
    return (sketch.kind == "single_choice" and keys == 1) or (sketch.kind == "multiple_response" and keys > 1)


def _entries(entries: Sequence[Entry], kind: str) -> list[str]:
    lines: list[str] = []
    crowded = sum(len(entry.words) + len(entry.said) + len(entry.right) for entry in entries) > _CROWDED
    taken: set[str] = set()
    for place, entry in enumerate(entries, 1):
        entry = _named(entry, kind, taken)
        if kind == "ordering":
            lines.append(f"{place}. {_with_id(begun(entry.words), entry.id)}")
        elif kind == "matching":
            left = _with_id(begun(_one_arrow(entry.words)), entry.id) if entry.words else ""
            lines.append(f"- {left} => {_with_id(_one_arrow(entry.right), entry.right_id)}".replace("-  =>", "- =>"))
        else:
            lines.append(f"- [{_mark(entry)}] {_with_id(_answer(entry, kind), entry.id)}")
        if entry.said:
            lines.append(f"  > {entry.said}")
        if crowded:
            lines.append("")
    return lines


def _named(entry: Entry, kind: str, taken: set[str]) -> Entry:
    """The entry, with an id of its own where another has the same words."""
    # Two left sides may share a right one, so only the left ones are told apart.
    name, given = entry.id or _own_id(entry, kind), entry.id
    number = 2
    while name in taken:
        name = given = f"{(entry.id or option_id(entry.words))[:56]}-{number}"
        number += 1
    if entry.words:
        taken.add(name)
    return replace(entry, id=given)


def _own_id(entry: Entry, kind: str) -> str:
    """The id our courses give these words when nobody gave them one."""
    if kind == "short_text" and "*" not in entry.words:
        return option_id(folded(entry.words).replace(" ", ""))
    return option_id(_answer(entry, kind))


def _with_id(words: str, name: str) -> str:
    """Words that end like an id get theirs written out, so that theirs is not read as one."""
    if not name and "{#" in words and words.endswith("}"):
        name = option_id(words)
    return f"{words} {{#{name}}}" if name else words


def _one_arrow(words: str) -> str:
    return words.replace("=>", "=\\>")


def _mark(entry: Entry) -> str:
    if entry.worth is not None:
        return as_percent(entry.worth)
    return "x" if entry.correct else " "


def _answer(entry: Entry, kind: str) -> str:
    if kind != "number" or entry.words == "*":
        return entry.words
    return entry.words + (f" ± {number_words(entry.tolerance)}" if entry.tolerance else "")


def number_words(value: Fraction) -> str:
    """A number as people here write it, so that it can be read in one way only."""
    words = as_number(value, ",")
    return words if len(readings(words)) == 1 else f"{words}0"


def sketch_of(item: Item) -> Sketch:
    """The question with its words in Markdown."""
    about = About(
        item.bloom, item.objective, item.module, item.digcomp, item.shuffle, item.status, item.difficulty
    )  # fmt: skip
    sketch = Sketch(
        id=item.id,
        kind=item.kind,
        stem=markup.line(item.stem_html).markdown,
        body=markup.prose(item.html).markdown,
        explanation=markup.line(item.explanation_html, linked=True).markdown,
        about=about,
    )
    if item.kind == "true_false":
        verdict, reason = item.part(VERDICT), item.part(REASON)
        said = () if verdict is None else tuple(
            Entry("Benar" if one.id == TRUE else "Salah", _said(one), one.correct, one.worth) for one in verdict.options
        )  # fmt: skip
        return replace(sketch, entries=said, reasons=tuple(_entry(one) for one in reason.options) if reason else ())
    if item.kind == "matching":
        return replace(sketch, entries=tuple(_pairs(item)))
    if item.kind == "cloze":
        gaps = [
            Gap(int(part.id), part.kind, tuple(_entry(one, part.kind) for one in part.options), part.weight)
            for part in item.parts
        ]
        return replace(sketch, gaps=tuple(gaps))
    if item.kind == "ordering":
        return replace(sketch, entries=tuple(replace(_entry(one), correct=False) for one in item.options))
    return replace(sketch, entries=tuple(_entry(one, item.kind) for one in item.options))


def _said(option: Option) -> str:
    return markup.line(option.feedback_html, linked=True).markdown


def _entry(option: Option, kind: str = "choice") -> Entry:
    words = option.text if kind in _WRITTEN else markup.line(option.html).markdown
    entry = Entry(words, _said(option), option.correct, option.worth, option.tolerance)
    name = "" if _own_id(entry, kind) == option.id else option.id
    if option.picture is not None:
        name = "" if option_id(option.text) == option.id else option.id
        entry = replace(entry, words=f"![{option.picture.alt}]({option.picture.file})")
    return replace(entry, id=name)


def _pairs(item: Item) -> Iterator[Entry]:
    used: set[str] = set()
    for part in item.parts:
        left = markup.line(part.html).markdown
        right = next((one for one in part.options if one.correct), None)
        if right is None:
            continue
        entry = _entry(right)
        used.add(right.id)
        name = "" if option_id(left) == part.id else part.id
        yield Entry(left, entry.said, id=name, right=entry.words, right_id=entry.id)
    for option in item.parts[0].options if item.parts else ():
        if option.id not in used:
            entry = _entry(option)
            yield Entry("", right=entry.words, right_id=entry.id)
