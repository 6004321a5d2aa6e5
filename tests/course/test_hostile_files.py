"""Hostile strings through every field of every course file: named with file and line, or shown as words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from itertools import cycle, islice
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy.orm import Session

from app.authoring.models import DraftFile
from app.course.inspection import inspected
from app.course.item import KINDS
from app.course.markdown import render, render_line
from app.course.models import CourseVersion
from app.course.texts import MAX_PARAGRAPH, unwanted
from tests.builders_course import a_course_files
from tests.builders_items import PICTURES, a_question_of
from tests.house import hostile
from tests.house.fields import pages
from tests.house.harmless import Shapes
from tests.house.world import a_world

LESSON, PRACTICE, QUIZ, BANK = "1-pesan/01-materi-1.md", "1-pesan/praktik.md", "1-pesan/kuis.md", "bank.md"
MODULE, COURSE, REFERENCES = "1-pesan/modul.toml", "course.toml", "rujukan.toml"
# One module of the small course: enough to hold every field, and read in half the time.
FILES = {path: text for path, text in a_course_files().items() if not path.startswith("2-")}
FILES[BANK] = FILES[BANK].split("## Apa yang Anda lakukan pada keadaan pintu-tes-1?")[0]
FILES[COURSE] = FILES[COURSE].rpartition("[[tes.sel]]")[0]
FILES[QUIZ] += "\n" + "\n".join(a_question_of(kind, kind.replace("_", "-")) for kind in KINDS)
FILES |= PICTURES
# Every setting is a place of its own: `key = …`, once as the trainer typed it and once between quotes.
_SETTING = re.compile(r"^([a-z_]+) = (.*)$", re.M)
# In Markdown a place is a piece of the small course, and § where somebody types.
WRITTEN = {
    LESSON: [
        ("## Mari bedah satu pesan", "## §"),
        ("Pesan ini datang", "§ datang"),
        ("Pesan ini datang", "**§** *§* ~~§~~ `§`"),
        ("Pesan ini datang", "[§](https://contoh.contoh) datang"),
        ("Pesan ini datang", '[tautan](§) [lain](<§>) [judul](https://a.contoh "§")'),
        ("Pesan ini datang", "![§](media/a.webp) ![laut](§)"),
        ("Pesan ini datang", "[[§]]"),
        ('dari="0800-0000-0000"', 'dari="§"'),
        ('dari="0800-0000-0000"', "dari=§"),
        ('jam="19.42"', 'jam="§"'),
        ('jam="19.42"', 'jam="19.42" jenis=§'),
        ('jam="19.42"', '§="19.42"'),
        ("==Hadiah hangus siang ini==", "==§=="),
        ("::: tanda", "::: §"),
        ("**Didesak.** Batas", "**§** §"),
        ("**Berhenti.** Letakkan HP", "**§** §"),
        ("| Berkas | Jenis |", "| § | Jenis |"),
        ("gambar |", "§ |"),
        ("**Satu tanda** sudah", "§ sudah"),
        ("## Langkah Anda", "## Langkah Anda {#§}"),
    ],
    PRACTICE: [("## Baca pesan ini", "## §"), ("Besok kerja bakti", "§")],
    QUIZ: [
        ("## Apa yang Anda lakukan", "## §"),
        ("#pesan-kuis-1", "#§"),
        ("bloom=terapkan", "bloom=§"),
        ("tujuan=1", "tujuan=§"),
        ("tujuan=1", "tujuan=1 acak=§"),
        ("tujuan=1", "tujuan=1 digcomp=§"),
        ("tujuan=1", "tujuan=1 §=1"),
        ("Membaca pesannya dua kali", "§"),
        ("{#a}", "{#§}"),
        ("Penjelasan untuk pilihan ini", "§"),
        ("tujuan=1", "tujuan=1 jenis=§"),
        ("tujuan=1", "tujuan=1 status=§"),
        ("tujuan=1", "tujuan=1 sulit=§"),
        ("- [ ] Membaca pesannya", "- [§] Membaca pesannya"),
        ("- [x] Salah", "- [x] §"),
        ("### Alasan", "### §"),
        ("### Alasan", "### Alasan\n\n§"),
        ("1. Menutup sambungan telepon.", "1. §"),
        ("> Bank dapat memblokir rekening.", "> §"),
        ("- Kode OTP {#satu} =>", "- § =>"),
        ("=> Menyetujui transaksi {#p}", "=> §"),
        ("{#satu} => Menyetujui", "{#satu} § Menyetujui"),
        ("- => Mencetak struk", "- => §"),
        ("Setiap kode punya guna", "§ punya guna"),
        ("Selamat siang. **Hadiah Anda** hangus", "Selamat siang. § hangus"),
        ("- [ ] Selamat siang", "- [ ] §"),
        ("- [x] penipuan", "- [x] §"),
        ("3,5 ± 0,1", "§"),
        ("3,5 ± 0,1", "3,5 ± §"),
        ("Kode {1} hanya untuk Anda.", "Kode {1} hanya § untuk Anda."),
        ("Kode {1} hanya", "Kode {1} {§} hanya"),
        ("{2 isian}", "{§}"),
        ("bobot=2", "bobot=§"),
        ("- [x] apk", "- [x] §"),
        ("![Gembok yang tertutup]", "![§]"),
        ("(media/gembok.png)", "(§)"),
    ],
    BANK: [("modul=pesan", "modul=§"), ("Bertanya kepada tetangga", "§")],
}
# What our renderer may make, written down a second time on purpose.
TAGS = {
    *("a", "br", "code", "div", "em", "figcaption", "figure", "h3", "img", "li", "mark", "ol", "p", "s", "span"),
    *("strong", "table", "tbody", "td", "th", "thead", "tr", "ul", "html", "head", "body"),
}
ATTRIBUTES = {"href", "rel", "src", "alt", "loading", "decoding", "tabindex", "role", "aria-label", "aria-hidden",
              "scope", "start", "class", "data-gap", "data-option"}  # fmt: skip
LINK, PICTURE = re.compile(r"(?:https?://|mailto:|tel:)", re.I), re.compile(r"media/[a-z0-9._-]+\Z|\Z")


def places() -> Iterator[tuple[str, str]]:
    """Each place: the file, and its text with § in that place."""
    for file, text in FILES.items():
        head = text.split("+++")[1] if file.endswith(".md") else text
        for number, setting in enumerate(_SETTING.finditer(head)):
            listed = f'{setting[1]} = ["§"]' if setting[2].startswith("[") else f'"§" = {setting[2]}'
            for written in (
                f"{setting[1]} = §",
                f'{setting[1]} = "§"',
                *([listed] if "[" in listed or not number else []),
            ):
                yield file, text.replace(setting[0], written, 1)
        for old, new in WRITTEN.get(file, ()):
            assert old in text, f"{file} has no {old!r} any more"
            yield file, text.replace(old, new, 1)


PLACES = list(places())


def filled(file: str, text: str, value: str) -> dict[str, str]:
    """The course with the value in this place; between quotes as a careful trainer would write it."""
    quoted = json.dumps(value.encode("utf-8", "replace").decode())[1:-1].replace("\x7f", "\\u007f")
    head = file.endswith(".toml") or '"§"' in text.split("+++")[1]
    return FILES | {file: text.replace('"§"', f'"{quoted}"').replace("§", value) if head else text.replace("§", value)}


def foreign(markup: str) -> str:
    """The first thing in this HTML that our renderer may not make, or nothing."""
    if not re.search(r"[<&]", markup):
        return ""
    for tag in BeautifulSoup(markup, "html5lib").find_all(True):
        if tag.name not in TAGS or set(tag.attrs) - ATTRIBUTES:
            return str(tag)[:150]
        if "href" in tag.attrs and not LINK.match(str(tag["href"])):
            return str(tag)[:150]
        if "src" in tag.attrs and not PICTURE.match(str(tag["src"])):
            return str(tag)[:150]
    return ""


def htmls(part: Any) -> Iterator[str]:
    """Every piece of HTML in a parsed course."""
    if is_dataclass(part):
        for one in fields(part):
            value = getattr(part, one.name)
            if isinstance(value, str) and one.name.endswith("html"):
                yield value
            else:
                yield from htmls(value)
    elif isinstance(part, tuple | list):
        for value in part:
            yield from htmls(value)


def trouble(files: Mapping[str, str]) -> str:
    """What is wrong with what the parser and the inspection say of these texts, or nothing."""
    found = inspected(files)
    for problem in found.problems:
        lines = files.get(problem.file, "").count("\n") + 2
        if not (
            problem.file in files and 1 <= problem.line <= lines and re.search(r"[^\W\d_]{3,}.*[.?!)”]", problem.text)
        ):
            return f"problem without place or sentence: {problem.file}:{problem.line} {problem.text[:100]}"
    return next((f"HTML of its own: {bad}" for html in htmls(found.course) if (bad := foreign(html))), "")


def test_every_field_of_every_file_names_what_is_wrong_or_shows_words() -> None:
    values = [hostile.seen(one) if isinstance(one, bytes) else one for one in hostile.strings()]
    turn, wrong, count = cycle(values), [], 0
    for file, text in PLACES:
        for value in values if hostile.ALL else islice(turn, 1):
            count += 1
            if found := trouble(filled(file, text, value)):
                line = next(line for line in text.split("\n") if "§" in line)
                wrong.append(f"{file} {line[:60]} {value[:60]!r}: {found}")
    print(f"\n{len(PLACES)} places, {len(values)} strings, {count} courses read")
    assert not wrong, "\n".join(wrong[:40])
    assert len(PLACES) >= 145


@pytest.mark.parametrize("file", [*PICTURES, "media/§.png", "media/§", "media/dalam/§.webp"])
def test_no_text_in_the_place_of_a_picture_breaks_the_course(file: str) -> None:
    values = [one for one in hostile.strings() if isinstance(one, str)]
    for value in values[:: 1 if hostile.ALL else 40]:
        name = file.replace("§", "".join(sign for sign in value[:40] if unwanted(sign) is None))
        assert trouble(FILES | {name: value}) == ""
        assert any(problem.file == name for problem in inspected(FILES | {name: value}).unread)


def test_a_string_that_cannot_be_kept_stops_the_course_at_its_line() -> None:
    for (file, text), sign in zip(PLACES, cycle(["\x00", "\u202e", "\ud800"]), strict=False):
        found = inspected(FILES | {file: text.replace("§", f"a{sign}b")})
        line = next(number for number, line in enumerate(text.split("\n"), start=1) if "§" in line)
        assert (file, line) in {(problem.file, problem.line) for problem in found.blocking}, (file, line)


def test_a_paragraph_that_takes_too_long_to_read_is_refused_in_a_sentence() -> None:
    assert MAX_PARAGRAPH <= 3_000, "twice as long takes twice as long to read"
    for part in ("*", "[", "![", "**a*", "*[", "==", "`", "|"):
        long = "\n".join([part * (1_000 // len(part))] * 5)
        found = inspected(FILES | {LESSON: FILES[LESSON].replace("Pesan ini datang", long, 1)}).unread
        assert [p.text for p in found if "lebih dari 3.000 huruf" in p.text and p.file == LESSON], part


WRAPPED = ("§", "Kata §", "::: info\n§\n:::", '::: pesan dari="§"\n==§==\n:::', "| § |\n| --- |\n| § |", "1. **§** §",
           "[§](§)", "![§](media/a.webp)", "`§`", "> §")  # fmt: skip


def through_the_renderer(strings: list[str]) -> list[str]:
    wrong = []
    for value in strings:
        drawn = [render(wrapped.replace("§", value), {}).html for wrapped in WRAPPED]
        drawn += [render_line(value, {}, 1, linked=linked)[1].html for linked in (True, False)]
        wrong += [f"{value[:80]!r}: {bad}" for html in drawn if (bad := foreign(html))]
    return wrong


def test_our_own_strings_come_out_of_the_renderer_as_words() -> None:
    assert through_the_renderer([one for one in hostile.OWN if isinstance(one, str) and len(one) < 1_000]) == []


@pytest.mark.skipif(not hostile.payloads(), reason=hostile.ABSENT)
def test_the_html_of_the_fixtures_comes_out_of_the_renderer_as_words() -> None:
    assert len(hostile.payloads()) > 100
    assert through_the_renderer([*hostile.payloads(), *hostile.naughty()]) == []


LIVE = ('"><img src=x onerror=alert(1)>', "<script>alert(1)</script>", "' onfocus=alert(1) x='",
        "</title></textarea><svg/onload=alert(1)>", "{{7*7}}%(n)s")  # fmt: skip


def test_nothing_a_course_says_runs_on_any_page(app: Flask, db: Session) -> None:
    value, world = "Kursusku " + " ".join(LIVE), a_world(app, db)
    files = a_course_files() | PICTURES | {QUIZ: FILES[QUIZ]}
    for file, text in PLACES:
        line = next(line for line in text.split("\n") if "§" in line)
        words = re.fullmatch(
            r'(judul|judul_pendek|ringkas|pengantar|penulis|lisensi|tujuan|nama|sumber) = (\["§"\]|"§")', line
        )
        prose = file.endswith(".md") and re.search(
            r"§ (datang|sudah|\|)|^## §|\*\*§\*\* §|==§==|dari=\"§\"|^- \[.\] §|> .*§"
            r"|^1\. §|^- § =>|=> §|!\[§\]|hanya § untuk",
            line,
        )
        if words or prose:
            old = next(a for a, b in zip(FILES[file].split("\n"), text.split("\n"), strict=True) if a != b)
            files[file] = files[file].replace(
                old, filled(file, text, value)[file].split("\n")[text.split("\n").index(line)]
            )
    assert sum(text.count("Kursusku ") for text in files.values()) > 20
    db.execute(sa.update(CourseVersion).values(files=files, title=value, short_title=value, summary=value, note=value))
    for path, text in files.items():
        db.execute(sa.update(DraftFile).where(DraftFile.path == path).values(text=text))
    db.commit()
    app.extensions.pop("courses", None)
    shapes, wrong, showing = Shapes(), [], 0
    for who, _, path in pages(app, world):
        answer = world.clients[who].get(path)
        found = shapes.trouble(answer, value, path) if answer.status_code < 500 else "broken"
        showing += b"Kursusku " in answer.data
        if found:
            wrong.append(f"{who} {path}: {answer.status_code} {found}")
    assert not wrong, "\n".join(wrong)
    assert showing > 20


def test_the_hidden_signs_of_the_sample_are_told_from_the_rest() -> None:
    """The control: some of our strings can be kept and some cannot."""
    kept = [one for one in hostile.OWN if isinstance(one, str) and unwanted(one) is None]
    assert 20 < len(kept) < len(hostile.OWN)
