"""The front page and the pages people look for; their language, their menu, and the two health checks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import create_app
from config import from_env
from tests.builders_rows import a_version
from tests.databases import settings_for
from tests.inspector import Page, visit

PAGES = {
    "/": "Belajar digital, satu papan setiap langkah.",
    "/tentang": "Tentang layanan",
    "/privasi": "Pemberitahuan privasi",
    "/bantuan": "Bantuan",
    "/aksesibilitas": "Aksesibilitas",
}
# What a browser could read as another site; and ours for each: the front page.
ELSEWHERE = (
    "//e.contoh", "/\\e.contoh", "/%09/e.contoh", "https:e.contoh", "/%2f%2fe.contoh", "\\\\e.contoh",
    "http:///e.contoh", "https://e.contoh", "//e.contoh@cakap", "/@e.contoh", "javascript:alert(1)", "/\t/e.contoh",
    "///e.contoh", "/%5ce.contoh", "/%5C/e.contoh", "%2F%2Fe.contoh", "／／e.contoh", "/／e.contoh", "／e.contoh",
    "e.contoh", " //e.contoh", "/ /e.contoh", ".", "", "data:text/html,x", "/kursus//e.contoh", "/http://e.contoh",
    "https:/e.contoh", "/\r\nSet-Cookie: x=1", "/%0d%0aLocation: //e.contoh",
)  # fmt: skip


def menu(page: Page) -> list[str]:
    return [line.get_text(strip=True) for line in page.soup.select("nav.nav a")]


@pytest.mark.parametrize(("address", "title"), PAGES.items())
def test_each_page_reads_well_for_everybody(
    guest: FlaskClient,
    sari: FlaskClient,
    budi: FlaskClient,
    dewi: FlaskClient,
    arif: FlaskClient,
    address: str,
    title: str,
) -> None:
    for who in (guest, sari, budi, dewi, arif):
        page = visit(who, address)
        assert page.soup.h1.get_text() == title
        assert page.soup.html["lang"] == "id"
        assert len(page.text) > 200
        assert len(page.soup.select("nav.nav [aria-current]")) == (address == "/" and "Beranda" in menu(page))


def test_each_role_has_its_own_words_in_the_menu(
    guest: FlaskClient, sari: FlaskClient, budi: FlaskClient, dewi: FlaskClient, arif: FlaskClient,
    enter: Callable[..., FlaskClient],
) -> None:  # fmt: skip
    assert menu(visit(guest, "/")) == ["Beranda", "Kursus", "Sertifikat"]
    assert menu(visit(sari, "/")) == ["Beranda", "Kursus", "Belajar", "Sertifikat"]
    assert menu(visit(budi, "/")) == ["Menulis", "Kursus", "Belajar"]
    assert menu(visit(dewi, "/")) == ["Rekap", "Kursus"]
    assert menu(visit(arif, "/")) == ["Kelola", "Kursus"]
    everything = enter("Nia Contoh", "admin", "analyst", "trainer", "resident")
    assert menu(visit(everything, "/")) == ["Kelola", "Rekap", "Menulis", "Kursus", "Belajar"]


def test_no_line_of_a_menu_leads_to_a_closed_door(
    guest: FlaskClient, sari: FlaskClient, budi: FlaskClient, dewi: FlaskClient, arif: FlaskClient
) -> None:
    for who in (guest, sari, budi, dewi, arif):
        for line in visit(who, "/").soup.select("nav.nav a, .foot nav a:not([hreflang]), .who a"):
            page = visit(who, str(line["href"]))
            current = [here.get_text(strip=True) for here in page.soup.select("nav.nav [aria-current=page]")]
            assert current == [line.get_text(strip=True)] or not line.find_parent("nav", class_="nav")


def test_the_next_step_on_the_front_page_is_ones_own(
    guest: FlaskClient, sari: FlaskClient, dewi: FlaskClient, arif: FlaskClient
) -> None:
    steps = {}
    for name, who in (("guest", guest), ("sari", sari), ("dewi", dewi), ("arif", arif)):
        button = visit(who, "/").soup.select_one(".btn.next")
        assert button is not None
        steps[name] = (button.get_text(strip=True), button["href"])
    assert steps == {
        "guest": ("Mulai belajar", "/daftar"),
        "sari": ("Lanjutkan belajar", "/belajar"),
        "dewi": ("Rekap", "/statistik"),
        "arif": ("Kelola", "/kelola"),
    }


def test_the_front_page_offers_four_courses_and_is_fine_without(db: Session, guest: FlaskClient) -> None:
    assert "Apa yang ingin Anda bisa?" not in visit(guest, "/").text
    for number in range(6):
        a_version(db, f"kursus-{number}", code=f"K{number}", title=f"Kursus Nomor {number}")
    db.commit()
    page = visit(guest, "/")
    assert [card.h3.get_text() for card in page.soup.select(".card")] == [f"Kursus Nomor {n}" for n in range(4)]


def test_the_form_on_the_front_page_leads_to_the_check(guest: FlaskClient) -> None:
    form = visit(guest, "/").soup.select_one("main form")
    assert form is not None
    assert (form["method"], form["action"]) == ("get", "/sertifikat/periksa")
    assert guest.get("/sertifikat/periksa?kode=7KQ2-M9XD-4TRA-0VHE").status_code in (200, 302, 303, 404)


def test_the_front_page_costs_one_statement(db: Session, guest: FlaskClient, queries_made: Callable[[], Any]) -> None:
    a_version(db)
    db.commit()
    for address, most in (("/", 1), ("/privasi", 0), ("/bantuan", 0), ("/tentang", 0)):
        with queries_made() as statements:
            visit(guest, address)
        assert len(statements) == most, address


def test_whom_to_ask_is_said_where_people_look(app: Flask, guest: FlaskClient) -> None:
    app.config["CONTACT"] = "Kantor Contoh, lantai 2"
    for address in ("/bantuan", "/privasi", "/aksesibilitas"):
        assert "Kantor Contoh, lantai 2" in visit(guest, address).text


def test_whom_to_ask_is_said_in_the_language_of_the_page(app: Flask, guest: FlaskClient, tmp_path: Path) -> None:
    app.config["CONTACT"] = from_env({"DATA": str(tmp_path)})["CONTACT"]
    assert "Hubungi petugas di kantor kelurahan Anda." in visit(guest, "/bantuan").text
    guest.set_cookie("bahasa", "en")
    assert "Contact our staff at your kelurahan office." in visit(guest, "/bantuan").text


def test_help_speaks_of_letters_only_where_letters_are_sent(app: Flask, guest: FlaskClient) -> None:
    assert "lewat surel" not in visit(guest, "/bantuan").text
    app.config["SMTP_HOST"] = "surat.contoh"
    assert "Bisakah kode dikirim lewat surel?" in visit(guest, "/bantuan").text


@pytest.mark.parametrize("address", PAGES)
def test_who_chose_english_reads_english(guest: FlaskClient, address: str) -> None:
    reply = guest.get(f"/bahasa/en?lanjut={address}")
    assert (reply.status_code, reply.location) == (302, address)
    cookie = reply.headers["Set-Cookie"]
    for part in ("bahasa=en", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"):
        assert part in cookie
    page = visit(guest, address)
    assert page.soup.html["lang"] == "en"
    link = page.soup.select_one("footer a[hreflang=id]")
    assert link is not None
    assert (link.get_text(), link["lang"]) == ("Bahasa Indonesia", "id")
    assert guest.get(str(link["href"])).location == address
    assert visit(guest, address).soup.html["lang"] == "id"


def test_the_way_back_from_another_language_keeps_the_question_out(guest: FlaskClient) -> None:
    """The footer's link names the page, not what was asked of it."""
    link = visit(guest, "/kursus?q=otp").soup.select_one("footer a[hreflang=en]")
    assert link is not None
    assert link["href"] == "/bahasa/en?lanjut=/kursus"


