"""A course on disk: a folder of texts and pictures becomes a mapping, and the mapping a folder again."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from app.course.pictures import MAX_PICTURE_BYTES, NAME, decoded, encoded, is_medium
from app.errors import N_, Refused

TEXTS = (".toml", ".md")
MAX_ENTRIES = 2_000


def read(folder: Path) -> dict[str, str]:
    """The texts of a course by their place in the folder, exactly as they are stored; pictures in base64."""
    texts: dict[str, str] = {}
    for name, path in _entries(folder):
        if is_medium(name):
            texts[name] = _picture(name, path)
            continue
        if path.suffix not in TEXTS:
            raise Refused(
                N_("Berkas %(file)s tidak punya tempat di kursus. Hanya .toml, .md, dan folder media/."), file=name
            )
        try:
            # newline="" keeps line ends as they are, so that writing gives back the same bytes.
            with path.open(encoding="utf-8", newline="") as stream:
                texts[name] = stream.read()
        except UnicodeDecodeError as error:
            raise Refused(N_("Berkas %(file)s bukan teks UTF-8. Simpan ulang sebagai UTF-8."), file=name) from error
    return texts


def _picture(name: str, path: Path) -> str:
    """A picture as text; of one that is too large only as much as shows it."""
    if not NAME.match(name):
        message = N_("Berkas %(file)s bukan gambar bernama seperti media/nama.webp (.webp, .png, .jpg; huruf kecil).")
        raise Refused(message, file=name)
    with path.open("rb") as stream:
        return encoded(stream.read(MAX_PICTURE_BYTES + 1))


def content_of(name: str, text: str) -> bytes:
    """The bytes of the file of this name; a picture is a picture again."""
    if not is_medium(name):
        return text.encode("utf-8")
    content = decoded(text)
    if content is None:
        raise Refused(N_("Isi gambar %(file)s rusak. Salin berkas gambarnya sekali lagi."), file=name)
    return content


def write(files: Mapping[str, str], folder: Path) -> None:
    """The same texts as files again; nothing is written when one name is unsafe."""
    for name in files:
        if not is_safe(name):
            raise Refused(N_("Nama berkas “%(file)s” tidak aman untuk ditulis."), file=name)
    contents = {name: content_of(name, text) for name, text in files.items()}
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink() or not path.parent.resolve().is_relative_to(folder.resolve()):
            raise Refused(N_("Berkas %(file)s adalah tautan ke tempat lain. Hapus tautan itu dahulu."), file=name)
        path.write_bytes(content)


def is_safe(name: str) -> bool:
    """Whether a name stays inside its folder on every system."""
    if is_medium(name):
        return NAME.match(name) is not None
    path = PurePosixPath(name)
    parts_are_plain = all(part not in {"", ".", ".."} and not part.startswith(".") for part in name.split("/"))
    return parts_are_plain and not set(name) & set('\\:*?"<>|\0\n\r') and path.suffix in TEXTS


def _entries(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file below the folder with its posix name, in order; links and hidden places are refused or skipped."""
    if not folder.is_dir():
        raise Refused(N_("Folder %(folder)s tidak ada."), folder=str(folder))
    seen = 0
    for parent, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted([*names, *folders]):
            path = Path(parent) / name
            place = path.relative_to(folder).as_posix()
            if path.is_symlink():
                raise Refused(N_("Berkas %(file)s adalah tautan ke tempat lain. Salin isinya ke sini."), file=place)
            if path.is_dir() or name.startswith(".") or name.endswith("~"):
                continue
            if not path.is_file():
                raise Refused(N_("Berkas %(file)s bukan berkas biasa."), file=place)
            if (seen := seen + 1) > MAX_ENTRIES:
                raise Refused(N_("Folder %(folder)s memuat terlalu banyak berkas."), folder=str(folder))
            yield place, path
