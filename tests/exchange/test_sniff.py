"""What a file is, is seen from what is in it; whoever reads one from the server is told everything."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app.exchange import sniff
from app.exchange.gathering import MOST_QUESTIONS
from app.exchange.shapes import Unreadable
from tests.exchange.samples import SHARED, fixture

HOSTILE = sorted(path.name for path in (SHARED / "malicious").glob("*")) if SHARED.exists() else []
GIFT = "Mana?{=a ~b}"
XML = '<?xml version="1.0"?>\n<!-- a -->\n<quiz><question type="essay"><name><text>E</text></name></question></quiz>'


def zipped(name: str, text: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, text)
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (GIFT.encode(), "GIFT"),
        (GIFT.encode("utf-16"), "GIFT"),
        (b"<b>Mana</b>?{=a ~b}", "GIFT"),
        (b"$CATEGORY: a\n\n// b\n", "GIFT"),
        (b"Mana?\nA) a\nB) b\nANSWER: A", "Aiken"),
        (b"Mana?\r\nA. a\r\nB. b\r\n", "Aiken"),
        (b"Kota {1:SHORTANSWER:=Paris}.", "Cloze (teks rumpang Moodle)"),
        (XML.encode(), "Moodle XML"),
        (XML.encode("utf-8-sig"), "Moodle XML"),
        (XML.encode("utf-16"), "Moodle XML"),
        (b"<quiz></quiz>", "Moodle XML"),
        (b'<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"/>', "QTI"),
        (b'<?xml version="1.0"?><q:qti-assessment-item xmlns:q="a"/>', "QTI"),
        (zipped("imsmanifest.xml", "<manifest/>"), "Paket QTI"),
    ],
)
def test_a_format_is_known_by_what_is_in_the_file(data: bytes, name: str) -> None:
    assert sniff.format_of(data).name == name


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b" \n", "kosong"),
        (b"Sekadar catatan.", "Bukan format soal"),
        (b"\x1f\x8b\x08abc", "cadangan Moodle"),
        (b"\x89PNG\r\n\x1a\n\0", "bukan teks"),
        (b"a" * (sniff.LARGEST_TEXT + 1), "lebih besar dari 1 MB"),
        (b"<quiz>" + b" " * sniff.LARGEST, "lebih besar dari 5 MB"),
        (b"Q?{=a ~b}\n\n" * (MOST_QUESTIONS + 1), "lebih dari 1000 soal"),
    ],
)
def test_what_is_none_of_them_or_too_much_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        sniff.read(data)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(Unreadable) as caught:
        sniff.read(fixture(f"malicious/{name}"))
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "Q?{=a" + "~b" * 300_000 + "}",
        "{" * 900_000,
        "// a\n" * 180_000 + "q{}",
        "a " * 400_000 + "?{=a~b}",
        ("[a" * 1_490 + " Q?{=a~b}\n\n") * 300,
        "{1:MC:=a" + "~b" * 300_000 + "}",
        "{1:SA:" * 150_000,
    ],
)
def test_what_is_made_to_take_long_comes_to_nothing(text: str) -> None:
    try:
        assert sniff.read(text.encode()).items == ()
    except Unreadable as no:
        assert str(no)


def run(app: Flask, *arguments: str | Path) -> Result:
    result = app.test_cli_runner().invoke(args=["bank", "read", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_the_command_tells_what_is_in_a_file_and_what_stays_out(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "soal.txt"
    file.write_text(f"::Satu::{GIFT}\n\n::Dua::Ceritakan.{{}}\n\n// [tag:x]\n::Tiga::{GIFT}")
    result = run(app, file)
    assert result.exit_code == 0
    assert result.output.splitlines()[:3] == ["GIFT: 2 soal dapat masuk, 1 tidak.", "  essay: 1", "  multichoice: 2"]
    assert "masuk: satu (pilihan): Mana?" in result.output
    assert "tidak masuk: baris 3, “Dua”, essay: Soal esai dinilai oleh orang" in result.output
    assert "catatan: baris 6, “Tiga”, multichoice: Label “x” tidak ikut." in result.output
    told = json.loads(run(app, file, "--json").output)
    assert told["kinds"] == {"essay": 1, "multichoice": 2} and len(told["items"]) == 2
    assert told["refused"][0]["line"] == 3 and told["notes"][0]["question"] == "Tiga"


def test_the_command_fails_for_a_file_it_cannot_read(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "soal.xml"
    file.write_text("<quiz><question></quiz>")
    result = run(app, file)
    assert result.exit_code == 1 and "Baris 1: unsur “question”" in result.output
    unreadable = run(app, file, "--json")
    assert unreadable.exit_code == 1 and "question" in json.loads(unreadable.output)["unreadable"]
    assert run(app, tmp_path / "tidak-ada").exit_code == 1
