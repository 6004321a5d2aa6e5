"""What the desk officer asks on the command line."""

from __future__ import annotations

import pytest

from app.certificate.code import grouped
from tests import builders
from tests.certificate.cast import certified, events, rows


@pytest.fixture
def ask(app):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=["certificate", *words])


@pytest.fixture
def made(app, db):
    return certified(app, db, builders.a_person(db, "Sari Contoh"))


def test_a_certificate_is_shown_by_its_code_however_it_is_typed(ask, made):
    for code in (made.code, grouped(made.code).lower()):
        said = ask("show", code)
        assert said.exit_code == 0
        for fact in (made.number, grouped(made.code), "Sari Contoh", "K99 Kursus Contoh", "Status    sah"):
            assert fact in said.output, fact


def test_a_certificate_is_revoked_once_and_everybody_is_told_why(ask, db, client, made):
    said = ask("revoke", grouped(made.code), "--because", "Diterbitkan ganda.")
    assert said.exit_code == 0 and "Diterbitkan ganda." in said.output
    again = ask("revoke", made.code, "--because", "Alasan lain.")
    assert again.exit_code == 0 and "Diterbitkan ganda." in again.output
    assert len(events(db, "certificate.revoked")) == 1
    assert "dicabut" in ask("show", made.code).output
    assert "Diterbitkan ganda." in client.get(f"/sertifikat/{grouped(made.code)}").text


def test_what_cannot_be_done_is_one_sentence(ask, db, made):
    for words, sentence in (
        (("show", "abc"), "20 huruf dan angka"),
        (("show", "0" * 16), "Tidak ada sertifikat"),
        (("revoke", "0" * 16, "--because", "Salah."), "Tidak ada sertifikat"),
        (("revoke", made.code, "--because", " "), "alasan"),
        (("revoke", made.code), "--because"),
    ):
        said = ask(*words)
        assert said.exit_code != 0 and sentence in said.output, words
    assert rows(db)[0].revoked_at is None


def test_the_list_names_the_newest_first(ask, app, db, made):
    other = certified(app, db, builders.a_person(db, "Joko Contoh"), "lain")
    lines = ask("list").output.splitlines()
    assert [line.split()[0] for line in lines] == [other.number, made.number]
    assert "Joko Contoh" in lines[0] and "sah" in lines[0]
    assert len(ask("list", "--limit", "1").output.splitlines()) == 1
