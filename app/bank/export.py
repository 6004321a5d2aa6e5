"""The table of questions as a file: the same rows as the page."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext

from app.bank.overview import Overview
from app.sheets import safe, written

HEADER = (
    "soal",
    "nomor",
    "pertanyaan",
    "modul",
    "kuis",
    "status",
    "jumlah_jawaban",
    "status_nilai",
    "rata_rata_benar",
    "daya_beda",
    "dilewati",
    "detik_median",
    "perkiraan_penulis",
    "penanda",
    "kalimat",
)
GONE = "tidak_di_versi_terbaru"


def _decimals(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def lines(found: Overview) -> Iterator[tuple[str | int, ...]]:
    """One question a line. Numbers of 1 to 4 are empty with status S; figures of fewer than ten people are empty."""
    for row in found.rows:
        figures = row.figures
        seconds = figures.seconds if figures else None
        yield (
            safe(row.item.id),
            row.number,
            safe(" ".join(row.item.stem.split())),
            safe(row.item.module),
            gettext(row.name, **row.facts),
            GONE if row.gone else row.item.status,
            "" if row.n.small else row.n.value,
            "S" if row.n.small else "A",
            # Numbers of our own, -0.1 as well: they are no formula.
            _decimals(figures.facility if figures else None),
            _decimals(figures.discrimination if figures else None),
            _decimals(figures.omission if figures else None),
            "" if seconds is None else f"{seconds:g}",
            "" if row.item.difficulty is None else f"{row.item.difficulty:g}",
            "" if row.gone else " ".join(one.code for one in row.findings),
            "" if row.gone else " ".join(gettext(one.message, **one.facts) for one in row.findings),
        )


def text(found: Overview, *, excel: bool) -> str:
    """The file."""
    return written(HEADER, lines(found), excel=excel)
