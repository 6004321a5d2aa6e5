"""Doors for programs: what the page of a certificate says, as JSON."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify
from flask_babel import gettext

from app.access import public
from app.api import shapes
from app.certificate import looks, queries
from app.certificate.code import normalise
from app.db import session
from app.errors import N_

bp = Blueprint("api", __name__, url_prefix="/api/v1")


@bp.get("/certificates/<path:code>")
@public
def certificate(code: str) -> tuple[Response, int]:
    """Valid, revoked or not found, for whoever holds the code.

    What cannot be a code, what never was one and what was removed cost the same and are answered alike.
    """
    looks.count()
    row = queries.by_code(session(), normalise(code))
    if row is None:
        sentence = gettext(N_("Tidak ada sertifikat dengan kode ini. Periksa lagi setiap huruf dan angka."))
        return jsonify(status="not_found", judul=gettext(N_("Tidak ditemukan")), kalimat=sentence), 404
    paper = queries.paper(row, current_app.config["BASE_URL"])
    return jsonify(shapes.certificate(row, paper, queries.history(session(), row))), 200


@bp.after_request
def open_to_pages_of_others(response: Response) -> Response:
    """Any web page may read these answers (none of them is about whoever asks); nobody keeps or indexes them."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response
