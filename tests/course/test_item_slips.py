"""Every slip in writing a question has its own sentence, at its line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.course.asking import settled
from app.course.cards import split_questions
from app.course.content import examine
from app.course.item import KINDS, Kind
from app.course.items import Home, read_item
from app.course.lint_items import lint_item
from app.course.pictures import read_media
from app.course.replies import reply
from app.course.scoring import points
from tests.builders_course import a_course_files, a_question
from tests.builders_items import PICTURES
from tests.course.test_items import QUIZ, files_with, of, problems_in

_KIND_WORD = {kind: of(kind).partition("jenis=")[2].partition(" ")[0] for kind in KINDS}


@pytest.mark.parametrize(
    ("kind", "old", "new", "at", "sentence"),
    [
        ("single_choice", "jenis=pilihan", "jenis=pilihn", "##", "Jenis soal “pilihn” tidak dikenal"),
        ("single_choice", "tujuan=1", "tujuan=1 status=jadi", "##", "Isi “status” hanya salah satu dari: draf"),
        ("single_choice", "tujuan=1", "tujuan=1 sulit=mudah", "##", "dari 0 sampai 1, misalnya sulit=0.7"),
        ("single_choice", "tujuan=1", "tujuan=1 sulit=1.5", "##", "dari 0 sampai 1"),
        ("single_choice", "[x]", "[ ]", "##", "belum punya kunci"),
        ("single_choice", "[x]", "[80]", "##", "belum punya kunci"),
        ("single_choice", "[x]", "[120]", "Menelepon", "Bobot [120] di luar batas"),
        ("single_choice", "[x]", "[-101]", "Menelepon", "Bobot [-101] di luar batas"),
        ("single_choice", "[x]", "[xx]", "Menelepon", "Tanda [xx] tidak terbaca"),
        ("single_choice", "[x]", "[5O]", "Menelepon", "Tanda [5O] tidak terbaca"),
        ("single_choice", "- [ ] Menutup", "### Alasan\n\n- [ ] Menutup", "### Alasan", "hanya untuk soal jenis=benar"),
        ("single_choice", "- [ ] Menutup", "### Lain\n\n- [ ] Menutup", "### Lain", "“Lain” tidak punya tempat"),
        ("single_choice", "- [ ] Menutup", "### Pembahasan\n\nItu.\n\n- [ ] Menutup", "- [ ] Menutup",
         "di bawah “### Pembahasan”"),
        ("multiple_response", "[x]", "[30]", "##", "baru 80 persen"),
        ("multiple_response", "- [ ] Salam di awal pesan. {#b}", "- [x] Salam. {#b}", "##", "Semua pilihan"),
        ("true_false", "- [x] Salah", "- [x] Keliru", "##", "tepat dua pilihan: “Benar” dan “Salah”"),
        ("true_false", "- [x] Salah", "- [ ] Salah", "##", "Tandai satu saja"),
        ("true_false", "### Alasan\n", "", "##", "belum punya alasan"),
        ("true_false", "### Alasan\n", "### Alasan\n\n### Alasan\n", "### Alasan", "dua “### Alasan”"),
        ("true_false", "- [x] Kode OTP", "- [ ] Kode OTP", "### Alasan", "belum punya kunci"),
        ("true_false", "  > Benar. Kode itu sama dengan tanda tangan Anda.\n", "", "menyetujui", "belum punya umpan"),
        ("true_false", "{#a}", "{#benar}", "terlalu pendek", "sama dengan pilihan lain"),
        ("ordering", "3. Mencatat waktu dan nomor penelepon. {#d}\n   > Catatan itu menjadi bukti.\n4. Melapor",
         "   Melapor", "##", "paling sedikit tiga langkah"),
        ("ordering", "1. Menutup", "- [x] Menutup", "- [x] Menutup", "memakai daftar bernomor"),
        ("ordering", "2. Menghubungi", "Lalu menghubungi", "Lalu", "bukan langkah"),
        ("ordering", "{#a}", "{#c}", "{#c}", "sama dengan pilihan lain"),
        ("matching", "{#satu} => Menyetujui", "{#satu} Menyetujui", "{#satu}", "Pasangan ini tidak lengkap"),
        ("matching", "{#satu} => Menyetujui", "{#satu} => => Menyetujui", "{#satu}", "dengan satu “=>”"),
        ("matching", "- Kode OTP", "- [x] Kode OTP", "[x]", "tidak memakai [x]"),
        ("matching", "- Kata sandi {#dua} => Membuka akun {#q}\n  > Karena itu kata sandi dirahasiakan.\n", "", "##",
         "paling sedikit dua pasangan"),
        ("matching", "Membuka akun {#q}", "Menyetujui transaksi {#p}\n  > Ya.\n- => Menyetujui transaksi {#p}",
         "- => M", "sudah menjadi pasangan"),
        ("matching", "{#dua}", "{#satu}", "Kata sandi", "sama dengan sisi kiri lain"),
        ("matching", "{#dua}", "{#q}", "Kata sandi", "menunjukkan jawabannya"),
        ("matching", "{#dua}", "{#D u a}", "Kata sandi", "huruf kecil, angka, dan tanda hubung"),
        ("hotspot_text", "hangus jam 12 {#a}", "hangus jam 13 {#a}", "jam 13", "tidak ada di dalam pesan"),
        ("hotspot_text", "Selamat siang. ", "Selamat siang. Selamat siang. ", "- [ ] Selamat", "muncul 2 kali"),
        ("hotspot_text", "- [ ] Selamat siang", "- [ ] kode OTP", "- [x] Kirim", "bertumpang tindih"),
        ("hotspot_text", "- [ ] Selamat siang", "- [ ] nda", "- [ ] nda", "tidak ada di dalam pesan"),
        ("hotspot_text", "- [ ] Selamat siang", "- [ ] siang. Hadiah", "- [ ] siang", "terpotong oleh tanda"),
        ("hotspot_text", "hangus jam 12. K", "==hangus jam 12==. K", "##", "Jangan menandai pesan dengan ==…=="),
        ("short_text", "[x]", "[90]", "##", "belum punya kunci"),
        ("short_text", "- [ ] *", "- [x] *", "- [x] *", "tidak dapat menjadi kunci"),
        ("short_text", "- [x] penipuan", "- [x] “…”", "“…”", "tidak memuat huruf atau angka"),
        ("short_text", "- [x] penipuan", "- [x] a*b*c*d*e", "a*b", "paling banyak memuat 3 tanda *"),
        ("short_text", "- [x] penipuan", "- [x] " + "panjang " * 30, "panjang", "paling panjang 200 huruf"),
        ("short_text", "penipuan {#a}", "penipuan\n- [80] PENI-PUAN", "PENI-PUAN", "sama dengan pilihan lain"),
        ("number", "3,5 ± 0,1", "tiga", "tiga", "Angka “tiga” tidak terbaca"),
        ("number", "3,5 ± 0,1", "1.234", "1.234", "dapat dibaca dua cara. Tulis 1234, atau 1,2340"),
        ("number", "3,5 ± 0,1", "3,5 ± sedikit", "sedikit", "Toleransi “sedikit” tidak terbaca"),
        ("number", "3,5 ± 0,1", "3,5 ± -1", "± -1", "Toleransi “-1” tidak terbaca"),
        ("number", "3,5 ± 0,1", "3,5 ± 5%", "± 5%", "Toleransi “5%” tidak terbaca"),
        ("number", "3,5 ± 0,1", "3,5 ± ", "3,5 ±", "Toleransi “” tidak terbaca"),
        ("number", "[x]", "[ ]", "##", "belum punya kunci"),
        ("cloze", "Kode {1} hanya", "Kode itu hanya", "{1}", "Rumpang {1} tidak ada di dalam teks"),
        ("cloze", "{2 isian}\n- [x] apk {#c}\n- [x] .apk bundel {#d}\n", "", "##", "Rumpang {2} belum punya jawaban"),
        ("cloze", "Kode {1} hanya", "Kode {1} dan {1} hanya", "dan {1}", "ditulis dua kali di dalam teks"),
        ("cloze", "Kode {1} hanya", "Kode {1 isian} hanya", "Kode {1 isian}", "tulis nomornya saja"),
        ("cloze", "{2 isian}", "{2 esai}", "{2 esai}", "Tulis {1}, {1 isian}, {1 angka}"),
        ("cloze", "{2 isian}", "{1}", "{1}", "Jawaban untuk rumpang {1} ditulis dua kali"),
        ("cloze", "bobot=2", "bobot=0", "bobot=0", "harus lebih dari nol"),
        ("cloze", "{1}\n- [x]", "- [x] Lain\n\n{1}\n- [x]", "- [x] Lain", "tidak berada di bawah rumpang mana pun"),
        ("cloze", "- [ ] pos {#b}\n", "", "{1}", "paling sedikit dua pilihan"),
        ("cloze", "- [x] 10 ± 1 {#e}", "- [50] 10 ± 1 {#e}", "{3 angka", "belum punya kunci"),
        ("picture_choice", "media/gembok.png", "media/tiada.png", "tiada", "“media/tiada.png” tidak ada"),
        ("picture_choice", "media/gembok.png", "https://a.contoh/a.png", "a.contoh", "tidak ada di folder media/"),
        ("picture_choice", "Gembok yang tertutup", "", "gembok", "belum punya teks alternatif"),
        ("picture_choice", "![Gembok yang tertutup](media/gembok.png)", "Gembok", "Gembok", "adalah satu gambar"),
    ],
)  # fmt: skip
def test_each_slip_has_its_sentence_at_its_line(kind: Kind, old: str, new: str, at: str, sentence: str):
    found = problems_in(of(kind, old, new))
    matching = [problem for problem in found if sentence in problem.text]
    assert matching, [f"{p.line} {p.text}" for p in found]
    lines = files_with(of(kind, old, new))[QUIZ].split("\n")
    at_lines = {number for number, line in enumerate(lines, 1) if at in line}
    assert at_lines & {problem.line for problem in matching}, [(p.line, p.text) for p in matching]


def test_an_explanation_is_one_paragraph_and_not_empty():
    two = a_question("satu") + "\n### Pembahasan\n\nSatu.\n\nDua.\n\nTiga.\n"
    assert ["hanya satu paragraf" in p.text for p in problems_in(two)] == [True, True]
    empty = a_question("satu") + "\n### Pembahasan\n"
    assert ["masih kosong" in p.text for p in problems_in(empty)] == [True]
    twice = a_question("satu") + "\n### Pembahasan\n\nSatu.\n\n### Pembahasan\n\nDua.\n"
    assert any("dua “### Pembahasan”" in p.text for p in problems_in(twice))


def test_a_text_without_a_gap_is_no_cloze():
    text = "## Apa? {#satu jenis=rumpang bloom=ingat tujuan=1}\n\nTeks biasa.\n"
    assert ["belum punya rumpang" in p.text for p in problems_in(text)] == [True]


def test_a_question_on_a_card_is_always_shown():
    files = a_course_files()
    lesson = "1-pesan/01-materi-1.md"
    files[lesson] = files[lesson].replace("tujuan=1}", "tujuan=1 status=draf}")
    found = [p for p in examine(files).problems if p.file == lesson]
    assert ["Soal di materi selalu tampil" in p.text for p in found] == [True]


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_without_anything_below_it_is_named_and_breaks_nothing(kind: Kind):
    text = f"## Apa? {{#satu jenis={_KIND_WORD[kind]} bloom=ingat tujuan=1}}\n"
    assert problems_in(text)


@pytest.mark.parametrize("kind", KINDS)
def test_lines_of_one_kind_below_another_are_named_and_break_nothing(kind: Kind):
    for other in KINDS:
        text = of(other).replace(f"jenis={_KIND_WORD[other]}", f"jenis={_KIND_WORD[kind]}")
        examine(files_with(text))


_HOME = Home({"pesan": ("memeriksa",)}, {"pesan": ("4.2",)}, {}, "pesan", read_media(PICTURES, []))
_PIECES = [
    "- [x] a",
    "- [ ] b {#b}",
    "- [50] c",
    "- [-33,333] d",
    "- [999] e",
    "- [",
    "- [x]",
    "- [x] ",
    "1. a",
    "2) b",
    "10. c {#c}",
    "- a => b",
    "- => b",
    "- a =>",
    "=>",
    "{1}",
    "{2 isian}",
    "{3 angka bobot=0,5}",
    "{1}{1}",
    "{",
    "}",
    "{#}",
    "### Alasan",
    "### Pembahasan",
    "###",
    "  > kata",
    ">",
    "   lanjut",
    "teks {1} dan {2}",
    '::: pesan dari="x"',
    ":::",
    "a",
    "- [x] ![a](media/gembok.png)",
    "- [x] 1.234",
    "- [x] 3 ± ±",
    "- [x] *",
    "- [x] 1e999",
    "- [x] ½",
    "- [x] \\*",
    "",
    "- [x] Benar",
    "- [ ] Salah",
    "<b>{1}</b>",
    "&amp; {2}",
    "==a==",
    "| a | b |",
    "`{1}`",
    "- [x] `a`",
    "**a",
    "- [x] **a**",
    "\u00a0",
    "\u0130",
    "- [²] x",
    "9" * 30 + ". a",
    "- [x] " + "9" * 300,
]


@given(st.sampled_from(KINDS), st.lists(st.sampled_from(_PIECES), max_size=14))
@settings(max_examples=400, deadline=None)
def test_whatever_stands_below_a_question_is_read_or_named(kind: Kind, lines: list[str]):
    heading = f"## Apa? {{#satu jenis={_KIND_WORD[kind]} bloom=ingat tujuan=1}}\n\n"
    [(card, problems)] = [(card, []) for card in split_questions(QUIZ, heading + "\n".join(lines), 1, [])]
    item, _ = read_item(card, _HOME, problems)
    assert all(1 <= problem.line <= len(lines) + 2 and problem.text for problem in problems)
    list(lint_item(item))
    list(reply(item, []).lines)
    if not problems:
        assert 0 <= points(item, settled(item)) <= 1
