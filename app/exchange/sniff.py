"""Which format a file is in, seen from what is in it: names and endings may say anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.errors import N_
from app.exchange import aiken, embedded, encoding, gift, moodle_xml, multianswer, packages, qti
from app.exchange.shapes import Found, Unreadable

LARGEST_TEXT = 1_000_000
LARGEST = 5_000_000
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ROOT = re.compile(
    r"\s*(?:<\?[^>]{0,400}>\s*|<!--.{0,2000}?-->\s*)*<(?:[\w.-]{1,60}:)?([A-Za-z][\w.-]{0,60})", re.DOTALL
)
_XML = re.compile(r"\s*<(?:[?!]|(?:[\w.-]{1,60}:)?(?:quiz|manifest|questestinterop|assessment|qti-)[\w.-]*[\s>])")

_TOO_LARGE = N_("Berkas ini lebih besar dari %(limit)s MB. Bagi menjadi beberapa berkas.")
_EMPTY = N_("Berkas ini kosong.")
_BACKUP = N_("Ini cadangan Moodle atau arsip lain. Di Moodle, ekspor soalnya sebagai “Moodle XML”, lalu unggah lagi.")
_STRANGE = N_("Bukan format soal yang kami kenal. Pakai GIFT, Aiken, Moodle XML, atau QTI.")


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is read here."""

    name: str
    read: Callable[[bytes], Found]


PACKAGE = Format("Paket QTI", packages.read)
MOODLE = Format("Moodle XML", moodle_xml.read)
QTI = Format("QTI", qti.read)
GIFT = Format("GIFT", gift.read)
AIKEN = Format("Aiken", aiken.read)
CLOZE = Format("Cloze (teks rumpang Moodle)", multianswer.read)


def format_of(data: bytes) -> Format:
    """The format of this file; raises Unreadable when it is none of ours, or too large."""
    if not data.strip():
        raise Unreadable(_EMPTY)
    if len(data) > LARGEST:
        raise Unreadable(_TOO_LARGE, limit=LARGEST // 1_000_000)
    if data.startswith(_ZIP):
        return PACKAGE
    if data.startswith((b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh")):
        raise Unreadable(_BACKUP)
    head = _head(data)
    if _XML.match(head):
        root = _ROOT.match(head)
        return MOODLE if root is None or root[1] == moodle_xml.ROOT else QTI
    if len(data) > LARGEST_TEXT:
        raise Unreadable(_TOO_LARGE, limit=LARGEST_TEXT // 1_000_000)
    return _of_text(encoding.decode(data)[0])


def read(data: bytes) -> Found:
    """The questions of this file, whatever its format; raises Unreadable."""
    return format_of(data).read(data)


def _head(data: bytes) -> str:
    """The beginning of the file without its byte order mark, well enough to tell XML from other texts."""
    head = data[:4000].replace(b"\0", b"")
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        head = head.removeprefix(mark)
    return head.decode("latin-1")


def _of_text(text: str) -> Format:
    if embedded.embeds(text):
        return CLOZE
    if aiken.looks_like(text):
        return AIKEN
    if gift.looks_like(text):
        return GIFT
    raise Unreadable(_STRANGE)
