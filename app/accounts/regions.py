"""Where people live: the three kecamatan and fifteen kelurahan of Kota Bontang, by the Kemendagri code.

Codes and spelling after decree 300.2.2-2430 of 2025. The BPS numbers the kecamatan in another order: never derive its
codes from these. People who live elsewhere choose `OUTSIDE`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.errors import N_

PROVINCE = "64"
CITY = "64.74"
CITY_NAME = "Kota Bontang"
OUTSIDE = "luar"
OUTSIDE_NAME = N_("Di luar Kota Bontang")


@dataclass(frozen=True, slots=True)
class Kecamatan:
    """A district of the city."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Kelurahan:
    """An urban village; `number` counts them in the order of their codes, as tables and the map do."""

    number: int
    code: str
    name: str
    aliases: tuple[str, ...] = ()

    @property
    def kecamatan(self) -> str:
        """The code of its kecamatan."""
        return self.code[:8]


KECAMATAN: tuple[Kecamatan, ...] = (
    Kecamatan("64.74.01", "Bontang Utara"),
    Kecamatan("64.74.02", "Bontang Selatan"),
    Kecamatan("64.74.03", "Bontang Barat"),
)
KELURAHAN: tuple[Kelurahan, ...] = (
    Kelurahan(1, "64.74.01.1001", "Bontang Kuala"),
    Kelurahan(2, "64.74.01.1002", "Bontang Baru"),
    Kelurahan(3, "64.74.01.1003", "Lok Tuan", ("Loktuan",)),
    Kelurahan(4, "64.74.01.1004", "Guntung"),
    Kelurahan(5, "64.74.01.1005", "Gunung Elai", ("Gunung Lai",)),
    Kelurahan(6, "64.74.01.1006", "Api-api", ("Api-Api", "Api Api")),
    Kelurahan(7, "64.74.02.1001", "Tanjung Laut"),
    Kelurahan(8, "64.74.02.1002", "Berbas Tengah", ("Berebas Tengah",)),
    Kelurahan(9, "64.74.02.1003", "Berbas Pantai", ("Berebas Pantai",)),
    Kelurahan(10, "64.74.02.1004", "Satimpo"),
    Kelurahan(11, "64.74.02.1005", "Bontang Lestari"),
    Kelurahan(12, "64.74.02.1006", "Tanjung Laut Indah"),
    Kelurahan(13, "64.74.03.1001", "Belimbing"),
    Kelurahan(14, "64.74.03.1002", "Gunung Telihan"),
    Kelurahan(15, "64.74.03.1003", "Kanaan"),
)
# The sixteen answers to "Kelurahan domisili", and the groups in which a table adds them up; the outside has none.
CODES: tuple[str, ...] = (*(place.code for place in KELURAHAN), OUTSIDE)
CHOICES: tuple[tuple[str, str], ...] = (*((place.code, place.name) for place in KELURAHAN), (OUTSIDE, OUTSIDE_NAME))
GROUPS: Mapping[str, tuple[str, ...]] = {
    district.code: tuple(place.code for place in KELURAHAN if place.kecamatan == district.code)
    for district in KECAMATAN
}
_KELURAHAN = {place.code: place for place in KELURAHAN}
_KECAMATAN = {district.code: district for district in KECAMATAN}
_NAMES = {CITY: CITY_NAME, **{code: at.name for code, at in _KECAMATAN.items()}, **dict(CHOICES)}


def known(code: str) -> bool:
    """Whether a person may give this as residence."""
    return code in CODES


def kelurahan(code: str) -> Kelurahan | None:
    """The kelurahan with this code."""
    return _KELURAHAN.get(code)


def kecamatan(code: str) -> Kecamatan | None:
    """The kecamatan with this code."""
    return _KECAMATAN.get(code)


def kecamatan_of(code: str) -> Kecamatan | None:
    """The kecamatan of a kelurahan; none for who lives outside."""
    return _KECAMATAN[_KELURAHAN[code].kecamatan] if code in _KELURAHAN else None


def name_of(code: str) -> str:
    """The name of a kelurahan, a kecamatan, the city or the outside; the code itself if there is none."""
    return _NAMES.get(code, code)


def find(text: str) -> str | None:
    """The code that a text from a list means: a code, a name or a local spelling, however blanks and case are set."""
    return _SPELLINGS.get(_plain(text))


def _plain(text: str) -> str:
    return re.sub(r"^(kelurahan|kel)\b|[^a-z0-9]", "", text.strip().lower())


_SPELLINGS = {
    _plain(spelling): code
    for code, spellings in (
        *((place.code, (place.code, place.name, *place.aliases)) for place in KELURAHAN),
        (OUTSIDE, (OUTSIDE, OUTSIDE_NAME)),
    )
    for spelling in spellings
}
