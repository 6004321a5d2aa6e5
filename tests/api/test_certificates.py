"""What programs are told about a code: as much as the page says, and nothing to who guesses."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.certificate import lifecycle
from app.certificate.code import ALPHABET, grouped, new_code, normalise
from app.certificate.models import Certificate
from tests.builders import NOON
from tests.certificate.cast import certified, writing
from tests.certificate.register import a_certificate
from tests.inspector import visit

API = "/api/v1/certificates/"


def values(told: Any) -> Iterator[str]:
    """Every fact in an answer, as text."""
    if isinstance(told, dict):
        for name, value in told.items():
            yield from values(value) if name not in ("status", "kind", "address") else ()
    elif isinstance(told, list):
        for value in told:
            yield from values(value)
    elif told not in (None, ""):
        yield str(told)


def test_peer_customcert_430_and_424_a_program_reads_what_the_page_shows_and_nothing_more(
    app: Flask, db: Session, client: FlaskClient, sari: FlaskClient, queries_made: Callable[[], Any]
) -> None:
    """An edited PDF passes where only “valid” is told: here all facts are, alike on the page and for programs."""
    made = certified(app, db, sari.person)  # type: ignore[attr-defined]
    with queries_made() as asked:
        answer = client.get(API + made.code.lower())
    assert len(asked) <= 3
    told = answer.json
    assert (answer.status_code, told["status"], told["kind"], told["edition"]) == (200, "valid", "passed", 1)
    assert (told["number"], told["name"], told["code"]) == (made.number, "Sari Contoh", grouped(made.code))
    assert told["digcomp"] and told["modules"] and told["issuer"]["agency"] and told["history"] == []
    assert "score" not in told
    for name, value in {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store",
                        "Access-Control-Allow-Origin": "*"}.items():  # fmt: skip
        assert answer.headers[name] == value
    assert client.post(API + made.code).status_code == 405

    page = visit(client, f"/sertifikat/{grouped(made.code)}").text
    for fact in values(told):
        said = "23 November 2026" if fact == "2026-11-23" else "15" if fact == "2026-11-15" else fact
        assert said.casefold() in page.casefold(), f"{fact} is told to programs and not on the page"

    with writing(app) as s:
        lifecycle.show_score(s, sari.person.id, made.code, shows=True)  # type: ignore[attr-defined]
        lifecycle.correct(s, made.code, "Sari Benar", "Salah huruf.", seen=1, by=7, now=NOON, settings=app.config)
    told = client.get(API + made.code).json
    assert (told["score"], told["name"], told["edition"]) == (85, "Sari Benar", 2)
    with writing(app) as s:
        lifecycle.revoke(s, made.code, "Diterbitkan ganda.", 7, NOON)
    told = client.get(API + made.code).json
    assert (told["status"], told["revoked_because"]) == ("revoked", "Diterbitkan ganda.")
    assert "jp" not in told and "grade" not in told
    assert told["history"] == [
        {"kind": "corrected", "edition": 2, "because": "Salah huruf.", "at": NOON.isoformat()},
        {"kind": "revoked", "edition": 2, "because": "Diterbitkan ganda.", "at": NOON.isoformat()},
    ]


def test_peer_customcert_2026_08_no_answer_tells_whether_somebody_was_certified(
    app: Flask, db: Session, client: FlaskClient, sari: FlaskClient, queries_made: Callable[[], Any]
) -> None:
    """Its release of August 2026 mends papers opened by number, and an oracle of who is certified; here one answer."""
    gone = certified(app, db, sari.person)  # type: ignore[attr-defined]
    with writing(app) as s:
        lifecycle.remove(s, gone.code, "Diminta pemegangnya.", None, NOON)
    there = a_certificate(db, kind="attended", grade="")
    db.commit()
    told = client.get(API + there.code).json
    assert (told["kind"], told["grade"], told["pass_mark"]) == ("attended", None, None)
    slip = there.code[:-1] + ALPHABET[(ALPHABET.index(there.code[-1]) + 1) % 32]
    asked_for = [gone.code, new_code(), slip, "x", str(there.id), there.number, there.holder, "A" * 3000, "\U0001f600"]
    said = set()
    for code in asked_for:
        with queries_made() as asked:
            answer = client.get(API + code.replace("/", "%2F"))
        assert answer.headers["Access-Control-Allow-Origin"] == "*", code
        said.add((answer.status_code, len(asked), answer.mimetype, answer.text))
    assert len(said) == 1
    status, statements, kind, text = said.pop()
    assert (status, statements, kind) == (404, 1, "application/json")
    assert '"status":"not_found"' in text.replace(" ", "") and "Tidak ada sertifikat dengan kode ini." in text
    assert there.code not in text


@pytest.mark.sqlite
def test_a_hundred_thousand_random_codes_find_nothing_and_no_slip_finds_another(
    db: Session, client: FlaskClient
) -> None:
    real = [a_certificate(db).code for _ in range(20)]
    db.commit()
    drawn = [new_code() for _ in range(100_000)]
    assert len({*drawn}) == 100_000
    found = sa.select(Certificate.code).where(Certificate.code.in_(sa.bindparam("codes", expanding=True)))
    for start in range(0, len(drawn), 5000):
        assert db.scalars(found, {"codes": drawn[start : start + 5000]}).all() == []
    assert len(db.scalars(found, {"codes": real}).all()) == 20
    for code in (*drawn[:80], *("".join(secrets.choice(ALPHABET) for _ in range(16)) for _ in range(20))):
        assert client.get(API + code).status_code == 404
    assert {client.get(API + code).status_code for code in real} == {200}
    for code in real[:4]:
        for place in range(len(code)):
            for slip in ALPHABET.replace(code[place], ""):
                assert normalise(code[:place] + slip + code[place + 1 :]) is None


class TestCounted:
    """With tries counted, as in the city."""

    @pytest.fixture
    def settings(self, settings: dict[str, Any]) -> dict[str, Any]:
        return settings | {"COUNT_TRIES": True}

    @pytest.mark.sqlite
    def test_page_and_api_share_one_limit(self, client: FlaskClient) -> None:
        for n in range(60):
            assert client.get(("/sertifikat/" if n % 2 else API) + grouped(new_code())).status_code == 404
        answer = client.get(API + new_code())
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert set(answer.json) == {"judul", "kalimat"} and re.search(r"Tunggu .*\.", answer.json["kalimat"])
        assert client.get(f"/sertifikat/{grouped(new_code())}").status_code == 429
