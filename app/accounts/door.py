"""Letting a person in and out of this browser."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, request, session, url_for
from flask_babel import gettext
from flask_login import login_user, logout_user

from app.access import Role
from app.accounts import consents, limits, rules
from app.accounts.queries import CurrentUser
from app.i18n import language

# After these roles the first page is that of the duty; a resident goes on learning.
_FIRST_PAGE = (
    (Role.ADMIN, "desk.people"),
    (Role.ANALYST, "stats.overview"),
    (Role.TRAINER, "authoring.courses"),
    (Role.RESIDENT, "enrollment.mine"),
)


def enter(user: CurrentUser) -> None:
    """A new cookie for this person; nothing of an older session stays in it."""
    session.clear()
    session.permanent = not user.shared
    login_user(user)


def entered(user: CurrentUser, typed: str, target: str) -> Response:
    """Lets the person in, remembers the device as theirs unless it is shared, and goes on."""
    enter(user)
    response = make_response(redirect(target))
    if not user.shared:
        limits.remember_device(response, typed)
    return response


def left(sentence: str) -> Response:
    """The front page after a person has gone, with the browser told to forget what it kept."""
    logout_user()
    session.clear()
    flash(sentence)
    response = make_response(redirect(url_for("home.front")))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def first_page(user: CurrentUser) -> str:
    """Where this person begins."""
    return url_for(next((endpoint for role, endpoint in _FIRST_PAGE if role in user.roles), "home.front"))


def device() -> str:
    """The device of this request in words."""
    return rules.device(request.user_agent.string[:400])


def worded(purpose: str) -> rules.Wording:
    """The sentence of a consent as this page shows it."""
    return consents.wording(purpose, gettext(consents.SENTENCES[purpose]), language())
