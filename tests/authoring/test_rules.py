"""Where texts belong, what concerns them, which can be kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.authoring import rules, starters
from app.authoring.comparing import compared
from app.course import files as course_files
from app.course.content import examine
from app.course.inspection import inspected
from app.course.shapes import Problem
from app.errors import Refused
from tests.builders_course import a_course_files, a_question, a_question_file

FILES = a_course_files(whole=True)
REAL = course_files.read(Path("courses/tolak-penipuan"))


@pytest.mark.parametrize("path", [*FILES, *REAL, "99-a/modul.toml", "09-b/99-a.md", f"1-{'a' * 64}/01-{'b' * 64}.md"])
def test_every_name_of_the_format_has_a_place(path):
    place = rules.place_of(path)
    assert place is not None and place.path == path
    assert not [
        p for p in examine({path: ""}).problems if "tempat" in p.text or "bernama" in p.text or "Nama" in p.text
    ]


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "course.toml/", "Course.toml", "a.md", "kuis.md", "modul.toml", "1-a", "1-a/", "1-a/b.md",
        "1-a/1-b.md", "1-a/001-b.md", "1-A/modul.toml", "0-a/modul.toml", "100-a/modul.toml", "1-a/x/modul.toml",
        "1-a/01-praktik.md", "1-a/01-kuis.md", "1-a/01-b.toml", "1-a--b/kuis.md", "1-a/01-b.md\n", "1-a\n/kuis.md",
        "../1-a/kuis.md", "1-a/../kuis.md", "/1-a/kuis.md", "1-a/01-b\x00.md", f"1-{'a' * 65}/kuis.md", "١-a/kuis.md",
    ],
)  # fmt: skip
def test_other_names_have_none(path):
    assert rules.place_of(path) is None


def test_the_texts_stand_in_reading_order():
    many = [f"{n}-m{n}/modul.toml" for n in (10, 2, 1)] + [
        "2-m2/kuis.md",
        "2-m2/02-a.md",
        "2-m2/praktik.md",
        "2-m2/01-b.md",
    ]
    assert [place.path for place in rules.places([*many, "bank.md", "course.toml", "lain"])] == [
        "course.toml", "bank.md", "1-m1/modul.toml", "2-m2/modul.toml", "2-m2/01-b.md", "2-m2/02-a.md",
        "2-m2/praktik.md", "2-m2/kuis.md", "10-m10/modul.toml",
    ]  # fmt: skip


BROKEN = a_course_files(
    whole=True,
    **{
        "1-pesan/kuis.md": a_question_file(a_question("pintu-kuis-1"), a_question("sendiri", key=2), "## rusak {#"),
        "1-pesan/02-kembar.md": FILES["1-pesan/02-materi-2.md"].replace("Sudah ada", "Menurut kamu, ada"),
        "2-pintu/07-materi-1.md": FILES["2-pintu/01-materi-1.md"].replace("[[pusat]]", "[[hilang]]"),
        "2-pintu/praktik.md": FILES["2-pintu/praktik.md"].replace("tujuan=1", "tujuan=7"),
        "bank.md": FILES["bank.md"] + a_question("pesan-tes-1", " modul=pesan", key=1) + "\nekor",
    },
)


@pytest.mark.parametrize("files", [FILES, BROKEN, REAL], ids=["whole", "broken", "real"])
def test_what_concerns_a_text_is_enough_to_judge_it(files):
    everything = inspected(files).problems
    for path in files:
        part = rules.concerning(files, path)
        found = inspected(part)
        assert [p for p in found.problems if p.file == path] == [p for p in everything if p.file == path], path
        if path.endswith("materi-1.md"):
            assert len(part) < len(files) / 2


def test_a_mark_is_of_exactly_these_texts():
    mark = rules.mark_of({"a": "b", "c": "d"})
    assert mark == rules.mark_of({"c": "d", "a": "b"})
    others = ({"a": "b"}, {"a": "bc", "": "d"}, {"a": "b", "c": "e"}, {"ab": "", "c": "d"}, {"a": "d", "c": "b"})
    assert mark not in {rules.mark_of(other) for other in others}


def test_changes_name_what_came_went_and_differs():
    base = {"a": "1\r\n2", "b": "1", "c": "1"}
    assert rules.changes(base, {"a": "1\n2", "b": "2", "d": "1"}) == {"b": "changed", "c": "removed", "d": "added"}


@pytest.mark.parametrize("text", ["", "a" * 200_000, "é" * 100_000, "tab\tdan baris\nbaru", "👩🏽‍💻 ﷺ"])
def test_texts_that_can_be_kept(text):
    rules.check_text(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a" * 200_001, "besarnya 201 KB"),
        ("é" * 100_001, "besarnya 201 KB"),
        ("satu\ndua\x00", "baris 2 memuat tanda tersembunyi U+0000"),
        ("satu\n\ntiga\u202e", "baris 3 memuat tanda tersembunyi U+202E"),
        ("a\rb", "U+000D"),
        ("\ud800", "U+D800"),
    ],
)
def test_texts_that_cannot(text, sentence):
    with pytest.raises(Refused) as no:
        rules.check_text(text)
    assert sentence in str(no.value)
    rules.check_text(rules.without_hidden(text)[:100_000])


def test_line_ends_become_one_kind():
    assert rules.settled("\ufeffa\r\nb\rc\nd") == "a\nb\nc\nd"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Tiga Tanda", "tiga-tanda"),
        ("  Éé & Üü! ", "ee-uu"),
        ("../../x", "x"),
        ("😀", ""),
        ("a" * 90, "a" * 48),
        ("-", ""),
    ],
)
def test_a_title_becomes_a_name(title, name):
    assert rules.slug_of(title) == name


def test_a_full_module_and_a_full_course_are_refused():
    with pytest.raises(Refused, match="penuh"):
        rules.new_lesson(["1-a/99-b.md"], "1-a", "Baru")
    with pytest.raises(Refused, match="penuh"):
        rules.new_module(["99-a/modul.toml"], "Baru")
    assert rules.new_lesson(["1-a/03-b.md"], "1-a", "Baru") == "1-a/04-baru.md"
    assert rules.new_module(["2-a/modul.toml"], "Baru") == "3-baru"


@pytest.mark.parametrize("part", ["[", "![", "*a ", "_a_*", "==a", "[[a"])
def test_a_paragraph_without_end_is_a_problem_and_holds_nobody_up(part):
    path = "1-pesan/01-materi-1.md"
    text = FILES[path].replace("Air laut", (part * (4_800 // len(part)) + "\n") * 38 + "Air laut", 1)
    rules.check_text(text)
    found = inspected(rules.concerning(FILES | {path: text}, path))
    assert [p.text for p in found.unread if p.file == path and "lebih dari 3.000 huruf" in p.text]


def test_problems_behind_the_end_belong_to_the_last_line():
    found = rules.at_lines([Problem("a", 9, "x"), Problem("a", 0, "y"), Problem("a", 2, "z")], 3)
    assert {line: [p.message for p in mine] for line, mine in found.items()} == {3: ["x"], 1: ["y"], 2: ["z"]}


@pytest.mark.parametrize(
    "title", ["Kursus", 'Kutip " dan \\ miring', "😀", "[a] = {b}", "'''", "x" * 120, "# bukan komentar"]
)
def test_a_new_course_can_be_read(title):
    files = starters.a_course(title, date(2026, 11, 23))
    found = inspected(files)
    assert found.unread == () and found.blocking
    taken = rules.item_ids(files)
    more = starters.a_module("2-lain", title, taken) | {"2-lain/01-a.md": starters.a_lesson("lain", title, taken)}
    again = starters.a_lesson("lain", title, rules.item_ids(more))
    assert inspected(files | more | {"2-lain/02-b.md": again}).unread == ()


def test_a_comparison_shows_what_differs_with_a_little_around():
    old = "\n".join(f"baris {n}" for n in range(100))
    new = old.replace("baris 50", "lain").replace("\nbaris 99", "")
    kinds = [(line.kind, line.text) for line in compared(old, new)]
    assert ("gone", "baris 50") in kinds and ("new", "lain") in kinds and ("gone", "baris 99") in kinds
    assert ("same", "baris 49") in kinds and ("same", "baris 10") not in kinds and ("gap", "") in kinds
    assert compared("a", "a") == [] and compared("", "\n" * 5_000) is None
