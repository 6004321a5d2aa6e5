from __future__ import annotations

from flask import Blueprint

from app.access import public

bp = Blueprint("quiz", __name__, template_folder="templates")


@bp.route("/belajar/<slug>/<module>/kuis")
@public
def module_quiz(**_):
    return "stub"


@bp.route("/belajar/<slug>/tes-awal")
@public
def pre_test(**_):
    return "stub"


@bp.route("/belajar/<slug>/tes-akhir")
@public
def post_test(**_):
    return "stub"


@bp.route("/percobaan/<uuid>")
@public
def attempt(**_):
    return "stub"


@bp.route("/percobaan/<uuid>/hasil")
@public
def result(**_):
    return "stub"
