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
from app.certificate.layout import Circle, Facts, Page, Path, Qr, Rect, Shape, Text

# A sign that the first font lacks is taken from the next one.
CHAINS = {
    "regular": ("PlusJakartaSans-Regular", "NotoSans-Bold", "NotoNaskhArabic-Bold"),
    "bold": ("PlusJakartaSans-Bold", "NotoSans-Bold", "NotoNaskhArabic-Bold"),
}
_FOLDER = FilePath(__file__).parent / "fonts"
_SPELLING = str.maketrans({"\u2011": "-", "\u00a0": " ", "\u2007": " ", "\u202f": " "})
# Signs that most papers need anyway: with them always first, nearly all papers share one subset per font.
_COMMON = "–’·—‘“”…é"
WORD_SPACE = 45  # thousandths of the size, added to each blank: this font's own is narrow
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


def paint(pages: Iterable[Page], facts: Facts) -> bytes:
    """The finished file; the same facts always give the same bytes."""
    with _lock:  # ReportLab's fonts keep a reading position, so two threads must not cut subsets at once
        return _Painter(facts).paint(pages)


def _tidy(text: str) -> str:
    """Composed letters, plain blanks, and nothing invisible that could turn a name around."""
    composed = unicodedata.normalize("NFC", text.translate(_SPELLING))
    return "".join(sign for sign in composed if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn"))


@lru_cache(maxsize=4096)
def _runs(text: str, font: str) -> tuple[tuple[str, str], ...]:
    """The text as it is set, cut where another font has to help out."""
    chain = CHAINS[font]
    if text.isascii():
        return ((chain[0], text),)
    signs = _tidy(text)
    runs: list[tuple[str, str]] = []
    for sign in visual(signs) if needs_shaping(signs) else signs:
        having = [name for name in chain if ord(sign) in _fonts()[name].face.charToGlyph]
        current = runs[-1][0] if runs else chain[0]
        mark = unicodedata.category(sign) == "Mn" or sign == " "
        name = current if mark and current in having else having[0] if having else chain[0]
        if runs and runs[-1][0] == name:
            runs[-1] = (name, runs[-1][1] + sign)
        else:
            runs.append((name, sign))
    return tuple(runs)


@lru_cache(maxsize=4096)
def _units(text: str, font: str) -> float:
    """The width of the text at a size of 1000."""
    fonts = _fonts()
    runs = _runs(text, font)
    letters = sum(fonts[name].face.getCharWidth(ord(sign)) for name, run in runs for sign in run)
    return float(letters + WORD_SPACE * sum(run.count(" ") for _, run in runs))


class _Painter:
    """One document being painted."""

    def __init__(self, facts: Facts) -> None:
        for font in _fonts().values():
            font.state.clear()
        self.canvas = Canvas(BytesIO(), pageCompression=1, invariant=1, lang="id-ID", pdfVersion=(1, 7))
        self.canvas.setTitle(f"Sertifikat {facts.course_title} – {facts.holder_name}")
        self.canvas.setAuthor(facts.agency)
        self.canvas.setSubject(f"Sertifikat pelatihan nomor {facts.number}")
        self.canvas.setCreator(facts.programme)

    def paint(self, pages):
        for page in pages:
            self.canvas.setPageSize((page.width, page.height))
            for shape in page.shapes:
                self.shape(shape)
            self.canvas.showPage()
        return self.canvas.getpdfdata()

    def shape(self, shape):
        c=self.canvas
        match shape:
            case Text():
                t=c.beginText(shape.x, shape.y); t.setFillColor(HexColor(shape.color)); t.setCharSpace(shape.tracking); t.setWordSpace(shape.size*WORD_SPACE/1000)
                for name, run in _runs(shape.text, shape.font):
                    t.setFont(name, shape.size); t.textOut(run)
                c.drawText(t)
            case Rect():
                c.setFillColor(HexColor(shape.color)); c.rect(shape.x, shape.y, shape.width, shape.height, 0, 1)
            case Circle():
                c.setFillColor(HexColor(shape.color)); c.circle(shape.x, shape.y, shape.radius, 0, 1)
            case Path():
                import re
                p=c.beginPath()
                for op, a in re.findall(r"([MLCZ])([^MLCZ]*)", shape.data):
                    n=[float(v) for v in a.split()]
                    n=[shape.x+v*shape.scale if i%2==0 else shape.y-v*shape.scale for i,v in enumerate(n)]
                    if op=="M": p.moveTo(*n)
                    elif op=="L": p.lineTo(*n)
                    elif op=="C": p.curveTo(*n)
                    else: p.close()
                c.setLineCap(1); c.setLineJoin(1)
                if shape.fill: c.setFillColor(HexColor(shape.fill))
                if shape.stroke: c.setStrokeColor(HexColor(shape.stroke)); c.setLineWidth(shape.width)
                c.drawPath(p, int(shape.stroke is not None), int(shape.fill is not None))
            case Qr():
                n=len(qr.modules(shape.text))+8; m=shape.size/n
                c.setFillColor(HexColor("#ffffff")); c.rect(shape.x,shape.y,shape.size,shape.size,0,1)
                p=c.beginPath()
                for col,row,ln in qr.bars(shape.text):
                    p.rect(shape.x+(col+4)*m, shape.y+shape.size-(row+5)*m, ln*m, m)
                c.setFillColor(HexColor(shape.color)); c.drawPath(p,0,1)
