"""Packages of QTI 2 and QTI 3: items that the manifest names, with the pictures they show."""

from __future__ import annotations

import contextlib
import posixpath
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from app.course.pictures import encoded, read_media
from app.course.shapes import Medium, Problem
from app.errors import N_
from app.exchange import qti, safe_xml
from app.exchange.making import fresh, slug
from app.exchange.safe_zip import Package, open_package
from app.exchange.shapes import Found, Remark, Unreadable
from app.exchange.sketch import Unfit

MANIFEST = "imsmanifest.xml"
MOST_ELEMENTS, MOST_LETTERS = 30_000, 1_000_000  # of all items: so much is read in some ten seconds
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ITEMS, _TESTS = ("imsqti_item_xmlv", "imsqti_apipitem_xmlv"), ("imsqti_test_xmlv", "imsqti_apiptest_xmlv")
_ITEM = re.compile(rb"<(?:\w+:)?(?:assessmentItem|qti-assessment-item)[\s>]")
_BEGINNING = 5_000  # bytes in which an item says that it is one
_NO_MANIFEST = N_("Paket ini tidak memuat imsmanifest.xml dan tidak memuat soal QTI.")
_NO_PACKAGE = N_("imsmanifest.xml di paket ini tidak dimulai dengan “manifest”, melainkan “%(name)s”.")
_OUTSIDE = N_("imsmanifest.xml menunjuk ke “%(href)s”, di luar paket. Paket ini tidak dibaca.")
_OLD = N_("Paket ini memuat soal QTI versi 1 (Common Cartridge). Yang kami baca: QTI 2.0, 2.1, 2.2, dan 3.0.")
_NO_ITEMS = N_("Paket ini tidak memuat soal QTI 2 atau 3. Isinya: %(types)s.")
_CROWDED = N_("Berkas-berkas di paket ini memuat lebih dari %(limit)s unsur atau %(letters)s huruf. Bagi paketnya.")
_MISSING = N_("Berkas “%(file)s” disebut di paket, tetapi tidak ada di dalamnya.")
_NO_QUESTION = N_("Berkas “%(file)s” disebut sebagai soal, tetapi bukan soal QTI 2 atau 3.")
_BROKEN = N_("Berkas “%(file)s” tidak terbaca: %(reason)s")
_NO_WORDS = N_("Gambar “%(file)s” tidak punya teks alternatif (alt), yang di sini wajib.")
_AWAY = N_("Gambar “%(file)s” berada di luar paket.")
_PICTURE = N_("Gambar “%(file)s” tidak dapat dibawa: %(reason)s")


@dataclass(slots=True)
class _Shelf:
    """The pictures of a package, taken over one by one."""

    package: Package
    media: dict[str, Medium] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # by file of the package

    def shown(self, home: str, source: str, words: str) -> str:
        """The Markdown of a picture named in the file `home`. Raises Unfit where it cannot be taken over."""
        file = _inside(posixpath.dirname(home), source)
        shown = source.rpartition("/")[2][:80] or "?"
        if file is None or file not in self.package:
            raise Unfit(_AWAY, file=shown)
        if not words:
            raise Unfit(_NO_WORDS, file=shown)
        if file not in self.names:
            self.names[file] = self._taken(file, shown)
        alt = words.replace("\\", "").replace("[", "(").replace("]", ")")
        return f"![{alt}]({self.names[file]})"

    def _taken(self, file: str, shown: str) -> str:
        stem, _, ending = file.rpartition("/")[2].rpartition(".")
        ending = ending.lower()
        taken = {name.rpartition("/")[2].rpartition(".")[0] for name in self.media}
        name = f"media/{fresh(slug(stem) or 'gambar', taken)}.{ending}"
        problems: list[Problem] = []
        found = read_media({name: encoded(self.package[file])}, problems)
        if name not in found:
            reason = problems[0]
            raise Unfit(_PICTURE, file=shown, reason=reason.message % reason.facts if reason.facts else reason.message)
        self.media[name] = found[name]
        return name


