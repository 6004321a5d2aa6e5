"""Doors: everything held about me, as a page and as a file, and leaving."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext
from flask_login import current_user

from app import clock, i18n
from app.access import signed_in
from app.accounts import door, export, forms, leaving
from app.accounts.account_views import me, proved
from app.accounts.blueprint import bp
from app.db import session, transaction
from app.errors import N_, Refused


@bp.get("/akun/data")
@signed_in
def data() -> Any:
    """Everything we hold about the person, to read."""
    found = export.held(session(), current_user.id)
    told = {
        gettext(name): [[(gettext(label), _told(value)) for label, value in row.items()] for row in rows]
        for name, rows in found.items()
    }
    return render_template("accounts/data.html", told=told)


def _told(value: object) -> str:
    """A value as people here read it."""
    if value is None or value == "":
        return str(gettext(N_("Tidak ada")))
    if isinstance(value, bool):
        return str(gettext(N_("Ya")) if value else gettext(N_("Tidak")))
    if isinstance(value, datetime):
        return i18n.moment(value)
    if isinstance(value, date):
        return i18n.long_date(value)
    if isinstance(value, int | float):
        return i18n.number(value, 0 if isinstance(value, int) else 1)
    return str(gettext(value)) if isinstance(value, export.Word) else str(value)


@bp.get("/akun/data/unduh")
@signed_in
def data_download() -> Any:
    """The same as a file for a machine."""
    found = export.held(session(), current_user.id)
    plain = {
        name: [{label: export.plain(value) for label, value in row.items()} for row in rows]
        for name, rows in found.items()
    }
    content = json.dumps({"dibuat": clock.now().isoformat(), "data": plain}, ensure_ascii=False, indent=1)
    return Response(
        content,
        mimetype="application/json",
        headers={"Content-Disposition": 'attachment; filename="data-saya-cakap-bontang.json"'},
    )


@bp.route("/akun/hapus", methods=["GET", "POST"])
@signed_in
def leave() -> Any:
    """Deletes the account after the password was typed again."""
    form = forms.LeaveForm(request.form)
    if form.validate_on_submit():
        try:
            kept = proved(me(), form.password.data)
            with transaction() as s:
                leaving.delete(s, current_user.id, kept, clock.now(), wholly=bool(form.wholly.data))
        except Refused as no:
            form.refuse("password", no)
        else:
            return door.left(gettext(N_("Akun Anda sudah dihapus. Terima kasih sudah belajar bersama kami.")))
    return render_template("accounts/leave.html", form=form), 422 if form.is_submitted() else 200
