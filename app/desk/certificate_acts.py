"""Doors of the register that act on one certificate: each asks once more, and for a reason."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from app import clock
from app.access import Role, only
from app.accounts import staff
from app.certificate import lifecycle, queries, sending
from app.certificate.actions import NameRefused
from app.certificate.code import grouped, normalise
from app.db import session, transaction
from app.desk import actions
from app.desk.blueprint import bp
from app.desk.certificate_views import ONE, One, known
from app.desk.forms import BecauseForm, CorrectForm, RemoveForm
from app.enrollment.acts import act_of, new_act
from app.errors import N_


@bp.route(f"{ONE}/cabut", methods=["GET", "POST"])
@only(Role.ADMIN)
def certificate_revoke(code: str) -> Any:
    """Takes a certificate back."""
    one, form = known(code), BecauseForm(request.form)
    if request.method != "POST" or not form.validate():
        return _page("revoke", one, form)
    with transaction() as s:
        if actions.still_to_do(s, one.code, _seen(), "revoked", form.reason, current_user.id):
            lifecycle.revoke(s, one.code, form.reason, current_user.id, clock.now())
    flash(gettext(N_("Sertifikat dicabut. Siapa pun yang memeriksanya membaca alasannya.")))
    return _back(one)


@bp.route(f"{ONE}/pulihkan", methods=["GET", "POST"])
@only(Role.ADMIN)
def certificate_reinstate(code: str) -> Any:
    """Makes a revoked certificate valid again."""
    one, form = known(code), BecauseForm(request.form)
    if request.method != "POST" or not form.validate():
        return _page("reinstate", one, form)
    with transaction() as s:
        if actions.still_to_do(s, one.code, _seen(), "reinstated", form.reason, current_user.id):
            lifecycle.reinstate(s, one.code, form.reason, current_user.id, clock.now())
    flash(gettext(N_("Sertifikat berlaku lagi.")))
    return _back(one)


@bp.route(f"{ONE}/koreksi", methods=["GET", "POST"])
@only(Role.ADMIN)
def certificate_correct(code: str) -> Any:
    """Gives a certificate the right name, as its next edition."""
    one = known(code)
    form = CorrectForm(request.form, holder=one.row.holder)
    if request.method != "POST" or not form.validate():
        return _page("correct", one, form)
    edition = request.form.get("edisi", "")
    seen = int(edition) if edition.isascii() and edition.isdigit() and len(edition) < 8 else abort(400)
    try:
        with transaction() as s:
            staff.allowed(s, current_user.id)
            lifecycle.correct(
                s, one.code, form.holder.data or "", form.reason,
                seen=seen, by=current_user.id, now=clock.now(), settings=current_app.config,
            )  # fmt: skip
    except NameRefused as no:
        form.refuse("holder", no)
        return _page("correct", known(code), form)
    flash(gettext(N_("Nama dikoreksi. Edisi baru berlaku, dengan kode yang sama.")))
    return _back(one)


@bp.route(f"{ONE}/hapus", methods=["GET", "POST"])
@only(Role.ADMIN)
def certificate_remove(code: str) -> Any:
    """Removes a certificate because its holder asked for it."""
    if request.method == "POST" and queries.by_code(session(), normalise(code)) is None:
        return _gone()
    one, form = known(code), RemoveForm(request.form)
    if request.method != "POST" or not form.validate():
        return _page("remove", one, form)
    try:
        with transaction() as s:
            actions.still_to_do(s, one.code, _seen(), "removed", form.reason, current_user.id)
            lifecycle.remove(s, one.code, form.reason, current_user.id, clock.now())
    except actions.Gone:
        return _gone()
    flash(gettext(N_("Sertifikat dihapus. Kodenya tidak ditemukan lagi.")))
    return redirect(url_for("desk.certificates"), 303)


@bp.route(f"{ONE}/kirim", methods=["GET", "POST"])
@only(Role.ADMIN)
def certificate_send(code: str) -> Any:
    """What to hand over to the holder: link and code, on paper or by e-mail."""
    one = known(code)
    if request.method == "POST":
        act = act_of(request.form.get("tindakan"))
        with transaction() as s:
            staff.allowed(s, current_user.id)
            recipient = sending.send(s, one.code, act, current_user.id, clock.now(), current_app.config)
        flash(gettext(N_("Surel untuk %(recipient)s sudah ditulis dan segera dikirim."), recipient=recipient))
        return _back(one)
    return render_template(
        "desk/certificate_send.html",
        row=one.row,
        code=grouped(one.code),
        address=queries.address(current_app.config["BASE_URL"], one.code),
        recipient=sending.reachable(session(), one.row, current_app.config),
        act=new_act(),
    )


def _page(act: str, one: One, form: BecauseForm) -> tuple[str, int]:
    page = render_template(
        "desk/certificate_act.html", act=act, one=one, row=one.row, form=form, code=grouped(one.code)
    )
    return page, 422 if form.errors else 200


def _gone() -> Response:
    """Pressed twice, or removed by another: once is once."""
    flash(gettext(N_("Tidak ada sertifikat dengan kode ini.")))
    return redirect(url_for("desk.certificates"), 303)


def _back(one: One) -> Response:
    return redirect(url_for("desk.certificate", code=grouped(one.code)), 303)


def _seen() -> int:
    """The number of the last act that the page of this form knew; a form without it was not ours (400)."""
    sent = request.form.get("terakhir", "")
    if not (sent.isascii() and sent.isdigit() and len(sent) < 19):
        abort(400)
    return int(sent)
