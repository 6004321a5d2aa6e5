"""Badges that hide in a picture: a text chunk of a PNG, or an element of an SVG."""

from __future__ import annotations

import zlib
from xml.parsers import expat

from app.errors import N_, Refused

LARGEST = 2_000_000  # of the text within
_PNG = b"\x89PNG\r\n\x1a\n"
_KEYWORDS = (b"openbadgecredential", b"openbadges")
_ELEMENTS = ("credential", "assertion")
_NONE = N_("Gambar ini tidak memuat lencana.")


def taken_out(document: bytes) -> bytes | None:
    """The badge in this picture; None when the document is no picture."""
    if document.startswith(_PNG):
        return _of_png(document)
    if b"<svg" in document[:4000]:
        return _of_svg(document)
    return None


def _of_png(picture: bytes) -> bytes:
    place = len(_PNG)
    while place + 8 <= len(picture):
        size, kind = int.from_bytes(picture[place : place + 4]), picture[place + 4 : place + 8]
        keyword, _, rest = picture[place + 8 : place + 8 + size].partition(b"\0")
        if kind == b"iTXt" and keyword in _KEYWORDS and len(rest) > 2:
            compressed, text = rest[0], rest[2:].split(b"\0", 2)
            if len(text) == 3:
                return _inflated(text[2]) if compressed else text[2]
        place += size + 12
    raise Refused(_NONE)


def _inflated(packed: bytes) -> bytes:
    reading = zlib.decompressobj()
    try:
        found = reading.decompress(packed, LARGEST)
    except zlib.error:
        found = b""
    if not reading.eof:
        raise Refused(N_("Lencana dalam gambar ini rusak atau terlalu besar."))
    return found


def _of_svg(picture: bytes) -> bytes:
    """The text of the badge's element, or what its attribute says; nothing is expanded, nothing is fetched."""
    found: list[str] = []
    inside: list[str] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] in _ELEMENTS and ":" in name:
            inside.append(name)
            found.append(attributes.get("verify", ""))

    def end(name: str) -> None:
        if inside and inside[-1] == name:
            inside.pop()

    def text(words: str) -> None:
        if inside:
            found.append(words)

    def entity(*_: object) -> None:
        raise Refused(N_("Gambar ini menjelaskan singkatan sendiri. Demi keamanan kami tidak membacanya."))

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, text
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(picture, True)
    except expat.ExpatError:
        raise Refused(N_("Gambar SVG ini rusak.")) from None
    if not (badge := "".join(found).strip()):
        raise Refused(_NONE)
    return badge.encode()
