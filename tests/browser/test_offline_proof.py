"""Budi at the gate scans a paper: with a signal, without one, and when the paper is forged."""

from __future__ import annotations

import base64
import json

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from app import clock
from app.certificate import keys, lifecycle, proof
from app.certificate.code import grouped
from app.certificate.models import Certificate, Edition
from app.db import apart
from tests.browser.town import Town, Watch

pytestmark = pytest.mark.browser


def said(page: Page) -> str:
    """The one thing that the page says about the signature."""
    shown = page.locator("[data-state]:visible")
    expect(shown).to_have_count(1)
    return shown.inner_text()


def scan(page: Page, address: str) -> str:
    """Opens what the phone's camera read, in a fresh page, and returns what it says about the signature."""
    page.goto("about:blank")
    page.goto(address)
    return said(page)


def lose_the_signal(page: Page) -> None:
    """No network, and nothing in the browser's own cache, which forgets as it likes."""
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.context.set_offline(True)


def test_a_scanned_code_is_proven_without_a_signal_and_revocation_comes_with_it(town: Town, browser: Browser) -> None:
    code = town.world.things["stranger"]["code"]
    [(token, holder)] = town.ask(sa.select(Edition.proof, Edition.holder).join(
        Certificate, Certificate.id == Edition.certificate_id).where(Certificate.code == code))  # fmt: skip
    facts, settings = keys.read(town.app.config, token), town.app.config
    here = f"/sertifikat/{grouped(code)}"
    scanned = proof.address(here, token)
    mark = scanned.partition("#")[2]
    header, _, signature = token.split(".")
    claims = base64.urlsafe_b64encode(json.dumps(facts | {"n": "Penipu"}).encode()).decode().rstrip("=")
    forged = proof.address(here, f"{header}.{claims}.{signature}")
    older = proof.address(here, keys.sign(settings, facts | {"n": "Nama Lama", "e": 0}))
    elsewhere = proof.address(f"/sertifikat/{grouped(town.world.things['owner']['code'])}", token)
    context = town.enter(browser, "owner")
    page = context.new_page()

    # With a signal: the page of the certificate says what the signature adds; nothing of the mark is sent.
    page.goto("/")
    page.evaluate("caches.open('periksa-lama')")
    page.goto("/sertifikat/periksa")
    page.evaluate("navigator.serviceWorker.ready")
    watch = Watch(page, town)
    for address, words in (
        (scanned, "asli, dan isinya sama"),
        (older, "edisi lama. Yang berlaku adalah data di halaman ini. Nama di kertas itu: Nama Lama"),
        (elsewhere, "untuk sertifikat lain"),
        (forged, "tidak kami tanda tangani"),
        (f"{here}#{mark[:100].lower()}", "tidak terbaca utuh"),
    ):
        assert words in scan(page, address), address
        expect(page.locator(".verdict.ok h2")).to_have_text("Sah")
    page.goto("/sertifikat/periksa")
    page.fill("#kode", f"https://cakap.contoh{scanned}")
    page.click("main .btn.next")
    assert "asli, dan isinya sama" in said(page)
    assert not [url for url in watch.asked if "kode=" in url], "the facts stay in the browser"
    page.goto("/sertifikat/periksa")

    # Without one: the kept page says the same from the signature alone, and what it does not know.
    with town.app.app_context():
        newer = proof.address(here, _by_another_key(town, facts))
    lose_the_signal(page)
    assert "Diperiksa tanpa internet: tanda tangan asli. Pencabutan belum diperiksa." in scan(page, scanned)
    for fact in (holder, facts["t"], facts["o"], facts["g"], grouped(code)):
        assert fact in page.locator(".verdict.ok").inner_text(), fact
    assert "Keikutsertaan" not in page.inner_text("main"), "what is hidden is hidden"
    assert holder != "Sari Contoh" and "Sari Contoh" not in page.content(), "the page that is kept is nobody's"
    for address, words in (
        (elsewhere, "Milik sertifikat lain"),
        (forged, "Bukan dari kami"),
        (f"{here}#{mark[:100].lower()}", "Tidak terbaca"),
        (newer, "Perlu internet sekali"),
        (here, "Tanpa internet, kode saja tidak dapat diperiksa"),
    ):
        assert words in scan(page, address), address
    page.goto("/sertifikat/periksa")
    expect(page.locator("[data-state]:visible")).to_have_count(0)
    page.fill("#kode", f"https://cakap.contoh{scanned}")
    page.click("main .btn.next")
    assert "Pencabutan belum diperiksa." in said(page)
    kept = page.evaluate(
        "async () => { const found = []; for (const name of await caches.keys()) for (const one of"
        " await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname); return found }"
    )
    assert sorted(one for one in kept if not one.startswith("/static/")) == [
        "/.well-known/jwks.json", "/sertifikat/periksa/luring"]  # fmt: skip
    assert page.evaluate("caches.keys().then((all) => all.length)") == 1, "what was kept before is gone"
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto("/sertifikat")  # other pages are left alone
    page.wait_for_url("chrome-error://**")
    assert "Pencabutan belum diperiksa." in scan(page, scanned)

    # The signal comes back, and with it what happened meanwhile.
    with apart(town.app.extensions["db"]) as session:
        lifecycle.revoke(session, code, "Diterbitkan ganda.", None, clock.now())
    context.set_offline(False)
    expect(page.locator(".verdict.bad:visible h2")).to_have_text("Dicabut")
    assert "asli, dan isinya sama" in said(page)
    assert "asli, dan isinya sama" in scan(page, newer), "the new key came with the signal"
    lose_the_signal(page)
    assert "Pencabutan belum diperiksa." in scan(page, newer), "and is kept from then on"
    assert "Pencabutan belum diperiksa." in scan(page, scanned), "what the older key signed stays proven"
    assert not watch.elsewhere
    context.close()


def _by_another_key(town: Town, facts: dict[str, object]) -> str:
    keys.rotate(town.app.config, lambda _kid: None)
    return keys.sign(town.app.config, facts)
