"""A file that somebody brings: ours to the last byte, or not ours."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import pytest

from app.certificate import validation
from app.certificate.code import grouped
from app.certificate.models import Edition
from tests.certificate.cast import certified, writing
from tests.exchange.samples import SHARED
from tests.inspector import inspect, visit

CHECK = "/sertifikat/periksa/berkas"


def sent(client, pdf, name="sertifikat.pdf"):
    return inspect(client.post(CHECK, data={"berkas": (BytesIO(pdf), name)}), CHECK)


def verdict(page):
    return page.soup.select_one(".verdict h2").get_text(strip=True)


@pytest.fixture
def paper(app, db, sari):
    made = certified(app, db, sari.person)
    return made, sari.get(f"/sertifikat/{made.code}/unduh").data


def test_a_digest_alone_says_whether_the_file_is_ours(app, db, guest, paper):
    made, pdf = paper
    digest = hashlib.sha256(pdf).hexdigest()
    page = visit(guest, f"{CHECK}?sha256={digest.upper()}")
    assert verdict(page) == "Asli dan sah" and "Sari Contoh" in page.text and grouped(made.code) in page.text
    assert page.response.headers["Cache-Control"] == "no-store" and "noindex" in page.response.headers["X-Robots-Tag"]
    page = visit(guest, f"{CHECK}?sha256={digest[:-1]}{'0' if digest[-1] != '0' else '1'}")
    assert verdict(page) == "Bukan berkas yang kami terbitkan" and "Sari" not in page.text
    assert "64 angka" in visit(guest, f"{CHECK}?sha256=bukan", status=409).text


def test_peer_customcert_424_an_edited_paper_does_not_pass(app, db, guest, paper, monkeypatch):
    """mod_customcert #424, #430: the page checked a code and never the paper that carried it."""
    _, pdf = paper
    assert verdict(sent(guest, pdf)) == "Asli dan sah"
    for changed in (pdf.replace(b"D:2026", b"D:2027", 1), pdf + b"\n", pdf[: len(pdf) // 2]):
        assert changed != pdf and verdict(sent(guest, changed)) not in ("Asli dan sah", "Edisi lama", "Dicabut")
    # What is attached says whose paper it was.
    assert verdict(sent(guest, pdf + b"\n")) == "Berubah"


def test_an_older_edition_and_a_revoked_one_are_told(app, db, guest, paper):
    made, pdf = paper
    with writing(app) as session:
        row = session.merge(made, load=True)
        row.version = 2
        session.add(
            Edition(certificate_id=row.id, version=2, holder="Sari", made_at=row.issued_at, proof="", credential="",
                    signer="none")
        )  # fmt: skip
    page = sent(guest, pdf)
    assert verdict(page) == "Edisi lama" and "edisi 2" in page.text
    with writing(app) as session:
        row = session.merge(made, load=True)
        row.revoked_at, row.revoked_because = row.issued_at, "Salah orang"
    assert verdict(sent(guest, pdf)) == "Dicabut"


def test_what_is_no_pdf_is_told_in_a_sentence(guest):
    assert verdict(sent(guest, b"bukan pdf", "surat.docx")) == "Tidak dapat dibaca"
    answer = guest.post(CHECK, data={})
    assert answer.status_code == 422 and "Pilih berkas PDF" in inspect(answer, CHECK).text


@pytest.mark.sqlite
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared fixtures are not on this machine")
def test_every_signed_or_tampered_file_of_others_is_refused(guest):
    """Also those whose signatures other tools call valid."""
    for path in sorted((SHARED / "pdf").glob("*.pdf")):
        assert verdict(sent(guest, path.read_bytes())) in ("Bukan berkas yang kami terbitkan", "Tidak dapat dibaca")


def test_the_examiner_has_limits(tmp_path: Path):
    found = validation.apart(b"%PDF-1.7\n" + b"[" * 1_000_000, None)
    assert not found.readable and found.problem
