"""A session lives as long as its row says, whatever time stands on its cookie; what is not ours is nobody's."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner
from sqlalchemy.orm import Session

from app.accounts.models import LoginSession
from tests.builders import NOON, signed_in


@pytest.mark.parametrize("ahead", [1, 3600, 86_400, -86_400 * 400])
def test_a_clock_set_back_signs_nobody_out(
    app: Flask, db: Session, sari: FlaskClient, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    """The cookie was signed by a clock that was ahead (or long ago): Flask alone would not know it."""
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: int(time.time()) + ahead)
    phone = signed_in(app, db, sari.person)  # type: ignore[attr-defined]
    monkeypatch.undo()
    assert phone.get("/akun").status_code == 200


def test_the_row_decides_how_long_a_session_lives(app: Flask, db: Session, sari: FlaskClient) -> None:
    db.execute(sa.update(LoginSession).values(expires_at=NOON))
    db.commit()
    assert sari.get("/akun").status_code == 302


@pytest.mark.parametrize("change", [lambda sent: sent[:-2], lambda sent: "a" + sent, lambda _: "", lambda _: "a.b.c"])
def test_a_cookie_that_is_not_ours_is_nobodys(app: Flask, sari: FlaskClient, change: Callable[[str], str]) -> None:
    cookie = sari.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    stranger = app.test_client()
    stranger.set_cookie(cookie.key, change(cookie.value))
    assert stranger.get("/akun").status_code == 302
