"""A curious reader: takes the published file and computes what each number must lie between."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from math import inf

from app.accounts.people import AGE_KEYS, GENDER_KEYS
from app.accounts.regions import CODES, GROUPS, OUTSIDE

ALL = "*"
ADDING_UP = ("enrolled", "completed", "tested", "passed", "jp", "certificates")
Number = tuple[str, str, str, str]  # measure, table, line, detail
Bounds = dict[Number, tuple[float, float]]
UNSTATED = "tidak_diisi"
_DETAILS: Mapping[str, tuple[str, ...]] = {
    "gender": tuple(key or UNSTATED for key in GENDER_KEYS),
    "age": tuple(key or UNSTATED for key in AGE_KEYS),
}


def number(measure: str, table: str, line: str, detail: str = "") -> Number:
    """One name for a number, in whatever table it stands."""
    if "+" in table and detail == ALL:
        table, detail = "region", ""
    if "+" in table and line == ALL:
        table, line, detail = table.split("+")[1], detail, ""
    return (measure, "", ALL, "") if line == ALL and not detail else (measure, table, line, detail)


def lines(text: str) -> list[dict[str, str]]:
    """The lines of a file, either form of it."""
    plain = text.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(plain, newline=""), delimiter=";" if text != plain else ","))


def said(text: str) -> Bounds:
    """What the file says outright: a value, or between 1 and 4, or at least 1."""
    found: Bounds = {}
    for line in lines(text):
        if line["ukuran"] == "gain":
            continue
        at = number(line["ukuran"], line["tabel"], line["kode"], line["rincian"])
        low, high = (1.0, inf) if line["status_nilai"] == "S" else (float(line["nilai"]),) * 2
        before = found.get(at, (0, inf))
        found[at] = max(low, before[0]), min(high, before[1])
    return found


def sums(known: Iterable[Number], groups: Mapping[str, tuple[str, ...]]) -> list[tuple[Number, list[Number]]]:
    """Which numbers add up to which."""
    found = []
    for measure, table, detail in sorted({(number_[0], number_[1], number_[3]) for number_ in known}):
        if table.startswith("region"):
            places = [(ALL, (*GROUPS, OUTSIDE)), *GROUPS.items()]
        elif table == "course" and measure in ADDING_UP:
            places = [(ALL, tuple(groups)), *groups.items()]
        elif table in _DETAILS:
            places = [(ALL, _DETAILS[table])]
        else:
            continue
        name = "pillar" if table == "course" else table
        for whole, parts in places:
            part = "course" if table == "course" and whole != ALL else name
            found.append((number(measure, name, whole, detail), [number(measure, part, one, detail) for one in parts]))
        if "+" in table:
            details = _DETAILS[table.split("+")[1]]
            whole_rows = [number(measure, "region", line) for line in (*CODES, *GROUPS)]
            found += [(row, [number(measure, table, row[2], one) for one in details]) for row in whole_rows]
    return found


def computed(text: str, groups: Mapping[str, tuple[str, ...]]) -> Bounds:
    """What the reader knows after adding and subtracting until nothing new comes out."""
    known = said(text)
    equations = [
        (whole, parts)
        for whole, parts in sums(known, groups)
        if whole in known and all(part in known for part in parts)
    ]
    assert equations
    for _ in range(60):
        before = dict(known)
        for whole, parts in equations:
            least, most = (sum(known[part][side] for part in parts) for side in (0, 1))
            low, high = known[whole] = max(known[whole][0], least), min(known[whole][1], most)
            for part in parts:
                others = [known[other] for other in parts if other != part]
                known[part] = (
                    max(known[part][0], low - sum(one[1] for one in others)),
                    min(known[part][1], high - sum(one[0] for one in others)),
                )
        if known == before:
            break
    assert all(low <= high for low, high in known.values())
    return known
