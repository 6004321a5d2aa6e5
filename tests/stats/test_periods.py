"""Report days begin at midnight in Bontang, and every moment counts in four periods."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.stats.periods import WITA, Period, choices, day_of, keys_of, keys_of_day, label, parse, periods

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2060, 12, 30), timezones=st.just(UTC))


def test_half_past_seven_wita_on_1_december_counts_in_december() -> None:
    quiz = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert quiz.astimezone(WITA).strftime("%d %H.%M") == "01 07.30"
    assert day_of(quiz) == date(2026, 12, 1)
    assert keys_of(quiz) == ("semua", "2026", "2026-Q4", "2026-12")


@pytest.mark.parametrize(
    ("moment", "keys"),
    [
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), ("semua", "2026", "2026-Q4", "2026-12")),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), ("semua", "2027", "2027-Q1", "2027-01")),
        (datetime(2027, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=9))), ("semua", "2026", "2026-Q4", "2026-12")),
    ],
)
def test_the_year_changes_at_midnight_wita(moment: datetime, keys: tuple[str, ...]) -> None:
    assert keys_of(moment) == keys


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        day_of(datetime(2026, 12, 1, 7, 30))


def test_the_house_has_one_wita() -> None:
    assert WITA.utcoffset(None) == clock.WITA.utcoffset(None) == timedelta(hours=8)


@given(MOMENTS)
def test_a_moment_lies_in_exactly_its_four_periods(moment: datetime) -> None:
    for key in keys_of(moment):
        period = parse(key)
        assert period is not None
        assert (period.key, period.holds(moment)) == (key, True)
        begin, end = period.instants
        assert begin is None or begin <= moment
        assert end is None or moment < end
        if begin is not None:
            assert not period.holds(begin - timedelta(microseconds=1))
        if end is not None:
            assert not period.holds(end)


@given(DAYS)
def test_each_period_follows_the_one_before(day: date) -> None:
    for key in keys_of_day(day)[1:]:
        period = parse(key)
        assert period is not None
        assert period.first is not None
        assert period.end is not None
        assert period.first <= day < period.end
        kind = ("year", "quarter", "month").index(period.kind) + 1
        following = parse(keys_of_day(period.end)[kind])
        assert following is not None
        assert following.first == period.end


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Semua",
        "26",
        "2026-",
        "2026-Q0",
        "2026-Q5",
        "2026-q4",
        "2026-0",
        "2026-00",
        "2026-13",
        "2026-1",
        "0026",
        "2026-11-01",
        "2026-11\n",
        " 2026",
        "٢٠٢٦",
        "2026-Q4'--",
    ],
)
def test_anything_but_a_key_is_no_period(text: str) -> None:
    assert parse(text) is None


@given(st.text(max_size=12))
def test_whatever_is_parsed_is_written_the_same(text: str) -> None:
    period = parse(text)
    assert period is None or period.key == text


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("semua", "Sejak awal"),
        ("2026", "Tahun 2026"),
        ("2026-Q1", "Triwulan I 2026"),
        ("2026-Q4", "Triwulan IV 2026"),
        ("2026-01", "Januari 2026"),
        ("2026-11", "November 2026"),
        ("entah", "entah"),
    ],
)
def test_labels_are_as_people_say_them(key: str, expected: str) -> None:
    assert label(key) == expected


def test_a_label_can_be_translated() -> None:
    period = Period("quarter", 2026, 4)
    assert (period.message, period.facts) == ("Triwulan IV %(year)s", {"year": 2026})
    assert Period().message % Period().facts == "Sejak awal"


def test_the_last_period_of_the_calendar_has_no_end() -> None:
    for key in ("9999", "9999-Q4", "9999-12"):
        period = parse(key)
        assert period is not None
        assert period.end is None
        assert period.instants[1] is None


def test_the_menu_offers_what_has_days_newest_first() -> None:
    offered = choices(date(2026, 8, 20), date(2026, 11, 23))
    assert offered == [
        ("semua", "Sejak awal"),
        ("2026-Q4", "Triwulan IV 2026"),
        ("2026-Q3", "Triwulan III 2026"),
        ("2026", "Tahun 2026"),
        ("2026-11", "November 2026"),
        ("2026-10", "Oktober 2026"),
        ("2026-09", "September 2026"),
        ("2026-08", "Agustus 2026"),
    ]


def test_the_menu_is_limited() -> None:
    found = [period.key for period in periods(date(2020, 1, 1), date(2027, 1, 5), quarters=2, years=2, months=3)]
    assert found == ["semua", "2027-Q1", "2026-Q4", "2027", "2026", "2027-01", "2026-12", "2026-11"]
    assert len(choices(date(1990, 1, 1), date(2027, 1, 5))) == 1 + 8 + 5 + 24


@given(DAYS, DAYS)
def test_every_period_offered_touches_the_days_between(one: date, other: date) -> None:
    first, today = sorted((one, other))
    found = periods(first, today)
    assert len({period.key for period in found}) == len(found)
    assert set(keys_of_day(today)) <= {period.key for period in found}
    for period in found[1:]:
        assert period.first is not None
        assert period.end is not None
        assert period.first <= today
        assert period.end > first
