"""What course.toml says about quizzes and tests: limits, review, blueprints, and what is wrong with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.course.content import parse
from app.course.shapes import Cell, Course, Mastery, Problem, Terms
from tests.builders_course import COURSE, a_course_files, a_question, a_question_file, with_terms

QUIZ = "1-pesan/kuis.md"


def the_course(found: Course | list[Problem]) -> Course:
    assert isinstance(found, Course), [f"{p.file}:{p.line} {p.text}" for p in found]
    return found


def problems(texts: dict[str, str]) -> list[tuple[str, str]]:
    """Each problem with the line it names."""
    found = parse(texts)
    assert isinstance(found, list), "no problem was found"
    return [(texts[p.file].split("\n")[p.line - 1], p.text) for p in found]


def test_a_course_that_says_nothing_has_no_limit_and_discusses_at_once():
    course = the_course(parse(a_course_files()))
    assert course.quiz_terms == course.test_terms == Terms(None, "langsung")
    assert course.quiz_cells == () and all(cell.objectives == frozenset() for cell in course.cells)


def test_limits_and_reviews_are_read():
    course = the_course(
        parse(with_terms('batas_menit = 20\ntinjauan = "setelah-lulus"', 'batas_menit = 45\ntinjauan = "tidak"'))
    )
    assert course.quiz_terms == Terms(20, "setelah-lulus")
    assert course.test_terms == Terms(45, "tidak")
    assert the_course(parse(with_terms(tests="batas_menit = 180"))).test_terms == Terms(180, "langsung")


def test_a_quiz_has_a_blueprint_of_objectives_and_levels():
    cell = '\n[[kuis.sel]]\ntujuan = [1]\nbloom = ["terapkan"]\nambil = 2\n'
    assert the_course(parse(with_terms(cell))).quiz_cells == (
        Cell("", frozenset({"terapkan"}), 2, line=cell_line(with_terms(cell)), objectives=frozenset({1})),
    )
    bare = "\n[[kuis.sel]]\nambil = 1\n"
    assert the_course(parse(with_terms(bare))).quiz_cells[0].blooms == frozenset()


def cell_line(texts: dict[str, str]) -> int:
    return texts["course.toml"].split("\n").index("[[kuis.sel]]") + 1


def test_a_cell_of_the_tests_may_name_objectives():
    text = COURSE.replace('modul = "pesan"', 'modul = "pesan"\ntujuan = [1, 2]')
    course = the_course(parse(a_course_files(**{"course.toml": text})))
    assert course.cells[0].objectives == {1, 2}


@pytest.mark.parametrize(("quiz", "tests", "line", "words"), [
    ("batas_menit = 0", "", "batas_menit = 0", "Angka “batas_menit” harus dari 1 sampai 180."),
    ("", "batas_menit = 181", "batas_menit = 181", "Angka “batas_menit” harus dari 1 sampai 180."),
    ('batas_menit = "20"', "", 'batas_menit = "20"', "harus berupa angka bulat"),
    ("batas_menit = true", "", "batas_menit = true", "harus berupa angka bulat"),
    ('tinjauan = "nanti"', "", 'tinjauan = "nanti"', "salah satu dari: langsung, setelah-lulus, tidak"),
    ("", "tinjauan = 1", "tinjauan = 1", "harus berupa teks"),
    ("batas = 5", "", "batas = 5", "tidak dikenal"),
    ("[[kuis.sel]]\ntujuan = [1]\nambil = 3", "", "ambil = 2", "Sel kuis mengambil 3 soal, lebih dari “ambil” (2)."),
    ("[[kuis.sel]]\ntujuan = [2]\nambil = 1", "", "[[kuis.sel]]",
     "(tujuan 2) memerlukan 2 soal terbit di kuis modul “pesan”"),
    ('[[kuis.sel]]\nbloom = ["ingat"]\nambil = 1', "", "[[kuis.sel]]", "(ingat) memerlukan 2 soal terbit"),
    ("[[kuis.sel]]\ntujuan = []\nambil = 1", "", "tujuan = []", "daftar angka bulat"),
    ('[[kuis.sel]]\ntujuan = ["1"]\nambil = 1', "", 'tujuan = ["1"]', "daftar angka bulat"),
    ("[[kuis.sel]]\ntujuan = [true]\nambil = 1", "", "tujuan = [true]", "daftar angka bulat"),
    ("[[kuis.sel]]\ntujuan = 1\nambil = 1", "", "tujuan = 1", "daftar angka bulat"),
    ("[[kuis.sel]]\ntujuan = [0]\nambil = 1", "", "tujuan = [0]", "Angka “tujuan” harus dari 1 sampai 20."),
    ('[[kuis.sel]]\nbloom = ["hafal"]\nambil = 1', "", 'bloom = ["hafal"]', "Isi “bloom” harus dari"),
    ('[[kuis.sel]]\nmodul = "pesan"\nambil = 1', "", 'modul = "pesan"', "tidak dikenal"),
    ("sel = 1", "", "sel = 1", "daftar tabel"),
])  # fmt: skip
def test_what_is_wrong_is_a_sentence_at_its_line(quiz, tests, line, words):
    told = problems(with_terms(quiz, tests))
    assert any(at == line and words in text for at, text in told), told


def test_cells_that_could_take_the_same_question_are_refused():
    both = '[[kuis.sel]]\ntujuan = [1]\nambil = 1\n\n[[kuis.sel]]\nbloom = ["terapkan"]\nambil = 1'
    assert any("dapat mengambil soal yang sama" in text for _, text in problems(with_terms(both)))
    apart = COURSE.replace('bloom = ["terapkan"]', 'bloom = ["terapkan"]\ntujuan = [1]', 1).replace(
        '[[tes.sel]]\nmodul = "pintu"', '[[tes.sel]]\nmodul = "pesan"\nbloom = ["terapkan"]\ntujuan = [2]\nambil = 1\n'
        '\n[[tes.sel]]\nmodul = "pintu"'
    )  # fmt: skip
    told = problems(a_course_files(**{"course.toml": apart}))
    assert [text for _, text in told] == [
        "Sel tes untuk modul “pesan” (terapkan; tujuan 2) memerlukan 3 soal terbit di bank.md; baru ada 0."
        " Tambahkan soalnya."
    ]


@pytest.mark.parametrize("minutes", [1, 180])
def test_the_longest_and_the_shortest_limit_are_allowed(minutes):
    assert the_course(parse(with_terms(f"batas_menit = {minutes}"))).quiz_terms.minutes == minutes


def test_a_cell_counts_only_questions_that_may_be_drawn():
    asked = [a_question(f"k{n}", key=n % 3) for n in range(4)]
    cell = "[[kuis.sel]]\ntujuan = [1]\nambil = 2"
    assert the_course(parse(with_terms(cell, **{QUIZ: a_question_file(*asked)})))
    course = the_course(parse(a_course_files()))
    item = course.bank[0]
    assert Cell("", frozenset(), 1).holds(item)
    for status in ("draf", "ditinjau", "pensiun"):
        assert not Cell("", frozenset(), 1).holds(replace(item, status=status))


def practising(text: str) -> dict[str, str]:
    return a_course_files(**{"course.toml": COURSE.replace("[[tes.sel]]", f"[latihan]\n{text}\n\n[[tes.sel]]", 1)})


def test_mastery_is_four_of_five_unless_the_course_says_otherwise():
    assert the_course(parse(a_course_files())).mastery == Mastery(4, 5)
    assert the_course(parse(practising("benar = 2\ndari = 3"))).mastery == Mastery(2, 3)
    assert the_course(parse(practising("benar = 10\ndari = 10"))).mastery == Mastery(10, 10)


@pytest.mark.parametrize(("text", "line", "words"), [
    ("benar = 4\ndari = 3", "benar = 4", "Angka “benar” (4) lebih besar dari “dari” (3). Kurangi “benar”."),
    ("benar = 0\ndari = 3", "benar = 0", "Angka “benar” harus dari 1 sampai 10."),
    ("benar = 3\ndari = 11", "dari = 11", "Angka “dari” harus dari 1 sampai 10."),
    ("benar = 3", "[latihan]", "Keterangan “dari” belum ada. Tambahkan."),
    ("benar = 3\ndari = 4\nulang = 2", "ulang = 2", "Keterangan “ulang” tidak dikenal."),
])  # fmt: skip
def test_what_is_wrong_with_mastery_is_a_sentence_at_its_line(text, line, words):
    found = problems(practising(text))
    assert [one for one in found if one[0] == line and one[1].startswith(words)], found


@pytest.mark.parametrize("name", ["latihan", "kilas-balik"])
def test_a_lesson_may_not_take_the_address_of_practising(name):
    texts = a_course_files()
    texts[f"1-pesan/02-{name}.md"] = texts["1-pesan/01-materi-1.md"]
    assert any(f"Nama “{name}” sudah dipakai sistem" in text for _, text in problems(texts))
