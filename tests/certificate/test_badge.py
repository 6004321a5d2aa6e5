"""Our Open Badges: what they say, what programs of others think of them, and which still count."""

from __future__ import annotations

import base64
import fcntl
import gzip
import hashlib
import hmac
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jws
from joserfc.jwk import ECKey
from sqlalchemy.orm import Session

from app import clock
from app.certificate import actions, badge, credentials, editions, keys, lifecycle, queries, status
from app.certificate.models import Certificate, Edition
from app.certificate.rules import ATTENDED
from app.enrollment import queries as enrollments
from app.enrollment.rules import POST
from tests.builders import NOON
from tests.certificate.cast import certified, finish, writing
from tests.conftest import missing
from tests.inspector import visit

VERIFIER = Path(__file__).parent / "verifier"


def credential(db: Session, row: Certificate) -> str:
    """The badge of the edition that counts."""
    found = db.scalars(sa.select(Edition).where(Edition.certificate_id == row.id).order_by(Edition.version.desc()))
    token = found.first().credential  # type: ignore[union-attr]
    db.rollback()
    return token


def part(token: str, place: int) -> dict[str, Any]:
    text = token.split(".")[place]
    return dict(json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))


def packed(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def attended(app: Flask, db: Session, person: Any) -> Certificate:
    enrollment = finish(db, person, "ikut", without=(POST,))
    with writing(app) as session:
        learning = enrollments.by_id(session, enrollment.id)
        assert learning is not None
        return actions.issue(session, learning, "Sari Contoh", ATTENDED, NOON, app.config)


def test_peer_openbadges_303_a_badge_says_what_the_paper_says_and_binds_to_no_mailbox(
    app: Flask, db: Session, sari: FlaskClient
) -> None:
    person = sari.person  # type: ignore[attr-defined]
    person.email, name = "sari@contoh.example", person.username
    made = certified(app, db, person, score=91.5)
    token = credential(db, made)
    header, said = part(token, 0), part(token, 1)
    assert set(header) == {"alg", "kid", "typ"} and header["typ"] == "JWT"
    assert keys.read(app.config, token) == said
    subject = said["credentialSubject"]
    assert subject["identifier"][0]["identityHash"] == "Sari Contoh" and subject["licenseNumber"] == made.number
    assert subject["result"][0]["value"] == "Sangat Memuaskan" and subject["creditsEarned"] == 2
    assert subject["achievement"]["alignment"][0]["targetFramework"] == "DigComp 3.0"
    assert said["id"].startswith(app.config["BASE_URL"] + "/sertifikat/")
    words = json.dumps(said)
    for secret in ("@contoh.example", "91.5", name):
        assert secret not in words, secret
    assert not re.search(r"\b92\b", words), "no score, rounded or not"
    # Twice the same facts, twice the same words; what is kept is given out as it is.
    with writing(app) as session:
        row = session.get_one(Certificate, made.id)
        edition = queries.edition(session, row)
        editions.prove(row, edition, app.config)
        assert part(edition.credential, 1) == said
        session.rollback()
    answer = sari.get(f"/sertifikat/{made.code}/lencana")
    assert answer.text == token and "credential.jwt" in answer.headers["Content-Disposition"]
    assert f"/sertifikat/{queries.address('', made.code)[12:]}/lencana" in visit(sari, "/sertifikat").response.text
    with writing(app) as session:
        lifecycle.revoke(session, made.code, "Salah orang.", None, NOON)
    assert sari.get(f"/sertifikat/{made.code}/lencana").status_code == 409


@pytest.mark.sqlite
def test_programs_find_at_its_addresses_what_the_badge_names(
    app: Flask, db: Session, sari: FlaskClient, guest: FlaskClient
) -> None:
    person = sari.person  # type: ignore[attr-defined]
    for made in (certified(app, db, person), attended(app, db, person)):
        token = credential(db, made)
        said = part(token, 1)
        what, issuer, kid = said["credentialSubject"]["achievement"], said["issuer"], part(token, 0)["kid"]
        for wanted, place in ((what, what["id"]), (issuer, issuer["id"]), (None, kid)):
            answer = guest.get(place.removeprefix(app.config["BASE_URL"]))
            found = answer.get_json(force=True)
            assert answer.status_code == 200 and answer.headers["Access-Control-Allow-Origin"] == "*"
            if wanted is None:
                assert found["kty"] == "EC" and "d" not in found
            else:
                assert found.pop("@context") == said["@context"] and found == wanted
        assert ("result" in said["credentialSubject"]) == (made.kind != ATTENDED)
    for nowhere in ("/lencana/capaian/contoh/999999", "/lencana/capaian/tidak/1", "/lencana/kunci/x"):
        assert guest.get(nowhere).status_code == 404, nowhere


def test_the_status_list_follows_each_certificate(
    app: Flask, db: Session, sari: FlaskClient, guest: FlaskClient, queries_made: Any
) -> None:
    made = certified(app, db, sari.person)  # type: ignore[attr-defined]

    def off(edition: int = 1, number: int = made.id) -> bool:
        with queries_made() as count:
            answer = guest.get(f"/lencana/status/0/{edition}")
        assert len(count) <= 2 and "max-age=300" in answer.headers["Cache-Control"]  # the list, and the limit
        said = keys.read(app.config, answer.text)
        found = gzip.decompress(base64.urlsafe_b64decode(said["credentialSubject"]["encodedList"][1:] + "=="))
        assert len(found) * 8 == badge.BITS and said["sub"] == said["id"] + "#list"
        return bool(found[number // 8] & 0x80 >> number % 8)

    assert not off() and off(number=made.id + 1) and off(number=0) and off(edition=2)
    with writing(app) as session:
        lifecycle.revoke(session, made.code, "Salah orang.", None, NOON)
    assert off()
    with writing(app) as session:
        lifecycle.reinstate(session, made.code, "Benar orangnya.", None, NOON)
    assert not off()
    with writing(app) as session:
        lifecycle.correct(session, made.code, "Sari Cantik", "Salah tulis.", seen=1, by=None, now=NOON,
                          settings=app.config)  # fmt: skip
    assert off() and not off(edition=2)
    with writing(app) as session:
        lifecycle.remove(session, made.code, "Diminta pemegangnya.", None, NOON)
        assert status.bits(session, 0, 2) == b"\xff" * (badge.BITS // 8)
    assert off(edition=2)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where each single value stands."""
    if isinstance(value, dict | list):
        for name, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(one, (*path, name))
    else:
        yield path


def changed(said: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    """A copy with another value there."""
    copy = json.loads(json.dumps(said))
    here = copy
    for name in path[:-1]:
        here = here[name]
    old = here[path[-1]]
    here[path[-1]] = (not old) if isinstance(old, bool) else old + 1 if isinstance(old, int) else f"{old}x"
    return dict(copy)


def forgeries(app: Flask, token: str) -> dict[str, str]:
    """Every single value changed under the old signature, and what forgers try beside."""
    header, said, signature = part(token, 0), part(token, 1), token.split(".")[2]
    body = token.split(".")[1]
    made = {f"payload {path}": ".".join((token.split(".")[0], packed(changed(said, path)), signature))
            for path in leaves(said)}  # fmt: skip
    made |= {f"header {path}": ".".join((packed(changed(header, path)), body, signature)) for path in leaves(header)}
    public = next(key for key in keys.public(app.config)["keys"] if header["kid"].endswith(key["kid"]))
    mixed = f"{packed(header | {'alg': 'HS256'})}.{body}"
    digest = hmac.new(json.dumps(public).encode(), mixed.encode(), hashlib.sha256).digest()
    made["HS256 with the public key"] = f"{mixed}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"
    made["alg none"] = f"{packed({'alg': 'none', 'typ': 'JWT'})}.{body}."
    stranger = ECKey.generate_key("P-256")
    for name, told in (("our kid", header), ("own jwk", {"alg": "ES256", "jwk": stranger.as_dict(private=False)})):
        made[f"another key, {name}"] = jws.serialize_compact(told, json.dumps(said), stranger)

    def ours(**other: Any) -> str:
        return keys.sign(app.config, said | other, place=badge.keys_at(app.config["BASE_URL"]), typ="JWT")

    made["signed by us, another iss"] = ours(iss="https://lain.example")
    made["signed by us, expired"] = ours(exp=said["nbf"], validUntil=said["validFrom"])
    made["signed by us, no badge"] = ours(type=["VerifiableCredential"])
    made["signed by us, a word nobody knows"] = ours(bukan={"kata": "kata"})
    made["signed by us, no status"] = ours(credentialStatus={"type": "Lain"})
    return made


def judge(app: Flask, guest: FlaskClient, cases: dict[str, str]) -> dict[str, str]:
    """What the verifier says of each case; one process judges them all."""
    base_url = app.config["BASE_URL"]
    known = {badge.keys_at(base_url) + key["kid"]: key for key in keys.public(app.config)["keys"]}
    lists = {f"{base_url}/lencana/status/0/{n}": guest.get(f"/lencana/status/0/{n}").text for n in (1, 2)}
    now = max(NOON, clock.now()).isoformat()
    sent = {"keys": known, "lists": lists, "issuer": badge.issuer_at(base_url), "now": now, "cases": cases}
    done = subprocess.run(
        ["node", "verify.mjs"], cwd=VERIFIER, input=json.dumps(sent), capture_output=True, text=True, timeout=60
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.fixture
def verifier() -> None:
    """Installs the verifier's libraries where its lock file says something new."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            missing(tool, "apt-get install nodejs npm")
    with (VERIFIER / "package.json").open() as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        stamp, wanted = VERIFIER / "node_modules/.wanted", (VERIFIER / "package-lock.json").read_text()
        if not stamp.exists() or stamp.read_text() != wanted:
            done = subprocess.run(
                ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                cwd=VERIFIER,
                capture_output=True,
                text=True,
            )
            if done.returncode:
                missing("the verifier", f"npm ci in {VERIFIER} says: {done.stderr[-500:]}")
            stamp.write_text(wanted)


@pytest.mark.sqlite
def test_an_independent_verifier_accepts_ours_and_refuses_each_forgery(
    app: Flask, db: Session, sari: FlaskClient, joko: FlaskClient, guest: FlaskClient, verifier: None
) -> None:
    made = certified(app, db, sari.person)  # type: ignore[attr-defined]
    other = certified(app, db, joko.person, "lain")  # type: ignore[attr-defined]
    good = {"passed": credential(db, made), "attended": credential(db, attended(app, db, sari.person))}  # type: ignore[attr-defined]
    bad = forgeries(app, good["passed"]) | {"corrected since": good["passed"], "revoked": credential(db, other)}
    with writing(app) as session:
        lifecycle.correct(session, made.code, "Sari Cantik", "Salah tulis.", seen=1, by=None, now=NOON,
                          settings=app.config)  # fmt: skip
        lifecycle.revoke(session, other.code, "Salah orang.", None, NOON)
    good["passed"] = credential(db, made)
    keys.rotate(app.config, lambda _kid: None)  # what an older key signed stays good
    bad |= {f"now: {name}": token for name, token in forgeries(app, good["passed"]).items()}
    said = judge(app, guest, good | bad)
    assert {name: said[name] for name in good} == dict.fromkeys(good, "ok")
    assert [name for name in bad if said[name] == "ok"] == []
    assert said["corrected since"] == said["revoked"] == "revoked" and len(bad) > 100
    ours = credentials.Ours(badge.issuer_at(app.config["BASE_URL"]), lambda token: keys.read(app.config, token))
    assert credentials.read(good["passed"], NOON, ours).proof == "ours"
    assert [name for name, token in bad.items()
            if name.startswith("payload") and not credentials.read(token, NOON, ours).refused] == []  # fmt: skip
