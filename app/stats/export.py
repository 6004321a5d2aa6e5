"""The report as a file: the same rows as the page, one value a line."""

from __future__ import annotations

from collections.abc import Iterator

from app.sheets import safe, written
from app.stats.report import GAIN, MEASURES, Report
from app.stats.rules import Cell

HEADER = (
    "periode",
    "cakupan",
    "tabel",
    "kode",
    "nama",
    "jenis_baris",
    "ukuran",
    "rincian",
    "satuan",
    "nilai",
    "status_nilai",
    "jumlah_pasangan",
    "rata_rata",
    "batas_bawah_95",
    "batas_atas_95",
)
_NO_INTERVAL = ("", "", "", "")  # neither pairs nor mean nor bounds
_UNSTATED = "tidak_diisi"  # the code of those who did not answer: an empty field would read as missing


def lines(report: Report, period: str, scope: str) -> Iterator[tuple[str | int | float, ...]]:
    """Every value of the report: hidden ones are empty with status S, missing ones empty with status N."""
    units = {code: (label, unit) for code, label, unit, _ in MEASURES}
    for section in report.sections:
        crossed = not section.gains
        for row in section.rows:
            start = (period, scope, section.key, row.key or _UNSTATED, safe(row.label), row.kind)
            for code, _ in section.columns:
                cell = row.cells[code]
                what = ("learners", code or _UNSTATED, units["learners"][1]) if crossed else (code, "", units[code][1])
                yield (*start, *what, *_value(cell), *_NO_INTERVAL)
            if section.gains:
                known = row.gain is not None
                value = row.gain.raw_median if row.gain else ""
                shown = row.gain.pairs if row.gain and row.kind == "total" else ""
                bounds = row.interval.whole if row.interval else _NO_INTERVAL[1:]
                yield (*start, GAIN[0], "", GAIN[2], value, "A" if known else "N", shown, *bounds)


def _value(cell: Cell) -> tuple[str | int, str]:
    return ("" if cell.value is None else cell.value), cell.status


def text(report: Report, period: str, scope: str, *, excel: bool) -> str:
    """RFC 4180 with commas, or semicolons and a byte order mark for Excel in Indonesia."""
    return written(HEADER, lines(report, period, scope), excel=excel)
