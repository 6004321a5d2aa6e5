"""Figures, learning gain, rates on few people, the groups people are counted in, and the map."""

from __future__ import annotations

import re
import statistics
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import people, regions
from app.stats.rules import (
    Cell,
    Figures,
    GainTotals,
    gain,
    hide_rate,
    hide_value,
    mean_normalised,
    median_gain,
    normalised_gain,
    raw_gain,
    read_histogram,
)
from app.stats.tiles import VIEW_BOX, legend, thresholds, tiles

SCORES = st.integers(0, 100)
PAIRS = st.lists(st.tuples(SCORES, SCORES), max_size=60)


# Learning gain


@given(PAIRS)
def test_the_gain_from_totals_is_the_gain_from_the_pairs(pairs: list[tuple[int, int]]) -> None:
    said = GainTotals.of(pairs).gain
    if len(pairs) < 10:
        assert said is None
        return
    shares = [(post - pre) / (100 - pre) for pre, post in pairs if pre < 100]
    assert said is not None
    assert (said.pairs, said.norm_pairs, said.full) == (len(pairs), len(shares), len(pairs) - len(shares))
    assert said.raw_median == statistics.median(post - pre for pre, post in pairs)
    expected = pytest.approx(statistics.fmean(shares)) if len(shares) >= 10 else None
    assert said.norm_mean == expected


@given(PAIRS, PAIRS)
def test_totals_grow_by_adding(before: list[tuple[int, int]], after: list[tuple[int, int]]) -> None:
    added, whole = GainTotals.of(before) + GainTotals.of(after), GainTotals.of(before + after)
    assert (added.histogram, added.n_g) == (whole.histogram, whole.n_g)
    assert added.sum_g == pytest.approx(whole.sum_g)


@given(st.lists(st.integers(-100, 100)))
def test_the_median_of_a_histogram_is_the_median(gains: list[int]) -> None:
    expected = statistics.median(gains) if gains else None
    assert median_gain(Counter(gains)) == expected
    assert median_gain(read_histogram({str(point): count for point, count in Counter(gains).items()})) == expected


def test_a_full_pretest_has_no_normalised_gain_and_a_loss_stays_negative() -> None:
    assert normalised_gain(100, 100) is None
    assert normalised_gain(100, 60) is None
    assert normalised_gain(50, 75) == 0.5
    assert normalised_gain(50, 25) == -0.5
    assert normalised_gain(99, 0) == -99


def test_points_are_whole_and_scores_lie_between_0_and_100() -> None:
    assert raw_gain(33.3, 66.7) == 33
    assert raw_gain(0, 12.5) == 13
    assert raw_gain(80, 60) == -20
    for pre, post in ((-1, 50), (50, 101)):
        with pytest.raises(ValueError, match="between 0 and 100"):
            raw_gain(pre, post)
        with pytest.raises(ValueError, match="between 0 and 100"):
            normalised_gain(pre, post)


def test_the_gain_of_nine_pairs_is_not_said() -> None:
    assert gain({20: 9}, 4.5, 9) is None
    assert gain({}, 0.0, 0) is None
    assert mean_normalised(0.0, 0) is None
    said = gain({20: 9, 30: 1}, 5.0, 10)
    assert said is not None
    assert (said.raw_median, said.norm_mean) == (20, 0.5)


def test_ten_pairs_of_whom_nine_had_room_to_grow_have_a_median_only() -> None:
    said = GainTotals.of([(50, 75)] * 9 + [(100, 100)]).gain
    assert said is not None
    assert (said.raw_median, said.norm_mean, said.full) == (25, None, 1)


# Rates


def test_a_rate_needs_ten_people_and_hides_what_a_cell_hides() -> None:
    assert hide_rate(606, 1559) == 39
    assert hide_rate(5, 10) == 50
    assert hide_rate(5, 9) is None
    assert hide_rate(3, 20) is None, "15 percent of 20 are 3 people"
    assert hide_rate(0, 20) == 0
    assert hide_rate(Cell(None, "hidden"), 20) is None
    assert hide_rate(7, Cell(None, "hidden")) is None
    assert hide_rate(Cell(7), Cell(20)) == 35
    assert hide_rate(0, 0) is None


def test_half_a_percent_is_rounded_up() -> None:
    assert (hide_rate(5, 1000), hide_rate(25, 200), hide_rate(149, 1000)) == (1, 13, 15)


def test_a_mean_needs_ten_people() -> None:
    assert hide_value(4.5, 10) == 4.5
    assert hide_value(4.5, 9) is None
    assert hide_value(4.5, Cell(None, "small")) is None
    assert hide_value(None, 50) is None


def test_figures_give_their_rates() -> None:
    figures = Figures(
        learners=20,
        jp=90,
        tested=40,
        passed=30,
        cohort=50,
        cohort_completed=20,
        gains=GainTotals.of([(40, 70)] * 30),
    )
    assert (figures.pass_rate, figures.completion_rate, figures.jp_per_learner) == (75, 40, 4.5)
    assert figures.pretest_skipped == 25
    assert figures.gain is not None
    assert Figures().jp_per_learner is None
    assert Figures(tested=9, passed=9).pass_rate is None


def test_a_silent_cell_carries_its_mark_and_status() -> None:
    assert [(cell.mark, cell.status) for cell in (Cell(0), Cell(None, "small"), Cell(None, "hidden"))] == [
        ("", "A"),
        ("<5", "S"),
        ("•••", "S"),
    ]


# The groups people are counted in


