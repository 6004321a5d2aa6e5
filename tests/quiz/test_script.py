"""In a real browser: answers wait on the phone without a signal and are never said to be sent before they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.models import LoginSession
from tests.builders import NOON, PASSWORD
from tests.enrollment.cast import learn, publish
from tests.quiz.phones import a_phone, nothing_waits, pending, says, stored
from tests.quiz.sitting import begin, row, save, submit

pytestmark = pytest.mark.browser


@pytest.fixture
def settings(settings):
    return settings | {"WTF_CSRF_ENABLED": True}


@pytest.fixture
def phone(app, db, sari, served, browser) -> Iterator[Any]:
    """Sari's phone with an open pre-test."""
    publish(db)
    learn(app, db, sari)
    page = a_phone(browser, served, sari, begin(app, db, sari, "pre"))
    yield page
    assert page.errors == []


def choose(phone, option):
    phone.locator(f".option:has(input[value={option}])").click()


def test_an_answer_is_sent_when_it_is_chosen_and_nothing_stays_on_the_phone(db, phone):
    item = row(db, phone.uuid).draw[0][0]
    phone.goto(f"{phone.home}?soal=1")
    says(phone, "Belum tersimpan")
    choose(phone, "b")
    says(phone, "Sudah terkirim")
    assert stored(db) == {item: (["b"], 1)}
    assert pending(phone) == {}
    choose(phone, "c")
    nothing_waits(phone)
    says(phone, "Sudah terkirim")
    assert stored(db) == {item: (["c"], 2)}


def test_signed_out_meanwhile_the_way_leads_to_signing_in_and_the_answer_follows(db, sari, phone):
    item = row(db, phone.uuid).draw[0][0]
    phone.goto(f"{phone.home}?soal=1")
    db.execute(sa.update(LoginSession).values(ended_at=NOON))
    db.commit()
    choose(phone, "b")
    phone.wait_for_url(lambda url: "/masuk?lanjut=" in url)
    assert stored(db) == {} and pending(phone)[item]["pilihan"] == ["b"]
    phone.fill("[name=masuk]", sari.person.username)
    phone.fill("[name=sandi]", PASSWORD)
    phone.click("main .btn.next")
    phone.wait_for_url(lambda url: url.startswith(phone.home))
    nothing_waits(phone)
    assert stored(db)[item][0] == ["b"]


def test_without_a_signal_the_answer_waits_on_the_phone_and_is_sent_when_the_signal_is_back(db, phone):
    item = row(db, phone.uuid).draw[0][0]
    phone.goto(f"{phone.home}?soal=1")
    phone.context.set_offline(True)
    choose(phone, "a")
    says(phone, "Tersimpan di HP. Menunggu sinyal")
    choose(phone, "b")
    says(phone, "Tersimpan di HP. Menunggu sinyal")
    phone.get_by_role("button", name="Simpan dan lanjut").click()
    assert "soal=1" in phone.url, "the page stays while there is no signal"
    assert pending(phone)[item]["pilihan"] == ["b"] and stored(db) == {}
    phone.context.set_offline(False)
    phone.wait_for_url("**soal=2")
    assert stored(db)[item][0] == ["b"]
    nothing_waits(phone)


def test_an_answer_left_on_the_phone_is_shown_and_sent_at_the_next_visit(db, phone):
    item = row(db, phone.uuid).draw[0][0]
    phone.goto(f"{phone.home}?soal=1")
    phone.route("**/jawaban", lambda route: route.abort())
    choose(phone, "c")
    says(phone, "Tersimpan di HP. Menunggu sinyal")
    phone.goto(f"{phone.home}?soal=2")
    phone.goto(f"{phone.home}?soal=1")
    assert phone.locator("input:checked").get_attribute("value") == "c"
    assert stored(db) == {}
    phone.unroute("**/jawaban")
    phone.reload()
    says(phone, "Sudah terkirim")
    assert stored(db) == {item: (["c"], 1)} and pending(phone) == {}


def test_a_busy_server_is_asked_again_and_nothing_is_said_to_be_sent_meanwhile(db, phone):
    item = row(db, phone.uuid).draw[0][0]
    asked = []

    def busy(route):
        asked.append(json.loads(route.request.post_data))
        if len(asked) < 3:
            route.fulfill(status=503, json={"judul": "Sibuk", "kalimat": "Sibuk."})
        else:
            route.continue_()

    phone.route("**/jawaban", busy)
    phone.goto(f"{phone.home}?soal=1")
    choose(phone, "a")
    says(phone, "Tersimpan di HP. Menunggu sinyal")
    says(phone, "Sudah terkirim")
    assert len(asked) == 3 and asked[0] == asked[1] == asked[2], "the same act each time"
    assert stored(db) == {item: (["a"], 1)}


def test_what_was_left_on_the_phone_yields_to_a_later_answer_from_elsewhere(app, db, sari, phone):
    item = row(db, phone.uuid).draw[0][0]
    phone.goto(f"{phone.home}?soal=1")
    phone.route("**/jawaban", lambda route: route.abort())
    choose(phone, "c")
    says(phone, "Tersimpan di HP. Menunggu sinyal")
    for _ in range(2):
        save(app, db, sari, phone.uuid, item, ["a"])
    phone.unroute("**/jawaban")
    held: list[Any] = []
    phone.route("**/jawaban", lambda route: held.append(route))
    phone.reload()
    says(phone, "Tersimpan di HP")
    assert phone.locator("input:checked").get_attribute("value") == "c", "what was left here, not yet answered for"
    held.pop().continue_()
    says(phone, "Sudah terkirim")
    phone.unroute("**/jawaban")
    assert phone.locator("input:checked").get_attribute("value") == "a"
    assert stored(db) == {item: (["a"], 2)}
    choose(phone, "b")
    nothing_waits(phone)
    assert stored(db) == {item: (["b"], 3)}


def test_a_closed_attempt_says_so(app, db, sari, phone):
    phone.goto(f"{phone.home}?soal=1")
    submit(app, db, sari, phone.uuid)
    choose(phone, "a")
    says(phone, "Percobaan ini sudah dikumpulkan. Jawabannya tidak dapat diubah lagi.")
    assert stored(db) == {} and pending(phone) == {}


def test_answers_that_wait_are_sent_before_submitting(db, phone):
    item = row(db, phone.uuid).draw[0][0]
    phone.goto(f"{phone.home}?soal=1")
    phone.route("**/jawaban", lambda route: route.abort())
    choose(phone, "a")
    says(phone, "Tersimpan di HP. Menunggu sinyal")
    phone.goto(f"{phone.home}?soal=akhir")
    says(phone, "Tersimpan di HP. Menunggu sinyal")
    phone.get_by_role("button", name="Kumpulkan jawaban").click()
    assert row(db, phone.uuid).submitted_at is None
    phone.unroute("**/jawaban")
    phone.wait_for_url("**/hasil")
    assert stored(db) == {item: (["a"], 1)}


def test_without_script_the_whole_way_works(db, phone, served):
    context = phone.context.browser.new_context(java_script_enabled=False)
    context.add_cookies(phone.context.cookies())
    plain = context.new_page()
    plain.goto(phone.home)
    for _ in range(4):
        plain.locator(".option").first.click()
        plain.get_by_role("button", name="Simpan dan lanjut").click()
    plain.get_by_role("button", name="Kumpulkan jawaban").click()
    plain.wait_for_url("**/hasil")
    assert len(stored(db)) == 4
    assert "Terima kasih" in plain.locator("h1").inner_text()
