"""What anybody sees who holds a code: valid, revoked, not found."""

from __future__ import annotations

import re
import secrets
from urllib.parse import quote

import brotli
import pytest

from app.certificate import layout, lifecycle, queries
from app.certificate.code import grouped
from tests.builders import NOON
from tests.certificate.cast import certified, tool, words, writing
from tests.inspector import inspect, visit

SIGNED = {
    "SIGNATORY_NAME": "Ratna Rekaan, S.Kom.",
    "SIGNATORY_TITLE": "Kepala Bidang Contoh",
    "SIGNATORY_NIP": "000000000000000000",
}


@pytest.fixture
def settings(settings):
    return settings | {"BASE_URL": "https://cakap.contoh"}


@pytest.fixture
def made(app, db, sari):
    app.config.update(SIGNED)
    return certified(app, db, sari.person)


def test_an_hr_officer_reads_valid_first(client, made):
    page = visit(client, f"/sertifikat/{grouped(made.code)}")
    assert page.soup.select_one(".verdict.ok h2").get_text() == "Sah"
    for fact in ("Sari Contoh", "Kursus Contoh", made.number, "2 JP (90 menit)", "Memuaskan", "23 November 2026"):
        assert fact in page.text, fact
    assert "Anda berada di cakap.contoh." in page.text
    assert re.search(r"Diperiksa \d+ \w+ \d{4} pukul \d\d\.\d\d WITA", page.text)
    assert (
        page.soup.select_one("link[rel=canonical]")["href"] == f"https://cakap.contoh/sertifikat/{grouped(made.code)}"
    )


def test_peer_customcert_430_the_page_shows_every_printed_fact(client, sari, made):
    """An edited paper is found out only if the page shows all that the paper says (mod_customcert #430, #424)."""
    pdf = sari.get(f"/sertifikat/{made.code}/unduh").data
    page = visit(client, f"/sertifikat/{grouped(made.code)}")
    paper = words(tool("pdftotext", "-", "-", sent=pdf))
    facts = [
        made.number, "Sari Contoh", "Kursus Contoh", "Memuaskan", "15–23 November 2026", "Daring mandiri",
        "2 JP (90 menit)", "Bontang, 23 November 2026", "Cakap Bontang", "CONTOH", "Pelatihan Kompetensi Digital Warga",
        *SIGNED.values(), grouped(made.code), "Kode kursus K99", "versi 1", "tingkat Dasar 2", "Membaca Pesan",
        "Menutup Pintu", "Aman", "4.2 Melindungi data pribadi", "Nilai 80 dari 100", "1 JP = 45 menit",
    ]  # fmt: skip
    facts[facts.index("versi 1")] = f"versi {made.facts['version']}"
    for fact in facts:
        assert fact in paper, f"{fact} is not on the paper"
        assert fact in page.text, f"{fact} is on the paper and not on the page"
    # Whatever else the paper says must stand on every paper, so that no new fact escapes this list.
    left = paper
    for known in sorted({*facts, *EVERY_PAPER, f"https://cakap.contoh/sertifikat/{grouped(made.code)}"}, key=len)[::-1]:
        left = left.replace(known, " ")
    assert not re.findall(r"\w{2,}", left), f"the paper says more than the page: {words(left)}"


EVERY_PAPER = (
    *("SERTIFIKAT", "Nomor", "Nama", "Diberikan kepada", "telah mengikuti dan dinyatakan LULUS pelatihan", "Metode"),
    *("Pelaksanaan", "Jumlah jam pelajaran (JP)", "Jumlah", "Predikat", "Daftar materi", "Modul", "DigComp 3.0"),
    *("DigComp", "Pilar", "JP", "Pemegang", "Ambang lulus", "Jam pelajaran", "Kompetensi", "Periksa di", "Kode", "NIP"),
    *("dan privasi", "4.2", layout._CLAIMS["none"] % "Sertifikat", layout._NOTE % "sertifikat"),
)


def test_the_page_shows_what_the_paper_shows_and_nothing_more(db, client, sari, made):
    sari.person.name, sari.person.email = "Sari Menikah", "sari@surel.contoh"
    db.commit()
    html = client.get(f"/sertifikat/{grouped(made.code)}").text
    # Random or counted on, these may hold the score by chance.
    for figures in (grouped(made.code), made.code, f"versi {made.facts['version']}"):
        html = html.replace(figures, "")
    for secret in ("85", "Sari Menikah", sari.person.username, "surel.contoh", "Bontang Kuala", "1990", "64.74"):
        assert secret not in re.sub(r"<svg.*?</svg>|/static/\S+", "", html, flags=re.S), secret


