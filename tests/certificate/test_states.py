"""What pages and files call a paper: as its kind is, and as far as its signing has come."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import mail
from app.certificate import actions, editions, lifecycle, queries, sending
from app.certificate.code import grouped
from app.certificate.models import Certificate, Edition
from app.enrollment import queries as enrollments
from app.enrollment.rules import POST
from tests.builders import NOON
from tests.certificate.cast import CLAIM, finish, rows, tool, words, writing
from tests.inspector import send, visit

TICKED = {"nama": "Sari Contoh", "benar": "y"}
SOON, DAYS = "sebentar lagi", "menunggu tanda tangan pejabat"


def sign(app: Flask, code: str) -> None:
    """Stands for whoever signs: keeps a paper."""
    with writing(app) as session:
        row = queries.by_code(session, code)
        assert row is not None
        editions.finish(queries.edition(session, row), b"%PDF-signed", NOON)


@pytest.mark.parametrize(
    ("signer", "waits", "card", "page"),
    [
        ("pades", SOON, "bertanda tangan digital dari sistem penerbit", "bertanda tangan digital dari sistem penerbit"),
        (
            "external",
            DAYS,
            "hanya sah dengan tanda tangan elektronik pejabat penerbit",
            "ditandatangani secara elektronik oleh pejabat penerbit",
        ),
    ],
)
def test_sentences_follow_the_signature(
    app: Flask, db: Session, guest: FlaskClient, sari: Any, signer: str, waits: str, card: str, page: str
) -> None:
    app.config.update(SIGNER=signer)
    finish(db, sari.person)
    send(sari, CLAIM, 302, **TICKED)
    code, wanted = rows(db)[0].code, "tanda tangannya masih ditunggu"
    db.rollback()
    here, url = f"/sertifikat/{grouped(code)}", f"/sertifikat/{code}/unduh"
    mine = visit(sari, "/sertifikat").text
    assert "sudah terbit" in mine and "Simpan PDF-nya" not in mine and waits in mine
    assert "Diterbitkan oleh sistem" not in mine and "diterbitkan oleh sistem" not in mine and card not in mine
    refused = visit(sari, url, status=409).text
    assert waits in refused and (SOON in refused) == (signer == "pades")
    text = visit(guest, here).text
    assert wanted in text and page not in text
    sign(app, code)
    mine, text = visit(sari, "/sertifikat").text, visit(guest, here).text
    assert card in mine and waits not in mine
    assert page in text and "bukan di kertas cetaknya" in text and wanted not in text
    # A corrected name waits for its own signature.
    with writing(app) as session:
        lifecycle.correct(session, code, "Sari Dewi", "Ejaan.", seen=1, by=None, now=NOON, settings=app.config)
    text = visit(guest, here).text
    assert wanted in text and page not in text


def test_an_unsigned_paper_says_no_more_than_that_it_was_issued(db: Session, guest: FlaskClient, sari: Any) -> None:
    finish(db, sari.person)
    send(sari, CLAIM, 302, **TICKED)
    mine = visit(sari, "/sertifikat").text
    assert "Simpan PDF-nya" in mine and "Sertifikat ini diterbitkan oleh sistem." in mine
    page = visit(guest, f"/sertifikat/{grouped(rows(db)[0].code)}")
    (issuer,) = page.soup.select("section[aria-labelledby=h-penerbit]")
    assert "anda tangan" not in issuer.get_text()


@pytest.fixture
def letter(app: Flask, db: Session, sari: Any) -> Certificate:
    """Sari took part, and has the letter that says so."""
    enrollment = finish(db, sari.person, without=(POST,))
    with writing(app) as session:
        learning = enrollments.by_id(session, enrollment.id)
        assert learning is not None
        return actions.issue(session, learning, "Sari Contoh", "attended", NOON, app.config)


def test_a_letter_is_never_called_a_certificate(app: Flask, db: Session, sari: Any, letter: Certificate) -> None:
    file = sari.get(f"/sertifikat/{letter.code}/unduh")
    assert "Surat-keterangan-K99-Sari-Contoh.pdf" in file.headers["Content-Disposition"]
    said = words(tool("pdftotext", "-layout", "-", "-", sent=file.data)).casefold()
    assert "sertifikat" not in said.replace("/sertifikat/", ""), said
    page = visit(sari, "/sertifikat")
    (link,) = page.soup.select('a[href^="https://wa.me/"]')
    assert "Surat keterangan saya: Kursus Contoh." in unquote(str(link["href"]))
    (card,) = page.soup.select(".split")
    assert "sertifikat" not in card.get_text(" ").casefold(), card.get_text(" ")
    db.execute(sa.update(Edition).values(credential="", pdf=None, digest=None, finished_at=None))
    db.commit()
    for address in (f"/sertifikat/{letter.code}/lencana", f"/sertifikat/{letter.code}/unduh"):
        assert "surat keterangan Anda sudah sah" in visit(sari, address, status=409).text
    assert "surat keterangan Anda sudah sah" in visit(sari, "/sertifikat").text
    with writing(app) as session:
        lifecycle.revoke(session, letter.code, "Salah orang.", None, NOON)
    for address in (f"/sertifikat/{letter.code}/lencana", f"/sertifikat/{letter.code}/unduh"):
        assert "Surat keterangan ini dicabut" in visit(sari, address, status=409).text
    assert "Surat keterangan ini tidak dapat diunduh lagi." in visit(sari, "/sertifikat").text


def test_the_e_mail_calls_a_letter_a_letter(app: Flask, db: Session, sari: Any, letter: Certificate) -> None:
    sari.person.email = "sari@surel.contoh"
    db.commit()
    with writing(app) as session:
        sending.send(session, letter.code, "satu", None, NOON, app.config | {"SMTP_HOST": "surel.contoh"})
        made = session.scalars(sa.select(mail.Letter)).one()
        assert made.subject == "Surat keterangan Kursus Contoh"
        assert made.body.startswith("Surat keterangan Anda: Kursus Contoh\n")
