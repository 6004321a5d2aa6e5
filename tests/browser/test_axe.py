"""Axe finds nothing on any page, small and large, by day and by night."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.test_every_page import EVERYBODY, a_page
from tests.browser.town import Town, pages_of

pytestmark = pytest.mark.browser
_AXE = Axe()
# What axe would fetch beforehand serves one rule about turning a page by style sheet, which ours do not.
_RUN = """async rules => {
  const found = await axe.run(document, { resultTypes: ["violations"], preload: false, ...rules });
  return found.violations.map(one => one.id + ": " + one.nodes.slice(0, 3).map(node =>
    node.target + " " + (node.any[0]?.message || node.all[0]?.message || node.none[0]?.message || "")).join(" | "));
}"""
# What the dark theme can change: it has other colours, and nothing else, at any width.
_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}


def _found(page: Page, url: str) -> list[str]:
    wrong = []
    for scheme, width, rules in (
        ("light", 360, {}),
        ("light", 1280, {}),
        ("dark", 360, _COLOURS),
    ):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 800})
        wrong += [f"{url} {scheme} {width}: {one}" for one in page.evaluate(_RUN, rules)]
    return wrong


@pytest.mark.parametrize("who", EVERYBODY)
def test_axe_finds_nothing(town: Town, browser: Browser, who: str) -> None:
    with a_page(town, browser, who) as (page, _):
        wrong: list[str] = []
        for url in pages_of(town, who):
            answer = page.goto(url)
            assert answer is not None and answer.status < 500, url
            # What is folded away is read too.
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            page.evaluate(_AXE.axe_script)
            wrong += _found(page, url)
        assert not wrong, "\n".join(wrong)


def test_axe_finds_nothing_when_something_was_typed_wrongly(town: Town, browser: Browser) -> None:
    with a_page(town, browser, "guest") as (page, _):
        wrong: list[str] = []
        for url in ("/daftar", "/pulihkan"):
            page.goto(url)
            page.click("main .btn.next")
            page.wait_for_selector("#salah")
            page.evaluate(_AXE.axe_script)
            wrong += _found(page, url)
        assert not wrong, "\n".join(wrong)
