"""The one way packages of other systems come in: looked at before anything is unpacked, and never onto a disk."""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from app.errors import N_
from app.exchange.shapes import Unreadable

LARGEST = 30_000_000  # the package as it comes, and all of it unpacked
LARGEST_ENTRY = 5_000_000
MOST_ENTRIES = 500
LONGEST_NAME = 200
STEEPEST = 100  # times smaller when packed
SMALL = 100_000  # below this a steep entry harms nobody

_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<4s5H3L2H")
_LARGEST_LIST = 1_000_000
_DRIVE = re.compile(r"[A-Za-z]:")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_UTF8 = 0x800
_UNICODE_PATH = 0x7075

_NO_ZIP = N_("Berkas ini bukan paket ZIP yang utuh. Buat lagi paketnya, lalu unggah lagi.")
_TOO_LARGE = N_("Isi paket lebih besar dari %(limit)s MB. Bagi menjadi beberapa paket.")
_TOO_MANY = N_("Paket berisi lebih dari %(limit)s berkas. Bagi menjadi beberapa paket.")
_ENTRY_LARGE = N_("Berkas “%(name)s” di dalam paket lebih besar dari %(limit)s MB.")
_STEEP = N_("Berkas “%(name)s” di dalam paket mengembang lebih dari %(limit)s kali lipat. Paket ini tidak dibuka.")
_NAME = N_("Nama berkas “%(name)s” di dalam paket menunjuk ke luar paket atau memuat tanda terlarang.")
_DOUBLE = N_("Nama berkas “%(name)s” ada dua kali di dalam paket.")
_LINK = N_("“%(name)s” di dalam paket bukan berkas biasa, melainkan tautan. Paket ini tidak dibuka.")
_LOCKED = N_("Berkas “%(name)s” di dalam paket dikunci dengan kata sandi. Buat paketnya tanpa kata sandi.")
_METHOD = N_("Berkas “%(name)s” dimampatkan dengan cara yang tidak kami baca. Buat paketnya sebagai ZIP biasa.")
_OVERLAP = N_("Berkas “%(name)s” di dalam paket bertumpuk dengan berkas lain. Paket ini tidak dibuka.")
_DAMAGED = N_("Berkas “%(name)s” di dalam paket rusak. Buat lagi paketnya, lalu unggah lagi.")


class Package(Mapping[str, bytes]):
    """The files of a package by their names; each is unpacked when it is asked for."""

    def __init__(self, archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo]) -> None:
        self._archive = archive
        self._entries = entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, name: str) -> bytes:
        """What this file holds; what it says of its own size is a limit, never a promise."""
        entry = self._entries[name]
        try:
            with self._archive.open(entry) as stream:
                data = stream.read(entry.file_size + 1)
                if len(data) != entry.file_size or stream.read(1):
                    raise Unreadable(_DAMAGED, name=name)
        # All that the library raises over a damaged entry; a stranger's file is refused, never a server's error.
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as problem:
            raise Unreadable(_DAMAGED, name=name) from problem
        return data


