"""Doors of checking without the paper's page: a code, many codes at once, and what a browser needs without internet."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from limits import parse
from sqlalchemy.orm import Session

from app import clock, i18n, sheets, throttle
from app.access import public
from app.certificate import keys, queries
from app.certificate.blueprint import bp
from app.certificate.code import grouped
from app.certificate.forms import CheckForm, ManyForm
from app.certificate.models import Certificate
from app.certificate.pasted import Pasted
from app.certificate.rules import ATTENDED
from app.clock import WITA
from app.db import session
from app.errors import N_

# A hundred codes a time: many more than anybody checks by hand, and far too few to guess one.
_MANY = parse("10 per minute")


@bp.get("/sertifikat/periksa")
@public
def check() -> Any:
    """Asks for a code, and goes on to its page."""
    form = CheckForm(request.args, meta={"csrf": False})
    if "kode" in request.args and form.validate() and (code := form.read()):
        return redirect(url_for("certificate.verify", code=grouped(code)))
    return render_template("certificate/check.html", form=form), 422 if form.errors else 200


@bp.route("/sertifikat/periksa/banyak", methods=["GET", "POST"])
@public
def check_many() -> Any:
    """Asks for up to a hundred codes, and answers them as a table or as a file of the same lines."""
    form, lines = ManyForm(request.form), None
    if request.method == "POST":
        throttle.count(_MANY, "many", throttle.here())
        if form.validate():
            lines = _looked_up(session(), form.read())
            if (kind := request.form.get("unduh")) in ("csv", "excel"):
                return _file(lines, excel=kind == "excel")
    page = render_template("certificate/check_many.html", form=form, header=_header(), lines=lines)
    answer = make_response(page, 422 if form.errors else 200)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/sertifikat/periksa/luring")
@public
def offline() -> str:
    """The page that checks a QR code when there is no internet: the same for everybody, so any browser may keep it."""
    return render_template("certificate/offline.html")


@bp.get("/sertifikat/periksa/luring.js")
@public
def worker() -> Response:
    """The script that shows that page when the network fails. It changes with what it keeps, so browsers renew it."""
    content = render_template("certificate/offline.html")
    version = hashlib.blake2s(content.encode(), digest_size=8).hexdigest()
    answer = Response(render_template("certificate/worker.js", version=version), mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = url_for("certificate.mine")
    return answer


@bp.get("/.well-known/jwks.json")
@public
def key_set() -> Response:
    """Every key that ever signed for us, for whoever checks by themselves."""
    answer = Response(current_app.json.dumps(keys.public(current_app.config)), mimetype="application/json")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@dataclass(frozen=True, slots=True)
class Line:
    """What is said of one line, the verdict first, since phones show no more at once; and where more of it stands."""

    cells: tuple[str | int, ...]
    state: str
    address: str


def _header() -> tuple[str, ...]:
    names = (N_("Baris"), N_("Status"), N_("Kode"), N_("Nama"), N_("Kursus"), N_("JP"), N_("Nomor"), N_("Terbit"))
    return tuple(gettext(name) for name in (*names, N_("Keterangan")))


def _looked_up(opened: Session, pasted: Sequence[Pasted]) -> list[Line]:
    found = queries.by_codes(opened, {one.code for one in pasted if one.code})
    return [_line(one, found.get(one.code or "")) for one in pasted]


def _line(one: Pasted, row: Certificate | None) -> Line:
    """The page and the file say the same, for both are made of this."""
    notes = [gettext(N_("Sama dengan baris %(line)s"), line=one.same_as)] if one.same_as else []
    code = grouped(one.code) if one.code else one.text
    if row is None:
        status = gettext(N_("Tidak ditemukan")) if one.code else gettext(N_("Salah ketik"))
        return Line((one.line, status, code, "", "", "", "", "", ". ".join(notes)), "none", "")
    if row.kind == ATTENDED:
        notes.insert(0, gettext(N_("Surat keterangan keikutsertaan")))
    if row.revoked_at:
        notes.insert(0, gettext(N_("Dicabut %(date)s"), date=i18n.long_date(row.revoked_at)))
    status = gettext(N_("Dicabut")) if row.revoked_at else gettext(N_("Sah"))
    facts = (row.holder, row.course_title, row.jp, row.number, row.issued_on.isoformat())
    state, address = "bad" if row.revoked_at else "ok", url_for("certificate.verify", code=code)
    return Line((one.line, status, code, *facts, ". ".join(notes)), state, address)


def _file(lines: Sequence[Line], *, excel: bool) -> Response:
    rows = [[sheets.safe(cell) if isinstance(cell, str) else cell for cell in line.cells] for line in lines]
    answer = Response(sheets.written(_header(), rows, excel=excel), mimetype="text/csv")
    today = clock.now().astimezone(WITA).date().isoformat()
    answer.headers["Content-Disposition"] = f"attachment; filename=periksa-sertifikat-{today}.csv"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer
