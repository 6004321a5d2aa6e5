"""Signing by an official at a service of its own: papers go out in batches, and come back signed, later or never.

docs/signing.md describes what is said. A batch has a name of ours before it goes out, so sending it again, after a
crash or because the service lost it, makes no second one. What comes back counts only if it is what we sent, with one
valid signature; everything else stays with its reason among the papers that wait.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.certificate import making, pades, validation, waiting, wire
from app.certificate.away import SignerAway
from app.certificate.models import Certificate, Edition
from app.db import apart

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate as Root

log = logging.getLogger(__name__)
BATCH = 50
ASK_AGAIN = timedelta(minutes=5)
MOST_PAPER = 1024 * 1024
_MOST_ANSWER = 32 * 1024 * 1024
_MOST_WORDS = 200


def exchange(engine: sa.Engine, settings: Mapping[str, Any], now: datetime, limit: int) -> int:
    """Sends what is due and takes what is signed; returns how many papers were looked at. Raises SignerAway."""
    _gather(engine, now, limit)
    batches = _due(engine, now)
    if not batches:
        return 0
    roots, handled = pades.roots_in(settings["SIGNER_CHAIN"]), 0
    for batch in batches:
        papers = _papers(engine, batch)
        handled += len(papers)
        answer = _answer(settings, batch)
        if answer is None:
            _send(engine, settings, batch, papers, now)
        elif answer.get("state") == "done":
            _take(engine, settings, papers, answer, roots, now)
            continue
        with apart(engine) as session:
            still = sa.update(Edition).where(Edition.batch == batch, Edition.pdf.is_(None))
            session.execute(still.values(problem=None, next_try_at=now + ASK_AGAIN))
    return handled


def refused(unsigned: bytes, signed: bytes, roots: Sequence[Root], now: datetime) -> str:
    """Why a file that came back does not count; empty when it does."""
    if signed == unsigned:
        return "belum ditandatangani"
    if not signed.startswith(unsigned):
        return "isinya bukan berkas yang dikirim"
    if len(signed) > MOST_PAPER:
        return "terlalu besar"
    try:
        validation.validated(signed, roots, now)
    except validation.Invalid as no:
        return f"tanda tangannya tidak sah menurut SIGNER_CHAIN ({no})"
    return ""


def name_of(code: str, version: int) -> str:
    """What a paper is called on its way."""
    return f"{code}-{version}"


def _gather(engine: sa.Engine, now: datetime, limit: int) -> None:
    """Puts papers that are due into batches, which have their names before anybody hears of them."""
    for _ in range(0, limit, BATCH):
        with apart(engine) as session:
            fresh = (
                waiting.open_papers()
                .add_columns(Edition.id)
                .where(Edition.signer == "external", Edition.batch.is_(None))
                .where(sa.or_(Edition.next_try_at.is_(None), Edition.next_try_at <= now))
                .order_by(Edition.id)
                .limit(min(BATCH, limit))
                .with_for_update(of=Edition, skip_locked=True)
            )
            mine = session.scalars(fresh).all()
            if not mine:
                return
            session.execute(sa.update(Edition).where(Edition.id.in_(mine)).values(batch=uuid4().hex))


def _due(engine: sa.Engine, now: datetime) -> list[str]:
    query = (
        waiting.open_papers()
        .add_columns(Edition.batch)
        .where(Edition.signer == "external", Edition.batch.is_not(None))
        .where(sa.or_(Edition.next_try_at.is_(None), Edition.next_try_at <= now))
        .group_by(Edition.batch)
        .order_by(sa.func.min(Edition.id))
    )
    with Session(engine) as session:
        return list(session.scalars(query))


def _papers(engine: sa.Engine, batch: str) -> dict[str, int]:
    """The editions of a batch that still wait, by what their papers are called."""
    query = waiting.open_papers().add_columns(Certificate.code, Edition.version, Edition.id)
    with Session(engine) as session:
        found = session.execute(query.where(Edition.batch == batch).order_by(Edition.id)).all()
    return {name_of(code, version): edition_id for code, version, edition_id in found}


def _answer(settings: Mapping[str, Any], batch: str) -> dict[str, Any] | None:
    """What the service says about a batch; None when it does not know it."""
    status, body = _ask(settings, "GET", f"/batches/{batch}")
    if status == 404:
        return None
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if status != 200 or not isinstance(answer, dict):
        raise SignerAway(f"Layanan tanda tangan menjawab dengan {status} atau tidak terbaca.")
    return answer


def _unsigned(engine: sa.Engine, settings: Mapping[str, Any], edition_id: int, now: datetime) -> bytes | None:
    """The paper as it goes out; one that cannot be printed is put off, and keeps no other of its batch."""
    try:
        return making.unsigned(engine, edition_id, settings)
    except Exception as error:
        # Whatever it is, it is noted, and the others go their way.
        log.exception("no paper for edition %s", edition_id)
        with apart(engine) as session:
            making.put_off(session, edition_id, making.failed(error), now)
        return None


def _send(engine: sa.Engine, settings: Mapping[str, Any], batch: str, papers: Mapping[str, int], now: datetime) -> None:
    sent = []
    for name, edition_id in papers.items():
        paper = _unsigned(engine, settings, edition_id, now)
        if paper is not None:
            digest = hashlib.sha256(paper).hexdigest()
            sent.append({"name": name, "sha256": digest, "pdf": base64.b64encode(paper).decode()})
    status, _ = _ask(settings, "POST", "/batches", json.dumps({"batch": batch, "papers": sent}).encode())
    if status not in (200, 201, 202):
        raise SignerAway(f"Layanan tanda tangan menolak kiriman ({status}).")


def _take(
    engine: sa.Engine,
    settings: Mapping[str, Any],
    papers: Mapping[str, int],
    answer: Mapping[str, Any],
    roots: Sequence[Root],
    now: datetime,
) -> None:
    """Keeps what is signed; what is not goes out again later, in another batch."""
    listed = answer.get("papers")
    lines = [line for line in listed if isinstance(line, dict)] if isinstance(listed, list) else []
    back = {str(line.get("name")): line for line in lines}
    for name, edition_id in papers.items():
        unsigned = _unsigned(engine, settings, edition_id, now)
        if unsigned is None:
            continue
        signed, problem = _read(back.get(name))
        if not problem and (why := refused(unsigned, signed, roots, now)):
            problem = f"PDF yang kembali ditolak: {why}."
        with apart(engine) as session:
            if problem:
                making.put_off(session, edition_id, problem, now)
            else:
                making.keep(session, edition_id, signed, now)


def _read(line: Mapping[str, Any] | None) -> tuple[bytes, str]:
    """The file in a line of the answer, or what is wrong with it."""
    if line is None:
        return b"", "Layanan tanda tangan tidak mengembalikan PDF ini."
    if said := line.get("problem"):
        return b"", f"Pejabat tidak menandatangani: {' '.join(str(said).split())[:_MOST_WORDS]}"
    try:
        return base64.b64decode(str(line.get("pdf", "")), validate=True), ""
    except (binascii.Error, ValueError):
        return b"", "PDF yang kembali tidak terbaca."


def _ask(settings: Mapping[str, Any], method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    if settings["SIGNER_TOKEN_FILE"]:
        headers["Authorization"] = f"Bearer {_token(settings['SIGNER_TOKEN_FILE'])}"
    try:
        status, said = wire.ask(method, settings["SIGNER_URL"] + path, body, headers, most=_MOST_ANSWER)
    except wire.Unanswered as error:
        raise SignerAway(f"Layanan tanda tangan tidak menjawab: {error}.") from error
    if status in (401, 403):
        raise SignerAway(f"Layanan tanda tangan tidak mengizinkan kita ({status}). Periksa SIGNER_TOKEN_FILE.")
    return status, said


def _token(path: str) -> str:
    try:
        token = Path(path).read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise SignerAway(f"SIGNER_TOKEN_FILE: berkas {path} tidak dapat dibaca.") from error
    if not token.isprintable() or " " in token:
        raise SignerAway(f"SIGNER_TOKEN_FILE: isi {path} harus satu baris tanpa spasi.")
    return token
