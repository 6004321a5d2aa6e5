"""The certificate on paper: ReportLab paints what the layout decided, with tags for people who listen to it."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path as FilePath
from threading import Lock
from typing import Any
from zlib import compress

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName
from reportlab.pdfbase.ttfonts import TTFont, TTFontFace
from reportlab.pdfgen.canvas import Canvas

from app.certificate import qr
from app.certificate.fonts.script import needs_shaping, visual
from app.certificate.layout import Facts, Page, Path, Qr, Text

_FOLDER = FilePath(__file__).parent / "fonts"
# A sign that the first font lacks is taken from the next one.
_CHAINS = {
    "regular": ("PlusJakartaSans-Regular", "NotoSans-Bold", "NotoNaskhArabic-Bold"),
    "bold": ("PlusJakartaSans-Bold", "NotoSans-Bold", "NotoNaskhArabic-Bold"),
}
# Signs that most papers need anyway: always put first, they let nearly all papers share one subset of each font.
_COMMON = "–’·—‘“”…é"
_WORD_SPACE = 45  # thousandths of the size, added to each blank, for this font's own is narrow
_SPELLING = str.maketrans({"\u2011": "-", "\u00a0": " ", "\u2007": " ", "\u202f": " "})
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn")
_PIECE = re.compile("([MLCZ])([^MLCZ]*)")

_OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}

rl_config.useA85 = 0  # text armour around compressed pages: a quarter larger, and slow without ReportLab's C part

_lock = Lock()


def measure(text: str, font: str, size: float) -> float:
    """How wide the text will be on paper, in points."""
    return _width(text, font) * size / 1000


def missing(text: str) -> str:
    """The signs for which no font has a shape, so that the holder can be asked before a paper is made."""
    return "".join(
        dict.fromkeys(sign for sign in _tidy(text) if not any(ord(sign) in known for known in _known().values()))
    )


def paint(pages: Iterable[Page], facts: Facts) -> bytes:
    """The finished file; the same facts always give the same bytes."""
    with _lock:  # ReportLab's faces keep a reading position, so two threads must not cut subsets at once
        return _Painter(facts).paint(pages)


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
        reference = super().addSubsetObjects(doc, fontname, subset)
        for name in (f"fontFile:{self.filename}({fontname})", f"toUnicodeCMap:{fontname}"):
            stream = doc.idToObject[name]
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


@lru_cache(maxsize=64)
def _listed(numbers: tuple[float, ...]) -> str:
    """Numbers as an array of PDF."""
    return f"[{' '.join(f'{number:g}' for number in numbers)}]"


@lru_cache(maxsize=64)
def _packed(content: bytes | str) -> bytes:
    """A stream as it is stored."""
    return compress(content if isinstance(content, bytes) else content.encode("ascii"), 9)


@lru_cache(maxsize=1)
def _fonts() -> dict[str, _Font]:
    """The fonts, read from disk and made known to ReportLab once in the life of a process."""
    fonts = {name: _Font(name) for name in dict.fromkeys(name for chain in _CHAINS.values() for name in chain)}
    for font in fonts.values():
        pdfmetrics.registerFont(font)
    return fonts


@lru_cache(maxsize=1)
def _known() -> dict[str, dict[int, float]]:
    """The width of every character of every font."""
    faces = {name: font.face for name, font in _fonts().items()}
    return {name: {code: face.getCharWidth(code) for code in face.charToGlyph} for name, face in faces.items()}


def _tidy(text: str) -> str:
    """Composed letters, plain blanks, and nothing invisible that could turn a name around."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text.translate(_SPELLING))
    return "".join(sign for sign in composed if unicodedata.category(sign) not in _INVISIBLE)


@lru_cache(maxsize=2048)
def _runs(text: str, font: str) -> tuple[tuple[str, str], ...]:
    """The text as it is set, from left to right, cut where another font has to help out."""
    chain, known = _CHAINS[font], _known()
    text = _tidy(text)
    if all(ord(sign) in known[chain[0]] for sign in text):
        return ((chain[0], text),)
    runs: list[tuple[str, str]] = []
    for sign in visual(text) if needs_shaping(text) else text:
        having = [name for name in chain if ord(sign) in known[name]] or [chain[0]]
        before = runs[-1][0] if runs else chain[0]
        follows = before in having and (sign == " " or unicodedata.category(sign) == "Mn")
        name = before if follows else having[0]
        if runs and name == before:
            runs[-1] = (name, runs[-1][1] + sign)
        else:
            runs.append((name, sign))
    return tuple(runs)


