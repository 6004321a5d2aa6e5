"""Making an edition of a certificate: what proves it, and its paper."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.certificate import badge, keys, layout, pdf, proof, queries
from app.certificate.models import Certificate, Edition, Logo


def add(
    session: Session, certificate: Certificate, settings: Mapping[str, Any], now: datetime, *, later: bool = False
) -> Edition:
    """The edition of the certificate as it is now; printed at once unless it is signed by somebody, or `later`."""
    edition = Edition(
        certificate_id=certificate.id,
        version=certificate.version,
        holder=certificate.holder,
        made_at=now,
        proof="",
        credential="",
        signer=settings["SIGNER"],
    )
    prove(certificate, edition, settings)
    session.add(edition)
    if edition.signer == "none" and not later:
        finish(edition, printed(session, certificate, edition, settings), now)
    session.flush()
    return edition


def prove(certificate: Certificate, edition: Edition, settings: Mapping[str, Any]) -> None:
    """Signs the facts for the QR code, and as a badge; once done it stays, also when the key is exchanged."""
    base_url = settings["BASE_URL"]
    facts, kept = queries.paper(certificate, base_url, edition), certificate.facts
    edition.proof = keys.sign(settings, proof.claims(facts))
    course = badge.taught(
        kept["course"], kept["version"], certificate.course_code, certificate.course_title, certificate.jp, kept
    )
    said = badge.credential(facts, course, certificate.id, certificate.issued_at, edition.made_at, base_url)
    edition.credential = keys.sign(settings, badge.claims(said), place=badge.keys_at(base_url), typ="JWT")


def printed(session: Session, certificate: Certificate, edition: Edition, settings: Mapping[str, Any]) -> bytes:
    """The paper before anybody signs it; the same rows always give the same bytes."""
    digest = certificate.facts.get("logo")
    logo = session.get(Logo, digest) if digest else None
    facts = queries.paper(certificate, settings["BASE_URL"], edition, logo.picture if logo else b"")
    return pdf.paint(layout.compose(facts, pdf.measure), facts, edition.credential)


def finish(edition: Edition, paper: bytes, now: datetime) -> None:
    """Keeps the paper as it is given out; who has a copy can compare its SHA-256."""
    edition.pdf, edition.digest, edition.finished_at = paper, hashlib.sha256(paper).hexdigest(), now
    edition.problem = edition.next_try_at = None
