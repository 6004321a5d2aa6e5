"""Compares the catalogues with the sentences in the source; `tools/words --check` runs it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
ENGLISH = ROOT / "translations/en/LC_MESSAGES/messages.po"
_PLACE = re.compile(r"%\((\w+)\)s")


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def problems(template: Path) -> list[str]:
    """What is missing or wrong in the English catalogue, a line each."""
    wanted, english = _read(template), _read(ENGLISH)
    found = []
    for message in wanted:
        if not message.id:
            continue
        translated = english.get(message.id)
        if translated is None or not translated.string:
            found.append(f"no English for: {message.id}")
        elif set(_PLACE.findall(str(message.id))) != set(_PLACE.findall(str(translated.string))):
            found.append(f"places differ: {message.id} / {translated.string}")
    ids = {message.id for message in wanted}
    found += [f"no longer used: {message.id}" for message in english if message.id and message.id not in ids]
    return found


if __name__ == "__main__":
    listed = problems(Path(sys.argv[1]))
    for line in listed:
        sys.stderr.write(line + "\n")
    sys.exit(f"{len(listed)} sentences need care; run `make words` and translate them." if listed else 0)
