"""“Ajukan tinjauan”: a learner asks a person, a trainer answers once, and the learner is told once."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa

from app import background, clock
from app.accounts import export
from app.bank.models import Appeal, RegradeChange
from app.quiz.models import Attempt
from app.quiz.rules import ANSWERS_KEPT
from tests.bank.cast import WRONG, again, answered, begun, publish, rows, told
from tests.builders import PASSWORD
from tests.enrollment.cast import at_once, events, field, finish, learn, lessons, twin
from tests.inspector import send, visit
from tests.quiz.sitting import sat

LIST = "/menulis/tinjauan"
REASON = "Pilihan B juga melindungi saya, jadi menurut saya benar."
REPLY = "Terima kasih. Anda benar, kuncinya kami perbaiki."


@pytest.fixture(autouse=True)
def version(db):
    return publish(db, 1, q1=0)


@pytest.fixture
def learning(app, db, sari, version):
    return finish(app, db, learn(app, db, sari), *lessons("pesan"))


@pytest.fixture
def result(app, db, sari, learning):
    """Sari's submitted attempt: 50 of 100."""
    return answered(app, db, sari, clock.now(), q1="b", q2="b")


def door(uuid, item=WRONG):
    return f"/percobaan/{uuid}/tinjauan" + (f"?soal={item}" if item else "")


def ask(client, uuid, item=WRONG, reason=REASON, act="", status=303):
    return send(client, door(uuid, item), status, alasan=reason, tindakan=act or str(uuid4()))


def answer(client, appeal, verdict="upheld", reply=REPLY, status=303):
    return send(client, f"{LIST}/{appeal}", status, jawaban=reply, putusan=verdict)


def test_the_result_leads_to_asking_about_each_question_and_the_score(sari, result):
    page = visit(sari, f"/percobaan/{result}/hasil")
    found = {link["href"] for link in page.soup.select("a") if "tinjauan" in link.get("href", "")}
    assert found == {door(result, ""), door(result), door(result, "pesan-kuis-2")}


def test_sari_asks_budi_answers_and_sari_is_told_once(db, sari, budi, result):
    page = visit(sari, door(result))
    assert page.soup.h1.get_text().startswith("Ajukan tinjauan soal")
    assert "Jawaban Anda: Bertanya kepada tetangga." in page.text
    send(sari, door(result), 303, alasan=REASON, tindakan=field(page, "tindakan"))
    assert "Menunggu pelatih" in visit(sari, door(result)).text
    assert "Tinjauan Anda sudah dijawab" not in visit(sari, "/belajar").text
    assert "1 menunggu jawaban" in visit(budi, "/menulis").text
    listed = visit(budi, LIST)
    link = listed.soup.select_one("article a")["href"]
    page = visit(budi, link)
    for words in (REASON, "Jawaban peserta: Bertanya kepada tetangga.", "Membaca pesannya dua kali"):
        assert words in page.text
    assert "Sari" not in listed.text + page.text, "a trainer needs no name"
    send(budi, link, 303, jawaban=REPLY, putusan="upheld")
    assert "Tidak ada yang menunggu" in visit(budi, LIST).text
    page = visit(sari, "/belajar")
    assert "Tinjauan Anda sudah dijawab" in page.text
    page = visit(sari, page.soup.find("a", string="Baca jawabannya")["href"])
    assert REPLY in page.text and "Nilai tetap" in page.text and "Budi" not in page.text
    assert rows(db, Appeal)[0].seen_at is None, "looking changes nothing"
    form = page.soup.select_one("form[action$=dibaca]")
    send(sari, form["action"], 303, soal=form.select_one("[name=soal]")["value"])
    assert "Tinjauan Anda sudah dijawab" not in visit(sari, "/belajar").text
    assert "Sudah saya baca" not in visit(sari, door(result)).text


def test_a_wrong_key_leads_to_counting_anew(app, db, sari, budi, result):
    ask(sari, result)
    appeal = rows(db, Appeal)[0].uuid
    moved = answer(budi, appeal, "corrected").location
    assert moved == f"/menulis/contoh/nilai-ulang?soal={WRONG}&dari=1"
    page = visit(budi, moved)
    assert "Belum ada versi dengan kunci lain" in page.text
    publish(db, 2, q1=1)
    assert page.soup.find("a", string="Perbaiki di draf")
    again_link = visit(budi, moved).soup.select_one(".lines a")["href"]
    assert again_link == f"/menulis/contoh/nilai-ulang?soal={WRONG}&dari=1&ke=2"
    event = events(db, "appeal.answered")[0]
    assert event.audit and (event.actor_id, event.person_id) == (budi.person.id, sari.person.id)
    assert event.data == {"course": "contoh", "version": 1, "item": WRONG, "verdict": "corrected"}
    db.rollback()
    while background.do_due(app):  # an answered appeal stops no figures
        pass


