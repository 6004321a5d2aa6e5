"""Packages of QTI: items their manifest names, pictures they show, and packages that want more than that."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from app.exchange import packages, qti
from app.exchange.shapes import Found, Unreadable
from tests.builders_items import a_picture as png
from tests.exchange.qti_samples import CHOICE, CORRECT, answer, item, manifest, packed, third
from tests.exchange.samples import SHARED, fixture

GOOD = item(answer("A"), CHOICE)
FILE = "file:" + "//"
ITEM, TEST = "imsqti_item_xmlv2p1", "imsqti_test_xmlv2p1"
PICTURED = item(
    answer("A"),
    '<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>Mana gembok?</prompt>'
    '<simpleChoice identifier="A"><img src="../img/Gembok%20Satu.PNG" alt="gembok"/></simpleChoice>'
    '<simpleChoice identifier="B"><p><img src="../img/kunci.png" alt="kunci [lama]"/></p></simpleChoice>'
    "</choiceInteraction>",
)


def refusal(data: bytes) -> str:
    """The sentence with which this package is refused."""
    with pytest.raises(Unreadable) as caught:
        packages.read(data)
    return str(caught.value)


def reasons(found: Found) -> list[str]:
    """Why questions of it stay out."""
    return [one.text for one in found.refused]


def test_items_are_read_in_the_order_of_the_manifest() -> None:
    files = {"imsmanifest.xml": manifest((ITEM, "b.xml"), (ITEM, "a.xml")), "a.xml": GOOD, "b.xml": third(GOOD)}
    found = packages.read(packed(files))
    assert [one.id for one in found.items] == ["soal-1", "soal-1-2"] and found.refused == ()
    assert found.kinds == {"choiceInteraction": 1, "qti-choice-interaction": 1}


def test_pictures_come_along() -> None:
    files = {
        "imsmanifest.xml": manifest((ITEM, "items/a.xml")),
        "items/a.xml": PICTURED,
        "img/Gembok Satu.PNG": png(8, 8),
        "img/kunci.png": png(9, 8),
        "img/lain.png": png(7, 7),
    }
    found = packages.read(packed(files))
    assert reasons(found) == []
    (made,) = found.items
    assert made.kind == "picture_choice"
    assert [(one.text, one.picture and one.picture.file) for one in made.options] == [
        ("gembok", "media/gembok-satu.png"), ("kunci (lama)", "media/kunci.png"),
    ]  # fmt: skip
    assert found.media == {"media/gembok-satu.png": png(8, 8), "media/kunci.png": png(9, 8)}


def test_a_picture_in_the_text_comes_along() -> None:
    text = item(answer("A"), f'<p><img src="peta.png" alt="peta kota"/></p>{CHOICE}')
    files = {"imsmanifest.xml": manifest((ITEM, "a.xml")), "a.xml": text, "peta.png": png(8, 8)}
    found = packages.read(packed(files))
    assert 'src="media/peta.png"' in found.items[0].html and 'alt="peta kota"' in found.items[0].html
    assert list(found.media) == ["media/peta.png"]


@pytest.mark.parametrize(
    ("source", "alt", "words"),
    [
        ("https://contoh.id/a.png", "peta", "di luar paket"),
        ("../../a.png", "peta", "di luar paket"),
        ("hilang.png", "peta", "di luar paket"),
        ("peta.png", "", "teks alternatif"),
        ("peta.gif", "peta", "tidak dapat dibawa"),
        ("a.xml", "peta", "tidak dapat dibawa"),
    ],
)
def test_a_question_whose_picture_cannot_come_stays_out(source: str, alt: str, words: str) -> None:
    text = item(answer("A"), f'<p><img src="{source}" alt="{alt}"/></p>{CHOICE}')
    files = {"imsmanifest.xml": manifest((ITEM, "a.xml")), "a.xml": text, "peta.png": png(8, 8), "peta.gif": b"GIF89a"}
    found = packages.read(packed(files))
    assert words in reasons(found)[0] and found.media == {}


def test_one_broken_item_leaves_the_others_alone() -> None:
    files = {
        "imsmanifest.xml": manifest(
            (ITEM, "a.xml"), (ITEM, "b.xml"), (ITEM, "c.xml"), (ITEM, "d.xml"), (ITEM, "e.xml")
        ),
        "a.xml": GOOD,
        "b.xml": "<assessmentItem>\n<p></assessmentItem>",
        "d.xml": "<html/>",
        "e.xml": '<!DOCTYPE a [<!ENTITY x SYSTEM "/etc/passwd">]><a>&x;</a>',
    }
    found = packages.read(packed(files))
    assert len(found.items) == 1
    broken, missing, other, hostile = reasons(found)
    assert "b.xml" in broken and "Baris 2" in broken
    assert "“c.xml”" in missing and "tidak ada" in missing
    assert "“d.xml”" in other and "DOCTYPE" in hostile


def test_a_test_names_items_too() -> None:
    text = (
        '<assessmentTest xmlns="x" identifier="t"><testPart><assessmentSection>'
        '<assessmentItemRef identifier="S1" href="items/a.xml"/><assessmentItemRef identifier="S2" href="items/b.xml"/>'
        "</assessmentSection></testPart></assessmentTest>"
    )
    files = {"imsmanifest.xml": manifest((TEST, "tes/tes.xml")), "tes/tes.xml": text, "tes/items/a.xml": GOOD}
    found = packages.read(packed(files))
    assert len(found.items) == 1 and "tes/items/b.xml" in reasons(found)[0]
    led_out = packed(files | {"tes/tes.xml": text.replace("items/b.xml", "../../etc/passwd")})
    assert "di luar paket" in refusal(led_out)


@pytest.mark.parametrize(
    "href",
    [f"{FILE}/etc/passwd", "http://127.0.0.1:9911/", "//127.0.0.1/a", "javascript:alert(1)", "/etc/passwd", "../a.xml",
     "a/../../b.xml", "%2e%2e/a.xml", "..%5ca.xml", "C:/a.xml", "data:text/xml,<a/>"],
)  # fmt: skip
def test_a_manifest_that_leads_out_of_the_package_is_refused(href: str) -> None:
    data = packed({"imsmanifest.xml": manifest((ITEM, href.replace("<", "&lt;"))), "a.xml": GOOD})
    assert "di luar paket" in refusal(data)
    data = packed({"imsmanifest.xml": manifest((ITEM, "a.xml"), files=f'<file href="{href[:30].replace("<", "")}"/>')})
    assert "di luar paket" in refusal(data)


def test_what_is_no_package_of_questions_is_refused_in_words() -> None:
    assert "tidak memuat imsmanifest.xml" in refusal(packed({"a.txt": "a"}))
    assert "tidak memuat imsmanifest.xml" in refusal(packed({}))
    assert "melainkan “html”" in refusal(packed({"imsmanifest.xml": "<html/>"}))
    assert "Baris 1" in refusal(packed({"imsmanifest.xml": "<manifest>"}))
    assert "Isinya: webcontent" in refusal(packed({"imsmanifest.xml": manifest(("webcontent", "a.html"))}))
    assert "versi 1" in refusal(packed({"imsmanifest.xml": manifest(("imsqti_xmlv1p2/imscc_xmlv1p1/assessment", "a"))}))


def test_items_without_a_manifest_count_and_so_does_a_folder_around_all() -> None:
    assert len(packages.read(packed({"a.xml": GOOD, "b.xml": "<p/>", "c.txt": "c"})).items) == 1
    found = packages.read(packed({"paket/imsmanifest.xml": manifest((ITEM, "a.xml")), "paket/a.xml": GOOD}))
    assert len(found.items) == 1


def test_a_package_and_an_item_have_a_size() -> None:
    many = item(answer("A"), CHOICE + "<p/>" * qti.MOST_ELEMENTS)
    found = packages.read(packed({"imsmanifest.xml": manifest((ITEM, "a.xml")), "a.xml": many}))
    assert "lebih dari 1000 unsur" in reasons(found)[0] and found.kinds == {"choiceInteraction": 1}
    long = item(answer("A"), CHOICE + f"<p>{'kata ' * (qti.MOST_LETTERS // 5)}</p>")
    assert "30000 huruf" in reasons(packages.read(packed({"a.xml": long})))[0]
    files = {f"{n}.xml": item(answer("A"), CHOICE + "<p/>" * 20_000) for n in range(2)}
    assert "lebih dari 30000 unsur" in refusal(packed(files))
    files = {f"{n}.xml": item(answer("A"), CHOICE + f"<p>{'kata ' * 110_000}</p>") for n in range(2)}
    assert "1000000 huruf" in refusal(packed(files))


def test_the_base_of_addresses_is_heard() -> None:
    named = manifest((ITEM, "a.xml")).replace("<resources>", '<resources xml:base="items/">')
    assert len(packages.read(packed({"imsmanifest.xml": named, "items/a.xml": GOOD})).items) == 1


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared fixtures are not on this machine")
def test_packages_of_other_makers() -> None:
    found = packages.read(fixture("qti/kennisnet-qti3-packages/no-max-score-all-items.zip"))
    assert len(found.items) + len(found.refused) == 10
    assert sum(found.kinds.values()) == 10 and found.kinds["qti-match-interaction"] == 1
    assert {one.kind for one in found.items} == {
        "single_choice", "cloze", "matching", "hotspot_text",
    }  # fmt: skip
    named = " ".join(reasons(found))
    assert "qti-extended-text-interaction" in named and "qti-select-point-interaction" in named
    found = packages.read(fixture("qti/kennisnet-qti3-packages/no-response-processing.zip"))
    assert [one.kind for one in found.items] == ["matching"]
    assert any("tidak menyebut cara menilai" in one.text for one in found.notes)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared fixtures are not on this machine")
def test_common_cartridges_and_other_packages_are_refused_in_a_sentence() -> None:
    others = [*(SHARED / "common-cartridge").glob("*.imscc"), *(SHARED / "scorm").glob("*.zip"),
              *(SHARED / "zip-quirks").glob("*.zip"), *(SHARED / "moodle-backup").glob("*.mbz")]  # fmt: skip
    assert len(others) > 10
    for path in others:
        assert refusal(path.read_bytes()).endswith("."), path.name


JUDGE = """
import resource, sys
limit = 512 * 1024 * 1024
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
def heard(event, arguments):
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if event.startswith(("socket.", "subprocess.", "os.system", "os.symlink", "urllib.")) or writes:
        raise SystemExit(f"{event} {arguments}")
