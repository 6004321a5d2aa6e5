"""In a real browser: a file is compared without being sent, and one that cannot be read is told."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route, expect

pytestmark = pytest.mark.browser
CHECK = "/sertifikat/periksa/berkas"


@pytest.fixture
def page(browser: Browser, guest: FlaskClient) -> Any:
    """A page on which the application answers without a server."""

    def answered(route: Route) -> None:
        asked = urlsplit(route.request.url)
        assert route.request.method == "GET", "nothing is sent"
        answer = guest.get(f"{asked.path}?{asked.query}")
        route.fulfill(status=answer.status_code, content_type=answer.content_type, body=answer.data)

    context = browser.new_context(base_url="https://cakap.contoh", reduced_motion="reduce")
    context.route("**/*", answered)
    yield context.new_page()
    context.close()


def test_a_file_is_compared_by_its_digest_and_stays_here(page: Page, tmp_path: Path) -> None:
    (tmp_path / "s.pdf").write_bytes(b"%PDF-1.7\n")
    page.goto(CHECK)
    page.set_input_files("[name=berkas]", tmp_path / "s.pdf")
    page.click("button[data-local]")
    expect(page.locator(".verdict h2")).to_have_text("Tidak dikenal")
    assert page.url.endswith("?sha256=" + hashlib.sha256(b"%PDF-1.7\n").hexdigest())


def test_a_file_that_cannot_be_read_is_told_and_can_be_chosen_again(page: Page, tmp_path: Path) -> None:
    """Removed meanwhile, or too large for the memory of this phone."""
    file = tmp_path / "s.pdf"
    file.write_bytes(b"%PDF-1.7\n")
    page.goto(CHECK)
    page.set_input_files("[name=berkas]", file)
    file.unlink()
    page.click("button[data-local]")
    expect(page.locator("[data-said]")).to_contain_text("tidak dapat dibaca di peramban ini")
    file.write_bytes(b"%PDF-1.7\n")
    page.set_input_files("[name=berkas]", file)
    page.click("button[data-local]")
    expect(page.locator(".verdict h2")).to_have_text("Tidak dikenal")
