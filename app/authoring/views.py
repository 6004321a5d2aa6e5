from __future__ import annotations

from flask import Blueprint

from app.access import public

bp = Blueprint("authoring", __name__, template_folder="templates")


@bp.route("/menulis")
@public
def courses(**_):
    return "stub"


@bp.route("/menulis/<slug>")
@public
def course(**_):
    return "stub"