def open_package(data: bytes) -> Package:
    """The package, once its list of files is known to be harmless. Raises Unreadable, naming the file."""
    if len(data) > LARGEST:
        raise Unreadable(_TOO_LARGE, limit=LARGEST // 1_000_000)
    _check_end(data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    # Likewise over a damaged list of files.
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, struct.error) as problem:
        raise Unreadable(_NO_ZIP) from problem
    infos = archive.infolist()
    if len(infos) > MOST_ENTRIES:
        raise Unreadable(_TOO_MANY, limit=MOST_ENTRIES)
    entries: dict[str, zipfile.ZipInfo] = {}
    seen: set[str] = set()
    for info in infos:
        name = _name(info)
        if name.casefold() in seen:
            raise Unreadable(_DOUBLE, name=name)
        seen.add(name.casefold())
        _check_entry(name, info)
        if not name.endswith("/"):
            entries[name] = info
    if sum(info.file_size for info in infos) > LARGEST:
        raise Unreadable(_TOO_LARGE, limit=LARGEST // 1_000_000)
    _check_places(data, infos, archive.start_dir)
    return Package(archive, entries)


def _check_end(data: bytes) -> None:
    """The record at the end must be plain: its list of files short enough to be read at all."""
    place = data.rfind(b"PK\5\6")
    if place < 0 or len(data) < place + _END.size:
        raise Unreadable(_NO_ZIP)
    _, disk, start_disk, here, count, size, _, comment = _END.unpack_from(data, place)
    large = data[max(0, place - 20) : place].startswith(b"PK\6\7")
    if large or disk or start_disk or here != count or place + _END.size + comment != len(data):
        raise Unreadable(_NO_ZIP)
    if count > MOST_ENTRIES or size > _LARGEST_LIST:
        raise Unreadable(_TOO_MANY, limit=MOST_ENTRIES)


def _name(info: zipfile.ZipInfo) -> str:
    """The name as its author saw it, whatever system packed it; refused where it leads out of the package."""
    name = unicodedata.normalize("NFC", _decoded(info))
    steps = name.removesuffix("/").split("/")
    if (
        not name
        or len(name) > LONGEST_NAME
        or "\\" in name
        or _DRIVE.match(name)
        or any(step in ("", ".", "..") or step != step.strip() for step in steps)
        or any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") for sign in name)
    ):
        raise Unreadable(_NAME, name="".join(sign for sign in name if sign.isprintable())[:LONGEST_NAME])
    return name


def _decoded(info: zipfile.ZipInfo) -> str:
    """UTF-8 when it says so, when a field beside it does, or when its bytes are; else the letters of old DOS."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437", "replace")
    beside = _unicode_path(info.extra, raw)
    try:
        return (raw if beside is None else beside).decode()
    except UnicodeDecodeError:
        return info.orig_filename


def _unicode_path(extra: bytes, raw: bytes) -> bytes | None:
    """The name in UTF-8 that some packers put beside the one in their own letters."""
    place = 0
    while place + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, place)
        body = extra[place + 4 : place + 4 + size]
        if kind == _UNICODE_PATH and len(body) > 5 and body[0] == 1:
            return body[5:] if int.from_bytes(body[1:5], "little") == zlib.crc32(raw) else None
        place += 4 + size
    return None


def _check_entry(name: str, info: zipfile.ZipInfo) -> None:
    """What the list says of this file, before a byte of it is read."""
    if info.flag_bits & _ENCRYPTED:
        raise Unreadable(_LOCKED, name=name)
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Unreadable(_LINK, name=name)
    if info.compress_type not in _METHODS:
        raise Unreadable(_METHOD, name=name)
    if info.file_size > LARGEST_ENTRY:
        raise Unreadable(_ENTRY_LARGE, name=name, limit=LARGEST_ENTRY // 1_000_000)
    if info.file_size > SMALL and info.file_size > STEEPEST * info.compress_size:
        raise Unreadable(_STEEP, name=name, limit=STEEPEST)


def _check_places(data: bytes, infos: list[zipfile.ZipInfo], end: int) -> None:
    """No two files may share a byte: that is how a small package pretends to hold a large one."""
    for info in sorted(infos, key=lambda one: one.header_offset, reverse=True):
        name = _name(info)
        if not 0 <= info.header_offset <= end - _LOCAL.size:
            raise Unreadable(_DAMAGED, name=name)
        signature, *_, name_size, extra_size = _LOCAL.unpack_from(data, info.header_offset)
        if signature != b"PK\3\4":
            raise Unreadable(_DAMAGED, name=name)
        if info.header_offset + _LOCAL.size + name_size + extra_size + info.compress_size > end:
            raise Unreadable(_OVERLAP, name=name)
        end = info.header_offset
