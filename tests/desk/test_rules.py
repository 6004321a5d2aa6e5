from __future__ import annotations

import pytest

from app.desk import rules


@pytest.mark.parametrize(
    ("text", "page"),
    [(None, 1), ("", 1), ("3", 3), ("0", 1), ("-1", 1), ("99", 5), ("9" * 5000, 5), ("x", 1), ("٣", 1)],
)
def test_a_page_that_is_asked_for_always_exists(text: str | None, page: int) -> None:
    assert rules.page_number(text, 5) == page


@pytest.mark.parametrize(("count", "last"), [(0, 1), (1, 1), (25, 1), (26, 2), (51, 3)])
def test_twenty_five_people_fill_a_page(count: int, last: int) -> None:
    assert rules.last_page(count) == last


def test_an_event_number_fits_into_the_database() -> None:
    assert rules.event_number("12") == 12
    assert rules.event_number("9" * 19) == 2**63 - 1
    for nonsense in (None, "", "-1", "x", "9" * 20, "٣"):
        assert rules.event_number(nonsense) is None