def test_who_reviews_a_whole_result_sees_what_was_asked_and_answered_but_not_by_whom(sari, budi, result):
    ask(sari, result, "")
    page = visit(budi, visit(budi, LIST).soup.select_one("article a")["href"])
    told = [" ".join(line.get_text(" ").split()) for line in page.soup.select("ol.lines li")]
    assert len(told) == 2 and all("Jawaban peserta: Bertanya kepada tetangga." in line for line in told)
    assert sorted(line.rsplit("· ", 1)[1] for line in told) == ["Belum tepat.", "Benar."]
    assert {link["href"] for link in page.soup.select("ol.lines a")} == {
        f"/menulis/contoh/soal/{item}" for item in (WRONG, "pesan-kuis-2")
    }
    assert "Sari" not in page.text


def test_asking_twice_is_asking_once_and_each_question_is_another(db, sari, result):
    act = str(uuid4())
    for reason in (REASON, "Lagi: " + REASON):
        ask(sari, result, reason=reason, act=act)
        ask(sari, result, reason=reason)
    assert [one.reason for one in rows(db, Appeal)] == [REASON]
    ask(sari, result, "")
    ask(sari, result, "pesan-kuis-2")
    assert [one.item for one in rows(db, Appeal)] == [WRONG, "", "pesan-kuis-2"]


def test_twenty_presses_at_once_ask_once(app, db, sari, result):
    def press(_n):
        return twin(app, sari).post(door(result), data={"alasan": REASON, "tindakan": str(uuid4())}).status_code

    assert set(at_once(20, press)) == {303}
    assert len(rows(db, Appeal)) == 1


def test_five_may_wait_at_a_time_also_when_asked_at_once(app, db, sari, learning, budi):
    attempts = [answered(app, db, sari, clock.now(), q1="b", q2="b") for _ in range(3)]
    wanted = [(uuid, item) for uuid in attempts for item in (WRONG, "pesan-kuis-2", "")]

    def press(n):
        uuid, item = wanted[n]
        return twin(app, sari).post(door(uuid, item), data={"alasan": REASON, "tindakan": str(uuid4())}).status_code

    assert sorted(at_once(9, press)) == [303] * 5 + [422] * 4
    assert len(rows(db, Appeal)) == 5
    left = next(one for one in wanted if one not in {(None, None)} and not _asked(db, *one))
    assert "masih menunggu pelatih" in ask(sari, *left, status=422).text
    answer(budi, rows(db, Appeal)[0].uuid)
    ask(sari, *left)
    assert len(rows(db, Appeal)) == 6


def _asked(db, uuid, item):
    attempt = db.scalar(sa.select(Attempt.id).where(Attempt.uuid == uuid))
    db.rollback()
    return any(one.attempt_id == attempt and one.item == item for one in rows(db, Appeal))


def test_two_trainers_at_once_answer_once(app, db, sari, budi, enter, result):
    ask(sari, result)
    appeal, ani = rows(db, Appeal)[0].uuid, enter("Ani Contoh", "trainer")

    def press(n):
        who, verdict = ((budi, "upheld"), (ani, "corrected"))[n % 2]
        data = {"jawaban": f"{REPLY} {verdict}", "putusan": verdict}
        return twin(app, who).post(f"{LIST}/{appeal}", data=data).status_code

    assert set(at_once(10, press)) == {303}
    found = rows(db, Appeal)[0]
    assert found.reply == f"{REPLY} {found.verdict}"
    assert found.answered_by == (budi if found.verdict == "upheld" else ani).person.id
    assert len(told(db, "appeal.answered")) == 1
    page = visit(ani, f"{LIST}/{appeal}")
    assert "Jawaban yang terkirim" in page.text and not page.soup.select("textarea")


def test_who_may_not_does_not(db, sari, joko, dewi, arif, budi, result):
    ask(sari, result)
    appeal = rows(db, Appeal)[0].uuid
    for path in (door(result), f"/percobaan/{result}/tinjauan/dibaca", f"/percobaan/{result}/nilai-ulang"):
        assert send(joko, path, alasan=REASON, tindakan=str(uuid4())).status_code == 404
    for client in (joko, dewi, arif):
        for path in (LIST, f"{LIST}/{appeal}"):
            assert client.get(path).status_code == 403
        answer(client, appeal, status=403)
    assert dewi.get(door(result)).status_code == 403
    assert budi.get(door(result)).status_code == 404, "a trainer reads the list, not a person's page"
    assert rows(db, Appeal)[0].answered_at is None


