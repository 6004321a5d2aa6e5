"""Sari practises, without a script: until she masters a module before its quiz, and again days after it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import clock
from app.enrollment.models import StepDone
from app.journal import Event
from tests.inspector import Page, visit
from tests.journeys.story import COURSE, SLUG, follow, press, publish, register, said, sit


@pytest.fixture(autouse=True)
def course(app: Flask, db: Session) -> None:
    publish(app, db)


def _up_to_the_quiz(guest: FlaskClient, page: Page) -> Page:
    while not page.url.endswith("/kuis"):
        page = press(guest, page, said(page.soup.select_one(".btn.next")))  # type: ignore[arg-type]
    return page


def _answers(page: Page) -> dict[str, list[str]]:
    names = [str(one["value"]) for one in page.soup.select('input[name="soal"]')]
    return {"soal": names} | {f"jawaban-{n}": sorted(COURSE.item(name).keys) for n, name in enumerate(names, 1)}  # type: ignore[union-attr]


def test_sari_masters_a_module_passes_its_quiz_and_remembers_it_two_days_later(guest: FlaskClient, db: Session) -> None:
    register(guest, visit(guest, "/daftar"))
    page = press(guest, visit(guest, f"/kursus/{SLUG}"), "Ikuti kursus ini")
    page = _up_to_the_quiz(guest, follow(guest, page, "Lewati, langsung ke materi"))
    page = follow(guest, page, "Latih dahulu: 5 soal tanpa nilai")
    for _ in range(4):
        told = press(guest, page, "Periksa jawaban", **_answers(page))
        page = follow(guest, told, "Soal berikutnya") if told.soup.find("a", string="Soal berikutnya") else told
    assert "Anda menguasai modul ini" in page.text
    page = follow(guest, page, "Lanjut ke kuis")
    assert "Anda lulus dengan nilai 100" in sit(guest, press(guest, page, "Mulai kuis"), right=True).text
    assert "Kilas Balik" not in visit(guest, "/belajar").text

    db.execute(sa.update(StepDone).values(done_at=clock.now() - timedelta(days=2)))
    db.commit()
    before = db.scalar(sa.select(sa.func.count(Event.id)))
    db.rollback()
    page = follow(guest, visit(guest, "/belajar"), "Kerjakan")
    assert page.text.count("Soal") >= 3
    page = press(guest, page, "Kirim dan lihat pembahasan", **_answers(page))
    assert "3 dari 3 soal benar" in page.text
    assert "Kilas Balik" not in follow(guest, page, "Kembali ke Belajar saya").text
    assert db.scalar(sa.select(sa.func.count(Event.id))) == before, "it is counted nowhere"
