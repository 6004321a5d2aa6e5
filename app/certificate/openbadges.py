"""The rules of 1EdTech for Open Badges: 3.0 (which are verifiable credentials) and assertions of 2.0."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.certificate.vcdm import Document, contexts, is_address, moment, parts, types, walked
from app.errors import N_, Refused

SECOND = "https://w3id.org/openbadges/v2"
_THIRD = re.compile(r"https://(purl\.imsglobal\.org/spec/ob/v3p0/|imsglobal\.github\.io/openbadges-specification/)\S*")
_AWARDS = {"OpenBadgeCredential", "AchievementCredential"}
# What kind of thing stands under each name, wherever it stands.
_KINDS = {
    "issuer": "Profile", "creator": "Profile", "source": "Profile", "parentOrg": "Profile",
    "achievement": "Achievement", "alignment": "Alignment", "resultDescription": "ResultDescription",
    "rubricCriterionLevel": "RubricCriterionLevel", "result": "Result", "evidence": "Evidence",
    "identifier": "IdentityObject", "otherIdentifier": "IdentifierEntry", "image": "Image", "address": "Address",
    "geo": "GeoCoordinates", "related": "Related", "endorsement": "EndorsementCredential",
}  # fmt: skip
# What each kind cannot do without.
_NEEDED = {
    "Achievement": ("id", "name", "description", "criteria"),
    "Alignment": ("targetName", "targetUrl"),
    "EndorsementCredential": ("@context", "issuer", "credentialSubject"),
    "IdentifierEntry": ("identifier", "identifierType"),
    "IdentityObject": ("hashed", "identityHash", "identityType"),
    "Image": ("id",),
    "Profile": ("id",),
    "Related": ("id",),
    "ResultDescription": ("id", "name", "resultType"),
    "RubricCriterionLevel": ("id", "name"),
}
_HASHED = re.compile(r"(sha256\$[0-9a-fA-F]{64}|md5\$[0-9a-fA-F]{32})")
_DAY = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?")


def is_third(document: Document) -> bool:
    """Whether a credential says that it is an Open Badge 3.0."""
    return bool(_AWARDS.intersection(types(document))) or any(_THIRD.fullmatch(one) for one in contexts(document))


def third(document: Document) -> None:
    """Checks what an Open Badge 3.0 needs beyond being a credential."""
    kinds = types(document)
    if not any(_THIRD.fullmatch(one) for one in contexts(document)):
        raise Refused(N_("Lencana ini tidak menyebut konteks Open Badges 3.0."))
    if not _AWARDS.intersection(kinds) and "EndorsementCredential" not in kinds:
        raise Refused(N_("Jenisnya (type) bukan OpenBadgeCredential atau AchievementCredential."))
    if "id" not in document:
        raise Refused(N_("Lencana ini tidak punya alamat (id)."))
    if moment(document, "validFrom") is None and moment(document, "issuanceDate") is None:
        raise Refused(N_("Lencana ini tidak menyebut mulai kapan berlaku."))
    if not isinstance(document.get("issuer"), str | dict):
        raise Refused(N_("Lencana ini tidak menyebut penerbit."))
    award = bool(_AWARDS.intersection(kinds))
    for subject in parts(document["credentialSubject"]):
        _listed(subject, "AchievementSubject" if award else "EndorsementSubject", "credentialSubject")
        if award and not subject.get("id") and not subject.get("identifier"):
            raise Refused(N_("Lencana ini tidak menyebut penerimanya (id atau identifier)."))
    if isinstance(document["issuer"], dict):
        _listed(document["issuer"], "Profile", "issuer")
    for name, part in walked(document):
        if isinstance(part, dict) and (wanted := _KINDS.get(name)):
            _kind(part, wanted, name)


def _listed(part: Document, wanted: str, name: str) -> None:
    """The main parts write their types as a list, so that others can be added."""
    if not isinstance(part.get("type"), list) or wanted not in part["type"]:
        raise Refused(N_("Jenis (type) %(name)s harus daftar yang memuat %(wanted)s."), name=name, wanted=wanted)


def _kind(part: Document, wanted: str, name: str) -> None:
    if wanted not in types(part):
        raise Refused(N_("Bagian %(name)s harus berjenis %(wanted)s."), name=name, wanted=wanted)
    for needed in _NEEDED.get(wanted, ()):
        if part.get(needed) in (None, "", [], {}):
            raise Refused(N_("Bagian %(name)s tidak punya %(needed)s."), name=name, needed=needed)
    if "id" in part and not is_address(part["id"]):
        raise Refused(N_("Bagian %(name)s tidak punya alamat (id) yang benar."), name=name)
    if wanted == "IdentityObject" and not isinstance(part["hashed"], bool):
        raise Refused(N_("Bagian %(name)s tidak menyebut apakah namanya disamarkan (hashed)."), name=name)


def is_second(document: Document) -> bool:
    """Whether a document says that it belongs to Open Badges 2."""
    return SECOND in contexts(document)


def second(document: Document, now: datetime) -> None:
    """Checks an assertion of Open Badges 2.0: who was given which badge when, and how that is proved."""
    if "Assertion" not in types(document):
        raise Refused(N_("Ini bukan pemberian lencana (Assertion) Open Badges 2.0."))
    if not is_address(document.get("id")):
        raise Refused(N_("Alamat dokumen (id) bukan satu alamat yang benar."))
    _recipient(document.get("recipient"))
    _badge(document.get("badge"))
    how = document.get("verification")
    if not isinstance(how, dict) or not {"hosted", "signed", "HostedBadge", "SignedBadge"}.intersection(types(how)):
        raise Refused(N_("Lencana ini tidak menyebut cara memeriksanya (verification)."))
    for name in ("image", "evidence"):
        for part in parts(document.get(name)):
            if not isinstance(part, dict) and not is_address(part):
                raise Refused(N_("Bagian %(name)s bukan alamat dan bukan objek."), name=name)
    issued, expires = _day(document, "issuedOn"), _day(document, "expires")
    if issued is None:
        raise Refused(N_("Lencana ini tidak menyebut kapan diberikan (issuedOn)."))
    if expires and expires < issued:
        raise Refused(N_("Masa berlakunya berakhir sebelum dimulai."))
    if issued > now:
        raise Refused(N_("Lencana ini diberikan di masa depan: %(at)s."), at=issued.isoformat())
    if expires and expires < now:
        raise Refused(N_("Masa berlaku lencana ini sudah habis pada %(at)s."), at=expires.isoformat())


def _recipient(value: object) -> None:
    whose = value if isinstance(value, Mapping) else {}
    identity, hashed = whose.get("identity"), whose.get("hashed")
    if not types(whose) or not isinstance(identity, str) or not identity or not isinstance(hashed, bool):
        raise Refused(N_("Lencana ini tidak menyebut penerimanya (recipient) dengan lengkap."))
    if hashed and not _HASHED.fullmatch(identity):
        raise Refused(N_("Penerima (recipient) disamarkan dengan cara yang tidak dikenal."))


def _badge(value: object) -> None:
    """What was given: its address, or the whole of it."""
    if not isinstance(value, Mapping):
        if not is_address(value):
            raise Refused(N_("Lencana ini tidak menyebut lencana apa yang diberikan (badge)."))
        return
    if "BadgeClass" not in types(value):
        raise Refused(N_("Bagian %(name)s harus berjenis %(wanted)s."), name="badge", wanted="BadgeClass")
    for needed in ("id", "name", "description", "criteria", "issuer"):
        if not value.get(needed):
            raise Refused(N_("Bagian %(name)s tidak punya %(needed)s."), name="badge", needed=needed)


def _day(document: Document, name: str) -> datetime | None:
    """A day or a moment; without a zone it is taken as UTC."""
    if (value := document.get(name)) is None:
        return None
    try:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise ValueError
        found = datetime.fromisoformat(value)
    except ValueError:
        raise Refused(
            N_("Tanggal %(name)s salah bentuk. Yang benar misalnya 2026-11-25T08:00:00Z."), name=name
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def titled(document: Document) -> str:
    """What was achieved, in the words of the issuer; empty when there are none."""
    subject = next((one for one in parts(document.get("credentialSubject")) if isinstance(one, dict)), {})
    what: Any = subject.get("achievement") or document.get("badge")
    for found in (what.get("name") if isinstance(what, dict) else what, document.get("name")):
        if isinstance(found, str):
            return found
    return ""
