"""Tables as files for a spreadsheet. Pure."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence

Row = Sequence[str | int | float]
_RUNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe(text: str) -> str:
    """The text so that no spreadsheet runs it as a formula."""
    return "'" + text if text.startswith(_RUNS) else text


def written(header: Sequence[str], rows: Iterable[Row], *, excel: bool) -> str:
    """RFC 4180 with commas, or semicolons and a byte order mark for Excel in Indonesia."""
    return "".join(streamed(header, [rows], excel=excel))


def streamed(header: Sequence[str], pages: Iterable[Iterable[Row]], *, excel: bool) -> Iterator[str]:
    """The same page by page, so that a table of any length needs no more memory than one page of it."""
    yield "\ufeff" if excel else ""
    for rows in itertools.chain([[header]], pages):
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=";" if excel else ",", lineterminator="\r\n").writerows(rows)
        yield out.getvalue()
