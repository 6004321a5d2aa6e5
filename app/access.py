"""Who may enter: every view wears `@public`, `@signed_in` or `@only(...)`."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit, urlunsplit

from flask import abort, current_app, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

View = TypeVar("View", bound=Callable[..., Any])


class Role(StrEnum):
    """What a person may do here. Everybody who registers is a resident."""

    RESIDENT = "resident"
    TRAINER = "trainer"
    ANALYST = "analyst"
    ADMIN = "admin"


def public(view: View) -> View:
    """Anybody may enter."""
    view.access = "public"  # type: ignore[attr-defined]  # a mark of ours
    return view


def signed_in(view: View) -> View:
    """Anybody who has signed in may enter."""
    return only(*Role)(view)


def only(*roles: Role) -> Callable[[View], View]:
    """People with one of these roles may enter; guests are asked to sign in, others read a clear no (403)."""

    def wear(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return _to_sign_in()
            if not current_user.roles.intersection(roles):
                abort(403)
            return view(*args, **kwargs)

        guarded.access = frozenset(roles)  # type: ignore[attr-defined]  # a mark of ours
        return cast(View, guarded)

    return wear


class SignedOut(Exception):
    """This browser was signed in, and its session ended meanwhile; `back` is the page the person was on."""

    def __init__(self, back: str | None) -> None:
        super().__init__()
        self.back = back


def _to_sign_in() -> Response:
    """To the sign-in page, and back afterwards: here when this was only a look, else to the page with the form."""
    back = request.full_path.rstrip("?") if request.method == "GET" else _came_from()
    if session.pop("_user_id", None) is not None:
        raise SignedOut(back)
    return redirect(url_for("accounts.sign_in", lanjut=back))


def _came_from() -> str | None:
    """The page of this site from which a form was sent, if it can be opened again."""
    try:
        page = urlsplit(request.referrer or "")
    except ValueError:
        return None
    if page.netloc != request.host or not current_app.url_map.bind("").test(page.path, "GET"):
        return None
    return inside(urlunsplit(("", "", page.path, page.query, "")))


def inside(target: str | None) -> str | None:
    """The target when it is a path of this site, else None (no open redirect).

    Only a path of plain characters is accepted: what a browser could read as another host is not.
    """
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(c) < 0x21 or c in "\\@" or ord(c) > 0x7E for c in target) or "%5c" in target.lower():
        return None
    path = target.split("?", 1)[0]
    return None if "//" in path or "%2f" in path.lower() or ":" in path else target
