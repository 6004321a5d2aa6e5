"""The page on which a name is confirmed and a certificate issued."""

from __future__ import annotations

import pytest

from app.enrollment.rules import POST
from tests.certificate.cast import CLAIM, at_once, certified, finish, rows
from tests.enrollment.cast import twin
from tests.inspector import inspect, send, visit

TICKED = {"nama": "Sari Contoh", "benar": "y"}


def test_sari_confirms_her_name_and_receives_her_certificate(db, sari):
    finish(db, sari.person)
    page = visit(sari, CLAIM)
    assert page.soup.select_one("#nama")["value"] == "Sari Contoh"
    answer = send(sari, CLAIM, 302, **TICKED)
    (row,) = rows(db)
    assert answer.location == f"/sertifikat#s-{row.code}"
    assert row.holder == "Sari Contoh"
    assert "sudah terbit" in visit(sari, "/sertifikat").html


def test_sari_corrects_her_name_on_paper_and_in_her_account(db, sari):
    finish(db, sari.person)
    send(sari, CLAIM, 302, nama="Sari  Dewi Contoh", benar="y")
    assert rows(db)[0].holder == "Sari Dewi Contoh"
    db.refresh(sari.person)
    assert (sari.person.name, sari.person.search) == ("Sari Dewi Contoh", "sari dewi contoh")


def test_without_the_tick_nothing_is_issued_and_the_name_typed_stays(db, sari):
    finish(db, sari.person)
    page = inspect(send(sari, CLAIM, 422, nama="Sari Dewi"), CLAIM)
    assert page.soup.select_one("#nama")["value"] == "Sari Dewi"
    assert "Centang jika nama di atas sudah benar." in page.text
    assert rows(db) == []


def test_pressing_twice_shows_the_first_certificate(db, sari):
    finish(db, sari.person)
    first, again = send(sari, CLAIM, 302, **TICKED), send(sari, CLAIM, 302, **TICKED)
    assert first.location == again.location
    assert sari.get(CLAIM).location == first.location
    assert len(rows(db)) == 1


def test_fifty_presses_at_once_issue_one_certificate(app, db, sari):
    finish(db, sari.person)
    clients = [twin(app, sari) for _ in range(50)]
    answers = at_once(50, lambda n: clients[n].post(CLAIM, data=TICKED))
    (row,) = rows(db)
    assert {(one.status_code, one.location) for one in answers} == {(302, f"/sertifikat#s-{row.code}")}


def test_the_second_time_the_name_stands_and_is_not_asked_for(app, db, sari):
    certified(app, db, sari.person, "kursus-lain")
    finish(db, sari.person)
    page = visit(sari, CLAIM)
    assert page.soup.select_one("#nama") is None and "Sari Contoh" in page.text
    send(sari, CLAIM, 302, nama="Orang Lain")
    assert [row.holder for row in rows(db)] == ["Sari Contoh", "Sari Contoh"]


def test_a_name_on_paper_stays_when_the_account_is_called_otherwise(db, app, sari):
    certified(app, db, sari.person, "kursus-lain")
    finish(db, sari.person)
    sari.person.name = "Sari \U0001f600"
    db.commit()
    said = visit(sari, CLAIM).text
    assert "Sari Contoh" in said and "dokumen terakhir Anda" in said and "hanya petugas" in said
    send(sari, CLAIM, 302)
    assert [row.holder for row in rows(db)] == ["Sari Contoh", "Sari Contoh"]
    db.refresh(sari.person)
    assert sari.person.name == "Sari \U0001f600", "the account is its owner's"


def test_before_the_first_issue_it_is_said_who_corrects_a_name(db, sari):
    finish(db, sari.person)
    text = visit(sari, CLAIM).text
    assert "hanya petugas yang dapat memperbaiki" in text and "tidak berubah lagi" not in text


def test_sari_sees_what_is_left_before_she_may_claim(db, sari):
    finish(db, sari.person, without=(POST, "kuis:pintu"))
    page = visit(sari, CLAIM)
    assert "Sertifikat belum terbuka" in page.text
    assert "1 dari 2, kurang 1" in page.text and "Tes akhir lulus" in page.text
    assert page.soup.select_one("main form") is None


