"""Every field that takes what somebody sends: found in the forms of all pages, in the address map and in the views."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.house.hostile import raw
from tests.house.test_doors import _may
from tests.house.tree import texts
from tests.house.world import WHO, World, address, doors, sent_with

_ASKED = re.compile(r"""\bargs\.get(?:list)?\("(\w+)"|_one_of\("(\w+)"|"(\w+)" in request\.args""")

_FORM = re.compile(r"<form\b.*?</form>", re.S)


# Files and pictures show nobody's words; the language sends back to where one came from.
NO_PAGES = ("static", "course.medium", "authoring.medium", "home.speak")


@dataclass(frozen=True)
class Door:
    """A form as somebody has it before them: where it goes, and what it would send."""

    who: str
    method: str
    endpoint: str
    path: str
    page: str = ""
    sends: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def send(self, client: FlaskClient, **changes: str | bytes | list[str | bytes] | None) -> TestResponse:
        """Sends the form with these fields changed, or left out (None)."""
        return send(client, self.method, self.path, {**self.sends, **changes})


def send(client: FlaskClient, method: str, path: str, values: dict[str, Any]) -> TestResponse:
    """Sends these values as a browser would, whatever signs they hold."""
    told = {name: value for name, value in values.items() if value is not None}
    lists = {name: list(map(raw, value)) if isinstance(value, list) else raw(value) for name, value in told.items()}
    body = urlencode(lists, doseq=True)
    if method == "GET":
        return client.get(path + ("&" if "?" in path else "?") + body)
    return client.open(path, method=method, data=body, content_type="application/x-www-form-urlencoded")


def pages(app: Flask, world: World) -> Iterator[tuple[str, Rule, str]]:
    """Every page with everybody who may open it."""
    for rule, method in doors(app):
        for who in WHO if method == "GET" and rule.endpoint not in NO_PAGES else ():
            if _may(app, rule.endpoint, "GET", who) in ("in", "own"):
                yield who, rule, address(app, rule, world.of(who if who in world.things else "owner", rule.endpoint))


def forms(app: Flask, world: World, good: dict[str, dict[str, str]]) -> list[Door]:
    """Every form on every page, and every door to send something to, each once.

    `good` are values for fields (by endpoint) that come empty and would be refused so.
    """
    found: dict[tuple[Any, ...], Door] = {}
    for who, _, path in pages(app, world):
        answer = world.clients[who].get(path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        for form in BeautifulSoup("".join(_FORM.findall(answer.text)), "lxml").find_all("form"):
            door = _read(app, form, who, path, good)
            key = (door.endpoint, door.method, door.path if door.endpoint == "desk.grant" else "", *sorted(door.kinds))
            if door.sends:
                found.setdefault(key, door)
    reached = {(door.endpoint, door.method) for door in found.values()}
    for rule, method in doors(app):
        sends = {**sent_with(rule.endpoint), **good.get(rule.endpoint, {})}
        if method == "GET" or (rule.endpoint, method) in reached or not sends:
            continue
        who = next(who for who in WHO if _may(app, rule.endpoint, method, who) in ("in", "own"))
        path = address(app, rule, world.of(who if who in world.things else "owner", rule.endpoint))
        kinds = dict.fromkeys(sends, "hidden")
        found[rule.endpoint, method] = Door(who, method, rule.endpoint, path, "", sends, kinds)
    return list(found.values())


def _read(app: Flask, form: Tag, who: str, page: str, good: dict[str, dict[str, str]]) -> Door:
    path, method = str(form.get("action") or page), str(form.get("method", "get")).upper()
    try:
        endpoint = app.url_map.bind("localhost").match(urlsplit(path).path, method=method)[0]
    except HTTPException as error:
        raise AssertionError(f"a form of {page} leads nowhere: {method} {path}") from error
    sends, kinds = {}, {}
    for tag in form.select("input[name], select[name], textarea[name], button[name]"):
        name, kind = str(tag["name"]), str(tag.get("type", "text") if tag.name == "input" else tag.name)
        if name != "csrf_token" and name not in kinds:
            kinds[name] = kind
            sends[name] = _filled(tag, kind)
    return Door(who, method, endpoint, path, page, {**sends, **good.get(endpoint, {})}, kinds)


def _filled(tag: Tag, kind: str) -> str:
    if kind == "textarea":
        return tag.get_text().removeprefix("\n")
    if kind == "select":
        chosen = tag.select_one("option[selected]") or tag.select_one("option")
        return str(chosen.get("value", "")) if chosen else ""
    return str(tag.get("value", "y" if kind == "checkbox" else ""))


def asked_names() -> list[str]:
    """Every name that a view reads from the address."""
    found = set()
    for path in texts(".py", under="app"):
        for groups in _ASKED.findall(path.read_text(encoding="utf-8")):
            found |= {name for name in groups if name}
    return sorted(found)


def misaddressed(app: Flask, rule: Rule, things: dict[str, str], name: str, value: str | bytes) -> str | None:
    """The address with this value at one place; None where no address can be written so."""
    mark = "tempat-nilai"
    try:
        path = address(app, rule, {**things, name: mark})
    except (ValueError, HTTPException):
        path = rule.rule
        for one in rule.arguments:
            written = mark if one == name else quote(things[one], safe="")
            path = re.sub(rf"<[^<>]*\b{one}>", written, path)
    return path.replace(mark, quote(raw(value), safe="")) if raw(value) else None
