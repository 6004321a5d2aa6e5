"""What a certificate keeps of a course and of the office that issues it, at the moment of issue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

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
    course: Course, settings: Mapping[str, Any], *, score: float | None, started_at: datetime, finished_at: datetime
) -> dict[str, Any]:
    """Everything that stands on the paper beside the columns of its row; the score is kept and never printed."""
    codes = sorted({code for module in course.modules for code, _ in module.digcomp})
    return {
        "pillar": course.pillar,
        "level": level_label(course.level),
        "method": METHOD,
        "minutes_per_jp": settings["MINUTES_PER_JP"],
        "started_on": day_of(started_at).isoformat(),
        "finished_on": day_of(finished_at).isoformat(),
        "score": score,
        "pass_mark": course.rule.test_mark if course.cells else course.rule.quiz_mark,
        "modules": [_line(module, course.pillar) for module in course.modules],
        "competences": [f"{code} {COMPETENCES[code]}" if code in COMPETENCES else code for code in codes],
        **{name: settings[setting] for name, setting in OFFICE.items()},
    }


def _line(module: Module, pillar: str) -> dict[str, Any]:
    return {
        "number": module.number,
        "title": module.title,
        "jp": module.jp,
        "digcomp": ", ".join(code for code, _ in module.digcomp),
        "pillar": pillar,
    }
