"""What every reply tells the browser: pages, errors, files, redirects, refusals alike."""

from __future__ import annotations

from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from config import from_env
from tests.builders import PASSWORD
from tests.house.world import World, a_world, address, doors
from tests.inspector import send

HTTPS = "https://belajar.contoh.go.id"
# Whoever checks certificates by their own program reads these from any site; the keys may be kept for an hour.
KEYS = "GET /.well-known/jwks.json"
OPEN = (KEYS, "GET /api/v1/")
BADGES = "GET /lencana/"


@pytest.fixture(params=["http://127.0.0.1:8000", HTTPS])
def settings(request: pytest.FixtureRequest, settings: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    made = from_env(
        {"DATA": str(tmp_path), "DATABASE_URL": settings["DATABASE_URL"], "BASE_URL": request.param, "SECRET_KEY": "x"}
    )
    names = (
        "BASE_URL",
        "SESSION_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "SESSION_COOKIE_SAMESITE",
    )
    return settings | {name: made[name] for name in names}


@pytest.fixture
def world(app: Flask, db: Session) -> World:
    return a_world(app, db)


def _secure(app: Flask) -> bool:
    return bool(app.config["BASE_URL"] == HTTPS)


def _base(app: Flask) -> str:
    """The test clients' cookies belong to this host."""
    return "https://localhost" if _secure(app) else "http://localhost"


def _replies(app: Flask, world: World) -> Iterator[tuple[str, str, TestResponse]]:
    """Every door as a guest and as its owner, with what is there and what is not; and what is no door at all."""
    base = _base(app)
    for rule, method in doors(app):
        for who in ("guest", "owner", "trainer", "analyst", "admin"):
            for whose in ("owner", "nothing"):
                # Acts only by those who will be refused: the world stays as it is.
                if (method == "GET" and (whose == "owner" or who in ("guest", "owner"))) or who == "guest":
                    path = address(app, rule, world.of(whose, rule.endpoint))
                    yield who, f"{method} {path}", world.clients[who].open(path, method=method, base_url=base)
    guest = world.clients["guest"]
    for path in ("/tidak-ada", "/static/tidak-ada.css", "/percobaan/%00", "/kursus/a%0ab", "/../../etc/passwd"):
        yield "guest", f"GET {path}", guest.get(path, base_url=base)
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "HEAD"):
        yield "guest", f"{method} /", guest.open("/", method=method, base_url=base)
    yield "guest", "POST too large", guest.post("/masuk", data={"nama": "x" * 3_000_000}, base_url=base)
    yield (
        "guest",
        "POST no form",
        guest.post("/masuk", data=b"\xff\xfe", content_type="multipart/form-data", base_url=base),
    )


@pytest.mark.sqlite
def test_every_reply_carries_the_same_protection(app: Flask, world: World) -> None:
    wrong, seen = [], set()
    for who, what, answer in _replies(app, world):
        seen.add(answer.status_code)
        if said := [*_unprotected(answer, _secure(app), what), *_kept_too_long(answer, who, what)]:
            wrong.append(f"{who} {what} → {answer.status_code}: {said}")
    assert {200, 302, 400, 403, 404, 405, 413} <= seen, "the walk met every kind of reply"
    assert not wrong, "\n".join(wrong[:40])


def _unprotected(answer: TestResponse, secure: bool, what: str) -> Iterator[str]:
    """What is missing or too wide in the headers of a reply."""
    headers = answer.headers
    parts = (part.strip() for part in headers.get("Content-Security-Policy", "").split(";"))
    policy = dict(part.split(" ", 1) for part in parts if part)
    if any(word in value for value in policy.values() for word in ("unsafe-", "*", "data:", "http:")):
        yield f"policy {policy}"
    wanted = {"default-src": "'none'", "script-src": "'self'", "frame-ancestors": "'none'", "base-uri": "'none'"}
    for name, value in (wanted | {"form-action": "'self'"}).items():
        if policy.get(name) != value:
            yield f"{name} {policy.get(name)}"
    for name, value in {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
    }.items():
        if headers.get(name) != value:
            yield f"{name} {headers.get(name)}"
    if headers.get("Strict-Transport-Security") != ("max-age=63072000; includeSubDomains" if secure else None):
        yield f"HSTS {headers.get('Strict-Transport-Security')}"
    opened = what.startswith(OPEN) or (what.startswith(BADGES) and answer.status_code == 200)
    if ("Access-Control-Allow-Origin" in headers) != opened:
        yield "other sites may read, or may not"
    if answer.mimetype.startswith("text/") and "charset=utf-8" not in headers["Content-Type"]:
        yield headers["Content-Type"]


