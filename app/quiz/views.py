"""Doors of quizzes and tests: what awaits, one question after the other, the result."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from app import clock
from app.access import Role, only
from app.course import queries as course_queries
from app.course.shapes import PassRule
from app.db import session, transaction
from app.enrollment import queries as enrollment_queries
from app.enrollment.acts import act_of, is_act, new_act
from app.enrollment.rules import PRE_CLOSED
from app.enrollment.views import learning_or_404
from app.errors import N_, Refused
from app.quiz import actions, closing, corrected, forgetting, own_data, pages, queries, rules
from app.quiz.actions import Given, Kept
from app.quiz.queries import Past, Sitting
from app.quiz.rules import Purpose, TimeUp, Wait

bp = Blueprint("quiz", __name__, template_folder="templates")
own_data.register()
forgetting.register()
_MOST_REVISION = 1_000_000_000
_MOST_TOKENS, _LONGEST_TOKEN = 60, 300
_LONGEST_MESSAGE = 75_000  # so many tokens, in the widest letters
_PLACE = re.compile(r"(?:[1-9][0-9]?|akhir)\Z")


@bp.route("/belajar/<slug>/<module>/kuis", methods=["GET", "POST"])
@only(Role.RESIDENT)
def module_quiz(slug: str, module: str) -> str | Redirect:
    """The quiz of a module: what awaits; POST starts or resumes."""
    return _door(slug, "quiz", module)


@bp.route("/belajar/<slug>/tes-awal", methods=["GET", "POST"])
@only(Role.RESIDENT)
def pre_test(slug: str) -> str | Redirect:
    """The pre-test, which may be skipped."""
    return _door(slug, "pre", "")


@bp.route("/belajar/<slug>/tes-akhir", methods=["GET", "POST"])
@only(Role.RESIDENT)
def post_test(slug: str) -> str | Redirect:
    """The post-test."""
    return _door(slug, "post", "")


def _door(slug: str, purpose: Purpose, module: str) -> str | Redirect:
    if request.method == "POST":
        uuid = act_of(request.form.get("percobaan"))
        with transaction() as s:
            learning, course = learning_or_404(s, slug)
            if pages.step_of(course, purpose, module) is None:
                abort(404)
            begun = actions.start(s, learning, course, purpose, module, uuid, clock.now())
        return redirect(url_for("quiz.attempt", uuid=begun))
    learning, course = learning_or_404(session(), slug)
    step = pages.step_of(course, purpose, module)
    if step is None:
        abort(404)
    past = queries.past(session(), learning.id, purpose, module)
    if past.late(clock.now()):
        return redirect(url_for("quiz.result", uuid=_settled(past.open).uuid))
    wait = _wait(purpose, past, course.rule)
    limited = rules.terms_of(purpose, course).minutes is not None
    extra = queries.extra_percent(session(), current_user.id) if limited else 0
    return render_template(
        "quiz/intro.html",
        learning=learning,
        course=course,
        page=pages.intro(course, learning, step, purpose, past, wait, extra),
        act=new_act(),
    )


def _wait(purpose: Purpose, past: Past, rule: PassRule) -> Wait | None:
    return rules.may_start(purpose, past.submitted, past.last_at, rule, clock.now())


def _sitting_or_404(uuid: str) -> Sitting:
    """This person's attempt; one whose time is up is submitted by looking at it."""
    found = queries.sitting(session(), current_user.id, uuid) or abort(404)
    return _settled(uuid) if found.late(clock.now()) else found


def _settled(uuid: str) -> Sitting:
    """An attempt whose time is up, submitted with what was saved."""
    with transaction() as s:
        return closing.time_up(s, current_user.id, uuid, clock.now()) or abort(404)


def _save(uuid: str, given: Given) -> Kept:
    """Saves an answer; one that comes too late is refused, and the attempt submitted with what was saved."""
    received = clock.now()  # before waiting for others who write
    try:
        with transaction() as s:
            return actions.save(s, current_user.id, uuid, given, received) or abort(404)
    except TimeUp:
        _settled(uuid)
        raise


@bp.get("/percobaan/<uuid>")
@only(Role.RESIDENT)
def attempt(uuid: str) -> str | Redirect:
    """One question of an open attempt, or the list of all before submitting."""
    sitting = _sitting_or_404(uuid)
    if sitting.submitted_at is not None:
        return redirect(url_for("quiz.result", uuid=uuid))
    if sitting.stale:
        flash(gettext(PRE_CLOSED), "keep")
        return redirect(url_for("enrollment.course", slug=sitting.slug))
    paper = _paper(sitting)
    asked = request.args.get("soal") or str(paper.first_open or "akhir")
    if asked == "akhir":
        return render_template("quiz/overview.html", paper=paper)
    numbers = {str(n): n for n in range(1, len(paper.items) + 1)}
    if asked not in numbers:
        abort(404)
    return _question_page(paper, numbers[asked])


