from __future__ import annotations

from flask import Blueprint

from app.access import public

bp = Blueprint("accounts", __name__, template_folder="templates")


@bp.route("/daftar")
@public
def register(**_):
    return "stub"


@bp.route("/masuk")
@public
def sign_in(**_):
    return "stub"


@bp.route("/pulihkan")
@public
def recover(**_):
    return "stub"


@bp.route("/akun")
@public
def account(**_):
    return "stub"


@bp.route("/akun/data")
@public
def data(**_):
    return "stub"


@bp.route("/keluar")
@public
def sign_out(**_):
    return "stub"
