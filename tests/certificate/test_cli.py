"""What the desk officer asks on the command line."""

from __future__ import annotations

import pytest

from app.certificate.code import grouped
from tests import builders
from tests.certificate.cast import certified, events, finish, rows


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


def test_where_nothing_was_issued_the_list_says_so(ask):
    assert ask("list").output == "Belum ada sertifikat yang terbit.\n"


def test_the_list_names_the_newest_first(ask, app, db, made):
    other = certified(app, db, builders.a_person(db, "Joko Contoh"), "lain")
    lines = ask("list").output.splitlines()
    assert [line.split()[0] for line in lines] == [other.number, made.number]
    assert "Joko Contoh" in lines[0] and "sah" in lines[0]
    assert len(ask("list", "--limit", "1").output.splitlines()) == 1


def test_the_server_does_what_the_desk_does(ask, app, db, made, tmp_path):
    """Reinstate, correct, hand over, write to a file, remove, issue: each a sentence, each for a reason, each once."""
    for words, sentence in (
        (("correct", made.code, "--name", "Sari Benar", "--because", "Salah huruf."), "edisi 2, atas nama Sari Benar"),
        (("revoke", made.code, "--because", "Ganda."), "dicabut"),
        (("correct", made.code, "--name", "Sari Lain", "--because", "Salah."), "sedang dicabut"),
        (("reinstate", made.code, "--because", "Tidak ganda."), ": sah"),
        (("reinstate", made.code, "--because", "Tidak ganda."), ": sah"),
        (("resend", made.code), f"/sertifikat/{grouped(made.code)}"),
    ):
        said = ask(*words)
        assert said.exit_code == ("sedang dicabut" in sentence) and sentence in said.output, said.output
    shown = ask("show", made.code).output
    for fact in ("Edisi 2   SHA-256 ", "Edisi 1   SHA-256 ", "Ganda.", "Tidak ganda.", "Salah huruf."):
        assert fact in shown, shown

    target = tmp_path / "daftar.csv"
    assert ask("export", "--to", str(target), "--because", " ").exit_code == 1 and not target.exists()
    target.touch(0o644)
    said = ask("export", "--to", str(target), "--because", "Arsip.", "--search", "benar", "--status", "sah")
    assert said.exit_code == 0 and "1 sertifikat tersimpan" in said.output
    assert target.stat().st_mode & 0o777 == 0o600 and "Sari Benar" in target.read_text(encoding="utf-8")

    assert ask("remove", made.code, "--because", "Diminta.").exit_code == 1 and len(rows(db)) == 1
    assert ask("remove", made.code, "--because", "Diminta.", "--yes").exit_code == 0 and rows(db) == []
    name = builders.a_person(db, "Tuti Contoh", username="tuti.contoh")
    finish(db, name, "lain")
    said = [ask("issue", "tuti.contoh", "lain", "--kind", kind) for kind in ("passed", "passed", "attended")]
    assert [one.exit_code for one in said] == [0, 0, 0] and said[0].output == said[1].output
    assert [row.kind for row in rows(db)] == ["passed", "attended"]
    issued = events(db, "certificate.issued")
    assert [one.data["certificate"] for one in issued if one.audit and one.person_id == name.id] == [
        "passed",
        "attended",
    ]
    db.rollback()
    assert "Tidak ada akun" in ask("issue", "tuti.contoh", "tidak-ada").output
    told = events(db, "certificate.corrected", "certificate.reinstated", "certificate.removed", "certificates.exported")
    assert len(told) == 4
