"""Every page there is: axe finds nothing, no sideways scrolling, no error, nobody else asked, no menu on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.axe import axe_finds, axe_finds_wide_and_dark
from tests.browser.town import COURSE, Town, Watch, pages_of
from tests.house.tree import ROOT

pytestmark = pytest.mark.browser
EVERYBODY = ("guest", "owner", "trainer", "analyst", "admin")
# An answer of 403, 404 or 422 is an error to the console, but not to us.
_ANSWERED = "Failed to load resource: the server responded with a status of 4"
_TOO_WIDE = """text => {
  const page = document.documentElement, wide = [];
  page.style.fontSize = text;
  if (page.scrollWidth > innerWidth)
    for (const one of document.querySelectorAll("body *"))
      if (one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll, .vh, .scene"))
        wide.push(one.outerHTML.slice(0, 90));
  return page.scrollWidth > innerWidth ? [page.scrollWidth, ...wide.slice(0, 4)] : null;
}"""


@contextmanager
def a_page(town: Town, browser: Browser, who: str) -> Iterator[tuple[Page, Watch]]:
    context = town.enter(browser, who)
    page = context.new_page()
    try:
        yield page, Watch(page, town)
    finally:
        context.close()


@pytest.mark.parametrize("who", EVERYBODY)
def test_nothing_is_wrong_and_nothing_sticks_out(town: Town, browser: Browser, who: str) -> None:
    with a_page(town, browser, who) as (page, watch):
        wide: list[str] = []
        wrong: list[str] = []
        for url in pages_of(town, who):
            answer = page.goto(url)
            assert answer is not None and answer.status < 500, f"{url} answered {answer and answer.status}"
            wrong += axe_finds(page)
            for width, text in ((360, "200%"), (320, "100%")):
                page.set_viewport_size({"width": width, "height": 740})
                if found := page.evaluate(_TOO_WIDE, text):
                    wide.append(f"{url} at {width} px, text {text}: {found}")
            wrong += axe_finds_wide_and_dark(page)
            if found := page.evaluate(_TOO_WIDE, "100%"):
                wide.append(f"{url} on a large screen: {found}")
            page.emulate_media(color_scheme="light")
            page.set_viewport_size({"width": 360, "height": 740})
        assert not wrong, "\n".join(wrong)
        assert not wide, "\n".join(wide)
        assert not [said for said in watch.wrong if _ANSWERED not in said]
        assert not watch.elsewhere


def test_axe_finds_nothing_when_something_was_typed_wrongly(town: Town, browser: Browser) -> None:
    with a_page(town, browser, "guest") as (page, _):
        wrong: list[str] = []
        for url in ("/daftar", "/pulihkan"):
            page.goto(url)
            page.click("main .btn.next")
            page.wait_for_selector("#salah")
            wrong += axe_finds(page) + axe_finds_wide_and_dark(page)
            page.emulate_media(color_scheme="light")
        assert not wrong, "\n".join(wrong)


def test_nothing_is_shown_or_hidden_by_width() -> None:
    """Then all that axe says of a page but of its layout is true at every width."""
    style = (ROOT / "app/static/app.css").read_text(encoding="utf-8")
    blocks = re.findall(r"@media[^{]*width[^{]*\{((?:[^{}]|\{[^{}]*\})*)\}", style)
    assert len(blocks) >= 5
    assert not [block for block in blocks if re.search(r"display: *none|visibility|content-visibility", block)]


def test_every_lesson_of_the_real_course_fits_a_small_phone(town: Town, browser: Browser) -> None:
    with a_page(town, browser, "owner") as (page, watch):
        page.goto(f"/belajar/{COURSE}")
        links = page.eval_on_selector_all("ol.lines a", "found => found.map(one => one.href)")
        assert len(links) >= 4
        wide = []
        for url in links:
            page.goto(url)
            page.set_viewport_size({"width": 320, "height": 700})
            if found := page.evaluate(_TOO_WIDE, "200%"):
                wide.append(f"{url}: {found}")
        assert not wide, "\n".join(wide)
        assert not watch.wrong and not watch.elsewhere


@pytest.mark.parametrize(
    ("who", "url"), [("guest", "/sertifikat/{code}"), ("owner", "/sertifikat"), ("analyst", "/statistik")]
)
def test_the_menu_does_not_go_on_paper(town: Town, browser: Browser, who: str, url: str) -> None:
    with a_page(town, browser, who) as (page, _):
        page.goto(url.format(code=town.world.things["owner"]["code"]))
        seen = "found => found.filter(one => one.checkVisibility()).map(one => one.className)"
        away = ".top .wrap, .nav, .foot, .skip, .no-print, .btn"
        assert page.eval_on_selector_all(away, seen), "on the screen they are there"
        page.emulate_media(media="print")
        assert page.eval_on_selector_all(away, seen) == []
        assert page.locator("h1").is_visible()


def test_the_skip_link_comes_first_and_leads_past_the_menu(town: Town, browser: Browser) -> None:
    with a_page(town, browser, "guest") as (page, _):
        page.goto("/kursus")
        page.keyboard.press("Tab")
        link = page.locator(":focus")
        assert link.inner_text() == "Langsung ke isi"
        box = link.bounding_box()
        assert box is not None and box["y"] >= 0, "it shows when it has the focus"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "isi"
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('main')")


def test_whatever_has_the_focus_shows_it(town: Town, browser: Browser) -> None:
    with a_page(town, browser, "guest") as (page, _):
        page.goto("/masuk")
        seen = 0
        for _ in range(20):
            page.keyboard.press("Tab")
            ring = page.evaluate(
                "() => { const s = getComputedStyle(document.activeElement);"
                " return [document.activeElement.tagName, s.outlineStyle, parseFloat(s.outlineWidth)] }"
            )
            if ring[0] == "BODY":
                break
            assert ring[1] != "none" and ring[2] >= 2, f"{ring[0]} hides its focus"
            seen += 1
        assert seen >= 10
