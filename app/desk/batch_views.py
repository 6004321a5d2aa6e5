"""Doors of certificates for many at once: choose people, confirm their names, watch the progress, fetch the papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from app import clock
from app.access import Role, only
from app.accounts import regions, staff
from app.accounts.rules import shown
from app.certificate import batches, bundle, choosing
from app.certificate.code import grouped
from app.certificate.models import Batch
from app.certificate.register import KINDS
from app.db import engine, session, transaction
from app.desk import rules
from app.desk.batch_forms import BundleForm, ChooseForm
from app.desk.blueprint import bp
from app.enrollment.acts import act_of, new_act
from app.errors import N_, Refused

ALL = "/kelola/sertifikat/massal"
ONE = f"{ALL}/<uuid>"


@bp.get(ALL)
@only(Role.ADMIN)
def batches_() -> Any:
    """Chooses for whom, and shows what was issued so before."""
    return _choosing(ChooseForm(choosing.titles(session())))


def _choosing(form: ChooseForm, status: int = 200) -> Any:
    last = rules.last_page(batches.count(session()))
    page = rules.page_number(request.args.get("halaman"), last)
    shown_page = render_template(
        "desk/batches.html",
        form=form,
        courses=list(form.titles.items()),
        kinds={kind: gettext(words) for kind, words in KINDS.items()},
        regions=[(code, gettext(name)) for code, name in regions.CHOICES],
        batches=batches.listed(session(), rules.PAGE, (page - 1) * rules.PAGE),
        page=page,
        last=last,
    )
    return shown_page, status


@bp.post(f"{ALL}/orang")
@only(Role.ADMIN)
def batch_people() -> Any:
    """Who would get a certificate, who has one, and who cannot have one yet."""
    form = ChooseForm(choosing.titles(session()), request.form)
    return _people(form, new_act(), {}, None) if form.validate() else _choosing(form, 422)


@bp.post(ALL)
@only(Role.ADMIN)
def batch_make() -> Any:
    """Makes a batch for those whose name was confirmed."""
    form = ChooseForm(choosing.titles(session()), request.form)
    act = act_of(request.form.get("tindakan"))
    if not form.validate():
        return _choosing(form, 422)
    names = {number: request.form.get(f"nama-{number}", "") for number in _picked()}
    wish = form.wish()
    try:
        with transaction() as s:
            staff.allowed(s, current_user.id)
            title = form.title.data or form.titles[wish.course]
            made = batches.make(s, act, wish.course, wish.kind, title, names, current_user.id, clock.now())
    except Refused as no:
        return _people(form, act, names, no)
    return redirect(url_for("desk.batch", uuid=made.uuid))


def _picked() -> set[int]:
    """The enrollments that are ticked."""
    return {int(one) for one in request.form.getlist("pilih") if one.isascii() and one.isdigit() and len(one) < 19}


def _people(form: ChooseForm, act: str, typed: Mapping[int, str], no: Refused | None) -> Any:
    wish = form.wish()
    try:
        found = choosing.people(session(), wish)
    except Refused as refusal:
        form.refuse("names", refusal)
        return _choosing(form, 422)
    wrong = no.names if isinstance(no, batches.NamesRefused) else {}
    page = render_template(
        "desk/batch_people.html",
        form=form,
        wish=wish,
        found=found,
        act=act,
        typed=typed,
        no=no,
        wrong={number: gettext(one.message, **one.facts) for number, one in wrong.items()},
        kinds=KINDS,
        course=form.titles[wish.course],
        region=gettext(regions.name_of(wish.region)) if wish.region else "",
        name_of=regions.name_of,
        shown=shown,
        grouped=grouped,
        most=choosing.MOST,
    )
    return page, 422 if no else 200


@bp.get(ONE)
@only(Role.ADMIN)
def batch(uuid: str) -> Any:
    """How far a batch is; looks again by itself while something moves, unless asked not to."""
    row = _known(uuid)
    far = batches.progress(session(), [row.id])[row.id]
    last = rules.last_page(far.total)
    page = rules.page_number(request.args.get("halaman"), last)
    return render_template(
        "desk/batch.html",
        batch=row,
        far=far,
        watched=far.moves and request.args.get("diam") is None,
        course=choosing.titles(session()).get(row.course, row.course),
        kinds=KINDS,
        places=batches.places(session(), row, rules.PAGE, (page - 1) * rules.PAGE),
        page=page,
        last=last,
        grouped=grouped,
        # Not `_`, which takes its words for our own: in a stored sentence there may stand what others wrote.
        said=gettext,
    )


@bp.post(f"{ONE}/ulangi")
@only(Role.ADMIN)
def batch_retry(uuid: str) -> Any:
    """Gives those for whom it failed another turn."""
    row = _known(uuid)
    with transaction() as s:
        staff.allowed(s, current_user.id)
        batches.retry(s, row, current_user.id, clock.now())
    flash(gettext(N_("Yang gagal masuk antrean lagi.")))
    return redirect(url_for("desk.batch", uuid=uuid))


@bp.route(f"{ONE}/unduh", methods=["GET", "POST"])
@only(Role.ADMIN)
def batch_download(uuid: str) -> Any:
    """The finished papers of a batch in one file, once it is said what for."""
    row, form, now = _known(uuid), BundleForm(request.form), clock.now()
    if request.method != "POST" or not form.validate():
        return _asking(row, form)
    try:
        with transaction() as s:
            staff.allowed(s, current_user.id)
            papers = bundle.packed(s, row, form.reason, current_user.id, now)
    except Refused as no:
        form.refuse("because", no)
        return _asking(row, form)
    reply = Response(bundle.streamed(engine(), papers, now), mimetype="application/zip")
    reply.headers["Content-Disposition"] = f'attachment; filename="sertifikat-{row.course}-{row.uuid[:8]}.zip"'
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _asking(row: Batch, form: BundleForm) -> Any:
    far = batches.progress(session(), [row.id])[row.id]
    return render_template("desk/batch_download.html", batch=row, form=form, far=far), 422 if form.errors else 200


def _known(uuid: str) -> Batch:
    return batches.of(session(), uuid) or abort(404)
