"""Where things stand on the paper: every word inside the edges, none on top of another, whatever people are called."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.certificate import pdf, qr
from app.certificate.fonts.motifs import BOAT, Path
from app.certificate.layout import compose
from app.certificate.proof import claims
from app.certificate.rules import Facts, ModuleLine
from app.certificate.sheet import HEIGHT, MARGIN, WIDTH, Page, Qr, Text

SKIN = 0.1  # points by which neighbours may touch

Box = tuple[float, float, float, float, str]

CLAIM = "Sertifikat ini diterbitkan oleh sistem. Keabsahannya diperiksa melalui kode QR."
MODULES = ("Cara Kerja Penipu", "Telepon dan Pesan Palsu", "Berkas APK", "Janji Uang Mudah", "Jika Menjadi Korban")
SIGNED = {
    "signatory_name": "Dewi Contoh, S.Kom., M.T.",
    "signatory_title": "Kepala Dinas Komunikasi dan Informatika",
    "signatory_nip": "19800101 200501 2 001",
}


def a_paper(**changes: Any) -> Facts:
    """Sari's certificate, with changes."""
    facts = Facts(
        holder_name="Nur’aini Sari Wulandari",
        course_title="Kenali dan Tolak Penipuan Digital",
        course_code="K03",
        jp=5,
        minutes_per_jp=45,
        started_on=date(2026, 11, 1),
        finished_on=date(2026, 11, 23),
        issued_on=date(2026, 11, 23),
        number="400.3/00042/DISKOMINFO/XI/2026",
        code="7KQ2M9XD4TRA0VHE1050",
        verify_url="https://cakap.contoh.id/sertifikat/7KQ2-M9XD-4TRA-0VHE-1050",
        grade="Sangat Memuaskan",
        method="daring mandiri",
        modules=tuple(ModuleLine(n, title, 1, "4.1, 4.2", "aman") for n, title in enumerate(MODULES, start=1)),
        pass_mark=80,
        agency="Dinas Komunikasi dan Informatika Kota Bontang",
        unit="Bidang Aplikasi Informatika",
        programme="Cakap Bontang",
        place="Bontang",
        signatory_name="",
        signatory_title="",
        signatory_nip="",
        digcomp_list=("4.1 Melindungi perangkat", "4.2 Melindungi data pribadi dan privasi"),
        level_label="Dasar 2",
        version=1,
    )
    facts = replace(facts, **changes)
    return replace(facts, proof=a_token(facts))


def a_token(facts: Facts) -> str:
    """What proves these facts, but for a signature of noughts: it takes as much room as a real one."""
    said = json.dumps(claims(facts), ensure_ascii=False, separators=(",", ":")).encode()
    header = b'{"alg":"ES256","kid":"AAAAAAAA"}'
    return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in (header, said, bytes(64)))


def coarse(text: str, font: str, size: float) -> float:
    """A ruler that knows no font: capitals are wide, bold is wider."""
    letters = sum(
        0.98 if sign.isupper() else 0.3 if sign in " il.,’'" else 1.2 if ord(sign) > 0x2E80 else 0.6 for sign in text
    )
    return size * letters * (1.05 if font == "bold" else 1.0)


RULERS: list[Callable[[str, str, float], float]] = [coarse, pdf.measure]


def words_of(page: Page) -> str:
    """All the words of a page in reading order."""
    return " ".join(shape.text for shape in page.shapes if isinstance(shape, Text))


def boxes(page: Page, ruler: Callable[[str, str, float], float]) -> list[Box]:
    """Where the words stand, and the QR code with the quiet zone it needs."""
    found: list[Box] = []
    for shape in page.shapes:
        if isinstance(shape, Text):
            right = shape.x + ruler(shape.text, shape.font, shape.size) + shape.tracking * len(shape.text)
            found.append((shape.x, shape.y - 0.2 * shape.size, right, shape.y + 0.75 * shape.size, shape.text))
        elif isinstance(shape, Qr):
            quiet = shape.size * qr.QUIET / len(qr.modules(shape.text))
            low, left = shape.y - quiet, shape.x - quiet
            found.append((left, low, shape.x + shape.size + quiet, shape.y + shape.size + quiet, "QR"))
    return found