def test_a_revoked_certificate_says_when_and_why(app, client, made):
    with writing(app) as s:
        lifecycle.revoke(s, made.code, "Diterbitkan ganda.", None, NOON)
    page = visit(client, f"/sertifikat/{grouped(made.code)}")
    assert page.soup.select_one(".verdict.bad h2").get_text() == "Dicabut"
    for fact in ("dicabut pada 23 November 2026", "Diterbitkan ganda.", "Sari Contoh", "Kursus Contoh", made.number):
        assert fact in page.text, fact
    assert not page.soup.select(".verdict.ok") and "masih berlaku" not in page.text


def order(page):
    """The verdict and the place of what a script says about the signature, as they follow each other."""
    return ["proof" if one.has_attr("data-proof") else "verdict" for one in page.soup.select(".verdict, [data-proof]")]


def test_a_true_signature_never_looks_like_approval_of_what_does_not_count(app, client, made):
    here = f"/sertifikat/{grouped(made.code)}"
    page = visit(client, here)
    assert order(page) == ["proof", "verdict"] and page.soup.select(".note.ok[data-state=signed]")
    with writing(app) as s:
        lifecycle.revoke(s, made.code, "Diterbitkan ganda.", None, NOON)
    page = visit(client, here)
    assert order(page) == ["verdict", "proof"] and not page.soup.select(".note.ok")
    said = {one["data-state"]: one.get_text() for one in page.soup.select("[data-state]")}
    for state in ("signed", "older", "different"):
        assert "dicabut" in said[state] and "berlaku" not in said[state], state
    with writing(app) as s:
        lifecycle.remove(s, made.code, "Diminta pemegang.", None, NOON)
    page = visit(client, here, 404)
    assert order(page) == ["verdict", "proof"]
    assert "bad" in page.soup.select_one("[data-state=gone]")["class"]


def test_a_paper_that_differs_is_not_said_to_be_false_where_it_may_be_an_older_edition(app, client, made):
    with writing(app) as s:
        lifecycle.correct(s, made.code, "Sari Cohen", "Ejaan.", seen=1, by=None, now=NOON, settings=app.config)
    text = visit(client, f"/sertifikat/{grouped(made.code)}").text
    assert "Jika ada yang berbeda, kertas itu tidak berlaku." in text and "bukan yang kami terbitkan" not in text


@pytest.mark.parametrize(
    "code",
    [
        "0000-0000-0000-0000",
        "x",
        "Sari Contoh",
        "K99",
        "1",
        "A" * 10_000,
        "\U0001f600",
        "<script>",
        "' OR 1=1 --",
        "=cmd",
    ],
)
def test_what_is_not_there_is_not_found(client, made, code):
    page = visit(client, f"/sertifikat/{quote(code)}", 404)
    assert page.soup.select_one(".verdict.none h2").get_text() == "Tidak ditemukan"


def test_a_null_byte_is_refused_and_bytes_that_are_no_letters_are_not_found(client):
    assert client.get("/sertifikat/%00").status_code == 400
    assert client.get("/sertifikat/%ff%fe").status_code == 404


def test_random_codes_are_answered_alike(client, made, queries_made):
    """Nobody learns from an answer whether somebody holds a certificate."""
    seen = set()
    for _ in range(12):
        code = grouped("".join(secrets.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(16)))
        with queries_made() as asked:
            answer = client.get(f"/sertifikat/{code}")
        moment = re.compile(r"Diperiksa [^<]*WITA")
        seen.add((answer.status_code, len(asked), moment.sub("", answer.text.replace(code, ""))))
    assert len(seen) == 1
    assert next(iter(seen))[:2] == (404, 1)


def test_every_way_of_writing_a_code_leads_to_one_address(client, made):
    home = f"/sertifikat/{grouped(made.code)}"
    typed = made.code.replace("0", "O").replace("1", "l").lower()
    for code in (made.code, made.code.lower(), typed, f"  {grouped(made.code)} ", grouped(made.code).replace("-", "–")):
        answer = client.get(f"/sertifikat/{quote(code)}")
        assert (answer.status_code, answer.location) == (302, home), code


