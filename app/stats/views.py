from __future__ import annotations

from flask import Blueprint

from app.access import public

bp = Blueprint("stats", __name__, template_folder="templates")


@bp.route("/statistik")
@public
def overview(**_):
    return "stub"


@bp.route("/statistik/unduh.csv")
@public
def export(**_):
    return "stub"