def assert_tidy(facts: Facts, ruler: Callable[[str, str, float], float]) -> None:
    """Nothing leaves the paper's margins and nothing lies on anything else."""
    for page in compose(facts, ruler):
        stand = boxes(page, ruler)
        for left, low, right, high, text in stand:
            assert left >= MARGIN, text
            assert right <= WIDTH - MARGIN, text
            assert low >= MARGIN, text
            assert high <= HEIGHT - MARGIN, text
        stand.sort(key=lambda box: box[1])
        for place, (left, _, right, high, text) in enumerate(stand):
            for begin, foot, end, _, other in stand[place + 1 :]:
                if foot >= high - SKIN:
                    break  # sorted by their feet, all further ones stand higher
                assert right <= begin + SKIN or end <= left + SKIN, f"{text!r} lies on {other!r}"


letters = st.characters(categories=("Lu", "Ll", "Lo"), max_codepoint=0x2FFF) | st.sampled_from("aeinrst ’'-.Wm")
names = st.text(letters, min_size=1, max_size=120).filter(lambda name: bool(name.strip()))
titles = st.text(letters, min_size=1, max_size=200).filter(lambda title: bool(title.strip()))
module_lists = st.lists(
    st.tuples(
        titles,
        st.integers(1, 40),
        st.sampled_from(["4.1", "1.1, 1.2, 1.3", ""]),
        st.sampled_from(["cakap", "etika", "?"]),
    ),
    min_size=0,
    max_size=20,
).map(lambda lines: tuple(ModuleLine(number, *line) for number, line in enumerate(lines, start=1)))


@pytest.mark.parametrize("ruler", RULERS)
@settings(deadline=None, max_examples=60)
@given(name=names, title=titles, modules=module_lists, signed=st.booleans(), office=titles, number=names)
def test_every_name_and_title_fits_inside_the_edges(
    ruler: Callable[[str, str, float], float],
    name: str,
    title: str,
    modules: tuple[ModuleLine, ...],
    signed: bool,
    office: str,
    number: str,
) -> None:
    changes: dict[str, Any] = (
        {"signatory_name": name, "signatory_title": office, "signatory_nip": number} if signed else {}
    )
    competences = tuple(f"4.{line.number} {line.title}" for line in modules)
    facts = a_paper(holder_name=name, course_title=title, modules=modules, agency=office, unit=office, programme=office)
    assert_tidy(replace(facts, number=number, digcomp_list=competences, level_label=name, **changes), ruler)


@pytest.mark.parametrize("ruler", RULERS)
@pytest.mark.parametrize(
    "name",
    [
        "Sukarno",
        "I",
        "W" * 120,
        "Nur’aini",
        "Łukasz Šarić-Nguyễn Thị Ḥaḍir",
        "محمد عبد الله السقاف",
        "Raden Ajeng Siti Nur’aini Kusumaningrum Wulandari Prameswari Hadiningrat binti Abdurrahman Al-Banjari",
    ],
)
def test_real_names_and_the_longest_ones_fit(ruler: Callable[[str, str, float], float], name: str) -> None:
    twenty = tuple(ModuleLine(n, "W" * 200, 99, "1.1, 1.2, 1.3", "budaya") for n in range(1, 21))
    assert_tidy(a_paper(holder_name=name), ruler)
    assert_tidy(a_paper(holder_name=name, course_title="W" * 200, modules=twenty, **SIGNED), ruler)


def test_a_name_is_shrunk_before_it_is_broken_and_never_takes_four_lines() -> None:
    def lines(name: str) -> list[Text]:
        front, _ = compose(a_paper(holder_name=name), pdf.measure)
        start = next(n for n, shape in enumerate(front.shapes) if isinstance(shape, Text) and shape.tag == "H2")
        return [s for s in front.shapes[start:] if isinstance(s, Text) and s.tag == "H2"]

    short, middle, long = lines("Sari"), lines("Muhammad Abdurrahman Al-Fatih Wicaksono"), lines("Abdurrahman " * 10)
    assert [len(each) for each in (short, middle)] == [1, 1]
    assert middle[0].size < short[0].size
    assert 2 <= len(long) <= 3
    assert " ".join(line.text for line in long).split() == ["Abdurrahman"] * 10