@lru_cache(maxsize=2048)
def _width(text: str, font: str) -> float:
    """The width of the text at a size of 1000."""
    known, runs = _known(), _runs(text, font)
    return sum(known[name].get(ord(sign), 600) + _WORD_SPACE * (sign == " ") for name, run in runs for sign in run)


@lru_cache(maxsize=2048)
def _spoken(text: str) -> str:
    """An entry with the letters as they are read, where the shapes on paper stand in another order."""
    tidy = _tidy(text)
    return f"/ActualText <FEFF{tidy.encode('utf-16-be').hex()}>" if needs_shaping(tidy) else ""


@lru_cache(maxsize=512)
def _curves(data: str) -> str:
    """The curves of a drawing in the words of PDF, which are those of SVG put behind their numbers."""
    return " ".join(f"{numbers} {_OPERATORS[command]}" for command, numbers in _PIECE.findall(data))


@lru_cache(maxsize=64)
def _rgb(color: str) -> str:
    """A colour of the design as shares of red, green and blue."""
    return " ".join(f"{int(color[start : start + 2], 16) / 255:.3f}" for start in (1, 3, 5))


class _Painter:
    """One document being painted, and the tree of what it says."""

    # Shapes are written as operators of PDF: Canvas's own methods format each number alone and take three times as long.

    def __init__(self, facts: Facts) -> None:
        self.fonts = _fonts()
        self.canvas: Any = Canvas(
            BytesIO(),
            pageCompression=1,
            invariant=1,
            lang="id-ID",
            pdfVersion=(1, 7),
            initialFontName=_CHAINS["regular"][0],
        )
        self.document: Any = self.canvas._doc
        self.elements: list[tuple[str, str, list[int], str]] = []  # tag, page, its marks, words for a picture
        self.marks: list[list[int]] = []  # for each page and each mark, the number of its element
        self.decorating = False
        for chain in _CHAINS.values():
            self.fonts[chain[0]].splitString(_COMMON, self.document)
        # The file is as old as the paper says, at midnight of Central Indonesia.
        stamp = self.document._timeStamp
        stamp.YMDhms, stamp.dhh = (facts.issued_on.year, facts.issued_on.month, facts.issued_on.day, 0, 0, 0), 8
        self.canvas.setTitle(_tidy(f"Sertifikat {facts.course_title} – {facts.holder_name}"))
        self.canvas.setAuthor(facts.agency)
        self.canvas.setSubject(f"Sertifikat pelatihan nomor {facts.number}")
        self.canvas.setCreator(facts.programme)
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        self.write = self.canvas.addLiteral

    def paint(self, pages: Iterable[Page]) -> bytes:
        """All pages, then the tree."""
        for number, page in enumerate(pages):
            self.marks.append([])
            self.canvas.setPageSize((page.width, page.height))
            for shape in page.shapes:
                match shape:
                    case Text():
                        self.text(shape)
                    case Path():
                        self.path(shape)
                    case Qr():
                        self.qr(shape)
            self.decorate(False)
            self.canvas.showPage()
            side = self.document.Pages.pages[-1]
            side.__NoDefault__ = [*side.__NoDefault__, "StructParents", "Tabs"]
            side.StructParents, side.Tabs = number, PDFName("S")
        self.tree()
        return bytes(self.canvas.getpdfdata())

    def text(self, shape: Text) -> None:
        """Words on their line."""
        self.begin(shape.tag, joined=shape.joined, entry=_spoken(shape.text))
        spacing = f"{shape.tracking:.3f} Tc {shape.size * _WORD_SPACE / 1000:.3f} Tw"
        self.write(f"BT {_rgb(shape.color)} rg {spacing} 1 0 0 1 {shape.x:.2f} {shape.y:.2f} Tm")
        for name, run in _runs(shape.text, shape.font):
            font = self.fonts[name]
            # The first subset begins with ASCII as it is, so that plain words need no look-up.
            plain = run.isascii() and run.isprintable()
            for subset, codes in [(0, run.encode())] if plain else font.splitString(run, self.document):
                internal = font.getSubsetInternalName(subset, self.document)
                self.write(f"{internal} {shape.size:.3f} Tf <{codes.hex()}> Tj")
        self.write("ET EMC")
        if shape.link:
            right = shape.x + measure(shape.text, shape.font, shape.size)
            self.canvas.linkURL(shape.text, (shape.x, shape.y - 3, right, shape.y + shape.size), relative=0)

    def path(self, shape: Path) -> None:
        """A drawing that says nothing to somebody who listens."""
        self.decorate(True)
        fill = f"{_rgb(shape.fill)} rg " if shape.fill else ""
        stroke = f"{_rgb(shape.stroke)} RG {shape.width} w 1 J 1 j " if shape.stroke else ""
        end = {(True, True): "B", (True, False): "f", (False, True): "S"}.get((bool(fill), bool(stroke)), "n")
        place = f"{shape.scale:.4f} 0 0 {-shape.scale:.4f} {shape.x:.2f} {shape.y:.2f} cm"
        self.write(f"q {place} {fill}{stroke}{_curves(shape.data)} {end} Q")

    def qr(self, shape: Qr) -> None:
        """The code as one path, on white paper that reaches over its quiet zone."""
        self.begin("Figure", alt=f"Kode QR menuju {shape.text}")
        count = len(qr.modules(shape.text))
        module, white = shape.size / count, count + 2 * qr.QUIET
        self.write(f"q {module:.5f} 0 0 {-module:.5f} {shape.x:.2f} {shape.y + shape.size:.2f} cm")
        self.write(f"1 1 1 rg {-qr.QUIET} {-qr.QUIET} {white} {white} re f {_rgb(shape.color)} rg")
        self.write("".join(f"{column} {row} {length} 1 re " for column, row, length in qr.bars(shape.text)) + "f Q EMC")

    def begin(self, tag: str, *, joined: bool = False, entry: str = "", alt: str = "") -> None:
        """Mark what follows as a part of the tree."""
        self.decorate(False)
        marks = self.marks[-1]
        self.write(f"/{tag} <</MCID {len(marks)} {entry}>> BDC")
        if not joined:
            self.elements.append((tag, self.document.thisPageName(), [], alt))
        self.elements[-1][2].append(len(marks))
        marks.append(len(self.elements) - 1)

    def decorate(self, on: bool) -> None:
        """Mark what follows as ornament, or end such a stretch."""
        if on != self.decorating:
            self.write("/Artifact BMC" if on else "EMC")
            self.decorating = on

    def tree(self) -> None:
        """What the paper says, in reading order, for a screen reader."""
        document = self.document
        # The root, the whole and its parts name each other, so their numbers are taken before they are written.
        root = document.objectcounter + 1
        whole, first = root + 1, root + 2
        parents = " ".join(
            f"{page} [{' '.join(f'{first + element} 0 R' for element in marks)}]"
            for page, marks in enumerate(self.marks)
        )
        parts = " ".join(f"{first + number} 0 R" for number in range(len(self.elements)))
        entries = [
            f"<</Type /StructTreeRoot /K {whole} 0 R /ParentTree <</Nums [{parents}]>>>>",
            f"<</S /Document /P {root} 0 R /K [{parts}]>>",
        ]
        for tag, page, marks, alt in self.elements:
            page_number, _ = document.idToObjectNumberAndVersion[page]
            words = f"/Alt <FEFF{alt.encode('utf-16-be').hex()}>" if alt else ""
            entries.append(
                f"<</S /{tag} /P {whole} 0 R /Pg {page_number} 0 R /K [{' '.join(map(str, marks))}] {words}>>"
            )
        references = [document.Reference(entry, f"Part{number}") for number, entry in enumerate(entries)]
        document.Catalog.StructTreeRoot = references[0]
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})
