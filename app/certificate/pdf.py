"""The certificate on paper: ReportLab paints what the layout decided, with tags for people who listen to it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from threading import Lock
from typing import Any, cast

from reportlab import rl_config
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream
from reportlab.pdfgen.canvas import Canvas

from app.certificate import picture, qr
from app.certificate.fonts.faces import CHAINS, COMMON, WORD_SPACE, fonts, measure, missing, runs, tidy
from app.certificate.fonts.motifs import Path
from app.certificate.fonts.script import needs_shaping
from app.certificate.rules import WORDS, Facts
from app.certificate.sheet import Page, Picture, Qr, Text
from app.certificate.validation import ATTACHED

__all__ = ["measure", "missing", "paint"]

_PIECE = re.compile("([MLCZ])([^MLCZ]*)")
_OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}

rl_config.useA85 = 0  # text armour around compressed pages: a quarter larger, and slow without ReportLab's C part

_lock = Lock()


def paint(pages: Iterable[Page], facts: Facts, credential: str = "") -> bytes:
    """The finished file, with the credential attached; the same facts always give the same bytes."""
    with _lock:  # ReportLab's faces keep a reading position, so two threads must not cut subsets at once
        return _Painter(facts).paint(pages, credential)


def _string(text: str) -> str:
    """Any words as a string of PDF."""
    return f"<FEFF{text.encode('utf-16-be').hex()}>"


@lru_cache(maxsize=64)
def _rgb(color: str) -> str:
    """A colour of the design as shares of red, green and blue."""
    return " ".join(f"{int(color[start : start + 2], 16) / 255:.3f}" for start in (1, 3, 5))


@lru_cache(maxsize=512)
def _drawn(shape: Path) -> str:
    """A drawing in its place, remembered because most stand where they stood on the last paper."""
    fill = f"{_rgb(shape.fill)} rg " if shape.fill else ""
    stroke = f"{_rgb(shape.stroke)} RG {shape.width} w 1 J 1 j " if shape.stroke else ""
    end = {(True, True): "B", (True, False): "f", (False, True): "S"}.get((bool(fill), bool(stroke)), "n")
    # The curves are those of SVG with each command put behind its numbers.
    curves = " ".join(f"{numbers} {_OPERATORS[command]}" for command, numbers in _PIECE.findall(shape.data))
    place = f"{shape.scale:.4g} 0 0 {-shape.scale:.4g} {shape.x:.2f} {shape.y:.2f} cm"
    return f"q {place} {fill}{stroke}{curves} {end} Q"


def _image(packed: picture.Packed, content: bytes, colors: int) -> PDFStream:
    """An image of PDF, from pixels that are packed already."""
    entries = {
        "Type": PDFName("XObject"),
        "Subtype": PDFName("Image"),
        "Width": packed.width,
        "Height": packed.height,
        "BitsPerComponent": 8,
        "ColorSpace": PDFName("DeviceRGB" if colors == 3 else "DeviceGray"),
        "Filter": PDFName(packed.filter),
    }
    if packed.filter == "FlateDecode":
        entries["DecodeParms"] = PDFDictionary({"Predictor": 15, "Colors": colors, "Columns": packed.width})
    return PDFStream(PDFDictionary(entries), content)


@dataclass(slots=True)
class _Part:
    """One paragraph, heading or picture in the tree."""

    tag: str
    page: str
    marks: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def spoken(self) -> str:
        """What to read aloud where the page shows a picture, or letters in another order than they are read."""
        words = tidy(" ".join(self.words))
        if self.tag == "Figure":
            return f"/Alt {_string(words)}"
        return f"/ActualText {_string(words)}" if needs_shaping(words) else ""


class _Painter:
    """One document being painted, and the tree of what it says."""

    # Shapes are written as operators of PDF: Canvas's own methods format each number alone, and take thrice as long.

    def __init__(self, facts: Facts) -> None:
        self.fonts = fonts()
        self.canvas = cast(Any, Canvas)(
            BytesIO(),
            pageCompression=1,
            invariant=1,
            lang="id-ID",
            pdfVersion=(1, 7),
            initialFontName=CHAINS["regular"][0],
        )
        self.document = self.canvas._doc
        self.parts: list[_Part] = []
        self.marks: list[list[int]] = []  # for each page and each mark, the number of its part
        self.decorating = False
        self.pictures = PDFDictionary()  # those of the page being painted, by their names
        for chain in CHAINS.values():
            self.fonts[chain[0]].splitString(COMMON, self.document)
        # The file is as old as the paper says, at midnight of Central Indonesia.
        stamp = self.document._timeStamp
        stamp.YMDhms, stamp.dhh = (facts.issued_on.year, facts.issued_on.month, facts.issued_on.day, 0, 0, 0), 8
        kind = WORDS[facts.kind]
        self.canvas.setTitle(tidy(f"{kind} {facts.course_title} – {facts.holder_name}"))
        self.canvas.setAuthor(facts.agency)
        self.canvas.setSubject(f"{kind} pelatihan nomor {facts.number}")
        self.canvas.setCreator(facts.programme)
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        self.write = self.canvas.addLiteral

    def paint(self, pages: Iterable[Page], credential: str) -> bytes:
        """All pages, then the tree, then what is attached."""
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
                    case Picture():
                        self.pixels(shape)
            self.decorate(False)
            self.canvas.showPage()
            side = self.document.Pages.pages[-1]
            side.__NoDefault__ = [*side.__NoDefault__, "StructParents", "Tabs"]
            side.StructParents, side.Tabs = number, PDFName("S")
            side.XObjects, self.pictures = self.pictures, PDFDictionary()
        self.tree()
        if credential:
            self.attach(credential)
        return bytes(self.canvas.getpdfdata())

    def text(self, shape: Text) -> None:
        """Words on their line."""
        self.begin(shape.tag, shape.text, joined=shape.joined)
        spacing = f"{shape.tracking:.3f} Tc {shape.size * WORD_SPACE / 1000:.3f} Tw"
        self.write(f"BT {_rgb(shape.color)} rg {spacing} 1 0 0 1 {shape.x:.2f} {shape.y:.2f} Tm")
        for name, run in runs(shape.text, shape.font):
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
        self.write(_drawn(shape))

    def qr(self, shape: Qr) -> None:
        """The code as one path, on white paper that reaches over its quiet zone."""
        self.begin("Figure", f"Kode QR menuju {shape.text.partition('#')[0]}")
        count = len(qr.modules(shape.text))
        module, white = shape.size / count, count + 2 * qr.QUIET
        self.write(f"q {module:.5f} 0 0 {-module:.5f} {shape.x:.2f} {shape.y + shape.size:.2f} cm")
        self.write(f"1 1 1 rg {-qr.QUIET} {-qr.QUIET} {white} {white} re f {_rgb(shape.color)} rg")
        self.write("".join(f"{column} {row} {length} 1 re " for column, row, length in qr.bars(shape.text)) + "f Q EMC")

    def pixels(self, shape: Picture) -> None:
        """A picture in its place; a program that reads aloud leaves it out."""
        self.decorate(True)
        packed, name = picture.packed(shape.content), f"Picture{len(self.pictures.dict)}"
        image = _image(packed, packed.content, packed.colors)
        if packed.veil:
            image.dictionary["SMask"] = self.document.Reference(_image(packed, packed.veil, 1), f"{name}Veil")
        self.pictures[name] = self.document.Reference(image, name)
        self.write(f"q {shape.width:.2f} 0 0 {shape.height:.2f} {shape.x:.2f} {shape.y:.2f} cm /{name} Do Q")

    def begin(self, tag: str, words: str, *, joined: bool = False) -> None:
        """Mark what follows as a part of the tree."""
        self.decorate(False)
        marks = self.marks[-1]
        self.write(f"/{tag} <</MCID {len(marks)}>> BDC")
        if not joined:
            self.parts.append(_Part(tag, self.document.thisPageName()))
        self.parts[-1].marks.append(len(marks))
        self.parts[-1].words.append(words)
        marks.append(len(self.parts) - 1)

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
        whole = root + 1
        numbers = [f"{whole + 1 + number} 0 R" for number in range(len(self.parts))]
        parents = " ".join(
            f"{page} [{' '.join(numbers[part] for part in marks)}]" for page, marks in enumerate(self.marks)
        )
        entries = [
            f"<</Type /StructTreeRoot /K {whole} 0 R /ParentTree <</Nums [{parents}]>>>>",
            f"<</S /Document /P {root} 0 R /K [{' '.join(numbers)}]>>",
        ]
        for part in self.parts:
            page, _ = document.idToObjectNumberAndVersion[part.page]
            marks = " ".join(map(str, part.marks))
            entries.append(f"<</S /{part.tag} /P {whole} 0 R /Pg {page} 0 R /K [{marks}] {part.spoken()}>>")
        references = [document.Reference(entry, f"Part{number}") for number, entry in enumerate(entries)]
        document.Catalog.StructTreeRoot = references[0]
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})

    def attach(self, credential: str) -> None:
        """The facts once more, for programs: a file in the file (PDF 1.7, 7.11.4), related to it as its data."""
        document = self.document
        entry = PDFStream(content=credential, filters=[])
        entry.dictionary["Type"] = PDFName("EmbeddedFile")
        entry.dictionary["Subtype"] = "/application#2Fvc+jwt"  # a name, its stroke written as PDF wants it
        held = document.Reference(entry, "Credential")
        described = PDFDictionary(
            {
                "Type": PDFName("Filespec"),
                "F": f"({ATTACHED})",
                "UF": _string(ATTACHED),
                "AFRelationship": PDFName("Data"),
                "Desc": _string("Open Badges 3.0"),
                "EF": PDFDictionary({"F": held}),
            }
        )
        file = document.Reference(described, "CredentialFile")
        document.Catalog.AF = PDFArray([file])
        names = PDFDictionary({"EmbeddedFiles": PDFDictionary({"Names": PDFArray([f"({ATTACHED})", file])})})
        document.Catalog.Names = names
        document.Catalog.__NoDefault__ = [*document.Catalog.__NoDefault__, "AF"]
