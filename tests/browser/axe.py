"""Axe on the page that is open, small and large, by day and by night."""

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
# The dark theme has other colours, and nothing else, at any width; a wide page is laid out otherwise, but nothing is
# shown or hidden by width (tests/browser/test_every_page.py).
_COLOURS = ["color-contrast", "link-in-text-block"]
_LAYOUT = [*_COLOURS, "scrollable-region-focusable", "target-size"]


def axe_finds(page: Page) -> list[str]:
    """What is wrong with the open page."""
    # What is folded away is read too.
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    page.evaluate(_SCRIPT)
    wrong = []
    for scheme, width, only in (("light", 360, None), ("light", 1280, _LAYOUT), ("dark", 360, _COLOURS)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 800})
        rules = {"runOnly": only} if only else {}
        wrong += [f"{page.url} {scheme} {width}: {one}" for one in page.evaluate(_RUN, rules)]
    page.emulate_media(color_scheme="light")
    return wrong
