"""What course.toml, modul.toml and rujukan.toml say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from app.course.item import BLOOMS
from app.course.settings_file import Table, read_toml
from app.course.shapes import (
    FOUR_OF_FIVE,
    FREE,
    PILLARS,
    REVIEWS,
    Cell,
    Mastery,
    PassRule,
    Problem,
    Reference,
    Review,
    Terms,
)
from app.course.texts import is_slug
from app.errors import N_

_SITE = re.compile(r"(?:https?://)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?:/[A-Za-z0-9._~/%?=&#+-]*)?\Z")
_PHONE = re.compile(r"\+?[0-9][0-9 -]{1,20}[0-9]\Z")


_NO_RULE = PassRule(0, 0, 1, 0)
# Below this a certificate has no predikat, so whoever passed would wait for it in vain.
LEAST_TEST_MARK = 70
LONGEST_MINUTES = 180
MOST_OBJECTIVES = 20
MOST_IN_SET = 10


@dataclass(frozen=True, slots=True)
class Quiz:
    """What [kuis] says: of how many questions, of which kinds, on which terms."""

    take: int = 1
    cells: tuple[Cell, ...] = ()
    terms: Terms = FREE


@dataclass(frozen=True, slots=True)
class Tests:
    """What [tes] says: the blueprint of both tests, and the terms (the pre-test is never discussed)."""

    cells: tuple[Cell, ...] = ()
    terms: Terms = FREE


_NO_QUIZ, _NO_TESTS = Quiz(), Tests()


@dataclass(frozen=True, slots=True)
class Settings:
    """The course as its settings describe it."""

    code: str = ""
    title: str = ""
    short_title: str = ""
    summary: str = ""
    lead: str = ""
    pillar: str = ""
    second_pillar: str | None = None
    level: int = 1
    language: str = "id"
    authors: str = ""
    licence: str = ""
    checked_on: date | None = None
    rule: PassRule = _NO_RULE
    quiz: Quiz = _NO_QUIZ
    tests: Tests = _NO_TESTS
    mastery: Mastery = FOUR_OF_FIVE


@dataclass(frozen=True, slots=True)
class ModuleSettings:
    """A module as its settings describe it."""

    title: str = ""
    jp: int = 1
    objectives: tuple[str, ...] = ()
    digcomp: tuple[tuple[str, int], ...] = ()
    outcomes: tuple[str, ...] = ()


def read_settings(file: str, text: str | None, problems: list[Problem]) -> Settings:
    """The settings of the course; what cannot be read gets a quiet default beside its problem."""
    table = None if text is None else read_toml(file, text, problems)
    if table is None:
        return Settings()
    table.format()
    settings = Settings(
        code=table.text("kode", pattern=r"[A-Z][A-Z0-9-]{0,11}"),
        title=table.text("judul", longest=120),
        short_title=table.text("judul_pendek", longest=60),
        summary=table.text("ringkas", longest=200),
        lead=table.text("pengantar", longest=400),
        pillar=table.choice("pilar", PILLARS),
        second_pillar=table.choice("pilar_kedua", PILLARS, required=False) or None,
        level=table.number("tingkat", 1, 8),
        language=table.text("bahasa", pattern=r"[a-z]{2,3}"),
        authors=table.text("penulis"),
        licence=table.text("lisensi", longest=60),
        checked_on=table.day("diperiksa"),
        rule=_rule(table.table("kelulusan")),
        quiz=_quiz(table.table("kuis")),
        tests=_tests(table.table("tes")),
        mastery=_mastery(table.table("latihan")) if "latihan" in table.values else FOUR_OF_FIVE,
    )
    if settings.second_pillar and settings.second_pillar == settings.pillar:
        table.problem("pilar_kedua", N_("Pilar kedua sama dengan pilar pertama. Hapus “pilar_kedua”."))
    table.close()
    return settings


def _rule(table: Table | None) -> PassRule:
    if table is None:
        return _NO_RULE
    rule = PassRule(
        quiz_mark=table.number("ambang_kuis", 0, 100),
        test_mark=table.number("ambang_tes", LEAST_TEST_MARK, 100),
        test_attempts=table.number("percobaan_tes", 1, 20),
        wait_hours=table.number("jeda_jam", 0, 720),
    )
    table.close()
    return rule


def _quiz(table: Table | None) -> Quiz:
    if table is None:
        return _NO_QUIZ
    take, terms = table.number("ambil", 1, 30), _terms(table)
    cells = _cells(table, within_module=True) if "sel" in table.values else ()
    if sum(cell.take for cell in cells) > take:
        message = N_("Sel kuis mengambil %(cells)s soal, lebih dari “ambil” (%(take)s). Kurangi selnya.")
        table.problem("ambil", message, cells=sum(cell.take for cell in cells), take=take)
    table.close()
    return Quiz(take, cells, terms)


def _tests(table: Table | None) -> Tests:
    if table is None:
        return _NO_TESTS
    tests = Tests(_cells(table), _terms(table))
    table.close()
    return tests


def _mastery(table: Table | None) -> Mastery:
    if table is None:
        return FOUR_OF_FIVE
    mastery = Mastery(right=table.number("benar", 1, MOST_IN_SET), of=table.number("dari", 1, MOST_IN_SET))
    if mastery.right > mastery.of:
        message = N_("Angka “benar” (%(right)s) lebih besar dari “dari” (%(of)s). Kurangi “benar”.")
        table.problem("benar", message, right=mastery.right, of=mastery.of)
    table.close()
    return mastery


def _terms(table: Table) -> Terms:
    minutes = table.number("batas_menit", 1, LONGEST_MINUTES) if "batas_menit" in table.values else None
    review = table.choice("tinjauan", REVIEWS, required=False) or REVIEWS[0]
    return Terms(minutes, cast(Review, review))


def _cells(table: Table, *, within_module: bool = False) -> tuple[Cell, ...]:
    """The blueprint: cells of the tests name a module, those of a quiz hold for each module."""
    cells: list[Cell] = []
    for entry in table.tables("sel"):
        module = "" if within_module else entry.text("modul", longest=64)
        blooms = entry.texts("bloom") if not within_module or "bloom" in entry.values else []
        objectives = entry.numbers("tujuan", 1, MOST_OBJECTIVES) if "tujuan" in entry.values else []
        if not all(bloom in BLOOMS for bloom in blooms if bloom):
            entry.problem("bloom", N_("Isi “bloom” harus dari: %(choices)s."), choices=", ".join(BLOOMS))
        take = entry.number("ambil", 1, 20)
        entry.close()
        if (module or within_module) and (blooms or within_module) and all(bloom in BLOOMS for bloom in blooms):
            cells.append(Cell(module, frozenset(blooms), take, entry.line(), frozenset(objectives)))
    return tuple(cells)


def read_module_settings(file: str, text: str | None, problems: list[Problem]) -> ModuleSettings:
    """The settings of a module."""
    table = None if text is None else read_toml(file, text, problems)
    if table is None:
        return ModuleSettings()
    table.format()
    codes: list[tuple[str, int]] = []
    title = table.text("judul", longest=120)
    jp = table.number("jp", 1, 40)
    objectives = table.texts("tujuan")
    for entry in table.tables("digcomp"):
        codes.append((entry.text("kode", pattern=r"[1-5]\.[1-6]"), entry.number("tingkat", 1, 8)))
        entry.close()
    outcomes = table.texts("capaian", pattern=r"LO[1-5]\.[1-6]\.[0-9]{2}")
    table.close()
    return ModuleSettings(title, jp, tuple(objectives), tuple(codes), tuple(outcomes))


def read_references(file: str, text: str | None, problems: list[Problem]) -> dict[str, Reference]:
    """The table of numbers, addresses and figures."""
    table = None if text is None else read_toml(file, text, problems)
    if table is None:
        return {}
    references: dict[str, Reference] = {}
    for name in table.values:
        entry = table.table(name)
        if entry is None:
            continue
        if not is_slug(name):
            message = N_("Tanda pengenal “%(id)s” hanya boleh memuat huruf kecil, angka, dan tanda hubung.")
            table.problem(name, message, id=name[:80])
        kind = cast(Literal["situs", "telepon", "angka"], entry.choice("jenis", ("situs", "telepon", "angka")))
        value = entry.text("isi")
        if value and kind == "situs" and not _SITE.match(value):
            entry.problem("isi", N_("Alamat situs “%(value)s” tidak wajar. Tulis seperti “contoh.go.id”."), value=value)
        if value and kind == "telepon" and not _PHONE.match(value):
            message = N_("Nomor telepon “%(value)s” hanya boleh memuat angka, spasi, dan tanda hubung.")
            entry.problem("isi", message, value=value)
        references[name] = Reference(
            id=name,
            kind=kind or "angka",
            name=entry.text("nama"),
            value=value,
            checked_on=entry.day("checked_on"),
            source=entry.text("sumber"),
        )
        entry.close()
    return references
