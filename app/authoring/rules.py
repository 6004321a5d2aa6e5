"""Where each text of a course belongs, what a draft changed, and which texts can be kept."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from app.course.content import BANK, COURSE, PRACTICE_FILE, QUIZ, REFERENCES, RESERVED, SETTINGS
from app.course.pictures import NAME
from app.course.shapes import PRACTICE, Problem
from app.course.texts import MAX_BYTES, is_slug, plain_lines, unwanted
from app.errors import N_, Refused

Kind = Literal["course", "references", "bank", "medium", "module", "lesson", "practice", "quiz"]
Change = Literal["added", "changed", "removed"]
TOP: dict[str, Kind] = {COURSE: "course", REFERENCES: "references", BANK: "bank"}
INSIDE: dict[str, Kind] = {SETTINGS: "module", PRACTICE_FILE: "practice", QUIZ: "quiz"}
_MOST_NUMBERED = 99
_ORDER: tuple[Kind, ...] = ("course", "references", "bank", "medium", "module", "lesson", "practice", "quiz")
_FOLDER = re.compile(r"([1-9][0-9]?|0[1-9])-(.{1,64})\Z")
_LESSON = re.compile(r"([0-9]{2})-(.{1,64})\.md\Z")
_ITEM = re.compile(r"^##.*\{#([a-z0-9-]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands in a course, and what it is there."""

    path: str
    kind: Kind
    folder: str = ""
    module: str = ""
    module_number: int = 0
    lesson: str = ""
    number: int = 0

    @property
    def order(self) -> tuple[int, str, int, int, str]:
        """The order in which a trainer reads the texts."""
        return (self.module_number, self.folder, _ORDER.index(self.kind), self.number, self.path)

    @property
    def shown(self) -> bool:
        """Whether learners see this text as a page with cards."""
        return self.kind in ("lesson", "practice")

    @property
    def written(self) -> bool:
        """Whether it is a text; a picture is carried along as it is."""
        return self.kind != "medium"


def place_of(path: str) -> Place | None:
    """The place of this name, or None when the format knows no such name."""
    if path in TOP:
        return Place(path, TOP[path])
    if NAME.match(path):
        return Place(path, "medium")
    folder, _, name = path.rpartition("/")
    module = _FOLDER.match(folder)
    if module is None or not is_slug(module[2]):
        return None
    if name in INSIDE:
        lesson = PRACTICE if name == PRACTICE_FILE else ""
        return Place(path, INSIDE[name], folder, module[2], int(module[1]), lesson)
    found = _LESSON.match(name)
    if found is None or not is_slug(found[2]) or found[2] in RESERVED:
        return None
    return Place(path, "lesson", folder, module[2], int(module[1]), found[2], int(found[1]))


def places(paths: Iterable[str]) -> list[Place]:
    """The places of these names in reading order; a name without a place is left out."""
    return sorted((place for path in paths if (place := place_of(path))), key=lambda place: place.order)


def place_in(files: Mapping[str, str], module: str, lesson: str) -> Place | None:
    """The lesson or practical task that learners find at this address."""
    mine = (place for place in places(files) if place.shown and place.module == module)
    return next((place for place in mine if place.lesson == lesson), None)


def concerning(files: Mapping[str, str], path: str) -> dict[str, str]:
    """The texts that decide what is wrong with this one: enough to judge it, without reading the whole course."""
    place = place_of(path)
    if place is None or place.kind in ("course", "references", "medium", "module"):
        return dict(files)
    ids = set(_ITEM.findall(files[path]))
    found: dict[str, str] = {}
    for other, text in files.items():
        its = place_of(other)
        if its is None:
            continue
        settings = its.kind in ("course", "references", "module") or (its.kind == "medium" and other in files[path])
        twin = its.folder == place.folder and its.kind == place.kind == "lesson"
        twin = twin and (its.number == place.number or its.lesson == place.lesson)
        if other == path or settings or twin or not ids.isdisjoint(_ITEM.findall(text)):
            found[other] = text
    return found


def item_ids(files: Mapping[str, str]) -> set[str]:
    """The ids of all questions in these texts."""
    return {item for text in files.values() for item in _ITEM.findall(text)}


def mark_of(files: Mapping[str, str]) -> str:
    """A short mark of exactly these texts: who presses a button acts on what they saw, or on nothing."""
    digest = hashlib.blake2s(digest_size=12)
    for path, text in sorted(files.items()):
        for part in (path, text):
            encoded = part.encode("utf-8", "surrogatepass")
            digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()


