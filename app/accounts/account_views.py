"""Doors: my account, my name and kelurahan, what I agreed to tell, my password, my devices."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from app import clock
from app.access import Role, signed_in
from app.accounts import (
    actions,
    consents,
    door,
    forms,
    limits,
    passwords,
    queries,
    regions,
    role_names,
    rules,
    strength,
)
from app.accounts.blueprint import bp
from app.accounts.models import User
from app.db import session, transaction
from app.errors import N_, Refused


def me() -> User:
    """The row of the person of this request."""
    return queries.person(session(), current_user.id) or abort(404)


@bp.get("/akun")
@signed_in
def account() -> Any:
    """What we hold, in short, and everything one can do about it."""
    user = me()
    return render_template(
        "accounts/account.html",
        user=user,
        names=[rules.shown(name) for name in queries.names_of(user)],
        duties=role_names.listed(current_user.roles - {Role.RESIDENT}),
        region=gettext(regions.name_of(user.region)),
        devices=queries.devices(session(), current_user.id, clock.now()),
        agreed=queries.agreed(session(), current_user.id, consents.ABOUT_ME),
    )


@bp.route("/akun/profil", methods=["GET", "POST"])
@signed_in
def profile() -> Any:
    """Corrects the name and the kelurahan."""
    form = forms.ProfileForm(request.form, obj=me())
    if form.validate_on_submit():
        with transaction() as s:
            actions.correct_profile(s, current_user.id, rules.full_name(form.name.data), form.region.data)
        flash(gettext(N_("Profil Anda sudah diperbarui.")))
        return redirect(url_for("accounts.account"))
    page = render_template("accounts/profile.html", form=form, regions=forms.region_groups())
    return page, 422 if form.is_submitted() else 200


@bp.route("/akun/isian-opsional", methods=["GET", "POST"])
@signed_in
def about_me() -> Any:
    """Gives the consent for three optional facts, with the facts."""
    user = me()
    kept = {
        "gender": user.gender or "",
        "education": str(user.education or ""),
        "occupation": str(user.occupation or ""),
    }
    form = forms.AboutMeForm(request.form, data=kept)
    if form.validate_on_submit():
        if form.agree.data:
            with transaction() as s:
                actions.agree(s, current_user.id, form.facts(), door.worded(consents.ABOUT_ME), clock.now())
            flash(gettext(N_("Isian opsional Anda tersimpan.")))
            return redirect(url_for("accounts.account"))
        form.refuse("agree", Refused(N_("Centang persetujuan ini agar isian Anda disimpan.")))
    page = render_template(
        "accounts/about_me.html",
        form=form,
        agreed=queries.agreed(session(), current_user.id, consents.ABOUT_ME),
        genders=forms.gender_groups(),
        educations=forms.education_groups(),
        occupations=forms.occupation_groups(),
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/akun/isian-opsional/tarik")
@signed_in
def withdraw() -> Any:
    """Takes the consent back; the facts are gone at once."""
    with transaction() as s:
        actions.withdraw(s, current_user.id, door.worded(consents.ABOUT_ME), clock.now())
    flash(gettext(N_("Persetujuan ditarik. Isian opsional Anda sudah dihapus.")))
    return redirect(url_for("accounts.account"))


@bp.route("/akun/sandi", methods=["GET", "POST"])
@signed_in
def password() -> Any:
    """Changes the password; all other devices are signed out and this one gets a new session."""
    user = me()
    own_names = [user.name, *(name.value for name in queries.names_of(user))]
    form = forms.PasswordForm(request.form, own_names=own_names)
    if form.validate_on_submit():
        try:
            kept = proved(user, form.old.data)
        except Refused as no:
            form.refuse("old", no)
        else:
            now, new_hash = clock.now(), passwords.hashed(form.password.data)
            with transaction() as s:
                changed = actions.change_password(s, current_user.id, kept, new_hash, now)
                entered = actions.open_session(s, changed, door.device(), current_user.shared, now)
            door.enter(entered)
            flash(gettext(N_("Kata sandi sudah diganti. Perangkat lain sudah dikeluarkan.")))
            return redirect(url_for("accounts.account"))
    return render_template("accounts/password.html", form=form), 422 if form.is_submitted() else 200


def proved(user: User, typed: str) -> str:
    """The hash that the password of this person matches. Raises Refused when it does not, 429 after too many tries."""
    names = queries.names_of(user)
    limits.count_guess(names[0].value)
    kept = user.password_hash
    if not passwords.check(kept, typed[: strength.MOST + 1]).right:
        raise Refused(N_("Kata sandi ini tidak cocok. Belum ada yang berubah."))
    limits.forgive(names[0].value)
    return kept


@bp.post("/akun/perangkat/<int(max=2147483647):device>/keluarkan")
@signed_in
def end_device(device: int) -> Any:
    """Signs one of my devices out."""
    if device == current_user.session_id:
        abort(404)
    with transaction() as s:
        mine = actions.end_session(s, current_user.id, device, clock.now())
    if not mine:
        abort(404)
    flash(gettext(N_("Perangkat itu sudah dikeluarkan.")))
    return redirect(url_for("accounts.account"))


@bp.post("/akun/perangkat/keluarkan-lain")
@signed_in
def end_other_devices() -> Any:
    """Signs every device out but this one."""
    with transaction() as s:
        actions.end_sessions(s, current_user.id, clock.now(), keep=current_user.session_id)
    flash(gettext(N_("Semua perangkat lain sudah dikeluarkan.")))
    return redirect(url_for("accounts.account"))
