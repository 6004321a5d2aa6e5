"""Doors of the desk: people, one person, what was done."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from app import clock
from app.access import Role, only
from app.accounts import queries as accounts
from app.accounts import recovery, regions, role_names, staff
from app.accounts.models import User
from app.accounts.rules import shown
from app.db import session, transaction
from app.desk import batch_views, certificate_acts, certificate_views, queries, rules, sentences
from app.desk.blueprint import bp
from app.desk.forms import ExtraTimeForm
from app.errors import N_
from app.quiz import allowances
from app.quiz import queries as quizzes

__all__ = ["batch_views", "bp", "certificate_acts", "certificate_views"]  # doors on the same blueprint
_PERSON = "/kelola/orang/<int(max=2147483647):person>"


@bp.get("/kelola")
@only(Role.ADMIN)
def people() -> Any:
    """Everybody with an account, to search by name or sign-in name."""
    wanted = request.args.get("cari", "")[:120].strip()
    count = queries.count(session(), wanted)
    last = rules.last_page(count)
    page = rules.page_number(request.args.get("halaman"), last)
    found = queries.people(session(), wanted, page)
    return render_template(
        "desk/people.html",
        wanted=wanted,
        count=count,
        page=page,
        last=last,
        people=[(user, _names(user), _roles(user)) for user in found],
    )


@bp.get(_PERSON)
@only(Role.ADMIN)
def person(person: int) -> Any:
    """One account: who it is, what roles it has, and what the desk may do for it."""
    return _person_page(_known(person), ExtraTimeForm())


def _person_page(user: User, form: ExtraTimeForm) -> str:
    held = accounts.roles_of(user.roles)
    allowance = quizzes.allowance(session(), user.id)
    return render_template(
        "desk/person.html",
        user=user,
        form=form,
        extra=allowance.extra_percent if allowance else 0,
        names=_names(user),
        region=gettext(regions.name_of(user.region)),
        roles=[(role, role_names.name(role), role in held) for role in Role],
        devices=len(accounts.devices(session(), user.id, clock.now())),
    )


@bp.post(f"{_PERSON}/peran/<any(resident, trainer, analyst, admin):role>/beri")
@only(Role.ADMIN)
def grant(person: int, role: str) -> Any:
    """Gives a role."""
    _known(person)
    with transaction() as s:
        staff.grant(s, person, Role(role), current_user.id, clock.now())
    flash(gettext(N_("Peran %(role)s sudah diberikan."), role=role_names.name(Role(role))))
    return redirect(url_for("desk.person", person=person))


@bp.post(f"{_PERSON}/peran/<any(resident, trainer, analyst, admin):role>/cabut")
@only(Role.ADMIN)
def take(person: int, role: str) -> Any:
    """Takes a role."""
    _known(person)
    with transaction() as s:
        staff.take(s, person, Role(role), current_user.id, clock.now())
    flash(gettext(N_("Peran %(role)s sudah dicabut."), role=role_names.name(Role(role))))
    # Who gave up the desk cannot go on reading it.
    own_desk = person == current_user.id and role == Role.ADMIN
    return redirect(url_for("accounts.account") if own_desk else url_for("desk.person", person=person))


@bp.route(f"{_PERSON}/nonaktifkan", methods=["GET", "POST"])
@only(Role.ADMIN)
def disable(person: int) -> Any:
    """Closes an account, after asking once more."""
    user = _known(person)
    if request.method != "POST":
        return render_template("desk/disable.html", user=user, names=_names(user))
    with transaction() as s:
        staff.disable(s, person, current_user.id, clock.now())
    flash(gettext(N_("Akun dinonaktifkan. Semua perangkatnya sudah dikeluarkan.")))
    return redirect(url_for("desk.person", person=person))


@bp.post(f"{_PERSON}/aktifkan")
@only(Role.ADMIN)
def enable(person: int) -> Any:
    """Opens a closed account again."""
    _known(person)
    with transaction() as s:
        staff.enable(s, person, current_user.id, clock.now())
    flash(gettext(N_("Akun aktif lagi.")))
    return redirect(url_for("desk.person", person=person))


@bp.post(f"{_PERSON}/kode")
@only(Role.ADMIN)
def recovery_code(person: int) -> Any:
    """A one-time code for somebody who forgot the password: on this page, once, and nowhere else."""
    user = _known(person)
    name, names = user.name, _names(user)
    with transaction() as s:
        code, until = recovery.make_code(s, person, current_user.id, clock.now())
    page = render_template("desk/recovery_code.html", person=person, name=name, names=names, code=code, until=until)
    return make_response(page)


@bp.post(f"{_PERSON}/waktu/beri")
@only(Role.ADMIN)
def grant_time(person: int) -> Any:
    """Grants extra time for quizzes and tests, or changes how much."""
    user = _known(person)
    form = ExtraTimeForm(request.form)
    if not form.validate():
        return _person_page(user, form), 422
    with transaction() as s:
        allowances.grant(s, person, form.read(), current_user.id, clock.now())
    flash(gettext(N_("Waktu tambahan %(n)s%% berlaku mulai percobaan berikutnya."), n=form.read()))
    return redirect(url_for("desk.person", person=person))


@bp.post(f"{_PERSON}/waktu/cabut")
@only(Role.ADMIN)
def take_time(person: int) -> Any:
    """Takes the extra time away."""
    _known(person)
    with transaction() as s:
        allowances.take(s, person, current_user.id, clock.now())
    flash(gettext(N_("Waktu tambahan sudah dicabut, mulai percobaan berikutnya.")))
    return redirect(url_for("desk.person", person=person))


@bp.get("/kelola/catatan")
@only(Role.ADMIN)
def log() -> Any:
    """What people with power over others did, the newest first."""
    kind = request.args.get("jenis")
    if kind not in sentences.KINDS:
        kind = None
    before = rules.event_number(request.args.get("sebelum"))
    found = queries.deeds(session(), kind, before)
    shown_now = found[: rules.PAGE]
    return render_template(
        "desk/log.html",
        kinds=[(one, gettext(words)) for one, words in sentences.KINDS.items()],
        kind=kind,
        before=before,
        deeds=[(deed, sentences.sentence(deed)) for deed in shown_now],
        older=shown_now[-1].id if len(found) > rules.PAGE else None,
    )


def _known(person: int) -> User:
    return accounts.person(session(), person) or abort(404)


def _names(user: User) -> str:
    return ", ".join(shown(name) for name in accounts.names_of(user))


def _roles(user: User) -> str:
    return role_names.listed(accounts.roles_of(user.roles))
