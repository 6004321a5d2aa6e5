"""XML from elsewhere: what is read, in which spelling, and what is turned away before it does anything."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from app.exchange import safe_xml
from app.exchange.shapes import Unreadable

SHARED = Path(__file__).resolve().parents[3] / "shared" / "fixtures"


def refusal(data: bytes) -> str:
    """The sentence with which this file is refused."""
    with pytest.raises(Unreadable) as caught:
        safe_xml.parse(data)
    return str(caught.value)


def test_an_element_knows_its_name_its_words_and_its_line() -> None:
    root = safe_xml.parse(b'<a xmlns="urn:x">one\n<b n="1"/>two<![CDATA[ & <three>]]></a>')
    assert root.tag == "{urn:x}a" and safe_xml.local(root) == "a"
    assert root.text == "one\n" and root[0].tail == "two & <three>" and root[0].attrib == {"n": "1"}
    assert safe_xml.line_of(root) == 1 and safe_xml.line_of(root[0]) == 2


@pytest.mark.parametrize(
    "data",
    [
        "<a>Bontang é “kota”</a>".encode(),
        codecs.BOM_UTF8 + "<a>Bontang é “kota”</a>".encode(),
        '<?xml version="1.0" encoding="windows-1252"?><a>Bontang é “kota”</a>'.encode("cp1252"),
        "<?xml version='1.0' encoding='ISO-8859-1'?><a>Bontang é “kota”</a>".encode("cp1252"),
        '<?xml version="1.0" encoding="UTF-16"?><a>Bontang é “kota”</a>'.encode("utf-16"),
        codecs.BOM_UTF16_BE + '<?xml version="1.0" encoding="UTF-16"?><a>Bontang é “kota”</a>'.encode("utf-16-be"),
        "<a>Bontang é “kota”</a>".encode("utf-16-le"),
        '\ufeff<?xml version="1.0" encoding="utf-8"?><a>Bontang é “kota”</a>'.encode("utf-16-le"),
    ],
    ids=["utf-8", "with a mark", "windows-1252", "latin-1", "utf-16", "utf-16 be", "utf-16 bare", "utf-16 lying"],
)
def test_the_same_words_in_every_encoding(data: bytes) -> None:
    assert safe_xml.parse(data).text == "Bontang é “kota”"


def test_other_encodings_are_refused_in_words() -> None:
    assert "UTF-32" in refusal("<a/>".encode("utf-32"))
    assert "“utf-7”" in refusal(b'<?xml version="1.0" encoding="utf-7"?><a/>')
    assert refusal("<a>\n\né</a>".encode("cp1252")).startswith("Baris 3 memuat huruf yang bukan UTF-8")
    assert "“UTF-16”" in refusal(b'<?xml version="1.0" encoding="UTF-16"?><a/>')


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "kosong"),
        (b"PK\x03\x04", "kosong"),
        (b"<a>\n<b>\n</a>", "Baris 3: unsur “b” yang dibuka di baris 2 belum ditutup"),
        (b"<a>\n<b>", "Baris 2: unsur “b” yang dibuka di baris 2"),
        (b"<a>\n&nbsp;</a>", "Baris 2: memuat singkatan"),
        (b"<a>\n5 < 6</a>", "Baris 2: XML-nya rusak"),
        (b'<a\nb="1" b="2"/>', "Baris 2: satu atribut ditulis dua kali"),
        (b"<a/>\n<b/>", "Baris 2: masih ada isi"),
        (b"<x:a/>", "Baris 1: awalan"),
        (b"\n<?xml version='1.0'?><a/>", "Baris 2: “<?xml …?>” harus menjadi awal"),
        (b"<a", "Baris 1: XML-nya rusak"),
        (b"<a>\x00</a>", "Baris 1: XML-nya rusak"),
    ],
)
def test_a_broken_file_is_refused_with_the_line(data: bytes, words: str) -> None:
    assert words in refusal(data)


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a [<!ENTITY x "xxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "/etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9911/a.dtd"><a/>',
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9911/"> %x;]><a/>',
        b'<a xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="/etc/passwd"/></a>',
        '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"),
    ],
)
def test_nothing_is_declared_expanded_or_fetched(data: bytes) -> None:
    assert "Demi keamanan" in refusal(data) or "demi keamanan" in refusal(data)


def test_sizes_have_limits() -> None:
    deep = safe_xml.DEEPEST
    safe_xml.parse(b"<a>" * deep + b"</a>" * deep)
    assert "bersarang" in refusal(b"<a>" * (deep + 1) + b"</a>" * (deep + 1))
    assert "5 MB" in refusal(b"<a>" + b" " * safe_xml.LARGEST + b"</a>")
    assert "lebih dari 200000 unsur" in refusal(b"<a>" + b"<b/>" * safe_xml.MOST_ELEMENTS + b"</a>")
    assert "terlalu panjang" in refusal(b'<a b="' + b"x" * (safe_xml.LONGEST_ATTRIBUTE + 1) + b'"/>')
    assert "terlalu panjang" in refusal(b"<a>" + b"x\n" * (safe_xml.LONGEST_TEXT // 2 + 1) + b"</a>")
    assert "terlalu panjang" in refusal(b"<" + b"x" * (safe_xml.LONGEST_NAME + 1) + b"/>")
    many = " ".join(f'a{number}=""' for number in range(safe_xml.MOST_ATTRIBUTES + 1))
    assert "terlalu panjang" in refusal(f"<a {many}/>".encode())


@pytest.mark.parametrize("name", ["billion-laughs.moodle.xml", "xxe-file.moodle.xml"])
def test_hostile_files_are_refused(name: str) -> None:
    if not SHARED.is_dir():
        pytest.skip("the shared fixtures are not on this machine")
    assert "DOCTYPE" in refusal((SHARED / "malicious" / name).read_bytes())
