"""The figures for the Dinas, on the screen and as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, current_app, make_response, render_template, request

from app import clock
from app.access import Role, only
from app.db import session
from app.errors import N_
from app.stats import export as files
from app.stats import forgetting, queries, report, tiles
from app.stats.counting import ALL
from app.stats.periods import Period, keys_of, parse, periods
from app.stats.rules import hide_rate

bp = Blueprint("stats", __name__, template_folder="templates")
forgetting.register()

DETAILS = (("gender", N_("Jenis kelamin")), ("age", N_("Kelompok usia")), ("", N_("Tanpa rincian")))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the analyst asked for; what makes no sense counts as the default."""

    period: Period
    scope: str
    detail: str


@bp.get("/statistik")
@only(Role.ANALYST)
def overview() -> str:
    """The figures of a period and scope: table first, bars and map second."""
    courses = queries.courses(session())
    names = queries.scope_names(courses)
    asked = _asked(names)
    today = queries.today(clock.now())
    found = _report(asked, names, courses)
    return render_template(
        "stats/overview.html",
        asked=asked,
        names=names,
        report=found,
        pass_rate=hide_rate(found.heads["passed"], found.heads["tested"]),
        periods=periods(_first_day(today), today),
        details=DETAILS,
        measures=report.MEASURES,
        gain=report.GAIN,
        tiles=tiles.tiles(found.learners),
        legend=tiles.legend(found.learners),
        view_box=tiles.VIEW_BOX,
        read_at=queries.read_at(session()),
        label=current_app.config["SMART_LABEL"],
    )


@bp.get("/statistik/unduh.csv")
@only(Role.ANALYST)
def export() -> Response:
    """The same rows as a file."""
    courses = queries.courses(session())
    names = queries.scope_names(courses)
    asked = _asked(names)
    excel = request.args.get("bentuk") == "excel"
    reply = make_response(files.text(_report(asked, names, courses), asked.period.key, asked.scope, excel=excel))
    reply.headers["Content-Type"] = "text/csv; charset=utf-8"
    name = f"rekap-{asked.period.key}-{asked.scope.replace(':', '-')}.csv"
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply


def _asked(names: dict[str, str]) -> Asked:
    args = request.args
    scope, detail = args.get("cakupan", ALL), args.get("rincian", "gender")
    quarter = parse(keys_of(clock.now())[2])
    assert quarter is not None, "a key that was just made can be read"
    return Asked(
        period=parse(args.get("periode", "")) or quarter,
        scope=scope if scope in names else ALL,
        detail=detail if detail in dict(DETAILS) else "gender",
    )


def _report(asked: Asked, names: dict[str, str], courses: list[queries.Named]) -> report.Report:
    found = queries.figures(session(), asked.period.key, asked.scope, report.BREAKDOWNS)
    # The tables of pillars and courses are about everything; beside one course's figures they would be its complement.
    scopes = queries.by_scope(session(), asked.period.key) if asked.scope == ALL else {}
    return report.build(found, scopes, names, queries.by_pillar(courses), asked.detail)


def _first_day(today: date) -> date:
    return queries.first_day(session(), today)
