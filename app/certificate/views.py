from __future__ import annotations

from flask import Blueprint

from app.access import public

bp = Blueprint("certificate", __name__, template_folder="templates")


@bp.route("/sertifikat")
@public
def mine(**_):
    return "stub"


@bp.route("/belajar/<slug>/sertifikat")
@public
def claim(**_):
    return "stub"


@bp.route("/sertifikat/periksa")
@public
def check(**_):
    return "stub"


@bp.route("/sertifikat/<code>")
@public
def verify(**_):
    return "stub"


@bp.route("/sertifikat/<code>/unduh")
@public
def download(**_):
    return "stub"
