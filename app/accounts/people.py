"""What a person may say about themselves, and the groups in which reports count them.

Everything here but the birth year is optional. Who does not answer is counted under "Tidak diisi", always as a row of
its own, never spread or dropped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.errors import N_

NOT_STATED = N_("Tidak diisi")
UNSTATED = ""  # the key under which tables count who did not answer
ADULT = 18
OLDEST = 120


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer: what is stored and how it is read."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """An answer from a numbered reference list; `official` is the list's own wording."""

    number: int
    label: str
    official: str


@dataclass(frozen=True, slots=True)
class Span:
    """People from one age or birth year to another, both included; None is open."""

    code: str
    label: str
    first: int | None
    last: int | None

    def holds(self, number: int) -> bool:
        return (self.first is None or number >= self.first) and (self.last is None or number <= self.last)


GENDERS: tuple[Choice, ...] = (Choice("male", N_("Laki-laki")), Choice("female", N_("Perempuan")))

# By age on 31 December of the report year.
AGE_BANDS: tuple[Span, ...] = (
    Span("18-24", N_("18–24 tahun"), 18, 24),
    Span("25-34", N_("25–34 tahun"), 25, 34),
    Span("35-44", N_("35–44 tahun"), 35, 44),
    Span("45-54", N_("45–54 tahun"), 45, 54),
    Span("55-64", N_("55–64 tahun"), 55, 64),
    Span("65+", N_("65 tahun ke atas"), 65, None),
)

# By birth year, as BPS draws them.
GENERATIONS: tuple[Span, ...] = (
    Span("pre-boomer", N_("Pre-Boomer"), None, 1945),
    Span("boomer", N_("Baby Boomer"), 1946, 1964),
    Span("x", N_("Generasi X"), 1965, 1980),
    Span("milenial", N_("Milenial"), 1981, 1996),
    Span("z", N_("Generasi Z"), 1997, 2012),
    Span("post-z", N_("Post Generasi Z"), 2013, None),
)

# The ten classes of Dukcapil.
EDUCATION: tuple[Numbered, ...] = (
    Numbered(1, N_("Tidak atau belum sekolah"), "Tidak/Belum Sekolah"),
    Numbered(2, N_("SD, belum tamat"), "Belum Tamat SD/Sederajat"),
    Numbered(3, N_("SD atau sederajat"), "Tamat SD/Sederajat"),
    Numbered(4, N_("SMP atau sederajat"), "SLTP/Sederajat"),
    Numbered(5, N_("SMA, SMK, atau sederajat"), "SLTA/Sederajat"),
    Numbered(6, N_("Diploma 1 atau 2"), "Diploma I/II"),
    Numbered(7, N_("Diploma 3 atau sarjana muda"), "Akademi/Diploma III/Sarjana Muda"),
    Numbered(8, N_("Diploma 4 atau sarjana (S1)"), "Diploma IV/Strata I"),
    Numbered(9, N_("Magister (S2)"), "Strata II"),
    Numbered(10, N_("Doktor (S3)"), "Strata III"),
)

# Twelve groups of our own, to which the eighty-odd classes of Dukcapil can be mapped.
OCCUPATIONS: tuple[Numbered, ...] = (
    Numbered(1, N_("Belum atau tidak bekerja"), "Belum/tidak bekerja"),
    Numbered(2, N_("Pelajar atau mahasiswa"), "Pelajar/mahasiswa"),
    Numbered(3, N_("Mengurus rumah tangga"), "Mengurus rumah tangga"),
    Numbered(4, N_("Nelayan atau pembudi daya"), "Nelayan/pembudi daya"),
    Numbered(5, N_("Wiraswasta atau UMKM"), "Wiraswasta/UMKM"),
    Numbered(6, N_("Karyawan swasta"), "Karyawan swasta"),
    Numbered(7, N_("ASN, TNI, atau Polri"), "ASN/TNI/Polri"),
    Numbered(8, N_("Buruh harian"), "Buruh harian"),
    Numbered(9, N_("Guru atau tenaga pendidik"), "Guru/tenaga pendidik"),
    Numbered(10, N_("Tenaga kesehatan"), "Tenaga kesehatan"),
    Numbered(11, N_("Pensiunan"), "Pensiunan"),
    Numbered(12, N_("Lainnya"), "Lainnya"),
)


# Columns of a table by gender or by age.
GENDER_KEYS: tuple[str, ...] = (*(choice.code for choice in GENDERS), UNSTATED)
AGE_KEYS: tuple[str, ...] = (*(span.code for span in AGE_BANDS), UNSTATED)


def adult(birth_year: int, year: int) -> bool:
    """Whether someone born then can have turned 18 in this year; the year alone cannot say more.

    Registration asks for this and for a declaration, for only the person knows the day.
    """
    return ADULT <= year - birth_year <= OLDEST


def age_band(birth_year: int, report_year: int) -> str | None:
    """The age band on 31 December of the report year, so that a birth year is enough and results are reproducible.

    Everybody declares to be 18 or older when registering, so in a year in which they took part they are at least 18 by
    this reckoning. Someone younger (in a report on years before they came) or older than 120 gave a year that cannot
    be: no band is guessed, they count under "Tidak diisi".
    """
    age = report_year - birth_year
    return _span(AGE_BANDS, age) if age <= OLDEST else None


def generation(birth_year: int) -> str:
    """The generation of a birth year."""
    found = _span(GENERATIONS, birth_year)
    assert found is not None, "the first and the last generation are open"
    return found


def _span(spans: Iterable[Span], number: int) -> str | None:
    return next((span.code for span in spans if span.holds(number)), None)


def gender_label(code: str | None) -> str:
    """How a gender is read; "Tidak diisi" for none and for what is not on the list."""
    return next((choice.label for choice in GENDERS if choice.code == code), NOT_STATED)


def age_band_label(code: str | None) -> str:
    """How an age band is read."""
    return next((span.label for span in AGE_BANDS if span.code == code), NOT_STATED)


def generation_label(code: str | None) -> str:
    """How a generation is read."""
    return next((span.label for span in GENERATIONS if span.code == code), NOT_STATED)


def education_label(number: int | None) -> str:
    """How an education is read."""
    return next((entry.label for entry in EDUCATION if entry.number == number), NOT_STATED)


def occupation_label(number: int | None) -> str:
    """How an occupation is read."""
    return next((entry.label for entry in OCCUPATIONS if entry.number == number), NOT_STATED)
