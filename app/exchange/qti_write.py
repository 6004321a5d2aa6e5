"""Questions of ours as a package of QTI 3: the same questions always give the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from app.course.item import Item
from app.exchange.packages import MANIFEST
from app.exchange.qti_items import Writing
from app.exchange.shapes import Remark
from app.exchange.sketch import Unfit

_PACKAGING = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
_ITEM_TYPE = "imsqti_item_xmlv3p0"
_SHOWN = re.compile(r'src="(media/[a-z0-9._-]+)"')
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # the first moment a zip knows: the time of writing would change the bytes
_MODE = 0o100644 << 16
_UNIX = 3


@dataclass(frozen=True, slots=True)
class Packed:
    """A package: each question is in it, or among `refused` with the reason; `notes` say what others read otherwise."""

    data: bytes
    count: int
    refused: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()


def write(items: Sequence[Item], media: Mapping[str, bytes] | None = None) -> Packed:
    """The package of these questions; `media` are the pictures they show, by file."""
    given = media or {}
    files: dict[str, bytes] = {}
    resources: list[str] = []
    refused: list[Remark] = []
    notes: list[Remark] = []
    for item in items:
        shown = [file for file in dict.fromkeys(_pictures(item)) if file in given]
        writing = Writing(item, {file: f"../{file}" for file in shown})
        try:
            text = writing.write()
        except Unfit as reason:
            refused.append(Remark(item.id, reason.message, reason.facts, item.line or None, kind=item.kind))
            continue
        name = f"items/{item.id}.xml"
        files[name] = text.encode()
        files |= {file: given[file] for file in shown}
        resources.append(_resource(item, name, shown))
        line = item.line or None
        notes += [Remark(item.id, said, line=line, kind=item.kind) for said in dict.fromkeys(writing.notes)]
    data = _packed({MANIFEST: _manifest(resources).encode()} | files)
    return Packed(data, len(resources), tuple(refused), tuple(notes))


def _pictures(item: Item) -> Iterator[str]:
    """The files of the course that this question shows."""
    yield from _SHOWN.findall(item.html)
    yield from (option.picture.file for option in item.every_option if option.picture is not None)


def _resource(item: Item, name: str, shown: Sequence[str]) -> str:
    inner = "".join(f"<file href={quoteattr(file)}/>" for file in (name, *shown))
    identifier = quoteattr(f"item-{item.id}")
    return f'<resource identifier={identifier} type="{_ITEM_TYPE}" href={quoteattr(name)}>{inner}</resource>'


def _manifest(resources: Sequence[str]) -> str:
    inside = "\n".join(resources)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest xmlns="{_PACKAGING}" identifier="paket-soal">\n'
        "<metadata><schema>QTI Package</schema><schemaversion>3.0.0</schemaversion></metadata>\n"
        f"<organizations/>\n<resources>\n{inside}\n</resources>\n</manifest>\n"
    )


def _packed(files: Mapping[str, bytes]) -> bytes:
    """The zip, not made smaller: how much smaller depends on the machine, and its bytes should not."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _BEGINNING)
            entry.create_system, entry.external_attr = _UNIX, _MODE
            archive.writestr(entry, content)
    return made.getvalue()
