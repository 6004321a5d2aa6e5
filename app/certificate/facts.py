"""What a certificate keeps of a course and of the office that issues it, at the moment of issue."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.certificate.models import Logo
from app.clock import WITA
from app.course.shapes import Course, Module

METHOD = "daring mandiri"
# The office as it stands on the paper, and the setting that says it.
OFFICE = {
    "agency": "AGENCY",
    "unit": "UNIT",
    "programme": "PROGRAMME",
    "place": "PLACE",
    "signatory_name": "SIGNATORY_NAME",
    "signatory_title": "SIGNATORY_TITLE",
    "signatory_nip": "SIGNATORY_NIP",
}
# The 21 competences of DigComp 3.0, in words of our own.
COMPETENCES = {
    "1.1": "Menjelajah, mencari, dan menyaring informasi",
    "1.2": "Menilai informasi",
    "1.3": "Mengelola informasi",
    "2.1": "Berinteraksi melalui dan dengan teknologi digital",
    "2.2": "Berbagi melalui teknologi digital",
    "2.3": "Berperan sebagai warga melalui teknologi digital",
    "2.4": "Berkolaborasi melalui teknologi digital",
    "2.5": "Perilaku digital",
    "2.6": "Mengelola identitas digital",
    "3.1": "Mengembangkan konten digital",
    "3.2": "Memadukan dan mengolah ulang konten digital",
    "3.3": "Hak cipta dan lisensi",
    "3.4": "Berpikir komputasional dan pemrograman",
    "4.1": "Melindungi perangkat",
    "4.2": "Melindungi data pribadi dan privasi",
    "4.3": "Menjaga kesejahteraan diri",
    "4.4": "Dampak lingkungan teknologi digital",
    "5.1": "Mengenali dan memecahkan masalah teknis",
    "5.2": "Mengenali kebutuhan dan solusi teknologi",
    "5.3": "Menemukan solusi kreatif dengan teknologi digital",
    "5.4": "Mengenali dan memenuhi kebutuhan kompetensi digital",
}


def day_of(moment: datetime) -> date:
    """The day by the calendar of Bontang."""
    return moment.astimezone(WITA).date()


def level_label(level: int) -> str:
    """A level of DigComp in the words of the paper."""
    if level > 6:
        return "Sangat mahir"
    return f"{'Dasar' if level <= 2 else 'Menengah' if level <= 4 else 'Mahir'} {level}"


def kept(
    course: Course,
    settings: Mapping[str, Any],
    *,
    score: float | None,
    started_at: datetime,
    finished_at: datetime,
    issued_on: date,
) -> dict[str, Any]:
    """Everything that stands on the paper beside the columns of its row; the score is kept and never printed."""
    return {
        **described(course),
        "minutes_per_jp": settings["MINUTES_PER_JP"],
        "started_on": day_of(started_at).isoformat(),
        "finished_on": day_of(finished_at).isoformat(),
        "score": score,
        **_office(settings, issued_on),
    }


def described(course: Course) -> dict[str, Any]:
    """What a certificate says of a course, whoever learned it."""
    codes = sorted({code for module in course.modules for code, _ in module.digcomp})
    return {
        "pillar": course.pillar,
        "level": level_label(course.level),
        "method": METHOD,
        "pass_mark": course.rule.test_mark if course.cells else course.rule.quiz_mark,
        "modules": [_line(module, course.pillar) for module in course.modules],
        "competences": [f"{code} {COMPETENCES[code]}" if code in COMPETENCES else code for code in codes],
    }


def _office(settings: Mapping[str, Any], day: date) -> dict[str, str]:
    """The office as it stands on the paper; on days outside the official's term the agency answers instead."""
    first, last = settings["SIGNATORY_FROM"], settings["SIGNATORY_UNTIL"]
    serves = (first is None or first <= day) and (last is None or day <= last)
    return {
        name: settings[setting] if serves or not setting.startswith("SIGNATORY") else ""
        for name, setting in OFFICE.items()
    }


def logo(session: Session, settings: Mapping[str, Any]) -> str:
    """Keeps the agency's picture as it is now and returns its SHA-256; "" where the agency has none."""
    picture = settings["AGENCY_LOGO"]
    if not picture:
        return ""
    digest = hashlib.sha256(picture).hexdigest()
    if session.get(Logo, digest) is None:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        session.execute(insert(Logo).values(digest=digest, picture=picture).on_conflict_do_nothing())
    return digest


def _line(module: Module, pillar: str) -> dict[str, Any]:
    return {
        "number": module.number,
        "title": module.title,
        "jp": module.jp,
        "digcomp": ", ".join(code for code, _ in module.digcomp),
        "pillar": pillar,
    }
