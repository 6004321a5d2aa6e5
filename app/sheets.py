"""Tables as files for a spreadsheet. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_RUNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe(text: str) -> str:
    """The text so that no spreadsheet runs it as a formula."""
    return "'" + text if text.startswith(_RUNS) else text


def written(header: Sequence[str], rows: Iterable[Sequence[str | int | float]], *, excel: bool) -> str:
    """RFC 4180 with commas, or semicolons and a byte order mark for Excel in Indonesia."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if excel else ",", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return ("\ufeff" if excel else "") + out.getvalue()
