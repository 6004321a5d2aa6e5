"""Writing one text: save, problems beside their lines, two people at once, hostile texts."""

from __future__ import annotations

import pytest

from tests.authoring.cast import (
    EDIT,
    HOME,
    LESSON,
    QUIZ,
    begin,
    draft,
    hidden,
    press_save,
    publish,
    shown_text,
)
from tests.builders_course import a_course_files
from tests.inspector import inspect, send, visit

FILES = a_course_files(whole=True)
TEXT = FILES[LESSON]


@pytest.fixture
def writing(app, db, budi):
    """Budi has a draft of the course."""
    publish(db)
    begin(budi)
    return budi


@pytest.fixture
def ani(enter):
    """A second trainer."""
    return enter("Ani Contoh", "trainer")


def test_budi_sees_the_problem_beside_the_right_line(writing):
    line = TEXT.split("\n").index("Pesan ini datang pada malam hari.") + 1
    broken = TEXT.replace("Pesan ini datang pada malam hari.", "Menurut kamu, apa ini?")
    reply = press_save(writing, broken, lihat="periksa")
    page = visit(writing, reply.location)
    marked = page.soup.select(".source > li.at")
    assert [one["id"] for one in marked] == [f"b{line}"]
    assert "Menurut kamu, apa ini?" in marked[0].code.text
    assert "Sapaan “kamu” tidak dipakai" in marked[0].select_one(".why").text
    assert len(page.soup.select(".source > li")) == broken.rstrip("\n").count("\n") + 1
    assert "Periksa (1)" in page.soup.select_one(".tabs").text
    course = visit(writing, HOME)
    assert course.soup.find("a", href=f"{EDIT}?lihat=periksa#b{line}")


def test_advice_is_shown_but_does_not_block(writing):
    page = visit(
        writing, press_save(writing, TEXT.replace("Pesan ini", "Setelah login, pesan ini"), lihat="periksa").location
    )
    assert len(page.soup.select(".source > li.at.mild")) == 1
    assert "Tidak ada masalah yang menghalangi" in page.text


def test_what_was_saved_is_what_is_read_again(app, db, writing):
    changed = TEXT.replace("Air laut", "  “Air” laut é").rstrip("\n") + "\n\n\n"
    assert press_save(writing, changed.replace("\n", "\r\n")).status_code == 303
    assert draft(app, db).files[LESSON] == changed
    page = visit(writing, EDIT)
    assert shown_text(page) == changed
    assert "revisi 2" in page.text and "oleh Budi Contoh" in page.text


def test_the_same_text_again_is_no_new_revision(app, db, writing):
    page = visit(writing, EDIT)
    for _ in range(2):
        assert press_save(writing, TEXT + "\nSatu baris.\n", page=page).status_code == 303
    assert press_save(writing, TEXT + "\nSatu baris.\n").status_code == 303
    assert draft(app, db).saved[LESSON].revision == 2


def test_the_meter_counts_what_a_learner_reads(writing):
    page = visit(writing, EDIT)
    meter = page.soup.select_one(".meter").text
    assert "3 kartu" in meter and "6 menit" in meter and "dari 150 KB" in meter


def test_the_phone_shows_the_lesson_and_every_feedback(writing):
    phone = visit(writing, EDIT).soup.select_one(".phone")
    assert [h.text for h in phone.select("h2")] == ["Mari bedah satu pesan", "Langkah Anda"]
    assert len(phone.select(".answer")) == 3 and "Penjelasan untuk pilihan ini" in phone.text
    assert len(visit(writing, f"{HOME}/teks/{QUIZ}").soup.select(".phone .question")) == 4
    assert len(visit(writing, f"{HOME}/teks/bank.md").soup.select(".phone .question")) == 12
    for path in ("course.toml", "rujukan.toml", "1-pesan/modul.toml"):
        assert visit(writing, f"{HOME}/teks/{path}").soup.select_one(".phone") is None


def test_every_text_of_the_course_opens_in_both_views(writing):
    for path in FILES:
        assert shown_text(visit(writing, f"{HOME}/teks/{path}")) == FILES[path]
        checked = visit(writing, f"{HOME}/teks/{path}?lihat=periksa")
        assert len(checked.soup.select(".source > li")) == FILES[path].rstrip("\n").count("\n") + 1


