"""Doors: register, sign in, sign out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session

from app import clock, throttle
from app.access import inside, public, signed_in
from app.accounts import (
    account_views,
    actions,
    consents,
    data_views,
    door,
    forms,
    limits,
    passwords,
    people,
    presence,
    queries,
    recovery_views,
    rules,
    strength,
)
from app.accounts.blueprint import bp
from app.accounts.queries import CurrentUser
from app.db import session as reading
from app.db import transaction
from app.errors import N_, Refused

# The other views of this slice hang their doors on the same blueprint.
__all__ = ["account_views", "bp", "data_views", "presence", "recovery_views"]

NO_MATCH = N_("Nama atau kata sandi ini tidak cocok. Periksa lagi, atau pulihkan akun Anda.")
CLOSED = N_("Akun ini dinonaktifkan. Hubungi petugas di kantor kelurahan Anda.")


@bp.route("/daftar", methods=["GET", "POST"])
@public
def register() -> Any:
    """A new account in six fields, and signed in with it."""
    back = inside(request.args.get("lanjut"))
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(back or door.first_page(current_user))
    form = forms.RegisterForm(request.form)
    if form.is_submitted():
        if _minor(form.birth_year.data or ""):
            return render_template("accounts/too_young.html"), 422
        if form.validate() and (user := _registered(form)) is not None:
            return door.entered(user, form.sign_in.data, back or url_for("course.catalogue"))
    page = render_template(
        "accounts/register.html",
        form=form,
        back=back,
        regions=forms.region_groups(),
        genders=forms.gender_groups(),
        educations=forms.education_groups(),
        occupations=forms.occupation_groups(),
    )
    return page, 422 if form.is_submitted() else 200


def _minor(typed: str) -> bool:
    """Whether the year typed is a year, and one that makes the person under 18."""
    this_year = clock.now().astimezone(clock.WITA).year
    if not (len(typed) == 4 and typed.isascii() and typed.isdigit()):
        return False
    return this_year - people.OLDEST <= int(typed) <= this_year and not people.adult(int(typed), this_year)


def _registered(form: forms.RegisterForm) -> CurrentUser | None:
    """Signed in with the new account, or with the same one when sent twice; None when the name is taken."""
    throttle.count(limits.NEWCOMERS, "register", throttle.here())
    name = rules.sign_in_name(form.sign_in.data)
    newcomer = rules.Newcomer(rules.full_name(form.name.data), name, form.region.data, int(form.birth_year.data))
    agreed = actions.Agreed(
        adult=door.worded(consents.ADULT),
        about_me=door.worded(consents.ABOUT_ME) if form.agree.data and form.facts() else None,
        facts=form.facts(),
    )
    password_hash = passwords.hashed(form.password.data)
    now = clock.now()
    try:
        with transaction() as s:
            user = actions.register(s, newcomer, password_hash, agreed, now)
            _end_previous(s, now)
            return actions.open_session(s, user, door.device(), False, now)
    except actions.Taken as no:
        # The same form sent twice comes from the owner, who knows the password; anybody else reads that it is taken.
        try:
            return _signed_in_as(form.sign_in.data, form.password.data, shared=False, now=now)
        except Refused:
            form.refuse("sign_in", no)
            return None


@bp.route("/masuk", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    """Signs in with a user name, a phone number or an e-mail address."""
    back = inside(request.args.get("lanjut"))
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(back or door.first_page(current_user))
    form = forms.SignInForm(request.form)
    if form.validate_on_submit():
        try:
            user = _signed_in_as(form.sign_in.data, form.password.data, shared=form.shared.data, now=clock.now())
            return door.entered(user, form.sign_in.data, back or door.first_page(user))
        except Refused as no:
            form.refuse("sign_in", no)
    return render_template("accounts/sign_in.html", form=form, back=back), 422 if form.is_submitted() else 200


def _signed_in_as(typed: str, password: str, *, shared: bool, now: datetime) -> CurrentUser:
    """Opens a session for who knows the password; others are refused in the same words after the same work."""
    limits.count_guess(typed)
    try:
        user = queries.named(reading(), rules.sign_in_name(typed))
    except Refused:
        user = None
    # The row is forgotten when the transaction below begins, so what is needed of it is taken now.
    user_id, kept, closed = (user.id, user.password_hash, user.disabled_at is not None) if user else (0, None, False)
    verdict = passwords.check(kept, password[: strength.MOST + 1])
    if kept is None or not verdict.right:
        raise Refused(NO_MATCH)
    if closed:
        raise Refused(CLOSED)
    with transaction() as s:
        entered = actions.sign_in(s, user_id, kept, verdict.renewed, door.device(), shared, now)
        if entered is None:
            raise Refused(NO_MATCH)
        _end_previous(s, now)
    limits.forgive(typed)
    return entered


def _end_previous(s: Session, now: datetime) -> None:
    """Whoever was signed in on this browser before is signed out of it."""
    if current_user.is_authenticated:
        actions.end_session(s, current_user.id, current_user.session_id, now)


@bp.post("/keluar")
@signed_in
def sign_out() -> Any:
    """Ends the session on the server and leaves nothing of the person in the browser."""
    with transaction() as s:
        actions.end_session(s, current_user.id, current_user.session_id, clock.now())
    return door.left(gettext(N_("Anda sudah keluar. Halaman pribadi Anda tidak lagi terbuka di perangkat ini.")))
