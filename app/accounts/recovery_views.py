"""Doors: back in with a one-time code, and asking for one by e-mail."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from app import clock, mail, throttle
from app.access import public
from app.accounts import forms, limits, passwords, recovery, rules
from app.accounts.blueprint import bp
from app.db import transaction
from app.errors import N_, Refused

# A letter is written only for an account that exists; the page comes after the same time in any case.
_SAME_TIME = 0.25


@bp.route("/pulihkan", methods=["GET", "POST"])
@public
def recover() -> Any:
    """Sets a new password with a one-time code."""
    form = forms.RecoverForm(request.form)
    if form.validate_on_submit():
        limits.count_guess(form.sign_in.data)
        try:
            _recover(form)
        except Refused as no:
            form.refuse("code", no)
        else:
            limits.forgive(form.sign_in.data)
            flash(gettext(N_("Kata sandi baru tersimpan. Silakan masuk.")))
            return redirect(url_for("accounts.sign_in"))
    page = render_template("accounts/recover.html", form=form, by_mail=bool(current_app.config["SMTP_HOST"]))
    return page, 422 if form.is_submitted() else 200


def _recover(form: forms.RecoverForm) -> None:
    password_hash = passwords.hashed(form.password.data)
    try:
        name = rules.sign_in_name(form.sign_in.data)
    except Refused as no:
        raise Refused(recovery.NO_MATCH) from no
    with transaction() as s:
        recovery.recover(s, name, form.code.data, password_hash, clock.now())


@bp.route("/pulihkan/surel", methods=["GET", "POST"])
@public
def recover_by_mail() -> Any:
    """Asks for a code by e-mail; the answer is the same whether there is such an account or not."""
    if not current_app.config["SMTP_HOST"]:
        return redirect(url_for("accounts.recover"))
    form = forms.LetterForm(request.form)
    if form.validate_on_submit():
        began = time.monotonic()
        throttle.count(limits.LETTERS_PER_ADDRESS, "letter", throttle.here())
        throttle.count(limits.LETTERS_PER_NAME, "letter", limits.name_key(form.email.data))
        with transaction() as s:
            _write_letter(s, rules.sign_in_name(form.email.data), clock.now())
        time.sleep(max(0.0, _SAME_TIME - (time.monotonic() - began)))
        return render_template("accounts/letter_sent.html")
    return render_template("accounts/recover_by_mail.html", form=form), 422 if form.is_submitted() else 200


def _write_letter(s: Session, name: rules.SignInName, now: datetime) -> None:
    made = recovery.code_by_mail(s, name, now)
    if made is None:
        return
    recipient, code = made
    text = N_(
        "Seseorang meminta kode pemulihan untuk akun Cakap Bontang dengan surel ini.\n\n"
        "Kode Anda: %(code)s\n\n"
        "Tulis kode itu di %(address)s dalam 2 jam. Kode ini hanya dapat dipakai 1 kali.\n"
        "Jangan berikan kode ini kepada siapa pun, juga tidak kepada petugas.\n\n"
        "Jika Anda tidak memintanya, abaikan surel ini. Akun Anda tetap aman.\n"
    )
    address = current_app.config["BASE_URL"] + url_for("accounts.recover")
    mail.write(
        s, recipient, gettext(N_("Kode pemulihan Cakap Bontang")), gettext(text, code=code, address=address), now
    )
