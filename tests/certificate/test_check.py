"""Checking without the page of a certificate: our keys, many codes at once, and what a browser keeps for later."""

from __future__ import annotations

import csv
import io
import re

import pytest

from app.certificate import keys, lifecycle
from app.certificate.code import grouped
from tests.builders import NOON
from tests.certificate.cast import certified, events, writing
from tests.inspector import inspect, visit

MANY = "/sertifikat/periksa/banyak"


def pasted(client, text, status=200, **more):
    answer = client.post(MANY, data={"kode": text, **more})
    assert answer.status_code == status
    return answer


def test_everybody_may_read_the_keys_and_an_older_one_still_proves(app, guest, db):
    token = keys.sign(app.config, {"c": "x"})
    ran = app.test_cli_runner().invoke(args=["certificate", "rotate-key"])
    answer = guest.get("/.well-known/jwks.json")
    told = answer.json["keys"]
    assert len(told) == 2 and told[0]["kid"] in ran.output, "the newest comes first"
    assert [one.data for one in events(db, "key.rotated")] == [{"kid": told[0]["kid"]}]
    assert all(key.keys() == {"kty", "crv", "x", "y", "kid", "use", "alg"} for key in told), "and nothing secret"
    assert keys.read(app.config, token) == {"c": "x"}
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = guest.get("/.well-known/jwks.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    listed = app.test_cli_runner().invoke(args=["certificate", "keys"]).output.splitlines()
    assert [line.split()[0] for line in listed[:2]] == [key["kid"] for key in told]


def test_many_codes_are_answered_in_one_table_and_one_statement(app, db, guest, sari, joko, queries_made):
    mine = certified(app, db, sari.person)
    other = certified(app, db, joko.person, "lain")
    with writing(app) as s:
        lifecycle.revoke(s, other.code, "Diterbitkan ganda.", None, NOON)
    slip = grouped(mine.code)[:-1] + ("0" if mine.code[-1] != "0" else "1")
    text = "\r\n".join(
        (
            f"Sari Contoh\t{grouped(mine.code)}\t2026",
            "",
            f" https://cakap.contoh/sertifikat/{grouped(other.code)}#ABCDEFGH ",
            slip,
            mine.code.lower(),
            "0000 0000 0000 0000",
        )
    )
    with queries_made() as asked:
        answer = pasted(guest, text)
    assert len(asked) == 1
    rows = [
        [cell.get_text() for cell in row.select("td")] for row in inspect(answer, MANY).soup.select("main tbody tr")
    ]
    facts = ["Sari Contoh", "Kursus Contoh", "2", mine.number, "2026-11-23"]
    assert rows[0] == ["1", "Sah", grouped(mine.code), *facts, ""]
    assert rows[1][:4] == ["3", "Dicabut", grouped(other.code), "Joko Contoh"]
    assert rows[1][-1] == "Dicabut 23 November 2026"
    assert rows[2] == ["4", "Salah ketik", slip, "", "", "", "", "", ""]
    assert rows[3] == ["5", "Sah", grouped(mine.code), *facts, "Sama dengan baris 1"]
    assert rows[4][:3] == ["6", "Tidak ditemukan", "0000-0000-0000-0000"] and not any(rows[4][3:])
    assert answer.headers["Cache-Control"] == "no-store" and "noindex" in answer.headers["X-Robots-Tag"]
    assert "1 dari 5 sah" not in answer.text and "2 dari 5 sah" in answer.text
    for kind, sign, start in (("csv", ",", ""), ("excel", ";", "\ufeff")):
        file = pasted(guest, text, unduh=kind)
        assert file.mimetype == "text/csv" and file.text.startswith(start + "Baris")
        assert "attachment" in file.headers["Content-Disposition"] and file.headers["Cache-Control"] == "no-store"
        assert list(csv.reader(io.StringIO(file.text), delimiter=sign))[1:] == rows, "the file says what the page says"


def test_peer_wagtail_3466_no_line_runs_in_a_spreadsheet(guest):
    """Formulas came out of exports as formulas (wagtail #3466, classroomio #1080)."""
    file = pasted(guest, "=HYPERLINK(1)\n@SUM(1)\n+62 812", unduh="csv")
    cells = [row[2] for row in csv.reader(io.StringIO(file.text))][1:]
    assert cells == ["'=HYPERLINK(1)", "'@SUM(1)", "'+62 812"]
    page = inspect(pasted(guest, "<script>alert(1)</script>"), MANY)
    assert "<script>alert(1)</script>" in page.text and not page.soup.select("main script")


def test_too_many_or_none_are_said_in_a_sentence_and_kept(guest):
    assert "paling sedikit satu kode" in inspect(pasted(guest, " \n ", 422), MANY).text
    text = "\n".join(f"kode {number}" for number in range(101))
    page = inspect(pasted(guest, text, 422), MANY)
    assert "Paling banyak 100 kode sekali periksa. Anda menempelkan 101." in page.text
    assert page.soup.select_one("#kode").get_text() == text
    assert inspect(pasted(guest, text.rpartition("\n")[0]), MANY).soup.select("tbody tr")[99]


class TestWithLimits:
    """Rate limits, switched on."""

    @pytest.fixture
    def settings(self, settings):
        return settings | {"COUNT_TRIES": True}

    def test_ten_pages_a_minute_then_a_pause(self, guest):
        answers = [guest.post(MANY, data={"kode": "x"}).status_code for _ in range(11)]
        assert answers == [200] * 10 + [429]


@pytest.mark.sqlite
def test_what_a_browser_keeps_is_the_same_for_everybody(app, guest, sari):
    shell, script = "/sertifikat/periksa/luring", "/sertifikat/periksa/luring.js"
    page = visit(guest, shell)
    assert page.html == sari.get(shell).text and "Sari" not in page.html
    answer = guest.get(script)
    assert answer.mimetype == "text/javascript" and answer.headers["Service-Worker-Allowed"] == "/sertifikat"
    assert answer.text == sari.get(script).text
    # All that the page needs is kept, and nothing else.
    needed = {tag.get("src") or tag.get("href") for tag in page.soup.select("script, link[rel]")}
    kept = set(re.findall(r'"(/[^"]*)"', answer.text))
    assert needed < kept
    assert kept - needed == {shell, "/.well-known/jwks.json", "/static/fonts/plus-jakarta-sans-700.woff2"}
    for address in kept:
        assert guest.get(address).status_code == 200, address
    guest.set_cookie("bahasa", "en")
    assert guest.get(script).text != answer.text, "another page makes another script"
