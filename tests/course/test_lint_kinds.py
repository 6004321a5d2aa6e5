"""The inspection judges each kind of question by its own rules."""

from __future__ import annotations

import pytest

from app.course.content import examine
from app.course.item import KINDS, Kind
from app.course.lint import lint
from app.course.shapes import Problem
from tests.builders_course import a_course_files, a_question, a_question_file
from tests.builders_items import PICTURES, a_question_of

QUIZ = "1-pesan/kuis.md"


def said_of(*questions: str) -> list[Problem]:
    """What the inspection says of a quiz with these questions beside four that are without fault."""
    files = a_course_files(whole=True) | PICTURES
    files[QUIZ] += "\n" + "\n".join(questions)
    if not any("jenis=gambar" in question for question in questions):
        files = {path: text for path, text in files.items() if path not in PICTURES}
    examined = examine(files)
    assert examined.problems == (), [f"{p.file}:{p.line} {p.text}" for p in examined.problems]
    return lint(examined.course, files)


@pytest.mark.parametrize("kind", KINDS)
def test_a_good_question_of_each_kind_is_sent_back_for_nothing(kind: Kind):
    assert said_of(a_question_of(kind, "satu", " sulit=0.6")) == []


@pytest.mark.parametrize(
    ("kind", "old", "new", "sentence", "blocking"),
    [
        ("single_choice", "[ ] Membaca pesannya", "[x] Membaca pesannya", "Sisakan satu jawaban", False),
        ("single_choice", "{#b}", "{#kunci}", "Tanda pengenal “kunci” menunjukkan jawabannya", True),
        ("single_choice", "{#b}", "{#benar-1}", "Tanda pengenal “benar-1” menunjukkan jawabannya", True),
        ("single_choice", "tujuan=1", "tujuan=1 sulit=0.99", "di luar 0,25 sampai 0,95", False),
        ("single_choice", "tujuan=1", "tujuan=1 sulit=0.1", "di luar 0,25 sampai 0,95", False),
        ("true_false", "- [ ] Kode OTP hanya berlaku sebulan. {#c}\n  > Kurang tepat. Kode itu berlaku beberapa"
         " menit.\n", "", "punya 2 pilihan", True),
        ("true_false", "Kode OTP hanya berlaku sebulan.", "Semua jawaban benar.", "merangkum pilihan lain", True),
        ("true_false", "Kode itu berlaku beberapa menit.", "kata " * 40, "paling banyak 35 kata", True),
        ("ordering", "4. Melapor lewat situs resmi. {#b}\n", "".join(f"{n}. Langkah {n}.\n" for n in range(4, 11)),
         "punya 10 pilihan. Tulis 3 sampai 8", True),
        ("matching", "- => Mencetak struk {#r}\n", "", "yang terakhir dapat ditebak", False),
        ("matching", "### Pembahasan\n\nSetiap kode punya guna sendiri. Semuanya hanya untuk Anda.\n", "", "", False),
        ("hotspot_text", "- [ ] Selamat siang {#b}\n  > Kurang tepat. Salam itu biasa.\n",
         "".join(f"- [ ] {word}\n  > Bukan.\n" for word in "ini ke nomor Selamat siang Hadiah Anda".split()),
         "punya 9 pilihan", True),
        ("short_text", "## Apa yang tepat", "## Apa penipuan yang tepat", "sudah tertulis di pertanyaannya", False),
        ("short_text", "- [x] penipuan", "- [x] penipuan lewat pesan singkat", "paling banyak tiga kata", False),
        ("cloze", "### Pembahasan\n\nKode OTP adalah kunci. Berkas .apk adalah aplikasi.\n", "",
         "belum menjelaskan", True),
        ("cloze", "- [ ] pos {#b}", "- [ ] pos yang dikirim lewat kantor pos dekat pasar {#b}", "huruf. Ringkas", True),
        ("cloze", "Kode OTP adalah kunci.", "kata " * 81 + ".", "Pembahasan ini", False),
        ("number", "  > Benar. Begitu hitungannya.\n", "", "", False),
        ("picture_choice", "- [ ] ![Segitiga dengan tanda seru](media/segitiga.png) {#b}\n  > Kurang tepat. Itu sebuah"
         " peringatan.\n", "", "tidak dipakai di soal mana pun", False),
    ],
)  # fmt: skip
def test_each_slip_is_named(kind: Kind, old: str, new: str, sentence: str, blocking: bool):
    text = a_question_of(kind, "satu")
    assert old in text
    found = said_of(text.replace(old, new, 1))
    if not sentence:
        assert found == [], "one of two explanations is enough"
        return
    matching = [p for p in found if sentence in p.text]
    assert matching, [f"{p.line} {p.text}" for p in found]
    assert [p.blocking for p in matching] == [blocking]


