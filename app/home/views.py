"""The front page, the pages people look for, and the health checks."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Reply

from app.access import inside, public
from app.db import engine, session
from app.home import queries
from app.i18n import COOKIE, LANGUAGES
from app.schema import ready as database_ready

bp = Blueprint("home", __name__, template_folder="templates")
_YEAR = 60 * 60 * 24 * 365


@bp.get("/")
@public
def front() -> str:
    """The front page."""
    return render_template("home/front.html", courses=queries.front_courses(session()))


@bp.get("/tentang")
@public
def about() -> str:
    """What this service is, and what it is not."""
    return render_template("home/about.html")


@bp.get("/privasi")
@public
def privacy() -> str:
    """The privacy notice."""
    return render_template("home/privacy.html")


@bp.get("/bantuan")
@public
def help() -> str:
    """Answers to what people ask, and where a person helps."""
    return render_template("home/help.html", mail=bool(current_app.config["SMTP_HOST"]))


@bp.get("/aksesibilitas")
@public
def accessibility() -> str:
    """What works for whom, and where to complain."""
    return render_template("home/accessibility.html")


@bp.get("/bahasa/<code>")
@public
def speak(code: str) -> Reply:
    """Changes the language of the pages on this device."""
    if code not in LANGUAGES:
        abort(404)
    reply = redirect(inside(request.args.get("lanjut")) or url_for("home.front"))
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    reply.set_cookie(COOKIE, code, max_age=_YEAR, samesite="Lax", secure=secure, httponly=True)
    return reply


@bp.get("/healthz")
@public
def alive() -> Response:
    """Whether this process answers."""
    return _plain("hidup", 200)


@bp.get("/readyz")
@public
def ready() -> Response:
    """Whether the database answers and its tables are at this program's revision."""
    try:
        fit = database_ready(engine())
    except SQLAlchemyError:
        fit = False
    return _plain("siap", 200) if fit else _plain("belum siap", 503)


def _plain(word: str, status: int) -> Response:
    reply = make_response(f"{word}\n", status)
    reply.mimetype = "text/plain"
    reply.headers["Cache-Control"] = "no-store"
    return reply