def _paper(sitting: Sitting) -> pages.Paper:
    course = course_queries.content(session(), sitting.version_id)
    return pages.paper(sitting, course, queries.answers(session(), sitting.id))


def _question_page(paper: pages.Paper, number: int, wrong: str = "") -> str:
    asked = pages.question(paper, number)
    return render_template("quiz/attempt.html", paper=paper, asked=asked, act=new_act(), wrong=wrong)


@bp.post("/percobaan/<uuid>/jawaban")
@only(Role.RESIDENT)
def answer(uuid: str) -> Any:
    """Saves one answer; says so only once it is on the disk."""
    if request.is_json:
        return _answer_to_script(uuid)
    try:
        return _answer_by_form(uuid)
    except Refused:
        if _sitting_or_404(uuid).submitted_at is None:
            raise
    flash(gettext(N_("Jawaban tadi tidak ikut dihitung, karena percobaan ini sudah dikumpulkan.")), "keep")
    return redirect(url_for("quiz.result", uuid=uuid), 303)


def _answer_by_form(uuid: str) -> Any:
    fields = request.form.to_dict(flat=False)
    given = Given(request.form.get("soal", ""), (), act_of(request.form.get("tindakan")), fields=fields)
    if not any(value for name in fields if name.partition(":")[0] == actions.FIELD for value in fields[name]):
        return _left_open(uuid, given.item)
    saved = _save(uuid, given)
    if saved.state != "whole":
        return _left_open(uuid, given.item, saved.state)
    following = request.form.get("lanjut", "")
    return redirect(url_for("quiz.attempt", uuid=uuid, soal=following if _PLACE.match(following) else None))


def _answer_to_script(uuid: str) -> Response:
    given = _given_by_script(_message())
    saved = _save(uuid, given)
    return jsonify(status="tersimpan", revisi=saved.revision, pilihan=saved.choice)


def _message() -> object:
    """The JSON that came, or nothing when it is none of ours: ours is short and flat."""
    if (request.content_length or 0) > _LONGEST_MESSAGE:
        abort(413)
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def _given_by_script(sent: object) -> Given:
    """The answer in a JSON message; anything of another shape is refused (400)."""
    if not isinstance(sent, dict):
        abort(400)
    item, choice, act, revision = (sent.get(name) for name in ("soal", "pilihan", "tindakan", "revisi"))
    if not isinstance(item, str) or not isinstance(act, str) or not is_act(act):
        abort(400)
    if not isinstance(choice, list) or len(choice) > _MOST_TOKENS or not all(_is_token(one) for one in choice):
        abort(400)
    if revision is not None and (type(revision) is not int or not 0 < revision <= _MOST_REVISION):
        abort(400)
    return Given(item, choice, act, revision)


def _is_token(sent: object) -> bool:
    return isinstance(sent, str) and len(sent) <= _LONGEST_TOKEN


def _left_open(uuid: str, item: str, state: rules.State = "") -> tuple[str, int]:
    """The same question once more, with what is still to do; what was answered of it is saved."""
    sitting = _sitting_or_404(uuid)
    actions.check_open(sitting, clock.now())
    paper = _paper(sitting)
    number = next((n for n, one in enumerate(paper.items, 1) if one.id == item), None)
    if number is None:
        abort(400)
    return _question_page(paper, number, gettext(rules.missing(paper.items[number - 1], state))), 422


@bp.post("/percobaan/<uuid>/kumpulkan")
@only(Role.RESIDENT)
def submit(uuid: str) -> Redirect:
    """Closes the attempt and scores it; pressed twice it is scored once."""
    received = clock.now()
    with transaction() as s:
        sitting = actions.submit(s, current_user.id, uuid, received)
    if sitting is None:
        abort(404)
    return redirect(url_for("quiz.result", uuid=uuid))


@bp.get("/percobaan/<uuid>/hasil")
@only(Role.RESIDENT)
def result(uuid: str) -> str | Redirect:
    """What came out, with feedback on every option; of a pre-test only thanks."""
    sitting = _sitting_or_404(uuid)
    if sitting.submitted_at is None:
        return redirect(url_for("quiz.attempt", uuid=uuid))
    learning = enrollment_queries.by_id(session(), sitting.enrollment_id) or abort(404)
    course = course_queries.content(session(), sitting.version_id)
    past = queries.past(session(), sitting.enrollment_id, sitting.purpose, sitting.module)
    saved = queries.answers(session(), sitting.id)
    wait = _wait(sitting.purpose, past, course.rule)
    forgotten = rules.forgotten(sitting.submitted_at, clock.now())
    choose: corrected.Choose = corrected.as_asked
    if sitting.score != rules.score(sitting.items(course), {item: one.choice for item, one in saved.items()}).percent:
        choose = corrected.chooser(session(), sitting.version_id)
    return render_template(
        "quiz/result.html",
        learning=learning,
        course=course,
        page=pages.outcome(course, learning, sitting, saved, past, wait, forgotten=forgotten, choose=choose),
    )
