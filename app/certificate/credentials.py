"""Reading a badge or a credential that somebody brings, ours or others', and judging it. Nothing is ever fetched.

What stands in a document is judged; whether others' keys belong to whom they name, and whether others have revoked it,
is not known here, and the judgement says so.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import isfinite
from typing import Any

from joserfc import jwk, jws
from joserfc.errors import JoseError

from app.certificate import baked, openbadges, vcdm
from app.errors import N_, Refused

LARGEST = 5_000_000
DEEPEST = 40
_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
_TYPES = {"JWT", "VC+JWT", "VC+LD+JWT", "VC-LD+JWT", "VP+JWT", "JOSE"}
_REGISTERED = {"iss", "sub", "jti", "nbf", "exp", "iat", "aud", "vc", "vp"}
_ENVELOPE = re.compile(r"data:application/v[cp](-ld|\+ld)?\+jwt(;base64url)?,(.+)", re.S)


@dataclass(frozen=True, slots=True)
class Ours:
    """Who we are: the address of our issuer, and what gives the claims of a token of ours or raises ValueError."""

    issuer: str
    claims: Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of a document. It is good unless `refused` holds the reason.

    `form`: Open Badges 3.0, Open Badges 2.0, kredensial W3C or presentasi W3C. `proof`: ours (we signed it), enclosed
    (signed with the key that it carries itself), unchecked (a proof that needs more than the document) or none.
    """

    form: str = ""
    proof: str = "none"
    issuer: str = ""
    title: str = ""
    refused: str = ""
    stale: bool = False  # expired, but its issuer offers the next
    token: str = ""  # the JWT, if it was one, out of its picture


def read(document: bytes | str, now: datetime, ours: Ours | None = None) -> Judged:
    """The judgement on a document: JSON, a JWT, or a PNG or SVG with either in it."""
    try:
        return _read(document.encode() if isinstance(document, str) else document, now, ours)
    except Refused as no:
        return Judged(refused=str(no))


