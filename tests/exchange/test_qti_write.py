"""Questions of ours as QTI 3, and back: nothing is lost, and others are told what they would read otherwise."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.course.item import KINDS, Item
from app.course.scoring import points
from app.exchange import packages, qti_write, safe_xml
from tests.builders_items import a_picture
from tests.exchange.qti_samples import packed
from tests.exchange.samples import COURSES, EVERY_KIND, bare, items_in
from tests.exchange.sketches import MEDIA, items

_ROOT_ORDER = ["qti-response-declaration", "qti-outcome-declaration", "qti-item-body", "qti-response-processing",
               "qti-modal-feedback"]  # fmt: skip


def back(item: Item) -> Item:
    """The question as it comes back from its package."""
    written = qti_write.write([item], MEDIA)
    assert written.refused == ()
    found = packages.read(written.data)
    assert [one.text for one in (*found.refused, *found.notes)] == []
    assert qti_write.write(found.items, found.media).data == written.data
    return found.items[0]


def xml_of(item: Item) -> str:
    """The item's own file in its package."""
    archive = zipfile.ZipFile(io.BytesIO(qti_write.write([item], MEDIA).data))
    return archive.read(f"items/{item.id}.xml").decode()


def as_of_others(item: Item) -> Item:
    """The question as somebody would read it who does not know our marks."""
    archive = zipfile.ZipFile(io.BytesIO(qti_write.write([item], MEDIA).data))
    files: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    files[f"items/{item.id}.xml"] = re.sub(r' tool-name="[^"]*"| data-[a-z]+="[^"]*"', "", xml_of(item))
    found = packages.read(packed(files))
    assert [one.text for one in found.refused] == []
    return found.items[0]


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow], deadline=None)
@given(items())
def test_out_and_in_and_out_is_the_same(item: Item) -> None:
    assert bare(back(item)) == bare(item)


@pytest.mark.parametrize("item", items_in(EVERY_KIND), ids=lambda item: item.id)
def test_every_kind_comes_back_as_it_was(item: Item) -> None:
    assert bare(back(item)) == bare(item)


def test_a_whole_bank_comes_back_as_it_was() -> None:
    texts = [path.read_text().split("+++")[-1] for path in COURSES.rglob("bank.md")]
    bank = [item for text in texts for item in items_in(text)]
    assert len(bank) > 20
    found = packages.read(qti_write.write(bank).data)
    assert [bare(item) for item in found.items] == [bare(item) for item in bank]
    assert found.refused == ()


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow], deadline=None)
@given(items(kinds=("single_choice", "multiple_response")), st.sets(st.integers(0, 4)))
def test_choices_score_the_same_for_others(item: Item, chosen: set[int]) -> None:
    other = as_of_others(item)
    picked = [place for place in chosen if place < len(item.options)]
    picked = picked if item.several else picked[:1]
    given_ = points(item, [item.options[place].id for place in picked])
    assert abs(points(other, [other.options[place].id for place in picked]) - given_) < Fraction(1, 100_000)


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow], deadline=None)
@given(items(kinds=("number",)), st.sampled_from(["3,14", "3.15", "1500", "1501", "0,5", "-2", "1000", "7", "kata"]))
def test_numbers_score_the_same_for_others(item: Item, written: str) -> None:
    assert points(as_of_others(item), [written]) == points(item, [written])


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow], deadline=None)
@given(items(kinds=("matching",)), st.lists(st.integers(0, 3), min_size=5, max_size=5))
def test_pairs_score_the_same_for_others(item: Item, chosen: list[int]) -> None:
    other = as_of_others(item)

    def told(one: Item) -> list[str]:
        return [f"{part.id}={part.options[chosen[n] % len(part.options)].id}" for n, part in enumerate(one.parts)]

    assert [[o.text for o in part.options] for part in other.parts] == [
        [o.text for o in part.options] for part in item.parts
    ]
    assert points(other, told(other)) == points(item, told(item))


def test_gaps_score_the_same_for_others() -> None:
    item = next(one for one in items_in(EVERY_KIND) if one.kind == "cloze")
    other = as_of_others(item)
    assert [part.weight for part in other.parts] == [part.weight for part in item.parts]
    for place in range(3):
        mine = [f"1={item.parts[0].options[place].id}", "2=siapa pun", "3=1500,4"]
        theirs = [f"1={other.parts[0].options[place].id}", "2=siapa pun", "3=1500,4"]
        assert points(other, theirs) == points(item, mine)


