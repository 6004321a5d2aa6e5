from __future__ import annotations

from flask import Blueprint

from app.access import public

bp = Blueprint("course", __name__, template_folder="templates")


@bp.route("/kursus")
@public
def catalogue(**_):
    return "stub"


@bp.route("/kursus/<slug>")
@public
def show(**_):
    return "stub"
