"""Doors of the register: every certificate, one of them, and the list as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, current_app, render_template, request, stream_with_context
from flask_login import current_user

from app import clock
from app.access import Role, only
from app.accounts import queries as accounts
from app.accounts import regions, staff
from app.accounts.models import User
from app.certificate import queries, register, waiting
from app.certificate.code import grouped, normalise
from app.certificate.models import Act, Certificate, Edition
from app.db import engine, session, transaction
from app.desk import rules
from app.desk.blueprint import bp
from app.desk.forms import ExportForm

ONE = "/kelola/sertifikat/<code>"


@bp.get("/kelola/sertifikat")
@only(Role.ADMIN)
def certificates() -> str:
    """The certificates that fit what was asked for, the newest first."""
    filters = register.asked(request.args)
    count = register.count(session(), filters)
    last = rules.last_page(count)
    page = rules.page_number(request.args.get("halaman"), last)
    return render_template(
        "desk/certificates.html",
        filters=filters,
        sent=_sent(filters),
        count=count,
        page=page,
        last=last,
        rows=register.page(session(), filters, page),
        stuck=register.stuck(session(), waiting.kinds(current_app.config)),
        courses=register.courses(session()),
        regions=regions.CHOICES,
        states=register.STATES,
        kinds=register.KINDS,
        grouped=grouped,
    )


@bp.get(ONE)
@only(Role.ADMIN)
def certificate(code: str) -> str:
    """One certificate: its facts, its papers, what was done to it, and what may be done."""
    one = known(code)
    return render_template(
        "desk/certificate.html",
        one=one,
        row=one.row,
        address=queries.address(current_app.config["BASE_URL"], one.code),
        kinds=register.KINDS,
        code=grouped(one.code),
    )


@bp.route("/kelola/sertifikat/unduh", methods=["GET", "POST"])
@only(Role.ADMIN)
def certificates_export() -> Any:
    """The same list as a file, once it is said what for."""
    filters = register.asked(request.args)
    form = ExportForm(request.form)
    if request.method != "POST" or not form.validate():
        count = register.count(session(), filters)
        page = render_template(
            "desk/certificates_export.html", form=form, filters=filters, sent=_sent(filters), count=count
        )
        return page, 422 if form.errors else 200
    now = clock.now()
    with transaction() as s:
        staff.allowed(s, current_user.id)
        found = register.export(s, filters, form.because.data or "", current_user.id, now)
    excel = request.form.get("bentuk") == "excel"
    reply = Response(stream_with_context(register.lines(engine(), found, excel=excel)), mimetype="text/csv")
    reply.headers["Content-Disposition"] = (
        f'attachment; filename="sertifikat-{now.astimezone(clock.WITA):%Y-%m-%d}.csv"'
    )
    reply.headers["Cache-Control"] = "no-store"
    return reply


@dataclass(frozen=True, slots=True)
class One:
    """A certificate with everything the desk knows of it."""

    row: Certificate
    code: str  # of the row, also when another removes it meanwhile
    user: User | None  # of its holder, while there is an account
    papers: list[Edition]
    acts: list[tuple[Act, str | None]]

    @property
    def seen(self) -> int:
        """The number of the last act on it, by which a form tells whether somebody acted since."""
        return self.acts[-1][0].id if self.acts else 0


def known(code: str) -> One:
    """The certificate of this address, or 404."""
    row = queries.by_code(session(), normalise(code)) or abort(404)
    user = accounts.person(session(), row.user_id) if row.user_id is not None else None
    return One(row, row.code, user, list(register.papers(session(), row)), register.acts(session(), row))


def _sent(filters: register.Filters) -> dict[str, str]:
    """The filters as they stand in an address."""
    names = {"words": "cari", "course": "kursus", "state": "status", "kind": "jenis", "region": "kelurahan",
             "since": "dari", "until": "sampai"}  # fmt: skip
    return {names[name]: value for name, value in filters.said.items()}
