"""Axe on the page that is open: small by day, and large by night."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_SCRIPT = Axe().axe_script
# What axe would fetch beforehand serves one rule about turning a page by style sheet, which ours do not.
_RUN = """async rules => {
  const found = await axe.run(document, { resultTypes: ["violations"], preload: false, ...rules });
  return found.violations.map(one => one.id + ": " + one.nodes.slice(0, 3).map(node =>
    node.target + " " + (node.any[0]?.message || node.all[0]?.message || node.none[0]?.message || "")).join(" | "));
}"""
# A wide page is laid out otherwise, but nothing is shown or hidden by width (tests/browser/test_every_page.py), and the
# dark theme has other colours and nothing else: both are looked at together.
_LAYOUT = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]


def axe_finds(page: Page) -> list[str]:
    """What is wrong with the open page on a phone; it stays open with all its folds."""
    # What is folded away is read too.
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    page.evaluate(_SCRIPT)
    return _found(page, {})


def axe_finds_wide_and_dark(page: Page) -> list[str]:
    """What else is wrong on a large screen by night, after `axe_finds`."""
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1280, "height": 800})
    return _found(page, {"runOnly": _LAYOUT})


def _found(page: Page, rules: dict[str, list[str]]) -> list[str]:
    return [f"{page.url}: {one}" for one in page.evaluate(_RUN, rules)]
