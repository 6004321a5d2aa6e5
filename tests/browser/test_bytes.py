"""What a visit costs on prepaid data, by the network's own count, with an empty cache."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.town import COURSE, Town

pytestmark = pytest.mark.browser
KB = 1000


class Meter:
    """Counts what arrives: headers and bodies, as they come over the line."""

    def __init__(self, page: Page) -> None:
        self.arrived: list[int] = []
        self._line = page.context.new_cdp_session(page)
        self._line.send("Network.enable")
        self._cached: set[str] = set()
        self._line.on("Network.requestServedFromCache", lambda told: self._cached.add(told["requestId"]))
        self._line.on("Network.loadingFinished", self._note)
        self.page = page

    def _note(self, told: dict[str, object]) -> None:
        if told["requestId"] not in self._cached and (size := int(str(told["encodedDataLength"]))):
            self.arrived.append(size)

    def visit(self, url: str) -> tuple[int, int]:
        """Bytes and requests of opening this page."""
        self.arrived.clear()
        answer = self.page.goto(url, wait_until="load")
        # On a busy machine the font of this page would be counted with the next.
        self.page.evaluate("document.fonts.ready")
        self.page.wait_for_timeout(150)  # for what a script would ask for later
        assert answer is not None and answer.ok, url
        return sum(self.arrived), len(self.arrived)


@contextmanager
def a_meter(town: Town, browser: Browser, who: str) -> Iterator[Meter]:
    context = town.enter(browser, who)
    yield Meter(context.new_page())
    context.close()


def test_the_first_visit_takes_40_kb_and_six_requests_at_most(town: Town, browser: Browser) -> None:
    with a_meter(town, browser, "guest") as meter:
        size, requests = meter.visit("/")
    assert 2 * KB < size <= 40 * KB
    assert 2 <= requests <= 6


def test_checking_a_certificate_takes_10_kb_and_five_requests_at_most(town: Town, browser: Browser) -> None:
    here = f"/sertifikat/{town.world.things['owner']['code']}"
    # Whoever scans a code comes for the first time, so the style sheet counts as well.
    for url in (here, "/sertifikat/periksa"):
        with a_meter(town, browser, "guest") as meter:
            size, requests = meter.visit(url)
            assert size <= 32 * KB and requests <= 5, (url, size, requests)
    with a_meter(town, browser, "guest") as meter:
        meter.visit("/")
        for url in (here, "/sertifikat/periksa", "/sertifikat/periksa/luring"):
            size, requests = meter.visit(url)
            assert size <= 10 * KB and requests <= 2, (url, size, requests)  # the page and its script


def test_the_next_lesson_takes_12_kb_and_a_question_10_kb_at_most(town: Town, browser: Browser) -> None:
    here = town.world.special["here"]["owner"]
    with a_meter(town, browser, "owner") as meter:
        meter.visit(f"/belajar/{COURSE}")
        meter.page.locator("details").evaluate_all("found => found.forEach(one => { one.open = true })")
        links = meter.page.eval_on_selector_all("ol.lines a", "found => found.map(one => one.href)")
        lessons = [url for url in links if not url.endswith("kuis")]
        assert len(lessons) >= 4
        heavy = {url: size for url in lessons if (size := meter.visit(url)[0]) > 12 * KB}
        assert not heavy
        first = meter.visit(f"/percobaan/{here['begun']}?soal=1")
        next_one = meter.visit(f"/percobaan/{here['begun']}?soal=2")
    assert first[0] <= 10 * KB and first[1] <= 3, "the page and its script"
    assert next_one[0] <= 10 * KB and next_one[1] == 1


def test_a_page_of_practising_takes_10_kb_at_most(town: Town, browser: Browser) -> None:
    here, lulus = town.world.special["here"]["owner"], f"{town.world.things['owner']['slug']}-lulus"
    exercise = f"/belajar/{COURSE}/{here['module']}/latihan"
    with a_meter(town, browser, "owner") as meter:
        meter.visit("/belajar")
        for url, shows in (
            (exercise, "fieldset >> nth=0"),
            (f"{exercise}?jawaban={here['practised']}", ".answer >> nth=0"),
            (f"/belajar/{lulus}/pesan/kilas-balik", "fieldset >> nth=2"),
            (f"/belajar/{lulus}/pintu/kilas-balik", "article >> nth=2"),
        ):
            size, requests = meter.visit(url)
            assert meter.page.locator(shows).count() == 1, url
            assert size <= 10 * KB and requests <= 2, (url, size)  # the font may come late