def test_an_unknown_language_is_not_found_and_a_forged_one_is_indonesian(guest: FlaskClient) -> None:
    for code in ("xx", "ID", "en-GB", "..", "%00", "a" * 3000):
        assert guest.get(f"/bahasa/{code}").status_code in (400, 404)
    for code in ("xx", "../en", "<script>", "a" * 3000, "en;x=1", ""):
        guest.set_cookie("bahasa", code)
        assert visit(guest, "/bantuan").soup.html["lang"] == "id"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_changing_the_language_never_leads_to_another_site(guest: FlaskClient, target: str) -> None:
    reply = guest.get("/bahasa/en", query_string={"lanjut": target})
    # Written twice over, %09 stays three plain letters to a browser: a path of this site that nobody answers.
    kept = target if target == "/%09/e.contoh" else "/"
    assert reply.status_code == 400 or (reply.status_code, reply.location) == (302, kept)
    raw = guest.get(f"/bahasa/en?lanjut={target}".replace("\r\n", "").replace("\t", "").replace(" ", "+"))
    assert raw.status_code == 400 or raw.location == "/"


def test_a_path_of_this_site_is_kept(guest: FlaskClient) -> None:
    for target in ("/kursus", "/kursus?q=a&pilar=aman", "/belajar/tolak-penipuan/satu/dua"):
        assert guest.get("/bahasa/en", query_string={"lanjut": target}).location == target


def test_the_process_is_alive_and_the_house_is_ready(guest: FlaskClient, queries_made: Callable[[], Any]) -> None:
    with queries_made() as statements:
        alive = guest.get("/healthz")
    assert (alive.status_code, alive.text, alive.mimetype, statements) == (200, "hidup\n", "text/plain", [])
    ready = guest.get("/readyz")
    assert (ready.status_code, ready.text, ready.headers["Cache-Control"]) == (200, "siap\n", "no-store")


@pytest.mark.own_database
@pytest.mark.parametrize("revision", ["0000", "9999"])
def test_a_database_of_another_revision_is_not_ready(db: Session, guest: FlaskClient, revision: str) -> None:
    db.execute(sa.text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    db.commit()
    reply = guest.get("/readyz")
    assert (reply.status_code, reply.text) == (503, "belum siap\n")
    assert guest.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "url", ["sqlite:////tidak/ada/di-sini.sqlite3", "postgresql+psycopg://cakap:rahasia@127.0.0.1:1/cakap"]
)
def test_without_its_database_the_house_is_alive_and_not_ready(tmp_path: Path, url: str) -> None:
    app = create_app(settings_for(url, tmp_path))
    guest = app.test_client()
    assert guest.get("/healthz").status_code == 200
    reply = guest.get("/readyz")
    assert (reply.status_code, reply.text) == (503, "belum siap\n")
    app.extensions["db"].dispose()


def test_the_notice_names_each_act_whose_reason_strangers_read(guest: FlaskClient) -> None:
    text = visit(guest, "/privasi").text
    assert "Jika nama dikoreksi, atau sertifikat dicabut atau dipulihkan, waktu dan alasannya juga terlihat." in text
