"""Packages from elsewhere: names that come out right, and what is turned away before it is unpacked."""

from __future__ import annotations

import io
import stat
import struct
import unicodedata
import warnings
import zipfile
import zlib
from pathlib import Path

import pytest

from app.exchange import safe_zip
from app.exchange.shapes import Unreadable

SHARED = Path(__file__).resolve().parents[3] / "shared" / "fixtures"
SAME = {"Prüfung.txt", "test.test", "testíček.txt", "Žluťoučký/Koníček.txt", "测试.txt", "試験.txt"}


def packed(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    """A package of these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that are there twice
        for name, data in entries:
            archive.writestr(name, data)
    return made.getvalue()


def refusal(data: bytes) -> str:
    """The sentence with which this package is refused, at once or when its files are read."""
    with pytest.raises(Unreadable) as caught:
        for content in safe_zip.open_package(data).values():
            assert content is not None
    return str(caught.value)


def test_files_are_found_by_their_names() -> None:
    package = safe_zip.open_package(packed(("imsmanifest.xml", b"<a/>"), ("soal/", b""), ("soal/satu.xml", b"<b/>")))
    assert dict(package) == {"imsmanifest.xml": b"<a/>", "soal/satu.xml": b"<b/>"}
    assert len(safe_zip.open_package(packed())) == 0


@pytest.mark.parametrize(
    "name",
    [
        "../satu.xml", "a/../../b", "/etc/passwd", "C:/a.xml", "c:a.xml", "..\\a.xml", "a\\b.xml", "./a", "a//b",
        "a/..", "a/./b", "..", "//server/x", "a\x1bb", "a\u202eb", "a/ ../b", " ", "x" * 201,
    ],
)  # fmt: skip
def test_a_name_that_leads_out_of_the_package_is_refused(name: str) -> None:
    assert "Nama berkas" in refusal(packed((name, b"1")))


def test_a_name_cut_short_by_a_zero_is_refused() -> None:
    data = packed(("a.xml_/../../x", b"1")).replace(b"a.xml_/", b"a.xml\0/")
    assert "Nama berkas" in refusal(data)


@pytest.mark.parametrize(
    ("one", "two"), [("a.xml", "a.xml"), ("a.xml", "A.XML"), ("é.xml", unicodedata.normalize("NFD", "é.xml"))]
)
def test_two_files_of_one_name_are_refused(one: str, two: str) -> None:
    assert "dua kali" in refusal(packed((one, b"1"), (two, b"2")))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_is_refused(kind: int) -> None:
    link = zipfile.ZipInfo("leak.html")
    link.external_attr = (kind | 0o777) << 16
    assert "tautan" in refusal(packed(("a.xml", b"1"), (link, b"/etc/passwd")))


def test_a_locked_file_is_refused() -> None:
    data = bytearray(packed(("a.xml", b"1")))
    place = data.rindex(b"PK\1\2")
    data[place + 8] |= 1
    assert "kata sandi" in refusal(bytes(data))


def test_an_unusual_way_of_packing_is_refused() -> None:
    odd = zipfile.ZipInfo("a.xml")
    odd.compress_type = zipfile.ZIP_LZMA
    assert "ZIP biasa" in refusal(packed((odd, b"1")))


def test_sizes_counts_and_ratios_have_limits() -> None:
    assert "lebih besar dari 5 MB" in refusal(packed(("a", b"\0" * (safe_zip.LARGEST_ENTRY + 1))))
    assert "mengembang" in refusal(packed(("a", b"\0" * 1_000_000)))
    few = b"".join(bytes([number % 251]) * 20 for number in range(5_000))
    assert len(safe_zip.open_package(packed(("a", few)))["a"]) == 100_000
    many = packed(*((f"{number}.txt", b"1") for number in range(safe_zip.MOST_ENTRIES + 1)))
    assert "lebih dari 500 berkas" in refusal(many)
    noise = b"".join(zlib.crc32(str(number).encode()).to_bytes(4, "little") + bytes(40) for number in range(110_000))
    assert "lebih besar dari 30 MB" in refusal(packed(*((f"{number}", noise) for number in range(7))))
    assert "lebih besar dari 30 MB" in refusal(bytes(safe_zip.LARGEST + 1))


def test_a_file_larger_than_it_says_is_refused() -> None:
    data = bytearray(packed(("a.xml", b"<a>" * 100)))
    place = data.rindex(b"PK\1\2")
    struct.pack_into("<L", data, place + 24, 10)
    assert "rusak" in refusal(bytes(data))
    struct.pack_into("<L", data, place + 24, 1000)
    assert "rusak" in refusal(bytes(data))


def test_a_file_with_other_bytes_than_were_packed_is_refused() -> None:
    data = bytearray(packed(("a.xml", b"<a/>")))
    struct.pack_into("<L", data, data.rindex(b"PK\1\2") + 16, 0)
    assert "rusak" in refusal(bytes(data))


def test_files_that_share_their_bytes_are_refused() -> None:
    """How a bomb of many files is built upon one: every entry of the list points to the same place."""
    data = bytearray(packed(("a.xml", b"<a/>"), ("b.xml", b"<b/>")))
    struct.pack_into("<L", data, data.rindex(b"PK\1\2") + 42, 0)
    assert "rusak" in refusal(bytes(data))
    data = bytearray(packed(("a.xml", b"<a/>"), ("b.xml", b"<b/>")))
    struct.pack_into("<L", data, data.index(b"PK\1\2") + 20, 30)
    assert "bertumpuk" in refusal(bytes(data))


def test_what_is_no_whole_package_is_refused() -> None:
    good = packed(("a.xml", b"<a/>"))
    for data in (b"", b"PK\x03\x04", b"<a/>", good[:-1], good[:40], good + b"x", good[10:]):
        assert "paket" in refusal(data)


def test_a_list_longer_than_it_says_is_not_even_read() -> None:
    data = bytearray(packed(("a.xml", b"<a/>")))
    struct.pack_into("<L", data, len(data) - 10, 2_000_000)
    assert "lebih dari 500" in refusal(bytes(data))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared fixtures are not on this machine")
def test_names_come_out_right_whatever_packed_them() -> None:
    for name in ("7zip_927", "infozip_3", "moodle", "osx_1074"):
        package = safe_zip.open_package((SHARED / "zip-quirks" / f"test_{name}.zip").read_bytes())
        assert set(package) == SAME, name
        assert all(package.values()), name
    assert set(safe_zip.open_package((SHARED / "zip-quirks/test_thumbsdb.zip").read_bytes())) == SAME | {"Thumbs.db"}
    assert set(safe_zip.open_package((SHARED / "zip-quirks/test_win8_de.zip").read_bytes())) == {
        "Prüfung.txt",
        "test.test",
    }
    assert not safe_zip.open_package((SHARED / "zip-quirks/empty.zip").read_bytes())


def test_a_name_in_utf_8_beside_the_old_one_counts() -> None:
    odd = zipfile.ZipInfo("Pr_fung.txt")
    name = "Prüfung.txt".encode()
    body = b"\1" + zlib.crc32(b"Pr_fung.txt").to_bytes(4, "little") + name
    odd.extra = struct.pack("<2H", 0x7075, len(body)) + body
    assert list(safe_zip.open_package(packed((odd, b"1")))) == ["Prüfung.txt"]
