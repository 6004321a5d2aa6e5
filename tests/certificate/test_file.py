"""A file that somebody brings: ours to the last byte, or not ours."""

from __future__ import annotations

import hashlib
import json
import sys
import zlib
from contextlib import nullcontext
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from app import clock
from app.certificate import editions, file_views, layout, limited, pdf, validation, work
from app.certificate.code import grouped
from app.certificate.models import Edition
from tests.certificate.authority import PASSWORD, Authority
from tests.certificate.cast import certified, writing
from tests.certificate.test_layout import a_paper
from tests.exchange.samples import SHARED
from tests.inspector import inspect, visit
from tests.signer.service import signed_with

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
    assert verdict(page) == "Tidak dikenal" and "Sari" not in page.text
    assert "64 angka" in visit(guest, f"{CHECK}?sha256=bukan", status=409).text


def test_peer_customcert_424_an_edited_paper_does_not_pass(app, db, guest, paper, monkeypatch):
    """mod_customcert #424, #430: the page checked a code and never the paper that carried it."""
    made, pdf = paper
    assert verdict(sent(guest, pdf)) == "Asli dan sah"
    for changed in (pdf.replace(b"D:2026", b"D:2027", 1), pdf + b"\n", pdf[: len(pdf) // 2]):
        assert changed != pdf and verdict(sent(guest, changed)) not in ("Asli dan sah", "Edisi lama", "Dicabut")
    # What is attached says whose paper it was.
    page = sent(guest, pdf + b"\n")
    assert verdict(page) == "Bukan PDF yang kami terbitkan" and grouped(made.code) in page.text


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
        assert verdict(sent(guest, path.read_bytes())) in ("Tidak dikenal", "Tidak dapat dibaca")


def test_the_examiner_has_limits():
    assert not validation.apart(b"%PDF-1.7\n" + b"[" * 1_000_000).readable


def test_a_signed_file_with_the_data_of_a_paper_that_waits_is_no_paper_of_ours(app, db, sari, guest, tmp_path):
    """The holder has the data before the signed paper is there, and many have keys under a public authority."""
    authority = Authority(tmp_path)
    app.config.update(SIGNER="external", SIGNER_CHAIN=str(authority.chain))
    made = certified(app, db, sari.person)
    facts = a_paper(holder_name="Penipu")
    forged = signers.sign_pdf(
        IncrementalPdfFileWriter(
            BytesIO(
                pdf.paint(layout.compose(facts, pdf.measure), facts, sari.get(f"/sertifikat/{made.code}/lencana").text)
            )
        ),
        signers.PdfSignatureMetadata(field_name="Lain"),
        signer=signers.SimpleSigner.load_pkcs12(str(authority.p12("Siapa Saja")), passphrase=PASSWORD),
    ).getvalue()
    assert validation.validated(forged, validation.loaded(authority.chain.read_bytes())).signer
    page = sent(guest, forged)
    assert verdict(page) == "Bukan PDF yang kami terbitkan" and "Sari" not in page.text
    assert grouped(made.code) in page.text, "where the true data stand"


def with_attached(content: bytes) -> bytes:
    """A PDF with nothing but this in it where our papers have their credential, squeezed."""
    squeezed = zlib.compress(content, 9)
    objects = [
        b"<</Type /Catalog /Names <</EmbeddedFiles <</Names [(credential.jwt) <</EF <</F 2 0 R>>>>]>>>>>>",
        b"<</Filter /FlateDecode /Length %d>>stream\n%s\nendstream" % (len(squeezed), squeezed),
    ]
    made, places = b"%PDF-1.7\n", []
    for number, entry in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, entry)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer <</Root 1 0 R /Size 3>>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    return made + b"xref\n0 3\n0000000000 65535 f \n" + table + end


@pytest.mark.sqlite
def test_what_is_attached_is_read_up_to_the_length_of_a_credential(app, db, sari):
    made = certified(app, db, sari.person)
    badge = sari.get(f"/sertifikat/{made.code}/lencana").data
    assert len(badge) < validation._LARGEST / 2
    assert validation.apart(with_attached(badge)).credential == badge.decode()
    for size in (validation._LARGEST + 1, 10_000_000, 100_000_000):
        assert validation.apart(with_attached(b"A" * size)) == validation.Examined(readable=True), size


@pytest.mark.sqlite
def test_a_long_answer_of_the_examiner_is_not_read(monkeypatch):
    monkeypatch.setattr(validation, "COMMAND", (sys.executable, "-c", "print('{\"readable\": true}' + ' ' * 200_000)"))
    monkeypatch.setattr(json, "loads", lambda _: pytest.fail("it was read"))
    with pytest.raises(validation.Unexamined):
        validation.apart(b"%PDF-1.7\n")


def test_no_byte_that_is_attached_breaks_the_search_in_the_register(guest):
    for content in (b"a\x00b", "a\u00e4".encode(), b"\xff"):
        assert verdict(sent(guest, with_attached(content))) == "Tidak dikenal"


@pytest.mark.sqlite
def test_the_examiner_works_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert validation.apart(with_attached(b"abc")).credential == "abc"


@pytest.mark.parametrize("trouble", ["raise SystemExit('kunci hilang')", "print('{')", "print('[]')", "print('{}')"])
def test_our_own_trouble_is_told_apart_from_a_broken_file(guest, monkeypatch, caplog, trouble):
    monkeypatch.setattr(validation, "COMMAND", (sys.executable, "-c", trouble))
    page = sent(guest, b"%PDF-1.7\n")
    if trouble == "print('{}')":
        assert verdict(page) == "Tidak dapat dibaca" and not caplog.records
        return
    assert page.response.status_code == 503 and page.response.headers["Retry-After"] == "60"
    assert verdict(page) == "Belum dapat diperiksa" and "kendala di pihak kami" in page.text
    [noted] = [one for one in caplog.records if one.levelname == "ERROR"]
    assert "a file could not be examined" in noted.message and (
        "kunci" not in trouble or "kunci hilang" in noted.message
    )


def test_who_comes_while_another_file_is_looked_through_is_told_so_soon(guest, monkeypatch):
    monkeypatch.setattr(file_views, "_PATIENCE", 0.01)
    with file_views._one:
        page = sent(guest, b"%PDF-1.7\n")
    assert page.response.status_code == 503 and page.response.headers["Retry-After"] == "5"
    assert verdict(page) == "Belum dapat diperiksa" and "memeriksa berkas lain" in page.text
    assert page.soup.select_one("form[data-file]"), "it can be sent again from here"


@pytest.fixture
def authority(app, tmp_path):
    """Who vouches for keys, also for that of this application."""
    made = Authority(tmp_path)
    app.config.update(made.settings())
    return made


@pytest.fixture
def signed(app, db, sari, authority):
    """A certificate, and its paper as our own key signed it."""
    made = certified(app, db, sari.person)
    work.do_due(app.extensions["db"], app.config, clock.now())
    return made, sari.get(f"/sertifikat/{made.code}/unduh").data


def kept(app, pdf, **more):
    """Puts this file into the register in the place of the paper."""
    with writing(app) as session:
        edition = session.scalars(sa.select(Edition)).one()
        editions.finish(edition, pdf, clock.now())
        for name, value in more.items():
            setattr(edition, name, value)
    return pdf


def test_the_signature_of_a_paper_of_ours_is_checked_and_its_signer_told(app, guest, signed):
    made, pdf = signed
    page = sent(guest, pdf)
    assert verdict(page) == "Asli dan sah" and "Sari Contoh" in page.text
    assert "sah dan mencakup seluruh berkas. Yang menandatangani: Penerbit Contoh." in page.text
    alone = visit(guest, f"{CHECK}?sha256={hashlib.sha256(pdf).hexdigest()}")
    assert verdict(alone) == "Asli dan sah" and "Agar tanda tangan di dalam PDF ikut diperiksa, kirim" in alone.text
    with writing(app) as session:
        row = session.merge(made, load=True)
        row.revoked_at, row.revoked_because = row.issued_at, "Salah orang"
    page = sent(guest, pdf)
    assert verdict(page) == "Dicabut" and "Yang menandatangani: Penerbit Contoh." in page.text
    assert verdict(sent(guest, pdf + b"\n")) == "Bukan PDF yang kami terbitkan"


@pytest.mark.sqlite
def test_a_signature_that_cannot_be_traced_any_more_is_told_and_makes_no_file_valid(
    app, guest, signed, authority, tmp_path, caplog
):
    (tmp_path / "other").mkdir()
    app.config["SIGNER_CHAIN"] = str(Authority(tmp_path / "other", "Lain").chain)
    page = sent(guest, signed[1])
    assert verdict(page) == "Belum pasti" and "utuh dan mencakup seluruh berkas" in page.text
    assert "Penerbit Contoh, tidak dapat kami telusuri" in page.text and " sah" not in page.text
    assert "Sari Contoh" in page.text and "cannot be traced to SIGNER_CHAIN: CN=Penerbit Contoh" in caplog.text
    with writing(app) as session:
        row = session.merge(signed[0], load=True)
        row.revoked_at, row.revoked_because = row.issued_at, "Salah orang"
    assert verdict(sent(guest, signed[1])) == "Dicabut"


@pytest.mark.sqlite
def test_an_official_who_has_left_is_told_and_leaves_a_file_valid(app, guest, signed, authority):
    app.config.update(SIGNER_CHAIN=str(authority.chain), SIGNER_SUBJECTS=("CN=Kepala Dinas",))
    assert "Yang menandatangani: Penerbit Contoh." in sent(guest, signed[1]).text, "our own key is our own"
    kept(app, signed[1], signer="external")
    page = sent(guest, signed[1])
    assert verdict(page) == "Asli dan sah" and "Penerbit Contoh, sekarang tidak lagi menandatangani" in page.text
    app.config["SIGNER_SUBJECTS"] = ("CN=Penerbit Contoh",)
    assert "Yang menandatangani: Penerbit Contoh." in sent(guest, signed[1]).text


@pytest.mark.sqlite
def test_a_certificate_that_expired_since_is_as_good_as_it_was(app, guest, signed, authority):
    unsigned = signed[1][: signed[1].index(b"%%EOF") + 6]
    pdf = kept(app, signed_with(authority.p12("Dulu", days=(-9, -1)), unsigned), finished_at=clock.now() - timedelta(2))
    assert "Yang menandatangani: Dulu." in sent(guest, pdf).text
    kept(app, pdf)
    assert "Dulu, tidak dapat kami telusuri" in sent(guest, pdf).text


@pytest.mark.sqlite
def test_a_register_that_somebody_changed_makes_no_file_genuine(app, guest, signed, caplog):
    pdf = kept(app, signed[1].replace(b"D:2026", b"D:2027", 1))
    page = sent(guest, pdf)
    assert verdict(page) == "Tanda tangannya tidak sah" and "Sari" not in page.text
    assert grouped(signed[0].code) in page.text and "not signed as it was" in caplog.text


@pytest.mark.parametrize("trouble", ["setting", "chain", "child", "busy"])
@pytest.mark.sqlite
def test_a_signature_that_is_not_checked_is_told_truthfully(app, guest, signed, monkeypatch, caplog, trouble):
    if trouble == "setting":
        app.config["SIGNER_CHAIN"] = ""
    elif trouble == "chain":
        app.config["SIGNER_CHAIN"] = "/tidak/ada.pem"
    elif trouble == "child":
        monkeypatch.setattr(limited, "COMMAND", (sys.executable, "-c", "print('{}')"))
    else:
        monkeypatch.setattr(file_views, "_PATIENCE", 0.01)
    with file_views._one if trouble == "busy" else nullcontext():
        page = sent(guest, signed[1])
    assert verdict(page) == "Asli dan sah" and "PDF sah" not in page.text
    assert ("sedang memeriksa berkas lain" if trouble == "busy" else "kendala di pihak kami") in page.text
    assert ("could not be examined" in caplog.text) == (trouble in ("chain", "child"))


@pytest.mark.sqlite
def test_a_paper_without_a_signer_needs_no_child(guest, paper, monkeypatch):
    monkeypatch.setattr(limited, "COMMAND", ())
    page = sent(guest, paper[1])
    assert verdict(page) == "Asli dan sah" and "Tanda tangan di dalam PDF" not in page.text
