"""Pictures of a course: kept as base64 among its texts, checked by what their first bytes say."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping

from app.course.shapes import Format, Medium, Problem
from app.errors import N_

FOLDER = "media/"
MAX_PICTURES = 40
MAX_PICTURE_BYTES = 60_000
MAX_SIDE = 2_000  # pixels; a phone shows some 400, and a picture is unpacked in its memory
NAME = re.compile(r"media/[a-z0-9][a-z0-9._-]{0,63}\.(webp|png|jpe?g)\Z")

_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
# The markers of a JPEG that carry its size; 0xC4, 0xC8 and 0xCC mean something else.
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def is_medium(file: str) -> bool:
    """Whether the file of this name is a picture (or wants to be one)."""
    return file.startswith(FOLDER)


def encoded(content: bytes) -> str:
    """A picture as it is kept among the texts of a course."""
    return base64.b64encode(content).decode("ascii")


def decoded(text: str) -> bytes | None:
    """The bytes of a picture that was kept as text; None when the text is no such thing."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def read_media(files: Mapping[str, str], problems: list[Problem]) -> dict[str, Medium]:
    """The pictures of a course by file; a wrong one is named, and left out."""
    found: dict[str, Medium] = {}
    names = [file for file in sorted(files) if is_medium(file)]
    if len(names) > MAX_PICTURES:
        message = N_("Kursus ini memuat lebih dari %(limit)s gambar. Hapus gambar ini atau yang lain.")
        problems.append(Problem(names[MAX_PICTURES], 1, message, {"limit": MAX_PICTURES}))
    for file in names[:MAX_PICTURES]:
        medium = _read(file, files[file], problems)
        if medium is not None:
            found[file] = medium
    return found


def _read(file: str, text: str, problems: list[Problem]) -> Medium | None:
    def problem(message: str, **facts: str | int) -> None:
        problems.append(Problem(file, 1, message, facts))

    if (name := NAME.match(file)) is None:
        message = N_(
            "Nama gambar harus seperti “media/nama.webp” (.webp, .png, atau .jpg): huruf kecil, angka, tanda hubung."
        )
        problem(message)
        return None
    content = decoded(text) if len(text) < 4 * MAX_PICTURE_BYTES else b"\x00" * (MAX_PICTURE_BYTES + 1)
    if content is None:
        problem(N_("Isi gambar ini rusak. Salin berkas gambarnya sekali lagi."))
        return None
    if len(content) > MAX_PICTURE_BYTES:
        problem(N_("Gambar ini lebih besar dari %(limit)s KB. Perkecil gambarnya."), limit=MAX_PICTURE_BYTES // 1000)
        return None
    size = _size(content)
    if size is None:
        problem(N_("Berkas ini bukan gambar PNG, JPEG, atau WebP. Simpan ulang gambarnya dalam salah satu bentuk itu."))
        return None
    form, width, height = size
    if form != ("jpg" if name[1] == "jpeg" else name[1]):
        problem(N_("Isi gambar ini adalah %(format)s, lain dari akhiran namanya. Ganti namanya."), format=form)
        return None
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        message = N_(
            "Gambar ini berukuran %(width)s × %(height)s piksel. Perkecil sampai paling besar %(limit)s piksel."
        )
        problem(message, width=width, height=height, limit=MAX_SIDE)
        return None
    digest = hashlib.blake2s(content, digest_size=10).hexdigest()
    return Medium(file, form, width, height, digest, content)


def _size(content: bytes) -> tuple[Format, int, int] | None:
    """What the first bytes say: the format, width and height; None when they belong to no picture we show."""
    if content.startswith(_PNG) and len(content) >= 33:
        return "png", int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP" and len(content) >= 30:
        return _webp(content)
    return None


def _jpeg(content: bytes) -> tuple[Format, int, int] | None:
    """The size stands in the first frame; the parts before it are stepped over by their lengths."""
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker in _FRAMES:
            height, width = content[place + 5 : place + 7], content[place + 7 : place + 9]
            return "jpg", int.from_bytes(width, "big"), int.from_bytes(height, "big")
        elif marker in (0xD8, 0xD9, 0xDA):
            return None
        else:
            place += 2 + max(2, int.from_bytes(content[place + 2 : place + 4], "big"))
    return None


def _webp(content: bytes) -> tuple[Format, int, int] | None:
    """Three spellings: lossy, lossless, extended (with transparency or movement)."""
    chunk = content[12:16]
    if chunk == b"VP8 " and content[23:26] == b"\x9d\x01\x2a":
        width, height = content[26:28], content[28:30]
        return "webp", int.from_bytes(width, "little") & 0x3FFF, int.from_bytes(height, "little") & 0x3FFF
    if chunk == b"VP8L" and content[20] == 0x2F:
        bits = int.from_bytes(content[21:25], "little")
        return "webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8X":
        return "webp", int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    return None
