"""QTI 2 and QTI 3: single items and tests in files of XML, read into questions of ours."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from app.course.item import Item
from app.course.shapes import Medium
from app.errors import N_, Fact
from app.exchange import safe_xml
from app.exchange.fitting import fitted
from app.exchange.making import fresh, slug
from app.exchange.qti_answers import Answers
from app.exchange.qti_kinds import READABLE, Reading
from app.exchange.qti_own import own_of
from app.exchange.qti_said import GENERAL, Said
from app.exchange.qti_scoring import Scoring, scoring
from app.exchange.qti_tree import every, neutral, sheet
from app.exchange.qti_words import Pictures, Words
from app.exchange.shapes import Found, Remark, Unreadable
from app.exchange.sketch import Unfit

_OLD = N_("Ini berkas QTI versi 1. Yang kami baca: QTI 2.0, 2.1, 2.2, dan 3.0.")
_OTHER = N_("Unsur terluarnya “%(name)s”, bukan soal QTI 2.1, 2.2, atau 3.0.")
_UNSUPPORTED = N_("Interaksi “%(name)s” belum punya padanan di sini. Buat ulang soalnya dengan jenis lain.")
_ADAPTIVE = N_("Soal ini berubah selama dijawab (adaptive), yang di sini tidak punya tempat.")
_TEMPLATED = N_("Soal ini menyusun isinya sendiri dengan templateProcessing, yang di sini tidak punya tempat.")
_HUGE = N_("Soal ini memuat lebih dari %(limit)s unsur atau %(letters)s huruf. Bagi menjadi beberapa soal.")
_REFERENCE = N_("Berkas tes hanya menyebut soal “%(href)s”. Unggah paketnya (zip), atau berkas soal itu.")
MOST_ELEMENTS, MOST_LETTERS = 1_000, 30_000  # of one item; real ones have some 100, and 2,000
_VERSION_1 = re.compile(rb"<(?:\w+:)?questestinterop[\s/>]|DOCTYPE\s+questestinterop")


@dataclass(frozen=True, slots=True)
class One:
    """What became of one item: a question or the reason, and the notes."""

    item: Item | None
    refused: Remark | None
    notes: tuple[Remark, ...]
    kinds: Mapping[str, int]


def read(data: bytes) -> Found:
    """The questions in one file of XML. Raises Unreadable when it is none of QTI 2 or 3."""
    root = opened(data)
    if not is_item(root):
        return _test(root)
    one = read_item(root, lambda source, words: None, {}, set())
    return found([one])


def opened(data: bytes) -> Element:
    """The outermost element: an item or a test of QTI 2 or 3."""
    if _VERSION_1.search(data[:5_000].replace(b"\0", b"")):
        raise Unreadable(_OLD)
    root = safe_xml.parse(data)
    if not (is_item(root) or is_test(root)):
        raise Unreadable(_OTHER, name=safe_xml.local(root)[:80])
    return root


def is_item(root: Element) -> bool:
    """Whether it is a single item."""
    return safe_xml.local(root) in ("assessmentItem", "qti-assessment-item")


def is_test(root: Element) -> bool:
    """Whether it is a test, which names its items."""
    return safe_xml.local(root) in ("assessmentTest", "qti-assessment-test")


def size(root: Element) -> tuple[int, int]:
    """How many elements and letters it holds."""
    return sum(1 for _ in root.iter()), sum(len(words) for words in root.itertext())


def references(root: Element) -> list[tuple[str, str]]:
    """The items a test names: identifier and file."""
    return [(one.get("identifier", ""), one.get("href", "")) for one in every(neutral(root), "assessmentItemRef")]


def found(ones: Sequence[One]) -> Found:
    """All of them together."""
    kinds: Counter[str] = Counter()
    for one in ones:
        kinds.update(one.kinds)
    return Found(
        items=tuple(one.item for one in ones if one.item is not None),
        refused=tuple(one.refused for one in ones if one.refused is not None),
        notes=tuple(note for one in ones for note in one.notes),
        kinds=dict(kinds),
    )


def _test(root: Element) -> Found:
    """A test alone holds no questions; it says which there should be."""
    named = dict.fromkeys(references(root))
    return Found(refused=tuple(Remark(name, _REFERENCE, {"href": href[:200]}) for name, href in named))


def read_item(root: Element, pictures: Pictures, media: Mapping[str, Medium], taken: set[str]) -> One:
    """One item; `taken` are the ids given so far."""
    elements, letters = size(root)
    if elements > MOST_ELEMENTS or letters > MOST_LETTERS:
        name = root.get("title", root.get("identifier", ""))[:200]
        limits: dict[str, Fact] = {"limit": MOST_ELEMENTS, "letters": MOST_LETTERS}
        return One(None, Remark(name, _HUGE, limits, safe_xml.line_of(root)), (), _kinds(root))
    item = sheet(root)
    title = " ".join((item.root.get("title") or item.root.get("identifier") or "").split())[:200]
    own = own_of(item.root)
    kinds = _kinds(root)
    tells = ", ".join(kinds)
    notes: list[str] = []
    words = Words(pictures, notes)
    said = Said(item, words, own.kind is not None)
    identifier = item.root.get("identifier", "")
    name = slug(identifier.removeprefix("item-") if own.kind else identifier) or slug(title) or "soal"
    try:
        if item.root.get("adaptive") == "true":
            raise Unfit(_ADAPTIVE, line=item.root.line)
        if every(item.root, "templateProcessing"):
            raise Unfit(_TEMPLATED, line=every(item.root, "templateProcessing")[0].line)
        unknown = next((one for one in item.interactions if one.tag not in READABLE), None)
        if unknown is not None:
            raise Unfit(_UNSUPPORTED, line=unknown.line, name=item.spoken(unknown))
        scored = Scoring({}) if own.kind or not kinds else scoring(item.root, item.responses)
        answers = Answers(item.responses, scored, own.kind is not None, notes)
        sketch = Reading(item, name, words, answers, said, own, notes).sketch()
        made = fitted(sketch, media, item.root.line)
    except Unfit as reason:
        facts = {key: value for key, value in reason.facts.items() if key != "line"}
        line = reason.facts.get("line", item.root.line)
        where = int(line) if isinstance(line, int) else None
        return One(None, Remark(title, reason.message, facts, where, kind=tells), (), kinds)
    made = _renamed(made, taken)
    remarks = [Remark(title, message, line=item.root.line, kind=tells) for message in dict.fromkeys(notes)]
    remarks += [
        Remark(title, GENERAL, {"words": left}, item.root.line, kind=tells) for left in said.left() if not own.kind
    ]
    return One(made, None, tuple(remarks), kinds)


def _kinds(root: Element) -> Counter[str]:
    """Its interactions by their name in the file."""
    return Counter(name for one in root.iter() if (name := safe_xml.local(one)).lower().endswith("interaction"))


def _renamed(item: Item, taken: set[str]) -> Item:
    """The question under an id nobody has yet."""
    return replace(item, id=fresh(item.id, taken))
