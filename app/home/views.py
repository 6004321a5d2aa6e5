from __future__ import annotations

from flask import Blueprint

from app.access import public

bp = Blueprint("home", __name__, template_folder="templates")


@bp.route("/")
@public
def front(**_):
    return "stub"


@bp.route("/tentang")
@public
def about(**_):
    return "stub"


@bp.route("/privasi")
@public
def privacy(**_):
    return "stub"


@bp.route("/bantuan")
@public
def help(**_):
    return "stub"


@bp.route("/aksesibilitas")
@public
def accessibility(**_):
    return "stub"


@bp.route("/bahasa/<code>")
@public
def speak(**_):
    return "stub"


@bp.route("/healthz")
@public
def alive(**_):
    return "stub"


@bp.route("/readyz")
@public
def ready(**_):
    return "stub"
