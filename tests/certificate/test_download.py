"""The paper, printed again from its facts, for its holder."""

from __future__ import annotations

import re
from io import BytesIO
from urllib.parse import quote

import pytest
from pypdf import PdfReader

from app.certificate import keys, lifecycle, proof, qr, queries
from app.certificate.code import grouped
from tests.builders import NOON
from tests.certificate.cast import certified, tool, words, writing
from tests.inspector import inspect


def test_sari_downloads_two_pages_that_cost_little(app, db, sari):
    made = certified(app, db, sari.person)
    answer = sari.get(f"/sertifikat/{grouped(made.code)}/unduh")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    assert len(answer.data) <= 300_000
    assert "Pages:           2" in tool("pdfinfo", "-", sent=answer.data)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=Sertifikat-K99-Sari-Contoh.pdf; filename*=UTF-8''Sertifikat-K99-Sari-Contoh.pdf"
    )
    text = words(tool("pdftotext", "-layout", "-", "-", sent=answer.data))
    for fact in (made.number, "Sari Contoh", "Kursus Contoh", grouped(made.code), "2 JP (90 menit)", "Memuaskan"):
        assert fact in text, fact
    # Who checks the paper is not shown a score, so the paper has none.
    assert not re.search(r"\b85\b", re.sub(r"versi \d+", "", text).replace(grouped(made.code), ""))


def test_the_paper_stays_the_same_when_everything_around_it_changes(app, db, sari):
    made = certified(app, db, sari.person)
    url = f"/sertifikat/{made.code}/unduh"
    before = sari.get(url).data
    sari.person.name = "Nama Baru"
    db.commit()
    app.config.update(AGENCY="Lembaga Lain", UNIT="LAIN", SIGNATORY_NAME="Orang Lain", MINUTES_PER_JP=60)
    assert sari.get(url).data == before


def test_the_qr_code_holds_the_address_that_is_printed(app, db, sari):
    made = certified(app, db, sari.person)
    pdf = sari.get(f"/sertifikat/{made.code}/unduh").data
    address = f"{app.config['BASE_URL']}/sertifikat/{grouped(made.code)}"
    assert address in words(tool("pdftotext", "-layout", "-", "-", sent=pdf))
    assert f"Kode QR menuju {address}" in _alternative_texts(pdf)
    # The dark modules on paper are those of this address and of no other.
    with writing(app) as session:
        token = queries.edition(session, session.merge(made)).proof
    assert keys.read(app.config, token)["n"] == "Sari Contoh"
    assert _painted_modules(pdf) == sorted(qr.bars(proof.address(address, token)))


def _alternative_texts(pdf: bytes) -> str:
    reader = PdfReader(BytesIO(pdf))
    return " ".join(
        str(entry.get_object().get("/Alt", "")) for entry in reader.trailer["/Root"]["/StructTreeRoot"]["/K"]["/K"]
    )


def _painted_modules(pdf: bytes) -> list[tuple[int, int, int]]:
    content = PdfReader(BytesIO(pdf)).pages[0].get_contents().get_data().decode("latin-1")
    found = re.findall(r"(?<![\d.-])(\d+) (\d+) (\d+) 1 re", content)
    return sorted((int(column), int(row), int(length)) for column, row, length in found)


def test_nobody_else_can_download_saris_paper(app, db, sari, joko, client, budi, arif):
    made = certified(app, db, sari.person)
    url = f"/sertifikat/{made.code}/unduh"
    unknown = joko.get("/sertifikat/0000-0000-0000-0000/unduh")
    for other in (joko, budi, arif):
        answer = other.get(url)
        assert answer.status_code == unknown.status_code == 404
    assert joko.get(url).text.replace(made.code, "0000-0000-0000-0000") == unknown.text
    assert client.get(url).location.startswith("/masuk")


@pytest.mark.parametrize("code", ["x", "%20", "%2e%2e", "a" * 10_000, "%F0%9F%98%80", "%ff"])
def test_what_is_no_code_is_not_found(sari, code):
    assert sari.get(f"/sertifikat/{code}/unduh").status_code == 404


def test_a_null_byte_is_refused(sari):
    assert sari.get("/sertifikat/%00/unduh").status_code == 400


def test_a_revoked_paper_cannot_be_downloaded_and_says_so(app, db, sari):
    made = certified(app, db, sari.person)
    with writing(app) as s:
        lifecycle.revoke(s, made.code, "Diterbitkan ganda.", None, NOON)
    answer = sari.get(f"/sertifikat/{made.code}/unduh")
    assert answer.status_code == 409
    assert "dicabut pada 23 November 2026" in inspect(answer, "unduh").text


@pytest.mark.parametrize(
    ("name", "plain", "own"),
    [
        ("Ayşe Ünal", "Ayse-Unal", "Ayşe-Ünal"),
        ('Sari "../../etc" \\ Contoh;', "Sari-etc-Contoh", "Sari-etc-Contoh"),
        ("Sari\r\nX-Kuki: 1", "Sari-X-Kuki-1", "Sari-X-Kuki-1"),
        ("محمد علي", "", "محمد-علي"),
    ],
)
def test_the_name_of_the_file_is_safe_and_keeps_its_letters(app, db, enter, name, plain, own):
    person = enter(name)
    made = certified(app, db, person.person)
    header = person.get(f"/sertifikat/{made.code}/unduh").headers["Content-Disposition"]
    ascii_name = "-".join(filter(None, ("Sertifikat-K99", plain)))
    assert header == f"attachment; filename={ascii_name}.pdf; filename*=UTF-8''{quote('Sertifikat-K99-' + own)}.pdf"


def test_a_long_name_still_makes_two_pages(app, db, enter):
    person = enter("Sari " + "Panjang " * 14)
    made = certified(app, db, person.person)
    pdf = person.get(f"/sertifikat/{made.code}/unduh").data
    assert "Pages:           2" in tool("pdfinfo", "-", sent=pdf)


def test_a_download_asks_the_database_three_times(app, db, sari, queries_made):
    made = certified(app, db, sari.person)
    with queries_made() as asked:
        sari.get(f"/sertifikat/{made.code}/unduh")
    assert len(asked) == 3


def test_somebody_who_lost_the_role_keeps_the_paper(app, db, enter):
    budi = enter("Budi Contoh", "trainer")
    made = certified(app, db, budi.person)
    assert budi.get(f"/sertifikat/{made.code}/unduh").status_code == 200
    assert made.issued_at == NOON