@pytest.mark.parametrize(
    ("birth_year", "band"),
    [
        (2008, "18-24"),
        (2002, "18-24"),
        (2001, "25-34"),
        (1962, "55-64"),
        (1961, "65+"),
        (1906, "65+"),
        (2009, None),
        (1905, None),
    ],
)
def test_the_age_band_is_that_of_31_december(birth_year: int, band: str | None) -> None:
    assert people.age_band(birth_year, 2026) == band


@given(st.integers(18, 120), st.integers(2026, 2060))
def test_every_adult_has_one_age_band(age: int, year: int) -> None:
    assert people.adult(year - age, year)
    assert people.age_band(year - age, year) in people.AGE_KEYS
    assert sum(span.holds(age) for span in people.AGE_BANDS) == 1


@given(st.integers(1900, 2030))
def test_every_birth_year_has_one_generation(year: int) -> None:
    assert sum(span.holds(year) for span in people.GENERATIONS) == 1
    assert people.generation_label(people.generation(year)) != people.NOT_STATED


def test_who_did_not_answer_is_a_row_of_its_own() -> None:
    assert people.GENDER_KEYS == ("male", "female", "")
    assert len(people.AGE_KEYS) == 7
    for label in (people.gender_label, people.age_band_label, people.education_label, people.occupation_label):
        assert label(None) == "Tidak diisi"
    assert people.education_label(4) == "SMP atau sederajat"
    assert people.occupation_label(12) == "Lainnya"
    assert [len(people.EDUCATION), len(people.OCCUPATIONS)] == [10, 12]


def test_the_city_has_three_kecamatan_and_fifteen_kelurahan() -> None:
    assert [len(rows) for rows in regions.GROUPS.values()] == [6, 6, 3]
    assert len(set(regions.CODES)) == len(regions.CHOICES) == 16
    assert [code for rows in regions.GROUPS.values() for code in rows] == list(regions.CODES[:-1])
    assert [place.number for place in regions.KELURAHAN] == list(range(1, 16))
    for place in regions.KELURAHAN:
        assert re.fullmatch(r"64\.74\.0[123]\.100[1-6]", place.code)
        assert regions.kecamatan_of(place.code) == regions.kecamatan(place.kecamatan)
        assert regions.kelurahan(place.code) == place
        assert regions.known(place.code)
    assert regions.kecamatan_of(regions.OUTSIDE) is None
    assert regions.name_of("64.74") == "Kota Bontang"
    assert not regions.known("64.74.01")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Loktuan", "64.74.01.1003"),
        ("LOK TUAN", "64.74.01.1003"),
        (" Kel. Api-Api ", "64.74.01.1006"),
        ("kelurahan berebas tengah", "64.74.02.1002"),
        ("64.74.03.1003", "64.74.03.1003"),
        ("Di luar Kota Bontang", "luar"),
        ("Samarinda", None),
        ("", None),
    ],
)
def test_local_spellings_are_found(text: str, code: str | None) -> None:
    assert regions.find(text) == code


# The map

QUARTER = (74, 121, 168, 66, 139, 158, 127, 149, 93, 58, 38, 104, 141, 96, 27)


def a_map(values: tuple[int | None, ...] = QUARTER) -> dict[str, Cell]:
    return {
        place.code: Cell(value, "shown" if value is not None else "small")
        for place, value in zip(regions.KELURAHAN, values, strict=True)
    }


def test_the_shades_are_those_of_the_design() -> None:
    shades = [2, 3, 4, 2, 3, 4, 3, 4, 2, 1, 1, 3, 4, 2, 1]
    drawn = tiles(a_map())
    assert [tile.css for tile in drawn] == [f"q{shade}" for shade in shades]
    assert [tile.inverse for tile in drawn] == [shade >= 3 for shade in shades]
    assert [entry.label for entry in legend(a_map())] == ["di bawah 60", "60–99", "100–139", "140 ke atas"]


def test_no_tile_lies_on_another_and_names_are_whole() -> None:
    drawn = tiles(a_map())
    width, height = map(int, VIEW_BOX.split()[2:])
    assert len({(tile.x, tile.y) for tile in drawn}) == 15
    assert all(tile.x + 80 <= width and tile.y + 50 <= height for tile in drawn)
    assert all(" ".join(line.text for line in tile.lines) == tile.name for tile in drawn)
    guntung, telihan = drawn[3], drawn[13]
    assert (guntung.middle, guntung.number_y, [line.y for line in guntung.lines]) == (126, 18, [36])
    assert (telihan.middle, telihan.number_y, [line.y for line in telihan.lines]) == (41, 128, [142, 155])


def test_a_hidden_tile_is_hatched_and_has_no_say_in_the_shades() -> None:
    values = a_map((None, *QUARTER[1:-1], 0))
    drawn = tiles(values)
    assert (drawn[0].css, drawn[0].hatched, drawn[0].text, drawn[0].inverse) == ("q0", True, "<5", False)
    assert (drawn[14].css, drawn[14].hatched, drawn[14].value) == ("q0", False, 0)
    labels = [entry.label for entry in legend(values)]
    assert (labels[0], labels[1][:2], labels[-1]) == ("0", "1–", "disembunyikan")


@given(st.lists(st.one_of(st.none(), st.integers(0, 40), st.integers(0, 90_000)), min_size=15, max_size=15))
def test_every_map_has_rising_shades_and_a_true_legend(values: list[int | None]) -> None:
    low, middle, high = thresholds(value for value in values if value is not None)
    assert 1 < low < middle < high
    cells = a_map(tuple(values))
    names = {(entry.css, entry.hatched) for entry in legend(cells)}
    for tile in tiles(cells):
        assert (tile.css, tile.hatched) in names
        if tile.value:
            shade = 1 + (tile.value >= low) + (tile.value >= middle) + (tile.value >= high)
            assert tile.css == f"q{shade}"
