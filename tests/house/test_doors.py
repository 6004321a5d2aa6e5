"""Every door names its guests, and keeps to it: the access matrix, generated from the address map and tried out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.access import Role
from tests.house.access import ACCESS, ADDRESSES, EVERYBODY
from tests.house.world import WHO, World, a_world, address, doors, each_missing, plain_address, sent_with
from tests.ledger import Watch, changed, fingerprints

ODD = "?halaman=2&q=a&periksa=x&soal=1&kode=x&lanjut=/"
ENTRANCES = ("/masuk", "/daftar")
# Where nothing is there and yet no 404: throwing away what is gone is done already (twice is once), and the words of a
# trainer whose file was taken away meanwhile are given back.
NO_404 = {
    ("authoring.discard", "slug"), ("authoring.delete", "path"), ("authoring.save", "path"),
    ("desk.certificate_remove", "code"),
}  # fmt: skip


@pytest.fixture
def world(app: Flask, db: Session) -> World:
    return a_world(app, db)


@pytest.mark.sqlite
def test_every_view_says_who_may_enter(app: Flask) -> None:
    for name, view in app.view_functions.items():
        access = getattr(view, "access", None)
        assert access == "public" or (isinstance(access, frozenset) and access), f"{name} wears no @public and no @only"
        assert access == "public" or access <= set(Role), name


@pytest.mark.sqlite
def test_every_door_stands_in_the_table_and_every_line_of_it_leads_to_a_door(app: Flask) -> None:
    there = {(rule.endpoint, method): plain_address(rule) for rule, method in doors(app)}
    assert set(there) - set(ACCESS) == set(), "add these to docs/access.md"
    assert set(ACCESS) - set(there) == set(), "remove these from docs/access.md"
    assert there == ADDRESSES


@pytest.mark.sqlite
def test_the_table_and_the_doors_agree(app: Flask) -> None:
    for (endpoint, method), who in ACCESS.items():
        access = app.view_functions[endpoint].access  # type: ignore[union-attr]
        if access == "public":
            assert who == EVERYBODY, (endpoint, method)
        elif who == {"owner"}:
            assert Role.RESIDENT in access, (endpoint, method)
        else:
            assert who == {str(role) for role in access}, (endpoint, method)


def _knock(client: FlaskClient, method: str, path: str, endpoint: str = "") -> TestResponse:
    return client.open(path, method=method, data=sent_with(endpoint) if method != "GET" else None)


def _sent_to_sign_in(answer: TestResponse) -> bool:
    return answer.status_code in (302, 303) and urlsplit(answer.headers["Location"]).path in ENTRANCES


def _let_in(answer: TestResponse) -> bool:
    """Whether the door opened: the view itself answered, even if only that a field is missing."""
    return answer.status_code < 500 and answer.status_code not in (401, 403, 404, 405) and not _sent_to_sign_in(answer)


_CHANGING = re.compile(r'(name="csrf_token"[^>]*value=|name="csrf-token" content=)"[^"]*"|value="[0-9a-f-]{36}"')


def _said(answer: TestResponse, path: str) -> tuple[int, str, str]:
    """Status, type and text, without what belongs to one request alone: the address asked for, tokens."""
    text = answer.text
    for spelled in (path, quote(path, safe=""), quote(path), path.replace("/", "%2F")):
        text = text.replace(spelled, "…")
    return answer.status_code, answer.mimetype, _CHANGING.sub("…", text)


def _may(app: Flask, endpoint: str, method: str, who: str) -> str:
    """What the table says: "in", "sign in", "forbidden", or "own" (only where it is theirs)."""
    allowed, role = ACCESS[endpoint, method], WHO[who]
    if "guest" in allowed:
        return "in"
    if role is None:
        return "sign in"
    if allowed == {"owner"}:
        return "own" if role in app.view_functions[endpoint].access else "forbidden"  # type: ignore[union-attr]
    return "in" if role in allowed else "forbidden"


def _refusals(app: Flask, world: World) -> Iterator[tuple[str, str, str, str, str]]:
    """Every call that must be refused: who, method, endpoint, address, and the verdict."""
    for rule, method in doors(app):
        endpoint = rule.endpoint
        places = [address(app, rule, world.of(whose, endpoint)) for whose in ("owner", "stranger", "nothing")]
        for who in WHO:
            verdict = _may(app, endpoint, method, who)
            if verdict in ("sign in", "forbidden"):
                for path in dict.fromkeys(places):
                    yield who, method, endpoint, path, verdict
            elif verdict == "own":
                whose = who if who in world.things else None
                foreign = [p for p, other in zip(places, ("owner", "stranger", ""), strict=True) if other != whose]
                for path in dict.fromkeys(foreign):
                    yield who, method, endpoint, path, "not found"
            if verdict in ("own", "in") and "guest" not in ACCESS[endpoint, method]:
                mine = world.of(who if who in world.things else "owner", endpoint)
                for name, path in each_missing(app, rule, mine):
                    if method == "GET" or (endpoint, name) not in NO_404:
                        yield who, method, endpoint, path, "not found"


def _kept(answer: TestResponse, verdict: str) -> bool:
    if verdict == "sign in":
        return _sent_to_sign_in(answer)
    return answer.status_code == {"forbidden": 403, "not found": 404}[verdict]


def test_who_may_not_enter_is_refused_and_changes_nothing(app: Flask, world: World) -> None:
    wrong, watch, count = [], Watch(app.extensions["db"]), 0
    for (endpoint, method), calls in groupby(_refusals(app, world), key=lambda call: (call[2], call[1])):
        for who, _, _, path, verdict in calls:
            answer = _knock(world.clients[who], method, path, endpoint)
            count += 1
            if not _kept(answer, verdict):
                wrong.append(f"{who} {method} {path} ({endpoint}): {answer.status_code}, expected {verdict}")
        if differs := watch.changes():
            wrong.append(f"refused calls of {method} {endpoint} changed {differs}")
            watch.go_on()
    assert count > 500
    assert not wrong, "\n".join(wrong)


@pytest.mark.sqlite
def test_what_is_anothers_is_not_told_from_what_is_not_there(app: Flask, world: World) -> None:
    told: list[str] = []
    for rule, method in doors(app):
        endpoint = rule.endpoint
        if ACCESS[endpoint, method] != {"owner"}:
            continue
        for who in ("owner", "stranger", "trainer", "admin"):
            if _may(app, endpoint, method, who) != "own":
                continue
            other = "stranger" if who == "owner" else "owner"
            answers = []
            for whose in (other, "nothing"):
                path = address(app, rule, world.of(whose, endpoint))
                answers.append(_said(_knock(world.clients[who], method, path, endpoint), path))
            if answers[0] != answers[1]:
                told.append(f"{who} {method} {rule.rule}: {answers[0][:2]} / {answers[1][:2]}")
    assert not told, "\n".join(told)


def test_who_may_look_is_let_in(app: Flask, world: World) -> None:
    shut = []
    for rule, method in doors(app):
        if method == "GET":
            shut += _shut_out(app, world, rule, method)
    assert not shut, "\n".join(shut)


def test_who_may_act_is_let_in(app: Flask, db: Session) -> None:
    """An act may change the world; the next one then gets a new one."""
    shut, world = [], a_world(app, db)
    watch = Watch(app.extensions["db"])
    for rule, method in doors(app):
        if method == "GET":
            continue
        shut += _shut_out(app, world, rule, method)
        if watch.changes():
            world = a_world(app, db)
            watch.go_on()
    assert not shut, "\n".join(shut)


def _shut_out(app: Flask, world: World, rule: Rule, method: str) -> list[str]:
    shut = []
    for who in WHO:
        if (verdict := _may(app, rule.endpoint, method, who)) not in ("in", "own"):
            continue
        if verdict == "own" and who not in world.things:
            continue
        path = address(app, rule, world.of(who if who in world.things else "owner", rule.endpoint))
        answer = _knock(world.clients[who], method, path, rule.endpoint)
        if not _let_in(answer):
            shut.append(f"{who} {method} {path} ({rule.endpoint}): {answer.status_code}")
    return shut


# Which pages answer on PostgreSQL is seen above; that none of them writes is the same on both.
@pytest.mark.sqlite
def test_opening_any_page_as_anybody_changes_nothing(app: Flask, world: World) -> None:
    """A14: every GET, as everybody, with what is theirs, another's and nobody's, with and without a query."""
    wrong, watch = [], Watch(app.extensions["db"])
    for rule, method in doors(app):
        if method != "GET":
            continue
        for who, client in world.clients.items():
            for whose in ("owner", "stranger", "nothing"):
                path = address(app, rule, world.of(whose, rule.endpoint))
                for query in ("", ODD) if who == whose else ("",):
                    answer = client.get(path + query)
                    if answer.status_code >= 500 and rule.endpoint != "home.ready":
                        wrong.append(f"{who} GET {path}{query}: {answer.status_code}")
            if differs := watch.changes():
                wrong.append(f"{who} GET {rule.rule} changed {differs}")
                watch.go_on()
    assert not wrong, "\n".join(wrong)


@pytest.mark.sqlite
class TestWithCsrf:
    """Every door that changes something wants the token of this session."""

    @pytest.fixture
    def settings(self, settings: dict[str, Any]) -> dict[str, Any]:
        return settings | {"WTF_CSRF_ENABLED": True}

    def test_no_act_without_the_token_of_this_session(self, app: Flask, world: World) -> None:
        engine: sa.Engine = app.extensions["db"]
        jokos = _token(world.clients["stranger"])
        wrong, before = [], fingerprints(engine)
        for rule, method in doors(app):
            if method == "GET":
                continue
            for who, client in world.clients.items():
                path = address(app, rule, world.of(who if who in world.things else "owner", rule.endpoint))
                tries: dict[str, dict[str, Any]] = {
                    "without": {"data": {}},
                    "as text": {"data": '{"csrf_token": "x"}', "content_type": "text/plain"},
                    "as JSON": {"json": {"csrf_token": "x"}},
                    "made up": {"data": {"csrf_token": "x"}},
                }
                if who != "stranger":
                    tries["Joko’s"] = {"data": {"csrf_token": jokos}, "headers": {"X-CSRFToken": jokos}}
                for how, sent in tries.items():
                    status = client.open(path, method=method, **sent).status_code
                    if status != 400:
                        wrong.append(f"{who} {method} {path}, token {how}: {status}")
        wrong += [f"changed: {differs}" for differs in [changed(before, fingerprints(engine))] if differs]
        assert not wrong, "\n".join(wrong)

    def test_with_the_token_of_this_session_the_door_opens(self, app: Flask, world: World) -> None:
        """The control: it is the token that was missing."""
        sari = world.clients["owner"]
        answer = sari.post("/akun/perangkat/keluarkan-lain", data={"csrf_token": _token(sari)})
        assert answer.status_code == 302


def _token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/akun/profil").text)
    assert found, "the form carries a token"
    return found[1]
