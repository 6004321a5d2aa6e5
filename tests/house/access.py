"""Who may enter where: the table of docs/access.md, read for the inspection."""

from __future__ import annotations

import re

from tests.house.tree import ROOT

SOURCE = ROOT / "docs/access.md"
EVERYBODY = frozenset({"guest", "resident", "trainer", "analyst", "admin"})
# The words of the table. `owner` is a resident (or anybody with an account) with what is theirs.
_WHO = {
    "semua orang": EVERYBODY,
    "siapa pun yang masuk": EVERYBODY - {"guest"},
    "peserta": frozenset({"resident"}),
    "pelatih": frozenset({"trainer"}),
    "analis": frozenset({"analyst"}),
    "admin": frozenset({"admin"}),
    "pemilik": frozenset({"owner"}),
}
_ROW = re.compile(
    r"^\| `(?P<address>/[^`]*)` \| (?P<method>[A-Z]+) \| `(?P<endpoint>[\w.]+)` \| (?P<who>[^|]+) \|$", re.M
)

Key = tuple[str, str]


def _read() -> tuple[dict[Key, frozenset[str]], dict[Key, str]]:
    """Who may, and at which address, for each endpoint and method."""
    access: dict[Key, frozenset[str]] = {}
    addresses: dict[Key, str] = {}
    for row in _ROW.finditer(SOURCE.read_text(encoding="utf-8")):
        key = (row["endpoint"], row["method"])
        assert key not in access, f"{key} stands twice in {SOURCE.name}"
        access[key] = frozenset().union(*(_WHO[word.strip()] for word in row["who"].split(",")))
        addresses[key] = row["address"]
    return access, addresses


ACCESS, ADDRESSES = _read()