def test_a_stale_save_keeps_both_texts(app, db, writing, ani):
    mine, theirs = TEXT.replace("Air laut", "Air Budi"), TEXT.replace("Air laut", "Air Ani")
    page = visit(writing, EDIT)
    assert press_save(ani, theirs).status_code == 303
    reply = press_save(writing, mine, page=page)
    assert reply.status_code == 409
    both = inspect(reply, EDIT)
    assert shown_text(both) == mine and shown_text(both, "terbaru") == theirs
    assert "Ani Contoh" in both.text
    assert draft(app, db).files[LESSON] == theirs
    # Saving over it knowingly works, and only once it is known.
    assert press_save(writing, mine, page=both).status_code == 303
    assert draft(app, db).files[LESSON] == mine
    assert press_save(ani, theirs, page=page).status_code == 409


def test_words_for_a_deleted_file_are_kept_and_may_return(app, db, writing, ani):
    page = visit(writing, EDIT)
    send(ani, f"{HOME}/hapus/{LESSON}", 303, revisi="1")
    reply = press_save(writing, TEXT + "Baru.\n", page=page)
    assert reply.status_code == 409
    kept = inspect(reply, EDIT)
    assert shown_text(kept) == TEXT + "Baru.\n"
    assert press_save(writing, shown_text(kept), page=kept).status_code == 303
    assert draft(app, db).files[LESSON] == TEXT + "Baru.\n"


def test_words_for_a_draft_that_is_gone_are_kept(app, db, writing, ani):
    page = visit(writing, EDIT)
    send(ani, f"{HOME}/buang", 303, **hidden(visit(ani, f"{HOME}/buang"), f"{HOME}/buang"))
    reply = press_save(writing, TEXT + "Baru.\n", page=page)
    assert reply.status_code == 409
    assert shown_text(inspect(reply, EDIT)) == TEXT + "Baru.\n"
    assert draft(app, db) is None


