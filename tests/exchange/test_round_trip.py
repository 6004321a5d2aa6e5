"""Out, in and out again: the same bytes, and the same questions, for everything a format can hold."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.course.item import BLOOMS, STATUSES, Item
from app.exchange import gift, gift_writer, markup, moodle_writer, moodle_xml
from app.exchange.course_text import number_words
from app.exchange.making import made, normal, weighed
from app.exchange.sketch import About, Entry, Gap, Sketch, Unfit
from app.exchange.wording import begun, safest
from tests.exchange.samples import COURSES, EVERY_KIND, bare, items_in

FORMATS = [(gift_writer.write, gift.read), (moodle_writer.write, moodle_xml.read)]
IDS = ["gift", "moodle-xml"]

# Words full of signs that one of the formats reads.
_WORD = st.text("ab1é“ *_`[]()<>~=|\\#+-.!:{}&;%/?", min_size=1, max_size=9).map(lambda text: f"x{text}y")
LINE = st.lists(_WORD, min_size=1, max_size=3).map(lambda words: markup.line(markup.as_html(" ".join(words))).markdown)
SAID = st.one_of(st.just(""), LINE, LINE.map(lambda line: f"**{line}** [z](https://contoh.id/a_b?c=d)"))
PLAIN = st.text("ab1é %#=~{}\\.:", min_size=1, max_size=9).map(lambda text: " ".join(f"x{text}y".split()))
WORTH = st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(1, 3), Fraction(-1, 6), Fraction(0), Fraction(7, 10)])
NUMBER = st.fractions(-10_000, 10_000, max_denominator=1).map(lambda value: number_words(value / 1000))
BODY = st.lists(st.one_of(LINE.map(begun), LINE.map(lambda line: f"- {begun(line)}\n- b")), max_size=3).map("\n\n".join)
ABOUT = st.builds(
    About, st.sampled_from(["", *BLOOMS]), st.integers(0, 99), st.sampled_from(["", "pesan"]),
    st.sampled_from([(), ("4.2",), ("1.1", "5.6")]), st.booleans(), st.sampled_from(STATUSES),
    st.sampled_from([None, 0.7, 0.125]),
)  # fmt: skip


def _unlike(entries: list[Entry]) -> list[Entry]:
    return [replace(entry, words=f"{place} {entry.words}") for place, entry in enumerate(entries)]


OPTIONS = st.lists(st.builds(Entry, LINE, SAID, worth=WORTH), min_size=2, max_size=5).map(_unlike)
ACCEPTED = st.lists(st.builds(Entry, PLAIN, SAID, worth=WORTH), min_size=1, max_size=4).map(_unlike)
NUMBERS = st.lists(
    st.builds(Entry, NUMBER, SAID, worth=WORTH, tolerance=st.sampled_from([None, Fraction(1, 100), Fraction(2)])),
    min_size=1, max_size=4, unique_by=lambda entry: entry.words,
)  # fmt: skip
FIRST = Entry("awal", worth=Fraction(1))


@st.composite
def sketches(draw: st.DrawFn) -> Sketch:
    kind = draw(st.sampled_from(["single_choice", "multiple_response", "short_text", "number", "matching", "ordering",
                                 "cloze", "true_false"]))  # fmt: skip
    body = draw(BODY)
    more: dict[str, Any] = {}
    if kind in ("single_choice", "multiple_response"):
        several = kind == "multiple_response"
        more["entries"] = weighed([replace(FIRST, said=draw(SAID)), *draw(OPTIONS)], several=several)
    elif kind == "short_text":
        more["entries"] = weighed([FIRST, *draw(ACCEPTED), Entry("*", draw(SAID))])
    elif kind == "number":
        more["entries"] = weighed([*draw(NUMBERS), Entry("*", draw(SAID))])
    elif kind == "matching":
        body = ""
        lefts = draw(OPTIONS)
        more["entries"] = (
            *(Entry(one.words, right=f"r{n % 2}") for n, one in enumerate(lefts)),
            Entry("", right="z"),
        )
    elif kind == "ordering":
        body = ""
        more["entries"] = tuple(Entry(one.words) for one in draw(OPTIONS))
    elif kind == "cloze":
        body = f"{safest('x')} {{1}} y {{2}}.\n\n{{3}}"
        more["gaps"] = (
            Gap(1, "choice", weighed([FIRST, *draw(OPTIONS)]), Fraction(draw(st.integers(1, 5)))),
            Gap(2, "short_text", weighed([FIRST, *draw(ACCEPTED)])),
            Gap(3, "number", weighed([Entry("7", worth=Fraction(1)), *draw(NUMBERS)])),
        )
    else:
        right = draw(st.booleans())
        more["entries"] = (Entry("Benar", draw(SAID), right), Entry("Salah", draw(SAID), not right))
        more["reasons"] = weighed([FIRST, *draw(OPTIONS)]) if draw(st.booleans()) else ()
    return Sketch("soal-1", kind, draw(LINE), body, explanation=draw(SAID), about=draw(ABOUT), **more)


def said(thing: Any) -> Any:
    """Everything a question says, without ids that come from how its words were spelled, best answers first."""
    if isinstance(thing, dict):
        return {key: said(value) for key, value in thing.items() if key != "id"}
    if isinstance(thing, list):
        return sorted((said(one) for one in thing), key=repr)
    return thing


@pytest.mark.parametrize(("write", "read"), FORMATS, ids=IDS)
@settings(max_examples=100, deadline=None)
@given(sketch=sketches())
def test_every_question_comes_back_and_goes_out_the_same(write: Any, read: Any, sketch: Sketch) -> None:
    try:
        item = normal(made(sketch))  # lists may stand closer together then
    except Unfit:
        assume(False)
    first = write([item])
    assert first.count + len(first.refused) == 1
    back = read(first.text.encode())
    assert back.refused == () and len(back.items) == first.count
    assert write(back.items).text == first.text
    for one in back.items:
        assert said(bare(one)) == said(bare(item))


@pytest.mark.parametrize(("write", "read"), FORMATS, ids=IDS)
def test_a_bank_and_every_kind_go_out_and_come_back(write: Any, read: Any) -> None:
    items = items_in(EVERY_KIND) + items_in((COURSES / "tolak-penipuan" / "bank.md").read_text().split("+++")[-1])
    first = write(items)
    assert first.count + len(first.refused) == len(items) and first.count > 30
    back = read(first.text.encode())
    assert back.refused == () and write(back.items).text == first.text
    known = {item.id: item for item in items}
    assert [said(bare(one)) for one in back.items] == [said(bare(known[one.id])) for one in back.items]


def test_what_gift_cannot_hold_is_said_question_by_question() -> None:
    written = gift_writer.write(items_in(EVERY_KIND))
    assert {one.question: one.kind for one in written.refused} == {"benar": "true_false", "rumpang": "cloze"}
    arrow: Item = items_in("## A? {#a jenis=isian}\n\n- [x] x -> y\n")[0]
    assert ["“->”" in one.text for one in gift_writer.write([arrow]).refused] == [True]


def test_moodle_xml_holds_every_kind_but_pictures_and_says_what_it_leaves_behind() -> None:
    steps = items_in("## Urut? {#u jenis=urutan}\n\n1. a\n   > satu\n2. b\n3. c\n")
    pairs = items_in("## Pasang? {#p jenis=pasangan}\n\n- a => 1\n  > satu\n- b => 2\n")
    written = moodle_writer.write([*items_in(EVERY_KIND), *steps, *pairs])
    assert written.refused == ()
    assert [(one.question, one.text.split(",")[0]) for one in written.notes] == [
        ("benar", "Di Moodle alasan yang benar tetap bernilai setengah jika pernyataannya dijawab salah."),
        ("urut", "Nilai sebagian di Moodle dihitung menurut aturan Moodle."),
        ("u", "Umpan balik per langkah tidak ikut"),
        ("u", "Nilai sebagian di Moodle dihitung menurut aturan Moodle."),
        ("p", "Umpan balik per pasangan tidak ikut"),
    ]
    later = items_in(
        "## A? {#a jenis=isian}\n\n- [x] x\n\n## Pasang? {#p jenis=pasangan}\n\n- a => 1\n  > satu\n- b => 2\n"
    )
    for said in (gift_writer.write(later).notes, moodle_writer.write(later).notes):
        assert [one.line for one in said] == [later[1].line], "its line in the course, not in what was made of it"


def test_a_draft_without_a_key_is_not_sent_out() -> None:
    texts = [
        "jenis=pilihan}\n\n- [ ] a\n- [ ] b\n",
        "jenis=pasangan}\n",
        "jenis=rumpang}\n\nA {1}.\n",
        "jenis=isian}\n",
    ]
    for write, _ in FORMATS:
        written = write([item for text in texts for item in items_in(f"## A? {{#a {text}")])
        assert written.count == 0 and ["kunci" in one.text for one in written.refused] == [True] * 4


def test_a_picture_stays_at_home_and_says_so() -> None:
    (item,) = items_in("## Mana? {#g jenis=gambar}\n\n- [x] ![a](media/a.webp)\n- [ ] ![b](media/b.webp)\n")
    for write, _ in FORMATS:
        written = write([item])
        assert written.count == 0 and ["gambar" in one.text for one in written.refused] == [True]
