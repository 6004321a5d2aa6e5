"""The paper itself: it can be read, searched, scanned and printed, and the same facts always make the same file."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from app.certificate import pdf, validation
from app.certificate.fonts.script import visual
from app.certificate.layout import compose
from app.certificate.rules import Facts, ModuleLine
from tests.certificate.test_layout import MODULES, SIGNED, a_paper

ARABIC = "محمد عبد الله السقاف"
NAMES = ["Sukarno", "Nur’aini Sari Wulandari", "Łukasz Šarić-Nguyễn Thị Ḥaḍir", "Наталья Ольга", ARABIC, "W" * 120]
FULL = a_paper(
    holder_name="Raden Ajeng Siti Nur’aini " + "Abdurrahman " * 8,
    course_title="Kenali dan Tolak Penipuan Digital " * 6,
    modules=tuple(ModuleLine(n, f"{MODULES[n % 5]} bagian {n}", 1, "4.1", "budaya") for n in range(1, 21)),
    **SIGNED,
)


def paper(facts: Facts) -> bytes:
    """The finished file."""
    return pdf.paint(compose(facts, pdf.measure), facts)


def tool(name: str, package: str) -> str:
    """The path of a tool; without it a developer skips the test, but the shared checks fail."""
    found = shutil.which(name)
    if found is None:
        sentence = f"{name} is missing. Install it with: apt-get install {package}"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return found


def run(*command: str) -> str:
    """What the tool says."""
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def read_aloud(content: bytes, folder: Path, *options: str) -> list[str]:
    """The words of each page as pdftotext finds them."""
    file = folder / "sertifikat.pdf"
    file.write_bytes(content)
    return run(tool("pdftotext", "poppler-utils"), *options, str(file), "-").split("\f")[:2]


def test_the_same_facts_make_the_same_bytes() -> None:
    first = paper(a_paper())
    paper(FULL)
    assert paper(a_paper()) == first
    assert paper(a_paper(holder_name="Joko")) != first


def test_the_same_facts_make_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib; from app.certificate import pdf; from app.certificate.layout import compose;"
        "from tests.certificate.test_layout import a_paper; facts = a_paper();"
        "print(hashlib.sha256(pdf.paint(compose(facts, pdf.measure), facts)).hexdigest())"
    )
    root = str(Path(__file__).parents[2])
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            check=True,
            capture_output=True,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": root},
        ).stdout
        for seed, zone in (("1", "UTC"), ("7", "Asia/Makassar"))
    }
    assert len(found) == 1


def test_many_threads_make_the_same_papers_as_one() -> None:
    papers = [a_paper(holder_name=f"{NAMES[n % len(NAMES)]} {n}") for n in range(24)]
    alone = [paper(facts) for facts in papers]
    with ThreadPoolExecutor(4) as people:
        assert list(people.map(paper, papers)) == alone


@pytest.mark.parametrize("name", NAMES)
def test_a_paper_is_light(name: str) -> None:
    assert len(paper(a_paper(holder_name=name))) <= 60_000


def test_the_longest_paper_is_far_below_the_limit() -> None:
    assert len(paper(FULL)) <= 80_000 < 300_000


def test_a_paper_has_two_lying_a4_pages_and_says_what_it_is() -> None:
    reader = PdfReader(BytesIO(paper(a_paper())))
    root: Any = reader.root_object
    assert [(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in reader.pages] == (
        [(842, 595)] * 2
    )
    about = reader.metadata
    assert about is not None
    assert about.title == "Sertifikat Kenali dan Tolak Penipuan Digital – Nur’aini Sari Wulandari"
    assert about.author == "Dinas Komunikasi dan Informatika Kota Bontang"
    assert about.subject == "Sertifikat pelatihan nomor 400.3/00042/DISKOMINFO/XI/2026"
    assert about.get("/CreationDate") == "D:20261123000000+08'00'"
    assert root["/Lang"] == "id-ID"
    assert root["/MarkInfo"]["/Marked"]


def fonts_of(content: bytes) -> list[Any]:
    """Each font of each page."""
    pages: list[Any] = list(PdfReader(BytesIO(content)).pages)
    return [font for page in pages for font in page["/Resources"]["/Font"].values()]


def test_every_font_travels_with_the_paper() -> None:
    found = set()
    for font in fonts_of(paper(a_paper(holder_name=f"Ольга {ARABIC}"))):
        found.add(font["/BaseFont"].partition("+")[2])
        assert "/FontFile2" in font["/FontDescriptor"]
        assert "/ToUnicode" in font
    assert found == {"PlusJakartaSans-Regular", "PlusJakartaSans-Bold", "NotoSans-Bold", "NotoNaskhArabic-Bold"}


def test_a_plain_name_brings_no_further_font() -> None:
    names = {font["/BaseFont"].partition("+")[2] for font in fonts_of(paper(a_paper()))}
    assert names == {"PlusJakartaSans-Regular", "PlusJakartaSans-Bold"}


def test_the_words_are_found_in_reading_order(tmp_path: Path) -> None:
    front, back = read_aloud(paper(a_paper(**SIGNED)), tmp_path, "-raw")
    for page, expected in (
        (
            front,
            [
                "Dinas Komunikasi dan Informatika Kota Bontang",
                "SERTIFIKAT",
                "Nomor 400.3/00042/DISKOMINFO/XI/2026",
                "Diberikan kepada",
                "Nur’aini Sari Wulandari",
                "telah mengikuti dan dinyatakan LULUS pelatihan",
                "Kenali dan Tolak Penipuan Digital",
                "1–23 November 2026",
                "Daring mandiri",
                "5 JP (225 menit)",
                "Sangat Memuaskan",
                "Bontang, 23 November 2026",
                "Kepala Dinas Komunikasi dan Informatika",
                "Dewi Contoh, S.Kom., M.T.",
                "7KQ2-M9XD-4TRA-0VHE-1050",
                "Sertifikat ini diterbitkan oleh sistem. Keabsahannya diperiksa melalui kode QR.",
            ],
        ),
        (back, ["Daftar materi", *MODULES, "Jumlah jam pelajaran (JP)", "1 JP = 45 menit", "Periksa di"]),
    ):
        places = [page.find(words) for words in expected]
        assert -1 not in places, expected[places.index(-1)]
        assert places == sorted(places)


def test_a_default_reader_finds_the_title_and_the_name_whole(tmp_path: Path) -> None:
    front, back = read_aloud(paper(FULL), tmp_path)
    assert "SERTIFIKAT" in front
    assert front.count("Abdurrahman") == 8
    for module in FULL.modules:
        assert module.title in back


@pytest.mark.parametrize("name", NAMES[:4])
def test_a_name_can_be_searched_as_it_was_typed(name: str, tmp_path: Path) -> None:
    assert name in read_aloud(paper(a_paper(holder_name=name)), tmp_path)[0]


def test_an_arabic_name_can_be_searched_as_it_was_typed(tmp_path: Path) -> None:
    front, _ = read_aloud(paper(a_paper(holder_name=ARABIC)), tmp_path)
    assert ARABIC in "".join(sign for sign in front if sign not in "\u202a\u202b\u202c")


def test_someone_who_listens_hears_headings_paragraphs_and_the_picture(tmp_path: Path) -> None:
    file = tmp_path / "sertifikat.pdf"
    file.write_bytes(paper(a_paper()))
    tree = run(tool("pdfinfo", "poppler-utils"), "-struct-text", str(file))
    lines = [line.strip() for line in tree.splitlines()]
    for tag, words in (
        ("H1 (block)", "SERTIFIKAT"),
        ("H2 (block)", "Nur’aini Sari Wulandari"),
        ("H1 (block)", "Daftar materi"),
    ):
        assert lines[lines.index(f'"{words}"') - 1] == tag
    sentence = lines.index('"telah mengikuti dan dinyatakan"')
    assert lines[sentence : sentence + 3] == ['"telah mengikuti dan dinyatakan"', '"LULUS"', '"pelatihan"']
    assert lines.count("Figure") == 1
    assert "Kode QR menuju https://cakap.contoh.id".encode("utf-16-be").hex() in paper(a_paper()).decode("latin-1")


def test_the_file_is_sound(tmp_path: Path) -> None:
    file = tmp_path / "sertifikat.pdf"
    for facts in (a_paper(), FULL, a_paper(holder_name=f"({ARABIC}) \\ <b>")):
        file.write_bytes(paper(facts))
        assert "No syntax or stream encoding errors found" in run(tool("qpdf", "qpdf"), "--check", str(file))


def test_a_claim_of_a_signature_stands_nowhere_in_the_file(tmp_path: Path) -> None:
    for facts in (a_paper(), a_paper(**SIGNED)):
        content = paper(facts)
        everything = (" ".join(read_aloud(content, tmp_path)) + content.decode("latin-1")).casefold()
        for claim in ("tanda tangan elektronik", "ditandatangani", "bsre", "bssn"):
            assert claim not in everything
        assert "/sig" not in everything


def test_the_place_where_the_program_lies_stays_at_home() -> None:
    assert str(Path(__file__).parents[2]).encode() not in paper(a_paper())


def _printed(name: str) -> bytes:
    """The paper without what proves it, which holds the name as it was written."""
    return paper(replace(a_paper(holder_name=name), proof=""))


def test_signs_that_turn_a_name_around_are_not_printed() -> None:
    assert _printed("Sari\u202e Budi\u200b") == _printed("Sari Budi")


def test_letters_typed_in_two_parts_are_printed_as_one() -> None:
    assert _printed("Andre\u0301") == _printed("André")


def test_signs_without_a_shape_are_known_before_the_paper_is_made() -> None:
    assert pdf.missing("Nur’aini ʻAbd al-Raḥmān Łukasz Ольга Ἑλένη " + ARABIC) == ""
    assert pdf.missing("李小龙 🙂 李") == "李小龙🙂"


def test_arabic_letters_join_and_run_from_right_to_left() -> None:
    assert visual("محمد") == "\ufeaa\ufee4\ufea4\ufee3"
    assert visual("السلام") == "\ufee1\ufefc\ufeb4\ufedf\ufe8d"
    assert visual("Budi (محمد) 12") == "Budi (\ufeaa\ufee4\ufea4\ufee3) 12"
    assert visual("علي (12) ب") == "\ufe8f (12) \ufef2\ufee0\ufecb"
    assert visual("Sari Contoh") == "Sari Contoh"


def test_the_letter_for_who_took_part_claims_no_success_and_names_its_edition(tmp_path: Path) -> None:
    file = tmp_path / "surat.pdf"
    file.write_bytes(paper(a_paper(kind="attended", grade="", edition=2)))
    said = " ".join(run(tool("pdftotext", "poppler-utils"), "-layout", str(file), "-").split())
    assert "SURAT KETERANGAN KEIKUTSERTAAN" in said and "edisi 2, menggantikan edisi sebelumnya" in said
    assert "telah mengikuti pelatihan" in said and "Surat keterangan ini diterbitkan oleh sistem" in said
    assert not [word for word in ("LULUS", "Predikat", "Ambang", "SERTIFIKAT") if word in said]


def test_the_credential_is_attached_for_programs(tmp_path: Path) -> None:
    facts = a_paper()
    made = pdf.paint(compose(facts, pdf.measure), facts, "eyJ.abc.def")
    assert made == pdf.paint(compose(facts, pdf.measure), facts, "eyJ.abc.def")
    (tmp_path / "s.pdf").write_bytes(made)
    run(tool("pdfdetach", "poppler-utils"), "-saveall", "-o", str(tmp_path), str(tmp_path / "s.pdf"))
    assert (tmp_path / "credential.jwt").read_text(encoding="ascii") == "eyJ.abc.def"
    assert validation.examined(made) == validation.Examined(readable=True, credential="eyJ.abc.def")
    assert "/AFRelationship /Data" in made.decode("latin-1") and "application#2Fvc+jwt" in made.decode("latin-1")
