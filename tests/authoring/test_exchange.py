"""Questions of other systems into a draft: first a look, then all or none; and those of a draft out again."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.exchange import gift, moodle_xml, sniff
from tests.authoring.cast import HOME, QUIZ, begin, draft, hidden, publish, shown_text
from tests.builders_course import a_course_files
from tests.builders_items import PICTURES, a_question_of
from tests.exchange.samples import SHARED, fixture
from tests.inspector import inspect, send, visit

IMPORT, APPEND, EXPORT = f"{HOME}/impor", f"{HOME}/impor/tambahkan", f"{HOME}/ekspor"
GIFT = """::Nomor lama::Mana yang paling aman?{
=Menelepon nomor lama#Benar. Nomor itu sudah Anda kenal.
~Membuka tautan#Salah. Tautan itu dari pengirim.
~Membalas pesan#Salah. Yang menjawab orang yang sama.
}

::Cerita::Ceritakan pengalaman Anda.{}

::Nomor lama::[html]Mana <b>tandanya</b>?<script>x()</script>{=Desakan ~Salam}
"""
HOSTILE = sorted(path.name for path in (SHARED / "malicious").glob("*")) if SHARED.exists() else []


@pytest.fixture
def writing(db, budi):
    publish(db)
    begin(budi)
    return budi


def bring(client: Any, data: bytes, name: str = "soal.txt", target: str = QUIZ) -> TestResponse:
    """Chooses a file and presses “Lihat isinya”."""
    sent = {"berkas": (io.BytesIO(data), name), "sasaran": target}
    return client.post(IMPORT, data=sent, content_type="multipart/form-data")


def looked_at(client: Any, data: bytes, target: str = QUIZ) -> Any:
    reply = bring(client, data, target=target)
    assert reply.status_code == 200, reply.text[:500]
    return inspect(reply, IMPORT)


def take(client: Any, page: Any, text: str | None = None) -> TestResponse:
    """Presses “Tambahkan ke …” below a look at a file."""
    return send(client, APPEND, None, **hidden(page, APPEND), teks=shown_text(page) if text is None else text)


def test_a_look_shows_what_comes_in_and_why_the_rest_does_not_and_keeps_nothing(app, db, writing):
    before = draft(app, db)
    page = looked_at(writing, GIFT.encode())
    assert "2 soal dapat masuk" in page.text and "1 soal tidak" in page.text
    assert "Mana yang paling aman?" in page.text and "Satu jawaban" in page.text
    assert "Cerita: Soal esai dinilai oleh orang" in page.text and "baris 7, essay" in page.text
    assert "## Mana yang paling aman? {#nomor-lama}" in shown_text(page)
    assert "## Mana **tandanya**? {#nomor-lama-2}" in shown_text(page)
    assert "x()" not in page.text
    assert draft(app, db) == before


def test_what_was_looked_at_stands_at_the_end_of_the_file_once_however_often_it_is_pressed(app, db, writing):
    old = draft(app, db).saved[QUIZ]
    page = looked_at(writing, GIFT.encode())
    reply = take(writing, page)
    assert reply.status_code == 303 and reply.headers["Location"].startswith(f"{HOME}/teks/{QUIZ}?lihat=periksa")
    new = draft(app, db).saved[QUIZ]
    assert new.text.startswith(old.text.rstrip("\n")) and new.revision == old.revision + 1
    assert new.text.endswith(shown_text(page).strip("\n") + "\n")
    assert take(writing, page).status_code == 303
    assert draft(app, db).saved[QUIZ] == new
    assert "2 soal ditambahkan ke draf." in visit(writing, f"{HOME}/teks/{QUIZ}?lihat=periksa").text


def test_what_the_file_lacks_is_a_problem_of_the_draft(writing):
    take(writing, looked_at(writing, GIFT.encode()))
    page = visit(writing, f"{HOME}/teks/{QUIZ}?lihat=periksa")
    assert "Soal harus menyebut bloom=" in page.text and "belum punya umpan balik" in page.text


def test_the_trainer_may_change_the_text_before_it_comes_in(app, db, writing):
    page = looked_at(writing, GIFT.encode())
    changed = shown_text(page).replace("{#nomor-lama}", "{#nomor-lama bloom=pahami tujuan=1}")
    assert take(writing, page, changed).status_code == 303
    assert "{#nomor-lama bloom=pahami tujuan=1}" in draft(app, db).saved[QUIZ].text


def test_ids_that_are_taken_meanwhile_become_new_ones(app, db, writing):
    first = looked_at(writing, GIFT.encode())
    second = looked_at(writing, b"::Nomor lama::Mana?{=a ~b}")
    assert take(writing, first).status_code == take(writing, second).status_code == 303
    text = draft(app, db).saved[QUIZ].text
    assert [text.count(f"{{#{name}}}") for name in ("nomor-lama", "nomor-lama-2", "nomor-lama-3")] == [1, 1, 1]


def test_questions_for_the_tests_name_their_module_and_those_of_a_quiz_do_not(writing):
    data = b"// [id:a] [tag:modul:pesan] [tag:tujuan:1]\nMana?{=a ~b}"
    assert "modul=pesan" in shown_text(looked_at(writing, data, "bank.md"))
    assert "modul=" not in shown_text(looked_at(writing, data))


def test_a_text_too_large_for_its_file_changes_nothing_and_is_not_lost(app, db, writing):
    before = draft(app, db)
    page = looked_at(writing, GIFT.encode())
    long = shown_text(page) + "\n## Mana? {#panjang}\n\n" + "Panjang sekali.\n\n" * 12_000
    reply = take(writing, page, long)
    assert reply.status_code == 422 and "paling besar 200 KB" in reply.text
    assert "{#panjang}" in shown_text(inspect(reply, APPEND))
    assert draft(app, db) == before


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "belum memuat soal"), ("Sekadar kata.", "belum memuat soal"), ("## A? {#a}\u202e", "U+202E")],
)
def test_a_text_that_is_no_question_changes_nothing(app, db, writing, text, words):
    before = draft(app, db)
    reply = take(writing, looked_at(writing, GIFT.encode()), text)
    assert reply.status_code == 422 and words in reply.text
    assert draft(app, db) == before


@pytest.mark.parametrize("target", ["1-pesan/01-materi-1.md", "course.toml", "9-tidak-ada/kuis.md", ""])
def test_questions_go_into_files_of_questions_only(app, db, writing, target):
    before = draft(app, db)
    assert bring(writing, GIFT.encode(), target=target).status_code == 422
    reply = send(writing, APPEND, 422, sasaran=target, teks="## A? {#a}\n\n- [x] a\n- [ ] b")
    assert "Pilih berkas lain" in reply.text
    assert draft(app, db) == before


def test_only_pictures_come_along_with_questions(app, db, writing):
    before = draft(app, db)
    for sent in ("2-lain/modul.toml:YQ==", "media/a.png:###", "media/../a.png:YQ=="):
        reply = send(writing, APPEND, 422, sasaran=QUIZ, teks="## A? {#a}\n\n- [x] a\n- [ ] b", gambar=sent)
        assert "tidak dapat dipakai" in reply.text
    assert draft(app, db) == before


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"Sekadar catatan.", "Bukan format soal"),
        (b"<quiz><question></quiz>", "unsur “question”"),
        (b"Kota {1:SHORTANSWER:%50%Paris}", "Rumpang ke-1"),
        (b"a" * (sniff.LARGEST_TEXT + 1), "lebih besar dari 1 MB"),
        (b"", "kosong"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(app, db, writing, data, words):
    before = draft(app, db)
    reply = bring(writing, data)
    page = inspect(reply, IMPORT)
    assert reply.status_code == 422 and words in page.text and page.soup.select_one("#berkas[aria-invalid]")
    assert draft(app, db) == before


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_a_sentence(app, db, writing, name):
    before = draft(app, db)
    assert bring(writing, fixture(f"malicious/{name}"), name).status_code == 422
    assert draft(app, db) == before


def test_a_file_beyond_every_limit_is_not_even_read(writing):
    assert bring(writing, b"<quiz>" + b" " * 6_000_000).status_code == 413


def test_without_a_file_or_a_target_the_form_says_so(writing):
    page = inspect(writing.post(IMPORT, data={}), IMPORT)
    assert "Pilih berkas soal dari perangkat Anda." in page.text and "Pilih berkas tujuan." in page.text


def test_without_a_draft_the_way_leads_to_its_beginning(db, budi):
    publish(db)
    assert budi.get(IMPORT).headers["Location"] == HOME
    assert budi.get("/menulis/tidak-ada/impor").status_code == 404


def test_the_way_out_says_beforehand_what_stays_behind(writing):
    take(writing, looked_at(writing, b"::Kota::Kota {1:SHORTANSWER:=Paris} dan {1:NUMERICAL:=3}."))
    page = visit(writing, f"{EXPORT}?berkas={QUIZ}")
    assert "4 dari 5 soal ikut" in page.text and "5 dari 5 soal ikut" in page.text
    assert "GIFT tidak mengenal teks rumpang" in page.text
    assert "Rumpang" in page.text and "cloze" not in page.text
    links = [link["href"] for link in page.soup.select("a.btn[href*=ekspor]")]
    assert len(links) == 3
    for link in links:
        assert writing.get(link).status_code == 200


@pytest.mark.parametrize(("chosen", "read"), [("gift", gift.read), ("moodle", moodle_xml.read)])
def test_a_quiz_goes_out_and_comes_back(writing, chosen, read):
    reply = writing.get(f"{EXPORT}?format={chosen}&berkas={QUIZ}")
    assert reply.headers["Content-Disposition"].startswith('attachment; filename="contoh-1-pesan-kuis.')
    found = read(reply.data)
    assert found.refused == () and found.items[0].id == "pesan-kuis-1"
    assert {one.bloom for one in found.items} != {""}


def test_a_package_goes_out_and_comes_back(writing):
    reply = writing.get(f"{EXPORT}?format=qti3&berkas={QUIZ}")
    assert "imsmanifest.xml" in zipfile.ZipFile(io.BytesIO(reply.data)).namelist()
    assert len(sniff.read(reply.data).items) == 4
    assert "4 soal dapat masuk" in looked_at(writing, reply.data).text


def test_a_question_of_pictures_comes_back_with_its_pictures(app, db, writing):
    question = a_question_of("picture_choice", "gambar")
    sent = [f"{path}:{text}" for path, text in PICTURES.items()]
    send(writing, APPEND, 303, sasaran=QUIZ, teks=question, gambar=sent)
    package = writing.get(f"{EXPORT}?format=qti3&berkas={QUIZ}").data
    send(writing, f"{HOME}/hapus/media/gembok.png", 303, revisi="1")
    page = looked_at(writing, package)
    assert "5 soal dapat masuk" in page.text and "{#gambar-2" in shown_text(page)
    brought = [field["value"] for field in page.soup.select("input[name=gambar]")]
    assert send(writing, APPEND, None, sasaran=QUIZ, teks=shown_text(page), gambar=brought).status_code == 303
    files = draft(app, db).files
    assert {path: files[path] for path in PICTURES} == PICTURES
    assert len([path for path in files if path.startswith("media/")]) == len(PICTURES)


def test_what_is_published_goes_out_without_a_draft(db, budi):
    publish(db, a_course_files(whole=True))
    assert "versi 1" in visit(budi, EXPORT).text
    assert len(gift.read(budi.get(f"{EXPORT}?format=gift&berkas={QUIZ}").data).items) == 4


@pytest.mark.parametrize("query", ["?berkas=1-pesan/01-materi-1.md", "?format=gift", f"?format=docx&berkas={QUIZ}"])
def test_what_is_not_there_cannot_be_taken_out(writing, query):
    assert writing.get(EXPORT + query).status_code == 404


@pytest.mark.parametrize("who", ["guest", "sari", "dewi", "arif"])
def test_only_trainers_come_in(request, app, db, writing, who):
    client = request.getfixturevalue(who)
    before = draft(app, db)
    for address in (IMPORT, EXPORT, f"{EXPORT}?format=gift&berkas={QUIZ}"):
        assert client.get(address).status_code == (302 if who == "guest" else 403)
    assert bring(client, GIFT.encode()).status_code == (302 if who == "guest" else 403)
    send(client, APPEND, 302 if who == "guest" else 403, sasaran=QUIZ, teks="## A? {#a}\n\n- [x] a\n- [ ] b")
    assert draft(app, db) == before
