"""Doors to the texts of a draft: write, check, preview, add, delete."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session

from app import clock
from app.access import Role, only
from app.authoring import actions, pages, queries, rules
from app.authoring.blueprint import bp
from app.authoring.comparing import compared
from app.authoring.forms import FILE_KINDS, FileForm, Typed, number_in, typed
from app.authoring.queries import Saved, Working
from app.authoring.rules import Place
from app.course import queries as course_queries
from app.course.inspection import inspected
from app.course.item import Picture
from app.course.pictures import FOLDER, read_media
from app.db import session, transaction
from app.errors import N_, Refused

CHECK = "periksa"


def draft_or_404(reading: Session, slug: str) -> Working:
    """The draft of this course. Where there is none, but a course, the way leads to the course's own page."""
    draft = queries.working(reading, slug)
    if draft is None:
        if course_queries.latest(reading, slug) is None:
            abort(404)
        flash(gettext(N_("Kursus ini tidak punya draf. Mulai draf dahulu.")))
        abort(redirect(url_for("authoring.course", slug=slug)))
    return draft


def _place_or_404(path: str) -> Place:
    place = rules.place_of(path)
    if place is None or not place.written:
        abort(404)
    return place


@bp.get("/menulis/<slug>/teks/<path:path>")
@only(Role.TRAINER)
def edit(slug: str, path: str) -> Any:
    """One text: to write, or with its problems beside the lines."""
    draft, place = draft_or_404(session(), slug), _place_or_404(path)
    if path not in draft.saved:
        abort(404)
    now = draft.saved[path]
    return _edit_page(draft, place, Typed(now.text, now.revision))


def _edit_page(draft: Working, place: Place, shown: Typed, refusal: Refused | None = None, status: int = 200) -> Any:
    sheet = pages.sheet(draft.files, place)
    checking = request.method == "GET" and request.args.get("lihat") == CHECK
    page = render_template(
        "authoring/edit.html",
        draft=draft,
        sheet=sheet,
        saved=draft.saved[place.path],
        shown=shown,
        checking=checking,
        source=pages.source(draft.saved[place.path].text, sheet.problems) if checking else [],
        refusal=refusal,
    )
    return page, status


@bp.post("/menulis/<slug>/teks/<path:path>")
@only(Role.TRAINER)
def save(slug: str, path: str) -> Any:
    """Keeps the text, or shows both texts when somebody else was faster."""
    place, sent = _place_or_404(path), typed(request.form)
    if sent is None:
        abort(400)
    try:
        with transaction() as s:
            revision = actions.save_draft(s, slug, path, sent.text, sent.revision, current_user.id, clock.now())
    except actions.Stale as no:
        return _stale_page(slug, place, sent, no.newest, no)
    except actions.Gone as no:
        if course_queries.latest(session(), slug) is None:
            abort(404)
        return _stale_page(slug, place, sent, None, no)
    except Refused as no:
        return _unfit_page(slug, place, sent, no)
    flash(gettext(N_("Draf disimpan, revisi %(revision)s."), revision=revision))
    view = CHECK if request.form.get("lihat") == CHECK else None
    return redirect(url_for("authoring.edit", slug=slug, path=path, lihat=view), 303)


def _unfit_page(slug: str, place: Place, sent: Typed, no: Refused) -> Any:
    """The same page with the words as they were typed; signs that nobody sees are taken out, for nobody could."""
    draft = queries.working(session(), slug)
    shown = Typed(rules.without_hidden(sent.text), sent.revision)
    if draft is None or place.path not in draft.saved:
        return _stale_page(slug, place, shown, None, no)
    return _edit_page(draft, place, shown, no, 422)


def _stale_page(slug: str, place: Place, mine: Typed, newest: Saved | None, no: Refused) -> Any:
    page = render_template(
        "authoring/stale.html",
        slug=slug,
        place=place,
        mine=rules.without_hidden(mine.text),
        newest=newest,
        lines=compared(newest.text, mine.text) if newest else None,
        gone=isinstance(no, actions.Gone),
        refusal=no,
    )
    return page, 409


