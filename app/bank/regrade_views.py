"""Doors of regrading: which keys changed, what counting anew would change, and doing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session

from app import clock
from app.access import Role, only
from app.authoring.forms import number_in
from app.bank import regrade as regrading
from app.bank import regrade_queries as queries
from app.bank.blueprint import bp
from app.bank.corrections import Mode, differing, every_item
from app.bank.regrade import Pair
from app.bank.regrade_forms import RegradeForm
from app.bank.regrade_queries import Version
from app.course import queries as course_queries
from app.course.item import Item
from app.course.replies import every_feedback
from app.db import session, transaction
from app.enrollment.acts import act_of, new_act
from app.errors import N_


@dataclass(frozen=True, slots=True)
class Fixed:
    """A question whose key is another in a later version, and the earlier versions that still have the old one."""

    item: Item
    versions: list[int]


@bp.route("/menulis/<slug>/nilai-ulang", methods=["GET", "POST"])
@only(Role.TRAINER)
def regrade(slug: str) -> Any:
    """Questions whose key changed; one of them with what counting anew would change; POST does it."""
    there = queries.versions(session(), slug) or abort(404)
    sent = request.form if request.method == "POST" else request.args
    item, before = sent.get("soal", ""), number_in(sent, "dari")
    after = number_in(sent, "ke") if "ke" in sent else there[0].number
    if request.method == "POST":
        pair = regrading.examined(session(), slug, item, before, after)
        form = RegradeForm(request.form)
        return _done(pair, form) if form.validate() else (_preview_page(there, pair, form), 422)
    if item and "dari" in sent and "ke" in sent:
        pair = regrading.examined(session(), slug, item, before, after)
        return _preview_page(there, pair, RegradeForm(mode="raise"))
    return _list_page(there, slug, item, after)


def _list_page(there: list[Version], slug: str, wanted: str, after: int) -> Any:
    fixed = _fixed(session(), there, after)
    mine = [one for one in fixed if one.item.id == wanted]
    past = queries.past(session(), slug)
    return render_template(
        "bank/regrade.html",
        slug=slug,
        title=there[0].title,
        versions=[one.number for one in there],
        after=after,
        fixed=mine or fixed,
        wanted=wanted,
        missing=bool(wanted and not mine),
        past=past,
        done={(one.item, one.from_number, one.to_number) for one in past},
    )


def _fixed(reading: Session, there: list[Version], after: int) -> list[Fixed]:
    """What this version scores differently from the earlier ones, question by question."""
    target = next((one for one in there if one.number == after), None)
    earlier = [one for one in there if one.number < after]
    if target is None:
        return []
    courses = course_queries.contents(reading, {target.id, *(one.id for one in earlier)})
    found: dict[str, Fixed] = {}
    for version in earlier:
        for _, new in differing(courses[version.id], courses[target.id]):
            found.setdefault(new.id, Fixed(new, [])).versions.append(version.number)
    places = {item.id: place for place, item in enumerate(every_item(courses[target.id]))}
    return sorted(found.values(), key=lambda one: places[one.item.id])


def _preview_page(there: list[Version], pair: Pair, form: RegradeForm) -> str:
    return render_template(
        "bank/regrade_preview.html",
        pair=pair,
        title=there[0].title,
        keys=[(pair.before.number, every_feedback(pair.old)), (pair.after.number, every_feedback(pair.new))],
        preview=regrading.preview(session(), pair, clock.now()),
        form=form,
        act=new_act(),
    )


def _done(pair: Pair, form: RegradeForm) -> Any:
    act = act_of(request.form.get("tindakan"))
    mode: Mode = "exact" if form.mode.data == "exact" else "raise"
    with transaction() as s:
        made = regrading.regrade(s, pair, mode, form.reason.data, act, current_user.id, clock.now())
        result = queries.past(s, pair.slug, made.id)[0]
    flash(
        gettext(
            N_("Penilaian ulang selesai: %(raised)s nilai naik, %(lowered)s turun, %(passed)s percobaan kini lulus."),
            raised=result.raised,
            lowered=result.lowered,
            passed=result.passed,
        )
    )
    return redirect(url_for("bank.regrade", slug=pair.slug), 303)
