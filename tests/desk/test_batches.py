"""Certificates for a whole class, from the choice of people to the file with their papers."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.certificate import batches, editions
from app.certificate.models import Batch, BatchItem, Certificate, Edition
from tests.builders import NOON, a_person
from tests.certificate.cast import SLUG, claim, events, finish, rows
from tests.certificate.register import a_certificate
from tests.inspector import inspect, send, visit

ALL = "/kelola/sertifikat/massal"


def issued(app: Flask) -> None:
    with app.app_context():
        batches.do_due(app.extensions["db"], app.config, NOON)


def printed(app: Flask, db: Session) -> None:
    """What the work that waits makes of papers nobody signs."""
    with app.app_context():
        for edition in db.scalars(sa.select(Edition).where(Edition.pdf.is_(None))):
            certificate = db.get_one(Certificate, edition.certificate_id)
            editions.finish(edition, editions.printed(db, certificate, edition, app.config), NOON)
        db.commit()


def test_arif_issues_certificates_for_a_class_and_hands_out_their_papers(
    app: Flask, db: Session, arif: FlaskClient, queries_made: Callable[[], Any]
) -> None:
    ani, budi, citra = (finish(db, a_person(db, f"{name} Contoh")).id for name in ("Ani", "Budi", "Citra"))
    finish(db, a_person(db, "Dodi Contoh"), without=("tes-akhir",))
    claim(app, citra)
    assert "Belum ada sertifikat massal." in visit(arif, ALL).text
    wish = {"kursus": SLUG, "jenis": "passed", "judul": "Kelas Loktuan"}
    for wrong in ({"kursus": ""}, {"dari": "kemarin"}, {"kelurahan": "x"}, {"jenis": "x"}, {"kursus": "tidak-ada"},
                  {"dari": "2026-11-23", "sampai": "2026-11-22"}, {"daftar": "a.b\n" * 501}):  # fmt: skip
        assert inspect(send(arif, f"{ALL}/orang", 422, **wish | wrong), ALL).soup.select(".errors")
    page = inspect(send(arif, f"{ALL}/orang", 200, **wish, daftar="tidak.ada"), ALL)
    assert "Baris 1, tidak.ada : Tidak ada akun dengan nama masuk ini." in page.text
    page = inspect(send(arif, f"{ALL}/orang", 200, **wish), ALL)
    assert "Berhak: 2 orang" in page.text
    assert "Sudah punya: 1 orang Citra Contoh" in page.text
    assert re.search(r"Belum berhak: 1 orang Dodi Contoh dodi\d+ Belum: tes akhir", page.text)
    form = page.soup.select_one("main form")
    assert form is not None
    assert not form.select("input[type=checkbox][checked]"), "a name that nobody confirmed yet is not ticked"
    sent: dict[str, Any] = {str(field["name"]): field["value"] for field in form.select("input:not([type=checkbox])")}
    assert send(arif, ALL, 422, **sent).status_code == 422
    sent |= {"pilih": [ani, budi], f"nama-{ani}": "Ani Kirana Contoh", f"nama-{budi}": "…"}
    page = inspect(send(arif, ALL, 422, **sent), ALL)
    assert page.soup.select(f"#nama-{ani}")[0]["value"] == "Ani Kirana Contoh"
    assert page.soup.select(f"#nama-{budi}[aria-invalid]")[0]["value"] == "…"
    assert len(page.soup.select("input[type=checkbox][checked]")) == 2
    sent[f"nama-{budi}"] = "Budi Contoh"
    one = send(arif, ALL, 302, **sent).location
    assert send(arif, ALL, 302, **sent).location == one, "pressed twice it is one batch"
    page = visit(arif, one)
    assert "0 dari 2 sertifikat terbit" in page.text
    assert page.soup.select_one("meta[http-equiv=refresh]")
    assert not visit(arif, f"{one}?diam=ya").soup.select("meta[http-equiv=refresh]")
    issued(app)
    page = visit(arif, one)
    assert "2 dari 2 sertifikat terbit 0 dari 2 PDF siap" in page.text
    assert page.soup.select_one("meta[http-equiv=refresh]")
    assert "Belum ada PDF yang siap" in send(arif, f"{one}/unduh", 422, alasan="Dicetak.").text
    printed(app, db)
    with queries_made() as made:
        page = visit(arif, one)
    assert len(made) <= 5
    assert "2 dari 2 PDF siap" in page.text
    assert not page.soup.select("meta[http-equiv=refresh]"), "nothing moves any more"
    assert "2 dari 2" in visit(arif, ALL).text
    visit(arif, f"{one}/unduh")
    inspect(send(arif, f"{one}/unduh", 422), one)
    file = zipfile.ZipFile(io.BytesIO(send(arif, f"{one}/unduh", 200, alasan="Dicetak untuk kelas.").data))
    names = file.namelist()
    assert names[0] == "daftar.csv"
    assert [name.partition("2026 ")[2] for name in names[1:]] == ["Ani Kirana Contoh.pdf", "Budi Contoh.pdf"]
    assert file.read(names[1]).startswith(b"%PDF")
    made_, fetched = events(db, "batch.made", "batch.downloaded")
    assert (made_.data["count"], fetched.data["because"]) == (2, "Dicetak untuk kelas.")
    assert "Arif Contoh mengunduh sertifikat massal kursus contoh." in visit(arif, "/kelola/catatan").text
    assert sorted(row.holder for row in rows(db)) == ["Ani Kirana Contoh", "Budi Contoh", "Citra Contoh"]


def test_a_name_that_cannot_be_seen_or_is_no_name_gets_no_paper(app: Flask, db: Session, arif: FlaskClient) -> None:
    ani = finish(db, a_person(db, "Ani Contoh")).id
    sent: dict[str, Any] = {"kursus": SLUG, "jenis": "passed", "tindakan": str(uuid4()), "pilih": ani}
    for name in ("Ani " + "x" * 117, "Ani \u202eContoh", "Ani \0Contoh", "Ani\u200b Contoh", "Ani \ufeff"):
        page = inspect(send(arif, ALL, 422, **sent, **{f"nama-{ani}": name}), ALL)
        assert "paling panjang 120 huruf, tanpa tanda tersembunyi" in page.text, name
    assert send(arif, ALL, 302, **sent, **{f"nama-{ani}": "Ani " + "x" * 116}).location
    issued(app)
    assert [len(row.holder) for row in rows(db)] == [120]


def test_who_failed_is_shown_with_the_reason_and_gets_another_turn(app: Flask, db: Session, arif: FlaskClient) -> None:
    dodi = finish(db, a_person(db, "Dodi Contoh"), without=("tes-akhir",))
    batch = Batch(uuid=str(uuid4()), title="Kelas <b>", kind="passed", course="tidak-ada", made_at=NOON)
    db.add(batch)
    db.flush()
    db.add(BatchItem(batch_id=batch.id, enrollment_id=dodi.id, holder="Dodi Contoh"))
    db.commit()
    one = f"{ALL}/{batch.uuid}"
    issued(app)
    page = visit(arif, one)
    assert "Gagal Belum semua langkah kursus selesai." in page.text
    assert not page.soup.select("meta[http-equiv=refresh]")
    assert "1 gagal" in visit(arif, ALL).text
    for _ in range(2):
        send(arif, f"{one}/ulangi", 302)
    (retried,) = events(db, "batch.retried")
    assert (retried.actor_id, retried.data["count"]) == (arif.person.id, 1)  # type: ignore[attr-defined]
    assert "Menunggu" in visit(arif, one).text
    # Who leaves takes their place along.
    db.execute(sa.delete(User).where(User.id == dodi.user_id))
    db.commit()
    assert "Tidak ada orang lagi di kelompok ini" in visit(arif, one).text
    assert arif.get(f"{ALL}/{uuid4()}").status_code == 404


@pytest.mark.sqlite
def test_words_of_others_in_a_problem_stay_words(app: Flask, db: Session, arif: FlaskClient) -> None:
    words = "<img src=x> & <b>tebal</b>, %(satu), 100% salah, diskon 50%"
    held, failed = (finish(db, a_person(db, name)) for name in ("Ani Contoh", "Budi Contoh"))
    batch = Batch(uuid=str(uuid4()), title="Kelas", kind="passed", course=SLUG, made_at=NOON)
    db.add(batch)
    db.flush()
    paper = a_certificate(db, "Ani Contoh", pdf=None, problem=f"Pejabat tidak menandatangani: {words}.")
    db.add(BatchItem(batch_id=batch.id, enrollment_id=held.id, holder="Ani Contoh", certificate_id=paper.id))
    db.add(BatchItem(batch_id=batch.id, enrollment_id=failed.id, holder="Budi Contoh", problem=f"Gagal: {words}."))
    db.commit()
    page = visit(arif, f"{ALL}/{batch.uuid}")
    assert f"Pejabat tidak menandatangani: {words}." in page.text and f"Gagal: {words}." in page.text
    assert not page.soup.select("main img, main td b")
    arif.set_cookie("bahasa", "en")
    assert f"Gagal: {words}." in visit(arif, f"{ALL}/{batch.uuid}").text
