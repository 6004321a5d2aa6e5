from __future__ import annotations

from flask import Blueprint

from app.access import public

bp = Blueprint("enrollment", __name__, template_folder="templates")


@bp.route("/belajar")
@public
def mine(**_):
    return "stub"


@bp.route("/belajar/<slug>")
@public
def course(**_):
    return "stub"


@bp.route("/belajar/<slug>/<module>/<lesson>")
@public
def lesson(**_):
    return "stub"


@bp.route("/kursus/<slug>/ikuti")
@public
def start(**_):
    return "stub"


@bp.route("/belajar/<slug>/<module>/<lesson>/selesai")
@public
def done(**_):
    return "stub"
