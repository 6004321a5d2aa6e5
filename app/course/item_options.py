"""The options of a question: words to choose, answers to accept, numbers with a tolerance, pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from markdown_it.common.utils import escapeHtml

from app.course.item import Option, Picture
from app.course.item_lines import Entry
from app.course.item_reader import Reader, option_id
from app.course.readings import LONGEST_ANSWER, folded, readings
from app.course.scoring import earned
from app.course.texts import is_slug, normal
from app.errors import N_

Style = Literal["words", "short_text", "number", "picture"]
ANYTHING = "*"
_MOST_STARS = 3  # with more of them a known answer is hardly known
_TOLERANCE = re.compile(r"\s*(?:±|\+/?-)\s*")
_PICTURE = re.compile(r"!\[([^\[\]]{0,300})\]\(([^()\s]{0,100})\)\Z")
_UNREAD_NUMBER = N_("Angka “%(number)s” tidak terbaca. Tulis seperti 3,14 atau 1500.")


def read_options(
    reader: Reader, entries: Sequence[Entry], style: Style, *, several: bool, told: bool, taken: set[str] | None = None
) -> list[Option]:
    """The options in these lines; `several`: any worth makes one right; `told`: each must have something said to it."""
    seen = set() if taken is None else taken
    options = []
    for entry in entries:
        option = _option(reader, entry, style, several)
        if not is_slug(option.id):
            message = N_("Tanda pengenal pilihan hanya boleh memuat huruf kecil, angka, dan tanda hubung.")
            reader.problem(entry.line, message)
        elif option.id in seen:
            message = N_("Pilihan ini sama dengan pilihan lain dalam soal ini. Bedakan teks atau tanda pengenalnya.")
            reader.problem(entry.line, message)
        seen.add(option.id)
        if told and not option.feedback:
            reader.problem(entry.line, N_("Pilihan ini belum punya umpan balik. Tulis “  > …” di bawahnya."))
        options.append(option)
    return options


def split_id(source: str) -> tuple[str, str | None]:
    """The words of an option, and the id a trainer gave it."""
    before, mark, inside = source.rpartition("{#")
    return (before.rstrip(), inside[:-1]) if mark and inside.endswith("}") else (source, None)


def _option(reader: Reader, entry: Entry, style: Style, several: bool) -> Option:
    source, given = split_id(entry.source)
    told, told_html = reader.said(" ".join(entry.feedback), entry.feedback_line or entry.line)
    tolerance, picture = None, None
    key = source
    if style == "words":
        text, html = reader.words(source, entry.line)
    elif style == "picture":
        picture, text = _picture(reader, entry, source)
        key, html = text, escapeHtml(text)
    else:
        text, html = normal(source), escapeHtml(normal(source).replace("\\*", "*"))
        key = folded(text).replace(" ", "") if style == "short_text" and ANYTHING not in text else text
        if style == "number" and text != ANYTHING:
            text, tolerance = _number(reader, entry, text)
        elif style == "short_text":
            _check_words(reader, entry, text)
        if text == ANYTHING and entry.full:
            reader.problem(entry.line, N_("“*” berarti jawaban lain apa pun, jadi tidak dapat menjadi kunci."))
    if not text and style != "picture":
        reader.problem(entry.line, N_("Pilihan ini kosong. Isilah atau hapus."))
    right = entry.good if several else entry.full
    name = option_id(key) if given is None else given
    return Option(name, text, html, told, told_html, right, entry.line, entry.worth, tolerance, picture)


def _picture(reader: Reader, entry: Entry, source: str) -> tuple[Picture | None, str]:
    """The picture of an option, and what it shows in words."""
    found = _PICTURE.match(source)
    if found is None:
        message = N_("Pilihan soal jenis=gambar adalah satu gambar: “- [x] ![apa yang terlihat](media/nama.webp)”.")
        reader.problem(entry.line, message)
        return None, ""
    alt = normal(found[1])
    if not alt:
        message = N_("Gambar belum punya teks alternatif. Tulis ![apa yang terlihat](media/nama.webp).")
        reader.problem(entry.line, message)
    medium = reader.home.media.get(found[2])
    if medium is None:
        message = N_("Gambar “%(file)s” tidak ada di folder media/, atau belum dapat dipakai. Periksa namanya.")
        reader.problem(entry.line, message, file=found[2])
        return None, alt
    size = len(medium.content)
    return Picture(medium.file, alt, medium.width, medium.height, medium.digest, size), alt


def _number(reader: Reader, entry: Entry, source: str) -> tuple[str, Fraction | None]:
    """The number as it was written, and how far away an answer may lie."""
    number, *more = _TOLERANCE.split(source, maxsplit=1)
    found = readings(number)
    if not found:
        reader.problem(entry.line, _UNREAD_NUMBER, number=number[:40])
    elif len(found) > 1:
        digits = number.strip().lstrip("+-−")
        message = N_("Angka “%(number)s” dapat dibaca dua cara. Tulis %(whole)s, atau %(decimal)s.")
        whole, decimal = re.sub("[.,]", "", digits), re.sub("[.,]", ",", digits) + "0"
        reader.problem(entry.line, message, number=number[:40], whole=whole[:40], decimal=decimal[:40])
    if not more:
        return number, None
    tolerance = readings(more[0])
    if len(tolerance) != 1 or tolerance[0] < 0 or more[0].endswith("%"):
        message = N_("Toleransi “%(number)s” tidak terbaca. Tulis angka setelah ±, misalnya 3,14 ± 0,01.")
        reader.problem(entry.line, message, number=more[0][:40])
        return number, None
    return number, tolerance[0]


def _check_words(reader: Reader, entry: Entry, text: str) -> None:
    """Whether an answer can ever be the same as these words."""
    if text == ANYTHING or not text:
        return
    if not folded(text.replace("\\*", "x").replace("*", " ")):
        reader.problem(entry.line, N_("Jawaban ini tidak memuat huruf atau angka. Tulis kata yang diterima."))
    if len(text) > LONGEST_ANSWER:
        message = N_("Jawaban yang diterima paling panjang %(limit)s huruf. Ringkas.")
        reader.problem(entry.line, message, limit=LONGEST_ANSWER)
    if text.replace("\\*", "").count("*") > _MOST_STARS:
        message = N_("Satu jawaban paling banyak memuat %(limit)s tanda *. Kurangi.")
        reader.problem(entry.line, message, limit=_MOST_STARS)


def check_choice(reader: Reader, line: int, options: Sequence[Option], *, several: bool) -> None:
    """Whether there is something to choose: at least two options, a right one, a wrong one, and full points to get."""
    keys = [option for option in options if option.correct]
    if not options:
        reader.problem(line, N_("Soal belum punya pilihan. Tulis “- [ ] …” dan “- [x] …” di bawahnya."))
    elif len(options) < 2:
        reader.problem(line, N_("Soal harus punya paling sedikit dua pilihan."))
    elif not keys:
        reader.problem(line, N_("Soal belum punya kunci. Tandai jawaban benar dengan [x]."))
    elif len(keys) == len(options):
        reader.problem(line, N_("Semua pilihan ditandai benar. Sisakan paling sedikit satu pengecoh."))
    elif several and (best := sum((earned(one, len(keys)) for one in keys), Fraction(0))) < 1:
        message = N_("Bobot semua jawaban benar baru %(percent)s persen. Jadikan paling sedikit 100.")
        reader.problem(line, message, percent=f"{float(best * 100):.6g}".replace(".", ","))


def check_accepted(reader: Reader, line: int, options: Sequence[Option]) -> None:
    """Whether there is an answer that is right."""
    if not options:
        reader.problem(line, N_("Belum ada jawaban yang diterima. Tulis “- [x] jawaban” di bawahnya."))
    elif not any(option.correct for option in options):
        reader.problem(line, N_("Soal belum punya kunci. Tandai jawaban benar dengan [x]."))
