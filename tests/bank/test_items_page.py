"""The pages about questions: right to the last figure, without a name, at the same cost for ten and thousands."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from bs4 import Tag
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import clock
from app.bank.overview import Filters, overview
from app.quiz.models import Attempt
from app.quiz.rules import ANSWERS_KEPT
from tests.bank.crowd import (
    BANK,
    COURSE,
    QUIZ,
    Answers,
    Behaviour,
    a_class,
    all_right,
    by_ability,
    enrolled,
    keys,
    people,
    took,
)
from tests.builders_course import a_course_files
from tests.builders_rows import a_version
from tests.enrollment.cast import parsed
from tests.inspector import Page, visit

ITEMS = "/menulis/contoh/soal"
NOW = clock.now()
RECENT = NOW - timedelta(days=3)


def rows(page: Page) -> dict[str, list[str]]:
    """The table of all questions: the cells by question."""
    table = page.soup.select_one("#h-semua ~ .scroll table")
    assert table is not None
    found = {}
    for row in table.select("tbody tr"):
        link = row.a
        assert isinstance(link, Tag)
        found[str(link["href"]).rsplit("/", 1)[1]] = [cell.get_text(" ", strip=True) for cell in row.find_all("td")]
    return found


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_questions_stand_in_the_order_of_the_course_not_of_the_alphabet() -> None:
    texts = {path.replace("1-pesan", "9-pesan"): text for path, text in a_course_files().items()}
    found = overview([parsed(texts)], {}, Filters())
    assert list(dict.fromkeys(row.quiz.module for row in found.rows)) == ["pintu", "pesan", ""]
    assert [one.quiz.module for one in found.quizzes] == ["pintu", "pesan", "", ""]


def test_who_may_look(db: Session, budi: FlaskClient, sari: FlaskClient, dewi: FlaskClient, guest: FlaskClient) -> None:
    a_version(db)
    db.commit()
    for address in (ITEMS, f"{ITEMS}/pesan-kuis-1", f"{ITEMS}/unduh.csv"):
        assert budi.get(address).status_code == 200
        assert sari.get(address).status_code == dewi.get(address).status_code == 403
        assert guest.get(address).status_code == 302
    visit(budi, "/menulis/tidak-ada/soal", 404)
    visit(budi, f"{ITEMS}/tidak-ada", 404)
    visit(budi, f"{ITEMS}/pesan-materi-1", 404)  # on a card of a lesson: nobody's answer to it is kept


def test_a_course_nobody_has_answered_yet_has_pages_too(db: Session, budi: FlaskClient) -> None:
    a_version(db)
    db.commit()
    page = visit(budi, ITEMS)
    found = rows(page)
    assert set(found) == {item.id for module in COURSE.modules for item in module.items} | {i.id for i in COURSE.bank}
    assert {cells[0] for cells in found.values()} == {"Terlalu dini"} and {cells[1] for cells in found.values()} == {
        "0"
    }
    assert "Tidak ada yang perlu diperbaiki sekarang." in page.text
    assert "jawabannya belum cukup untuk dinilai" in visit(budi, f"{ITEMS}/pesan-kuis-1").text


def test_the_course_page_leads_here(db: Session, budi: FlaskClient) -> None:
    a_version(db)
    db.commit()
    assert f'href="{ITEMS}"' in budi.get("/menulis/contoh").text
    budi.post("/menulis/contoh/mulai")
    assert f'href="{ITEMS}"' in budi.get("/menulis/contoh").text


def test_page_and_file_say_the_figures_of_a_plain_count(db: Session, budi: FlaskClient) -> None:
    answers = by_ability()
    a_class(db, a_version(db), 80, answers, at=RECENT, pace=37)
    page, told = visit(budi, ITEMS), lines(budi.get(f"{ITEMS}/unduh.csv").text)
    assert [line["soal"] for line in told] == list(rows(page))
    quiz = {line["soal"]: line for line in told if line["soal"] in QUIZ}
    for item in QUIZ:
        question = COURSE.item(item)
        assert question is not None
        given = [answers(n).get(item) for n in range(80)]
        # The first three have one key; the fourth has two, each worth a half, and a wrong one takes a half away.
        points = [
            max(0.0, sum(0.5 if one in question.keys else -0.5 for one in choice or ()))
            if len(question.keys) == 2
            else float(choice == keys(item))
            for choice in given
        ]
        assert float(quiz[item]["rata_rata_benar"]) == pytest.approx(sum(points) / 80, abs=1e-4)
        assert float(quiz[item]["dilewati"]) == pytest.approx(given.count(None) / 80, abs=1e-4)
        assert (quiz[item]["jumlah_jawaban"], quiz[item]["detik_median"]) == ("80", "37")
        cells = rows(page)[item]
        assert cells[1:3] == ["80", f"{100 * sum(points) / 80:.0f}%"]
        assert cells[-2] == "37 detik"


def test_what_needs_care_comes_first_and_says_what_to_do(db: Session, budi: FlaskClient) -> None:
    def with_a_wrong_key(n: int) -> Answers:
        able = n % 2
        # The key of the second question is c; who is good says b. The third is right for everybody.
        return {
            "pesan-kuis-1": keys("pesan-kuis-1") if able else ["c"],
            "pesan-kuis-2": ["b"] if able else ["c"],
            "pesan-kuis-3": ["a"],
            "pesan-kuis-4": keys("pesan-kuis-4") if able else [],
        }

    a_class(db, a_version(db), 90, with_a_wrong_key, at=RECENT)
    page = visit(budi, ITEMS)
    order = list(rows(page))
    assert order[0] == "pesan-kuis-2" and rows(page)["pesan-kuis-2"][0] == "Periksa kunci"
    first = page.soup.select_one("#h-perlu ~ .cards article")
    assert first is not None and "Soal 2: peserta yang kuat justru memilih B. Periksa kuncinya." in first.get_text()
    assert "Soal 3: terlalu mudah, rata-rata benar 100%." in page.text
    one = visit(budi, f"{ITEMS}/pesan-kuis-2")
    assert "Soal 2: peserta yang kuat justru memilih B. Periksa kuncinya." in one.text
    table = one.soup.select_one("#h-quiz-1 ~ .scroll table")
    assert table is not None and "Sepertiga atas" in table.get_text()


def test_only_the_first_attempt_of_a_person_counts_over_all_versions(db: Session, budi: FlaskClient) -> None:
    first, second = a_version(db), a_version(db)
    again = a_class(db, first, 12, all_right, at=RECENT)
    nothing: Behaviour = lambda _: {}  # noqa: E731
    took(db, again, nothing, number=2, at=RECENT + timedelta(hours=2))
    persons = list(db.scalars(sa.text("SELECT user_id FROM enrollment ORDER BY id")))
    took(db, enrolled(db, second, persons), nothing, at=RECENT + timedelta(hours=9))
    a_class(db, second, 15, all_right, at=RECENT)
    numbers = {"": "27", f"?versi={first.number}": "12", f"?versi={second.number}": "15"}
    for asked, n in numbers.items():
        assert rows(visit(budi, ITEMS + asked))[f"pesan-kuis-1{asked}"][1:3] == [n, "100%"]
    page = visit(budi, f"{ITEMS}/pesan-kuis-1")
    by_version = page.soup.select_one("#h-quiz-versi ~ .scroll table")
    assert by_version is not None
    said = [
        [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])][:3] for row in by_version.select("tbody tr")
    ]
    assert said == [[f"Versi {second.number}", "15", "100%"], [f"Versi {first.number}", "12", "100%"]]


def test_answers_to_another_key_are_answers_to_another_question(db: Session, budi: FlaskClient) -> None:
    wrong = a_course_files()
    quiz = wrong["1-pesan/kuis.md"]
    wrong["1-pesan/kuis.md"] = (
        quiz.replace("- [x]", "- [-]", 1).replace("- [ ]", "- [x]", 1).replace("- [-]", "- [ ]", 1)
    )
    assert parsed(wrong).item("pesan-kuis-1").keys != parsed().item("pesan-kuis-1").keys  # type: ignore[union-attr]
    a_class(db, a_version(db, files=wrong), 40, all_right, at=RECENT, files=wrong)
    a_class(db, a_version(db), 30, all_right, at=RECENT)
    page = visit(budi, ITEMS)
    assert rows(page)["pesan-kuis-1"][1] == "30 *" and rows(page)["pesan-kuis-2"][1] == "70"
    assert "pernah berubah" in page.text
    one = visit(budi, f"{ITEMS}/pesan-kuis-1")
    assert "pernah berubah" in one.text and "berbeda" in one.text


def test_a_question_that_the_newest_version_has_no_more_comes_last(db: Session, budi: FlaskClient) -> None:
    a_class(db, a_version(db), 12, all_right, at=RECENT)
    text = a_course_files()["1-pesan/kuis.md"]
    a_version(db, files=a_course_files(**{"1-pesan/kuis.md": text.replace("pesan-kuis-1", "pesan-kuis-9")}))
    db.commit()
    page = visit(budi, ITEMS)
    assert list(rows(page))[-1] == "pesan-kuis-1" and rows(page)["pesan-kuis-1"][-1] == "Tidak ada lagi"
    assert "Tidak ada lagi" in visit(budi, f"{ITEMS}/pesan-kuis-1").text


def test_the_two_tests_are_told_apart(db: Session, budi: FlaskClient) -> None:
    version = a_version(db)
    right: Behaviour = lambda _: {item: keys(item) for item in BANK}  # noqa: E731
    a_class(db, version, 20, lambda _: {}, purpose="pre", items=BANK, at=RECENT)
    a_class(db, version, 14, right, purpose="post", items=BANK, at=RECENT)
    assert rows(visit(budi, ITEMS))["pesan-tes-1"][1:3] == ["14", "100%"]
    assert rows(visit(budi, f"{ITEMS}?kuis=tes-awal"))["pesan-tes-1"][1:3] == ["20", "0%"]
    assert set(rows(visit(budi, f"{ITEMS}?kuis=kuis"))) == {item.id for one in COURSE.modules for item in one.items}
    pintu = set(rows(visit(budi, f"{ITEMS}?modul=pintu&kuis=tes-akhir")))
    assert pintu == {item.id for item in COURSE.bank if item.module == "pintu"}
    heads = [one.get_text() for one in visit(budi, f"{ITEMS}/pesan-tes-1").soup.select("main section > h2")]
    assert "Tes akhir" in heads and "Tes awal" in heads


@pytest.mark.parametrize("many", [3, 7, 12])
def test_few_people_are_not_told_apart(db: Session, budi: FlaskClient, many: int) -> None:
    a_class(db, a_version(db), many, by_ability(3), at=RECENT)
    page, one = visit(budi, ITEMS), visit(budi, f"{ITEMS}/pesan-kuis-1")
    n = "<5" if many < 5 else str(many)
    assert rows(page)["pesan-kuis-1"][1] == n
    line = next(line for line in lines(budi.get(f"{ITEMS}/unduh.csv").text) if line["soal"] == "pesan-kuis-1")
    if many < 10:
        assert rows(page)["pesan-kuis-1"][2].startswith("–")
        assert (line["rata_rata_benar"], line["daya_beda"], line["dilewati"], line["detik_median"]) == ("", "", "", "")
        assert "Siapa memilih apa" not in one.text
    else:
        assert "Siapa memilih apa" in one.text and "Sepertiga atas" not in one.soup.select("main table")[0].get_text()
    assert (line["jumlah_jawaban"], line["status_nilai"]) == (("", "S") if many < 5 else (n, "A"))


def test_nobody_is_named(db: Session, budi: FlaskClient) -> None:
    a_class(db, a_version(db), 60, by_ability(), at=RECENT)
    for address in (ITEMS, f"{ITEMS}/pesan-kuis-1", f"{ITEMS}/unduh.csv"):
        assert "zuleha" not in budi.get(address).text.casefold()


def test_attempts_whose_answers_are_forgotten_do_not_look_left_out(db: Session, budi: FlaskClient) -> None:
    version = a_version(db)
    a_class(db, version, 30, lambda _: {}, at=NOW - ANSWERS_KEPT - timedelta(days=5))
    a_class(db, version, 20, all_right, at=RECENT)
    assert rows(visit(budi, ITEMS))["pesan-kuis-1"][1:3] == ["20", "100%"]


def test_an_open_attempt_does_not_count(db: Session, budi: FlaskClient) -> None:
    a_class(db, a_version(db), 11, all_right, at=RECENT)
    db.execute(
        sa.update(Attempt)
        .where(Attempt.id == sa.select(sa.func.max(Attempt.id)).scalar_subquery())
        .values(submitted_at=None, score=None)
    )
    db.commit()
    assert rows(visit(budi, ITEMS))["pesan-kuis-1"][1] == "10"


@pytest.mark.parametrize(
    "asked", ["?versi=999", "?versi=%27", "?modul=tidak-ada", "?kuis=x", "?versi=&modul=&kuis=", "?modul=<script>"]
)
def test_a_question_that_makes_no_sense_is_answered_with_everything(db: Session, budi: FlaskClient, asked: str) -> None:
    a_version(db)
    db.commit()
    page = visit(budi, ITEMS + asked)
    assert len(rows(page)) == 20 and "<script>" not in page.html
    assert budi.get(f"{ITEMS}/unduh.csv{asked}").status_code == 200


def test_the_file_runs_nothing(db: Session, budi: FlaskClient) -> None:
    text = a_course_files()["1-pesan/kuis.md"].replace("## Apa yang Anda lakukan", "## =CMD() Apa yang Anda lakukan", 1)
    a_version(db, files=a_course_files(**{"1-pesan/kuis.md": text}))
    db.commit()
    plain, excel = budi.get(f"{ITEMS}/unduh.csv"), budi.get(f"{ITEMS}/unduh.csv?bentuk=excel")
    asked = {line["pertanyaan"] for line in lines(plain.text) if line["soal"] == "pesan-kuis-1"}
    assert len(asked) == 1 and asked.pop().startswith("'=CMD()")
    assert excel.text.startswith("\ufeffsoal;nomor;")
    assert plain.headers["Content-Disposition"] == 'attachment; filename="soal-contoh-semua-versi.csv"'


def test_the_time_of_an_answer_runs_from_the_answer_before(db: Session, budi: FlaskClient) -> None:
    made = enrolled(db, a_version(db), people(db, 10))
    took(db, made, all_right, at=RECENT, pace=45)
    assert {cells[-2] for item, cells in rows(visit(budi, f"{ITEMS}?modul=pesan&kuis=kuis")).items()} == {"45 detik"}
