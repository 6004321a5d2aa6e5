"""Language of the page, and dates and numbers as people here write them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from flask import Flask, g, request
from flask_babel import Babel, gettext, ngettext

from app.clock import WITA

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
COOKIE = "bahasa"
TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"
_MONTHS = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(),
    "en": "January February March April May June July August September October November December".split(),
}


def language() -> str:
    """The language this person chose, else Indonesian: the service speaks the city's language first."""
    if "language" not in g:
        chosen = request.cookies.get(COOKIE, "id") if request else "id"
        g.language = chosen if chosen in LANGUAGES else "id"
    spoken: str = g.language
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


def init_app(app: Flask) -> None:
    """Sets up translations and the filters that templates use."""
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(TRANSLATIONS))
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "id")
    Babel(app, locale_selector=language)
    app.jinja_env.install_gettext_callables(_translated, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(angka=number, tanggal=long_date, jam=clock_time, saat=moment)
