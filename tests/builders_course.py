"""A small course in two modules, as texts, for every test that needs one."""

from __future__ import annotations

from tests.builders_items import PICTURES, RIGHT, a_question_of

__all__ = [
    "COURSE",
    "PICTURES",
    "REFERENCES",
    "RIGHT",
    "a_course_files",
    "a_question",
    "a_question_file",
    "a_question_of",
]

COURSE = """\
format = 1
kode = "K99"
judul = "Kursus Contoh"
judul_pendek = "Contoh"
ringkas = "Kursus kecil untuk pengujian."
pengantar = "Setelah kursus ini Anda dapat memeriksa pesan dan menutup pintu."
pilar = "aman"
tingkat = 2
bahasa = "id"
penulis = "Tim Penguji"
lisensi = "CC BY 4.0"
diperiksa = 2026-11-23

[kelulusan]
ambang_kuis = 70
ambang_tes = 80
percobaan_tes = 3
jeda_jam = 24

[kuis]
ambil = 2

[[tes.sel]]
modul = "pesan"
bloom = ["terapkan"]
ambil = 2

[[tes.sel]]
modul = "pintu"
bloom = ["pahami", "terapkan"]
ambil = 2
"""

REFERENCES = """\
[lapor]
jenis = "situs"
nama = "Tempat melapor"
isi = "lapor.contoh"
checked_on = 2026-11-20
sumber = "rekaan untuk pengujian"

[pusat]
jenis = "telepon"
nama = "Pusat bantuan"
isi = "157"
checked_on = 2026-11-21
sumber = "rekaan untuk pengujian"

[kasus]
jenis = "angka"
nama = "Jumlah kasus"
isi = "4.032"
checked_on = 2026-11-22
sumber = "rekaan untuk pengujian"
"""

# One plain paragraph of 80 words in sentences of 8, to bring a lesson to its length.
_FILLER = " ".join(["Air laut surut dan perahu kembali ke dermaga."] * 10)


def a_module_file(title: str) -> str:
    """The settings of a module with two objectives."""
    return (
        f'format = 1\njudul = "{title}"\njp = 1\n'
        'tujuan = ["memeriksa pesan", "memilih langkah berikutnya"]\n'
        'digcomp = [{ kode = "4.2", tingkat = 2 }]\ncapaian = ["LO4.2.05"]\n'
    )


def a_question(item_id: str, more: str = "", *, key: int = 0, keys: int = 1, bloom: str = "terapkan") -> str:
    """A question with three options `{#a}`, `{#b}`, `{#c}`; `key` is the place of the (first) right one."""
    right = {(key + step) % 3 for step in range(keys)}
    options = ["Membaca pesannya dua kali", "Bertanya kepada tetangga", "Menutup layar lalu tidur"]
    lines = [f"## Apa yang Anda lakukan pada keadaan {item_id}? {{#{item_id} bloom={bloom} tujuan=1{more}}}", ""]
    for place, words in enumerate(options):
        mark, verdict = ("x", "Benar") if place in right else (" ", "Kurang tepat")
        lines += [f"- [{mark}] {words}. {{#{'abc'[place]}}}", f"  > {verdict}. Penjelasan untuk pilihan ini."]
    return "\n".join(lines) + "\n"


def a_lesson_file(title: str, item_id: str, *, words: bool = False) -> str:
    """Three cards: a worked example, steps with a table and references, a question."""
    filler = f"\n{_FILLER}\n" if words else ""
    return f"""\
+++
format = 1
judul = "{title}"
menit = 6
pengantar = "Setelah materi ini Anda dapat menandai bahaya."
+++

## Mari bedah satu pesan

Pesan ini datang pada malam hari.

::: pesan dari="0800-0000-0000" jam="19.42"
SELAMAT! ==Hadiah hangus siang ini==. Kirim ==kode OTP== ke hadiah.contoh.
:::

::: tanda
1. **Didesak.** Batas waktu dibuat supaya Anda tidak bertanya.
2. **Diminta memberi.** Kode OTP adalah kunci rekening Anda.
:::
{filler}{filler}
---

## Langkah Anda

::: langkah
1. **Berhenti.** Letakkan HP.
2. **Periksa.** Hubungi [[pusat]] atau buka [[lapor]].
:::

Sudah ada [[kasus]] kasus dengan berkas .apk.

| Berkas | Jenis |
| --- | --- |
| `foto.jpg` | gambar |
| `foto.apk` | aplikasi |
{filler}{filler}
::: ingat
**Satu tanda** sudah cukup.
:::

---

{a_question(item_id, key=1)}"""


def a_practice_file(item_id: str) -> str:
    """A practical task with one question."""
    return f"""\
+++
format = 1
judul = "Latihan"
menit = 10
pengantar = "Anda berlatih dengan pesan rekaan."
+++

## Baca pesan ini

::: pesan dari="Bu Rina" jam="08.15" jenis=wajar
Besok kerja bakti jam 7 pagi. Bawa sapu, ya.
:::

---

{a_question(item_id, key=2)}"""


def a_question_file(*questions: str) -> str:
    """A quiz or a bank with these questions."""
    return "+++\nformat = 1\n+++\n\n" + "\n".join(questions)


def a_course_files(*, whole: bool = False, **changes: str | None) -> dict[str, str]:
    """A course without a problem. `whole` adds what the inspection demands: four lessons a module, full length.

    `changes` replaces files by path, or removes them with None: a_course_files(**{"bank.md": None}).
    """
    files = {"course.toml": COURSE, "rujukan.toml": REFERENCES}
    bank: list[str] = []
    for number, (module, title) in enumerate((("pesan", "Membaca Pesan"), ("pintu", "Menutup Pintu")), start=1):
        folder = f"{number}-{module}"
        files[f"{folder}/modul.toml"] = a_module_file(title)
        for lesson in range(1, 5 if whole else 2):
            name = f"{folder}/{lesson:02}-materi-{lesson}.md"
            files[name] = a_lesson_file(f"Materi {lesson}", f"{module}-materi-{lesson}", words=whole)
        files[f"{folder}/praktik.md"] = a_practice_file(f"{module}-praktik")
        quiz = [a_question(f"{module}-kuis-{n}", key=n % 3) for n in range(1, 4)]
        quiz.append(a_question(f"{module}-kuis-4", keys=2))
        files[f"{folder}/kuis.md"] = a_question_file(*quiz)
        bank += [a_question(f"{module}-tes-{n}", f" modul={module}", key=n % 3) for n in range(1, 7)]
    files["bank.md"] = a_question_file(*bank)
    for path, text in changes.items():
        if text is None:
            del files[path]
        else:
            files[path] = text
    return files


def with_terms(quiz: str = "", tests: str = "", **changes: str | None) -> dict[str, str]:
    """The small course with these lines added to its tables [kuis] and [tes]."""
    text = COURSE.replace("ambil = 2\n", f"ambil = 2\n{quiz}\n", 1)
    if tests:
        text = text.replace("[[tes.sel]]", f"[tes]\n{tests}\n\n[[tes.sel]]", 1)
    return a_course_files(**{"course.toml": text} | changes)
