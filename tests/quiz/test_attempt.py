"""One question after the other: saving by form and by script, the list of all, submitting."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.quiz.models import Answer
from tests.enrollment.cast import LEARN, at_once, events, finish, learn, lessons, publish, twin, whole
from tests.inspector import inspect, send, visit
from tests.quiz.sitting import POST, answer_all, begin, keys_of, press_start, row, submit

HOSTILE = ["\x00", "‮kebalik", "a" * 10_000, "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "9" * 400, "ａ", " "]


@pytest.fixture(autouse=True)
def learning(app, db, sari):
    publish(db)
    return finish(app, db, learn(app, db, sari), *whole("pesan", "pintu"), score=80)


@pytest.fixture
def uuid(app, db, sari):
    return begin(app, db, sari, "post")


@pytest.fixture
def address(uuid):
    return f"/percobaan/{uuid}"


def press(client, page, choice, **more):
    """Answers the question on the page as its form would."""
    form = page.soup.select_one("form[data-item]")
    data = {one["name"]: one["value"] for one in form.select("input[type=hidden]")} | {"pilihan": choice} | more
    return client.post(form["action"], data=data)


def script(client, address, **more):
    """Saves as our script does."""
    sent = {"soal": "", "pilihan": ["a"], "tindakan": str(uuid4()), "revisi": 1} | more
    return client.post(f"{address}/jawaban", json=sent, headers={"Accept": "application/json"})


def saved(db):
    found = {
        item: (choice, revision)
        for item, choice, revision in db.execute(sa.select(Answer.item, Answer.choice, Answer.revision))
    }
    db.rollback()
    return found


def test_sari_answers_question_by_question_and_submits(sari, db):
    address = press_start(sari, POST)
    for n in range(1, 5):
        page = visit(sari, address)
        assert f"Soal {n} dari 4" in page.text and f"{n - 1} terjawab" in page.text
        assert page.soup.h1.get_text() == "Tes akhir: Kursus Contoh"
        item = page.soup.select_one("form[data-item]")["data-item"]
        answer = press(sari, page, keys_of(item))
        assert answer.location == f"{address}?soal={n + 1 if n < 4 else 'akhir'}"
    overview = visit(sari, f"{address}?soal=akhir")
    assert "Semua 4 soal sudah dijawab." in overview.text
    assert "Setelah dikumpulkan, jawaban tidak dapat diubah lagi." in overview.text
    done = send(sari, overview.soup.select_one("main form")["action"], 302)
    assert done.location == f"{address}/hasil"
    assert "Anda lulus dengan nilai 100" in visit(sari, done.location).text


def test_the_attempt_opens_at_the_first_unanswered_question(app, db, sari, uuid, address):
    page = visit(sari, f"{address}?soal=2")
    press(sari, page, "a")
    assert "Soal 1 dari 4" in visit(sari, address).text
    press(sari, visit(sari, address), "a")
    assert "Soal 3 dari 4" in visit(sari, address).text
    answer_all(app, db, sari, uuid)
    assert "Periksa sebelum dikumpulkan" in visit(sari, address).text


def test_the_answer_is_still_chosen_when_sari_comes_back(sari, address):
    press(sari, visit(sari, f"{address}?soal=1"), "c")
    page = visit(sari, f"{address}?soal=1")
    assert [one["value"] for one in page.soup.select("input[checked]")] == ["c"]
    assert "Sudah terkirim" in page.text and page.soup.select_one("form[data-item]")["data-revision"] == "1"
    marks = [link["aria-label"] for link in page.soup.select("nav[aria-label='Daftar soal'] .btn")]
    assert marks == ["Soal 1, terjawab", *(f"Soal {n}, belum dijawab" for n in (2, 3, 4))]


def test_who_chooses_nothing_is_asked_to_and_loses_nothing(sari, db, address):
    page = visit(sari, f"{address}?soal=2")
    answer = press(sari, page, [])
    assert answer.status_code == 422
    again = inspect(answer, address)
    assert "Pilih jawaban dahulu" in again.text and "Soal 2 dari 4" in again.text
    assert saved(db) == {}


def test_the_list_of_all_names_what_is_missing(sari, address):
    press(sari, visit(sari, f"{address}?soal=3"), "a")
    page = visit(sari, f"{address}?soal=akhir")
    assert "Ada 3 soal yang belum dijawab." in page.text
    assert [line.select_one(".state").get_text() for line in page.soup.select(".lines li")] == [
        "Belum dijawab", "Belum dijawab", "Terjawab", "Belum dijawab",
    ]  # fmt: skip


@pytest.mark.parametrize("soal", ["0", "5", "-1", "1.0", "01", "x", "²", "9" * 400, "akhirr"])
def test_a_question_that_does_not_exist_is_not_found(sari, address, soal):
    visit(sari, f"{address}?soal={soal}", 404)


def test_the_script_is_told_that_an_answer_is_saved_only_when_it_is(sari, db, uuid, address):
    item = row(db, uuid).draw[0][0]
    answer = script(sari, address, soal=item)
    assert (answer.status_code, answer.json) == (200, {"status": "tersimpan", "revisi": 1, "pilihan": ["a"]})
    assert saved(db) == {item: (["a"], 1)}
    stale = script(sari, address, soal=item, pilihan=["b"], revisi=1)
    assert stale.json["pilihan"] == ["b"]
    old = script(sari, address, soal=item, pilihan=["c"], revisi=1_000_000_000)
    assert script(sari, address, soal=item, pilihan=["a"], revisi=7).json == old.json


def test_a_form_after_the_script_counts_last(sari, db, uuid, address):
    page = visit(sari, f"{address}?soal=1")
    item = row(db, uuid).draw[0][0]
    script(sari, address, soal=item, pilihan=["a"], revisi=5)
    press(sari, page, "b")
    assert saved(db) == {item: (["b"], 6)}


def test_after_submitting_saving_is_refused_in_a_sentence_and_the_page_leads_to_the_result(
    app, db, sari, uuid, address
):
    page = visit(sari, f"{address}?soal=1")
    item = row(db, uuid).draw[0][0]
    submit(app, db, sari, uuid)
    for chosen in ("a", []):
        refused = press(sari, page, chosen)
        assert (refused.status_code, refused.location) == (303, f"{address}/hasil")
        told = visit(sari, refused.location).soup.select_one(".told .note.keep")
        assert told.get_text().startswith("Jawaban tadi tidak ikut dihitung"), "nothing went well, so it is not green"
    told = script(sari, address, soal=item)
    assert told.status_code == 409 and "sudah dikumpulkan" in told.json["kalimat"]
    assert saved(db) == {}
    for soal in ("", "?soal=1", "?soal=akhir", "?soal=x"):
        assert sari.get(address + soal).location == f"{address}/hasil"


def test_a_double_tap_on_submit_shows_the_same_result(app, db, sari, uuid, address):
    answer_all(app, db, sari, uuid)
    copies = [twin(app, sari) for _ in range(50)]
    answers = at_once(50, lambda n: copies[n].post(f"{address}/kumpulkan"))
    assert {(answer.status_code, answer.location) for answer in answers} == {(302, f"{address}/hasil")}
    assert len(events(db, "attempt")) == len(events(db, "completed")) == 1


def test_fifty_saves_at_once_leave_one_row(app, sari, db, uuid, address):
    item, act = row(db, uuid).draw[0][0], str(uuid4())
    copies = [twin(app, sari) for _ in range(50)]
    answers = at_once(50, lambda n: script(copies[n], address, soal=item, tindakan=act))
    assert [answer.json for answer in answers] == [{"status": "tersimpan", "revisi": 1, "pilihan": ["a"]}] * 50
    assert saved(db) == {item: (["a"], 1)}


def test_strangers_find_neither_page_nor_form(app, db, sari, joko, guest, dewi, uuid, address):
    item = row(db, uuid).draw[0][0]
    missing = f"/percobaan/{uuid4()}"
    for end in ("", "/hasil"):
        assert visit(joko, address + end, 404).text == visit(joko, missing + end, 404).text
        assert guest.get(address + end).location.startswith("/masuk")
        assert dewi.get(address + end).status_code == 403
    assert script(joko, address, soal=item).status_code == 404
    send(joko, f"{address}/jawaban", 404, soal=item, pilihan="a", tindakan=str(uuid4()))
    send(joko, f"{address}/jawaban", 404, soal=item, tindakan=str(uuid4()))
    send(joko, f"{address}/kumpulkan", 404)
    assert saved(db) == {} and row(db, uuid).submitted_at is None


@pytest.mark.parametrize("odd", HOSTILE)
def test_strange_input_is_refused_and_changes_nothing(sari, db, uuid, address, odd):
    item = row(db, uuid).draw[0][0]
    for field_ in ("soal", "pilihan", "tindakan"):
        form = {"soal": item, "pilihan": "a", "tindakan": str(uuid4())} | {field_: odd}
        assert sari.post(f"{address}/jawaban", data=form).status_code in (400, 409), field_
        sent = {"pilihan": ["a"], "soal": item} | {field_: [odd] if field_ == "pilihan" else odd}
        assert script(sari, address, **sent).status_code in (400, 409, 413), field_
    assert saved(db) == {}
    form = {"soal": item, "pilihan": "a", "tindakan": str(uuid4()), "lanjut": odd}
    assert sari.post(f"{address}/jawaban", data=form).location == address
    assert sari.get(f"/percobaan/{odd.strip() or 'x'}/hasil").status_code in (400, 404)


@pytest.mark.parametrize("body", [
    b"", b"null", b"[]", b"1", b'"a"', b"{", b"\xff\xfe", b'{"soal": {}}', b"[" * 3900,
    b'{"soal": "pesan-tes-1", "pilihan": "a", "tindakan": 1}',
])  # fmt: skip
def test_messages_of_another_shape_are_refused(sari, db, address, body):
    answer = sari.post(
        f"{address}/jawaban", data=body, headers={"Content-Type": "application/json", "Accept": "application/json"}
    )
    assert answer.status_code == 400 and answer.json["kalimat"]
    assert saved(db) == {}


def test_a_message_that_is_far_too_long_is_refused_unread(sari, db, address):
    assert script(sari, address, soal="a" * 80_000).status_code == 413
    assert saved(db) == {}


@pytest.mark.parametrize("revision", [0, -1, 1.5, True, "1", [], {}, 10**9 + 1, 2**31, 10**30])
def test_revisions_of_another_shape_are_refused(sari, db, uuid, address, revision):
    assert script(sari, address, soal=row(db, uuid).draw[0][0], revisi=revision).status_code == 400


def test_a_form_cannot_bring_its_own_score(sari, db, uuid, address):
    send(sari, f"{address}/kumpulkan", 302, score="100", passed="1", nilai="100")
    assert (row(db, uuid).score, row(db, uuid).passed) == (0.0, False)


def test_an_overtaken_pre_test_leads_back_to_the_course(app, db, joko):
    learning = learn(app, db, joko)
    uuid = begin(app, db, joko, "pre")
    finish(app, db, learning, *lessons("pesan"))
    assert joko.get(f"/percobaan/{uuid}").location == LEARN
    assert "Tes awal sudah ditutup" in visit(joko, LEARN).text
    assert script(joko, f"/percobaan/{uuid}", soal=row(db, uuid).draw[0][0]).status_code == 409
    send(joko, f"/percobaan/{uuid}/kumpulkan", 409)


def test_nothing_is_written_by_looking(sari, db, uuid, address):
    for end in ("/jawaban", "/kumpulkan"):
        assert sari.get(address + end).status_code == 405
    sari.get(f"{address}/hasil")
    assert row(db, uuid).submitted_at is None


def test_budgets_of_statements_and_bytes(app, db, sari, uuid, address, queries_made):
    visit(sari, address)
    with queries_made() as made:
        page = visit(sari, f"{address}?soal=1")
    assert len(made) <= 3, made
    small = sari.get(f"{address}?soal=1", headers={"Accept-Encoding": "br"})
    assert small.headers["Content-Encoding"] == "br" and int(small.headers["Content-Length"]) <= 10 * 1024
    with queries_made() as made:
        press(sari, page, "a")
    assert len(made) <= 3, made
    with queries_made() as made:
        press(sari, page, "a")
    assert len(made) <= 4, made
