"""What happens to a certificate after its issue, and who reads of it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.accounts import leaving
from app.certificate import actions, keys, lifecycle, proof, queries
from app.certificate.code import grouped
from app.enrollment import queries as enrollments
from app.enrollment.models import StepDone
from app.enrollment.rules import POST
from app.errors import Refused
from app.stats.counting import counted
from tests.builders import NOON, PASSWORD
from tests.certificate.cast import at_once, certified, claim, events, finish, rows, writing
from tests.inspector import send, visit

WHY = "Salah ketik saat mendaftar."


def correct(app, code, name="Sari Wulandari", seen=1, because=WHY, by=7):
    with writing(app) as session:
        return lifecycle.correct(
            session, code, name, because, seen=seen, by=by, now=NOON, settings=app.config
        ).version  # fmt: skip


def page_of(guest, certificate, status=200):
    return visit(guest, f"/sertifikat/{grouped(certificate.code)}", status=status)


def test_a_corrected_name_makes_the_second_edition_under_the_same_code(app, db, guest, sari):
    made = certified(app, db, sari.person)
    first = sari.get(f"/sertifikat/{made.code}/unduh").data
    assert correct(app, made.code) == 2
    second = sari.get(f"/sertifikat/{made.code}/unduh").data
    assert second != first
    with writing(app) as session:
        row = queries.by_code(session, made.code)
        assert (row.number, row.holder, row.version) == (made.number, "Sari Wulandari", 2)
        claims = keys.read(app.config, queries.edition(session, row).proof)
    assert (claims["n"], claims["e"], claims["c"]) == ("Sari Wulandari", 2, made.code)
    page = page_of(guest, made)
    assert "Nama dikoreksi, menjadi edisi 2" in page.text and WHY in page.text and "oleh petugas CONTOH" in page.text
    assert certified(app, db, sari.person, "lain").holder == "Sari Wulandari"
    (event,) = events(db, "certificate.corrected")
    assert (event.actor_id, event.data["because"], event.data["number"]) == (7, WHY, made.number)


def test_a_correction_sent_twice_is_done_once_and_a_late_one_is_told(app, db, sari):
    made = certified(app, db, sari.person)
    assert set(at_once(10, lambda _: correct(app, made.code))) == {2}
    with pytest.raises(Refused, match="petugas lain"):
        correct(app, made.code, "Sari Lain")
    for name, why, words in (("Sari Wulandari", WHY, "sama dengan"), ("", WHY, "nama"), ("Sari B", "", "alasan")):
        with pytest.raises(Refused, match=words):
            correct(app, made.code, name, seen=2, because=why)
    assert len(events(db, "certificate.corrected")) == 1 and rows(db)[0].version == 2


def test_revoked_reinstated_and_read_by_everybody(app, db, guest, sari):
    made = certified(app, db, sari.person)
    for act, why in ((lifecycle.revoke, "Salah orang."), (lifecycle.reinstate, "Ternyata benar.")):
        for _ in range(2):
            with writing(app) as session:
                act(session, made.code, why, 7, NOON)
        if act is lifecycle.revoke:
            with pytest.raises(Refused, match="Pulihkan dahulu"):
                correct(app, made.code)
    text = page_of(guest, made).text
    assert text.index("Sah") < text.index("Salah orang.") < text.index("Ternyata benar.")
    found = [counted(event.kind, event.data).adds["certificates"] for event in events(
        db, "certificate", "certificate.revoked", "certificate.reinstated")]  # fmt: skip
    assert found == [1, -1, 1]


def test_who_asks_for_it_is_found_no_more(app, db, guest, sari):
    made = certified(app, db, sari.person)
    with writing(app) as session:
        lifecycle.remove(session, made.code, "Diminta pemegang.", 7, NOON)
    assert "Tidak ditemukan" in page_of(guest, made, 404).text and rows(db) == []
    (event,) = events(db, "certificate.removed")
    assert counted(event.kind, event.data).adds == {"certificates": -1}


def test_the_holder_chooses_whether_the_score_is_seen_and_nobody_else(app, db, guest, sari, joko):
    made = certified(app, db, sari.person, score=91.5)
    url = f"/sertifikat/{made.code}/nilai"
    assert "91 dari 100" not in page_of(guest, made).text
    for _ in range(2):
        send(sari, url, 302, nilai="1")
    assert "91 dari 100" in page_of(guest, made).text and "terlihat oleh pemeriksa" in visit(sari, "/sertifikat").text
    send(joko, url, 404, nilai="0")
    assert "91 dari 100" in page_of(guest, made).text
    send(sari, url, 302, nilai="0")
    assert "91 dari 100" not in page_of(guest, made).text


@pytest.mark.parametrize(
    ("score", "shown", "grade"),
    [(89.6, 89, "Memuaskan"), (79.9, 79, "Cukup Memuaskan"), (90.0, 90, "Sangat Memuaskan")],
)
def test_a_score_that_is_shown_agrees_with_its_predikat(app, db, guest, sari, score, shown, grade):
    made = certified(app, db, sari.person, score=score)
    send(sari, f"/sertifikat/{made.code}/nilai", 302, nilai="1")
    page, told = page_of(guest, made).text, guest.get(f"/api/v1/certificates/{made.code}").json
    assert f"{shown} dari 100" in page and grade in page
    assert (told["score"], told["grade"]) == (shown, grade)


def test_a_letter_for_who_took_part_claims_no_success_and_a_certificate_may_follow(app, db, guest, sari):
    enrollment = finish(db, sari.person, without=(POST,))
    with writing(app) as session:
        learning = enrollments.by_id(session, enrollment.id)
        letter = actions.issue(session, learning, "Sari Contoh", "attended", NOON, app.config)
        assert actions.issue(session, learning, "Sari Lain", "attended", NOON, app.config).code == letter.code
        with pytest.raises(Refused, match="langkah"):
            actions.issue(session, learning, "Sari Contoh", "passed", NOON, app.config)
    text = page_of(guest, letter).text
    assert "Surat Keterangan Keikutsertaan" in text and "Predikat" not in text and "Ambang lulus" not in text
    assert proof.claims(queries.paper(letter, "https://x.contoh"))["k"] == "attended"
    assert "telah mengikuti pelatihan" in visit(sari, "/sertifikat").text
    assert events(db, "certificate") == [] and len(events(db, "certificate.attended")) == 1
    assert "Sertifikat berikutnya" in visit(sari, "/sertifikat").text
    db.add(StepDone(enrollment_id=enrollment.id, step=POST, act=str(uuid4()), score=90.0, done_at=NOON))
    db.commit()
    assert "Siap terbit" in visit(sari, "/sertifikat").text
    assert claim(app, enrollment.id).kind == "passed" and [row.kind for row in rows(db)] == ["attended", "passed"]
    assert "Siap terbit" not in visit(sari, "/sertifikat").text


def test_who_leaves_stays_checkable_unless_asked_otherwise(app, db, guest, sari, joko):
    kept, gone = certified(app, db, sari.person, "a"), certified(app, db, joko.person, "b")
    with writing(app) as session:
        leaving.delete(session, sari.person.id, sari.person.password_hash, NOON)
    send(joko, "/akun/hapus", 302, sandi=PASSWORD, sertifikat="y")
    assert "Sari Contoh" in page_of(guest, kept).text and "Tidak ditemukan" in page_of(guest, gone, 404).text
    (row,) = rows(db)
    # Nothing leads from the register to how somebody learned.
    assert row.user_id is None and row.enrollment_id is None and row.facts["score"] is None
