"""Questions written in the format of our courses are read as the same questions."""

from __future__ import annotations

import pytest

from app.course.item import KINDS
from app.course.pictures import read_media
from app.course.shapes import Problem
from app.exchange import course_text
from app.exchange.making import normal
from tests.builders_items import PICTURES, a_question_of
from tests.exchange.samples import COURSES, EVERY_KIND, bare, items_in


def test_the_samples_are_of_every_kind_and_without_a_fault() -> None:
    problems: list[Problem] = []
    items = items_in(EVERY_KIND, problems)
    assert [one.text for one in problems] == []
    assert {item.kind for item in items} == {*KINDS} - {"picture_choice"}


@pytest.mark.parametrize("item", items_in(EVERY_KIND), ids=lambda item: item.id)
def test_every_kind_comes_back_as_it_was(item) -> None:
    assert bare(normal(item)) == bare(item)


def test_a_bank_comes_back_as_it_was() -> None:
    texts = [path.read_text().split("+++")[-1] for path in (COURSES / "tolak-penipuan").rglob("bank.md")]
    items = [item for text in texts for item in items_in(text)]
    assert len(items) > 20
    assert [bare(item) for item in items_in(course_text.write(items))] == [bare(item) for item in items]


@pytest.mark.parametrize("kind", KINDS)
def test_ids_that_a_trainer_gave_are_kept(kind) -> None:
    media = read_media(PICTURES, [])
    (item,) = items_in(a_question_of(kind, "a"), media=media)
    assert kind != "picture_choice" or item.options[0].picture is not None
    assert [bare(one) for one in items_in(course_text.write([item]), media=media)] == [bare(item)]


def test_a_quiz_does_not_name_the_module() -> None:
    assert "modul=" not in course_text.write(items_in(EVERY_KIND), in_bank=False)
    assert "modul=pesan" in course_text.write(items_in(EVERY_KIND))


def test_ids_are_written_only_where_the_words_would_not_give_them() -> None:
    (item,) = items_in("## A? {#a}\n\n- [x] Satu {#lama}\n- [ ] Dua\n- [ ] Tiga {#b} {#c}\n")
    text = course_text.write([item])
    assert "Satu {#lama}" in text and "- [ ] Dua\n" in text and "Tiga {#b} {#c}" in text


def test_many_long_options_stay_readable_paragraphs() -> None:
    options = "".join(f"- [{'x' if n == 0 else ' '}] {str(n) * 700}\n" for n in range(6))
    (item,) = items_in(f"## A? {{#a}}\n\n{options}")
    assert bare(items_in(course_text.write([item]))[0]) == bare(item)
    assert max(len(part) for part in course_text.write([item]).split("\n\n")) < 3_000
