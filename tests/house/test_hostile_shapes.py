"""Forms of another shape than ours: fields missing, twice, as files, too large; and answers as scripts send them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO
from itertools import cycle, islice, product
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.house import hostile
from tests.house.fields import Door, forms
from tests.house.vandal import Vandal, quick_passwords

FORM = "application/x-www-form-urlencoded"
# What a script may put where a text, a list or a number is expected.
OTHER_TYPES: list[Any] = [None, True, 0, -1, 1.5, 10**400, [], {}, [[]], ["a", None], {"a": {"b": []}}, ["x"] * 10_000]
BROKEN = [b"", b"null", b"[]", b"7", b'"soal"', b"{", b'{"soal"', b"\xff\xfe{}", b"[" * 100_000, b'{"a":' * 5_000,
          b'{"soal": NaN}', b'{"soal": 1e999}', b'{"soal": "\\ud800"}']  # fmt: skip


@pytest.fixture
def settings(settings: dict[str, Any]) -> dict[str, Any]:
    """Letters can be asked for; nobody sends them."""
    return settings | {"SMTP_HOST": "surel.contoh"}


@pytest.fixture
def vandal(app: Flask, db: Session, monkeypatch: pytest.MonkeyPatch) -> Vandal:
    quick_passwords(monkeypatch)
    return Vandal(app, db)


def misshapen(door: Door) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same form in shapes that no page of ours sends."""
    sends: dict[str, Any] = dict(door.sends)
    for name in sends:
        without = {other: value for other, value in sends.items() if other != name}
        yield f"without {name}", {"data": without}
        yield f"{name}[] for {name}", {"data": {**without, f"{name}[]": sends[name]}}
        yield f"{name} twice", {"data": {**without, name: ["<b>lain</b>", sends[name]]}}
        yield f"{name} as a file", {"data": {**without, name: (BytesIO(b"\x00\xff" * 50), "../../a<b>.php")}}
    yield "nothing", {"data": b"", "content_type": FORM}
    yield "text", {"data": "nama=Sari", "content_type": "text/plain"}
    yield "JSON", {"json": sends}
    yield "JSON in a form", {"data": json.dumps(sends), "content_type": FORM}
    yield "another alphabet", {"data": "nama=\xe9".encode("latin-1"), "content_type": f"{FORM}; charset=utf-7"}
    yield (
        "broken parts",
        {"data": b"--x\r\nContent-Disposition: form-data", "content_type": "multipart/form-data; boundary=x"},
    )
    yield "no boundary", {"data": b"--x\r\n", "content_type": "multipart/form-data"}


def enormous(door: Door) -> Iterator[tuple[str, dict[str, Any]]]:
    """More than anybody types."""
    sends = dict(door.sends)
    yield "many fields", {"data": {f"n{n}": "" for n in range(5_000)}}
    yield "many parts", {"data": {**{f"n{n}": (BytesIO(b""), "a") for n in range(500)}}}
    yield "one large field", {"data": {**sends, "nama": "a" * 1_500_000}}
    yield "too large", {"data": {**sends, "nama": "a" * 3_000_000}}


# A form is taken apart before any database hears of it.
@pytest.mark.sqlite
def test_a_form_of_another_shape_is_answered_in_a_sentence_or_with_the_usual_care(vandal: Vandal) -> None:
    refused = 0
    for number, door in enumerate(forms(vandal.app, vandal.world, vandal.good)):
        if door.method == "GET":
            continue
        client = vandal.client(door.who)
        cookies = dict(client._cookies or {})
        # What is too much is counted before any view is asked, so that three doors tell for all.
        for shape, sent in (*misshapen(door), *(enormous(door) if number < 4 or hostile.ALL else ())):
            answer = client.post(door.path, **sent)
            refused += not vandal.judge(shape, door, "", "", answer)
            if shape == "too large" and answer.status_code != 413:
                vandal.wrong.append(f"{door.path} took 3 MB: {answer.status_code}")
            vandal.as_before(client, cookies)
    print(f"\n{vandal.count} misshapen forms, {refused} refused")
    assert not vandal.wrong, vandal.told()
    assert refused > 100


def answering(vandal: Vandal) -> tuple[str, dict[str, Any]]:
    """Where a script sends the answer to a question that was drawn, and a whole answer to it."""
    page = f"/percobaan/{vandal.world.things['owner']['uuid']}"
    drawn = re.search(r'name="soal" value="([^"]+)"', vandal.client("owner").get(page).text)
    assert drawn is not None
    return f"{page}/jawaban", {"soal": drawn[1], "pilihan": ["a"], "tindakan": str(uuid4()), "revisi": 1}


def test_an_answer_that_a_script_sends_wrongly_is_refused_in_a_sentence_and_kept_nowhere(vandal: Vandal) -> None:
    page, good = answering(vandal)
    door = Door("owner", "POST", "quiz.answer", page)
    others = cycle([*hostile.naughty(), *hostile.payloads()] or [""])
    texts = hostile.strings() if hostile.ALL else [*hostile.OWN, *islice(others, 40)]
    strings = [one if isinstance(one, str) else hostile.seen(one) for one in texts]
    sent = [
        json.dumps({**good, name: value})
        for name in good
        for value in (*strings, *([one] for one in strings), *OTHER_TYPES)
    ]
    sent += [
        json.dumps({key: value for key, value in good.items() if key != name})
        for name in ("soal", "pilihan", "tindakan")
    ]
    accepted = 0
    for body in (*sent, *BROKEN):
        answer = vandal.client("owner").post(
            page, data=body, content_type="application/json", headers={"Accept": "application/json"}
        )
        accepted += vandal.judge("script", door, body[:60] if isinstance(body, str) else repr(body[:20]), "", answer)
        vandal.undo.restore()
    print(f"\n{vandal.count} answers of scripts, {accepted} accepted")
    assert not vandal.wrong, vandal.told()
    # Without choices and without a revision an answer is whole: nothing else of the above is.
    assert accepted <= 4


def test_a_whole_answer_of_a_script_is_kept(vandal: Vandal) -> None:
    """The control: it was the values that were wrong."""
    page, good = answering(vandal)
    answer = vandal.client("owner").post(page, json=good)
    assert (answer.status_code, answer.json["status"]) == (200, "tersimpan")


HEADERS = ("User-Agent", "Accept-Language", "Accept", "Referer", "Cookie", "X-Forwarded-For", "X-Forwarded-Host",
           "Content-Type", "If-None-Match", "Range")  # fmt: skip


def test_no_header_breaks_a_page(vandal: Vandal) -> None:
    for name, value in product(HEADERS, hostile.strings() if hostile.ALL else hostile.OWN[:16]):
        header = hostile.raw(value).decode("latin-1").replace("\r", "").replace("\n", "")
        for who, method, path in (("guest", "GET", "/kursus"), ("guest", "POST", "/masuk"), ("owner", "GET", "/akun")):
            client = vandal.app.test_client() if name == "Cookie" else vandal.client(who)
            sent = {"data": vandal.good["accounts.sign_in"]} if method == "POST" and name == "User-Agent" else {}
            answer = client.open(path, method=method, headers={name: header}, **sent)  # type: ignore[arg-type]
            vandal.judge("header", Door(who, method, "", path), name, value, answer)
            if method == "POST" and vandal.undo.touched:  # signed in with this device
                vandal.look("guest", "/akun", value)
                vandal.world.clients["guest"] = vandal.app.test_client()
                vandal.undo.restore()
    assert not vandal.wrong, vandal.told()
