"""Doors: my certificates, claiming one, its paper, and the page of one that anybody may check."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from flask import (
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from flask_login import current_user

from app import clock, i18n
from app.access import Role, only, public, signed_in
from app.certificate import actions, badge_views, check_views, file_views, layout, lifecycle, looks, queries, sentences
from app.certificate.blueprint import bp
from app.certificate.code import grouped, normalise
from app.certificate.forms import ClaimForm
from app.certificate.models import Certificate
from app.certificate.rules import PASSED, WORDS, Facts, date_range, long_date
from app.course import queries as course_queries
from app.db import session, transaction
from app.enrollment import pages, rules
from app.enrollment import queries as enrollment_queries
from app.errors import N_, Refused

__all__ = ["badge_views", "bp", "check_views", "file_views"]


@bp.get("/sertifikat")
@only(Role.RESIDENT)
def mine() -> str:
    """My certificates, and which courses are on the way to one."""
    rows = sorted(queries.mine(session(), current_user.id), key=lambda row: row.revoked_at is not None)
    papers = queries.papers(session(), current_user.id)
    # Who holds a letter for taking part may still earn the certificate.
    issued = {row.enrollment_id for row in rows if row.kind == PASSED}
    learnings = [one for one in enrollment_queries.mine(session(), current_user.id) if one.id not in issued]
    courses = course_queries.contents(session(), {learning.version_id for learning in learnings})
    standings = [pages.standing(courses[learning.version_id], learning) for learning in learnings]
    ready = [one for one in standings if rules.finished(one.course, one.learning.progress)]
    return render_template(
        "certificate/mine.html",
        certificates=[(row, replace(_paper(row), signer=papers[row.id][0]), papers[row.id][1]) for row in rows],
        claim=layout.claim,
        ready=ready,
        coming=[one for one in standings if one not in ready],
        message=_message,
        grouped=grouped,
    )


@bp.route("/belajar/<slug>/sertifikat", methods=["GET", "POST"])
@only(Role.RESIDENT)
def claim(slug: str) -> Any:
    """Confirms the name of who has no paper yet, and issues the certificate."""
    learning = enrollment_queries.of(session(), current_user.id, slug) or abort(404)
    code, printed = queries.claimed(session(), current_user.id, learning.id)
    if code is not None:
        return _to(code)
    course = course_queries.content(session(), learning.version_id)
    form = ClaimForm(request.form, name=current_user.name)
    if request.method == "POST" and (printed or form.validate()):
        try:
            with transaction() as s:
                learning = enrollment_queries.of(s, current_user.id, slug) or abort(404)
                made = actions.claim(s, learning, form.name.data, clock.now(), current_app.config)
                code, ready = made.code, queries.edition(s, made).finished_at is not None
        except actions.NameRefused as no:
            form.refuse("name", no)
        else:
            save = N_("Sertifikat Anda sudah terbit. Simpan PDF-nya di HP Anda.")
            flash(gettext(save if ready else N_("Sertifikat Anda sudah terbit. PDF-nya menyusul.")))
            return _to(code)
    page = render_template(
        "certificate/claim.html",
        form=form,
        printed=printed,
        slug=slug,
        course=course,
        left=[line for line in rules.requirements(course, learning.progress) if not line.met],
    )
    return page, 422 if form.errors else 200


@bp.get("/sertifikat/<code>/unduh")
@signed_in
def download(code: str) -> Response:
    """The paper as it was given out, for its holder only."""
    row = queries.owned(session(), current_user.id, normalise(code)) or abort(404)
    if row.revoked_at is not None:
        raise Refused(sentences.REVOKED[row.kind], date=i18n.long_date(row.revoked_at))
    paper = queries.paper_of(session(), row)
    if paper is None:
        signer = queries.signer_of(session(), row) or abort(404)
        raise Refused((sentences.UNSIGNED if signer == "external" else sentences.PREPARED)[row.kind])
    answer = Response(paper, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = _attachment(f"{WORDS[row.kind]} {row.course_code} {row.holder}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/sertifikat/<code>/nilai")
@signed_in
def score(code: str) -> Response:
    """The holder's choice whether who checks the certificate sees the score. Sent twice it is made once."""
    with transaction() as s:
        row = lifecycle.show_score(s, current_user.id, normalise(code), request.form.get("nilai") == "1") or abort(404)
    seen = N_("Nilai tes akhir Anda sekarang terlihat oleh pemeriksa.")
    hidden = N_("Nilai tes akhir Anda sekarang tidak terlihat oleh pemeriksa.")
    flash(gettext(seen if row.shows_score else hidden))
    return _to(row.code)


@bp.get("/sertifikat/<code>")
@public
def verify(code: str) -> Response:
    """Valid, revoked or not found, with all that stands on the paper, for anybody who holds the code."""
    looks.count()
    stored = normalise(code)
    if stored is not None and code != grouped(stored):
        return make_response(redirect(url_for("certificate.verify", code=grouped(stored))))
    row = queries.by_code(session(), stored)
    told = queries.story(session(), row) if row else None
    if told is None:
        row, told = None, (("none", False), ())
    (signer, ready), history = told
    page = render_template(
        "certificate/verify.html",
        row=row,
        paper=_paper(row) if row else None,
        score=queries.shown_score(row) if row else None,
        signer=signer,
        ready=ready,
        history=history,
        code=grouped(stored) if stored else "",
        host=urlsplit(current_app.config["BASE_URL"]).netloc,
        checked_at=clock.now(),
        long_date=long_date,
        date_range=date_range,
        grouped=grouped,
    )
    answer = make_response(page, 200 if row else 404)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _to(code: str) -> Response:
    """To this certificate among mine."""
    return make_response(redirect(url_for("certificate.mine", _anchor=f"s-{code}")))


def _paper(row: Certificate) -> Facts:
    return queries.paper(row, current_app.config["BASE_URL"])


def _attachment(title: str) -> str:
    """The file's name in plain letters for every system, and in the holder's own for those that can."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", title))
    plain = (unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode() for word in words)
    return f"attachment; filename={'-'.join(filter(None, plain))}.pdf; filename*=UTF-8''{quote('-'.join(words))}.pdf"


def _message(facts: Facts) -> str:
    """The address of a new message that sends the link on."""
    words = gettext(sentences.SHARED[facts.kind], title=facts.course_title, address=facts.verify_url)
    return f"https://wa.me/?text={quote(words)}"
