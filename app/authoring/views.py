"""Doors of writing: all courses, one course with its draft, publishing, throwing away, taking home."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session

from app import clock
from app.access import Role, only
from app.authoring import actions, duties, exchange_views, pages, queries, rules, text_views
from app.authoring.blueprint import bp
from app.authoring.comparing import compared
from app.authoring.forms import CourseForm, PublishForm, number_in
from app.authoring.queries import Working
from app.clock import WITA
from app.course import files as course_files
from app.course import queries as course_queries
from app.course.actions import NotPublishable
from app.course.inspection import inspected
from app.course.models import CourseVersion
from app.db import session, transaction
from app.errors import N_, Refused

# The doors to single texts, and those for questions of other systems, hang on the same blueprint.
__all__ = ["bp", "exchange_views", "text_views"]


@bp.get("/menulis")
@only(Role.TRAINER)
def courses() -> Any:
    """Every course, published or begun, and what waits beside them."""
    return _courses_page(CourseForm()), 200


def _courses_page(form: CourseForm) -> str:
    waiting = duties.waiting(session(), current_user.id)
    return render_template("authoring/courses.html", courses=queries.courses(session()), duties=waiting, form=form)


@bp.post("/menulis")
@only(Role.TRAINER)
def create() -> Any:
    """Begins a course that does not exist yet."""
    form = CourseForm(request.form)
    if form.validate():
        slug = form.slug.data
        try:
            with transaction() as s:
                actions.begin_new(s, slug, form.title.data, current_user.id, clock.now())
            return redirect(url_for("authoring.course", slug=slug), 303)
        except Refused as no:
            form.refuse("slug", no)
    return _courses_page(form), 422


def known_or_404(reading: Session, slug: str) -> tuple[CourseVersion | None, Working | None]:
    """The newest version and the draft of this course; a course that has neither is not there."""
    version, draft = course_queries.latest(reading, slug), queries.working(reading, slug)
    if version is None and draft is None:
        abort(404)
    return version, draft


@bp.get("/menulis/<slug>")
@only(Role.TRAINER)
def course(slug: str) -> Any:
    """A course: what is published, the texts of its draft, what is wrong with them, and the way to publish."""
    return _course_page(slug, PublishForm())


def _course_page(slug: str, form: PublishForm, refusal: Refused | None = None, status: int = 200) -> Any:
    version, draft = known_or_404(session(), slug)
    past = queries.past(session(), slug)
    if draft is None:
        return render_template("authoring/published.html", version=version, past=past, refusal=refusal), status
    found = inspected(draft.files)
    changes = rules.changes(queries.base_texts(session(), slug, draft.base_number), draft.files)
    page = render_template(
        "authoring/course.html",
        draft=draft,
        version=version,
        newest=version.number if version else 0,
        past=past,
        title=found.course.title or slug,
        groups=pages.groups(draft, found, changes),
        remarks=pages.remarks(slug, found.problems, draft.files),
        blocking=len(found.blocking),
        changes=changes,
        learning=queries.learning(session(), slug),
        mark=rules.mark_of(draft.files),
        form=form,
        refusal=refusal,
    )
    return page, status


@bp.post("/menulis/<slug>/mulai")
@only(Role.TRAINER)
def begin(slug: str) -> Any:
    """Begins a draft from the newest version, or opens the one there is."""
    known_or_404(session(), slug)
    with transaction() as s:
        actions.begin(s, slug, current_user.id, clock.now())
    return redirect(url_for("authoring.course", slug=slug), 303)


@bp.post("/menulis/<slug>/terbitkan")
@only(Role.TRAINER)
def publish(slug: str) -> Any:
    """Publishes the draft as the next version; who learns an older one stays there."""
    _, draft = known_or_404(session(), slug)
    form = PublishForm(request.form)
    if draft is not None:
        if not form.validate():
            return _course_page(slug, form, status=422)
        # Reading a whole course takes a second: done here, so that the transaction finds it ready and nobody waits.
        inspected(draft.files)
    base, mark = number_in(request.form, "dasar"), request.form.get("tanda", "")
    try:
        with transaction() as s:
            number = actions.publish(s, slug, base, mark, form.note.data or "", current_user.id, clock.now()).number
        flash(gettext(N_("Versi %(number)s terbit. Peserta baru mulai di versi ini."), number=number))
    except actions.AlreadyPublished as already:
        flash(gettext(N_("Versi %(number)s sudah terbit."), number=already.number))
    except NotPublishable as no:
        return _course_page(slug, form, no, 422)
    except Refused as no:
        return _course_page(slug, form, no, 409)
    return redirect(url_for("authoring.course", slug=slug), 303)


@bp.post("/menulis/<slug>/lanjutkan")
@only(Role.TRAINER)
def follow(slug: str) -> Any:
    """Lets the draft come after a version that was published in the meantime."""
    known_or_404(session(), slug)
    try:
        with transaction() as s:
            actions.follow(s, slug, number_in(request.form, "dasar"), number_in(request.form, "terbaru"))
    except Refused as no:
        return _course_page(slug, PublishForm(), no, 409)
    return redirect(url_for("authoring.course", slug=slug, _anchor="terbit"), 303)


@bp.get("/menulis/<slug>/perubahan")
@only(Role.TRAINER)
def changes(slug: str) -> Any:
    """What the draft changes in the newest version, line by line."""
    version, draft = known_or_404(session(), slug)
    if draft is None:
        return redirect(url_for("authoring.course", slug=slug))
    newest = version.number if version else 0
    base = queries.base_texts(session(), slug, newest)
    found = rules.changes(base, draft.files)
    written = {path for path in found if (place := rules.place_of(path)) is None or place.written}
    lines = {path: compared(base.get(path, ""), draft.files.get(path, "")) for path in written}
    return render_template("authoring/changes.html", draft=draft, newest=newest, changes=found, lines=lines)


@bp.route("/menulis/<slug>/buang", methods=["GET", "POST"])
@only(Role.TRAINER)
def discard(slug: str) -> Any:
    """Asks first, then throws the draft away."""
    version, draft = known_or_404(session(), slug) if request.method == "GET" else (None, None)
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            with transaction() as s:
                actions.discard(s, slug, request.form.get("tanda", ""))
            flash(gettext(N_("Draf sudah dibuang.")))
            return redirect(url_for("authoring.courses"), 303)
        except actions.Gone:
            flash(gettext(N_("Draf ini sudah tidak ada.")))
            return redirect(url_for("authoring.courses"), 303)
        except Refused as no:
            refusal = no
        version, draft = known_or_404(session(), slug)
    if draft is None:
        return redirect(url_for("authoring.course", slug=slug))
    base = queries.base_texts(session(), slug, draft.base_number)
    page = render_template(
        "authoring/discard.html",
        draft=draft,
        version=version,
        changed=len(rules.changes(base, draft.files)),
        mark=rules.mark_of(draft.files),
        refusal=refusal,
    )
    return page, 409 if refusal else 200


@bp.get("/menulis/<slug>/unduh.zip")
@only(Role.TRAINER)
def download(slug: str) -> Any:
    """The texts of the draft to keep, in folders as the file door reads them."""
    _, draft = known_or_404(session(), slug)
    if draft is None:
        return redirect(url_for("authoring.course", slug=slug))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in draft.saved.values():
            if course_files.is_safe(one.path):
                entry = zipfile.ZipInfo(f"{slug}/{one.path}", one.at.astimezone(WITA).timetuple()[:6])
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, course_files.content_of(one.path, one.text))
    reply = Response(packed.getvalue(), mimetype="application/zip")
    reply.headers["Content-Disposition"] = f'attachment; filename="{slug}-draf.zip"'
    return reply
