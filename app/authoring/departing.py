"""Questions of a course on their way to other systems: what each format holds of them, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.course.item import Item
from app.course.pictures import decoded, is_medium
from app.exchange import gift_writer, moodle_writer, qti_write
from app.exchange.shapes import Remark

FORMATS = {"gift": "GIFT", "moodle": "Moodle XML", "qti3": "QTI 3.0"}


@dataclass(frozen=True, slots=True)
class Departure:
    """A file for another system, and what it does not hold."""

    format: str
    name: str
    data: bytes
    mimetype: str
    ending: str
    count: int
    refused: tuple[Remark, ...]
    notes: tuple[Remark, ...]


def departure(chosen: str, items: Sequence[Item], files: Mapping[str, str]) -> Departure:
    """These questions in this format; `files` hold the pictures they show."""
    name = FORMATS[chosen]
    if chosen == "qti3":
        media = {path: content for path, text in files.items() if is_medium(path) and (content := decoded(text))}
        packed = qti_write.write(items, media)
        count = len(items) - len(packed.refused)
        return Departure(
            chosen, name, packed.data, "application/zip", "qti.zip", count, packed.refused, packed.notes
        )  # fmt: skip
    written = (gift_writer if chosen == "gift" else moodle_writer).write(items)
    mimetype, ending = ("text/plain", "gift.txt") if chosen == "gift" else ("application/xml", "moodle.xml")
    return Departure(
        chosen, name, written.text.encode(), mimetype, ending, written.count, written.refused, written.notes
    )  # fmt: skip
