"""What a certificate says: its facts, its number, its grade and its dates, in the words of an Indonesian office."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
GRADES = ((90.0, "Sangat Memuaskan"), (80.0, "Memuaskan"), (70.0, "Cukup Memuaskan"))
PASSED, ATTENDED = "passed", "attended"  # a certificate, and a letter that somebody took part
WORDS = {PASSED: "Sertifikat", ATTENDED: "Surat keterangan"}  # what each is called on itself and by its files
FIELDS = ("klasifikasi", "urut", "unit", "bulan_romawi", "tahun")


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """One line in the list of modules on the back of the paper."""

    number: int
    title: str
    jp: int
    digcomp: str
    pillar: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the paper may say, copied at issue and never read again from elsewhere."""

    holder_name: str
    course_title: str
    course_code: str
    jp: int
    minutes_per_jp: int
    started_on: date
    finished_on: date
    issued_on: date
    number: str
    code: str
    verify_url: str
    grade: str
    method: str
    modules: tuple[ModuleLine, ...]
    pass_mark: int
    agency: str
    unit: str
    programme: str
    place: str
    signatory_name: str
    signatory_title: str
    signatory_nip: str
    digcomp_list: tuple[str, ...]
    level_label: str
    version: int  # of the course
    kind: str = PASSED
    edition: int = 1
    proof: str = ""  # the signed facts that the QR code holds; none where only the facts are wanted
    signer: str = "none"
    logo: bytes = b""


def roman_month(day: date) -> str:
    """The month as letters are numbered here: November is XI."""
    return ROMAN[day.month - 1]


def certificate_number(pattern: str, sequence: int, issued_on: date, unit: str, classification: str) -> str:
    """The archive number of one certificate; a pattern that cannot make one is refused in a sentence."""
    if sequence < 1:
        raise ValueError("Nomor urut sertifikat dimulai dari 1.")
    values: Mapping[str, str] = {
        "klasifikasi": classification,
        "unit": unit,
        "bulan_romawi": roman_month(issued_on),
        "tahun": f"{issued_on.year:04}",
    }
    return "".join(
        words + ("" if field is None else f"{sequence:{spec}}" if field == "urut" else values[field])
        for words, field, spec in _pieces(pattern)
    )


def check_pattern(pattern: str) -> None:
    """Refuse a pattern of numbers at the start of the application rather than at the first certificate."""
    _pieces(pattern)


def _pieces(pattern: str) -> list[tuple[str, str | None, str]]:
    """Words and fields of a pattern, read by hand so that a setting can never reach an attribute."""
    try:
        parsed = [
            (words, field, spec or "", conversion) for words, field, spec, conversion in Formatter().parse(pattern)
        ]
    except ValueError:
        raise ValueError("Kurung kurawal dalam pola nomor sertifikat tidak berpasangan.") from None
    for _, field, spec, conversion in parsed:
        if field is None:
            continue
        if field not in FIELDS or conversion:
            allowed = ", ".join(f"{{{name}}}" for name in FIELDS)
            raise ValueError(f"Pola nomor sertifikat tidak mengenal {{{field}}}. Yang boleh: {allowed}.")
        if spec and not (field == "urut" and re.fullmatch(r"0[1-9]", spec)):
            raise ValueError(
                f"Bentuk {{{field}:{spec}}} tidak dikenal. Lebar hanya untuk nomor urut, misalnya {{urut:05}}."
            )
    if not any(field == "urut" for _, field, _, _ in parsed):
        raise ValueError("Pola nomor sertifikat harus memuat {urut} agar setiap nomor berbeda.")
    return [(words, field, spec) for words, field, spec, _ in parsed]


def grade(score: float) -> str:
    """The predikat that belongs to a score; below the lowest one no certificate is issued."""
    if not 0 <= score <= 100:
        raise ValueError("Nilai harus antara 0 dan 100.")
    for least, words in GRADES:
        if score >= least:
            return words
    raise ValueError("Nilai di bawah 70 tidak punya predikat, dan sertifikat tidak diterbitkan.")


def long_date(day: date) -> str:
    """A date as people write it in a letter: 23 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def date_range(first: date, last: date) -> str:
    """A period without repeating what both dates share: 1–23 November 2026."""
    if first > last:
        first, last = last, first
    if first == last:
        return long_date(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{long_date(last)}"
    if first.year == last.year:
        return f"{first.day} {MONTHS[first.month - 1]} – {long_date(last)}"
    return f"{long_date(first)} – {long_date(last)}"
