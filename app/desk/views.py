from __future__ import annotations

from flask import Blueprint

from app.access import public

bp = Blueprint("desk", __name__, template_folder="templates")


@bp.route("/kelola")
@public
def people(**_):
    return "stub"


@bp.route("/kelola/orang/<int:person>")
@public
def person(**_):
    return "stub"


@bp.route("/kelola/catatan")
@public
def log(**_):
    return "stub"
