"""Ibu HRD checks a certificate: valid, revoked, not found; no account, few statements."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.certificate.code import grouped
from tests.builders import NOON
from tests.certificate.cast import certified
from tests.inspector import visit
from tests.journeys.story import press


@pytest.fixture
def code(app: Flask, db: Session, sari: Any) -> str:
    """The code on Sari's paper."""
    made = certified(app, db, sari.person)
    db.rollback()
    return grouped(made.code)


def test_a_code_typed_from_paper_is_valid_and_after_the_office_takes_it_back_revoked(
    app: Flask, db: Session, guest: FlaskClient, code: str
) -> None:
    typed = code.replace("-", " ").lower()
    page = press(guest, visit(guest, "/"), "Periksa", kode=typed)
    assert page.url == f"/sertifikat/{code}"
    assert page.soup.select_one(".verdict h2").get_text() == "Sah"  # type: ignore[union-attr]
    assert "Sari Contoh" in page.text and "Kursus Contoh" in page.text
    assert not re.search(r"\b85\b", page.text) and "Bontang Kuala" not in page.text and "1990" not in page.text

    runner = app.test_cli_runner()
    done = runner.invoke(args=["certificate", "revoke", code, "--because", "Diterbitkan karena keliru."])
    assert done.exit_code == 0, done.output
    page = visit(guest, f"/sertifikat/{code}")
    assert page.soup.select_one(".verdict h2").get_text() == "Dicabut"  # type: ignore[union-attr]
    assert "Diterbitkan karena keliru." in page.text and "Jangan terima sebagai bukti" in page.text


def test_a_code_that_nobody_was_given_is_not_found(guest: FlaskClient, code: str) -> None:
    other = ("1" if code[0] != "1" else "2") + code[1:]
    page = visit(guest, f"/sertifikat/{other}", 404)
    assert page.soup.select_one(".verdict h2").get_text() == "Tidak ditemukan"  # type: ignore[union-attr]
    assert "Sari" not in page.text


def test_the_holder_finds_the_same_page_behind_the_link_on_the_certificate(sari: FlaskClient, code: str) -> None:
    mine = visit(sari, "/sertifikat")
    address = str(mine.soup.select_one("input[readonly]")["value"])  # type: ignore[index]
    assert address.endswith(f"/{code}")
    assert "Sah" in visit(sari, f"/sertifikat/{code}").text


def test_verifying_takes_three_statements_at_most(guest: FlaskClient, code: str, queries_made: Any) -> None:
    visit(guest, "/bantuan")
    for address in (f"/sertifikat/{code}", "/sertifikat/7KQ2-M9XD-4TRA-0VHE"):
        with queries_made() as made:
            guest.get(address)
        assert len(made) <= 3, made


def test_a_certificate_stays_valid_however_old(app: Flask, db: Session, joko: Any, guest: FlaskClient) -> None:
    old = certified(app, db, joko.person, now=NOON - timedelta(days=1))
    db.rollback()
    assert "Sah" in visit(guest, f"/sertifikat/{grouped(old.code)}").text