def test_claiming_before_the_end_is_refused(db, sari):
    finish(db, sari.person, without=(POST,))
    page = inspect(send(sari, CLAIM, 409, **TICKED), CLAIM)
    assert "Selesaikan semua langkah" in page.text
    assert rows(db) == []


def test_a_grade_below_the_lowest_is_refused_in_a_sentence(db, sari):
    finish(db, sari.person, score=65)
    assert "di bawah 70" in inspect(send(sari, CLAIM, 409, **TICKED), CLAIM).text


def test_joko_cannot_claim_what_sari_finished(db, sari, joko):
    finish(db, sari.person)
    assert joko.get(CLAIM).status_code == joko.post(CLAIM, data=TICKED).status_code == 404
    assert joko.get("/belajar/tidak-ada/sertifikat").status_code == 404
    assert rows(db) == []


def test_a_guest_is_asked_to_sign_in(db, client, dewi):
    assert client.get(CLAIM).location.startswith("/masuk")
    assert client.post(CLAIM, data=TICKED).location.startswith("/masuk")
    assert dewi.get(CLAIM).status_code == 403


@pytest.mark.parametrize(
    "name", ["", "nol \x00", "balik \u202e", "x" * 10_000, "123", "Sari \U0001f600", "\ufffd\ufffd"]
)
def test_a_hostile_name_is_one_clear_sentence(db, sari, name):
    finish(db, sari.person)
    page = inspect(send(sari, CLAIM, 422, nama=name, benar="y"), CLAIM)
    assert len(page.soup.select(".errors li")) == 1
    assert rows(db) == []


@pytest.mark.parametrize("body", [b"nama=%FF%FE&benar=y", b"nama=%ED%A0%BD&benar=y", b"nama=Sari%00&benar=y", b"%FF=1"])
def test_bytes_that_are_no_letters_break_nothing(db, sari, body):
    finish(db, sari.person)
    answer = sari.post(CLAIM, data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (302, 422)
    assert all(row.holder.isascii() and row.holder.isprintable() for row in rows(db))
    visit(sari, "/sertifikat")


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=cmd|'/c calc'!A1", "{{ 7*7 }} Sari", "O’Neil d'Arc"])
def test_a_strange_name_is_a_name_and_nothing_else(db, sari, name):
    finish(db, sari.person)
    send(sari, CLAIM, 302, nama=name, benar="y")
    (row,) = rows(db)
    assert row.holder == name
    for url in ("/sertifikat", f"/sertifikat/{row.code}"):
        soup = sari.get(url, follow_redirects=True).text
        assert "<script>alert" not in soup and "49 Sari" not in soup
    assert sari.get(f"/sertifikat/{row.code}/unduh").data.startswith(b"%PDF")


def test_arrays_double_fields_and_other_kinds_of_requests_change_nothing_wrong(db, sari):
    finish(db, sari.person)
    assert sari.post(CLAIM, json=[1, 2]).status_code == 422
    assert sari.post(CLAIM, data=b"\xff\xff", content_type="text/plain").status_code == 422
    assert sari.put(CLAIM).status_code == 405
    assert rows(db) == []
    assert sari.post(CLAIM, data={"nama": ["Sari Satu", "Sari Dua"], "benar": ["y", "y"]}).status_code == 302
    assert rows(db)[0].holder == "Sari Satu"


def test_the_page_reads_little(app, db, sari, queries_made):
    certified(app, db, sari.person, "kursus-lain")
    finish(db, sari.person)
    visit(sari, CLAIM)
    with queries_made() as made:
        visit(sari, CLAIM)
    assert len(made) <= 3


class TestWithCsrf:
    """The protection of forms, switched on."""

    @pytest.fixture
    def settings(self, settings):
        return settings | {"WTF_CSRF_ENABLED": True}

    def test_a_form_from_elsewhere_issues_nothing(self, app, db, sari):
        finish(db, sari.person)
        assert sari.post(CLAIM, data=TICKED).status_code == 400
        assert rows(db) == []
        token = visit(sari, CLAIM).soup.select_one("main input[name=csrf_token]")["value"]
        send(sari, CLAIM, 302, **TICKED, csrf_token=token)
        assert len(rows(db)) == 1
