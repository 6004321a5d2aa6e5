"""The agency's own sign on the paper: what may be one, how large it is, and its pixels as a PDF holds them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from PIL import Image

MOST_BYTES, MOST_SIDE = 100 * 1024, 1000
FINEST = (600, 300)  # pixels: four to a point where it stands, more than a printer shows
MOST_PACKED = 120 * 1024  # what a picture may add to each paper
_BROKEN = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)


@dataclass(frozen=True, slots=True)
class Packed:
    """Pixels as a PDF holds them; the veil, where there is one, says how dense each of them is."""

    width: int
    height: int
    content: bytes
    colors: int
    filter: str
    veil: bytes = b""


def checked(content: bytes) -> bytes:
    """The same picture, or a ValueError with a sentence that says why it cannot stand on a paper."""
    if len(content) > MOST_BYTES:
        raise ValueError(f"Gambar {len(content) // 1024 + 1} KB terlalu besar. Paling besar {MOST_BYTES // 1024} KB.")
    try:
        width, height = size(content)
    except _BROKEN:
        raise ValueError("Berkas ini bukan gambar PNG atau JPEG.") from None
    if max(width, height) > MOST_SIDE:
        raise ValueError(f"Gambar {width} x {height} piksel terlalu besar. Paling panjang {MOST_SIDE} piksel.")
    try:
        packed_picture = packed(content)
    except _BROKEN:
        raise ValueError("Gambar ini rusak atau terpotong. Simpan ulang sebagai PNG atau JPEG.") from None
    if len(packed_picture.content) + len(packed_picture.veil) > MOST_PACKED:
        raise ValueError("Gambar ini terlalu ramai dan membuat sertifikat berat. Pakai gambar yang lebih kecil.")
    return content


@lru_cache(maxsize=8)
def size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels."""
    with _opened(content) as picture:
        return picture.size


@lru_cache(maxsize=8)
def packed(content: bytes) -> Packed:
    """The picture ready for a PDF: remembered, for every paper has the same."""
    with _opened(content) as picture:
        if picture.format == "JPEG" and picture.mode in ("L", "RGB"):
            picture.load()  # a torn file is seen here, not on paper
            return Packed(*picture.size, content, len(picture.getbands()), "DCTDecode")
        drawn = picture.convert("RGBA")
    drawn.thumbnail(FINEST, Image.Resampling.LANCZOS)
    veil = drawn.getchannel("A")
    seen = _rows(veil) if veil.getextrema() != (255, 255) else b""
    return Packed(*drawn.size, _rows(drawn.convert("RGB")), 3, "FlateDecode", seen)


def _opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content), formats=("PNG", "JPEG"))


def _rows(picture: Image.Image) -> bytes:
    """The packed rows inside a PNG, which a PDF reads as they are (predictor 15)."""
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    file, found, at = out.getvalue(), b"", 8
    while at < len(file):
        length = int.from_bytes(file[at : at + 4])
        if file[at + 4 : at + 8] == b"IDAT":
            found += file[at + 8 : at + 8 + length]
        at += 12 + length
    return found
