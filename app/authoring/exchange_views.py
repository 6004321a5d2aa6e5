"""Doors for questions of other systems: bring a file, look at what it holds, take it into the draft; take ours away."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app import clock
from app.access import Role, only
from app.authoring import actions, pages, queries, rules
from app.authoring.arriving import KIND_NAMES, Arrival, arrival
from app.authoring.blueprint import bp
from app.authoring.departing import FORMATS, departure
from app.authoring.forms import ArrivalForm
from app.authoring.queries import Working
from app.authoring.rules import Place
from app.authoring.text_views import draft_or_404
from app.course import queries as course_queries
from app.course.content import BANK
from app.db import session, transaction
from app.errors import N_, Refused
from app.exchange.shapes import Unreadable
from app.exchange.sniff import LARGEST

_ROOM = 500_000  # what a form sends beside the file


@bp.url_value_preprocessor
def _make_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A package of questions may be larger than what other forms send, but only from those who may bring one."""
    if endpoint == "authoring.take_in" and request.method == "POST" and _is_trainer():
        request.max_content_length = LARGEST + _ROOM


def _is_trainer() -> bool:
    return current_user.is_authenticated and Role.TRAINER in current_user.roles


def _targets(draft: Working) -> list[Place]:
    """The texts of a draft that hold questions."""
    return [place for place in rules.places(draft.files) if place.kind in ("quiz", "bank")]


def _sent() -> MultiDict[str, Any]:
    """The fields of a form with its file."""
    return MultiDict([*request.form.items(multi=True), *request.files.items(multi=True)])


def _named(draft: Working, targets: list[Place]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [("", [(place.path, f"{pages.heading(place)} ({place.path})") for place in targets])]


@bp.route("/menulis/<slug>/impor", methods=["GET", "POST"])
@only(Role.TRAINER)
def take_in(slug: str) -> Any:
    """Asks for a file, then shows what would come in and what would not; nothing is kept yet."""
    draft = draft_or_404(session(), slug)
    targets = _targets(draft)
    posted = request.method == "POST"
    form = ArrivalForm(_sent() if posted else request.args)
    form.targets = [place.path for place in targets]
    if posted and form.validate():
        path = form.target.data
        try:
            data = form.file.data.stream.read(LARGEST + 1)
            found = arrival(data, draft.files, rules.item_ids(draft.files), in_bank=path == BANK)
            return _look(draft, path, found)
        except Unreadable as no:
            form.refuse("file", no)
    page = render_template("authoring/take_in.html", draft=draft, form=form, targets=_named(draft, targets))
    return page, 422 if posted else 200


def _look(draft: Working, path: str, found: Arrival, refusal: Refused | None = None, text: str | None = None) -> str:
    return render_template(
        "authoring/arrival.html",
        draft=draft,
        path=path,
        found=found,
        kinds=KIND_NAMES,
        text=found.text if text is None else text,
        refusal=refusal,
    )


@bp.post("/menulis/<slug>/impor/tambahkan")
@only(Role.TRAINER)
def append(slug: str) -> Any:
    """Puts the questions of this text at the end of a text of the draft, all or none."""
    draft = draft_or_404(session(), slug)
    path, text = request.form.get("sasaran", ""), request.form.get("teks", "")
    pictures = dict(one.split(":", 1) for one in request.form.getlist("gambar") if ":" in one)
    try:
        with transaction() as s:
            count = actions.append_questions(s, slug, path, text, pictures, current_user.id, clock.now())
    except Refused as no:
        found = Arrival("", (), text, (), (), pictures=pictures)
        return _look(draft, path, found, no, rules.without_hidden(text)), 422
    flash(gettext(N_("%(n)s soal ditambahkan ke draf."), n=count))
    return redirect(url_for("authoring.edit", slug=slug, path=path, lihat="periksa"), 303)


@bp.get("/menulis/<slug>/ekspor")
@only(Role.TRAINER)
def send_out(slug: str) -> Any:
    """What each format holds of the questions of a text, with the file itself when a format is named."""
    files, name = _texts_or_404(session(), slug)
    targets = [place for place in rules.places(files) if place.kind in ("quiz", "bank")]
    path = request.args.get("berkas", "")
    chosen = request.args.get("format", "")
    place = next((one for one in targets if one.path == path), None)
    if (path and place is None) or (chosen and (chosen not in FORMATS or place is None)):
        abort(404)
    items = pages.sheet(files, place).items if place else ()
    if chosen:
        made = departure(chosen, items, files)
        reply = Response(made.data, mimetype=made.mimetype)
        file = f"{slug}-{path.removesuffix('.md').replace('/', '-')}.{made.ending}"
        reply.headers["Content-Disposition"] = f'attachment; filename="{file}"'
        return reply
    departures = [departure(one, items, files) for one in FORMATS] if place else []
    return render_template(
        "authoring/send_out.html",
        slug=slug,
        source=name,
        targets=[(one.path, pages.heading(one)) for one in targets],
        path=path,
        total=len(items),
        departures=departures,
        kinds=KIND_NAMES,
    )


def _texts_or_404(reading: Session, slug: str) -> tuple[dict[str, str], str]:
    """The texts of the draft, else of the newest version, and what they are called."""
    draft = queries.working(reading, slug)
    if draft is not None:
        return draft.files, gettext(N_("draf"))
    version = course_queries.latest(reading, slug)
    if version is None:
        abort(404)
    return course_queries.texts(reading, version.id), gettext(N_("versi %(number)s"), number=version.number)