@pytest.mark.parametrize("name", ["Sari", "W" * 60, "W" * 120])
def test_the_name_stands_on_its_walkway(name: str) -> None:
    front, _ = compose(a_paper(holder_name=name), pdf.measure)
    feet = min(s.y - 0.2 * s.size for s in front.shapes if isinstance(s, Text) and s.tag == "H2")
    below = next(s for s in front.shapes if isinstance(s, Text) and s.text.startswith("telah"))
    planks = [s.y for s in front.shapes if isinstance(s, Path) and s.fill == BOAT and s.scale == 1]
    assert len(planks) == 1, "the last plank, and nothing else, has the colour of boats"
    assert feet > planks[0] > below.y + 0.75 * below.size + 13


def test_the_front_says_who_learned_what_in_this_order() -> None:
    front, _ = compose(a_paper(), pdf.measure)
    text = words_of(front)
    expected = [
        "Dinas Komunikasi dan Informatika Kota Bontang",
        "SERTIFIKAT",
        "Nomor 400.3/00042/DISKOMINFO/XI/2026",
        "Diberikan kepada",
        "Nur’aini Sari Wulandari",
        "telah mengikuti dan dinyatakan LULUS pelatihan",
        "Kenali dan Tolak Penipuan Digital",
        "Pelaksanaan 1–23 November 2026",
        "Metode Daring mandiri",
        "Jumlah 5 JP (225 menit)",
        "Predikat Sangat Memuaskan",
        "Bontang, 23 November 2026",
        "7KQ2-M9XD-4TRA-0VHE-1050",
        CLAIM,
        "https://cakap.contoh.id/sertifikat/7KQ2-M9XD-4TRA-0VHE-1050",
    ]
    places = [text.find(part) for part in expected]
    assert -1 not in places, expected[places.index(-1)]
    assert places == sorted(places)


def test_the_back_lists_every_module_and_how_to_check_the_paper() -> None:
    _, back = compose(a_paper(), pdf.measure)
    text = words_of(back)
    for number, title in enumerate(MODULES, start=1):
        assert f"{number} {title} 4.1, 4.2 Aman 1" in text
    for part in (
        "Daftar materi",
        "Kode kursus K03 · versi 1 · tingkat Dasar 2",
        "Jumlah jam pelajaran (JP) 5",
        "1 JP = 45 menit",
        "Ambang lulus Nilai 80 dari 100",
        "Predikat Sangat Memuaskan Ambang lulus Nilai 80 dari 100",
        "Pelaksanaan 1–23 November 2026",
        "4.2\u00a0Melindungi data pribadi dan privasi",
        "Siapa pun yang memeriksa kode ini",
        "Periksa di https://cakap.contoh.id/sertifikat/7KQ2-M9XD-4TRA-0VHE-1050",
        "Kode 7KQ2-M9XD-4TRA-0VHE-1050",
    ):
        assert part in text, part


def test_an_official_stands_on_the_paper_only_when_one_is_configured() -> None:
    signed = words_of(compose(a_paper(**SIGNED), pdf.measure)[0])
    unsigned = words_of(compose(a_paper(), pdf.measure)[0])
    assert "Kepala Dinas Komunikasi dan Informatika Dewi Contoh, S.Kom., M.T. NIP 19800101 200501 2 001" in signed
    assert "Diterbitkan oleh" not in signed
    assert "Diterbitkan oleh Dinas Komunikasi dan Informatika Kota Bontang" in unsigned
    assert "NIP" not in unsigned
    assert CLAIM in signed
    assert CLAIM in unsigned


def test_no_paper_claims_an_electronic_signature() -> None:
    for facts in (a_paper(), a_paper(**SIGNED)):
        text = " ".join(map(words_of, compose(facts, pdf.measure))).casefold()
        for claim in ("tanda tangan", "ditandatangani", "bsre", "bssn", "elektronik"):
            assert claim not in text, claim
        assert "tte" not in text.split()


def test_the_same_facts_always_stand_in_the_same_places() -> None:
    assert compose(a_paper(), coarse) == compose(a_paper(), coarse)
