"""The list of courses, new courses, drafts, files added and deleted, and who may enter."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.authoring.cast import (
    EDIT,
    HOME,
    LESSON,
    begin,
    draft,
    hidden,
    press_publish,
    press_save,
    publish,
    shown_text,
)
from tests.builders_course import a_course_files
from tests.inspector import inspect, send, visit

FILES = a_course_files(whole=True)
GETS = ("/menulis", HOME, EDIT, f"{HOME}/perubahan", f"{HOME}/buang", f"{HOME}/tambah", f"{HOME}/hapus/{LESSON}",
        f"{HOME}/unduh.zip", f"{HOME}/pratinjau/pesan/materi-1")  # fmt: skip
POSTS = ("/menulis", f"{HOME}/mulai", f"{HOME}/terbitkan", f"{HOME}/lanjutkan", f"{HOME}/buang", f"{HOME}/tambah",
         f"{HOME}/hapus/{LESSON}", EDIT)  # fmt: skip


@pytest.fixture
def writing(db, budi):
    publish(db)
    begin(budi)
    return budi


@pytest.mark.parametrize("who", ["guest", "sari", "dewi", "arif"])
def test_only_trainers_come_in(request, app, db, writing, who):
    client = request.getfixturevalue(who)
    before = draft(app, db)
    for address in GETS:
        reply = client.get(address)
        assert reply.status_code == (302 if who == "guest" else 403), address
        assert "Tiga" not in reply.text and "Pesan ini" not in reply.text
    for address in POSTS:
        reply = send(client, address, None, teks="a", revisi="1", judul="A", alamat="b", perubahan="x")
        assert reply.status_code == (302 if who == "guest" else 403), address
    assert draft(app, db) == before


def test_a_list_without_courses_says_how_to_begin(budi):
    page = visit(budi, "/menulis")
    assert "Belum ada kursus" in page.text and page.soup.find(id="alamat")


def test_the_list_says_what_is_published_and_who_saved_last(db, writing, enter):
    publish(db, slug="kedua")
    ani = enter("Ani Contoh", "trainer")
    press_save(ani, FILES[LESSON] + "\nLagi.\n")
    page = visit(writing, "/menulis")
    assert "Draf dari versi 1" in page.text and "oleh Ani Contoh" in page.text
    assert page.soup.find("form", action="/menulis/kedua/mulai")
    assert not page.soup.find("form", action=f"{HOME}/mulai")


def test_the_list_takes_the_same_statements_for_many_courses(db, writing, queries_made):
    with queries_made() as few:
        visit(writing, "/menulis")
    for n in range(5):
        publish(db, slug=f"kursus-{n}")
        begin(writing, f"kursus-{n}")
    with queries_made() as many:
        visit(writing, "/menulis")
    assert len(few) == len(many) <= 4, "who, courses, drafts, and the appeals that wait"


def test_beginning_twice_keeps_the_draft(app, db, writing):
    press_save(writing, FILES[LESSON] + "\nBaru.\n")
    before = draft(app, db)
    begin(writing)
    assert draft(app, db) == before


def test_a_course_without_a_draft_leads_to_its_own_page(db, budi):
    publish(db)
    for address in (EDIT, f"{HOME}/perubahan", f"{HOME}/buang", f"{HOME}/tambah", f"{HOME}/unduh.zip",
                    f"{HOME}/pratinjau/pesan/materi-1"):  # fmt: skip
        reply = budi.get(address)
        assert reply.status_code == 302 and reply.location == HOME, address
    assert "Mulai draf dari versi 1" in visit(budi, HOME).text


def test_budi_begins_a_new_course(app, db, budi):
    for _ in range(2):
        reply = send(budi, "/menulis", 303, judul='Belanja “Aman” \\ "hemat"', alamat="belanja-aman")
        assert reply.location == "/menulis/belanja-aman"
    page = visit(budi, "/menulis/belanja-aman")
    assert page.soup.h1.text == "Menulis: Belanja “Aman” \\ “hemat”"
    found = draft(app, db, "belanja-aman")
    assert found.base_number == 0 and len(found.files) == 7
    assert budi.get("/kursus/belanja-aman").status_code == 404
    assert "Belum pernah terbit" in visit(budi, "/menulis").text
    # What is still to be written is named, and nothing of it is unreadable.
    assert "Materi ini 40 kata. Tulis 350 sampai 550 kata." in page.text
    for path in found.files:
        visit(budi, f"/menulis/belanja-aman/teks/{path}")


def test_a_new_course_is_published_as_version_1(app, db, budi):
    send(budi, "/menulis", 303, judul="Baru", alamat="contoh")
    for path in ("1-modul-pertama/01-materi-pertama.md", "1-modul-pertama/praktik.md", "1-modul-pertama/kuis.md"):
        send(budi, f"{HOME}/hapus/{path}", 303, revisi="1")
    send(budi, f"{HOME}/hapus/1-modul-pertama/modul.toml", 303, revisi="1")
    for path, text in FILES.items():
        send(budi, f"{HOME}/teks/{path}", 303, teks=text, revisi="1" if "/" not in path else "0")
    assert draft(app, db).files == FILES
    assert press_publish(budi).status_code == 303
    assert "Versi 1 terbit" in visit(budi, HOME).text
    assert visit(budi, "/kursus/contoh").status == 200


@pytest.mark.parametrize(
    ("title", "slug", "field"),
    [
        ("", "a", "judul"),
        ("Judul", "", "alamat"),
        ("Judul", "Huruf Besar", "alamat"),
        ("Judul", "../etc", "alamat"),
        ("Judul", "a--b", "alamat"),
        ("Judul", "x" * 65, "alamat"),
        ("Judul", "a\x00b", "alamat"),
        ("Judul\x00", "a", "judul"),
        ("Judul\ndua", "a", "judul"),
        ("Judul\u202e", "a", "judul"),
        ("x" * 10_000, "a", "judul"),
    ],
)
def test_a_new_course_with_a_strange_name_is_refused_and_kept(db, budi, title, slug, field):
    page = inspect(send(budi, "/menulis", 422, judul=title, alamat=slug), "/menulis")
    assert page.soup.find(id=field)["aria-invalid"] == "true"
    other = "alamat" if field == "judul" else "judul"
    assert page.soup.find(id=other).get("value", "") == (slug if other == "alamat" else title)
    assert "Belum ada kursus" in page.text


def test_an_address_in_use_is_not_given_away(app, db, writing, enter):
    publish(db, slug="kedua")
    send(writing, "/menulis", 303, judul="Milik Budi", alamat="ketiga")
    ani = enter("Ani Contoh", "trainer")
    for slug in ("contoh", "kedua", "ketiga"):
        page = inspect(send(ani, "/menulis", 422, judul="Lain", alamat=slug), "/menulis")
        assert f"Alamat “{slug}” sudah dipakai kursus lain" in page.text
    assert draft(app, db).files == FILES


def test_a_new_lesson_module_and_quiz(app, db, writing):
    page = visit(writing, f"{HOME}/tambah")
    assert [one["value"] for one in page.soup.select("#modul option")] == ["", "1-pesan", "2-pintu"]
    reply = send(writing, f"{HOME}/tambah", 303, jenis="lesson", modul="1-pesan", judul="Jam Malam, Éé!")
    assert reply.location == f"{HOME}/teks/1-pesan/05-jam-malam-ee.md"
    assert visit(writing, reply.location).soup.h1.text == "Menulis: Jam Malam, Éé!"
    assert send(writing, f"{HOME}/tambah", 303, jenis="module", judul="Modul Tiga").location.endswith(
        "3-modul-tiga/modul.toml"
    )
    send(writing, f"{HOME}/tambah", 303, jenis="lesson", modul="3-modul-tiga", judul="Satu")
    files = draft(app, db).files
    assert set(files) - set(FILES) == {
        "1-pesan/05-jam-malam-ee.md",
        "3-modul-tiga/modul.toml",
        "3-modul-tiga/kuis.md",
        "3-modul-tiga/praktik.md",
        "3-modul-tiga/01-satu.md",
    }
    assert "Modul 3. Modul Tiga" in visit(writing, HOME).text


def test_adding_what_is_there_leaves_it_alone(app, db, writing):
    for kind in ("practice", "quiz"):
        assert send(writing, f"{HOME}/tambah", 303, jenis=kind, modul="1-pesan").status_code == 303
    assert draft(app, db).files == FILES
    send(writing, f"{HOME}/hapus/1-pesan/kuis.md", 303, revisi="1")
    for _ in range(2):
        send(writing, f"{HOME}/tambah", 303, jenis="quiz", modul="1-pesan")
    assert "1-pesan/kuis.md" in draft(app, db).files


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"jenis": "apa", "modul": "1-pesan", "judul": "A"},
        {"jenis": "lesson", "modul": "", "judul": "A"},
        {"jenis": "lesson", "modul": "../..", "judul": "A"},
        {"jenis": "lesson", "modul": "9-tidak-ada", "judul": "A"},
        {"jenis": "lesson", "modul": "1-pesan", "judul": ""},
        {"jenis": "lesson", "modul": "1-pesan", "judul": "!!!"},
        {"jenis": "lesson", "modul": "1-pesan", "judul": "Kuis"},
        {"jenis": "lesson", "modul": "1-pesan", "judul": "Materi 1"},
        {"jenis": "lesson", "modul": "1-pesan\x00", "judul": "A\x00"},
        {"jenis": "lesson", "modul": "1-pesan", "judul": "x" * 10_000},
        {"jenis": "module", "judul": "Pesan"},
        {"jenis": "module", "judul": "😀"},
        {"jenis[]": "lesson", "modul": "1-pesan", "judul": "A"},
    ],
)
def test_a_strange_file_is_refused_in_a_sentence(app, db, writing, sent):
    page = inspect(send(writing, f"{HOME}/tambah", 422, **sent), f"{HOME}/tambah")
    assert page.soup.select_one("#salah li") and draft(app, db).files == FILES


def test_deleting_asks_first_and_twice_is_once(app, db, writing):
    page = visit(writing, f"{HOME}/hapus/{LESSON}")
    fields = hidden(page, f"{HOME}/hapus/{LESSON}")
    assert LESSON in draft(app, db).files
    for _ in range(2):
        send(writing, f"{HOME}/hapus/{LESSON}", 303, **fields)
    assert LESSON not in draft(app, db).files
    assert "Dihapus" in visit(writing, HOME).text
    visit(writing, f"{HOME}/perubahan")


def test_a_text_somebody_changed_is_not_deleted(app, db, writing):
    page = visit(writing, f"{HOME}/hapus/{LESSON}")
    press_save(writing, FILES[LESSON] + "\nBaru.\n")
    reply = send(writing, f"{HOME}/hapus/{LESSON}", 409, **hidden(page, f"{HOME}/hapus/{LESSON}"))
    assert "sudah diubah sejak Anda membukanya" in inspect(reply, EDIT).text
    assert LESSON in draft(app, db).files


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("course.toml", "wajib ada di setiap kursus"),
        ("rujukan.toml", "wajib ada di setiap kursus"),
        ("bank.md", "wajib ada di setiap kursus"),
        ("1-pesan/modul.toml", "masih berisi 6 berkas lain"),
    ],
)
def test_what_a_course_stands_on_is_not_deleted(app, db, writing, path, sentence):
    assert sentence in inspect(send(writing, f"{HOME}/hapus/{path}", 409, revisi="1"), HOME).text
    assert path in draft(app, db).files


def test_discarding_asks_first_and_leaves_what_is_published(app, db, writing):
    page = visit(writing, f"{HOME}/buang")
    fields = hidden(page, f"{HOME}/buang")
    press_save(writing, FILES[LESSON] + "\nBaru.\n")
    changed = inspect(send(writing, f"{HOME}/buang", 409, **fields), f"{HOME}/buang")
    assert "berubah sejak Anda membuka" in changed.text and draft(app, db) is not None
    assert "1 berkas yang berubah akan hilang" in changed.text
    for _ in range(2):
        send(writing, f"{HOME}/buang", 303, **hidden(changed, f"{HOME}/buang"))
    assert draft(app, db) is None
    assert "Versi 1" in visit(writing, HOME).text


def test_the_draft_is_taken_home_as_a_zip(writing):
    press_save(writing, FILES[LESSON] + "\nBaru.\n")
    reply = writing.get(f"{HOME}/unduh.zip")
    assert reply.mimetype == "application/zip" and 'filename="contoh-draf.zip"' in reply.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(reply.data)) as archive:
        held = {name: archive.read(name).decode() for name in archive.namelist()}
    assert held == {f"contoh/{path}": text for path, text in (FILES | {LESSON: FILES[LESSON] + "\nBaru.\n"}).items()}


def test_the_changes_are_shown_line_by_line(writing):
    assert "Belum ada yang berubah" in visit(writing, f"{HOME}/perubahan").text
    press_save(writing, FILES[LESSON].replace("Pesan ini datang", "Pesan ini tiba"))
    page = visit(writing, f"{HOME}/perubahan")
    rows = [[cell.get_text(strip=True) for cell in row.select("td")] for row in page.soup.select("tbody tr")]
    assert ["Hilang", "Pesan ini datang pada malam hari."] in rows
    assert ["Baru", "Pesan ini tiba pada malam hari."] in rows
    assert len(rows) < 10


def test_the_course_page_marks_what_changed(writing):
    press_save(writing, FILES[LESSON] + "\nBaru.\n")
    page = visit(writing, HOME)
    row = page.soup.find("a", href=EDIT).find_parent("li")
    assert "Diubah" in row.text
    assert "1 berkas berubah" in page.text
    assert shown_text(visit(writing, EDIT)).endswith("Baru.\n")
