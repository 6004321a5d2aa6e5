"""Badges and credentials that somebody brings: good ones are read, bad ones are refused for a reason."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey

from app.certificate import credentials
from app.certificate.credentials import Judged
from tests.builders import NOON
from tests.exchange.samples import SHARED

BADGE: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
    "id": "https://sekolah.example/lencana/7",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "https://sekolah.example/kami", "type": ["Profile"], "name": "Sekolah Contoh"},
    "validFrom": "2026-01-02T03:04:05Z",
    "credentialSubject": {
        "id": "urn:uuid:5b0f2a5e-6f0e-4a77-9d1a-6e1f0d9c4b11",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://sekolah.example/capaian/3",
            "type": ["Achievement"],
            "name": "Menjahit",
            "description": "Dapat menjahit baju.",
            "criteria": {"narrative": "Satu baju selesai."},
        },
    },
}
ASSERTION: dict[str, Any] = {
    "@context": "https://w3id.org/openbadges/v2",
    "type": "Assertion",
    "id": "https://sekolah.example/pemberian/7",
    "recipient": {"type": "email", "hashed": True, "identity": "sha256$" + "a" * 64},
    "badge": "https://sekolah.example/lencana/3",
    "verification": {"type": "hosted"},
    "issuedOn": "2026-01-02T03:04:05Z",
}
CLAIMS = {"iss": BADGE["issuer"]["id"], "jti": BADGE["id"], "nbf": 1767323045, "sub": BADGE["credentialSubject"]["id"]}


def read(document: Any) -> Judged:
    return credentials.read(document if isinstance(document, str | bytes) else json.dumps(document), NOON)


def without(document: dict[str, Any], *path: str) -> dict[str, Any]:
    return having(document, None, *path)


def having(document: dict[str, Any], value: Any, *path: str) -> dict[str, Any]:
    """The document with this value there, or without that part."""
    made = deepcopy(document)
    part = made
    for name in path[:-1]:
        part = part[name]
    if value is None:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return made


def token(payload: Any, header: dict[str, Any] | None = None, *, carried: bool = True) -> str:
    key = ECKey.generate_key("P-256")
    told = {"alg": "ES256"} | ({"jwk": key.as_dict(private=False)} if carried else {}) | (header or {})
    registry = jws.JWSRegistry(algorithms=["ES256"], strict_check_header=False)
    return jws.serialize_compact(told, json.dumps(payload), key, registry=registry)


def in_picture(text: str) -> bytes:
    """A badge in a PNG, packed."""
    chunk = b"openbadgecredential\0\1\0\0\0" + zlib.compress(text.encode())
    return b"\x89PNG\r\n\x1a\n" + len(chunk).to_bytes(4) + b"iTXt" + chunk + b"1234"


def test_good_ones_are_read() -> None:
    assert read(BADGE) == Judged("Open Badges 3.0", "none", "https://sekolah.example/kami", "Menjahit")
    assert read(token(CLAIMS | BADGE)).proof == "enclosed"
    assert read(token(CLAIMS | {"vc": BADGE}, carried=False)).proof == "unchecked"
    assert read(ASSERTION).form == read(token(ASSERTION)).form == "Open Badges 2.0"
    shown = {"@context": BADGE["@context"], "type": ["VerifiablePresentation"], "verifiableCredential": [BADGE]}
    assert read(shown).form == "presentasi W3C"
    expired = BADGE | {"validUntil": "2026-02-01T00:00:00Z"}
    assert read(expired | {"refreshService": {"type": "Baru", "id": "https://sekolah.example/baru"}}).stale
    picture = in_picture(token(CLAIMS | BADGE))
    svg = '<svg xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"><openbadges:credential verify="%s"/></svg>'
    assert read(picture).proof == read(svg % token(CLAIMS | BADGE)).proof == "enclosed"
    for judged in (read(BADGE), read(token(CLAIMS | BADGE)), read(expired), read(ASSERTION)):
        assert credentials.told(judged)[0].startswith("Ditolak" if judged.refused else "Diterima")


SUBJECT, WHAT = ("credentialSubject",), ("credentialSubject", "achievement")
BAD: dict[str, tuple[Any, str]] = {
    "no issuer": (without(BADGE, "issuer"), "penerbit"),
    "issuer of another kind": (having(BADGE, ["Organisasi"], "issuer", "type"), "issuer harus daftar"),
    "issuer without address": (having(BADGE, "sekolah", "issuer", "id"), "issuer.id"),
    "contexts in the wrong order": (having(BADGE, BADGE["@context"][::-1], "@context"), "Urutan @context"),
    "no context": (without(BADGE, "@context"), "Tidak ada @context"),
    "another meaning": (having(BADGE, [*BADGE["@context"], {"name": "https://x.example/n"}], "@context"), "arti lain"),
    "not a credential": (having(BADGE, ["OpenBadgeCredential"], "type"), "VerifiableCredential"),
    "another credential": (having(BADGE, ["VerifiableCredential", "Lain"], "type"), "OpenBadgeCredential"),
    "no day": (without(BADGE, "validFrom"), "mulai kapan"),
    "a day in words": (having(BADGE, "2 Januari 2026", "validFrom"), "salah bentuk"),
    "a day that is none": (having(BADGE, "2026-02-30T00:00:00Z", "validFrom"), "salah bentuk"),
    "no zone": (having(BADGE, "2026-01-02T03:04:05", "validFrom"), "salah bentuk"),
    "not yet": (having(BADGE, "2040-01-01T00:00:00Z", "validFrom"), "belum berlaku"),
    "ends before it begins": (BADGE | {"validUntil": "2025-01-01T00:00:00Z"}, "sebelum dimulai"),
    "expired": (BADGE | {"validUntil": "2026-02-01T00:00:00Z"}, "sudah habis"),
    "about nobody": (without(BADGE, *SUBJECT), "credentialSubject"),
    "no recipient": (without(BADGE, *SUBJECT, "id"), "penerimanya"),
    "no criteria": (without(BADGE, *WHAT, "criteria"), "criteria"),
    "no address": (having(BADGE, "lencana tujuh", "id"), "(id)"),
    "status of nowhere": (BADGE | {"credentialStatus": {"type": "BitstringStatusListEntry"}}, "daftar status"),
    "proof without a kind": (BADGE | {"proof": {"proofValue": "z1"}}, "proof"),
    "two names": ('{"type": "Assertion", "type": "Assertion"}', "dua kali"),
    "too deep": ("[" * 100_000, "JSON"),
    "deep within": (BADGE | {"x": json.loads('{"a":' * 60 + "1" + "}" * 60)}, "terlalu dalam"),
    "no text": (b"\xff\xfe\x00", "UTF-8"),
    "too large": (b" " * 5_000_001, "lebih besar"),
    "a picture of nothing": (b"\x89PNG\r\n\x1a\n", "tidak memuat lencana"),
    "a picture that swells": (in_picture("a" * 9_000_000), "terlalu besar"),
    "a picture with entities": ('<!DOCTYPE svg [<!ENTITY a "a">]><svg>&a;</svg>', "singkatan"),
    "given in the future": (having(ASSERTION, "2100-01-01T00:00:00Z", "issuedOn"), "masa depan"),
    "an expired assertion": (ASSERTION | {"expires": "2026-02-01"}, "sudah habis"),
    "given to nobody": (without(ASSERTION, "recipient"), "recipient"),
    "not checkable": (without(ASSERTION, "verification"), "verification"),
    "no badge": (having(ASSERTION, "menjahit", "badge"), "badge"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_ones_are_refused_for_a_reason(name: str) -> None:
    document, reason = BAD[name]
    assert reason in read(document).refused


def _nobody(made: str) -> str:
    return ".".join((base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("="), made.split(".")[1], ""))


FORGED: dict[str, tuple[Callable[[], str], str]] = {
    "alg none": (lambda: _nobody(token(CLAIMS | BADGE)), "alg"),
    "changed": (
        lambda: _with_payload(token(CLAIMS | BADGE), json.dumps(CLAIMS | having(BADGE, "Memasak", *WHAT, "name"))),
        "diubah",
    ),
    "another issuer": (lambda: token(CLAIMS | {"iss": "https://lain.example"} | BADGE), "iss"),
    "another day": (lambda: token(CLAIMS | {"nbf": 1} | BADGE), "nbf"),
    "a day without end": (
        lambda: _with_payload(
            token(CLAIMS, carried=False), json.dumps(CLAIMS | BADGE).replace(str(CLAIMS["nbf"]), "1e999")
        ),
        "nbf",
    ),
    "no jti": (lambda: token({"iss": CLAIMS["iss"], "nbf": CLAIMS["nbf"]} | BADGE), "jti"),
    "a secret key within": (lambda: token(CLAIMS | BADGE, {"jwk": {"kty": "oct", "k": "YQ"}}), "rahasia"),
    "asks for more": (lambda: token(CLAIMS | BADGE, {"typ": "lain"}), "typ"),
    "no credential": (lambda: token({"sah": True}), "@context"),
    "cut": (lambda: token(CLAIMS | BADGE).rpartition(".")[0] + ".", "tidak bertanda tangan"),
}


def _with_payload(made: str, payload: str) -> str:
    header, _, signature = made.split(".")
    return ".".join((header, base64.urlsafe_b64encode(payload.encode()).decode().rstrip("="), signature))


@pytest.mark.parametrize("name", FORGED)
def test_forged_tokens_are_refused(name: str) -> None:
    forge, reason = FORGED[name]
    assert reason in read(forge()).refused


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared fixtures are not on this machine")
def test_samples_of_others_are_told_apart() -> None:
    expected = json.loads((SHARED / "EXPECTED.json").read_text())
    # The W3C's own suite puts days into its samples before they are sent.
    days = {b"PAST DATE": NOON - timedelta(days=400), b"FUTURE DATE": NOON + timedelta(days=400)}
    wrong = []
    for name, said in expected.items():
        if name.startswith(("openbadges/", "vc/")) and said["verdict"] != "see name":
            document = (SHARED / name).read_bytes()
            for words, day in days.items():
                document = document.replace(words, day.isoformat().encode())
            if bool(refused := read(document).refused) != (said["verdict"] == "refuse"):
                wrong.append(f"{name}: {refused or 'accepted'}")
    assert not wrong, "\n".join(wrong)
    assert sum(name.startswith(("openbadges/", "vc/")) for name in expected) > 80
