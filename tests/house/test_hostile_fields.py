"""Hostile strings through every field: a sentence and no change, or words on the page; never a fault, never live."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.forms import usable
from tests.house import hostile
from tests.house.fields import Door, asked_names, forms, misaddressed, send
from tests.house.test_doors import _may
from tests.house.vandal import TYPED, Vandal, quick_passwords
from tests.house.world import WHO, doors, sent_with


@pytest.fixture
def settings(settings: dict[str, Any]) -> dict[str, Any]:
    """Letters can be asked for; nobody sends them."""
    return settings | {"SMTP_HOST": "surel.contoh"}


@pytest.fixture
def vandal(app: Flask, db: Session, monkeypatch: pytest.MonkeyPatch) -> Vandal:
    quick_passwords(monkeypatch)
    return Vandal(app, db)


class Turns:
    """Who gets which strings: the dangerous ones always, the others in turn, so that each comes to some fields."""

    def __init__(self, found: Sequence[Door] = (), *, database: str = "sqlite") -> None:
        self.own = cycle(hostile.OWN[len(hostile.DANGEROUS) :])
        others = [*hostile.naughty(), *hostile.payloads()]
        self.others = cycle(others or [""])
        # What words on a page do is the same on both databases: all strings are typed on one, ours on the other.
        self.wholly = hostile.ALL or database == "sqlite"
        self.dangerous = hostile.DANGEROUS if self.wholly else hostile.DATABASES
        typed = sum(len(_typed(door)) for door in found)
        self.each = len(others) // max(1, typed) + 1 if self.wholly else 0

    def of_form(self, door: Door) -> Iterator[tuple[str, list[str | bytes]]]:
        """Each field of a form with its strings; where words are typed, half of our own, and the next form the rest."""
        typed = _typed(door)
        share = len(hostile.OWN) // 2 // max(1, len(typed))
        most = len(self.dangerous)
        for name in door.sends:
            yield name, self.few(share, self.each, most) if name in typed else self.few(2, min(1, self.each), most // 2)

    def in_address(self) -> list[str | bytes]:
        """The strings for one place of an address."""
        return self.few(3, 1) if self.wholly else self.few(1, 0)

    def few(self, own: int, others: int, dangerous: int | None = None) -> list[str | bytes]:
        """The (most) dangerous strings, and so many of the others; or all there are."""
        if hostile.ALL:
            return list(hostile.strings())
        return [*self.dangerous[:dangerous], *islice(self.own, own), *islice(self.others, others)]


def _typed(door: Door) -> list[str]:
    """The fields in which words are typed."""
    return [name for name in door.sends if door.kinds.get(name) in TYPED]


def test_whatever_is_typed_into_a_form_is_refused_in_a_sentence_or_shown_as_words(vandal: Vandal) -> None:
    found = forms(vandal.app, vandal.world, vandal.good)
    turns, fields, sent = Turns(found, database=vandal.database), 0, set[str | bytes]()
    for door in found:
        for name, values in turns.of_form(door):
            fields += 1
            sent.update(values)
            vandal.fill(door, name, values)
    print(f"\n{len(found)} forms, {fields} fields, {len(hostile.strings())} strings, {vandal.count} requests")
    assert not vandal.wrong, vandal.told()
    known = hostile.strings() if turns.wholly else (*hostile.DATABASES, *hostile.OWN[len(hostile.DANGEROUS) :])
    assert sent >= set(known), "every string is typed somewhere"
    assert len(found) >= 25
    assert fields >= 55


def test_whatever_stands_in_an_address_is_refused_in_a_sentence_or_shown_as_words(vandal: Vandal) -> None:
    turns, places = Turns(database=vandal.database), 0
    for rule, method in doors(vandal.app):
        who = next(who for who in WHO if _may(vandal.app, rule.endpoint, method, who) in ("in", "own"))
        things = vandal.world.of(who if who in vandal.world.things else "owner", rule.endpoint)
        for name in sorted(rule.arguments):
            places += 1
            for value in turns.in_address():
                path = misaddressed(vandal.app, rule, things, name, value)
                if path is None or re.fullmatch(rb"[0-9]+", hostile.raw(value)):  # a number may name somebody
                    continue
                door = Door(who, method, rule.endpoint, path)
                answer = send(vandal.client(who), method, path, sent_with(rule.endpoint) if method != "GET" else {})
                if vandal.judge("address", door, name, value, answer) and method != "GET" and vandal.undo.changes():
                    vandal.wrong.append(f"{method} {path[:90]} changed something")
                vandal.undo.restore()
    print(f"\n{places} places in addresses, {vandal.count} requests")
    assert not vandal.wrong, vandal.told()


def test_whatever_is_asked_of_a_page_is_refused_in_a_sentence_or_shown_as_words(vandal: Vandal) -> None:
    """All names that any view reads, at once, with the same string; and twice, as some programs send them."""
    names, turns, opened = asked_names(), Turns(database=vandal.database), 0
    assert len(names) >= 12
    seen: set[str] = set()
    for who, rule, path in vandal.pages:
        if rule.endpoint in seen or (who == "stranger" and rule.endpoint != "certificate.claim"):
            continue
        seen.add(rule.endpoint)
        opened += 1
        names_here = [
            *names,
            *(["pesan-materi-1"] if rule.endpoint in ("enrollment.lesson", "authoring.preview") else []),
        ]
        for value, twice in zip(turns.few(1, 1, 4 if turns.wholly else 2), cycle(names_here), strict=False):
            door = Door(who, "GET", rule.endpoint, path)
            asked: list[dict[str, Any]] = [{name: value for name in names_here}]
            if usable(hostile.seen(value)):
                asked.append({twice: [value, "1"]})
            for one in asked:
                vandal.judge(
                    "query",
                    door,
                    ",".join(one) if len(one) < 3 else "all",
                    value,
                    send(vandal.client(who), "GET", path, one),
                )
    print(f"\n{opened} pages, {len(names)} names, {vandal.count} requests")
    assert not vandal.wrong, vandal.told()


@pytest.mark.sqlite
def test_nobody_is_led_away_from_here_by_an_address_in_a_link(vandal: Vandal) -> None:
    """What stands behind `lanjut` is followed only when it is a path of this site."""
    sign_in = vandal.good["accounts.sign_in"]
    for value in (*hostile.OWN, *(one for one in hostile.strings() if "/" in hostile.seen(one))):
        back = quote(hostile.raw(value), safe="")
        for who, method, path in (("guest", "GET", "/bahasa/id?lanjut="), ("owner", "GET", "/masuk?lanjut="),
                                  ("guest", "POST", "/masuk?lanjut="), ("guest", "GET", "/masuk?lanjut=")):  # fmt: skip
            door = Door(who, method, "", path, "", sign_in if method == "POST" else {})
            client = vandal.app.test_client() if who == "guest" else vandal.client(who)
            answer = client.open(path + back, method=method, data=door.sends or None)
            vandal.judge("link", door, "lanjut", value, answer)
            vandal.undo.restore()
    assert not vandal.wrong, vandal.told()


@pytest.mark.skipif(not hostile.naughty(), reason=hostile.ABSENT)
def test_the_strings_of_the_fixtures_are_among_those_tried() -> None:
    assert len(hostile.naughty()) > 200
    assert len(hostile.payloads()) > 100
    assert {*hostile.naughty(), *hostile.payloads(), *hostile.OWN} == set(hostile.strings())
