from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from limits import parse
from sqlalchemy.orm import Session

from app import create_app
from app.accounts import limits
from app.throttle import Rate
from tests.builders import PASSWORD, a_person
from tests.databases import settings_for
from tests.inspector import inspect, send


@pytest.fixture
def settings(database: str, tmp_path: Any) -> dict[str, Any]:
    return settings_for(database, tmp_path) | {"COUNT_TRIES": True, "TRUSTED_PROXIES": 1}


@pytest.fixture(autouse=True)
def sari_exists(db: Session) -> None:
    a_person(db, "Sari Contoh", username="sari")
    db.commit()


def guess(client: FlaskClient, address: str, sandi: str = "bukan-ini-sandinya", masuk: str = "sari") -> int:
    headers = {"X-Forwarded-For": address}
    return client.post("/masuk", data={"masuk": masuk, "sandi": sandi}, headers=headers).status_code


def test_ten_wrong_guesses_from_one_place_and_no_more(app: Flask) -> None:
    client = app.test_client()
    assert [guess(client, "10.0.0.1") for _ in range(12)] == [422] * 10 + [429] * 2
    assert guess(client, "10.0.0.1", PASSWORD) == 429
    assert guess(client, "10.0.0.1", masuk="SARI ") == 429
    assert guess(client, "10.0.0.2", PASSWORD) == 302
    headers = {"X-Forwarded-For": "10.0.0.1"}
    response = app.test_client().post("/masuk", data={"masuk": "sari", "sandi": "x"}, headers=headers)
    assert "Tunggu beberapa menit" in inspect(response, "/masuk").text
    assert response.headers["Retry-After"]


def test_unknown_names_are_counted_like_known_ones(app: Flask) -> None:
    answers = [guess(app.test_client(), "10.0.0.1", masuk="siti") for _ in range(12)]
    assert answers == [422] * 10 + [429] * 2


def test_one_name_is_guessed_at_most_fifty_times_from_everywhere(app: Flask) -> None:
    answers = [guess(app.test_client(), f"10.0.{n // 10}.1") for n in range(55)]
    assert answers == [422] * 50 + [429] * 5


def test_a_stranger_cannot_lock_sari_out_of_her_own_phone(app: Flask) -> None:
    phone = app.test_client()
    assert guess(phone, "10.1.1.1", PASSWORD) == 302
    phone.post("/keluar", headers={"X-Forwarded-For": "10.1.1.1"})
    for n in range(60):
        guess(app.test_client(), f"10.2.{n // 10}.1")
    assert guess(app.test_client(), "10.1.1.1", PASSWORD) == 429
    assert guess(phone, "10.1.1.1", PASSWORD) == 302
    stranger = app.test_client()
    stranger.set_cookie("cakap-perangkat", phone.get_cookie("cakap-perangkat").value + "x")  # type: ignore[union-attr]
    assert guess(stranger, "10.3.1.1", PASSWORD) == 429


def test_her_own_phone_may_not_guess_for_ever_either(app: Flask) -> None:
    phone = app.test_client()
    assert guess(phone, "10.1.1.1", PASSWORD) == 302
    phone.post("/keluar")
    assert [guess(phone, f"10.1.1.{n}") for n in range(12)] == [422] * 10 + [429] * 2


def test_a_hall_behind_one_address_signs_in(app: Flask, db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    assert str(limits.PER_ADDRESS) == "120 per 15 minute"
    monkeypatch.setattr(limits, "PER_ADDRESS", parse("10 per 15 minutes"))
    for n in range(15):
        a_person(db, f"Peserta {n}", username=f"peserta{n}")
    db.commit()
    assert {guess(app.test_client(), "10.0.0.1", PASSWORD, f"peserta{n}") for n in range(15)} == {302}


def test_one_address_does_not_try_a_password_on_everybody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PER_ADDRESS", parse("15 per 15 minutes"))
    answers = [guess(app.test_client(), "10.0.0.1", masuk=f"orang{n}") for n in range(18)]
    assert answers == [422] * 15 + [429] * 3


def test_the_count_is_exact_over_two_processes(app: Flask, settings: dict[str, Any]) -> None:
    other = create_app(settings)
    clients = [made.test_client() for made in (app, other) for _ in range(10)]
    with ThreadPoolExecutor(20) as pool:
        answers = sorted(pool.map(lambda client: guess(client, "10.0.0.1"), clients))
    assert answers == [422] * 10 + [429] * 10
    other.extensions["db"].dispose()


def test_guessing_by_registering_or_by_code_or_inside_is_counted_too(app: Flask) -> None:
    form = {
        "nama": "Joko Contoh",
        "masuk": "sari",
        "sandi": "jaring-angin-batu",
        "kelurahan": "luar",
        "tahun": "1990",
        "dewasa": "y",
    }
    code = {"masuk": "sari", "kode": "AAAAA-AAAAA", "sandi_baru": "jaring-angin-batu"}
    client = app.test_client()
    assert [send(client, "/daftar", **form).status_code for _ in range(5)] == [422] * 5
    assert [send(client, "/pulihkan", **code).status_code for _ in range(5)] == [422] * 5
    assert send(client, "/pulihkan", **code).status_code == 429
    assert send(client, "/daftar", **form).status_code == 429
    assert send(client, "/masuk", masuk="sari", sandi=PASSWORD).status_code == 429


def test_the_password_is_not_guessed_at_the_door_to_leave(app: Flask) -> None:
    phone = app.test_client()
    assert guess(phone, "10.1.1.1", PASSWORD) == 302
    assert [send(phone, "/akun/hapus", sandi="bukan-ini").status_code for _ in range(11)] == [422] * 10 + [429]
    assert send(phone, "/akun/sandi", sandi_lama="x", sandi_baru="jaring-angin-batu").status_code == 429


def test_forty_newcomers_an_hour_from_one_address(app: Flask) -> None:
    def register(n: int) -> int:
        form = {
            "nama": "Warga",
            "masuk": f"warga{n}",
            "sandi": "jaring-angin-batu",
            "kelurahan": "luar",
            "tahun": "1990",
            "dewasa": "y",
        }
        return app.test_client().post("/daftar", data=form).status_code

    assert [register(n) for n in range(42)] == [302] * 40 + [429] * 2
    assert app.test_client().post("/daftar", data={}).status_code == 422


def test_letters_are_few_for_known_and_unknown_addresses(app: Flask) -> None:
    app.config["SMTP_HOST"] = "surel.contoh"
    answers = [send(app.test_client(), "/pulihkan/surel", surel="tidak@ada.contoh").status_code for _ in range(4)]
    assert answers == [200] * 3 + [429]


def test_the_counters_do_not_hold_names(app: Flask, db: Session) -> None:
    guess(app.test_client(), "10.0.0.1")
    keys = list(db.scalars(sa.select(Rate.key)))
    assert keys
    assert not any("sari" in key for key in keys)
