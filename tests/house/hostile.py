"""Strings that break careless programs: a small sample of our own, and those of the shared fixtures where they are."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from functools import cache
from typing import Any

from tests.house.tree import ROOT

# Beside the project on our own machines; elsewhere the sample below has to do.
SHARED = ROOT.parent / "shared" / "fixtures"
STRINGS = SHARED / "strings" / "blns-even.json"
PAYLOADS = SHARED / "html-xss" / "dompurify-even.json"
ABSENT = "../shared/fixtures is not beside this checkout: only our own sample was tried (tests/house/hostile.py)"
_UNSEEN = re.compile("C|Zl|Zp")
# With HOSTILE=all every string goes into every field; otherwise they take turns.
ALL = os.environ.get("HOSTILE") == "all"

# Written as bytes where Python would not let us write such a text. The worst of each sort come first.
DANGEROUS: tuple[str | bytes, ...] = (
    "\x00",
    '"><img src=x onerror=alert(1)>',
    b"\xed\xa0\x80",
    "<script>alert(1)</script>",
    "'; DROP TABLE person; --",
    "a" * 10_000,
    "javascript:alert(1)//",
    "Sari \u202eirasdnas",
)
# Those that databases take differently.
DATABASES: tuple[str | bytes, ...] = ("\x00", b"\xed\xa0\x80", "'; DROP TABLE person; --", "a" * 10_000)
OWN: tuple[str | bytes, ...] = (
    *DANGEROUS,
    "",
    "   ",
    "a\x00b",
    "\x1b[31mmerah\x07",
    "\x7f\x80\x9f",
    "\u200b\u200d\ufeff",
    "\u2028\u2029",
    "\ufffe\uffff",
    b"\xff\xfe",
    b"abc\xc3",
    "' onfocus=alert(1) autofocus='",
    "a onmouseover=alert(1)",
    "</textarea></title><svg/onload=alert(1)>",
    "<!--<img src=--><img src=x onerror=alert(1)//>",
    '<a href="javascript:alert(1)">Sari</a>',
    "&lt;script&gt;&amp;&#0;&#x1F600;",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "{{7*7}}{% raw %}${7*7}#{7*7}",
    "%s%n%(name)s%d",
    "{0}{name!r}\\1",
    "../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "//jahat.contoh/",
    "https://jahat.contoh/",
    "/\\jahat.contoh",
    "ab\r\nSet-Cookie: sesi=jahat\r\n\r\n<p>",
    "satu\ndua",
    "' OR '1'='1",
    '" OR ""="',
    "%' _ \\",
    "99999999999999999999999999",
    "-1",
    "1e309",
    "NaN",
    "٤٢",
    "１２３",
    "²",
    "👩🏽‍🏫🇮🇩",
    "Z" + "\u0301" * 300,
    "ﷺ" * 50,
    "İıſß",
    "None",
    "undefined",
    "[]",
    '{"a": [1]}',
    "Nama biasa",
)  # fmt: skip


def raw(value: str | bytes) -> bytes:
    """The string as it travels; half characters travel as other programs send them."""
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


def seen(value: str | bytes) -> str:
    """The string as the application reads it."""
    return raw(value).decode("utf-8", "replace")


def plainly(text: str) -> str:
    """The text without signs nobody sees and without accidents of spelling, to compare what was kept."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(sign for sign in text if sign == "\n" or not _UNSEEN.match(unicodedata.category(sign))).strip()


@cache
def strings() -> tuple[str | bytes, ...]:
    """Our own strings and those of the fixtures, each once, the dangerous ones first."""
    return tuple(dict.fromkeys((*OWN, *naughty(), *payloads())))


@cache
def naughty() -> tuple[str, ...]:
    """The strings of fixtures/strings; none where the fixtures are not."""
    return tuple(_read(STRINGS))


@cache
def payloads() -> tuple[str, ...]:
    """The HTML of fixtures/html-xss; none where the fixtures are not."""
    return tuple(entry["payload"] for entry in _read(PAYLOADS))


def _read(path: Any) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
