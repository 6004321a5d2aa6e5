"""The trainer's page of regrading, and the command: who may, what is asked, what is shown."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.bank.models import Regrade
from tests.bank.cast import AGAIN, WHY, WRONG, answered, publish, rows
from tests.enrollment.cast import finish, learn, lessons
from tests.inspector import send, visit
from tests.quiz.sitting import row

DOOR = f"{AGAIN}?soal={WRONG}&dari=1&ke=2"


@pytest.fixture(autouse=True)
def attempts(app, db, sari, joko, budi):
    """Sari was right and lost a point; Joko gave the answer that the wrong key wanted."""
    publish(db, 1, q1=0)
    for client in (sari, joko):
        finish(app, db, learn(app, db, client), *lessons("pesan"))
    found = (answered(app, db, sari, q1="b", q2="b"), answered(app, db, joko, q1="a", q2="b"))
    publish(db, 2, q1=1)
    return found


def press(client, status=303, **changes):
    sent = {
        "soal": WRONG,
        "dari": "1",
        "ke": "2",
        "cara": "raise",
        "alasan": WHY,
        "yakin": "",
        "tindakan": str(uuid4()),
    }
    return send(client, AGAIN, status, **sent | changes)


def scores(db, attempts):
    return [row(db, uuid).score for uuid in attempts]


def test_budi_finds_the_question_sees_what_would_change_and_does_it(db, budi, attempts):
    page = visit(budi, AGAIN)
    link = page.soup.select_one(".lines a")["href"]
    assert link == DOOR
    page = visit(budi, link)
    figures = [dd.get_text() for dd in page.soup.select("dl.kpis dd:first-of-type")]
    assert figures == ["2", "1", "1", "0"]
    assert "Tidak ada sertifikat yang dicabut oleh penilaian ulang." in page.text
    assert "1 nilai naik, tidak ada yang turun" in page.text
    assert "1 nilai naik, 1 turun (paling banyak 50)" in page.text
    assert "Sari" not in page.text and "Joko" not in page.text
    assert page.soup.select_one("input[name=cara][checked]")["value"] == "raise"
    form = page.soup.select_one("form[method=post]")
    sent = {
        field["name"]: field["value"] for field in form.select("input[type=hidden]") if field["name"] != "csrf_token"
    }
    send(budi, form["action"], 303, **sent, cara="raise", alasan=WHY, yakin="")
    assert scores(db, attempts) == [100.0, 100.0]
    page = visit(budi, AGAIN)
    assert (
        "1 nilai naik, 0 turun, 1 percobaan kini lulus" in page.text and WHY in page.text and "Budi Contoh" in page.text
    )
    send(budi, form["action"], 303, **sent, cara="exact", alasan=WHY, yakin="nilai boleh turun")
    assert scores(db, attempts) == [100.0, 100.0], "the same act is done once"


def test_exact_wants_words(db, budi, attempts):
    page = press(budi, 422, cara="exact")
    assert "atau pilih cara yang hanya menaikkan" in page.text
    press(budi, 422, cara="exact", yakin="ya")
    assert scores(db, attempts) == [50.0, 100.0]
    press(budi, cara="exact", yakin=" Nilai  boleh turun ")
    assert scores(db, attempts) == [100.0, 50.0]


def test_who_may_not_does_not(app, db, sari, joko, dewi, arif, attempts):
    for client in (sari, joko, dewi, arif):
        assert client.get(DOOR).status_code == 403
        press(client, 403)
    assert app.test_client().get(DOOR).location.startswith("/masuk")
    assert scores(db, attempts) == [50.0, 100.0] and not rows(db, Regrade)


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"alasan": ""}, 422, "Tulis alasannya"),
        ({"alasan": "pendek"}, 422, "paling sedikit 10 huruf"),
        ({"alasan": "x" * 501}, 422, "paling panjang 500 huruf"),
        ({"alasan": "tanda \u202e terbalik"}, 422, "tidak dapat ditampilkan"),
        ({"cara": "lain"}, 422, "Pilih cara menilai."),
        ({"tindakan": "x"}, 400, "tidak dapat dibaca"),
        ({"soal": "'; DROP TABLE attempt; --"}, 409, "tidak ada di kedua versi"),
        ({"soal": "%"}, 409, "tidak ada di kedua versi"),
        ({"dari": "-1"}, 409, "Versi kursus ini tidak ada"),
        ({"ke": "9" * 40}, 409, "Versi kursus ini tidak ada"),
        ({"dari": "2", "ke": "1"}, 409, "versi yang lebih baru"),
        ({"dari": "²"}, 409, "Versi kursus ini tidak ada"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(db, budi, attempts, changes, status, words):
    assert words in press(budi, status, **changes).text
    assert scores(db, attempts) == [50.0, 100.0] and not rows(db, Regrade)


def test_the_list_compares_with_any_version(db, budi):
    publish(db, 3, q1=1, q2=2)
    page = visit(budi, AGAIN)
    assert [link["href"] for link in page.soup.select(".lines a")] == [
        f"{AGAIN}?soal={WRONG}&dari=1&ke=3",
        f"{AGAIN}?soal=pesan-kuis-2&dari=2&ke=3",
        f"{AGAIN}?soal=pesan-kuis-2&dari=1&ke=3",
    ]
    assert len(visit(budi, f"{AGAIN}?ke=2").soup.select(".lines a")) == 1
    for odd in ("1", "0", "x", "99"):
        assert "Tidak ada soal yang kuncinya berbeda" in visit(budi, f"{AGAIN}?ke={odd}").text
    assert budi.get("/menulis/tidak-ada/nilai-ulang").status_code == 404


def test_pages_take_few_statements(budi, queries_made):
    for path, most in ((AGAIN, 4), (DOOR, 13)):
        visit(budi, path)
        with queries_made() as made:
            visit(budi, path)
        assert len(made) <= most, made


def test_the_command_does_the_same(app, db, attempts):
    run = app.test_cli_runner().invoke
    command = ["bank", "regrade", "contoh", WRONG, "--from", "1", "--to", "2", "--because", WHY]
    said = run(args=[*command, "--dry-run", "--exact"])
    assert said.exit_code == 0 and "Nilai turun" in said.output and "Belum ada yang berubah." in said.output
    assert scores(db, attempts) == [50.0, 100.0] and not rows(db, Regrade)
    assert run(args=command).output == "1 nilai naik, 0 turun, 1 percobaan kini lulus.\n"
    assert scores(db, attempts) == [100.0, 100.0]
    assert run(args=[*command, "--exact"]).output == "0 nilai naik, 1 turun, 0 percobaan kini lulus.\n"
    for wrong in (["--from", "2", "--to", "1"], ["--from", "1", "--to", "9"]):
        refused = run(args=["bank", "regrade", "contoh", WRONG, *wrong, "--because", WHY])
        assert refused.exit_code == 1 and refused.output.startswith("Error: ")
    assert run(args=["bank", "regrade", "contoh", WRONG, "--from", "1", "--to", "2", "--because", "x"]).exit_code == 1


def test_nobody_makes_a_course_at_an_address_of_the_service(budi):
    assert "dipakai layanan sendiri" in send(budi, "/menulis", 422, judul="Tinjauan", alamat="tinjauan").text
