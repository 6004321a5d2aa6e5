"""Doors of our Open Badges: who gives them, with which key, for what, which still count; and the holder's file."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, current_app, request
from flask_login import current_user
from limits import parse

from app import clock, throttle
from app.access import public, signed_in
from app.certificate import badge, facts, keys, queries, sentences, status
from app.certificate.blueprint import bp
from app.certificate.code import normalise
from app.certificate.rules import ATTENDED, PASSED
from app.course import queries as course_queries
from app.db import session
from app.errors import Refused

_LISTS = parse("60 per minute")
_HOUR = 3600
_LINKED = "application/ld+json"


@bp.get("/lencana/penerbit")
@public
def badge_issuer() -> Response:
    """Whoever gives out our badges, for programs."""
    said = badge.profile(current_app.config["BASE_URL"], current_app.config["AGENCY"])
    return _open({"@context": [badge.CREDENTIALS, badge.BADGES], **said})


@bp.get("/lencana/kunci/<kid>")
@public
def badge_key(kid: str) -> Response:
    """One public key (RFC 7517): the header of a badge gives this address."""
    found = [key for key in keys.public(current_app.config)["keys"] if key["kid"] == kid]
    return _open(found[0], "application/jwk+json") if found else abort(404)


@bp.get("/lencana/capaian/<slug>/<int(max=999999):version>")
@public
def badge_achievement(slug: str, version: int) -> Response:
    """What a badge is given for, for programs: the same words that stand in the badge."""
    return _achievement(slug, version, PASSED)


@bp.get("/lencana/capaian/<slug>/<int(max=999999):version>/keikutsertaan")
@public
def badge_attendance(slug: str, version: int) -> Response:
    """What the badge of somebody who took part is given for."""
    return _achievement(slug, version, ATTENDED)


@bp.get("/lencana/status/<int(max=99999):block>/<int(min=1, max=999):edition>")
@public
def badge_status(block: int, edition: int) -> Response:
    """Which badges do not count any more, as a signed list of bits."""
    throttle.count(_LISTS, "status", throttle.here())
    base_url = current_app.config["BASE_URL"]
    said = badge.status_list(block, edition, status.bits(session(), block, edition), clock.now(), base_url)
    token = keys.sign(current_app.config, badge.claims(said), place=badge.keys_at(base_url), typ="vc+jwt")
    answer = Response(token, mimetype="application/vc+jwt")
    return _for_everybody(answer, int(badge.LASTS.total_seconds()))


@bp.get("/sertifikat/<code>/lencana")
@signed_in
def badge_file(code: str) -> Response:
    """The badge of a certificate, for its holder to keep or to show to other systems."""
    row = queries.owned(session(), current_user.id, normalise(code)) or abort(404)
    if row.revoked_at is not None:
        raise Refused(sentences.BADGE_REVOKED[row.kind])
    token = queries.credential_of(session(), row)
    if token is None:
        abort(404)
    if not token:
        raise Refused(sentences.BADGE_PREPARED[row.kind])
    answer = Response(token, mimetype="application/vc+jwt")
    answer.headers["Content-Disposition"] = "attachment; filename=credential.jwt"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _achievement(slug: str, number: int, kind: str) -> Response:
    version = course_queries.numbered(session(), slug, number) or abort(404)
    course = course_queries.content(session(), version.id)
    # The words that a certificate would keep of it.
    taught = badge.taught(slug, number, course.code, course.title, course.jp, facts.described(course))
    said = badge.achievement(taught, kind, current_app.config["BASE_URL"])
    return _open({"@context": [badge.CREDENTIALS, badge.BADGES], **said})


def _open(said: dict[str, Any], kind: str = _LINKED) -> Response:
    """Facts that anybody may read and keep for an hour."""
    answer = Response(current_app.json.dumps(said), mimetype=kind)
    return _for_everybody(answer, _HOUR)


def _for_everybody(answer: Response, seconds: int) -> Response:
    answer.headers["Cache-Control"] = f"public, max-age={seconds}"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