@dataclass(slots=True)
class _Reading:
    package: Package
    shelf: _Shelf
    ones: list[qti.One] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    used: dict[str, bytes] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    elements: int = 0
    letters: int = 0
    roots: dict[str, Element] = field(default_factory=dict)

    def item(self, file: str) -> None:
        """Reads one item of the package; what is wrong with it is said of it alone."""
        if file in self.done:
            return
        self.done.add(file)
        if file not in self.package:
            self.refuse(file, _MISSING)
            return
        root = self.parsed(file)
        if root is None:
            return
        if not qti.is_item(root):
            self.refuse(file, _NO_QUESTION)
            return
        one = qti.read_item(
            root, lambda source, words: self.shelf.shown(file, source, words), self.shelf.media, self.taken
        )
        if one.item is not None:
            whole = one.item.html + " ".join(o.picture.file for o in one.item.every_option if o.picture)
            self.used |= {name: one_.content for name, one_ in self.shelf.media.items() if _shows(whole, name, one_)}
        refused = replace(one.refused, element=file) if one.refused else None
        notes = tuple(replace(note, element=file) for note in one.notes)
        self.ones.append(qti.One(one.item, refused, notes, one.kinds))

    def test(self, file: str) -> None:
        """Reads the items a test names that the manifest did not."""
        root = self.parsed(file) if file in self.package else None
        if root is None or not qti.is_test(root):
            return
        for name, href in qti.references(root):
            inner = _inside(posixpath.dirname(file), href)
            if inner is None:
                raise Unreadable(_OUTSIDE, href=href[:200])
            if inner not in self.package and inner not in self.done:
                self.done.add(inner)
                self.ones.append(qti.One(None, Remark(name, _MISSING, {"file": inner}, element=file), (), {}))
            self.item(inner)

    def weigh(self, files: Sequence[str]) -> None:
        """Refuses too much before any of it is read."""
        for file in files:
            if file in self.package:
                with contextlib.suppress(Unreadable):
                    self.root(file)
            self.bound()

    def bound(self) -> None:
        """Refuses a package of more than can be read in a while."""
        if self.elements > MOST_ELEMENTS or self.letters > MOST_LETTERS:
            raise Unreadable(_CROWDED, limit=MOST_ELEMENTS, letters=MOST_LETTERS)

    def root(self, file: str) -> Element:
        """The XML of this file. Raises Unreadable when it is broken."""
        if file not in self.roots:
            self.roots[file] = safe_xml.parse(self.package[file])
            elements, letters = qti.size(self.roots[file])
            self.elements, self.letters = self.elements + elements, self.letters + letters
        return self.roots[file]

    def parsed(self, file: str) -> Element | None:
        """The XML of this file; None when it is broken, which is said then."""
        try:
            root = self.root(file)
        except Unreadable as problem:
            remark = Remark(file, _BROKEN, {"file": file, "reason": str(problem)}, element=file)
            self.ones.append(qti.One(None, remark, (), {}))
            return None
        self.bound()
        return root

    def refuse(self, file: str, message: str) -> None:
        """This file is no question of ours."""
        self.ones.append(qti.One(None, Remark(file, message, {"file": file}, element=file), (), {}))


def read(data: bytes) -> Found:
    """The questions of a package. Raises Unreadable when it is unsafe, or holds none of QTI 2 or 3."""
    package = open_package(data)
    reading = _Reading(package, _Shelf(package))
    manifest = _manifest(package)
    if manifest is None:
        _loose(reading)
    else:
        root = _parsed(package, manifest)
        if safe_xml.local(root) != "manifest":
            raise Unreadable(_NO_PACKAGE, name=safe_xml.local(root)[:80])
        resources = list(_resources(root, posixpath.dirname(manifest)))
        items = [file for kind, file in resources if kind.startswith(_ITEMS)]
        tests = [file for kind, file in resources if kind.startswith(_TESTS)]
        if not items and not tests:
            kinds = sorted({kind for kind, _ in resources})
            if any(kind.startswith("imsqti_xmlv1") for kind in kinds):
                raise Unreadable(_OLD)
            raise Unreadable(_NO_ITEMS, types=", ".join(kinds)[:300] or "–")
        reading.weigh(items)
        for file in items:
            reading.item(file)
        for file in tests:
            reading.test(file)
    return replace(qti.found(reading.ones), media=reading.used)


def _parsed(package: Package, manifest: str) -> Element:
    try:
        return safe_xml.parse(package[manifest])
    except Unreadable as problem:
        raise Unreadable(_BROKEN, file=manifest, reason=str(problem)) from problem


def _manifest(package: Package) -> str | None:
    """Where the manifest lies: at the top, or in the one folder that holds everything."""
    found = [name for name in package if name.rpartition("/")[2].lower() == MANIFEST and name.count("/") < 2]
    return min(found, key=lambda name: name.count("/"), default=None)


def _resources(root: Element, home: str) -> Iterator[tuple[str, str]]:
    """The type and file of each resource; every file named must lie inside the package."""
    for group in root.iter():
        if safe_xml.local(group) != "resources":
            continue
        for resource in group:
            base = posixpath.join(home, *(one.get(_BASE, "") for one in (root, group, resource)))
            named = [resource, *(one for one in resource.iter() if safe_xml.local(one) == "file")]
            files = []
            for one in named:
                href = one.get("href")
                if href is None:
                    continue
                file = _inside(base, href)
                if file is None:
                    raise Unreadable(_OUTSIDE, href=href[:200])
                files.append(file)
            yield resource.get("type", ""), files[0] if files and resource.get("href") else ""


def _inside(home: str, href: str) -> str | None:
    """The file an address names, relative to a folder of the package; None when it leads out of it."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return None
    path = unicodedata.normalize("NFC", unquote(parts.path))
    if parts.scheme or parts.netloc or path.startswith("/") or "\\" in path or ":" in path.partition("/")[0]:
        return None
    file = posixpath.normpath(posixpath.join(home, path))
    return None if file.startswith(("..", "/")) else file


def _loose(reading: _Reading) -> None:
    """A package without a manifest: every item in it counts."""
    found = [
        name
        for name in reading.package
        if name.lower().endswith(".xml") and _ITEM.search(reading.package[name][:_BEGINNING].replace(b"\0", b""))
    ]
    reading.weigh(found)
    for name in found:
        reading.item(name)
    if not reading.ones:
        raise Unreadable(_NO_MANIFEST)


def _shows(html: str, name: str, medium: Medium) -> bool:
    return name in html or medium.digest in html
