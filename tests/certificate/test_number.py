"""The number, the grade and the dates of a paper, in the words of an Indonesian office."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.certificate.rules import GRADES, certificate_number, check_pattern, date_range, grade, long_date, roman_month
from app.course.course_file import LEAST_TEST_MARK

PATTERN = "{klasifikasi}/{urut:05}/{unit}/{bulan_romawi}/{tahun}"
DAY = date(2026, 11, 23)


def test_a_number_follows_the_pattern_of_the_office() -> None:
    assert certificate_number(PATTERN, 42, DAY, "DISKOMINFO", "400.3") == "400.3/00042/DISKOMINFO/XI/2026"


def test_a_pattern_may_be_short() -> None:
    assert certificate_number("CONTOH-{urut}", 7, DAY, "", "") == "CONTOH-7"


def test_a_running_number_may_outgrow_its_width() -> None:
    assert certificate_number("{urut:03}/{tahun}", 12345, DAY, "", "") == "12345/2026"


def test_braces_in_a_unit_stay_braces() -> None:
    assert certificate_number("{unit}/{urut}", 1, DAY, "{tahun}", "") == "{tahun}/1"


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("{klasifikasi}/{tahun}", "harus memuat {urut}"),
        ("", "harus memuat {urut}"),
        ("{urut}/{nama}", "tidak mengenal {nama}"),
        ("{urut}/{}", "tidak mengenal {}"),
        ("{urut}/{0}", "tidak mengenal {0}"),
        ("{urut}/{unit.__class__}", "tidak mengenal {unit.__class__}"),
        ("{urut}/{unit[0]}", "tidak mengenal"),
        ("{urut!r}", "tidak mengenal"),
        ("{urut:>99999999}", "tidak dikenal"),
        ("{urut:{tahun}}", "tidak dikenal"),
        ("{urut}/{unit:05}", "tidak dikenal"),
        ("{urut", "tidak berpasangan"),
        ("{urut}}", "tidak berpasangan"),
    ],
)
def test_a_bad_pattern_is_refused_in_a_sentence(pattern: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r"\.$") as refused:
        certificate_number(pattern, 1, DAY, "DISKOMINFO", "400.3")
    assert sentence in str(refused.value)
    with pytest.raises(ValueError, match=r"\.$"):
        check_pattern(pattern)


def test_a_good_pattern_passes_the_check_at_the_start() -> None:
    check_pattern(PATTERN)


def test_numbers_begin_with_one() -> None:
    with pytest.raises(ValueError, match="dimulai dari 1"):
        certificate_number(PATTERN, 0, DAY, "DISKOMINFO", "400.3")


@given(st.integers(1, 99_999), st.integers(1, 99_999))
def test_two_running_numbers_never_give_one_number(first: int, second: int) -> None:
    numbers = {certificate_number(PATTERN, each, DAY, "DISKOMINFO", "400.3") for each in (first, second)}
    assert len(numbers) == len({first, second})


def test_every_month_has_its_roman_number() -> None:
    assert [roman_month(date(2026, month, 1)) for month in range(1, 13)] == (
        "I II III IV V VI VII VIII IX X XI XII".split()
    )


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (100, "Sangat Memuaskan"),
        (90, "Sangat Memuaskan"),
        (89.99, "Memuaskan"),
        (80, "Memuaskan"),
        (79.99, "Cukup Memuaskan"),
        (70, "Cukup Memuaskan"),
    ],
)
def test_a_score_has_its_predikat(score: float, words: str) -> None:
    assert grade(score) == words


@pytest.mark.parametrize("score", [69.99, 0, -1, 100.01, float("nan")])
def test_a_score_without_predikat_is_refused_in_a_sentence(score: float) -> None:
    with pytest.raises(ValueError, match=r"^Nilai .*\.$"):
        grade(score)


def test_a_date_is_written_as_in_a_letter() -> None:
    assert long_date(DAY) == "23 November 2026"
    assert long_date(date(2027, 8, 1)) == "1 Agustus 2027"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 11, 1), date(2026, 11, 23), "1–23 November 2026"),
        (date(2026, 11, 23), date(2026, 11, 23), "23 November 2026"),
        (date(2026, 10, 30), date(2026, 11, 2), "30 Oktober – 2 November 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 Desember 2026 – 3 Januari 2027"),
        (date(2026, 11, 23), date(2026, 11, 1), "1–23 November 2026"),
    ],
)
def test_a_period_says_nothing_twice(first: date, last: date, words: str) -> None:
    assert date_range(first, last) == words


def test_whoever_passes_a_test_has_a_grade() -> None:
    assert GRADES[-1][0] == LEAST_TEST_MARK and grade(LEAST_TEST_MARK) == "Cukup Memuaskan"
