"""Doors for checking a file: by its SHA-256 alone, which the browser computes, or looked through on the server."""

from __future__ import annotations

import hashlib
import logging
import re
from datetime import datetime
from threading import Lock
from typing import Any

from flask import current_app, make_response, render_template, request
from limits import parse
from sqlalchemy.orm import Session

from app import clock, throttle
from app.access import public
from app.certificate import keys, limited, queries, validation
from app.certificate.blueprint import bp
from app.certificate.code import grouped, normalise
from app.certificate.forms import FileForm
from app.certificate.judging import Signature, Verdict, of_file, of_known
from app.certificate.rules import long_date
from app.db import session
from app.errors import N_, Refused

log = logging.getLogger(__name__)
_LOOKS = parse("30 per minute")
_EXAMINATIONS = parse("6 per minute")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_one = Lock()  # one file is looked through at a time, for that takes memory and half a second
_PATIENCE = 1.0  # seconds; who waits for their turn keeps a thread from others, who only want a page
_AGAIN = {"busy": 5, "unexamined": 60}  # seconds until it may be worth another try


@bp.route("/sertifikat/periksa/berkas", methods=["GET", "POST"])
@public
def check_file() -> Any:
    """Whether a PDF is one that we gave out. GET with `sha256` compares that alone; POST looks through the file."""
    form, verdict, digest = FileForm(request.files), None, request.args.get("sha256", "").lower()
    if request.method == "POST":
        throttle.count(_EXAMINATIONS, "file", throttle.here())
        if form.validate():
            verdict = _examined(session(), form.file.data.read())
    elif digest:
        throttle.count(_LOOKS, "digest", throttle.here())
        if not _DIGEST.fullmatch(digest):
            raise Refused(N_("Sidik SHA-256 terdiri atas 64 angka dan huruf a sampai f. Salin lagi seluruhnya."))
        verdict = of_known(queries.by_digest(session(), digest), by_digest=True)
    page = render_template(
        "certificate/check_file.html",
        form=form,
        verdict=verdict,
        digest=digest,
        checked_at=clock.now(),
        grouped=grouped,
        long_date=long_date,
    )
    again = _AGAIN.get(verdict.state) if verdict else None
    answer = make_response(page, 422 if form.errors else 503 if again else 200)
    if again:
        answer.headers["Retry-After"] = str(again)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _examined(opened: Session, pdf: bytes) -> Verdict:
    """The verdict on a file that was sent here; nothing of it is kept."""
    digest = hashlib.sha256(pdf).hexdigest()
    known, signature = queries.by_digest(opened, digest), None
    if known is not None and (finished_at := known[1].finished_at) and (signer := known[1].signer) != "none":
        opened.rollback()  # nobody else shall wait for what was read here while a child works
        signature = _signature(pdf, signer, finished_at)
        known = queries.by_digest(opened, digest)  # somebody may have acted on it meanwhile
    if known is not None:
        return of_known(known, signature=signature)
    opened.rollback()
    if not _one.acquire(timeout=_PATIENCE):
        return Verdict("busy")
    try:
        found = validation.apart(pdf)
    except validation.Unexamined as error:
        log.error("a file could not be examined: %s", error)
        return Verdict("unexamined")
    finally:
        _one.release()
    return of_file(found, queries.by_credential(opened, _code(found.credential), found.credential))


def _signature(pdf: bytes, signer: str, finished_at: datetime) -> Signature:
    """What the signature says that this paper of ours was given out with.

    The register proves that it was there at that moment, so a certificate that expired since is as good as it was.
    """
    chain, subjects = current_app.config["SIGNER_CHAIN"], current_app.config["SIGNER_SUBJECTS"]
    if not chain:
        return Signature("unchecked")
    if not _one.acquire(timeout=_PATIENCE):
        return Signature("busy")
    try:
        with limited.Judge(chain) as judge:
            signed = judge.judged(pdf, finished_at)
    except validation.Untrusted as no:
        log.error("the signature of a paper cannot be traced to SIGNER_CHAIN: %s", no.signed.subject)
        return Signature("untraced", no.signed.signer)
    except (validation.Unexamined, limited.Overrun) as error:
        log.error("the signature of a paper could not be examined: %s", error)
        return Signature("unchecked")
    except validation.Invalid as no:
        log.error("a paper in the register is not signed as it was: %s", no)
        return Signature("broken")
    finally:
        _one.release()
    # Who may sign was asked when the paper was accepted; since then officials may have changed.
    signs = signer != "external" or not subjects or signed.subject in subjects
    return Signature("valid" if signs else "former", signed.signer)


def _code(credential: str) -> str | None:
    """The verification code in a credential, if one of our keys signed that."""
    try:
        claims = keys.read(current_app.config, credential)
    except keys.NotProven:
        return None
    return normalise(str(claims.get("jti", "")).rstrip("/").rpartition("/sertifikat/")[2].partition("/")[0])