def test_the_page_is_small_and_leaves_nothing_behind(client, made):
    answer = client.get(f"/sertifikat/{grouped(made.code)}", headers={"Accept-Encoding": "br"})
    assert len(answer.data) < 10_000 and b"Sari Contoh" in brotli.decompress(answer.data)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert 'name="robots" content="noindex, nofollow"' in brotli.decompress(answer.data).decode()
    assert client.get("/sertifikat/0000-0000-0000-0000").headers["X-Robots-Tag"] == "noindex, nofollow"


def test_in_english_what_the_paper_says_stays_indonesian(client, made):
    client.set_cookie("bahasa", "en")
    page = visit(client, f"/sertifikat/{grouped(made.code)}")
    assert page.soup.html["lang"] == "en"
    (issued,) = (
        one for one in page.soup.select("dd") if "23 November 2026" in one.get_text() and "Bontang" in one.get_text()
    )
    assert issued["lang"] == "id"


class TestWithLimits:
    """Rate limits, switched on."""

    @pytest.fixture
    def settings(self, settings):
        return settings | {"COUNT_TRIES": True}

    def test_sixty_looks_a_minute_then_a_pause(self, app, client, made, queries_made):
        with queries_made() as asked:
            assert client.get(f"/sertifikat/{grouped(made.code)}").status_code == 200
        assert len(asked) <= 3
        answers = [client.get("/sertifikat/0000-0000-0000-0000") for _ in range(60)]
        assert [one.status_code for one in answers] == [404] * 59 + [429]
        assert answers[-1].headers["Retry-After"] == "60"
        assert inspect(answers[-1], "429").text.startswith("Terlalu banyak percobaan")


def test_the_form_leads_to_the_page(client, made):
    assert visit(client, "/sertifikat/periksa").soup.select_one("#kode")
    home = f"/sertifikat/{grouped(made.code)}"
    for typed in (made.code, grouped(made.code).lower(), f"https://cakap.contoh{home}", f" {home}/ "):
        answer = client.get("/sertifikat/periksa", query_string={"kode": typed})
        assert (answer.status_code, answer.location) == (302, home), typed


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Tulis kode 20 huruf dan angka"),
        ("   ", "Tulis kode 20 huruf dan angka"),
        ("7KQ2-M9XD", "Kode ini belum lengkap atau salah ketik."),
        ("U" * 16, "Kode ini belum lengkap atau salah ketik."),
        ("A" * 10_000, "Kode ini belum lengkap atau salah ketik."),
        ("<script>alert(1)</script>", "Kode ini belum lengkap atau salah ketik."),
        ("//jahat.contoh/sertifikat/x", "Kode ini belum lengkap atau salah ketik."),
    ],
)
def test_what_cannot_be_a_code_is_kept_and_explained(client, typed, sentence):
    answer = client.get("/sertifikat/periksa", query_string={"kode": typed})
    assert answer.status_code == 422
    page = inspect(answer, "periksa")
    assert sentence in page.text
    assert page.soup.select_one("#kode")["value"] == typed.strip()


def test_odd_questions_to_the_form_are_harmless(client, made):
    assert client.get("/sertifikat/periksa?kode=%00").status_code == 400
    assert client.get("/sertifikat/periksa?kode=%ff%fe").status_code == 422
    assert client.get("/sertifikat/periksa?kode[]=1&lain=2").status_code == 200
    twice = client.get(f"/sertifikat/periksa?kode={made.code}&kode=x")
    assert twice.location == f"/sertifikat/{grouped(made.code)}"
    assert client.post("/sertifikat/periksa").status_code == 405


@pytest.mark.postgres
@pytest.mark.parametrize(("read", "page"), [("story", ""), ("paper_of", "/unduh"), ("credential_of", "/lencana")])
def test_a_certificate_that_is_removed_while_it_is_read_is_not_found(app, made, sari, monkeypatch, read, page):
    """Each statement there sees what others have committed before it; on SQLite a request sees one moment."""
    asked = getattr(queries, read)

    def meanwhile(*given):
        with writing(app) as session:
            lifecycle.remove(session, made.code, "Diminta.", None, NOON)
        return asked(*given)

    monkeypatch.setattr(queries, read, meanwhile)
    assert inspect(sari.get(f"/sertifikat/{grouped(made.code)}{page}"), page).status == 404
