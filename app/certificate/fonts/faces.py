"""The fonts of the paper: one for nearly everybody, two that help out, and the width of every word in them."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from zlib import compress

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFName
from reportlab.pdfbase.ttfonts import TTFont, TTFontFace

from app.certificate.fonts.script import needs_shaping, visual

# A sign that the first font lacks is taken from the next one.
CHAINS = {
    "regular": ("PlusJakartaSans-Regular", "NotoSans-Bold", "NotoNaskhArabic-Bold"),
    "bold": ("PlusJakartaSans-Bold", "NotoSans-Bold", "NotoNaskhArabic-Bold"),
}
# Signs that most papers need anyway: always put first, they let nearly all papers share one subset of each font.
COMMON = "–’·—‘“”…é"
WORD_SPACE = 45  # thousandths of the size, added to each blank, for this font's own is narrow

_FOLDER = Path(__file__).parent
_SPELLING = str.maketrans({"\u2011": "-", "\u00a0": " ", "\u2007": " ", "\u202f": " "})
_INVISIBLE = ("Cc", "Cf", "Cs")


def measure(text: str, font: str, size: float) -> float:
    """How wide the text will be on paper, in points."""
    return _width(text, font) * size / 1000


def missing(text: str) -> str:
    """The signs for which no font has a shape, so that the holder can be asked before a paper is made."""
    known = _known().values()
    return "".join(dict.fromkeys(sign for sign in tidy(text) if not any(ord(sign) in widths for widths in known)))


class _Face(TTFontFace):
    """A face that remembers its last subsets, for cutting and packing them costs more than painting both pages."""

    def __init__(self, filename: str) -> None:
        super().__init__(filename)
        self.subset = lru_cache(maxsize=32)(super().makeSubset)

    def makeSubset(self, subset: Sequence[int]) -> bytes:  # noqa: N802  # these names are ReportLab's
        """A font file with only these characters."""
        return bytes(self.subset(tuple(subset)))

    def addSubsetObjects(self, doc: Any, fontname: str, subset: Sequence[int]) -> Any:  # noqa: N802
        """The subset in the document, with its two streams packed once for all papers."""
        reference = cast(Any, super()).addSubsetObjects(doc, fontname, subset)
        letters = doc.idToObject[f"toUnicodeCMap:{fontname}"]
        letters.content = _as_typed(letters.content, subset)
        for stream in (letters, doc.idToObject[f"fontFile:{self.filename}({fontname})"]):
            stream.content = _packed(stream.content)
            stream.dictionary["Filter"] = PDFName("FlateDecode")
        return reference


class _Font(TTFont):
    """A font that writes its long lists of widths once for all papers."""

    def __init__(self, name: str) -> None:
        file = str(_FOLDER / f"{name}.ttf")
        super().__init__(name, file, asciiReadable=1)
        self.face = _Face(file)

    def addObjects(self, doc: Any) -> None:  # noqa: N802
        """The font in the document."""
        written = doc.idToObject["BasicFonts"].dict
        before = set(written)
        super().addObjects(doc)
        for name in written.keys() - before:
            written[name].Widths = _listed(tuple(written[name].Widths.sequence))


def _as_typed(table: str, subset: Sequence[int]) -> str:
    """The table of letters for who copies or searches, with joined shapes of Arabic as the letters once typed."""
    for code in subset:
        if code >= 0xFB50:
            letters = unicodedata.normalize("NFKC", chr(code)).encode("utf-16-be").hex().upper()
            table = table.replace(f"<{code:04X}>", f"<{letters}>")
    return table


@lru_cache(maxsize=64)
def _listed(numbers: tuple[float, ...]) -> str:
    """Numbers as an array of PDF."""
    return f"[{' '.join(f'{number:g}' for number in numbers)}]"


@lru_cache(maxsize=64)
def _packed(content: bytes | str) -> bytes:
    """A stream as it is stored."""
    return compress(content if isinstance(content, bytes) else content.encode("ascii"), 9)


@lru_cache(maxsize=1)
def fonts() -> dict[str, _Font]:
    """The fonts, read from disk and made known to ReportLab once in the life of a process."""
    found = {name: _Font(name) for name in dict.fromkeys(name for chain in CHAINS.values() for name in chain)}
    for font in found.values():
        pdfmetrics.registerFont(font)
    return found


@lru_cache(maxsize=1)
def _known() -> dict[str, dict[int, float]]:
    """The width of every character of every font."""
    faces = {name: cast(Any, font.face) for name, font in fonts().items()}
    return {name: {code: float(face.getCharWidth(code)) for code in face.charToGlyph} for name, face in faces.items()}


def tidy(text: str) -> str:
    """Composed letters, plain blanks, and nothing invisible that could turn a name around."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text.translate(_SPELLING))
    return "".join(sign for sign in composed if unicodedata.category(sign) not in _INVISIBLE)


@lru_cache(maxsize=2048)
def runs(text: str, font: str) -> tuple[tuple[str, str], ...]:
    """The text as it is set, from left to right, cut where another font has to help out."""
    chain, known = CHAINS[font], _known()
    text = tidy(text)
    if all(ord(sign) in known[chain[0]] for sign in text):
        return ((chain[0], text),)
    found: list[tuple[str, str]] = []
    for sign in visual(text) if needs_shaping(text) else text:
        having = [name for name in chain if ord(sign) in known[name]] or [chain[0]]
        before = found[-1][0] if found else chain[0]
        follows = before in having and (sign == " " or unicodedata.category(sign) == "Mn")
        name = before if follows else having[0]
        if found and name == before:
            found[-1] = (name, found[-1][1] + sign)
        else:
            found.append((name, sign))
    return tuple(found)


@lru_cache(maxsize=2048)
def _width(text: str, font: str) -> float:
    """The width of the text at a size of 1000."""
    known, pieces = _known(), runs(text, font)
    return sum(known[name].get(ord(sign), 600) + WORD_SPACE * (sign == " ") for name, run in pieces for sign in run)
