"""Sari learns on her phone: without JavaScript, with it, without a signal, and with the keys alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.course import queries as courses
from app.course.shapes import Course
from app.db import session
from app.enrollment.models import Enrollment, StepDone
from app.journal import Event
from app.quiz.models import Answer, Attempt
from tests.browser.town import COURSE, Town, Watch

pytestmark = pytest.mark.browser
QUIZ = "Simpan dan lanjut"


@contextmanager
def phone(town: Town, browser: Browser, who: str = "guest", js: bool = True) -> Iterator[Page]:
    context: BrowserContext = town.enter(browser, who, java_script_enabled=js)
    page = context.new_page()
    watch = Watch(page, town)
    try:
        yield page
        assert not watch.elsewhere
    finally:
        context.close()


def the_course(town: Town) -> Course:
    with town.app.app_context():
        version = courses.latest(session(), COURSE)
        assert version is not None
        return courses.content(session(), version.id)


def register(page: Page, name: str) -> None:
    page.get_by_label("Nama", exact=False).first.fill("Sari Contoh")
    page.fill("[name=masuk]", name)
    page.fill("[name=sandi]", "perahu-kuning-tiga")
    page.select_option("[name=kelurahan]", "64.74.01.1001")
    page.fill("[name=tahun]", "1990")
    page.check("[name=dewasa]")
    page.click("text=Buat akun")


def open_pre_test(page: Page) -> str:
    """Enrols, starts the pre-test and returns the number of the attempt."""
    page.goto(f"/kursus/{COURSE}")
    page.click("text=Ikuti kursus ini")
    page.click("text=Mulai tes awal")
    page.wait_for_url("**/percobaan/*")
    return urlsplit(page.url).path.split("/")[2]


def stored(town: Town, uuid: str) -> dict[str, list[str]]:
    """The answers of this attempt as they are on the disk now."""
    rows = town.ask(
        sa.select(Answer.item, Answer.choice).join(Attempt, Attempt.id == Answer.attempt_id).where(Attempt.uuid == uuid)
    )
    return {item: list(choice) for item, choice in rows}


def pick(page: Page, item_keys: frozenset[str] | set[str]) -> None:
    for key in sorted(item_keys):
        page.locator(f"[name=pilihan][value='{key}']").check()


@pytest.mark.parametrize("js", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_from_registering_to_a_passed_quiz(town: Town, browser: Browser, js: bool) -> None:
    course, name = the_course(town), f"sari-{uuid4().hex[:8]}"
    with phone(town, browser, js=js) as page:
        page.goto(f"/kursus/{COURSE}")
        page.click("text=Ikuti kursus ini")
        seen: list[str] = []
        page.on("framenavigated", lambda frame: seen.append(urlsplit(frame.url).path))
        register(page, name)
        page.click("text=Ikuti kursus ini")
        page.click("text=Lewati, langsung ke materi")
        page.wait_for_selector(".walk")
        assert len(seen) <= 3, f"from /daftar to the first lesson: {seen}"
        module = course.modules[0]
        for _ in module.steps:
            page.click("main .btn.next")
        assert page.url.endswith("/kuis")
        page.click("text=Mulai kuis")
        for _ in range(course.quiz_take):
            item = page.input_value("[name=soal]")
            pick(page, course.item(item).keys)
            with page.expect_navigation():
                page.click(f"text={QUIZ}")
        assert QUIZ not in page.content()
        uuid = urlsplit(page.url).path.split("/")[2]
        assert len(stored(town, uuid)) == course.quiz_take
        page.click("main button:has-text('Kumpulkan')")
        expect(page.locator("h1")).to_contain_text("Anda lulus dengan nilai 100")
    done = town.ask(
        sa.select(StepDone.step).join(Enrollment, Enrollment.id == StepDone.enrollment_id)
        .join(Attempt, Attempt.enrollment_id == Enrollment.id).where(Attempt.uuid == uuid)
    )  # fmt: skip
    assert len(done) == len(module.steps) + 1


def test_an_answer_says_sent_only_once_it_is_stored_and_stays_after_a_reload(town: Town, browser: Browser) -> None:
    _, who = town.newcomer()
    with phone(town, browser, who) as page:
        uuid = open_pre_test(page)
        status, item = page.locator("[data-status]"), page.input_value("[name=soal]")
        expect(status).to_have_text("Belum tersimpan")
        held = []
        page.route("**/jawaban", lambda route: held.append(route))
        page.locator("[name=pilihan]").first.check()
        page.wait_for_timeout(400)
        assert held and stored(town, uuid) == {}
        assert "Sudah terkirim" not in status.inner_text(), "nothing is stored yet"
        held[0].continue_()
        expect(status).to_have_text("Sudah terkirim")
        assert list(stored(town, uuid)) == [item], "and when it says so, it is on the disk"
        page.unroute("**/jawaban")
        page.reload()
        expect(page.locator(".meter strong")).to_contain_text("Soal 2 dari")
        page.goto(f"/percobaan/{uuid}?soal=1")
        expect(page.locator("[name=pilihan]").first).to_be_checked()
        expect(status).to_have_text("Sudah terkirim")


def test_without_a_signal_the_answer_waits_on_the_phone_and_goes_out_once(town: Town, browser: Browser) -> None:
    _, who = town.newcomer()
    with phone(town, browser, who) as page:
        uuid = open_pre_test(page)
        status, item = page.locator("[data-status]"), page.input_value("[name=soal]")
        page.context.set_offline(True)
        chosen = page.locator("[name=pilihan]").last
        chosen.check()
        expect(status).to_contain_text("Tersimpan di HP")
        page.locator("[name=pilihan]").first.check()
        chosen.check()
        page.wait_for_timeout(300)
        assert stored(town, uuid) == {}
        page.context.set_offline(False)
        expect(status).to_have_text("Sudah terkirim")
        assert stored(town, uuid) == {item: [chosen.get_attribute("value")]}
        page.goto(f"/percobaan/{uuid}?soal=1")
        expect(chosen).to_be_checked()


def test_whoever_comes_back_goes_on_at_the_first_open_question(town: Town, browser: Browser) -> None:
    _, who = town.newcomer()
    with phone(town, browser, who) as page:
        uuid = open_pre_test(page)
        page.locator("[name=pilihan]").first.check()
        page.click(f"text={QUIZ}")
        page.wait_for_url("**soal=2")
    with phone(town, browser, who, js=False) as page:
        page.goto(f"/percobaan/{uuid}")
        expect(page.locator(".meter strong")).to_contain_text("Soal 2 dari")


def test_pressing_twice_hands_in_once(town: Town, browser: Browser) -> None:
    _, who = town.newcomer()
    with phone(town, browser, who) as page:
        uuid = open_pre_test(page)
        page.goto(f"/percobaan/{uuid}?soal=akhir")
        page.locator("main button:has-text('Kumpulkan')").dblclick()
        expect(page.locator("h1")).to_contain_text("Terima kasih")
        page.goto(f"/percobaan/{uuid}?soal=akhir")
        expect(page.locator("h1")).to_contain_text("Terima kasih")
    results = town.ask(
        sa.select(StepDone.act)
        .join(Attempt, Attempt.enrollment_id == StepDone.enrollment_id)
        .where(Attempt.uuid == uuid)
    )
    assert len(results) == 1
    told = town.ask(
        sa.select(Event.id).join(Enrollment, Enrollment.user_id == Event.person_id)
        .join(Attempt, Attempt.enrollment_id == Enrollment.id).where(Attempt.uuid == uuid, Event.kind == "attempt")
    )  # fmt: skip
    assert len(told) == 1, "and it is counted once"


def test_a_question_is_answered_with_the_keys_alone(town: Town, browser: Browser) -> None:
    _, who = town.newcomer()
    with phone(town, browser, who) as page:
        uuid = open_pre_test(page)
        item = page.input_value("[name=soal]")
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.name") == "pilihan":
                break
        ring = "one => getComputedStyle(one).outlineStyle"
        assert page.locator(".option:has(:focus)").evaluate(ring) != "none", "the option shows the focus"
        page.keyboard.press("Space")
        expect(page.locator("[data-status]")).to_have_text("Sudah terkirim")
        for _ in range(6):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.tagName") == "BUTTON":
                break
        page.keyboard.press("Enter")
        page.wait_for_url("**soal=2")
        assert list(stored(town, uuid)) == [item]
