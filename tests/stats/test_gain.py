"""How sure the mean learning gain is: right for a thousand cohorts whose gain is known, and silent about the few."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from math import comb, sqrt
from random import Random
from statistics import fmean, stdev

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app import clock, journal
from app.stats import actions
from app.stats.export import HEADER
from app.stats.intervals import Interval, mean_interval, t_quantile
from app.stats.rules import GainTotals
from tests.builders import a_person
from tests.inspector import visit
from tests.stats.reader import lines

WHEN = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
# t(0.975) as printed tables have it.
TABLE = {9: 2.2622, 10: 2.2281, 12: 2.1788, 15: 2.1314, 20: 2.0860, 30: 2.0423, 60: 2.0003, 120: 1.9799, 10**7: 1.9600}


@pytest.mark.parametrize(("df", "printed"), TABLE.items())
def test_the_quantiles_are_those_of_the_printed_table(df: int, printed: float) -> None:
    assert round(t_quantile(0.975, df), 4) == pytest.approx(printed, abs=1.01e-4)
    assert t_quantile(0.025, df) == pytest.approx(-t_quantile(0.975, df))
    assert round(t_quantile(0.95, 9), 3) == 1.833


def test_too_few_degrees_are_refused() -> None:
    with pytest.raises(ValueError, match="three degrees"):
        t_quantile(0.975, 2)


@given(st.lists(st.integers(-100, 100), min_size=10, max_size=80))
def test_the_interval_from_the_histogram_is_that_of_the_gains(gains: list[int]) -> None:
    found = mean_interval(Counter(gains), -100, 100)
    if len(set(gains)) == 1:
        assert found is None, "where all are equal the mean is each single one"
        return
    assert found is not None
    half = t_quantile(0.975, len(gains) - 1) * stdev(gains) / sqrt(len(gains))
    assert found.mean == pytest.approx(fmean(gains))
    assert found.low == pytest.approx(max(-100, fmean(gains) - half))
    assert found.high == pytest.approx(min(100, fmean(gains) + half))
    mean, low, high = found.whole
    assert low <= found.low <= found.high <= high and low <= mean <= high and abs(mean - found.mean) <= 0.5


def test_nine_pairs_have_no_interval_and_ten_have() -> None:
    assert mean_interval({10: 5, 20: 4}, -100, 100) is None
    assert mean_interval({10: 5, 20: 5}, -100, 100) is not None
    assert mean_interval({}, -100, 100) is None


def test_bounds_are_rounded_outward() -> None:
    assert Interval(12.5, 9.7, 15.3).whole == (13, 9, 16)
    assert Interval(-0.4, -3.1, 2.3).whole == (0, -4, 3)


# A thousand cohorts. People answer ten questions before and ten after; each is worth ten points.


def a_share(chance: Random) -> float:
    return chance.uniform(0.15, 0.97)


def a_cohort(chance: Random) -> tuple[list[tuple[float, float]], float]:
    """(pre, post) of 10 to 200 people of three sorts, who are right with known shares, and the true mean gain."""
    sorts = [(a_share(chance), a_share(chance)) for _ in range(3)]
    pairs = []
    for _ in range(chance.randint(10, 200)):
        before, after = chance.choice(sorts)
        pre, post = (10.0 * sum(chance.random() < share for _ in range(10)) for share in (before, after))
        pairs.append((pre, post))
    return pairs, 100 * fmean(after - before for before, after in sorts)


def test_in_a_thousand_cohorts_of_known_gain_the_interval_covers_it_in_at_least_93_of_100() -> None:
    chance = Random(20261123)
    covered = said = 0
    for _ in range(1_000):
        pairs, gain = a_cohort(chance)
        assert all(score % 10 == 0 and 0 <= score <= 100 for pair in pairs for score in pair)
        found = mean_interval(GainTotals.of(pairs).histogram, -100, 100)
        assert found is not None
        covered += found.low <= gain <= found.high
        _, low, high = found.whole
        said += low <= gain <= high
    assert 930 <= covered <= 975, f"{covered} of 1,000: an interval that covers nearly always says nothing"
    assert said >= covered


def test_the_simulated_gain_is_what_it_is_said_to_be() -> None:
    """The mean of ten answers right with share s is s: the known gain is no estimate."""
    for share in (0.15, 0.5, 0.97):
        exact = sum(k * comb(10, k) * share**k * (1 - share) ** (10 - k) for k in range(11))
        assert 10 * exact == pytest.approx(100 * share)


# On the page and in the file.


def measured(db: Session, pairs: list[tuple[float, float]]) -> None:
    """People with these scores before and after."""
    for pre, post in pairs:
        person = a_person(db, "Warga Contoh")
        journal.record(
            db, "attempt", WHEN, person=person.id, course="satu", pillar="aman", version=1, purpose="post", module="",
            score=post, passed=post >= 80, first=True, first_pass=post >= 80, pre=pre,
        )  # fmt: skip
    db.commit()
    actions.catch_up(db, clock.now())
    db.commit()


def told(dewi: FlaskClient) -> list[dict[str, str]]:
    return [line for line in lines(dewi.get("/statistik/unduh.csv?periode=semua").text) if line["ukuran"] == "gain"]


PAIRS = [(40.0, 60.0), (50.0, 80.0), (30.0, 30.0), (60.0, 90.0), (20.0, 70.0), (50.0, 50.0)] * 2


def test_page_and_file_say_how_sure_the_mean_gain_is(db: Session, dewi: FlaskClient) -> None:
    measured(db, PAIRS)
    gains = [post - pre for pre, post in PAIRS]
    half = 2.2010 * stdev(gains) / sqrt(12)  # t(0.975) with 11 degrees, from a printed table
    mean, low, high = 22, int(fmean(gains) - half), int(fmean(gains) + half) + 1
    assert (round(fmean(gains)), low, high) == (mean, 9, 34)
    page = visit(dewi, "/statistik?periode=semua")
    assert (
        f"Peningkatan belajar rata-rata +{mean} poin (n = 12 pasangan). "
        f"Interval kepercayaan 95%: +{low} sampai +{high} poin. Angka 0 tidak termasuk"
    ) in page.text
    assert "Interval kepercayaan 95 persen adalah rata-rata ± t" in page.text
    totals = [line for line in told(dewi) if line["jenis_baris"] == "total"]
    assert len(totals) == 3
    for line in totals:
        assert (line["rata_rata"], line["batas_bawah_95"], line["batas_atas_95"]) == (str(mean), str(low), str(high))


def test_only_the_line_that_counts_everybody_has_an_interval(db: Session, dewi: FlaskClient) -> None:
    """Means of parts, subtracted from the mean of all, would be the mean of the part that is hidden."""
    measured(db, PAIRS)
    for line in told(dewi):
        if line["jenis_baris"] != "total":
            assert {line["rata_rata"], line["batas_bawah_95"], line["batas_atas_95"]} == {""}
    assert HEADER[-3:] == ("rata_rata", "batas_bawah_95", "batas_atas_95")


@pytest.mark.parametrize("pairs", [PAIRS[:9], [(40.0, 60.0)] * 12], ids=["nine pairs", "all alike"])
def test_where_it_would_be_about_single_people_there_is_none(
    db: Session, dewi: FlaskClient, pairs: list[tuple[float, float]]
) -> None:
    measured(db, pairs)
    assert "Interval kepercayaan 95%:" not in visit(dewi, "/statistik?periode=semua").text
    assert {line["rata_rata"] for line in told(dewi)} == {""}


def test_a_change_that_may_be_chance_is_said_to_be(db: Session, dewi: FlaskClient) -> None:
    measured(db, [(40.0, 60.0), (60.0, 40.0)] * 6)
    assert "Angka 0 termasuk: perubahan ini mungkin hanya kebetulan." in visit(dewi, "/statistik?periode=semua").text