HOSTILE = {
    "nul": "Kata\x00kata",
    "turned": "Kata \u202esrawret",
    "bell": "Kata\x07",
    "delete": "Kata\x7f",
    "separator": "Kata\u2028baru",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_signs_nobody_sees_are_refused_and_the_words_kept(app, db, writing, name):
    reply = press_save(writing, f"{TEXT}\n{HOSTILE[name]} penutup")
    assert reply.status_code == 422
    page = inspect(reply, EDIT)
    assert f"baris {TEXT.count(chr(10)) + 2} memuat tanda tersembunyi U+" in page.text
    assert shown_text(page).endswith("penutup") and shown_text(page).startswith("+++")
    assert draft(app, db).saved[LESSON].revision == 1
    # The box holds the text without that sign, so pressing once more saves it.
    assert press_save(writing, shown_text(page), page=page).status_code == 303


def test_a_text_of_300_kb_is_refused_and_kept(app, db, writing):
    large = "huruf " * 50_000
    reply = press_save(writing, large)
    assert reply.status_code == 422
    page = inspect(reply, EDIT)
    assert "besarnya 300 KB, paling besar 200 KB" in page.text
    assert shown_text(page) == large
    assert draft(app, db).files[LESSON] == TEXT


# What a database may take differently is above.
@pytest.mark.sqlite
@pytest.mark.parametrize(
    "text",
    [
        "",
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "x" * 10_000,
        "+++\n+++\n## <script>alert(1)</script> {#a bloom=terapkan tujuan=1}\n- [x] <b>a</b>\n  > <i>b</i>",
        "+++\njudul = " + "[" * 5_000 + "\n+++\n## a\n" + "[" * 4_000 + "\n",
        "+++\nformat = 99999999999999999999\nmenit = -1\njudul = 5\n+++\n## a\n::: pesan\n::: pesan\n:::",
        "## " + "{" * 3_000,
        "+++\n+++\n" + "---\n" * 600,
        "\n" * 4_000,
        "😀é\u0301ﷺ" * 500,
        "%(line)s %s {{ 7*7 }} {% raw %}",
    ],
)
def test_any_text_may_be_kept_and_looked_at(app, db, writing, text):
    for path in (LESSON, QUIZ, "course.toml", "rujukan.toml", "1-pesan/modul.toml", "bank.md"):
        assert press_save(writing, text, path).status_code == 303
        assert draft(app, db).files[path] == text
        address = f"{HOME}/teks/{path}"
        for reply in (writing.get(address), writing.get(f"{address}?lihat=periksa")):
            assert reply.status_code == 200
            assert "<script>alert" not in reply.text and "onerror=alert(1)>" not in reply.text.replace("&gt;", "")
    for address in (HOME, f"{HOME}/perubahan", f"{HOME}/pratinjau/pesan/materi-1", "/menulis", f"{HOME}/tambah"):
        assert writing.get(address).status_code == 200, address
    assert writing.get(f"{HOME}/unduh.zip").status_code == 200


@pytest.mark.parametrize("revision", ["", "0", "-1", "2", "99999999999999999999", "satu", "1.0", "١"])
def test_a_revision_nobody_read_never_overwrites(app, db, writing, revision):
    reply = send(writing, EDIT, 409, teks="Lain", revisi=revision)
    assert shown_text(inspect(reply, EDIT)) == "Lain"
    assert draft(app, db).files[LESSON] == TEXT


def test_a_form_without_a_text_changes_nothing(app, db, writing):
    send(writing, EDIT, 400, revisi="1")
    send(writing, EDIT, 400, **{"teks[]": "a", "revisi": "1"})
    assert writing.post(EDIT, data=b"\xff\xfe\x00", content_type="application/json").status_code == 400
    assert draft(app, db).files[LESSON] == TEXT
    # Bytes that are no UTF-8 are never an error.
    for sent, status in ((b"teks=a\xff\xfe&revisi=1", 400), (b"teks=a%FF%FE&teks=b&revisi=1&revisi=9", 303)):
        reply = writing.post(EDIT, data=sent, content_type="application/x-www-form-urlencoded")
        assert reply.status_code == status
    assert draft(app, db).files[LESSON] == "a%FF%FE"


@pytest.mark.parametrize(
    "path",
    [
        "../../etc/passwd",
        "..%2F..%2Fetc%2Fpasswd",
        "1-pesan/../course.toml",
        "1-pesan/lain.md",
        "1-pesan/01-Materi.md",
        "media/a.png",
        "course.toml.bak",
        "1-pesan\\kuis.md",
        "0-pesan/kuis.md",
        "1-pesan/01-kuis.md",
        "x" * 3_000,
        "%E2%80%AE.md",
        "1-pesan/",
    ],
)
def test_names_the_format_does_not_know_are_not_there(writing, path):
    for address in (f"{HOME}/teks/{path}", f"{HOME}/hapus/{path}"):
        assert writing.get(address).status_code in (400, 404), address
    assert send(writing, f"{HOME}/teks/{path}", teks="a", revisi="0").status_code in (400, 404, 405, 409)
    assert writing.get(f"{HOME}/unduh.zip").status_code == 200


def test_a_text_that_is_not_in_the_draft_is_not_there(app, db, writing):
    address = f"{HOME}/teks/1-pesan/09-baru.md"
    assert writing.get(address).status_code == 404
    assert send(writing, address, teks="a", revisi="5").status_code == 409
    assert "1-pesan/09-baru.md" not in draft(app, db).files


def test_reading_a_page_writes_nothing(app, db, writing, queries_made):
    with queries_made() as made:
        for address in (EDIT, f"{EDIT}?lihat=periksa", HOME, f"{HOME}/perubahan", f"{HOME}/pratinjau/pesan/materi-1"):
            visit(writing, address)
    assert not [one for one in made if not one.lstrip().upper().startswith(("SELECT", "WITH"))]


def test_a_page_of_writing_takes_few_statements(app, db, writing, queries_made):
    for address, most in ((EDIT, 2), (f"{EDIT}?lihat=periksa", 2), (HOME, 6), (f"{HOME}/pratinjau/pesan/materi-1", 2)):
        with queries_made() as made:
            visit(writing, address)
        assert len(made) <= most, made


def test_the_course_of_another_slug_is_not_there(writing):
    for address in (
        "/menulis/lain",
        "/menulis/lain/teks/course.toml",
        "/menulis/lain/perubahan",
        "/menulis/lain/tambah",
    ):
        assert writing.get(address).status_code == 404, address
    assert send(writing, "/menulis/lain/teks/course.toml", teks="a", revisi="0").status_code == 404
    assert send(writing, "/menulis/lain/mulai").status_code == 404
