"""Signing by an official at a service of its own: papers go out in batches, and come back signed, later or never.

docs/signing.md describes what is said. A batch has a name of ours before it goes out, so sending it again, after a
crash or because the service lost it, makes no second one. What comes back counts only if it is what we sent and one
valid signature; everything else stays with its reason among the papers that wait. A batch that is in trouble keeps no
other from its turn.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.certificate import acceptance, limited, making, pades, waiting, wire
from app.certificate.away import SignerAway
from app.certificate.models import Certificate, Edition
from app.db import apart

log = logging.getLogger(__name__)
BATCH = 20
ASK_AGAIN = timedelta(minutes=5)
_MOST_ANSWER = 32 * 1024 * 1024  # a batch of papers as large as may be, in base 64, and some words
_MOST_WORDS = 200


class Silent(SignerAway):
    """No answer, which may be for this batch only."""


class InTrouble(Exception):
    """The service answers, but not about this batch as it should; the message says how, for who runs ours."""


def exchange(engine: sa.Engine, settings: Mapping[str, Any], now: datetime, limit: int) -> int:
    """Sends what is due and takes what is signed; returns how many papers were looked at. Raises SignerAway."""
    _gather(engine, now, limit)
    batches = _due(engine, now, limit)
    if not batches:
        return 0
    pades.roots_in(settings["SIGNER_CHAIN"])  # without them what comes back could not count
    handled, silent = 0, len(batches) == 1
    with limited.Judge(settings["SIGNER_CHAIN"]) as judge:
        for batch in batches:
            papers = _papers(engine, batch)
            handled += len(papers)
            try:
                _one(engine, settings, judge, batch, papers, now)
            except Silent as reason:
                if silent:
                    raise
                silent = True
                _put_off(engine, papers, str(reason), now)
            except SignerAway:
                raise
            except InTrouble as no:
                _put_off(engine, papers, str(no), now)
            except Exception as error:
                # Whatever an answer makes us stumble over, other batches have their turn.
                log.exception("batch %s was not exchanged", batch)
                _put_off(engine, papers, making.failed(error), now)
    return handled


def _one(
    engine: sa.Engine, settings: Mapping[str, Any], judge: limited.Judge, batch: str, papers: Mapping[str, int],
    now: datetime,
) -> None:  # fmt: skip
    """Takes a batch that is signed, sends one that the service does not know, and else asks again later."""
    answer = _answer(settings, batch)
    if answer is not None and answer.get("state") == "done":
        _take(engine, settings, judge, papers, answer, now)
        return
    if answer is None:
        _send(engine, settings, batch, papers, now)
    elif answer.get("state") != "waiting":
        state = str(answer.get("state"))[:_MOST_WORDS]
        raise InTrouble(f"Layanan tanda tangan menyebut keadaan yang tidak kita kenal: {state}.")
    with apart(engine) as session:
        still = sa.update(Edition).where(Edition.batch == batch, Edition.pdf.is_(None))
        session.execute(still.values(problem=None, next_try_at=now + ASK_AGAIN))


def _put_off(engine: sa.Engine, papers: Mapping[str, int], problem: str, now: datetime) -> None:
    """Asks about this batch later, with an alarm unless papers wait for the same reason already."""
    noted = making.noted(problem)
    with apart(engine) as session:
        same = waiting.open_papers().add_columns(Edition.id)
        known = session.scalar(same.where(Edition.signer == "external", Edition.problem == noted).limit(1))
        for edition_id in papers.values():
            making.put_off(session, edition_id, problem, now, in_batch=True)
    if known is None:
        log.error("%s papers wait for their signature (external): %s", len(papers), noted)


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


def _due(engine: sa.Engine, now: datetime, limit: int) -> list[str]:
    """The batches whose turn it is, up to so many papers; two at least, for one alone may be the one without answer."""
    query = (
        waiting.open_papers()
        .add_columns(Edition.batch, sa.func.count())
        .where(Edition.signer == "external", Edition.batch.is_not(None))
        .where(sa.or_(Edition.next_try_at.is_(None), Edition.next_try_at <= now))
        .group_by(Edition.batch)
        .order_by(sa.func.min(Edition.id))
        .limit(max(limit, 2))
    )
    found: list[str] = []
    with Session(engine) as session:
        papers = 0
        for batch, count in session.execute(query):
            if papers >= limit and len(found) >= 2:
                break
            found.append(batch)
            papers += count
    return found


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
        raise InTrouble(f"Layanan tanda tangan menjawab dengan {status} atau tidak terbaca.")
    return answer


def _send(engine: sa.Engine, settings: Mapping[str, Any], batch: str, papers: Mapping[str, int], now: datetime) -> None:
    sent = []
    for name, edition_id in papers.items():
        paper = making.unsigned_or_put_off(engine, edition_id, settings, now)
        if paper is not None:
            digest = hashlib.sha256(paper).hexdigest()
            sent.append({"name": name, "sha256": digest, "pdf": base64.b64encode(paper).decode()})
    if not sent:
        return
    status, _ = _ask(settings, "POST", "/batches", json.dumps({"batch": batch, "papers": sent}).encode())
    if status not in (200, 201, 202):
        raise InTrouble(f"Layanan tanda tangan menolak kiriman ({status}).")


def _take(
    engine: sa.Engine, settings: Mapping[str, Any], judge: limited.Judge, papers: Mapping[str, int],
    answer: Mapping[str, Any], now: datetime,
) -> None:  # fmt: skip
    """Keeps what is signed; what is not goes out again later, in another batch."""
    listed = answer.get("papers")
    lines = [line for line in listed if isinstance(line, dict)] if isinstance(listed, list) else []
    back, accepted = {str(line.get("name")): line for line in lines}, []
    for name, edition_id in papers.items():
        unsigned = making.unsigned_or_put_off(engine, edition_id, settings, now)
        if unsigned is None:
            continue
        signed, problem = _read(back.get(name))
        if not problem:
            subject, why = acceptance.judged(judge, settings["SIGNER_SUBJECTS"], unsigned, signed, now)
            if not why:
                accepted.append(acceptance.Accepted(edition_id, name, signed, subject))
                continue
            problem = f"PDF yang kembali ditolak: {why}."
        with apart(engine) as session:
            making.put_off(session, edition_id, problem, now)
    acceptance.keep(engine, accepted, now)


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
    except wire.TooLong as error:
        raise InTrouble(f"Layanan tanda tangan menjawab terlalu panjang: {error}.") from error
    except wire.Unanswered as error:
        raise Silent(f"Layanan tanda tangan tidak menjawab: {error}.") from error
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