def _kept_too_long(answer: TestResponse, who: str, what: str) -> Iterator[str]:
    """Files carry a hash and may stay for ever; pages of people stay nowhere."""
    kept = answer.headers.get("Cache-Control", "")
    if ("/static/" in what or "/media/" in what) and answer.status_code == 200:
        allowed = {"public, max-age=31536000, immutable"}
    elif what == KEYS:
        allowed = {"public, max-age=3600"}
    elif what.startswith(BADGES) and answer.status_code == 200:
        allowed = {"public, max-age=300" if "/status/" in what else "public, max-age=3600"}
    else:
        allowed = {"no-store"} if who != "guest" else {"no-store", "private, no-cache"}
    if kept not in allowed:
        yield f"Cache-Control {kept!r}"


@pytest.mark.sqlite
def test_cookies_are_for_this_site_and_no_script(app: Flask, world: World, db: Session) -> None:
    base, seen = _base(app), {}
    guest = world.clients["guest"]
    username = world.clients["owner"].person.username  # type: ignore[attr-defined]
    replies = [
        guest.get("/daftar", base_url=base),
        guest.get("/bahasa/en", base_url=base),
        guest.post("/masuk", data=_sign_in_form(guest, base, username), base_url=base),
        guest.get("/akun", base_url=base),
    ]
    assert replies[3].status_code == 200, "the sign-in worked"
    for answer in replies:
        for line in answer.headers.getlist("Set-Cookie"):
            for name, cookie in SimpleCookie(line).items():
                seen[name] = cookie
    session = "__Host-cakap" if _secure(app) else "cakap"
    assert session in seen
    for name, cookie in seen.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name
        assert bool(cookie["secure"]) == _secure(app), name
        assert cookie["path"] == "/", name
        assert not cookie["domain"], name


def _sign_in_form(client: FlaskClient, base: str, username: str) -> dict[str, str]:
    """The fields of the sign-in page by their kind, whatever they are called."""
    form = BeautifulSoup(client.get("/masuk", base_url=base).text, "html5lib").select_one("main form")
    assert form is not None
    filled = {}
    for tag in form.select("input[name]"):
        kind = tag.get("type", "text")
        filled[str(tag["name"])] = (
            PASSWORD if kind == "password" else username if kind == "text" else str(tag.get("value", ""))
        )
    return {name: value for name, value in filled.items() if value}


@pytest.mark.sqlite
def test_leaving_clears_what_a_shared_computer_kept(app: Flask, world: World) -> None:
    sari = world.clients["owner"]
    answer = sari.post("/keluar", base_url=_base(app))
    assert "Clear-Site-Data" in answer.headers
    assert send(sari, "/keluar").status_code == 302, "twice is once"


@pytest.mark.sqlite
def test_forged_headers_move_nothing(app: Flask, world: World) -> None:
    """A32: without a trusted proxy, what a stranger says about host and address is not believed."""
    forged = {"X-Forwarded-Host": "jahat.contoh", "X-Forwarded-Proto": "gopher", "X-Forwarded-For": "9.9.9.9"}
    for path in ("/masuk", "/akun", f"/sertifikat/{world.things['owner']['code']}"):
        answer = world.clients["guest"].get(path, headers=forged)
        assert "jahat.contoh" not in answer.text
        assert "jahat.contoh" not in answer.headers.get("Location", "")