@bp.get("/menulis/<slug>/pratinjau/<module>/<lesson>")
@only(Role.TRAINER)
def preview(slug: str, module: str, lesson: str) -> Any:
    """A lesson as learners will see it; answering works and is kept nowhere."""
    draft = draft_or_404(session(), slug)
    place = rules.place_in(draft.files, module, lesson) or abort(404)
    sheet = pages.sheet(draft.files, place)
    items = sheet.lesson.items if sheet.lesson else ()
    tried = pages.tried(items, request.args.to_dict(flat=False))
    return render_template(
        "authoring/preview.html",
        draft=draft,
        sheet=sheet,
        replies=tried.replies,
        chosen=tried.chosen,
        asked=request.args.get("periksa", ""),
        remarks=pages.remarks(slug, sheet.problems, draft.files),
    )


@bp.app_template_global("draft_media_of")
def _draft_media_of(slug: str) -> Callable[[Picture], str]:
    """What gives the address of a picture in the draft of this course."""
    return lambda picture: url_for("authoring.medium", slug=slug, name=picture.file.rpartition("/")[2])


@bp.get("/menulis/<slug>/gambar/<name>")
@only(Role.TRAINER)
def medium(slug: str, name: str) -> Response:
    """A picture of the draft, for its previews."""
    path = f"{FOLDER}{name}"
    found = read_media(queries.texts_at(session(), slug, path), []).get(path)
    return abort(404) if found is None else Response(found.content, mimetype=found.type)


@bp.route("/menulis/<slug>/tambah", methods=["GET", "POST"])
@only(Role.TRAINER)
def add(slug: str) -> Any:
    """Adds a lesson, a practical task, a quiz or a whole module."""
    draft = draft_or_404(session(), slug)
    form = FileForm(request.form) if request.method == "POST" else FileForm(request.args)
    if request.method == "POST" and form.validate():
        try:
            with transaction() as s:
                path = _added(s, slug, form)
            return redirect(url_for("authoring.edit", slug=slug, path=path), 303)
        except Refused as no:
            form.refuse("title", no)
    modules = inspected(draft.files).course.modules
    page = render_template(
        "authoring/add.html",
        draft=draft,
        form=form,
        kinds=[("", [(kind, gettext(words)) for kind, words in FILE_KINDS])],
        folders=[("", [(one.folder, f"{one.number}. {one.title or one.id}") for one in modules])],
    )
    return page, 422 if request.method == "POST" else 200


def _added(writing: Session, slug: str, form: FileForm) -> str:
    title, now = form.title.data or "", clock.now()
    if form.kind.data == "module":
        return actions.add_module(writing, slug, title, current_user.id, now)
    return actions.add_file(writing, slug, form.folder.data, form.kind.data, title, current_user.id, now)


@bp.route("/menulis/<slug>/hapus/<path:path>", methods=["GET", "POST"])
@only(Role.TRAINER)
def delete(slug: str, path: str) -> Any:
    """Asks first, then takes a text out of the draft."""
    refusal: Refused | None = None
    if request.method == "POST" and rules.place_of(path) is None and path not in draft_or_404(session(), slug).saved:
        abort(404)
    if request.method == "POST":
        try:
            with transaction() as s:
                actions.delete_file(s, slug, path, number_in(request.form, "revisi"))
            flash(gettext(N_("Berkas sudah dihapus dari draf.")))
            return redirect(url_for("authoring.course", slug=slug), 303)
        except Refused as no:
            refusal = no
    draft = draft_or_404(session(), slug)
    if path not in draft.saved:
        abort(404)
    page = render_template("authoring/delete.html", draft=draft, saved=draft.saved[path], refusal=refusal)
    return page, 409 if refusal else 200
