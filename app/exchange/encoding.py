"""Bytes of a text file as text: UTF-8, UTF-16 with its mark, or what older Windows programs wrote."""

from __future__ import annotations

import codecs
import re

from app.errors import N_
from app.exchange.shapes import Remark, Unreadable

_MARKS = (
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_NOT_TEXT = N_("Berkas ini bukan teks: ada tanda kendali di baris %(line)s. Simpan sebagai teks UTF-8.")
_UNKNOWN = N_("Huruf di baris %(line)s tidak terbaca sebagai UTF-8 atau Windows-1252. Simpan berkas sebagai UTF-8.")
_WRONG = N_("Huruf di baris %(line)s tidak terbaca sebagai %(name)s. Simpan berkas sebagai UTF-8.")
_WIDE = N_("Berkas ini memakai UTF-32, yang tidak kami baca. Simpan sebagai UTF-8.")
_WINDOWS = N_("Berkas ini bukan UTF-8; kami membacanya sebagai Windows-1252. Periksa huruf beraksen dan tanda kutip.")


def decode(data: bytes) -> tuple[str, tuple[Remark, ...]]:
    """The text, with line ends of one kind, and a note when we had to guess; raises Unreadable."""
    notes: tuple[Remark, ...] = ()
    codec = next((codec for mark, codec in _MARKS if data.startswith(mark)), "utf-8")
    if not codec:
        raise Unreadable(_WIDE)
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as problem:
        if codec != "utf-8":
            name = codec.removesuffix("-sig").upper()
            raise Unreadable(_WRONG, line=_line(problem, codec), name=name) from None
        text, notes = _windows(data), (Remark("", _WINDOWS),)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := _CONTROL.search(text):
        raise Unreadable(_NOT_TEXT, line=text.count("\n", 0, found.start()) + 1)
    return text, notes


def _windows(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as problem:
        raise Unreadable(_UNKNOWN, line=data.count(b"\n", 0, problem.start) + 1) from None


def _line(problem: UnicodeDecodeError, codec: str) -> int:
    return problem.object[: problem.start].decode(codec, "ignore").count("\n") + 1
