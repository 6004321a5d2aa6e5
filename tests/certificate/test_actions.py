"""Issuing once, numbering without gaps, revoking, and forgetting."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.accounts import export, leaving
from app.accounts.models import User
from app.certificate import actions, lifecycle
from app.certificate.code import ALPHABET
from app.certificate.models import Certificate
from app.enrollment.rules import POST, quiz_key
from app.errors import Refused
from app.stats.counting import counted
from config import BadSetting, from_env
from tests import builders
from tests.builders import NOON
from tests.builders_rows import a_version
from tests.certificate.cast import SLUG, at_once, certified, claim, events, finish, rows, writing


@pytest.fixture
def sari(db):
    person = builders.a_person(db, "Sari Contoh")
    db.commit()
    return person


def test_sari_receives_a_certificate_with_everything_copied(app, db, sari):
    made = certified(app, db, sari, score=92.5)
    assert (made.holder, made.course_code, made.course_title, made.jp) == ("Sari Contoh", "K99", "Kursus Contoh", 2)
    assert (made.year, made.sequence, made.issued_on) == (2026, 1, date(2026, 11, 23))
    assert made.number == "CB/00001/CONTOH/XI/2026"
    assert made.grade == "Sangat Memuaskan"
    assert len(made.code) == 20 and set(made.code) <= set(ALPHABET)
    assert (made.kind, made.version, made.shows_score) == ("passed", 1, False)
    facts = made.facts
    assert (facts["course"], facts["pillar"], facts["level"]) == (SLUG, "aman", "Dasar 2")
    assert (facts["started_on"], facts["finished_on"]) == ("2026-11-15", "2026-11-23")
    assert (facts["score"], facts["pass_mark"], facts["minutes_per_jp"]) == (92.5, 80, 45)
    assert facts["modules"] == [
        {"number": 1, "title": "Membaca Pesan", "jp": 1, "digcomp": "4.2", "pillar": "aman"},
        {"number": 2, "title": "Menutup Pintu", "jp": 1, "digcomp": "4.2", "pillar": "aman"},
    ]
    assert facts["competences"] == ["4.2 Melindungi data pribadi dan privasi"]
    assert facts["agency"] == "Cakap Bontang" and facts["place"] == "Bontang"


def test_a_certificate_is_in_the_journal_once(app, db, sari):
    enrollment = finish(db, sari)
    first, again = claim(app, enrollment.id), claim(app, enrollment.id)
    assert first.code == again.code
    (event,) = events(db, "certificate")
    assert event.person_id == sari.id
    assert set(event.data) == {"course", "pillar", "version"}
    assert counted("certificate", event.data).adds == {"certificates": 1}


@pytest.mark.parametrize("step", [POST, quiz_key("pintu"), "materi:pesan/praktik"])
def test_nobody_is_certified_before_every_step_is_done(app, db, sari, step):
    enrollment = finish(db, sari, without=(step,))
    with pytest.raises(Refused, match="Selesaikan semua langkah"):
        claim(app, enrollment.id)
    assert rows(db) == [] and events(db, "certificate") == []


def test_no_paper_says_a_grade_that_does_not_exist(app, db, sari):
    enrollment = finish(db, sari, score=65)
    with pytest.raises(Refused, match="di bawah 70"):
        claim(app, enrollment.id)
    assert rows(db) == []


def test_peer_frappe_2408_fifty_parallel_claims_make_one_certificate(app, db, sari):
    enrollment = finish(db, sari)
    made = at_once(50, lambda _: claim(app, enrollment.id))
    (row,) = rows(db)
    assert {(one.id, one.code, one.number) for one in made} == {(row.id, row.code, row.number)}
    assert row.sequence == 1
    assert len(events(db, "certificate")) == 1
    assert claim(app, finish(db, builders.a_person(db, "Joko Contoh")).id).sequence == 2  # nobody took a number in vain


def test_the_constraint_decides_when_nothing_else_saw_the_first_certificate(app, db, sari):
    enrollment = finish(db, sari)
    first = claim(app, enrollment.id)
    db.execute(sa.update(Certificate).values(user_id=None))  # not among hers, and of this enrollment all the same
    db.commit()
    assert claim(app, enrollment.id).code == first.code
    assert len(rows(db)) == len(events(db, "certificate")) == 1
    assert claim(app, finish(db, builders.a_person(db, "Joko Contoh")).id).sequence == 2


def test_thirty_people_at_once_receive_thirty_neighbouring_numbers(app, db):
    version = a_version(db)
    ids = [finish(db, builders.a_person(db, f"Warga {n}"), version=version).id for n in range(30)]
    made = at_once(30, lambda n: claim(app, ids[n]))
    assert sorted(one.sequence for one in made) == list(range(1, 31))
    assert len({one.code for one in made}) == len({one.number for one in made}) == 30


def test_the_year_of_a_number_is_the_year_in_bontang(app, db, sari):
    old = certified(app, db, sari, "satu", now=datetime(2026, 12, 31, 15, 59, tzinfo=UTC))
    new = certified(app, db, sari, "dua", now=datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    assert (old.number, old.issued_on) == ("CB/00001/CONTOH/XII/2026", date(2026, 12, 31))
    assert (new.number, new.issued_on) == ("CB/00001/CONTOH/I/2027", date(2027, 1, 1))


def test_numbers_that_name_no_year_never_begin_again(app, db, sari):
    ids = [finish(db, sari, slug).id for slug in ("satu", "dua")]
    first = claim(app, ids[0], CERTIFICATE_NUMBER="{urut:05}/{unit}")
    later = claim(app, ids[1], now=datetime(2027, 3, 1, tzinfo=UTC), CERTIFICATE_NUMBER="{urut:05}/{unit}")
    assert (first.number, later.number) == ("00001/CONTOH", "00002/CONTOH")


def test_a_number_that_is_taken_is_refused_in_a_sentence(app, db, sari):
    ids = [finish(db, sari, slug).id for slug in ("satu", "dua")]
    claim(app, ids[0], CERTIFICATE_NUMBER="{urut}/2026")
    with pytest.raises(Refused, match="sudah terpakai"):
        claim(app, ids[1], CERTIFICATE_NUMBER="{urut}/{tahun}")
    assert len(rows(db)) == 1


def test_a_pattern_that_makes_no_number_stops_the_start(tmp_path):
    with pytest.raises(BadSetting, match="CERTIFICATE_NUMBER"):
        from_env({"DATA": str(tmp_path), "CERTIFICATE_NUMBER": "{nomor}"})


def test_sari_corrects_her_name_before_the_first_certificate_only(app, db, sari):
    first = claim(app, finish(db, sari, "satu").id, "  Sari   Dewi Contoh ")
    second = claim(app, finish(db, sari, "dua").id, "Orang Lain")
    assert first.holder == second.holder == "Sari Dewi Contoh"
    db.refresh(sari)
    assert (sari.name, sari.search) == ("Sari Dewi Contoh", "sari dewi contoh")


def test_a_later_name_of_the_account_touches_no_paper(app, db, sari):
    first = certified(app, db, sari, "satu")
    sari.name = "Sari Menikah"
    db.commit()
    second = certified(app, db, sari, "dua")
    assert [row.holder for row in rows(db)] == [first.holder, second.holder] == ["Sari Contoh", "Sari Contoh"]


@pytest.mark.parametrize("name", ["", "   ", "12345", "\U0001f600 Sari", "Sari \u0e01\u0e02"])
def test_a_name_that_cannot_be_printed_is_refused_and_nothing_happens(app, db, sari, name):
    enrollment = finish(db, sari)
    with pytest.raises(actions.NameRefused):
        claim(app, enrollment.id, name)
    assert rows(db) == [] and events(db, "certificate") == []
    db.refresh(sari)
    assert sari.name == "Sari Contoh"


def test_revoking_twice_keeps_the_first_reason(app, db, sari):
    code = certified(app, db, sari).code
    with writing(app) as s:
        lifecycle.revoke(s, code, "Diterbitkan\nganda.", 7, NOON)
    with writing(app) as s:
        lifecycle.revoke(s, code, "Alasan lain.", 8, datetime(2027, 1, 1, tzinfo=UTC))
    (row,) = rows(db)
    assert (row.revoked_at, row.revoked_because, row.revoked_by) == (NOON, "Diterbitkan ganda.", 7)
    (event,) = events(db, "certificate.revoked")
    assert event.audit and event.actor_id == 7 and event.person_id == sari.id
    assert event.data["number"] == row.number and event.data["course"] == SLUG
    what = counted("certificate.revoked", event.data)
    assert what.adds == {"certificates": -1} and what.at == row.issued_at


def test_twenty_revocations_at_once_are_one(app, db, sari):
    code = certified(app, db, sari).code

    def press(number):
        with writing(app) as s:
            return lifecycle.revoke(s, code, f"Alasan {number}.", number, NOON).revoked_by

    assert len(set(at_once(20, press))) == 1
    assert len(events(db, "certificate.revoked")) == 1


@pytest.mark.parametrize("because", ["", "  \n ", "x" * 301, "nol \x00", "balik \u202e"])
def test_a_revocation_needs_a_reason_that_people_can_read(app, db, sari, because):
    code = certified(app, db, sari).code
    with pytest.raises(Refused, match="alasan"), writing(app) as s:
        lifecycle.revoke(s, code, because, None, NOON)
    assert rows(db)[0].revoked_at is None


def test_what_does_not_exist_cannot_be_revoked(app, db):
    with pytest.raises(Refused, match="Tidak ada sertifikat"), writing(app) as s:
        lifecycle.revoke(s, "0" * 16, "Salah.", None, NOON)


def test_sari_takes_her_certificates_along_when_she_leaves(app, db, sari):
    joko = builders.a_person(db, "Joko Contoh")
    certified(app, db, sari, "satu")
    kept = certified(app, db, joko, "dua")
    with writing(app) as s:
        leaving.delete(s, sari.id, sari.password_hash, NOON, wholly=True)
    assert [row.code for row in rows(db)] == [kept.code]
    assert len(events(db, "certificate")) == 2  # figures stay true


def test_an_account_that_closes_meanwhile_receives_nothing(app, db, sari):
    enrollment = finish(db, sari)
    db.execute(sa.update(User).values(deleted_at=NOON))
    db.commit()
    with pytest.raises(Refused, match="dihapus"):
        claim(app, enrollment.id)


def test_the_copy_of_her_data_holds_saris_certificates(app, db, sari):
    made = certified(app, db, sari, score=91)
    certified(app, db, builders.a_person(db, "Joko Contoh"), "lain")
    with app.app_context():
        (row,) = export.held(db, sari.id)["Sertifikat"]
    assert (row["Nomor"], row["Nilai tes akhir"], row["Dicabut"]) == (made.number, 91, None)
