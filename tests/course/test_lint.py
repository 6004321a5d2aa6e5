"""The inspection sends back what a careful reader would send back."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.course import files as course_files
from app.course.addresses import addresses, numbers
from app.course.content import examine, parse
from app.course.lint import lint, main
from app.course.shapes import Course, Problem
from tests.builders_course import COURSE, a_course_files, a_question, a_question_file

LESSON = "1-pesan/01-materi-1.md"
QUIZ = "1-pesan/kuis.md"
PRACTICE = "1-pesan/praktik.md"


def found_in(files: dict[str, str]) -> list[Problem]:
    course = parse(files)
    assert isinstance(course, Course), [f"{p.file}:{p.line} {p.text}" for p in course]
    return lint(course, files)


def changed(file: str, old: str, new: str) -> dict[str, str]:
    files = a_course_files(whole=True)
    assert old in files[file]
    return files | {file: files[file].replace(old, new, 1)}


def with_quiz(*questions: str) -> dict[str, str]:
    return a_course_files(whole=True, **{QUIZ: a_question_file(*questions)})


def four_questions() -> list[str]:
    return [a_question(f"kuis-{number}", key=number % 3) for number in range(1, 5)]


def test_a_whole_course_is_sent_back_for_nothing():
    assert found_in(a_course_files(whole=True)) == []


def test_the_courses_of_the_house_are_sent_back_for_nothing_that_blocks():
    folders = [entry for entry in Path("courses").iterdir() if (entry / "course.toml").exists()]
    assert folders
    for folder in folders:
        files = course_files.read(folder)
        examined = examine(files)
        blocking = [p for p in (*examined.problems, *lint(examined.course, files)) if p.blocking]
        assert blocking == [], [f"{p.file}:{p.line} {p.text}" for p in blocking]


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence", "blocking"),
    [
        (LESSON, "Sudah ada", "Hubungi 157. Ada", "Nomor “157” ditulis langsung", True),
        (LESSON, "Sudah ada", "Telepon 0812-3456-7890. Ada", "Nomor “0812-3456-7890”", True),
        (LESSON, "Sudah ada", "Buka lapor.go.id dahulu. Ada", "“lapor.go.id” tampak seperti alamat", True),
        (LESSON, "Sudah ada", "Buka [laman](https://bank.co.id/a) dahulu. Ada", "“https://bank.co.id/a”", True),
        (LESSON, "0800-0000-0000", "0811-222-333-44", "Nomor “0811-222-333-44”", True),
        (LESSON, "ke hadiah.contoh", "ke hadiah-anda.xyz", "“hadiah-anda.xyz”", True),
        (LESSON, "Sudah ada", "Menurut kamu, sudah ada", "Sapaan “kamu”", True),
        (LESSON, "Sudah ada", "Kalian tahu, sudah ada", "Sapaan “Kalian”", True),
        (LESSON, "Sudah ada", "Setelah login, sudah ada", "“login” sebaiknya diganti “masuk”", False),
        (LESSON, "Sudah ada", "Di pelajaran ini sudah ada", "“pelajaran” sebaiknya diganti “materi”", False),
        (LESSON, "Sudah ada", " ".join(["laut"] * 26) + ". Sudah ada", "26 kata. Bagi sampai paling panjang 25", True),
        (LESSON, "::: ingat", "::: info\nSatu.\n:::\n\n::: ingat", "hanya memuat satu kotak pesan", True),
        (LESSON, "==kode OTP==", "kode OTP", "punya 1 tanda ==…==, tetapi “::: tanda” menjelaskan 2", True),
        (PRACTICE, "## Baca", "## Hai kamu, baca", "Sapaan “kamu”", True),
        ("course.toml", "Setelah kursus ini", "Buka lapor.go.id. Setelah kursus ini", "“lapor.go.id”", True),
        ("1-pesan/modul.toml", "memeriksa pesan", "memahami pesan", "sulit diukur", False),
        (QUIZ, "Membaca pesannya dua kali", "Semua jawaban benar", "merangkum pilihan lain", True),
        (QUIZ, "Membaca pesannya dua kali", "Jawaban A dan B", "merangkum pilihan lain", True),
        (QUIZ, "Membaca pesannya dua kali", "Tidak ada yang benar", "merangkum pilihan lain", True),
        (QUIZ, "Membaca pesannya dua kali", "Selalu membaca pesan", "Kata “Selalu” sering menjadi petunjuk", False),
        (QUIZ, "Membaca pesannya", "Membaca pesannya " + "lalu sekali lagi " * 4, "huruf. Ringkas", True),
        (QUIZ, "Penjelasan untuk", "Penjelasan " + "panjang sekali. " * 20 + "untuk", "paling banyak 35 kata", True),
        (QUIZ, "Apa yang", "Anda melihat pesan. " * 13 + "Apa yang", "paling banyak 40 kata", True),
        (QUIZ, "pesan-kuis-1?", "pesan-kuis-1.", "pertanyaan lengkap dengan tanda tanya", True),
        (QUIZ, "Apa yang Anda lakukan", "Manakah yang bukan langkah", "Tulis “bukan” dengan huruf besar", False),
        (QUIZ, "- [ ] Bertanya kepada tetangga. {#b}\n  > Kurang tepat. Penjelasan untuk pilihan ini.\n", "",
         "punya 2 pilihan", True),
    ],
)  # fmt: skip
def test_each_slip_is_named_in_its_file(file: str, old: str, new: str, sentence: str, blocking: bool):
    found = found_in(changed(file, old, new))
    matching = [p for p in found if sentence in p.text]
    assert matching, [f"{p.file}:{p.line} {p.text}" for p in found]
    assert matching[0].file == file
    assert matching[0].blocking is blocking
    text = changed(file, old, new)[file].split("\n")
    assert matching[0].line <= len(text)


@pytest.mark.parametrize(
    "words",
    [
        "Ia bertanya, “Kamu di mana?” lalu pergi.",
        "Istilahnya *login* dan *password*.",
        "Tulis `user` di sini.",
        "Sandi 0000 0000 0000 0000 dan 0800-0000-0000 adalah rekaan.",
        "Rp10.000.000 dan 1.520 laporan pada 2024-2025.",
        "Berkas foto.jpg.apk dan surat.pdf ada di hadiah.contoh.",
        "Manakah yang BUKAN langkah?",
        "Pinjaman online dan judi online merugikan.",
    ],
)
def test_what_is_fair_is_left_alone(words: str):
    assert found_in(changed(LESSON, "Sudah ada", f"{words} Sudah ada")) == []


def test_a_fraud_may_write_as_frauds_do():
    message = "kamu login dan submit password " + "cepat " * 30
    assert found_in(changed(LESSON, "SELAMAT!", message)) == []


def test_the_line_of_a_raw_number_is_its_own():
    files = changed(LESSON, "Sudah ada", "Tekan 157.\nSudah ada")
    line = next(n for n, text in enumerate(files[LESSON].split("\n"), start=1) if "Tekan 157" in text)
    assert [(p.file, p.line) for p in found_in(files)] == [(LESSON, line)]


def test_a_lesson_is_neither_short_nor_long():
    assert any("kata. Tulis 350 sampai 550" in p.text for p in found_in(a_course_files()))
    filler = "Air laut surut dan perahu kembali ke dermaga. " * 40
    found = found_in(changed(LESSON, "Sudah ada", filler + "Sudah ada"))
    assert any("kata. Tulis 350 sampai 550" in p.text for p in found)


def test_a_practical_task_may_be_any_length_but_asks_something():
    question = a_question("pesan-praktik", key=2)
    found = found_in(changed(PRACTICE, f"---\n\n{question}", ""))
    assert [p.text for p in found] == ["Praktik belum memuat soal. Tulis paling sedikit satu."]


def test_a_lesson_ends_with_its_one_question():
    question = a_question("pesan-materi-1", key=1)
    found = found_in(changed(LESSON, question, "## Penutup\n\nSelesai.\n"))
    assert [p.text for p in found] == ["Kartu terakhir harus berupa satu soal ingatan. Tambahkan soalnya."]
    found = found_in(changed(LESSON, "## Langkah Anda", f"{a_question('sela')}\n---\n\n## Langkah Anda"))
    assert [p.text.partition(".")[0] for p in found] == ["Soal di materi hanya di kartu terakhir"]


def test_a_lesson_has_three_to_five_cards_and_shows_something():
    more = "".join(f"## Kartu {n}\n\nIsi kartu.\n\n---\n\n" for n in range(3))
    assert any("6 kartu" in p.text for p in found_in(changed(LESSON, "## Mari", more + "## Mari")))
    files = a_course_files(whole=True)
    bare = files[LESSON]
    for name in ("pesan", "tanda", "langkah"):
        start = bare.index(f"::: {name}")
        bare = bare[:start] + bare[bare.index(":::\n", start + 4) + 4 :]
    table = bare.index("| Berkas")
    bare = bare[:table] + bare[bare.index("Air", table) :]
    assert any("belum memuat “::: pesan”" in p.text for p in found_in(files | {LESSON: bare}))


def test_sentences_are_short_on_average():
    short = " ".join(["Air laut surut dan perahu kembali ke dermaga."] * 10)
    long = "Pagi itu " + "perahu nelayan yang baru dicat " * 3 + "kembali dari laut lepas sebelum matahari terbit. "
    files = a_course_files(whole=True)
    files[LESSON] = files[LESSON].replace(short, long * 4)
    assert any("Rata-rata kalimat" in p.text for p in found_in(files))


def test_a_module_has_four_lessons_a_task_and_a_quiz():
    found = found_in(a_course_files(whole=True, **{LESSON: None, PRACTICE: None, QUIZ: None}))
    texts = {p.text for p in found if p.file == "1-pesan/modul.toml"}
    assert len(texts) == 3
    assert "Modul ini punya 3 materi. Susun menjadi 4 materi." in texts


def test_a_quiz_has_twice_what_it_draws():
    found = found_in(with_quiz(*four_questions()[:3]))
    assert [p.text for p in found] == ["Kuis ini memuat 3 soal. Tulis paling sedikit 4, dua kali jumlah yang diambil."]


def test_a_quiz_asks_for_more_than_recall():
    questions = [a_question(f"kuis-{n}", key=n % 3, bloom="ingat" if n < 3 else "nilai") for n in range(1, 5)]
    found = found_in(with_quiz(*questions))
    assert [p.text for p in found] == ["2 dari 4 soal kuis ini berjenis “ingat”. Ubah sampai paling banyak 1."]


def test_a_quiz_can_always_be_drawn_with_little_recall():
    questions = [a_question(f"kuis-{n}", key=n % 3, bloom="ingat" if n < 4 else "nilai") for n in range(1, 5)]
    assert any("hanya memuat 1 soal selain “ingat”" in p.text for p in found_in(with_quiz(*questions)))


def test_keys_do_not_sit_in_one_place():
    found = found_in(with_quiz(*[a_question(f"kuis-{n}", key=1 if n < 4 else 0) for n in range(1, 5)]))
    assert [p.text for p in found] == ["Kunci ada di pilihan ke-2 pada 3 dari 4 soal. Sebarkan letaknya."]


def test_keys_are_not_the_longest_options():
    questions = [text.replace("[x] ", "[x] Nah, sudah jelas: ") for text in four_questions()]
    assert any("Kunci adalah pilihan terpanjang pada 4 dari 4 soal" in p.text for p in found_in(with_quiz(*questions)))


def test_a_question_that_is_never_drawn_and_a_reference_that_is_never_read_are_named():
    files = a_course_files(whole=True)
    files["bank.md"] += "\n" + a_question("sisa", " modul=pesan", bloom="nilai")
    files["rujukan.toml"] += files["rujukan.toml"].replace("[", "[lain-")
    found = found_in(files)
    assert {p.blocking for p in found} == {False}
    assert [p.file for p in found] == ["bank.md", "rujukan.toml", "rujukan.toml", "rujukan.toml"]
    assert found[1].line == 1 + files["rujukan.toml"].split("\n").index("[lain-lapor]")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Buka bit.ly/abc sekarang", ["bit.ly"]),
        ("Tulis ke sari@bank.co.id ya", ["sari@bank.co.id"]),
        ("Alamat WWW.BANK.CO.ID itu", ["WWW.BANK.CO.ID"]),
        ("Selesai.lalu pergi", ["Selesai.lalu"]),
        ("hadiah.contoh, a.b.example, foto.jpg, [[iasc]], S.Pd, a.n. Budi, LO4.2.05", []),
        ("## Apa? {#k03-m1.go bloom=ingat}", []),
        ("https://hadiah.contoh/a?b=1", []),
    ],
)
def test_addresses_are_told_from_names_of_files(line: str, expected: list[str]):
    assert list(addresses(line)) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Telepon +62 812 3456 7890", ["+62 812 3456 7890"]),
        ("NIK 6474011234560001", ["6474011234560001"]),
        ("menelepon 1500", ["1500"]),
        ("NIK 0000 0000 0000 0000 dari 0800-0000-0000 atau +62 800-0000-0000", []),
        ("Rp10.000.000, 2026-11-23, 2024-2025, kode 482913, 19.42, 22 November 2024", []),
        ("nomor 3 dari 5, [[ojk]]", []),
    ],
)
def test_numbers_are_told_from_sums_and_dates(line: str, expected: list[str]):
    assert list(numbers(line)) == expected


def test_the_command_prints_lines_counts_and_answers_with_its_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    course_files.write(a_course_files(whole=True), tmp_path)
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == "0 masalah, 0 saran\n"
    course_files.write({"course.toml": COURSE.replace("tingkat = 2", "tingkat = 0")}, tmp_path)
    assert main([str(tmp_path)]) == 1
    out = capsys.readouterr().out.split("\n")
    assert out[0] == "course.toml:8: masalah: Angka “tingkat” harus dari 1 sampai 8."
    assert main([str(tmp_path), "1-pesan"]) == 0
    assert main([str(tmp_path), "course.toml"]) == 1
    assert main([]) == 2
    assert main([str(tmp_path / "tidak-ada")]) == 2