def changes(base: Mapping[str, str], draft: Mapping[str, str]) -> dict[str, Change]:
    """What the draft made of the texts it began from."""
    found: dict[str, Change] = {}
    for path in sorted({*base, *draft}):
        if path not in base:
            found[path] = "added"
        elif path not in draft:
            found[path] = "removed"
        elif settled(base[path]) != settled(draft[path]):
            found[path] = "changed"
    return found


def settled(text: str) -> str:
    """The text with one kind of line end, as it is kept."""
    return plain_lines(text).replace("\r", "\n")


def hidden_sign(text: str) -> tuple[int, str] | None:
    """The first line with a sign nobody sees, and that sign."""
    if unwanted(text.replace("\n", "")) is None:
        return None
    lines = enumerate(text.split("\n"), start=1)
    return next((number, sign) for number, line in lines if (sign := unwanted(line)))


def without_hidden(text: str) -> str:
    """The text without the signs nobody sees."""
    return "".join(sign for sign in text if unwanted(sign) is None)


def size_of(text: str) -> int:
    """How many bytes the text takes."""
    return len(text.encode("utf-8", "surrogatepass"))


def check_text(text: str) -> None:
    """Refuses what no file of a course may hold."""
    if (found := hidden_sign(text)) is not None:
        message = N_("Teks belum disimpan: baris %(line)s memuat tanda tersembunyi %(sign)s.")
        raise Refused(message, line=found[0], sign=found[1])
    if size_of(text) > MAX_BYTES:
        message = N_("Teks belum disimpan: besarnya %(size)s KB, paling besar 200 KB. Bagi menjadi dua berkas.")
        raise Refused(message, size=-(-size_of(text) // 1000))


def slug_of(title: str) -> str:
    """A lasting name made from a title: small letters, digits, hyphens; empty when nothing is left."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].rstrip("-")


def new_module(files: Iterable[str], title: str) -> str:
    """The folder of a new module after the ones there are."""
    taken = places(files)
    name = slug_of(title)
    if not name:
        raise Refused(N_("Judul harus memuat huruf atau angka."))
    if any(place.module == name for place in taken):
        raise Refused(N_("Modul bernama “%(name)s” sudah ada. Pilih judul lain."), name=name)
    number = max((place.module_number for place in taken), default=0) + 1
    if number > _MOST_NUMBERED:
        raise Refused(N_("Kursus ini sudah penuh. Paling banyak 99 modul."))
    return f"{number}-{name}"


def new_lesson(files: Iterable[str], folder: str, title: str) -> str:
    """The path of a new lesson after the ones in its module."""
    mine = [place for place in places(files) if place.folder == folder and place.kind == "lesson"]
    name = slug_of(title)
    if not name:
        raise Refused(N_("Judul harus memuat huruf atau angka."))
    if name in RESERVED:
        raise Refused(N_("Nama “%(name)s” sudah dipakai sistem. Pilih judul lain."), name=name)
    if any(place.lesson == name for place in mine):
        raise Refused(N_("Materi bernama “%(name)s” sudah ada di modul ini. Pilih judul lain."), name=name)
    number = max((place.number for place in mine), default=0) + 1
    if number > _MOST_NUMBERED:
        raise Refused(N_("Modul ini sudah penuh. Paling banyak 99 materi."))
    return f"{folder}/{number:02}-{name}.md"


def check_deletable(files: Iterable[str], path: str) -> None:
    """Refuses to take away what the rest of the course stands on."""
    place = place_of(path)
    if place is not None and not place.folder and place.written:
        raise Refused(N_("Berkas %(path)s wajib ada di setiap kursus. Ubah isinya saja."), path=path)
    others = [name for name in files if place and name != path and name.startswith(f"{place.folder}/")]
    if place is not None and place.kind == "module" and others:
        raise Refused(N_("Modul ini masih berisi %(count)s berkas lain. Hapus berkas itu dahulu."), count=len(others))


def at_lines(problems: Iterable[Problem], lines: int) -> dict[int, list[Problem]]:
    """The problems of one text by line; what stands behind the end belongs to the last line."""
    found: dict[int, list[Problem]] = {}
    for problem in problems:
        found.setdefault(min(max(problem.line, 1), lines), []).append(problem)
    return found