def test_nobody_answers_their_own(app, db, budi, version):
    finish(app, db, learn(app, db, budi), *lessons("pesan"))
    uuid = answered(app, db, budi, clock.now(), q1="b", q2="b")
    ask(budi, uuid)
    assert "Tidak ada yang menunggu" in visit(budi, LIST).text
    answer(budi, rows(db, Appeal)[0].uuid, status=404)


def test_open_attempts_pre_tests_and_forgotten_ones_are_not_reviewed(app, db, sari, learning, joko):
    learn(app, db, joko)
    pre = sat(app, db, joko, "pre", at=clock.now())
    old = answered(app, db, sari, clock.now() - ANSWERS_KEPT * 1.01, q1="b")
    opened = begun(app, db, sari, clock.now(), q1="b")
    for client, uuid, words in (
        (joko, pre, "hanya mengukur"),
        (sari, opened, "belum dikumpulkan"),
        (sari, old, "lebih dari 24 bulan"),
    ):
        assert words in visit(client, door(uuid, ""), 409).text
        assert words in ask(client, uuid, "", status=409).text
    assert not rows(db, Appeal)
    assert "tinjauan" not in visit(joko, f"/percobaan/{pre}/hasil").html


def test_what_was_not_asked_is_not_found_and_words_are_needed(db, sari, result):
    assert sari.get(door(result, "pintu-kuis-1")).status_code == 404
    ask(sari, result, "pintu-kuis-1", status=404)
    assert "paling sedikit 10 huruf" in ask(sari, result, reason="  pendek ", status=422).text
    assert "paling panjang 1000 huruf" in ask(sari, result, reason="x" * 1001, status=422).text
    assert "tidak dapat ditampilkan" in ask(sari, result, reason="Salah tulis \u202e di sini", status=422).text
    assert send(sari, door(result), 400, alasan=REASON, tindakan="bukan-uuid").status_code == 400
    assert not rows(db, Appeal)


def test_a_hostile_reason_is_shown_as_words(db, sari, budi, result):
    hostile = "<script>alert(1)</script>\n&amp; <b onclick=x> petik"
    ask(sari, result, reason=hostile)
    page = visit(budi, f"{LIST}/{rows(db, Appeal)[0].uuid}")
    assert "&lt;script&gt;" in page.html and "<script>alert" not in page.html
    answer(budi, rows(db, Appeal)[0].uuid, reply=hostile)
    assert "<script>alert" not in visit(sari, door(result)).html


def test_the_copy_of_ones_data_holds_what_was_asked_and_how_scores_changed(app, db, sari, budi, result):
    publish(db, 2, q1=1)
    ask(sari, result)
    answer(budi, rows(db, Appeal)[0].uuid)
    again(app, at=clock.now())
    with app.test_request_context():
        held = export.held(db, sari.person.id)
    (appeal,), (change,) = held["Permintaan tinjauan"], held["Nilai yang dihitung ulang"]
    assert (appeal["Alasan Anda"], appeal["Jawaban pelatih"], appeal["Keputusan"]) == (REASON, REPLY, "Nilai tetap")
    assert (change["Nilai sebelumnya"], change["Nilai sekarang"]) == (50.0, 100.0)
    assert "pesan-kuis-1" in str(appeal["Soal"])
    db.rollback()
    visit(sari, "/akun/data")


def test_who_leaves_takes_appeals_and_changes_along(app, db, sari, result):
    publish(db, 2, q1=1)
    ask(sari, result)
    again(app, at=clock.now())
    send(sari, "/akun/hapus", 302, sandi=PASSWORD)
    assert not rows(db, Appeal) and not rows(db, RegradeChange)


def test_appeals_are_forgotten_after_24_months(app, db, sari, result):
    ask(sari, result)
    ask(sari, result, "")
    db.execute(sa.update(Appeal).where(Appeal.item == "").values(asked_at=clock.now() - ANSWERS_KEPT * 1.01))
    db.commit()
    background._tidy(app)
    assert [one.item for one in rows(db, Appeal)] == [WRONG]


def test_the_list_takes_the_same_statements_for_many_and_has_pages(app, db, sari, budi, result, enter, queries_made):
    ask(sari, result)
    with queries_made() as few:
        visit(budi, LIST)
    attempt = rows(db, Appeal)[0].attempt_id
    for n in range(30):
        db.add(Appeal(uuid=str(uuid4()), attempt_id=attempt, item=f"hilang-{n}", reason=REASON, asked_at=clock.now()))
    db.commit()
    with queries_made() as many:
        page = visit(budi, LIST)
    assert len(few) == len(many) <= 3, many
    assert len(page.soup.select("article")) == 20 and "Halaman 1 dari 2" in page.text
    assert len(visit(budi, f"{LIST}?halaman=2").soup.select("article")) == 11
    for odd in ("0", "-1", "x", "9" * 30, "²"):
        visit(budi, f"{LIST}?halaman={odd}")
