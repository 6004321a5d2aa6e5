"""Periods of the report. Its days are those of Bontang: they begin at 00.00 WITA, not UTC."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Literal

from app.errors import N_

Kind = Literal["all", "year", "quarter", "month"]

# Asia/Makassar. A fixed offset: the zone has known no other since 1945, and no time zone data need be installed.
WITA = timezone(timedelta(hours=8), "WITA")
ALL_TIME = "semua"
MESSAGES: Mapping[Kind, tuple[str, ...]] = {
    "all": (N_("Sejak awal"),),
    "year": (N_("Tahun %(year)s"),),
    "quarter": (
        N_("Triwulan I %(year)s"),
        N_("Triwulan II %(year)s"),
        N_("Triwulan III %(year)s"),
        N_("Triwulan IV %(year)s"),
    ),
    "month": (
        N_("Januari %(year)s"),
        N_("Februari %(year)s"),
        N_("Maret %(year)s"),
        N_("April %(year)s"),
        N_("Mei %(year)s"),
        N_("Juni %(year)s"),
        N_("Juli %(year)s"),
        N_("Agustus %(year)s"),
        N_("September %(year)s"),
        N_("Oktober %(year)s"),
        N_("November %(year)s"),
        N_("Desember %(year)s"),
    ),
}
MONTHS: Mapping[Kind, int] = {"year": 12, "quarter": 3, "month": 1}
_KEY = re.compile(r"([1-9][0-9]{3})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of report days: everything, a year, a quarter or a month. `part` counts quarters or months from 1."""

    kind: Kind = "all"
    year: int = 0
    part: int = 1

    @property
    def key(self) -> str:
        """The stable name of the period: "semua", "2026", "2026-Q4", "2026-11"."""
        if self.kind == "all":
            return ALL_TIME
        return f"{self.year:04}" + {"quarter": f"-Q{self.part}", "month": f"-{self.part:02}"}.get(self.kind, "")

    @property
    def message(self) -> str:
        """The label, untranslated and with a place for the year, as the web layer needs it."""
        return MESSAGES[self.kind][self.part - 1]

    @property
    def facts(self) -> dict[str, int]:
        """What fills the message."""
        return {} if self.kind == "all" else {"year": self.year}

    @property
    def label(self) -> str:
        """The label in Indonesian."""
        return self.message % self.facts

    @property
    def first(self) -> date | None:
        """The first day; none for all time."""
        return None if self.kind == "all" else date(self.year, (self.part - 1) * MONTHS[self.kind] + 1, 1)

    @property
    def end(self) -> date | None:
        """The day after the last; none for all time and for the last period a calendar can hold."""
        if self.first is None:
            return None
        months = self.first.month - 1 + MONTHS[self.kind]
        return None if self.year == 9999 and months == 12 else date(self.year + months // 12, months % 12 + 1, 1)

    @property
    def instants(self) -> tuple[datetime | None, datetime | None]:
        """From this moment on, and before that one, in UTC: for a query over events."""
        return _midnight(self.first), _midnight(self.end)

    def holds(self, instant: datetime) -> bool:
        """Whether a moment falls into the period."""
        return self.key in keys_of(instant)


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), WITA).astimezone(UTC)


def day_of(instant: datetime) -> date:
    """The report day of a moment. A moment without a time zone is refused, for it would be silently wrong."""
    if instant.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return instant.astimezone(WITA).date()


def keys_of(instant: datetime) -> tuple[str, str, str, str]:
    """The keys of the four periods a moment counts in: all time, year, quarter, month."""
    return keys_of_day(day_of(instant))


def keys_of_day(day: date) -> tuple[str, str, str, str]:
    """The keys of the four periods a report day belongs to."""
    quarter = Period("quarter", day.year, (day.month + 2) // 3)
    return ALL_TIME, Period("year", day.year).key, quarter.key, Period("month", day.year, day.month).key


def parse(key: str) -> Period | None:
    """The period with this key; nothing for any other text."""
    if key == ALL_TIME:
        return Period()
    if (found := _KEY.fullmatch(key)) is None:
        return None
    year, quarter, month = found.groups()
    if quarter:
        return Period("quarter", int(year), int(quarter))
    return Period("month", int(year), int(month)) if month else Period("year", int(year))


def label(key: str) -> str:
    """The Indonesian name of a period by its key; the key itself if there is no such period."""
    period = parse(key)
    return period.label if period else key


def periods(first_day: date, today: date, *, quarters: int = 8, years: int = 5, months: int = 24) -> tuple[Period, ...]:
    """All time, then quarters, years and months that have days between the two, newest first, at most so many each."""
    return (
        Period(),
        *_back("quarter", 4, first_day, today, quarters),
        *_back("year", 1, first_day, today, years),
        *_back("month", 12, first_day, today, months),
    )


def choices(
    first_day: date, today: date, *, quarters: int = 8, years: int = 5, months: int = 24
) -> list[tuple[str, str]]:
    """The same as (key, Indonesian label), for a menu."""
    found = periods(first_day, today, quarters=quarters, years=years, months=months)
    return [(period.key, period.label) for period in found]


def _back(kind: Kind, parts: int, first_day: date, today: date, limit: int) -> Iterator[Period]:
    """Periods of one kind from today's backwards."""

    def count(day: date) -> int:
        return day.year * parts + (day.month - 1) * parts // 12

    for number in range(count(today), max(count(first_day) - 1, count(today) - limit), -1):
        yield Period(kind, number // parts, number % parts + 1)
