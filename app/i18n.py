"""Language of the page, and dates and numbers as people here write them."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, g, request
from flask_babel import Babel, gettext, ngettext
from markupsafe import Markup

from app.clock import WITA
from app.errors import N_

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
COOKIE = "bahasa"
TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"
STAFF = N_("petugas di kantor kelurahan Anda")  # the default of CONTACT
_MONTHS = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(),
    "en": "January February March April May June July August September October November December".split(),
}


def language() -> str:
    """The language this person chose, else Indonesian: the service speaks the city's language first."""
    try:
        spoken: str = g.language
    except AttributeError:
        chosen = request.cookies.get(COOKIE, "id") if request else "id"
        spoken = g.language = chosen if chosen in LANGUAGES else "id"
    return spoken


def number(value: float | int, decimals: int = 0) -> str:
    """1.234,5 in Indonesian, 1,234.5 in English."""
    text = f"{value:,.{decimals}f}"
    return text if language() == "en" else text.translate(str.maketrans(",.", ".,"))


def long_date(value: date | datetime) -> str:
    """23 November 2026, by the calendar of Bontang."""
    if isinstance(value, datetime):
        value = value.astimezone(WITA).date()
    return f"{value.day} {_MONTHS[language()][value.month - 1]} {value.year}"


def clock_time(value: datetime) -> str:
    """14.30 WITA."""
    return value.astimezone(WITA).strftime("%H.%M WITA")


def moment(value: datetime) -> str:
    """23 November 2026 pukul 14.30 WITA."""
    return str(gettext("%(date)s pukul %(time)s", date=long_date(value), time=clock_time(value)))


def _translated(message: str) -> str:
    """The sentence in the language of the page. Sentences are written in Indonesian, so that needs no catalogue."""
    return message if language() == "id" else str(gettext(message))


@lru_cache(maxsize=8192)
def _marked(message: str, spoken: str) -> Markup:
    """The sentence as it stands in a page; kept, since pages ask for a hundred of them."""
    assert spoken == language()
    return Markup(_translated(message))  # noqa: S704 (our own words; facts are escaped when they are put in)


def _say(message: str, **facts: object) -> Markup:
    """`_("…")` in templates: as Jinja's own, which takes five times as long."""
    words = _marked(message, language())
    return words % facts if "%" in words else words


def contact() -> str:
    """Whom people ask. The words of the setting CONTACT stay as they are; its default speaks both languages."""
    words: str = current_app.config["CONTACT"]
    return _translated(words) if words == STAFF else words


def init_app(app: Flask) -> None:
    """Sets up translations and the filters that templates use."""
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(TRANSLATIONS))
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "id")
    Babel(app, locale_selector=language)
    app.jinja_env.install_gettext_callables(_translated, ngettext, newstyle=True)  # type: ignore[attr-defined]  # the i18n extension adds it
    app.jinja_env.globals["_"] = _say
    app.jinja_env.filters.update(angka=number, tanggal=long_date, jam=clock_time, saat=moment)
