"""Doors of appeals: a learner asks and reads the answer, a trainer answers; and the news of a score counted anew."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from app import clock
from app.access import Role, only
from app.bank import appeal_queries as queries
from app.bank import appeals, forgetting, own_data, telling
from app.bank.appeal_forms import AnswerForm, AppealForm
from app.bank.appeals import Plea
from app.bank.blueprint import bp
from app.course import queries as course_queries
from app.course.item import Item
from app.course.replies import every_feedback
from app.course.responses import in_words
from app.course.scoring import points
from app.course.shapes import Course
from app.db import session, transaction
from app.enrollment.acts import act_of, new_act
from app.errors import N_, Refused
from app.quiz import queries as quiz_queries
from app.quiz.queries import Sitting

telling.register()
own_data.register()
forgetting.register()


def _sitting_or_404(uuid: str) -> Sitting:
    return quiz_queries.sitting(session(), current_user.id, uuid) or abort(404)


@bp.route("/percobaan/<uuid>/tinjauan", methods=["GET", "POST"])
@only(Role.RESIDENT)
def appeal(uuid: str) -> Any:
    """Asks a trainer to review a result or one question of it; afterwards says how it stands."""
    sitting, item = _sitting_or_404(uuid), request.args.get("soal", "")
    if item and item not in {entry[0] for entry in sitting.draw}:
        abort(404)
    form = AppealForm(request.form)
    if request.method != "POST" or not form.validate():
        return _appeal_page(sitting, item, form)
    act = act_of(request.form.get("tindakan"))
    try:
        with transaction() as s:
            first = appeals.ask(s, _sitting_or_404(uuid), Plea(item, form.reason.data, act), clock.now())
    except Refused as no:
        form.refuse("reason", no)
        return _appeal_page(_sitting_or_404(uuid), item, form)
    flash(gettext(N_("Permintaan Anda sudah terkirim.") if first else N_("Permintaan ini sudah terkirim sebelumnya.")))
    return redirect(url_for("bank.appeal", uuid=uuid, soal=item or None), 303)


def _appeal_page(sitting: Sitting, item_id: str, form: AppealForm) -> Any:
    asked = queries.of_attempt(session(), sitting.id, item_id)
    if asked is None:
        appeals.check_reviewable(sitting, clock.now())
    course = course_queries.content(session(), sitting.version_id)
    item = course.item(item_id) if item_id else None
    saved = quiz_queries.answers(session(), sitting.id).get(item_id)
    page = render_template(
        "bank/appeal.html",
        sitting=sitting,
        course=course,
        module=course.module(sitting.module),
        item=item,
        number=next((n for n, entry in enumerate(sitting.draw, 1) if entry[0] == item_id), 0),
        answer=in_words(item, saved.choice) if saved else "",
        asked=asked,
        form=form,
        act=new_act(),
    )
    return page, 422 if form.errors else 200


@bp.post("/percobaan/<uuid>/tinjauan/dibaca")
@only(Role.RESIDENT)
def appeal_read(uuid: str) -> Any:
    """The learner has read the answer: /belajar tells it no more."""
    with transaction() as s:
        sitting = quiz_queries.sitting(s, current_user.id, uuid) or abort(404)
        appeals.read(s, sitting.id, request.form.get("soal", ""), clock.now())
    return redirect(url_for("enrollment.mine"), 303)


@bp.route("/percobaan/<uuid>/nilai-ulang", methods=["GET", "POST"])
@only(Role.RESIDENT)
def rescored(uuid: str) -> Any:
    """How the score of an attempt changed when it was counted anew; POST: the learner has read it."""
    sitting = _sitting_or_404(uuid)
    if request.method == "POST":
        with transaction() as s:
            appeals.read_changes(s, sitting.id, clock.now())
        return redirect(url_for("enrollment.mine"), 303)
    # Nobody learns the score of a pre-test, so nothing of it is told.
    changes = [] if sitting.purpose == "pre" else queries.changes_of(session(), sitting.id)
    if not changes:
        return redirect(url_for("quiz.result", uuid=uuid))
    course = course_queries.content(session(), sitting.version_id)
    return render_template(
        "bank/rescored.html",
        sitting=sitting,
        course=course,
        module=course.module(sitting.module),
        changes=[(one, course.item(one.item)) for one in changes],
        unread=any(one.seen_at is None for one in changes),
    )


@bp.get("/menulis/tinjauan")
@only(Role.TRAINER)
def appeal_list() -> Any:
    """What waits for a trainer, the oldest first."""
    count = queries.count_waiting(session(), current_user.id)
    last = max(1, -(-count // queries.PAGE))
    asked = request.args.get("halaman", "1")
    page = min(int(asked), last) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 7 else 1
    found = queries.waiting(session(), current_user.id, max(page, 1))
    courses = course_queries.contents(session(), {one.version_id for one in found})
    return render_template(
        "bank/appeals.html",
        count=count,
        page=max(page, 1),
        last=last,
        now=clock.now(),
        appeals=[(one, courses[one.version_id], courses[one.version_id].item(one.item)) for one in found],
    )


@bp.route("/menulis/tinjauan/<uuid>", methods=["GET", "POST"])
@only(Role.TRAINER)
def appeal_answer(uuid: str) -> Any:
    """One appeal with the question and the answer it is about; POST answers it once."""
    found = queries.one(session(), current_user.id, uuid) or abort(404)
    form = AnswerForm(request.form)
    if request.method != "POST" or not form.validate():
        return _answer_page(found, form)
    with transaction() as s:
        first = appeals.answer(s, found, form.verdict.data, form.reply.data, current_user.id, clock.now())
    if not first:
        flash(gettext(N_("Permintaan ini sudah dijawab. Jawaban pertama yang berlaku.")), "keep")
        return redirect(url_for("bank.appeal_answer", uuid=uuid), 303)
    if form.verdict.data == "corrected":
        flash(gettext(N_("Jawaban Anda sudah terkirim. Terbitkan kunci yang benar, lalu nilai ulang di sini.")))
        item = found.item or None
        return redirect(url_for("bank.regrade", slug=found.slug, soal=item, dari=found.version if item else None), 303)
    flash(gettext(N_("Jawaban Anda sudah terkirim.")))
    return redirect(url_for("bank.appeal_list"), 303)


def _sheet(found: queries.Waiting, course: Course) -> list[tuple[Item, str, Fraction]]:
    """Each question of the result, what was answered in words, and what that is worth."""
    asked = ((course.item(item), choice) for item, choice in queries.asked_in(session(), found))
    return [(item, in_words(item, choice), points(item, choice)) for item, choice in asked if item is not None]


def _answer_page(found: queries.Waiting, form: AnswerForm) -> Any:
    course = course_queries.content(session(), found.version_id)
    item = course.item(found.item) if found.item else None
    page = render_template(
        "bank/appeal_answer.html",
        appeal=found,
        course=course,
        module=course.module(found.module),
        item=item,
        key=every_feedback(item) if item else [],
        answer=in_words(item, found.choice) if found.choice else "",
        sheet=[] if item else _sheet(found, course),
        now=clock.now(),
        form=form,
    )
    return page, 422 if form.errors else 200
