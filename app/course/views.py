"""The catalogue and the page of one course, for anybody."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort, render_template, request, url_for

from app.access import public
from app.course import queries
from app.course.asking import Asked, asked, settled
from app.course.item import Item, Picture
from app.course.pieces import in_places, pieces, spotted
from app.course.replies import every_feedback
from app.course.rules import KILOBYTES, LEVELS, MINUTES, Filters
from app.course.scoring import as_map
from app.course.shapes import PILLARS
from app.db import session

bp = Blueprint("course", __name__, template_folder="templates")
for name, made in (
    ("all_feedback", every_feedback),
    ("as_map", as_map),
    ("in_places", in_places),
    ("pieces", pieces),
    ("spotted", spotted),
):
    bp.add_app_template_filter(made, name)


@bp.app_template_filter("in_lesson")
def _in_lesson(item: Item) -> Asked:
    return asked(item, settled(item))


@bp.app_template_global("media_of")
def _media_of(slug: str, version: int) -> Callable[[Picture], str]:
    """What gives the address of a picture in this version of a course."""

    def address(picture: Picture) -> str:
        ext = picture.file.rpartition(".")[2]
        return url_for("course.medium", slug=slug, version=version, digest=picture.digest, ext=ext)

    return address


@bp.get("/kursus")
@public
def catalogue() -> str:
    """Every course, found by words, pillar, level, minutes and size."""
    filters = _filters()
    courses = queries.catalogue(session(), filters)
    return render_template(
        "course/catalogue.html",
        courses=courses,
        filters=filters,
        chosen_level=request.args.get("tingkat", ""),
        pillars=PILLARS,
        levels=LEVELS,
        minutes=MINUTES,
        kilobytes=KILOBYTES,
    )


@bp.get("/kursus/<slug>")
@public
def show(slug: str) -> str:
    """What a course teaches, how long it takes, what it costs in data, and how it is completed."""
    version = queries.latest(session(), slug) or abort(404)
    course = queries.content(session(), version.id)
    return render_template("course/show.html", version=version, course=course)


@bp.get("/kursus/<slug>/<int(max=999999):version>/media/<digest>.<ext>")
@public
def medium(slug: str, version: int, digest: str, ext: str) -> Response:
    """A picture of one version; its address names its content, so it may be kept for ever."""
    found = queries.medium(session(), slug, version, digest)
    if found is None or found.file.rpartition(".")[2] != ext:
        abort(404)
    reply = Response(found.content, mimetype=found.type)
    reply.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return reply


def _filters() -> Filters:
    """The filters in the address; what makes no sense counts as nothing."""
    args = request.args
    pillar = args.get("pilar", "")
    return Filters(
        words=args.get("q", "").strip()[:80],
        pillar=pillar if pillar in PILLARS else "",
        levels=LEVELS.get(args.get("tingkat", "")),
        minutes=_one_of("menit", MINUTES),
        kb=_one_of("kb", KILOBYTES),
    )


def _one_of(name: str, choices: tuple[int, ...]) -> int:
    text = request.args.get(name, "")
    return next((choice for choice in choices if str(choice) == text), 0)
