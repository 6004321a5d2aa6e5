"""The child that makes papers: started again when it is killed, but never in a hot circle, and not in silence."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.certificate import child
from tests.certificate.register import a_certificate

pytestmark = pytest.mark.sqlite


@pytest.mark.parametrize(
    ("end", "told"), [("sys.exit(3)", "with 3"), ("os.kill(os.getpid(), 9)", "with -9"), ("pass", "with 0")]
)
def test_a_child_that_cannot_work_is_started_twice_and_then_rests(
    app: Flask, db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    end: str, told: str,
) -> None:  # fmt: skip
    a_certificate(db, pdf=None)
    db.commit()
    starts = tmp_path / "starts"
    noting = f"import os, sys; open({str(starts)!r}, 'a').write('x'); {end}"
    monkeypatch.setattr(child, "COMMAND", (sys.executable, "-c", noting))
    hand = child.Child()

    def look() -> int:
        """One look, after which whatever was started has ended; the children that there were so far."""
        hand.look(app.extensions["db"], app.config)
        if hand._process is not None:
            hand._process.wait()
        return len(starts.read_text())

    assert [look() for _ in range(5)] == [1, 2, 2, 2, 2]
    assert [told in one.getMessage() for one in caplog.records if one.levelno == logging.WARNING] == [True] * 2
    monkeypatch.setattr(hand, "_rests_until", 0.0)
    assert look() == 3, "it is tried again after the rest"


def test_a_child_that_had_its_time_is_followed_by_the_next(
    app: Flask, db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    a_certificate(db, pdf=None)
    db.commit()
    monkeypatch.setattr(child, "COMMAND", (sys.executable, "-c", ""))
    monkeypatch.setattr(child, "STAYS", 0.0)
    hand = child.Child()
    for _ in range(3):
        hand.look(app.extensions["db"], app.config)
        assert hand._process is not None
        hand._process.wait()
    assert not caplog.records