@pytest.mark.parametrize("kind", ["ordering", "matching", "short_text", "number"])
def test_what_is_written_or_sorted_needs_one_explanation(kind: Kind):
    bare = a_question_of(kind, "satu").split("### Pembahasan")[0]
    bare = "\n".join(line for line in bare.split("\n") if not line.lstrip().startswith(">"))
    assert ["belum menjelaskan jawabannya" in p.text for p in said_of(bare)] == [True]
    assert said_of(bare + "\n### Pembahasan\n\nBegitulah caranya.\n") == []


def test_ids_in_the_order_of_the_steps_tell_it():
    text = a_question_of("ordering", "satu")
    for old, new in (("{#c}", "{#p}"), ("{#a}", "{#q}"), ("{#d}", "{#r}"), ("{#b}", "{#s}")):
        text = text.replace(old, new)
    assert ["menurut abjad menunjukkan urutannya" in p.text for p in said_of(text)] == [True]


def test_what_is_no_choice_is_not_measured_as_one():
    steps = "1. Menutup.\n2. Menelepon bank lewat nomor yang tercetak di balik kartu Anda.\n3. Selalu mencatat.\n"
    text = "## Apa urutannya? {#satu jenis=urutan bloom=ingat tujuan=1}\n\n" + steps + "\n### Pembahasan\n\nBegitu.\n"
    assert said_of(text) == []


def test_a_draft_is_only_advised_and_a_retired_question_is_left_alone():
    bad = a_question("satu", " status=draf").replace("lakukan pada keadaan satu?", "lakukan.")
    assert {p.blocking for p in said_of(bad)} == {False}
    bare = "\n".join(line for line in bad.split("\n") if not line.startswith("  >"))
    assert sum("belum punya umpan balik" in p.text for p in said_of(bare)) == 3
    assert said_of(bad.replace("draf", "pensiun")) == []


def test_only_published_questions_fill_a_quiz():
    questions = [a_question(f"kuis-{n}", " status=ditinjau" if n == 4 else "", key=n % 3) for n in range(1, 5)]
    files = a_course_files(whole=True, **{QUIZ: a_question_file(*questions)})
    found = lint(examine(files).course, files)
    assert [p.text for p in found] == ["Kuis ini memuat 3 soal. Tulis paling sedikit 4, dua kali jumlah yang diambil."]


def test_only_published_questions_fill_a_cell_of_the_tests():
    files = a_course_files(whole=True)
    files["bank.md"] = files["bank.md"].replace("modul=pesan}", "modul=pesan status=pensiun}", 1)
    found = examine(files).problems
    assert ["memerlukan 6 soal" in p.text and "baru ada 5" in p.text for p in found] == [True]
    assert found[0].file == "course.toml"


def test_only_single_choices_are_asked_where_their_keys_stand():
    same = [a_question(f"kuis-{n}", key=n % 3) for n in range(3)]
    others = [a_question_of("number", f"angka-{n}") for n in range(4)]
    files = a_course_files(whole=True, **{QUIZ: a_question_file(*same, *others)})
    assert lint(examine(files).course, files) == []


def test_accepted_words_are_not_corrected():
    text = a_question_of("short_text", "satu").replace("- [x] penipuan", "- [x] login")
    assert said_of(text) == []


def test_an_amount_that_is_an_answer_is_no_telephone_number():
    assert said_of(a_question_of("number", "satu").replace("3,5 ± 0,1", "Rp1500000")) == []
