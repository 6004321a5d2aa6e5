"""The texts a new course, module or file begins with; they can be read, and the inspection says what is missing."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date

from app.authoring.rules import slug_of
from app.course.content import BANK, COURSE, PRACTICE_FILE, QUIZ, REFERENCES, SETTINGS

_COURSE = """\
format = 1
kode = "K00"                      # ganti dengan kode kursus, misalnya K14
judul = {title}
judul_pendek = {short}
ringkas = "Tulis satu kalimat untuk daftar kursus."
pengantar = "Setelah kursus ini Anda dapat … (lengkapi)."
pilar = "cakap"                   # cakap, etika, budaya, atau aman
tingkat = 1                       # tingkat DigComp 1 sampai 8
bahasa = "id"
penulis = "Tim Cakap Bontang"
lisensi = "CC BY 4.0"
diperiksa = {today}            # tanggal isi kursus terakhir diperiksa

[kelulusan]
ambang_kuis = 70                  # nilai 0 sampai 100
ambang_tes = 80                   # 70 sampai 100, sebab di bawah 70 tidak ada predikat
percobaan_tes = 3                 # setelah itu menunggu
jeda_jam = 24

[kuis]
ambil = 2                         # jumlah soal yang diambil dari setiap kuis.md

[[tes.sel]]                       # kisi-kisi tes awal dan tes akhir
modul = {module}
bloom = ["pahami", "terapkan"]
ambil = 1
"""

_REFERENCES = """\
# Nomor telepon, alamat situs, dan angka ditulis sekali di sini, lalu dipanggil dengan [[tanda-pengenal]].
#
# [iasc]
# jenis = "situs"                 # situs, telepon, atau angka
# nama = "Indonesia Anti-Scam Centre (IASC)"
# isi = "…"
# checked_on = 2026-11-23
# sumber = "tempat Anda memeriksanya"
"""

_MODULE = """\
format = 1
judul = {title}
jp = 1                            # 1 JP = 45 menit
tujuan = ["memilih langkah yang tepat"]
digcomp = [{{ kode = "1.1", tingkat = 1 }}]
capaian = ["LO1.1.01"]
"""

_LESSON = """\
+++
format = 1
judul = {title}
menit = 6
pengantar = "Setelah materi ini Anda dapat … (lengkapi)."
+++

## Tulis judul kartu pertama

Tulis satu gagasan di sini. Pakai kalimat pendek.

---

## Langkah Anda

::: langkah
1. **Berhenti.** Tulis langkah pertama.
2. **Periksa.** Tulis langkah kedua.
:::

---

"""

_PRACTICE = """\
+++
format = 1
judul = "Praktik"
menit = 10
pengantar = "Anda berlatih dengan contoh rekaan."
+++

## Baca keadaan ini

Tulis keadaan yang dilatih.

---

"""

_QUESTIONS = """\
+++
format = 1
+++

"""

_QUESTION = """\
## Tulis pertanyaan {number} di sini? {{#{id} bloom=terapkan tujuan=1{more}}}

- [x] Tulis pilihan yang benar.
  > Benar. Tulis alasannya.
- [ ] Tulis pilihan yang salah.
  > Kurang tepat. Tulis alasannya.
- [ ] Tulis pilihan salah yang lain.
  > Kurang tepat. Tulis alasan yang lain.
"""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _free(wanted: str, taken: Collection[str]) -> str:
    """The id itself, or the next one that nobody uses."""
    wanted = wanted[:56].rstrip("-")
    if wanted not in taken:
        return wanted
    return next(name for number in range(2, 10_000) if (name := f"{wanted}-{number}") not in taken)


def _question(number: int, item_id: str, more: str = "") -> str:
    return _QUESTION.format(number=number, id=item_id, more=more)


def a_course(title: str, today: date) -> dict[str, str]:
    """A new course with one module and one lesson."""
    folder = "1-modul-pertama"
    module = folder.partition("-")[2]
    bank = "\n".join(_question(n, f"{module}-tes-{n}", f" modul={module}") for n in (1, 2, 3))
    return {
        COURSE: _COURSE.format(
            title=_quoted(title), short=_quoted(title[:60].strip()), today=today.isoformat(), module=_quoted(module)
        ),
        REFERENCES: _REFERENCES,
        BANK: _QUESTIONS + bank,
        **a_module(folder, "Modul Pertama", ()),
        f"{folder}/01-materi-pertama.md": a_lesson(module, "Materi Pertama", ()),
    }


def a_module(folder: str, title: str, taken: Collection[str]) -> dict[str, str]:
    """A new module with its practical task and its quiz."""
    module = folder.partition("-")[2]
    return {
        f"{folder}/{SETTINGS}": _MODULE.format(title=_quoted(title)),
        f"{folder}/{PRACTICE_FILE}": a_practice(module, taken),
        f"{folder}/{QUIZ}": a_quiz(module, taken),
    }


def a_lesson(module: str, title: str, taken: Collection[str]) -> str:
    """A new lesson: a thought, steps, and a question to remember it by."""
    return _LESSON.format(title=_quoted(title)) + _question(1, _free(f"{module}-{slug_of(title)}", taken))


def a_practice(module: str, taken: Collection[str]) -> str:
    """A new practical task."""
    return _PRACTICE + _question(1, _free(f"{module}-praktik", taken))


def a_quiz(module: str, taken: Collection[str]) -> str:
    """A new quiz with two questions."""
    first = _free(f"{module}-kuis-1", taken)
    return _QUESTIONS + _question(1, first) + "\n" + _question(2, _free(f"{module}-kuis-2", {*taken, first}))
