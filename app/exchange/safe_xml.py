"""The one way XML of other systems comes in: nothing in it is expanded or fetched, and everything in it has a limit."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element
from xml.parsers import expat

from app.errors import N_
from app.exchange.shapes import Unreadable

LARGEST = 5_000_000
DEEPEST = 60
MOST_ELEMENTS = 200_000
MOST_ATTRIBUTES = 100
LONGEST_NAME = 200
LONGEST_ATTRIBUTE = 20_000
LONGEST_TEXT = 2_000_000

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_INCLUDE = "http://www.w3.org/2001/XInclude}"
# What calls itself ISO-8859-1 and holds these bytes was written on Windows; browsers read it so, too.
_CODECS: Mapping[str, str] = {
    **dict.fromkeys(("utf-8", "utf8"), "utf-8"),
    **dict.fromkeys(("us-ascii", "ascii", "iso-8859-1", "iso8859-1", "latin1", "latin-1"), "cp1252"),
    **dict.fromkeys(("windows-1252", "cp1252", "cp-1252"), "cp1252"),
    "iso-8859-15": "iso8859-15",
}

_TOO_LARGE = N_("Berkas XML ini lebih besar dari %(limit)s MB. Bagi menjadi beberapa berkas.")
_UNKNOWN_CODE = N_("Pengodean “%(name)s” tidak dikenal. Simpan berkas sebagai UTF-8, lalu unggah lagi.")
_WRONG_BYTES = N_("Baris %(line)s memuat huruf yang bukan %(name)s. Simpan berkas sebagai UTF-8, lalu unggah lagi.")
_DOCTYPE = N_("Baris %(line)s: berkas memuat DOCTYPE “%(name)s”. Hapus baris itu; demi keamanan kami tidak membacanya.")
_OUTSIDE = N_("Baris %(line)s: berkas menunjuk ke berkas lain di luar dirinya. Demi keamanan kami tidak membacanya.")
_TOO_DEEP = N_("Baris %(line)s: unsur “%(name)s” bersarang lebih dari %(limit)s tingkat.")
_TOO_MANY = N_("Baris %(line)s: berkas memuat lebih dari %(limit)s unsur. Bagi menjadi beberapa berkas.")
_TOO_LONG = N_("Baris %(line)s: unsur “%(name)s” atau atributnya terlalu panjang.")
_UNCLOSED = N_("Baris %(line)s: unsur “%(name)s” yang dibuka di baris %(opened)s belum ditutup.")
_BROKEN = N_("Baris %(line)s: XML-nya rusak. Periksa tanda “<”, “>”, dan “&” di sekitar baris itu.")
_ENTITY = N_("Baris %(line)s: memuat singkatan “&…;” yang tidak dikenal XML. Tulis hurufnya langsung.")
_TWICE = N_("Baris %(line)s: satu atribut ditulis dua kali dalam unsur yang sama.")
_AFTER = N_("Baris %(line)s: masih ada isi setelah unsur terluar ditutup.")
_PREFIX = N_("Baris %(line)s: awalan nama unsur belum dinyatakan dengan xmlns.")
_NOT_FIRST = N_("Baris %(line)s: “<?xml …?>” harus menjadi awal berkas. Hapus yang ada di depannya.")
_EMPTY = N_("Berkas ini kosong atau bukan XML.")

_CODES = expat.errors.codes
_SENTENCES: Mapping[int, str] = {
    _CODES[expat.errors.XML_ERROR_UNDEFINED_ENTITY]: _ENTITY,
    _CODES[expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE]: _TWICE,
    _CODES[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]: _AFTER,
    _CODES[expat.errors.XML_ERROR_UNBOUND_PREFIX]: _PREFIX,
    _CODES[expat.errors.XML_ERROR_MISPLACED_XML_PI]: _NOT_FIRST,
}
_OPEN_ENDED = {
    _CODES[expat.errors.XML_ERROR_TAG_MISMATCH],
    _CODES[expat.errors.XML_ERROR_NO_ELEMENTS],
    _CODES[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
}


class Node(Element):
    """An element that knows the line it began on."""

    __slots__ = ("line",)
    line: int


def parse(data: bytes) -> Element:
    """The outermost element of this XML; its names are `{namespace}name`. Raises Unreadable, naming the line."""
    if len(data) > LARGEST:
        raise Unreadable(_TOO_LARGE, limit=LARGEST // 1_000_000)
    text = _decoded(data)
    if not text.lstrip().startswith("<"):
        raise Unreadable(_EMPTY)
    return _Reading().read(text.encode())


def line_of(element: Element) -> int | None:
    """The line of the file this element began on."""
    return element.line if isinstance(element, Node) else None


def local(element: Element) -> str:
    """Its name without the namespace."""
    return element.tag.rpartition("}")[2]


def _decoded(data: bytes) -> str:
    """The text of the file, by its byte order mark, else by what it declares, else as UTF-8."""
    codec, name = _encoding(data)
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as problem:
        before = data[: problem.start].decode(codec, "ignore")
        raise Unreadable(_WRONG_BYTES, line=before.count("\n") + 1, name=name) from None
    return text


def _encoding(data: bytes) -> tuple[str, str]:
    """The codec, and what people call it."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise Unreadable(_UNKNOWN_CODE, name="UTF-32")
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", "UTF-8"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "UTF-16"
    if data.startswith((b"<\0", b"\0<")):
        return ("utf-16-le" if data[1] == 0 else "utf-16-be"), "UTF-16"
    found = _DECLARED.match(data.lstrip())
    name = found[1].decode() if found else "UTF-8"
    codec = _CODECS.get(name.casefold())
    if codec is None:
        raise Unreadable(_UNKNOWN_CODE, name=name)
    return codec, name


