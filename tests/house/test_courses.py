"""The courses we ship: without a blocking problem, and K03 as long and as full as it promises."""

from __future__ import annotations

from pathlib import Path
from statistics import mean

import pytest

from app.course import files
from app.course.actions import problems_of
from app.course.content import parse
from app.course.shapes import Course
from tests.house.tree import ROOT

FOLDERS = sorted(path.parent for path in (ROOT / "courses").glob("*/course.toml"))
K03 = ROOT / "courses/tolak-penipuan"


def _course(folder: Path) -> Course:
    course = parse(files.read(folder))
    assert isinstance(course, Course), course
    return course


def test_there_is_a_course() -> None:
    assert K03 in FOLDERS


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_course_has_nothing_that_blocks_it(folder: Path) -> None:
    blocking = [f"{one.file}:{one.line}: {one.text}" for one in problems_of(files.read(folder)) if one.blocking]
    assert not blocking


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_course_survives_being_written_and_read_again(folder: Path, tmp_path: Path) -> None:
    before = files.read(folder)
    files.write(before, tmp_path)
    assert files.read(tmp_path) == before


def test_k03_has_five_modules_of_four_lessons_a_practice_and_a_quiz() -> None:
    course = _course(K03)
    assert (course.code, course.pillar, course.jp) == ("K03", "aman", 5)
    assert len(course.modules) == 5
    for module in course.modules:
        assert len(module.lessons) == 4, module.id
        assert module.practice is not None, module.id
        assert module.practice.items, module.id
        assert len(module.items) >= 10, module.id
        assert len(module.items) >= 2 * course.quiz_take, module.id


def test_k03_lessons_are_short_cards_with_one_question_at_the_end() -> None:
    lessons = [lesson for module in _course(K03).modules for lesson in module.lessons]
    assert len(lessons) == 20
    for lesson in lessons:
        assert 350 <= lesson.words <= 550, (lesson.file, lesson.words)
        assert 3 <= len(lesson.cards) <= 5, (lesson.file, len(lesson.cards))
        assert len(lesson.items) == 1, lesson.file
        assert lesson.cards[-1].item is not None, lesson.file


def test_k03_bank_fills_every_cell_three_times() -> None:
    course = _course(K03)
    assert len(course.bank) == 30
    assert sum(cell.take for cell in course.cells) == 10
    for cell in course.cells:
        supply = sum(cell.holds(item) for item in course.bank)
        assert supply >= 3, (cell.module, sorted(cell.blooms), supply)
    assert {cell.module for cell in course.cells} == {module.id for module in course.modules}
    taken = {"low": 0, "apply": 0, "high": 0}
    for cell in course.cells:
        level = "apply" if "terapkan" in cell.blooms else "low" if cell.blooms & {"ingat", "pahami"} else "high"
        taken[level] += cell.take
    assert taken == {"low": 4, "apply": 4, "high": 2}


def test_every_option_of_k03_answers_those_who_chose_it() -> None:
    items = _course(K03).every_item
    assert len(items) >= 20 + 5 + 50 + 30
    for item in items:
        assert len(item.options) >= 3, item.id
        assert item.keys, item.id
        for option in item.options:
            assert option.feedback.strip(), (item.id, option.id)
            assert len(option.feedback.split()) <= 35, (item.id, option.id)


def test_the_keys_of_k03_are_in_no_favourite_place() -> None:
    """Whoever always chooses the same place, or the longest option, does not pass."""
    course = _course(K03)
    for name, items in [("bank", course.bank), *((module.id, module.items) for module in course.modules)]:
        single = [item for item in items if item.kind == "single_choice"]
        for place in range(3):
            share = mean(item.options[place].correct for item in single)
            assert share <= 0.5, (name, place, share)
        longest = mean(max(item.options, key=lambda option: len(option.text)).correct for item in single)
        assert longest <= 0.5, (name, longest)
        assert mean(item.bloom == "ingat" for item in items) <= 0.4, name


def test_every_reference_of_k03_says_when_it_was_checked() -> None:
    references = _course(K03).references
    assert references
    for one in references.values():
        assert one.checked_on.year >= 2026, one.id
        assert one.source.strip(), one.id


def test_the_courses_have_a_licence_of_their_own() -> None:
    assert "Creative Commons Attribution 4.0" in (ROOT / "courses/LICENSE").read_text(encoding="utf-8")
    assert {_course(folder).licence for folder in FOLDERS} == {"CC BY 4.0"}
