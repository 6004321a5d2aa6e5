"""An address, once published, still answers: people bookmark it, papers carry it, posters show it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.house.world import World, a_world

# The contract: who opens which address. Names in brackets are things of the world.
GET = [
    ("guest", "/"), ("guest", "/tentang"), ("guest", "/privasi"), ("guest", "/bantuan"), ("guest", "/aksesibilitas"),
    ("guest", "/kursus"), ("guest", "/kursus/{slug}"),
    ("guest", "/daftar"), ("guest", "/masuk"), ("guest", "/pulihkan"),
    ("owner", "/belajar"), ("owner", "/belajar/{slug}"), ("owner", "/belajar/{slug}/{module}/{lesson}"),
    ("owner", "/belajar/{slug}/{module}/kuis"), ("owner", "/belajar/{slug}/tes-awal"),
    ("owner", "/belajar/{slug}/tes-akhir"),
    ("owner", "/percobaan/{uuid}"), ("owner", "/percobaan/{result}/hasil"),
    ("owner", "/sertifikat"), ("guest", "/sertifikat/{code}"), ("guest", "/sertifikat/periksa"),
    ("owner", "/sertifikat/{code}/unduh"),
    ("trainer", "/menulis"), ("analyst", "/statistik"), ("analyst", "/statistik/unduh.csv"),
    ("owner", "/akun"), ("owner", "/akun/data"), ("admin", "/kelola"),
    ("guest", "/healthz"), ("guest", "/readyz"),
]  # fmt: skip
POST = [
    ("owner", "/kursus/{slug}/ikuti"), ("owner", "/belajar/{slug}/{module}/{lesson}/selesai"),
    ("owner", "/belajar/{slug}/{module}/kuis"), ("owner", "/belajar/{slug}/tes-awal"),
    ("owner", "/belajar/{slug}/tes-akhir"),
    ("owner", "/percobaan/{uuid}/jawaban"), ("owner", "/percobaan/{uuid}/kumpulkan"),
    ("guest", "/daftar"), ("guest", "/masuk"), ("guest", "/pulihkan"), ("owner", "/keluar"),
]  # fmt: skip


@pytest.fixture
def world(app: Flask, db: Session) -> World:
    return a_world(app, db)


def _filled(world: World, address: str) -> str:
    return address.format(**world.things["owner"], result=world.of("owner", "quiz.result")["uuid"])


def test_every_published_address_answers(world: World) -> None:
    broken = []
    for who, address in GET:
        answer = world.clients[who].get(_filled(world, address), follow_redirects=True)
        if answer.status_code != 200:
            broken.append(f"{who} GET {address}: {answer.status_code}")
    assert not broken


def test_every_published_act_is_known(world: World) -> None:
    """An empty form is refused in words (400, 409, 422) or done; it is never unknown (404, 405) or broken."""
    broken = []
    for who, address in POST:
        status = world.clients[who].post(_filled(world, address)).status_code
        if status >= 500 or status in (401, 403, 404, 405):
            broken.append(f"{who} POST {address}: {status}")
    assert not broken


def test_a_code_on_paper_is_found_however_it_is_typed(world: World) -> None:
    """Papers live for years, and people type what they read."""
    code, guest = world.things["owner"]["code"], world.clients["guest"]
    for typed in (code, code.lower(), f" {code} ", "-".join((code[:4], code[4:8], code[8:]))):
        answer = guest.get("/sertifikat/periksa", query_string={"kode": typed}, follow_redirects=True)
        assert answer.status_code == 200, typed
        assert "Sari Contoh" in answer.text, typed


def test_addresses_forgive_no_slash_too_many(world: World) -> None:
    """One page, one address: what does not exist says so and is no copy of another page."""
    for address in ("/kursus/", "/belajar/", "/statistik/"):
        assert world.clients["guest"].get(address).status_code == 404, address
