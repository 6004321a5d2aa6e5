"""Doors of practising: a Kilas Balik, and the set of a module; neither counts for anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from app import clock
from app.access import Role, only
from app.course.responses import canonical, tokens, whole
from app.course.shapes import Course, Module
from app.db import session, transaction
from app.enrollment.acts import act_of, is_act, new_act
from app.enrollment.queries import Learning
from app.enrollment.views import learning_or_404
from app.practice import actions, forgetting, notice, own_data, pages, queries, rules
from app.practice.actions import Given

bp = Blueprint("practice", __name__, template_folder="templates")
own_data.register()
forgetting.register()
notice.register()
_NUMBERS = {str(number): number for number in range(1, len(rules.DUE) + 1)}
# The fields of the n-th question of a page.
FIELD = "jawaban-%s"


def _module_or_404(reading: Session, slug: str, module: str) -> tuple[Learning, Course, Module]:
    """The module in the version that the person at hand learns."""
    learning, course = learning_or_404(reading, slug)
    return learning, course, course.module(module) or abort(404)


def _show(template: str, learning: Learning, course: Course, module: Module, page: object, **more: Any) -> str:
    return render_template(
        f"practice/{template}.html", learning=learning, course=course, module=module, page=page, field=FIELD, **more
    )


@bp.route("/belajar/<slug>/<module>/kilas-balik", methods=["GET", "POST"])
@only(Role.RESIDENT)
def recall(slug: str, module: str) -> Any:
    """The Kilas Balik that waits, else what came out of the last one, else when one will wait; POST answers."""
    if request.method == "POST":
        return _answer_recall(slug, module)
    learning, course, part = _module_or_404(session(), slug, module)
    past, now = queries.past(session(), learning.id, course), clock.now()
    asked = _NUMBERS.get(request.args.get("hasil", ""))
    page = pages.recall(course, part, learning, past, now)
    if isinstance(page, pages.Recall) and asked not in past.numbers(part.id):
        return _show("recall", learning, course, part, page)
    done = {one.number: one for one in queries.recalled(session(), learning.id, part.id)}
    if not done:
        return _show("quiet", learning, course, part, page, recall=True)
    last = done.get(asked or 0) or done[max(done)]
    completed = rules.completed_at(part, past.steps)
    return _show("recalled", learning, course, part, pages.outcome(course, last, past, completed, now))


def _answer_recall(slug: str, module: str) -> Any:
    number = _NUMBERS.get(request.form.get("nomor", ""), 0)
    with transaction() as s:
        learning, course, part = _module_or_404(s, slug, module)
        given = [_given(course, item, n) for n, item in enumerate(request.form.getlist("soal")[: rules.ASKED + 1], 1)]
        answers, complete = _answers(course, given)
        if complete:
            actions.recall(s, learning, course, part, number, given, clock.now())
            return redirect(url_for("practice.recall", slug=slug, module=module, hasil=number))
    past = queries.past(session(), learning.id, course)
    page = pages.recall(course, part, learning, past, clock.now(), answers)
    if isinstance(page, pages.Quiet):
        return redirect(url_for("practice.recall", slug=slug, module=module))
    return _show("recall", learning, course, part, page), 422


def _given(course: Course, item: str, place: int) -> Given:
    """What was answered to the question at this place of the page."""
    found = course.item(item)
    return Given(item, tokens(found, request.form.to_dict(flat=False), FIELD % place) if found else [])


def _answers(course: Course, given: Sequence[Given]) -> tuple[dict[str, list[str]], bool]:
    """The answers in one spelling, for the questions that there are, and whether each is complete."""
    found = [(item, canonical(item, one.sent)) for one in given if (item := course.item(one.item)) is not None]
    return {item.id: answer for item, answer in found}, all(whole(item, answer) for item, answer in found)


@bp.route("/belajar/<slug>/<module>/latihan", methods=["GET", "POST"])
@only(Role.RESIDENT)
def exercise(slug: str, module: str) -> Any:
    """The next question of the module's set, or the reply to the last one; POST answers."""
    if request.method == "POST":
        return _answer_exercise(slug, module)
    learning, course, part = _module_or_404(session(), slug, module)
    history, in_quiz = _history(session(), learning, part), queries.in_quiz(session(), learning.id)
    page = pages.exercise(course, part, learning, history, in_quiz)
    if isinstance(page, pages.Quiet):
        return _show("quiet", learning, course, part, page, recall=False)
    act = request.args.get("jawaban", "")
    given = queries.practised(session(), learning.id, part.id, act) if is_act(act) else None
    if given is not None and given.item not in in_quiz:
        return _show("replied", learning, course, part, pages.replied(course, part, learning, history, given))
    if page.standing.mastered and not request.args.get("lagi"):
        return _show("replied", learning, course, part, pages.replied(course, part, learning, history))
    return _show("exercise", learning, course, part, page, act=new_act())


def _history(reading: Session, learning: Learning, module: Module) -> list[tuple[str, bool]]:
    return [(row.item, row.correct) for row in queries.asked(reading, learning.id, module.id)]


def _answer_exercise(slug: str, module: str) -> Any:
    act = act_of(request.form.get("tindakan"))
    with transaction() as s:
        learning, course, part = _module_or_404(s, slug, module)
        given = _given(course, request.form.get("soal", ""), 1)
        answers, complete = _answers(course, [given])
        if complete:
            actions.practise(s, learning, course, part, given, act, clock.now())
            return redirect(url_for("practice.exercise", slug=slug, module=module, jawaban=act))
    history, in_quiz = _history(session(), learning, part), queries.in_quiz(session(), learning.id)
    page = pages.exercise(course, part, learning, history, in_quiz, answers)
    if isinstance(page, pages.Quiet):
        return redirect(url_for("practice.exercise", slug=slug, module=module))
    return _show("exercise", learning, course, part, page, act=act), 422