class _Reading:
    """One file while it is being read."""

    def __init__(self) -> None:
        # The bytes given to it are UTF-8 already, whatever the file declares.
        self.parser = expat.ParserCreate("utf-8", "}")
        self.parser.buffer_text = True
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.EntityDeclHandler = self.outside
        self.parser.ExternalEntityRefHandler = self.outside
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.open: list[Node] = []
        self.root: Node | None = None
        self.last: Node | None = None  # the element just closed: what follows is its tail
        self.pieces: list[str] = []
        self.length = self.elements = 0

    def read(self, data: bytes) -> Element:
        """Reads it all in one go, so that no half of a long token is looked at twice."""
        try:
            self.parser.Parse(data, True)
        except expat.ExpatError as problem:
            raise self.broken(problem) from None
        assert self.root is not None  # else the parser had complained
        return self.root

    def broken(self, problem: expat.ExpatError) -> Unreadable:
        """The sentence about a file that is not well formed."""
        if problem.code in _OPEN_ENDED and self.open:
            node = self.open[-1]
            return Unreadable(_UNCLOSED, line=problem.lineno, name=_shown(node.tag), opened=node.line)
        return Unreadable(_SENTENCES.get(problem.code, _BROKEN), line=problem.lineno)

    @property
    def line(self) -> int:
        """Where the reader stands."""
        return self.parser.CurrentLineNumber

    def doctype(self, name: str, *_: object) -> None:
        """No document type: it could declare what expands without end, or names a file to fetch."""
        raise Unreadable(_DOCTYPE, line=self.line, name=name[:LONGEST_NAME])

    def outside(self, *_: object) -> int:
        """Neither an entity of its own nor one from elsewhere."""
        raise Unreadable(_OUTSIDE, line=self.line)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.settle()
        self.elements += 1
        if name.startswith(_INCLUDE):
            raise Unreadable(_OUTSIDE, line=self.line)
        if self.elements > MOST_ELEMENTS:
            raise Unreadable(_TOO_MANY, line=self.line, limit=MOST_ELEMENTS)
        if len(self.open) >= DEEPEST:
            raise Unreadable(_TOO_DEEP, line=self.line, name=_shown(name), limit=DEEPEST)
        if len(name) > LONGEST_NAME or len(attributes) > MOST_ATTRIBUTES or _long(attributes):
            raise Unreadable(_TOO_LONG, line=self.line, name=_shown(name))
        node = Node(_full(name), {_full(key): value for key, value in attributes.items()})
        node.line = self.line
        if self.open:
            self.open[-1].append(node)
        else:
            self.root = node
        self.open.append(node)
        self.last = None

    def end(self, name: str) -> None:
        """An element ends."""
        self.settle()
        self.last = self.open.pop()

    def text(self, words: str) -> None:
        """Words inside an element."""
        self.length += len(words)
        if self.length > LONGEST_TEXT:
            raise Unreadable(_TOO_LONG, line=self.line, name=_shown(self.open[-1].tag))
        self.pieces.append(words)

    def settle(self) -> None:
        """Gives the words read so far to the element they belong to."""
        if not self.pieces:
            return
        words = "".join(self.pieces)
        if self.last is not None:
            self.last.tail = words
        elif self.open:
            self.open[-1].text = words
        self.pieces.clear()
        self.length = 0


def _long(attributes: Mapping[str, str]) -> bool:
    return any(len(key) > LONGEST_NAME or len(value) > LONGEST_ATTRIBUTE for key, value in attributes.items())


def _full(name: str) -> str:
    return "{" + name if "}" in name else name


def _shown(name: str) -> str:
    return name.rpartition("}")[2][:60]
