"""Builds the application; the one module that knows every slice."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, current_app, url_for
from flask_compress import Compress
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from app import clock, cookies, db, failures, headers, i18n, menu, throttle
from app.access import Role
from app.accounts import queries as accounts_queries
from app.accounts import views as accounts
from app.api import views as api
from app.authoring import views as authoring
from app.bank import views as bank
from app.certificate import views as certificate
from app.course import views as course
from app.desk import views as desk
from app.enrollment import views as enrollment
from app.home import views as home
from app.practice import views as practice
from app.quiz import views as quiz
from app.stats import views as stats

SLICES = (home, accounts, course, enrollment, quiz, practice, certificate, authoring, bank, stats, desk, api)


def build(settings: Mapping[str, Any]) -> Flask:
    """A Flask application with these settings, and every slice."""
    app = Flask("app", root_path=str(Path(__file__).parent))
    app.config.update(settings)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        url_for=address,
        static_url=static_url,
        Role=Role,
        language=i18n.language,
        languages=i18n.LANGUAGES,
        contact=i18n.contact,
        menu=menu.lines,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of the default provider
    if hops := app.config.get("TRUSTED_PROXIES"):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]  # Flask says to

    app.session_interface = cookies.Sessions(app)
    db.init_app(app)
    i18n.init_app(app)
    failures.init_app(app)
    CSRFProtect(app)
    _sign_in(app)
    throttle.init_app(app)
    # Level 5 costs a third of the CPU of the default 11 and a few per cent more bytes.
    app.config.setdefault("COMPRESS_ALGORITHM", ["br", "zstd", "gzip"])
    app.config.setdefault("COMPRESS_BR_LEVEL", 5)
    app.config.setdefault("COMPRESS_MIN_SIZE", 400)
    Compress(app)
    headers.init_app(app)

    for slice_ in SLICES:
        app.register_blueprint(slice_.bp)
    app.view_functions["static"].access = "public"  # type: ignore[union-attr]  # a mark of ours
    return app


def _sign_in(app: Flask) -> None:
    manager = LoginManager(app)
    # Our own rows decide how long a session lives; see accounts.models.LoginSession.
    manager.session_protection = None
    manager._session_identifier_generator = str  # a hash of the device, which only that protection would compare
    manager.user_loader(lambda token: accounts_queries.signed_in(db.session(), token, clock.now()))


def _addresses() -> dict[str, str]:
    """Addresses that are the same on every page; each is put together once."""
    kept: dict[str, str] = current_app.extensions.setdefault("addresses", {})
    return kept


def address(endpoint: str, **values: Any) -> str:
    """`url_for(…)` in templates."""
    if values or endpoint.startswith("."):
        return url_for(endpoint, **values)
    kept = _addresses()
    if endpoint not in kept:
        kept[endpoint] = url_for(endpoint)
    return kept[endpoint]


def static_url(name: str) -> str:
    """The address of a static file with a hash of its content, so that it may be cached for ever."""
    kept = _addresses()
    if (key := f"static/{name}") not in kept:
        content = (Path(__file__).parent / "static" / name).read_bytes()
        kept[key] = url_for("static", filename=name, v=hashlib.blake2s(content, digest_size=5).hexdigest())
    return kept[key]
