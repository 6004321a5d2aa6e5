"""Files of QTI that others made: every item is taken or stays out with the reason, and none is forgotten."""

from __future__ import annotations

import pytest

from app.exchange import qti
from app.exchange.shapes import Unreadable
from tests.exchange.samples import SHARED, expected, fixture


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared fixtures are not on this machine")
def test_every_item_of_other_makers_is_taken_or_refused_with_a_reason() -> None:
    names = sorted(
        str(path.relative_to(SHARED)) for path in (SHARED / "qti").rglob("*.xml") if path.parent.name != "pyslet-qti12"
    )
    assert len(names) > 30
    taken = 0
    for name in names:
        known = expected(name)
        assert known["wellformed"]
        found = qti.read(fixture(name))
        assert sorted(interaction for interaction, count in found.kinds.items() for _ in range(count)) == sorted(
            known["interactions"]
        ), name
        if known["root"] in ("assessmentItem", "qti-assessment-item"):
            assert len(found.items) + len(found.refused) == 1, name
        assert all(one.text and "%(" not in one.text for one in found.refused), name
        taken += len(found.items)
    assert taken >= 8


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared fixtures are not on this machine")
def test_files_of_qti_1_are_refused_in_a_sentence() -> None:
    for path in (SHARED / "qti" / "pyslet-qti12").glob("*.xml"):
        with pytest.raises(Unreadable, match="versi 1"):
            qti.read(path.read_bytes())
