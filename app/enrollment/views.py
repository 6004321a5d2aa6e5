"""Doors of learning: enrol, what I learn, one course, one lesson."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.access import Role, only
from app.course import queries as course_queries
from app.course.shapes import Course, Module
from app.db import session, transaction
from app.enrollment import actions, forgetting, notices, own_data, pages, queries, rules
from app.enrollment.acts import act_of, new_act
from app.enrollment.queries import Learning
from app.i18n import language

bp = Blueprint("enrollment", __name__, template_folder="templates")
_KEPT = 2_000  # parts of course pages, of about 3 KB each
own_data.register()
forgetting.register()


def _guests_register_first(view: Callable[..., Any]) -> Callable[..., Any]:
    """Who wants to enrol without an account is shown how to get one, and comes back to the course."""

    @wraps(view)
    def guarded(slug: str) -> Any:
        if current_user.is_authenticated:
            return view(slug=slug)
        return redirect(url_for("accounts.register", lanjut=url_for("course.show", slug=slug)))

    return guarded


def learning_or_404(reading: Session, slug: str) -> tuple[Learning, Course]:
    """What the person at hand learns under this address; what is not theirs is not found."""
    learning = queries.of(reading, current_user.id, slug)
    if learning is None:
        abort(404)
    return learning, course_queries.content(reading, learning.version_id)


@bp.post("/kursus/<slug>/ikuti")
@_guests_register_first
@only(Role.RESIDENT)
def start(slug: str) -> Response:
    """Enrols, or goes on where the person stopped."""
    if course_queries.latest(session(), slug) is None:
        abort(404)
    with transaction() as s:
        learning = actions.enroll(s, current_user.id, slug, clock.now())
    course = course_queries.content(session(), learning.version_id)
    first = rules.steps(course)[0]
    if not learning.progress.done and first.kind == "pre":
        return redirect(pages.step_url(slug, first))
    step = rules.next_step(course, learning.progress)
    return redirect(pages.step_url(slug, step) if step else url_for("enrollment.course", slug=slug))


@bp.get("/belajar")
@only(Role.RESIDENT)
def mine() -> str:
    """What I learn, and where to go on."""
    learnings = queries.mine(session(), current_user.id)
    courses = course_queries.contents(session(), {learning.version_id for learning in learnings})
    standings = [pages.standing(courses[learning.version_id], learning) for learning in learnings]
    return render_template(
        "enrollment/mine.html",
        standings=standings,
        current=next((one for one in standings if not one.finished and one.next), None),
        notices=notices.waiting(session(), current_user.id, learnings, clock.now()),
    )


@bp.get("/belajar/<slug>")
@only(Role.RESIDENT)
def course(slug: str) -> str:
    """One course: the completion rule with what is done and left, and every step."""
    learning, content = learning_or_404(session(), slug)
    first = rules.steps(content)[0]
    return render_template(
        "enrollment/course.html",
        learning=learning,
        course=content,
        standing=pages.standing(content, learning),
        parts=_parts(learning, content),
        requirements=rules.requirements(content, learning.progress),
        pre_open=first.kind == "pre" and rules.may_open(content, learning.progress, first) is None,
        post_closed=rules.may_open(content, learning.progress, rules.steps(content)[-1]),
    )


def _parts(learning: Learning, course: Course) -> list[tuple[Module, Markup]]:
    """Each module with its list of steps; it is the same for all who did the same of it, and kept for them."""
    kept: dict[tuple[Any, ...], Markup] = current_app.extensions.setdefault("parts", {})
    shown = []
    for module in course.modules:
        mine = pages.done_in(module, learning.progress)
        key = (learning.version_id, module.id, language(), *mine.done.items())
        made = kept.get(key)
        if made is None:
            if len(kept) >= _KEPT:
                kept.clear()  # rare: there are few ways to stand in a module
            part = pages.part(course, learning.slug, module, mine)
            # Our own template escapes what it shows.
            made = kept[key] = Markup(render_template("enrollment/part.html", part=part))  # noqa: S704 (our template)
        shown.append((module, made))
    return shown


@bp.get("/belajar/<slug>/<module>/<lesson>")
@only(Role.RESIDENT)
def lesson(slug: str, module: str, lesson: str) -> str:
    """A lesson or practice; what is answered on it is replied to at once and kept nowhere."""
    learning, content = learning_or_404(session(), slug)
    part, text = content.module(module), content.lesson(module, lesson)
    if part is None or text is None:
        abort(404)
    sent = request.args.to_dict(flat=False)
    page = pages.reading(content, learning, part, text, sent, request.args.get("periksa", ""))
    return render_template(
        "enrollment/lesson.html",
        learning=learning,
        course=content,
        page=page,
        cards=_cards(learning, page, fresh=not request.args),
        act=new_act(),
    )


def _cards(learning: Learning, page: pages.Reading, *, fresh: bool) -> Markup:
    """The cards of a lesson; unanswered they are the same for everybody and are put together once a process."""
    kept: dict[tuple[int, str, str, str], Markup] = current_app.extensions.setdefault("cards", {})
    key = (learning.version_id, page.module.id, page.lesson.id, language())
    if fresh and key in kept:
        return kept[key]
    here = url_for("enrollment.lesson", slug=learning.slug, module=page.module.id, lesson=page.lesson.id)
    # Our own template escapes what is not sanitised already.
    made = Markup(render_template("enrollment/cards.html", learning=learning, page=page, here=here))  # noqa: S704 (our template)
    if fresh:
        kept[key] = made
    return made


@bp.post("/belajar/<slug>/<module>/<lesson>/selesai")
@only(Role.RESIDENT)
def done(slug: str, module: str, lesson: str) -> Response:
    """Marks the lesson as done and goes on to the next step."""
    act = act_of(request.form.get("tindakan"))
    with transaction() as s:
        learning, content = learning_or_404(s, slug)
        if content.lesson(module, lesson) is None:
            abort(404)
        actions.finish_lesson(s, learning.id, content, module, lesson, act, clock.now())
    key = rules.lesson_key(module, lesson)
    step = rules.after(content, learning.progress.plus(key, None), key)
    return redirect(pages.step_url(slug, step) if step else url_for("enrollment.course", slug=slug))
