"""Questions of other systems on their way into a draft: what would come in, as text that may still be changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.course.item import Item, Kind
from app.course.pictures import MAX_PICTURE_BYTES, NAME, decoded, encoded
from app.errors import N_, Refused
from app.exchange import sniff
from app.exchange.course_text import sketch_of, text_of
from app.exchange.making import fresh
from app.exchange.shapes import Remark
from app.exchange.sketch import Unfit

KIND_NAMES: Mapping[Kind, str] = {
    "single_choice": N_("Satu jawaban"),
    "multiple_response": N_("Beberapa jawaban"),
    "true_false": N_("Benar atau salah"),
    "ordering": N_("Urutan"),
    "matching": N_("Pasangan"),
    "hotspot_text": N_("Tanda di pesan"),
    "short_text": N_("Isian"),
    "number": N_("Angka"),
    "cloze": N_("Rumpang"),
    "picture_choice": N_("Gambar"),
}
MOST_PICTURES = 600_000  # letters of base64 that a form carries from the look to the deed
_ID = re.compile(r"#([a-z0-9-]{1,64})")
_NO_ROOM = N_("Gambar soal-soal di berkas ini terlalu besar untuk dibawa sekaligus. Bagi paketnya.")


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a file would bring: its questions as text of a course, their pictures, and what stays out."""

    format: str
    items: tuple[Item, ...]
    text: str
    refused: tuple[Remark, ...]
    notes: tuple[Remark, ...]
    categories: tuple[str, ...] = ()
    pictures: Mapping[str, str] = field(default_factory=dict, hash=False)


def arrival(data: bytes, files: Mapping[str, str], taken: Iterable[str], *, in_bank: bool) -> Arrival:
    """The questions of this file under ids that this draft does not have yet; raises Unreadable."""
    kind = sniff.format_of(data)
    found = kind.read(data)
    refused = list(found.refused)
    names = set(taken)
    pictures = {path: encoded(content) for path, content in found.media.items()}
    moved = {path: _free(path, text, files) for path, text in pictures.items()}
    items: list[Item] = []
    texts: list[str] = []
    carried: dict[str, str] = {}
    for item in found.items:
        try:
            one = replace(item, id=fresh(item.id, names))
            text = text_of(sketch_of(one), in_bank=in_bank)
            shown = [path for path in pictures if f"({path})" in text]
            room = {moved[path]: pictures[path] for path in shown}
            if sum(map(len, (carried | room).values())) > MOST_PICTURES:
                raise Unfit(_NO_ROOM)
        except Unfit as no:
            refused.append(Remark(item.id, no.message, no.facts, kind=item.kind))
            continue
        for path in shown:
            text = text.replace(f"({path})", f"({moved[path]})")
        carried |= room
        items.append(one)
        texts.append(text)
    return Arrival(
        kind.name, tuple(items), "\n".join(texts), tuple(refused), found.notes, found.categories, carried
    )  # fmt: skip


def _free(path: str, text: str, files: Mapping[str, str]) -> str:
    """The name a picture may have in this draft: its own, unless another picture has it."""
    stem, dot, ending = path.rpartition(".")
    name, number = path, 2
    while files.get(name, text) != text:
        name, number = f"{stem}-{number}{dot}{ending}", number + 1
    return name


def new_pictures(pictures: Mapping[str, str], files: Mapping[str, str]) -> dict[str, str]:
    """The pictures that this draft does not have yet; raises Refused for what is none, or has another's name."""
    found = {}
    for path, text in pictures.items():
        content = decoded(text)
        if NAME.match(path) is None or content is None or len(content) > MAX_PICTURE_BYTES:
            raise Refused(N_("Gambar “%(file)s” tidak dapat dipakai. Impor berkasnya sekali lagi."), file=path[:80])
        if files.get(path, text) != text:
            message = N_("Nama gambar “%(file)s” kini dipakai gambar lain. Impor berkasnya sekali lagi.")
            raise Refused(message, file=path[:80])
        if path not in files:
            found[path] = text
    return found


def with_new_ids(text: str, taken: Iterable[str]) -> str:
    """The questions under ids that are free."""
    names = set(taken)
    return "\n".join(_with_new_id(line, names) if line.startswith("##") else line for line in text.split("\n"))


def _with_new_id(line: str, taken: set[str]) -> str:
    before, brace, inside = line.rpartition("{")
    found = _ID.search(inside)
    if not brace or found is None or line.startswith("###"):
        return line
    return f"{before}{brace}{inside[: found.start()]}#{fresh(found[1], taken)}{inside[found.end() :]}"