def _read(document: bytes, now: datetime, ours: Ours | None) -> Judged:
    if len(document) > LARGEST:
        raise Refused(N_("Dokumen ini lebih besar dari %(most)s MB."), most=LARGEST // 1_000_000)
    inner = baked.taken_out(document)
    try:
        text = (document if inner is None else inner).decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise Refused(N_("Dokumen ini bukan teks UTF-8.")) from None
    if text.startswith("{"):
        return _not_forged(_judged(_parsed(text), now, ours), ours)
    if not _TOKEN.fullmatch(text):
        raise Refused(N_("Dokumen ini bukan JSON dan bukan JWT."))
    return _not_forged(_of_token(text, now, ours), ours)


def _not_forged(judged: Judged, ours: Ours | None) -> Judged:
    if ours is not None and judged.proof != "ours" and _alike(judged.issuer) == _alike(ours.issuer):
        raise Refused(N_("Dokumen ini mengaku dari kami, tetapi kami tidak menandatanganinya."))
    return judged


def _alike(issuer: str) -> str:
    """What people and browsers take for the same address is the same here."""
    return issuer.partition("#")[0].rstrip("/").casefold()


def _of_token(token: str, now: datetime, ours: Ours | None) -> Judged:
    header, claims = _opened(token)
    proof = _signed(token, header, ours)
    said = claims.get("vc", claims.get("vp"))
    if said is None:
        said = {name: value for name, value in claims.items() if name not in _REGISTERED}
    if not isinstance(said, dict):
        raise Refused(N_("Isi JWT ini bukan kredensial."))
    if not openbadges.is_second(said):
        _same(claims, said)
    return replace(_judged(said, now, ours, proof), token=token)


def _opened(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a JWT whose header asks for nothing that is not done here."""
    header, payload, signature = token.split(".")
    told, claims = _parsed(_text(header)), _parsed(_text(payload))
    if told.get("alg") not in _ALGORITHMS:
        raise Refused(N_("Cara tanda tangannya (alg) tidak diterima: %(name)s."), name=str(told.get("alg"))[:40])
    if not signature:
        raise Refused(N_("JWT ini tidak bertanda tangan."))
    if "crit" in told or told.get("b64", True) is not True:
        raise Refused(N_("JWT ini meminta hal yang tidak dikenal (crit)."))
    if "typ" in told and str(told["typ"]).upper().removeprefix("APPLICATION/") not in _TYPES:
        raise Refused(N_("Jenis JWT ini (typ) tidak dikenal."))
    key = told.get("jwk", {})
    if not isinstance(key, dict) or "d" in key or "k" in key:
        raise Refused(N_("JWT ini memuat kunci rahasia, jadi siapa pun dapat membuatnya."))
    return told, claims


def _signed(token: str, header: Mapping[str, Any], ours: Ours | None) -> str:
    """How far the signature could be checked; refuses one that is wrong."""
    if ours is not None:
        try:
            ours.claims(token)
            return "ours"
        except ValueError:
            pass  # by somebody else, who is asked next
    if "jwk" not in header:
        return "unchecked"
    reading = jws.JWSRegistry(algorithms=_ALGORITHMS)
    reading.max_header_length = reading.max_payload_length = LARGEST  # others carry their whole key in the header
    try:
        found = jws.extract_compact(token.encode(), registry=reading)
        good = jws.validate_compact(found, jwk.import_key(header["jwk"]), registry=reading)
    except (JoseError, ValueError, TypeError, KeyError):
        good = False
    if not good:
        raise Refused(N_("Tanda tangannya salah: isinya diubah setelah ditandatangani."))
    return "enclosed"


def _same(claims: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    """The claims of the JWT must say what the credential says; a badge needs most of them.

    Its `sub` may be missing, as it is in samples of 1EdTech itself.
    """
    subject = next((one for one in vcdm.parts(said.get("credentialSubject")) if isinstance(one, dict)), {})
    first = vcdm.moment(said, "validFrom") or vcdm.moment(said, "issuanceDate")
    last = vcdm.moment(said, "validUntil") or vcdm.moment(said, "expirationDate")
    pairs = {
        "iss": vcdm.issuer_of(said) or said.get("holder"),
        "jti": said.get("id"),
        "sub": subject.get("id"),
        "nbf": int(first.timestamp()) if first else None,
        "exp": int(last.timestamp()) if last else None,
    }
    needed = {"iss", "jti", "nbf"} if openbadges.is_third(said) else set()
    for name, value in pairs.items():
        told = claims.get(name)
        if told is None and name not in needed:
            continue
        if isinstance(told, float) and isfinite(told):
            told = int(told)
        if told != value or isinstance(told, bool):
            raise Refused(N_("Klaim %(name)s dalam JWT tidak sama dengan isi kredensialnya."), name=name)


def _judged(document: dict[str, Any], now: datetime, ours: Ours | None, proof: str = "none") -> Judged:
    if proof == "none" and document.get("proof"):
        proof = "unchecked"
    if openbadges.is_second(document):
        openbadges.second(document, now)
        return Judged("Open Badges 2.0", proof, "", openbadges.titled(document))
    if "VerifiablePresentation" in vcdm.types(document) or "verifiableCredential" in document:
        return _presented(document, now, ours, proof)
    vcdm.credential(document)
    third = openbadges.is_third(document)
    if third:
        openbadges.third(document)
    issuer = vcdm.issuer_of(document)
    if proof != "none" and not issuer:
        raise Refused(N_("Kredensial ini bertanda tangan, tetapi tidak menyebut penerbit."))
    # What nobody has issued yet proves nothing at any time.
    stale = bool(issuer) and vcdm.stale(document, now)
    form = "Open Badges 3.0" if third else "kredensial W3C"
    return Judged(form, proof, issuer, openbadges.titled(document), stale=stale)


def _presented(document: dict[str, Any], now: datetime, ours: Ours | None, proof: str) -> Judged:
    """A presentation is as good as everything in it."""
    for one in vcdm.presentation(document):
        if "EnvelopedVerifiableCredential" in vcdm.types(one):
            inside = _ENVELOPE.fullmatch(str(one.get("id", "")))
            if inside is None or not _TOKEN.fullmatch(inside[3]):
                raise Refused(N_("Kredensial dalam amplop bukan alamat data: yang memuat JWT."))
            _not_forged(_of_token(inside[3], now, ours), ours)
        else:
            _not_forged(_judged(one, now, ours), ours)
    holder = document.get("holder")
    return Judged("presentasi W3C", proof, holder if isinstance(holder, str) else "", "")


def _parsed(text: str) -> dict[str, Any]:
    """A JSON object without doubles, without numbers that are none, and not too deep."""
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refused(N_("JSON-nya rusak, memuat satu nama dua kali, atau terlalu dalam.")) from None
    if not isinstance(found, dict) or _depth(found) > DEEPEST:
        raise Refused(N_("Dokumen ini bukan satu objek JSON, atau terlalu dalam."))
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_number(name: str) -> float:
    raise ValueError(name)


def _depth(value: Any) -> int:
    deepest, todo = 0, [(1, value)]
    while todo:
        level, here = todo.pop()
        deepest = max(deepest, level)
        if level <= DEEPEST and isinstance(here, dict | list):
            todo += ((level + 1, one) for one in (here.values() if isinstance(here, dict) else here))
    return deepest


def _text(part: str) -> str:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise Refused(N_("JWT ini rusak.")) from None


def told(judged: Judged) -> list[str]:
    """The judgement in sentences."""
    if judged.refused:
        return [f"Ditolak. {judged.refused}"]
    how = {
        "ours": N_("Kami yang menandatanganinya, dan isinya tidak diubah."),
        "enclosed": N_("Tanda tangannya cocok dengan kunci di dalamnya. Milik siapa kunci itu, belum diperiksa."),
        "unchecked": N_("Hanya bentuknya yang diperiksa. Tanda tangannya dan pencabutannya belum diperiksa."),
        "none": N_("Tidak bertanda tangan: dokumen ini saja tidak membuktikan apa pun."),
    }
    named = (("Judul", judged.title), ("Penerbit", judged.issuer))
    old = [N_("Masa berlaku salinan ini sudah habis; penerbitnya menyediakan salinan baru.")] if judged.stale else []
    return [
        f"Diterima: {judged.form}.",
        how[judged.proof],
        *old,
        *(f"{name}: {words}" for name, words in named if words),
    ]
