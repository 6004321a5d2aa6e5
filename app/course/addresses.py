"""Numbers and addresses that stand in a text although they belong in the table of references."""

from __future__ import annotations

import re
from collections.abc import Iterator

# What a resident might mistake for an address, but is the end of a file's name.
_FILE_ENDINGS = {
    *("apk", "pdf", "jpg", "jpeg", "png", "webp", "gif", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "rar"),
    *("mp3", "mp4", "txt", "csv", "exe", "html", "toml", "md", "apks", "xapk"),
}
_MADE_UP = {"contoh", "example"}

_REFERENCE = re.compile(r"\[\[[^\]]*\]\]")
_BRACES = re.compile(r"\{#[^{}]*\}\s*$")
_URL = re.compile(r"(?:https?://|www\.)[^\s)\]>”\"]+", re.IGNORECASE)
_DOMAIN = re.compile(r"(?<![\w@.-])(?:[\w-]+@)?[a-z0-9_][\w-]*(?:\.[\w-]+)*\.([a-z]{2,24})(?![\w-])", re.IGNORECASE)
_DIGITS = re.compile(r"(?<![\w.,])\+?\d(?:[ ()-]{0,2}\d){6,}(?![\w]|[.,]\d)")
_SHORT = re.compile(
    r"\b(?:hubungi|telepon|menelepon|teleponlah|tekan|call center)\s+(?:nomor\s+)?(\d{3,6})\b", re.IGNORECASE
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z|(?:19|20)\d\d ?-? ?(?:19|20)\d\d\Z")
_FAKE_PHONE = "080000000000"


def addresses(line: str) -> Iterator[str]:
    """Addresses in a line of source that are neither references nor visibly made up."""
    line = _BRACES.sub("", _REFERENCE.sub(" ", line))
    for found in _URL.finditer(line):
        host = re.sub(r"\A(?:https?://)?", "", found.group(), flags=re.IGNORECASE).split("/")[0].split(":")[0]
        if host.rstrip(".,!?").rpartition(".")[2].lower() not in _MADE_UP:
            yield found.group()
    for found in _DOMAIN.finditer(_URL.sub(" ", line)):
        ending = found[1]
        # "S.Pd" is a title; an address is written in one case.
        if ending.lower() in _FILE_ENDINGS | _MADE_UP or not (ending.islower() or ending.isupper()):
            continue
        yield found.group()


def numbers(line: str) -> Iterator[str]:
    """Telephone, account and identity numbers in a line of source that are not visibly made up."""
    line = _BRACES.sub("", _REFERENCE.sub(" ", line))
    for found in _DIGITS.finditer(line):
        digits = "".join(sign for sign in found.group() if sign.isdigit())
        if not digits.strip("0") or digits in {_FAKE_PHONE, "62" + _FAKE_PHONE[1:]} or _DATE.match(found.group()):
            continue
        yield found.group()
    for found in _SHORT.finditer(line):
        if found[1].strip("0"):
            yield found[1]
