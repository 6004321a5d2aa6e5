"""Budi writes: he changes a text, sees what is wrong with it, publishes the next version; Sari stays in hers."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.inspector import visit
from tests.journeys.story import FILES, SLUG, follow, press, publish

LESSON = f"/belajar/{SLUG}/pesan/materi-1"
TEXT = FILES["1-pesan/01-materi-1.md"]
NEW = TEXT.replace("Pesan ini datang", "Pesan ini tiba")
WRONG = NEW.replace("[[pusat]]", "[[tidak-ada]]")


def test_budi_improves_a_lesson_and_nobody_loses_anything(
    app: Flask, db: Session, sari: FlaskClient, joko: FlaskClient, budi: FlaskClient
) -> None:
    publish(app, db)
    page = press(sari, visit(sari, f"/kursus/{SLUG}"), "Ikuti kursus ini")
    press(sari, follow(sari, page, "Lewati, langsung ke materi"), "Selesai, lanjut ke materi 2")

    page = press(budi, follow(budi, visit(budi, "/"), "Menulis"), "Mulai draf")
    assert "Draf dari versi 1" in page.text
    page = follow(budi, page, "Materi 1")
    assert page.soup.find("textarea").get_text().lstrip("\n") == TEXT.lstrip("\n")  # type: ignore[union-attr]

    page = press(budi, page, "Simpan dan periksa", teks=WRONG)
    assert "1 masalah wajib" in page.text and "tidak-ada" in page.text
    course = follow(budi, page, "Ke halaman terbit")
    assert "1 masalah wajib diperbaiki" in course.text
    refused = press(budi, course, "Terbitkan versi 2", perubahan="Satu kata diganti.")
    assert refused.status in (409, 422) and "Versi 2" not in visit(joko, f"/kursus/{SLUG}").text

    page = follow(budi, page, "Ubah teks")
    page = press(budi, page, "Simpan dan periksa", teks=NEW)
    assert "Tidak ada masalah yang menghalangi" in page.text
    course = follow(budi, page, "Ke halaman terbit")
    assert "1 peserta sedang belajar versi 1" in course.text and "tetap di versi 1" in course.text
    changes = follow(budi, course, "Lihat perubahan")
    assert "Pesan ini tiba" in changes.text
    page = press(budi, course, "Terbitkan versi 2", perubahan="Satu kata diganti.")
    assert "Versi 2 terbit" in page.text and "Satu kata diganti." in page.text

    assert "Pesan ini datang" in visit(sari, LESSON).text, "Sari reads what she began"
    assert "Versi 1" in visit(sari, f"/belajar/{SLUG}").text and "1 dari" in visit(sari, f"/belajar/{SLUG}").text
    page = press(joko, visit(joko, f"/kursus/{SLUG}"), "Ikuti kursus ini")
    assert "Pesan ini tiba" in follow(joko, page, "Lewati, langsung ke materi").text, "Joko begins with the new one"


def test_joko_who_only_learns_has_no_desk_to_write_at(joko: FlaskClient, app: Flask, db: Session) -> None:
    publish(app, db)
    assert "Menulis" not in visit(joko, "/belajar").html
    visit(joko, f"/menulis/{SLUG}", 403)
