"""The register at the desk: found, looked at, acted on once and for a reason, and written to a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.certificate import lifecycle, register
from app.certificate.code import grouped
from app.certificate.models import Act, Certificate, Edition
from app.desk import certificate_acts
from app.mail import Letter
from tests.builders import NOON
from tests.certificate.cast import certified, events, rows, writing
from tests.certificate.register import a_certificate
from tests.inspector import Page, inspect, send, visit

REGISTER = "/kelola/sertifikat"
WHY = "Diterbitkan ganda."


def names(page: Page) -> list[str]:
    return [cell.get_text(strip=True) for cell in page.soup.select("tbody th")]


def hidden(page: Page, name: str) -> str:
    return str(page.soup.select_one(f"input[name={name}]")["value"])  # type: ignore[index]


def state(db: Session) -> tuple[str, int, str | None]:
    """Name, edition and reason of revoking of the one certificate there is."""
    found = db.execute(sa.select(Certificate.holder, Certificate.version, Certificate.revoked_because)).one()
    db.rollback()
    return found[0], found[1], found[2]


def test_the_register_finds_whom_the_desk_asks_for(
    app: Flask, arif: FlaskClient, sari: FlaskClient, db: Session, queries_made: Callable[[], Any]
) -> None:
    assert "Belum ada sertifikat" in visit(arif, REGISTER).text
    me = sari.person  # type: ignore[attr-defined]
    for n in range(26):
        a_certificate(db, f"Warga Contoh {n}", user_id=me.id if n == 3 else None)
    gone = a_certificate(db, "Joko Pencabut", revoked_at=NOON, revoked_because=WHY, pdf=None)
    waiting = a_certificate(
        db, "Tuti Menunggu", pdf=None, problem="Kunci penanda tangan kedaluwarsa.", course_code="K02"
    )
    a_certificate(db, "Budi 100%_Ikut", kind="attended", grade="", pdf=None, issued_at=NOON + timedelta(days=40))
    db.commit()

    with queries_made() as asked:
        page = visit(arif, REGISTER)
    assert len(asked) <= 5
    assert names(page)[:3] == ["Budi 100%_Ikut", "Tuti Menunggu", "Joko Pencabut"] and len(names(page)) == 25
    assert "29 sertifikat terbit." in page.text
    assert "1 PDF tertahan" in page.text and "Kunci penanda tangan kedaluwarsa." in page.text
    assert "PDF-nya dicoba lagi sendiri" in page.text
    assert len(names(visit(arif, f"{REGISTER}?halaman=2"))) == 4

    typed = grouped(gone.code).lower().replace("-", " ")
    for query, found in (
        ("cari=pencabut", ["Joko Pencabut"]),
        (f"cari={typed}", ["Joko Pencabut"]),
        (f"cari=https://x.contoh/sertifikat/{grouped(gone.code)}%23ey.J", ["Joko Pencabut"]),
        (f"cari={waiting.number}", ["Tuti Menunggu"]),
        ("cari=%25_", ["Budi 100%_Ikut"]),
        (f"cari={me.username}", ["Warga Contoh 3"]),
        ("cari=SARI+contoh", ["Warga Contoh 3"]),
        (f"kelurahan={me.region}", ["Warga Contoh 3"]),
        ("status=dicabut", ["Joko Pencabut"]),
        ("status=menunggu", ["Budi 100%_Ikut", "Tuti Menunggu"]),
        ("status=menunggu&jenis=passed", ["Tuti Menunggu"]),
        ("kursus=K02", ["Tuti Menunggu"]),
        ("dari=2026-12-01", ["Budi 100%_Ikut"]),
        ("dari=2026-11-01&sampai=2026-11-02", []),
        ("status=sah&sampai=2026-11-30&cari=tuti", ["Tuti Menunggu"]),
    ):
        assert names(visit(arif, f"{REGISTER}?{query}")) == found, query
    for nonsense in ("status=x&jenis=y&kelurahan=z&dari=kemarin&sampai=31-12", "halaman=-1", "halaman=99"):
        assert "29 sertifikat terbit." in visit(arif, f"{REGISTER}?{nonsense}").text
    assert "Tidak ada sertifikat yang cocok" in visit(arif, f"{REGISTER}?cari=tidak ada").text
    # What is carried to an official by hand, no machine tries again.
    a_certificate(db, "Ani Ditolak", pdf=None, problem="Ditolak.", signer="external")
    db.commit()
    assert "2 PDF tertahan" in (told := visit(arif, REGISTER).text) and "membawa 1 di antaranya lagi ke pejabat" in told
    db.execute(sa.update(Edition).values(problem=None).where(Edition.signer == "none"))
    db.commit()
    assert "perlu membawanya lagi" in (told := visit(arif, REGISTER).text) and "dicoba lagi" not in told
    app.config["SIGNER_URL"] = "https://pejabat.contoh"
    assert "dicoba lagi sendiri" in visit(arif, REGISTER).text


def test_a_certificate_is_revoked_reinstated_and_corrected_once_each_and_stale_pages_are_told(
    app: Flask, arif: FlaskClient, sari: FlaskClient, enter: Callable[..., FlaskClient], db: Session,
    queries_made: Callable[[], Any],
) -> None:  # fmt: skip
    made = certified(app, db, sari.person)  # type: ignore[attr-defined]
    one = f"{REGISTER}/{grouped(made.code)}"
    other = enter("Rina Petugas", "admin")
    revoking, stale = visit(arif, f"{one}/cabut"), visit(other, f"{one}/cabut")
    assert "Tulis alasannya." in inspect(send(arif, f"{one}/cabut", 422, terakhir="0"), one).text
    send(arif, f"{one}/cabut", 400, alasan=WHY)
    for _ in range(2):
        answer = send(arif, f"{one}/cabut", 303, alasan=f" {WHY} ", terakhir=hidden(revoking, "terakhir"))
        assert answer.location == one
    assert state(db) == ("Sari Contoh", 1, WHY)
    told = send(other, f"{one}/cabut", 409, alasan="Lain.", terakhir=hidden(stale, "terakhir")).text
    assert "sudah dicabut petugas lain" in told
    assert "sedang dicabut" in send(arif, f"{one}/koreksi", 409, alasan="Salah.", nama="Sari Benar", edisi="1").text

    back = visit(arif, f"{one}/pulihkan")
    for _ in range(2):
        send(arif, f"{one}/pulihkan", 303, alasan="Tidak ganda.", terakhir=hidden(back, "terakhir"))
    # The old form of revoking, sent again from the history of the browser, revokes nothing any more.
    told = send(arif, f"{one}/cabut", 409, alasan=WHY, terakhir=hidden(revoking, "terakhir")).text
    assert "sudah tercatat sebelumnya" in told and state(db) == ("Sari Contoh", 1, None)

    for name, why, sentence in (("", "Salah.", "Tulis nama yang benar."), ("Sari \ufffd", "Salah.", "dicetak")):
        assert sentence in inspect(send(arif, f"{one}/koreksi", 422, nama=name, alasan=why, edisi="1"), one).text
    for _ in range(2):
        send(arif, f"{one}/koreksi", 303, nama="Sari Benar", alasan="Salah huruf.", edisi="1")
    assert "dikoreksi petugas lain" in send(other, f"{one}/koreksi", 409, nama="Sari", alasan="X.", edisi="1").text
    assert state(db) == ("Sari Benar", 2, None)
    assert [act.kind for act in db.scalars(sa.select(Act).order_by(Act.id))] == ["revoked", "reinstated", "corrected"]
    db.rollback()
    assert len(events(db, "certificate.revoked", "certificate.reinstated", "certificate.corrected")) == 3

    with queries_made() as asked:
        page = visit(arif, one)
    assert len(asked) <= 5
    digests = db.scalars(sa.select(Edition.digest)).all()
    for fact in ("Arif Contoh mencabutnya.", WHY, "Tidak ganda.", "menjadi edisi 2", made.number, *digests):
        assert str(fact) in page.text, fact
    # What is public never names the officer.
    assert "Arif" not in visit(app.test_client(), f"/sertifikat/{grouped(made.code)}").text
    assert arif.get(f"/sertifikat/{grouped(made.code)}/unduh").status_code == 404


def test_a_holder_who_asks_is_removed_for_good_and_twice_is_once(
    app: Flask, arif: FlaskClient, sari: FlaskClient, db: Session
) -> None:
    made = certified(app, db, sari.person)  # type: ignore[attr-defined]
    one = f"{REGISTER}/{grouped(made.code)}"
    page = visit(arif, f"{one}/hapus")
    assert "tidak dapat dibatalkan" in page.text
    assert "Centang jika" in send(arif, f"{one}/hapus", 422, alasan="Diminta.", terakhir="0").text
    for _ in range(2):
        send(arif, f"{one}/hapus", 303, alasan="Diminta.", diminta="y", terakhir=hidden(page, "terakhir"))
    assert rows(db) == [] and len(events(db, "certificate.removed")) == 1
    assert arif.get(one).status_code == 404
    assert "menghapus sertifikat milik Sari Contoh" in visit(arif, "/kelola/catatan").text


@pytest.mark.sqlite
def test_a_paper_that_nobody_will_make_is_not_called_awaited(
    app: Flask, arif: FlaskClient, sari: FlaskClient, db: Session
) -> None:
    app.config.update(SIGNER="pades")
    made = certified(app, db, sari.person)  # type: ignore[attr-defined]
    with writing(app) as session:
        lifecycle.correct(session, made.code, "Sari Benar", "Salah.", seen=1, by=None, now=NOON, settings=app.config)
    one = f"{REGISTER}/{grouped(made.code)}"

    def shown() -> tuple[str, str]:
        said = app.test_cli_runner().invoke(args=["certificate", "show", made.code])
        return visit(arif, one).text, said.output

    page, told = shown()
    assert "Edisi 2   menunggu tanda tangan\nEdisi 1   tidak dibuat: digantikan edisi 2" in told
    assert page.count("menunggu tanda tangan") == 1 and "tidak dibuat: digantikan edisi 2" in page
    assert "petugas hanya lewat sertifikat massal, dengan alasan" in page
    with writing(app) as session:
        lifecycle.revoke(session, made.code, "Keliru.", None, NOON)
    page, told = shown()
    assert "menunggu" not in page + told and "Edisi 2   tidak dibuat selama dicabut" in told
    assert "tidak dibuat selama sertifikat dicabut" in page


@pytest.mark.parametrize("act", ["cabut", "pulihkan", "koreksi", "kirim", "hapus"])
def test_who_comes_a_moment_after_another_removed_it_is_told(
    app: Flask, arif: FlaskClient, db: Session, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    code = a_certificate(db).code
    db.commit()
    begin = certificate_acts.transaction

    @contextmanager
    def later() -> Iterator[Session]:
        with writing(app) as other:
            other.execute(sa.delete(Certificate))
        with begin() as session:
            yield session

    monkeypatch.setattr(certificate_acts, "transaction", later)
    sent = {
        "alasan": WHY,
        "terakhir": "0",
        "diminta": "y",
        "nama": "Sari Benar",
        "edisi": "1",
        "tindakan": str(uuid4()),
    }
    answer = send(arif, f"{REGISTER}/{code}/{act}", 303 if act == "hapus" else 409, **sent)
    told = visit(arif, REGISTER).text if act == "hapus" else answer.text
    assert "sudah dihapus petugas lain" in told or "Tidak ada sertifikat dengan kode ini." in told


class TestWithMail:
    """Where letters can be sent."""

    @pytest.fixture
    def settings(self, settings: dict[str, Any]) -> dict[str, Any]:
        return settings | {"SMTP_HOST": "surel.contoh"}

    def test_link_and_code_are_sent_again_once_for_each_act(
        self, app: Flask, arif: FlaskClient, sari: FlaskClient, db: Session
    ) -> None:
        made = certified(app, db, sari.person)  # type: ignore[attr-defined]
        one = f"{REGISTER}/{grouped(made.code)}"
        page = visit(arif, f"{one}/kirim")
        assert grouped(made.code) in page.text and "tidak punya surel" in page.text
        assert not page.soup.select("main form")
        db.execute(sa.update(sari.person.__class__).values(email=None))  # type: ignore[attr-defined]
        db.execute(sa.update(sari.person.__class__).where(sari.person.__class__.id == sari.person.id)  # type: ignore[attr-defined]
                   .values(email="sari@surel.contoh"))  # fmt: skip
        db.commit()
        act = hidden(visit(arif, f"{one}/kirim"), "tindakan")
        for _ in range(2):
            send(arif, f"{one}/kirim", 303, tindakan=act)
        send(arif, f"{one}/kirim", 400, tindakan="x")
        letters = db.scalars(sa.select(Letter)).all()
        assert [letter.recipient for letter in letters] == ["sari@surel.contoh"]
        assert grouped(made.code) in letters[0].body and f"/sertifikat/{grouped(made.code)}" in letters[0].body
        db.rollback()
        send(arif, f"{one}/kirim", 303, tindakan=hidden(visit(arif, f"{one}/kirim"), "tindakan"))
        assert len(events(db, "certificate.sent")) == 2
        assert "mengirim tautan sertifikat kepada Sari Contoh" in visit(arif, "/kelola/catatan").text


def test_the_list_leaves_the_house_for_a_reason_a_page_at_a_time_and_runs_no_formula(
    app: Flask, arif: FlaskClient, db: Session, monkeypatch: pytest.MonkeyPatch, queries_made: Callable[[], Any]
) -> None:
    monkeypatch.setattr(register, "_BATCH", 4)
    for n in range(9):
        a_certificate(db, f"=Warga {n}")
    a_certificate(db, "Joko; “Contoh”", revoked_at=NOON, revoked_because="+Ganda")
    db.commit()
    url = f"{REGISTER}/unduh?cari=warga"
    assert "9 sertifikat yang cocok" in visit(arif, url).text
    assert "Tulis untuk apa" in inspect(send(arif, url, 422, alasan=" "), url).text
    assert events(db, "certificates.exported") == []
    with queries_made() as asked:
        told = list(csv.DictReader(io.StringIO(send(arif, url, 200, alasan="Arsip triwulan.").text)))
    assert sum("FROM certificate" in one for one in asked) >= 4, "read a few at a time"
    assert [row["nama"] for row in told] == [f"'=Warga {n}" for n in reversed(range(9))]
    (event,) = events(db, "certificates.exported")
    assert event.data == {"because": "Arsip triwulan.", "count": 9, "filters": {"words": "warga"}}
    assert event.audit and event.actor_id == arif.person.id  # type: ignore[attr-defined]
    db.rollback()
    excel = send(arif, f"{REGISTER}/unduh?status=dicabut", 200, alasan="Arsip.", bentuk="excel").text
    assert excel.startswith("\ufeffnomor;kode;") and '"Joko; “Contoh”"' in excel and ";'+Ganda" in excel
    assert "mengunduh daftar sertifikat" in visit(arif, "/kelola/catatan").text