def test_the_same_questions_give_the_same_bytes() -> None:
    bank = items_in(EVERY_KIND)
    one, two = qti_write.write(bank), qti_write.write(items_in(EVERY_KIND))
    assert one.data == two.data
    names = zipfile.ZipFile(io.BytesIO(one.data)).namelist()
    assert names == ["imsmanifest.xml", *(f"items/{item.id}.xml" for item in bank)]


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow], deadline=None)
@given(items())
def test_what_is_written_is_in_order(item: Item) -> None:
    root = safe_xml.parse(xml_of(item).encode())
    names = [safe_xml.local(child) for child in root]
    assert names == sorted(names, key=_ROOT_ORDER.index)
    responses = [one.get("identifier") for one in root.iter() if safe_xml.local(one) == "qti-response-declaration"]
    asked = [one.get("response-identifier") for one in root.iter() if one.get("response-identifier")]
    assert sorted(str(one) for one in responses) == sorted(str(one) for one in asked)
    outcomes = {one.get("identifier") for one in root.iter() if safe_xml.local(one) == "qti-outcome-declaration"}
    used = {one.get("identifier") for one in root.iter() if safe_xml.local(one) == "qti-set-outcome-value"}
    shown = {one.get("outcome-identifier") for one in root.iter() if one.get("outcome-identifier")}
    assert used | shown <= outcomes
    for one in root.iter():
        if one.get("identifier"):
            assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", str(one.get("identifier")))


def test_what_others_would_score_otherwise_is_said() -> None:
    notes = {note.question: note.text for note in qti_write.write(items_in(EVERY_KIND)).notes}
    assert "seluruhnya benar" in notes["urut"]
    assert "tanda *" in notes["isi"]
    assert "aturan tertulis" in notes["benar"]
    assert set(notes) == {"urut", "isi", "benar"}


def test_an_order_is_not_written_in_its_right_order() -> None:
    item = next(one for one in items_in(EVERY_KIND) if one.kind == "ordering")
    shown = re.findall(r'<qti-simple-choice identifier="o-([^"]+)"', xml_of(item))
    right = re.findall(r"<qti-value>o-([^<]+)</qti-value>", xml_of(item))
    assert right == [one.id for one in item.options] and sorted(shown) == sorted(right) and shown != right


def test_nobody_else_is_shown_what_only_we_read() -> None:
    """Levels and known answers stand in a block that is for authors only."""
    item = next(one for one in items_in(EVERY_KIND) if one.kind == "short_text")
    block = re.search(r'<qti-rubric-block view="author".*?</qti-rubric-block>', xml_of(item), re.DOTALL)
    assert block and "data-bloom" in block[0] and "data-words" in block[0]
    assert "data-words" not in xml_of(item).replace(block[0], "")


def test_what_cannot_be_written_is_said_and_the_rest_is_written() -> None:
    bank = {one.id: one for one in items_in(EVERY_KIND)}
    unmarked = replace(bank["tanda"], html="<p>Segera klik.</p>")
    part = bank["pasang"].parts[0]
    weighed = replace(part, options=tuple(replace(one, worth=Fraction(1, 2)) for one in part.options))
    unequal = replace(bank["pasang"], parts=(weighed, *bank["pasang"].parts[1:]))
    written = qti_write.write([bank["satu"], unmarked, unequal])
    assert [(one.question, one.kind) for one in written.refused] == [("tanda", "hotspot_text"), ("pasang", "matching")]
    assert "tidak ditandai" in written.refused[0].text and "OTP" in written.refused[1].text
    assert [one.id for one in packages.read(written.data).items] == ["satu"]


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow], deadline=None)
@given(items(kinds=("picture_choice",)))
def test_pictures_lie_in_the_package(item: Item) -> None:
    names = zipfile.ZipFile(io.BytesIO(qti_write.write([item], MEDIA).data)).namelist()
    assert {one.picture.file for one in item.options if one.picture} <= set(names)
    missing = qti_write.write([item], {"media/lain.png": a_picture()})
    assert missing.refused and "tidak ada" in missing.refused[0].text


def test_the_generator_makes_every_kind() -> None:
    made: set[str] = set()

    @settings(
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow], deadline=None, max_examples=300
    )
    @given(items())
    def see(item: Item) -> None:
        made.add(item.kind)

    see()
    assert made == set(KINDS)
