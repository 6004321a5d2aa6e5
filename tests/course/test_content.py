"""Texts become a course, or every problem with file and line.

Over 300 lines: most of it is one table of slips, and a table reads better whole.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.course import files as course_files
from app.course.content import Course, Problem, examine, parse
from app.course.items import option_id
from app.errors import Refused
from tests.builders_course import COURSE, a_course_files, a_question, a_question_file

LESSON = "1-pesan/01-materi-1.md"
QUIZ = "1-pesan/kuis.md"
MODULE = "1-pesan/modul.toml"


def the_course(**changes: str | None) -> Course:
    course = parse(a_course_files(**changes))
    assert isinstance(course, Course), [f"{p.file}:{p.line} {p.text}" for p in course]
    return course


def problems_of(files: dict[str, str]) -> list[Problem]:
    found = parse(files)
    assert isinstance(found, list), "no problem was found"
    return found


def changed(file: str, old: str, new: str) -> dict[str, str]:
    files = a_course_files()
    assert old in files[file]
    return files | {file: files[file].replace(old, new, 1)}


def line_of(files: dict[str, str], file: str, words: str) -> int:
    return next(number for number, line in enumerate(files[file].split("\n"), start=1) if words in line)


# --- what a good course says


def test_a_course_says_what_its_texts_say():
    course = the_course()
    assert (course.code, course.title, course.pillar, course.level) == ("K99", "Kursus Contoh", "aman", 2)
    assert (course.jp, course.minutes) == (2, 90)
    assert course.checked_on == date(2026, 11, 23)
    assert (course.rule.quiz_mark, course.rule.test_mark, course.rule.test_attempts, course.rule.wait_hours) == (
        70,
        80,
        3,
        24,
    )
    assert [(cell.module, set(cell.blooms), cell.take) for cell in course.cells] == [
        ("pesan", {"terapkan"}, 2),
        ("pintu", {"pahami", "terapkan"}, 2),
    ]
    assert course.second_pillar is None


def test_modules_and_lessons_are_found_by_their_lasting_names():
    course = the_course()
    module = course.module("pesan")
    assert module is not None
    assert (module.number, module.title, module.digcomp) == (1, "Membaca Pesan", (("4.2", 2),))
    assert [lesson.id for lesson in module.steps] == ["materi-1", "praktik"]
    assert course.lesson("pesan", "praktik") is module.practice
    assert course.item("pesan-kuis-1") is module.items[0]
    assert course.module("pesan").drawable
    assert (course.module("laut"), course.lesson("pesan", "laut"), course.item("laut")) == (None, None, None)


def test_a_lesson_knows_its_cards_its_words_and_when_its_oldest_fact_was_checked():
    lesson = the_course().lesson("pesan", "materi-1")
    assert lesson is not None
    assert [card.kind for card in lesson.cards] == ["worked_example", "text", "question"]
    assert lesson.cards[0].title == "Mari bedah satu pesan"
    assert lesson.checked_on == date(2026, 11, 20)
    assert lesson.minutes == 6
    assert 60 < lesson.words < 100
    assert 3 <= lesson.kb <= 5
    practice = the_course().lesson("pesan", "praktik")
    assert practice is not None
    assert practice.kind == "practice"
    assert practice.checked_on is None


def test_a_question_knows_its_key_and_says_why():
    item = the_course().item("pesan-kuis-2")
    assert item is not None
    assert item.kind == "single_choice"
    assert item.keys == {"c"}
    assert (item.bloom, item.objective, item.module, item.digcomp, item.shuffle) == (
        "terapkan",
        1,
        "pesan",
        ("4.2",),
        True,
    )
    assert item.options[2].feedback == "Benar. Penjelasan untuk pilihan ini."
    several = the_course().item("pesan-kuis-4")
    assert several is not None
    assert several.kind == "multiple_response"
    assert several.keys == {"a", "b"}


def test_a_question_may_keep_its_order_and_name_its_own_competence():
    course = the_course(
        **{QUIZ: a_question_file(a_question("satu", " acak=tidak digcomp=2.1,4.1"), a_question("dua", key=1))}
    )
    item = course.item("satu")
    assert item is not None
    assert not item.shuffle
    assert item.digcomp == ("2.1", "4.1")


def test_options_without_an_id_keep_theirs_when_they_are_reordered():
    first = "- [x] Satu saja.\n  > Benar.\n"
    second = "- [ ] Dua saja.\n  > Salah.\n"
    heading = "## Berapa? {#berapa bloom=ingat tujuan=1}\n\n"
    one = the_course(**{QUIZ: a_question_file(heading + first + second)}).item("berapa")
    other = the_course(**{QUIZ: a_question_file(heading + second + first)}).item("berapa")
    assert one is not None
    assert other is not None
    assert one.keys == other.keys == {option_id("Satu saja.")}
    assert option_id("Satu  saja.") == option_id("Satu saja.")
    assert len(option_id("Satu saja.")) == 8


def test_the_mark_of_the_key_does_not_change_an_options_id():
    right = "## Berapa? {#berapa bloom=ingat tujuan=1}\n\n- [x] Satu.\n  > Ya.\n- [ ] Dua.\n  > Bukan.\n"
    wrong = right.replace("[x]", "[?]").replace("[ ]", "[x]").replace("[?]", "[ ]")
    ids = [
        [option.id for option in item.options]
        for text in (right, wrong)
        if (item := the_course(**{QUIZ: a_question_file(text)}).item("berapa"))
    ]
    assert ids[0] == ids[1]


def test_parsing_twice_gives_the_same_course():
    assert asdict(the_course()) == asdict(the_course())


def test_line_ends_of_windows_and_a_byte_order_mark_change_nothing():
    files = {path: "\ufeff" + text.replace("\n", "\r\n") for path, text in a_course_files().items()}
    assert asdict(parse(files)) == asdict(the_course())


def test_a_module_may_be_moved_without_losing_its_name():
    files = {path.replace("1-pesan", "7-pesan"): text for path, text in a_course_files().items()}
    course = parse(files)
    assert isinstance(course, Course)
    assert [module.id for module in course.modules] == ["pintu", "pesan"]


def test_the_size_of_a_course_is_the_sum_of_its_pages():
    course = the_course()
    module = course.modules[0]
    assert module.kb == sum(lesson.kb for lesson in module.steps) + 2 * 4
    assert course.kb == sum(module.kb for module in course.modules)


# --- what is wrong, where, and in which words


@pytest.mark.parametrize(
    ("file", "old", "new", "at", "sentence"),
    [
        ("course.toml", 'kode = "K99"', "kode = 99", "kode = 99", "“kode” harus berupa teks"),
        ("course.toml", 'kode = "K99"', "kod = 1", "kod = 1", "“kod” tidak dikenal"),
        ("course.toml", 'kode = "K99"', "", "format = 1", "“kode” belum ada"),
        ("course.toml", 'judul = "Kursus Contoh"', 'judul = ""', 'judul = ""', "“judul” masih kosong"),
        ("course.toml", "diperiksa = 2026-11-23", 'diperiksa = "kemarin"', "diperiksa =", "harus berupa tanggal"),
        ("course.toml", "tingkat = 2", "tingkat = 9", "tingkat = 9", "dari 1 sampai 8"),
        ("course.toml", "tingkat = 2", "tingkat = true", "tingkat = true", "angka bulat"),
        ("course.toml", 'pilar = "aman"', 'pilar = "hebat"', "pilar =", "salah satu dari: cakap, etika, budaya, aman"),
        ("course.toml", 'judul = "Kursus', 'judul = Kursus"', 'judul = Kursus"', "tidak dapat dibaca sebagai TOML"),
        ("course.toml", "ambang_tes = 80", "ambang_tes = 101", "ambang_tes = 101", "dari 70 sampai 100"),
        ("course.toml", "ambang_tes = 80", "ambang_tes = 69", "ambang_tes = 69", "dari 70 sampai 100"),
        ("course.toml", "jeda_jam = 24", "jeda_jm = 24", "[kelulusan]", "“jeda_jam” belum ada"),
        ("course.toml", 'modul = "pesan"', 'modul = "pasir"', "[[tes.sel]]", "Modul “pasir” tidak ada"),
        ("course.toml", 'bloom = ["terapkan"]', 'bloom = ["hafal"]', 'bloom = ["hafal"]', "harus dari: ingat"),
        ("course.toml", "ambil = 2\n\n[[tes.sel]]\nmodul = \"pintu\"", "ambil = 3\n\n[[tes.sel]]\nmodul = \"pintu\"",
         "[[tes.sel]]", "memerlukan 9 soal"),
        ("rujukan.toml", 'isi = "157"', 'isi = "satu lima tujuh"', 'isi = "satu', "hanya boleh memuat angka"),
        ("rujukan.toml", 'isi = "lapor.contoh"', 'isi = "javascript:alert(1)"', "javascript", "tidak wajar"),
        ("rujukan.toml", 'jenis = "angka"', 'jenis = "huruf"', 'jenis = "huruf"', "situs, telepon, angka"),
        ("rujukan.toml", "checked_on = 2026-11-22", "", "[kasus]", "“checked_on” belum ada"),
        (MODULE, 'kode = "4.2"', 'kode = "9.9"', "digcomp", "tidak sesuai bentuknya: “9.9”"),
        (MODULE, "jp = 1", 'jp = "1"', 'jp = "1"', "angka bulat"),
        (MODULE, '["LO4.2.05"]', '"LO4.2.05"', "capaian", "daftar teks"),
        (LESSON, "menit = 6", "menit = enam", "menit = enam", "TOML"),
        (LESSON, "menit = 6", "menit = 6\nwarna = 1", "warna", "“warna” tidak dikenal"),
        (LESSON, "[[kasus]]", "[[kasuss]]", "[[kasuss]]", "Rujukan [[kasuss]] tidak ada"),
        (LESSON, "::: ingat", "::: inget", "::: inget", "Kotak “::: inget” tidak dikenal"),
        (LESSON, "**Satu tanda** sudah cukup.\n:::", "**Satu tanda** sudah cukup.", "::: ingat", "belum ditutup"),
        (LESSON, "Sudah ada", "<b>Sudah</b> ada", "<b>", "HTML tidak diterima"),
        (LESSON, "Sudah ada", "<script>x</script> ada", "<script>", "HTML tidak diterima"),
        (LESSON, "Sudah ada", "![](media/a.webp) ada", "![]", "teks alternatif"),
        (LESSON, "Sudah ada", "![laut](https://a.contoh/a.webp) ada", "![laut]", "folder media/"),
        (LESSON, "Sudah ada", "[laut](javascript:alert) ada", "javascript", "https://"),
        (LESSON, "Sudah ada", "# Sudah ada", "# Sudah", "hanya ada subjudul “###”"),
        (LESSON, "Sudah ada", "#### Sudah ada", "#### Sudah", "hanya ada subjudul “###”"),
        (LESSON, "## Langkah Anda", "Langkah Anda", "Langkah Anda", "Kartu harus dibuka dengan “## Judul”"),
        (LESSON, "1. **Didesak.** Batas", "1. Didesak. Batas", "1. Didesak", "“1. **Judul.** Penjelasan.”"),
        (LESSON, 'dari="0800-0000-0000" jam', 'dri="x" jam', 'dri="x"', "“dri” tidak dikenal"),
        (LESSON, "## Langkah Anda", "## Langkah Anda\n\n---", "---", "Kartu"),
        (QUIZ, "bloom=terapkan", "bloom=hafal", "bloom=hafal", "bloom= salah satu dari"),
        (QUIZ, "tujuan=1", "tujuan=3", "tujuan=3", "Tujuan nomor 3 tidak ada. Modul ini punya 2 tujuan"),
        (QUIZ, "tujuan=1", "tujuan=satu", "tujuan=satu", "nomor tujuan"),
        (QUIZ, "tujuan=1", "tujuan=1 warna=biru", "warna=biru", "“warna” tidak dikenal"),
        (QUIZ, "tujuan=1", "tujuan=1 modul=pintu", "modul=pintu", "hanya untuk bank.md"),
        (QUIZ, "{#pesan-kuis-1", "{", "pesan-kuis-1?", "belum punya tanda pengenal"),
        (QUIZ, "{#pesan-kuis-1", "{#Pesan_1", "Pesan_1", "huruf kecil, angka, dan tanda hubung"),
        (QUIZ, "{#pesan-kuis-1", "{#pintu-kuis-1", "pesan-kuis-1?", "sudah dipakai"),
        (QUIZ, "[x]", "[ ]", "pesan-kuis-1?", "belum punya kunci"),
        (QUIZ, "{#b}", "{#a}", "{#a}", "sama dengan pilihan lain"),
        (QUIZ, "  > Kurang tepat. Penjelasan untuk pilihan ini.\n", "", "Membaca", "belum punya umpan balik"),
        (QUIZ, "- [ ] Bertanya", "- Bertanya", "- Bertanya", "bukan pilihan"),
        ("bank.md", "modul=pesan", "", "pesan-tes-1?", "harus menyebut modul="),
        ("bank.md", "modul=pesan", "modul=pasir", "pesan-tes-1?", "Modul “pasir” tidak ada"),
    ],
)  # fmt: skip
def test_a_problem_names_its_file_its_line_and_what_to_do(file: str, old: str, new: str, at: str, sentence: str):
    files = changed(file, old, new)
    found = problems_of(files)
    matching = [p for p in found if sentence in p.text and p.file in {file, "2-pintu/kuis.md"}]
    assert matching, [f"{p.file}:{p.line} {p.text}" for p in found]
    assert all(problem.blocking and problem.line >= 1 for problem in found)
    if matching[0].file == file and at != "{#a}" and at != "---":
        first = line_of(files, file, at)
        assert first in {p.line for p in matching}, [(p.line, p.text) for p in matching]


def test_a_card_that_is_empty_is_named():
    assert any(
        "Kartu ini kosong" in p.text
        for p in problems_of(changed(LESSON, "---\n\n## Langkah", "---\n\n---\n\n## Langkah"))
    )


def test_all_options_right_is_no_question():
    text = a_question_file(a_question("semua", keys=3))
    assert any("Semua pilihan ditandai benar" in p.text for p in problems_of(a_course_files(**{QUIZ: text})))


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("catatan.md", "tidak punya tempat"),
        ("1-pesan/catatan.md", "Nama berkas materi"),
        ("1-pesan/1-catatan.md", "Nama berkas materi"),
        ("1-pesan/02-Catatan.md", "Nama berkas materi"),
        ("1-pesan/02-kuis.md", "sudah dipakai sistem"),
        ("1-pesan/dalam/01-catatan.md", "Folder modul"),
        ("pesan/01-catatan.md", "Folder modul"),
        ("3-laut/01-catatan.md", "belum punya modul.toml"),
        ("../rahasia.md", "Folder modul"),
        ("/etc/passwd", "Folder modul"),
        ("1-pesan/01-lain.md", "sudah dipakai oleh 01-lain.md"),
        ("1-laut/modul.toml", "bernomor 1"),
        ("3-pesan/modul.toml", "bernama “pesan”"),
    ],
)
def test_a_stray_or_misnamed_file_is_refused(path: str, sentence: str):
    found = problems_of(a_course_files(**{path: "+++\nformat = 1\n+++\n"}))
    assert any(sentence in problem.text for problem in found), [p.text for p in found]


@pytest.mark.parametrize("path", ["course.toml", "rujukan.toml", "bank.md", MODULE])
def test_a_missing_file_is_named(path: str):
    assert any(
        problem.file == path and "belum" in problem.text for problem in problems_of(a_course_files(**{path: None}))
    )


def test_practice_and_quiz_are_demanded_by_the_inspection_and_not_by_the_parser():
    course = the_course(**{"1-pesan/praktik.md": None, QUIZ: None})
    assert not course.module("pesan").drawable
    assert course.modules[0].practice is None


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\u202e", "\u2028", "\ud800", "\r", "\x85"])
def test_hidden_signs_are_refused_with_their_line(sign: str):
    found = problems_of(changed(LESSON, "Sudah ada", f"Sudah {sign} ada"))
    line = line_of(a_course_files(), LESSON, "Sudah ada")
    assert [(p.file, p.line) for p in found if "tanda tersembunyi" in p.text] == [(LESSON, line)]


def test_hidden_signs_cannot_come_in_through_toml_escapes():
    assert any(
        "satu baris" in p.text for p in problems_of(changed("course.toml", "Kursus Contoh", "Kursus\\u202eContoh"))
    )


def test_too_large_a_file_too_long_a_line_and_too_many_files_are_refused():
    assert any("200 KB" in p.text for p in problems_of(changed(LESSON, "Sudah ada", "ab\n" * 70_000)))
    assert any("5.000" in p.text for p in problems_of(changed(LESSON, "Sudah ada", "a" * 6_000)))
    many = {f"1-pesan/{number}.md": "" for number in range(400)}
    assert any("300 berkas" in p.text for p in problems_of(a_course_files() | many))


def test_too_many_cards_are_refused_at_the_first_that_is_too_many():
    files = changed(LESSON, "## Mari", "## Kartu\n\nIsi.\n\n---\n\n" * 300 + "## Mari")
    found = problems_of(files)
    assert [(p.line, "300 kartu" in p.text) for p in found] == [(line_of(files, LESSON, "## Mari"), True)]


def test_settings_that_are_never_closed_are_named():
    found = problems_of(changed(LESSON, 'bahaya."\n+++', 'bahaya."\n'))
    assert any("belum ditutup dengan baris “+++”" in p.text for p in found)


def test_every_problem_is_named_at_once_in_the_order_of_files_and_lines():
    files = changed(LESSON, "[[kasus]]", "[[x]]") | {"course.toml": COURSE.replace("tingkat = 2", "tingkat = 0")}
    found = problems_of(files)
    assert [p.file for p in found] == [LESSON, "course.toml"]
    files[LESSON] = files[LESSON].replace("menit = 6", "menit = 0")
    assert [p.line for p in problems_of(files) if p.file == LESSON] == sorted(
        p.line for p in problems_of(files) if p.file == LESSON
    )


def test_two_cells_may_not_share_questions():
    text = COURSE.replace('modul = "pintu"\nbloom = ["pahami", "terapkan"]', 'modul = "pesan"\nbloom = ["terapkan"]')
    assert any("Gabungkan" in p.text for p in problems_of(a_course_files(**{"course.toml": text})))


def test_a_half_written_course_can_still_be_looked_at():
    examined = examine(a_course_files(**{"bank.md": None}))
    assert examined.problems
    assert examined.course.lesson("pesan", "materi-1") is not None


def test_quotes_curl_in_titles_but_not_in_code():
    heading = '## Apa arti "OTP" pada `"kode"`? {#otp bloom=ingat tujuan=1}'
    text = f"{heading}\n\n- [x] Kunci.\n  > Ya.\n- [ ] Pintu.\n  > Bukan.\n"
    item = the_course(**{QUIZ: a_question_file(text)}).item("otp")
    assert item is not None
    assert item.stem == 'Apa arti “OTP” pada "kode"?'
    assert item.stem_html == 'Apa arti “OTP” pada <code>"kode"</code>?'


# --- whatever is typed, the parser answers


_SOUP = st.text(alphabet=st.sampled_from(list("#-*+[]{}()=:>|`\"'<&!\\ \n\tx1a.~_")) | st.characters(), max_size=300)


@settings(max_examples=60, deadline=None)
@given(path=st.sampled_from(sorted(a_course_files())) | st.text(max_size=30), text=_SOUP)
def test_no_text_breaks_the_parser(path: str, text: str):
    answer = parse(a_course_files() | {path: text})
    assert isinstance(answer, Course) or all(isinstance(p.text, str) and p.line >= 1 for p in answer)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_no_slip_of_the_hand_breaks_the_parser(data: st.DataObject):
    files = a_course_files()
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(sorted(files)))
        text = files[path]
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 40)))
        files[path] = text[:start] + data.draw(_SOUP) + text[end:]
    answer = parse(files)
    if isinstance(answer, list):
        for problem in answer:
            assert problem.text
            assert 1 <= problem.line <= files.get(problem.file, "").count("\n") + 2


@pytest.mark.parametrize(
    "text", ["[" * 50_000, "a = " + "[" * 4_000, "a = 1" + "0" * 4_990, "a = 0x" + "f" * 4_900, "[" + " " * 4_900]
)
def test_monstrous_settings_are_a_problem_and_not_a_crash(text: str):
    assert problems_of(a_course_files(**{"course.toml": text}))


@pytest.mark.parametrize(
    "line",
    [" " * 4_900 + "x", "## " + " " * 4_900 + "x", "- [ ] a" + " " * 4_900 + "x", '"' * 4_900, "[" * 4_900, "=" * 4_900,
     "![" * 2_400, "*" * 4_900, "`" * 4_900, "a." * 2_450, "::: " * 1_200, "> " * 2_400, "- " * 2_400, "|" * 4_900],
)  # fmt: skip
def test_monstrous_lines_are_read_quickly(line: str):
    examine(a_course_files(**{LESSON: a_course_files()[LESSON] + "\n" + "\n".join([line] * 20)}))


# --- files on disk


def test_a_course_written_to_disk_reads_back_exactly(tmp_path: Path):
    files = a_course_files() | {"rujukan.toml": "# akhir baris Windows\r\n"}
    course_files.write(files, tmp_path)
    assert course_files.read(tmp_path) == files


@pytest.mark.parametrize("name", ["../luar.md", "/etc/x.md", "a/../../x.md", "a\\b.md", ".git/x.md", "a//x.md", "x.sh"])
def test_an_unsafe_name_is_never_written(tmp_path: Path, name: str):
    with pytest.raises(Refused):
        course_files.write({"course.toml": "", name: ""}, tmp_path / "kursus")
    assert not (tmp_path / "kursus").exists()


def test_links_to_other_places_are_refused_both_ways(tmp_path: Path):
    secret = tmp_path / "rahasia.md"
    secret.write_text("rahasia")
    folder = tmp_path / "kursus"
    folder.mkdir()
    (folder / "bank.md").symlink_to(secret)
    with pytest.raises(Refused, match=r"bank\.md"):
        course_files.read(folder)
    with pytest.raises(Refused, match=r"bank\.md"):
        course_files.write({"bank.md": "lain"}, folder)
    assert secret.read_text() == "rahasia"
    (folder / "bank.md").unlink()
    (tmp_path / "luar").mkdir()
    (folder / "1-pesan").symlink_to(tmp_path / "luar")
    with pytest.raises(Refused):
        course_files.read(folder)
    with pytest.raises(Refused):
        course_files.write({"1-pesan/kuis.md": "lain"}, folder)
    assert list((tmp_path / "luar").iterdir()) == []


def test_a_file_that_is_not_text_is_named(tmp_path: Path):
    (tmp_path / "bank.md").write_bytes(b"\xff\xfe")
    with pytest.raises(Refused, match=r"bank\.md bukan teks UTF-8"):
        course_files.read(tmp_path)


def test_reading_a_course_loads_neither_flask_nor_sqlalchemy():
    code = (
        "import sys, app.course.content, app.course.lint;"
        "sys.exit(bool({'flask', 'sqlalchemy', 'wtforms', 'reportlab'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