from app.exchange import packages, qti
from app.exchange.shapes import Unreadable
data = open(sys.argv[1], "rb").read()
sys.addaudithook(heard)
read = packages.read if data[:2] == b"PK" else qti.read
try:
    found = read(data)
except Unreadable as no:
    print("refused:", no)
else:
    print("items:", len(found.items))
# Not ru_maxrss: that begins with what the process that started this one held.
print(next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM:")) // 1024)
"""
HOSTILE = sorted(path.name for path in (SHARED / "malicious").glob("*") if path.suffix in (".zip", ".xml"))


@pytest.mark.skipif(not HOSTILE, reason="the shared fixtures are not on this machine")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_small_and_soon_without_touching_anything(name: str, tmp_path: Path) -> None:
    """In a process of its own with 512 MiB, killed after ten seconds, that may open no connection and write no file."""
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run(
        [sys.executable, "-c", JUDGE, str(SHARED / "malicious" / name)], capture_output=True, text=True, timeout=10,
        cwd=tmp_path, env={"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    said, peak = run.stdout.strip().rsplit("\n", 1)
    assert said.startswith("refused: ") and int(peak) < 512
    assert list(tmp_path.iterdir()) == [] and not (Path(tempfile.gettempdir()) / "ZIPSLIP-CANARY").exists()


def test_the_text_of_a_hostile_item_is_only_text() -> None:
    body = '<p onclick="x()">Baca <a href="javascript:x()">ini</a> <b>tebal</b> &lt;script&gt;</p>' + CHOICE.replace(
        ">Satu<", '><span style="x">Satu</span> ==tanda== [[rujukan]] ![a](media/b.png)<'
    )
    found = packages.read(
        packed({"imsmanifest.xml": manifest((ITEM, "a.xml")), "a.xml": item(answer("A"), body, CORRECT)})
    )
    (made,) = found.items
    whole = made.html + "".join(one.html for one in made.options)
    assert "javascript" not in whole and "onclick" not in whole and "<script" not in whole and "<img" not in whole
    assert "&lt;script&gt;" in made.html and made.options[0].text.startswith("Satu ==tanda== [[rujukan]]")
