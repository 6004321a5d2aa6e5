"""A certificate as others read it: an Open Badge 3.0, which is a verifiable credential of the W3C, signed as a JWT.

It names its holder as the paper does, and nobody by e-mail or account: families share addresses, and whoever is shown
the file compares the name with an identity card. The identifier of the subject belongs to this one certificate, so two
certificates of a person cannot be joined by it.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from app.certificate.rules import GRADES, PASSED, Facts

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
FRAMEWORK = "DigComp 3.0"
BITS = 131_072  # of one status list: the least that the recommendation allows, so that nobody is told apart
LASTS = timedelta(minutes=5)  # how long a status list may be kept
_FRAMEWORK_AT = "https://joint-research-centre.ec.europa.eu/digcomp/digcomp-framework_en"
_STALE = timedelta(days=1)  # after this nobody should believe a status list that somebody kept


@dataclass(frozen=True, slots=True)
class Taught:
    """One version of a course, as far as a badge describes it."""

    slug: str
    version: int
    code: str
    title: str
    jp: int
    method: str
    level: str
    pass_mark: int
    modules: tuple[str, ...]
    competences: tuple[str, ...]  # each with its code in front: "4.2 Melindungi data pribadi"


def taught(slug: str, version: int, code: str, title: str, jp: int, kept: Mapping[str, Any]) -> Taught:
    """The version of a course in what a certificate keeps of it."""
    return Taught(
        slug=slug,
        version=version,
        code=code,
        title=title,
        jp=jp,
        method=kept["method"],
        level=kept["level"],
        pass_mark=kept["pass_mark"],
        modules=tuple(line["title"] for line in kept["modules"]),
        competences=tuple(kept["competences"]),
    )


def keys_at(base_url: str) -> str:
    """Where our keys stand, one by one."""
    return f"{base_url}/lencana/kunci/"


def issuer_at(base_url: str) -> str:
    """The address that stands for whoever gives out our badges."""
    return f"{base_url}/lencana/penerbit"


def profile(base_url: str, agency: str) -> dict[str, Any]:
    """Whoever gives out our badges."""
    return {"id": issuer_at(base_url), "type": ["Profile"], "name": agency, "url": base_url}


def achievement(course: Taught, kind: str, base_url: str) -> dict[str, Any]:
    """What a badge is given for: this version of a course, passed or attended; always the same for the same version."""
    passed = kind == PASSED
    place = f"{base_url}/lencana/capaian/{course.slug}/{course.version}{'' if passed else '/keikutsertaan'}"
    said: dict[str, Any] = {
        "id": place,
        "type": ["Achievement"],
        "achievementType": "Certificate" if passed else "Course",
        "name": course.title,
        "description": f"Pelatihan {course.method}, {course.jp} JP, tingkat {course.level}."
        f" Materi: {'; '.join(course.modules)}.",
        "criteria": {
            "narrative": "Menyelesaikan semua materi dan praktik, lalu lulus tes dengan nilai sedikitnya"
            f" {course.pass_mark} dari 100."
            if passed
            else "Menyelesaikan semua materi dan praktik. Kelulusan tidak dinyatakan."
        },
        "creator": {"id": issuer_at(base_url), "type": ["Profile"]},
        "creditsAvailable": course.jp,
        "humanCode": course.code,
        "inLanguage": "id",
        "version": str(course.version),
        "alignment": [_aligned(competence) for competence in course.competences],
    }
    if passed:
        said["resultDescription"] = [
            {
                "id": f"{place}#predikat",
                "type": ["ResultDescription"],
                "name": "Predikat",
                "resultType": "PerformanceLevel",
                "allowedValue": [words for _, words in reversed(GRADES)],
                "requiredValue": GRADES[-1][1],
            }
        ]
    return said


def credential(
    facts: Facts, course: Taught, number: int, awarded_at: datetime, made_at: datetime, base_url: str
) -> dict[str, Any]:
    """One edition of a certificate as a credential; `number` is its place in the status lists.

    Every edition has the same `id`: of two, the one with the later `validFrom` counts.
    """
    what = achievement(course, facts.kind, base_url)
    subject: dict[str, Any] = {
        "id": f"urn:uuid:{uuid5(NAMESPACE_URL, facts.verify_url)}",
        "type": ["AchievementSubject"],
        "identifier": [
            {"type": "IdentityObject", "hashed": False, "identityHash": facts.holder_name, "identityType": "name"}
        ],
        "activityStartDate": _day(facts.started_on),
        "activityEndDate": _day(facts.finished_on),
        "creditsEarned": facts.jp,
        "licenseNumber": facts.number,
        "achievement": what,
    }
    if facts.kind == PASSED:
        described = what["resultDescription"][0]["id"]
        subject["result"] = [
            {"type": ["Result"], "resultDescription": described, "value": facts.grade, "status": "Completed"}
        ]
    return {
        "@context": [CREDENTIALS, BADGES],
        "id": facts.verify_url,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": profile(base_url, facts.agency),
        "validFrom": _moment(made_at),
        "awardedDate": _moment(awarded_at),
        "name": facts.course_title,
        "description": f"{facts.course_title}, {facts.jp} JP. Nomor {facts.number}, edisi {facts.edition}.",
        "credentialSubject": subject,
        "credentialStatus": _entry(number, facts.edition, base_url),
    }


def status_list(block: int, edition: int, bits: bytes, now: datetime, base_url: str) -> dict[str, Any]:
    """The status list of this block of certificates and this edition; a bit says that it does not count (any more)."""
    place = _list_at(block, edition, base_url)
    return {
        "@context": [CREDENTIALS],
        "id": place,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_at(base_url),
        "validFrom": _moment(now),
        "validUntil": _moment(now + _STALE),
        "credentialSubject": {
            "id": f"{place}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": "u" + base64.urlsafe_b64encode(gzip.compress(bits, mtime=0)).decode().rstrip("="),
            "ttl": int(LASTS.total_seconds() * 1000),
        },
    }


def claims(said: Mapping[str, Any]) -> dict[str, Any]:
    """A credential as the payload of a JWT: itself, with its main facts once more under the names that JWTs have."""
    issuer, until = said["issuer"], said.get("validUntil")
    return {
        "iss": issuer if isinstance(issuer, str) else issuer["id"],
        "jti": said["id"],
        "sub": said["credentialSubject"]["id"],
        "nbf": _seconds(said["validFrom"]),
        **({"exp": _seconds(until)} if until else {}),
        **said,
    }


def _aligned(competence: str) -> dict[str, Any]:
    code, _, words = competence.partition(" ")
    return {
        "type": ["Alignment"],
        "targetCode": code,
        "targetName": words or code,
        "targetFramework": FRAMEWORK,
        "targetType": "ceasn:Competency",
        "targetUrl": _FRAMEWORK_AT,
    }


def _entry(number: int, edition: int, base_url: str) -> dict[str, str]:
    """The place of a certificate in its status list."""
    place, index = _list_at(number // BITS, edition, base_url), str(number % BITS)
    return {
        "id": f"{place}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": index,
        "statusListCredential": place,
    }


def _list_at(block: int, edition: int, base_url: str) -> str:
    return f"{base_url}/lencana/status/{block}/{edition}"


def _moment(at: datetime) -> str:
    """To the second, as JWTs count: both must say the same."""
    return f"{at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


def _day(day: date) -> str:
    return f"{datetime.combine(day, time()).isoformat()}+08:00"


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
