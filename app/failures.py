"""What a person sees when something is refused, missing or broken: one page, one clear sentence."""

from __future__ import annotations

import logging
import secrets
from typing import Any

import sqlalchemy as sa
from flask import (
    Flask,
    Response,
    current_app,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.access import SignedOut
from app.errors import N_, Refused
from app.forms import usable

log = logging.getLogger(__name__)

# Title and sentence for each status that we answer with a page of our own.
WORDS: dict[int, tuple[str, str]] = {
    400: (
        N_("Permintaan ini tidak dapat dibaca"),
        N_("Kembali ke halaman sebelumnya, muat ulang, lalu coba sekali lagi."),
    ),
    403: (
        N_("Halaman ini bukan untuk akun Anda"),
        N_("Masuk dengan akun yang berhak, atau kembali ke halaman Anda sendiri."),
    ),
    404: (
        N_("Halaman ini tidak ada"),
        N_("Alamatnya mungkin salah ketik, atau halamannya sudah pindah. Kemajuan belajar Anda tetap aman."),
    ),
    405: (N_("Tindakan ini tidak dikenal"), N_("Buka halamannya sekali lagi, lalu pakai tombol yang tersedia.")),
    413: (N_("Kiriman terlalu besar"), N_("Perkecil teks atau berkasnya, lalu kirim lagi. Belum ada yang berubah.")),
    415: (N_("Jenis kiriman tidak dikenal"), N_("Kirim lagi dari formulir di halaman ini.")),
    429: (N_("Terlalu banyak percobaan"), N_("Tunggu beberapa menit, lalu coba lagi. Data Anda aman.")),
    500: (
        N_("Terjadi kendala di pihak kami"),
        N_("Jawaban yang sudah berstatus “Sudah terkirim” aman. Tunggu 1 menit, lalu muat ulang halaman ini."),
    ),
    503: (
        N_("Layanan sedang sibuk"),
        N_("Jawaban yang sudah terkirim aman. Tunggu beberapa detik, lalu kirim lagi dari halaman sebelumnya."),
    ),
}
_SECRET_FIELDS = ("sandi", "csrf", "kode")


def wants_json() -> bool:
    """Whether a script asked, and not a person's browser."""
    accepted = request.accept_mimetypes
    return request.path.startswith("/api/") or accepted.best == "application/json"


def page(
    status: int,
    title: str,
    sentence: str,
    *,
    kept: dict[str, str] | None = None,
    ticket: str = "",
    back: str | None = None,
) -> Response:
    """The page (or JSON) that says what happened, what is safe and what to do."""
    if wants_json():
        response = jsonify(judul=title, kalimat=sentence)
    else:
        _know_who_is_there()
        response = make_response(
            render_template(
                "errors/page.html",
                title=title,
                sentence=sentence,
                kept=kept or {},
                ticket=ticket,
                status=status,
                back=back,
            )
        )
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _know_who_is_there() -> None:
    """Without its database the house knows nobody; the page that says so must not ask once more."""
    try:
        _ = current_user.is_authenticated
    except sa.exc.SQLAlchemyError:
        g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]  # the extension adds it


def _typed() -> dict[str, str]:
    """The longer texts a person sent, to give back when the form itself cannot be shown again."""
    return {
        name: value
        for name, value in request.form.items()
        if len(value) > 40 and not any(word in name for word in _SECRET_FIELDS)
    }


def init_app(app: Flask) -> None:
    """Registers the pages."""

    @app.before_request
    def refuse_unreadable_addresses() -> Response | None:
        """An address with control characters is nobody's; PostgreSQL could not even compare it."""
        parts = [request.path, *request.args.keys(), *request.args.values()]
        if all(usable(part) for part in parts):
            return None
        title, sentence = WORDS[400]
        return page(400, gettext(title), gettext(sentence))

    @app.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        return page(409, gettext(N_("Belum dapat dilakukan")), gettext(error.message, **error.facts))

    @app.errorhandler(SignedOut)
    def signed_out(ended: SignedOut) -> Any:
        if wants_json():
            return page(401, gettext(N_("Anda sudah keluar")), gettext(WORDS[403][1]))
        if kept := _typed():
            sentence = gettext(
                N_("Salin dahulu tulisan Anda di bawah ini. Masuk lagi, lalu tempel di halaman tempat Anda menulisnya.")
            )
            return page(401, gettext(N_("Anda sudah keluar")), sentence, kept=kept, back=ended.back)
        flash(gettext(N_("Anda sudah keluar di perangkat ini. Masuk lagi untuk melanjutkan.")))
        return redirect(url_for("accounts.sign_in", lanjut=ended.back))

    @app.errorhandler(CSRFError)
    def stale_form(_error: CSRFError) -> Response:
        sentence = gettext(
            N_("Formulir ini dibuka sebelum Anda masuk atau keluar. Muat ulang halamannya, lalu kirim lagi.")
        )
        return page(400, gettext(N_("Formulir ini sudah kedaluwarsa")), sentence, kept=_typed())

    @app.errorhandler(HTTPException)
    def told(error: HTTPException) -> Response:
        if error.response is not None:
            return error.response  # type: ignore[return-value]  # ours are Flask's
        status = error.code or 500
        title, sentence = WORDS.get(status, WORDS[400 if status < 500 else 500])
        response = page(status, gettext(title), gettext(sentence))
        if status == 429:
            response.headers["Retry-After"] = "60"
        if allowed := getattr(error, "valid_methods", None):
            response.headers["Allow"] = ", ".join(allowed)
        return response

    @app.errorhandler(sa.exc.OperationalError)
    @app.errorhandler(sa.exc.InterfaceError)
    @app.errorhandler(sa.exc.TimeoutError)
    def busy(error: Exception) -> Response:
        log.error("database busy or away: %s", error)
        response = page(503, *(gettext(words) for words in WORDS[503]))
        response.headers["Retry-After"] = "5"
        return response

    @app.errorhandler(500)
    def broken(error: Exception) -> Response:
        ticket = secrets.token_hex(3).upper()
        log.error("ticket %s", ticket, exc_info=getattr(error, "original_exception", None))
        return page(500, *(gettext(words) for words in WORDS[500]), ticket=ticket)
