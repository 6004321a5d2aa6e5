"""The certificate on paper: ReportLab paints what the layout decided, with tags for people who listen to it."""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path as FilePath
from threading import Lock
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, TTFontFace
from reportlab.pdfgen.canvas import Canvas

from app.certificate import qr
from app.certificate.fonts.script import needs_shaping, visual
from app.certificate.layout import Circle, Facts, Line, Page, Path, Qr, Rect, Shape, Text

# A sign that the first font lacks is taken from the next one.
CHAINS = {
    "regular": ("PlusJakartaSans-Regular", "NotoSans-Bold", "NotoNaskhArabic-Bold"),
    "bold": ("PlusJakartaSans-Bold", "NotoSans-Bold", "NotoNaskhArabic-Bold"),
}
_FOLDER = FilePath(__file__).parent / "fonts"
_SPELLING = str.maketrans({"\u2011": "-", "\u00a0": " ", "\u2007": " ", "\u202f": " "})
# Signs that most papers need anyway: with them always first, nearly all papers share one subset per font.
_COMMON = "–’·—‘“”…é"
_lock = Lock()


class _Face(TTFontFace):
    """A face that remembers its last subsets, for cutting one costs more than painting both pages."""

    @lru_cache(maxsize=32)  # noqa: B019  # faces live as long as the process
    def _subset(self, wanted: tuple[int, ...]) -> bytes:
        return bytes(super().makeSubset(wanted))

    def makeSubset(self, subset: Sequence[int]) -> bytes:  # noqa: N802  # ReportLab's name
        """The font file with only these characters."""
        return self._subset(tuple(subset))


@lru_cache(maxsize=1)
def _fonts() -> dict[str, TTFont]:
    """The fonts, read from disk and made known to ReportLab once in the life of a process."""
    found = {}
    for name in dict.fromkeys(name for chain in CHAINS.values() for name in chain):
        font = TTFont(name, str(_FOLDER / f"{name}.ttf"))
        font.face = _Face(str(_FOLDER / f"{name}.ttf"))
        pdfmetrics.registerFont(font)
        found[name] = font
    return found


def measure(text: str, font: str, size: float) -> float:
    """How wide the text will be on paper, in points."""
    return _units(text, font) * size / 1000


def missing(text: str) -> str:
    """The signs in the text for which no font has a shape, so that somebody can be asked before the paper is made."""
    fonts = _fonts().values()
    return "".join(
        dict.fromkeys(sign for sign in _tidy(text) if not any(ord(sign) in font.face.charToGlyph for font in fonts))
    )
