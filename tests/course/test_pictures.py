"""Pictures: checked by their first bytes, carried through version and draft, shown at an address that tells nothing."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.authoring import actions as writing
from app.authoring import queries as drafts
from app.authoring.rules import mark_of
from app.course import actions, files, queries
from app.course.content import examine, parse
from app.course.pictures import MAX_PICTURE_BYTES, MAX_PICTURES, encoded, read_media
from app.course.shapes import Course, Medium, Problem
from app.errors import Refused
from tests.builders import NOON
from tests.builders_course import a_course_files, a_question
from tests.builders_items import PICTURES, a_picture, a_question_of

QUIZ = "1-pesan/kuis.md"
WHOLE = a_course_files(whole=True) | PICTURES
WHOLE[QUIZ] += "\n" + a_question_of("picture_choice", "pesan-gambar")


def a_jpeg(width: int, height: int) -> bytes:
    comment = b"\xff\xfe" + struct.pack(">H", 6) + b"laut"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
    return b"\xff\xd8" + b"\xff\xe0" + struct.pack(">H", 16) + bytes(14) + comment + frame + b"\xff\xd9"


def a_webp(width: int, height: int, kind: str) -> bytes:
    bodies = {
        "VP8 ": b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", width, height),
        "VP8L": b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14),
        "VP8X": bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little"),
    }
    body = bodies[kind].ljust(18, b"\x00")
    return b"RIFF" + struct.pack("<I", 12 + len(body)) + b"WEBP" + kind.encode() + struct.pack("<I", len(body)) + body


def read(name: str, content: bytes) -> tuple[Medium | None, list[Problem]]:
    problems: list[Problem] = []
    return read_media({name: encoded(content)}, problems).get(name), problems


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("media/a.png", a_picture(640, 480), "image/png"),
        ("media/a.jpg", a_jpeg(640, 480), "image/jpeg"),
        ("media/a.jpeg", a_jpeg(640, 480), "image/jpeg"),
        ("media/a.webp", a_webp(640, 480, "VP8 "), "image/webp"),
        ("media/a.webp", a_webp(640, 480, "VP8L"), "image/webp"),
        ("media/a.webp", a_webp(640, 480, "VP8X"), "image/webp"),
    ],
)
def test_a_picture_says_its_size_and_what_it_is(name: str, content: bytes, kind: str):
    medium, problems = read(name, content)
    assert problems == []
    assert medium is not None
    assert (medium.width, medium.height, medium.type, medium.content) == (640, 480, kind, content)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("media/a.svg", b"<svg/>", "Nama gambar harus seperti"),
        ("media/A.png", a_picture(), "Nama gambar harus seperti"),
        ("media/dalam/a.png", a_picture(), "Nama gambar harus seperti"),
        ("media/.png", a_picture(), "Nama gambar harus seperti"),
        ("media/a.png", b"", "bukan gambar"),
        ("media/a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "bukan gambar"),
        ("media/a.png", a_picture()[:20], "bukan gambar"),
        ("media/a.jpg", a_jpeg(4, 3)[:30], "bukan gambar"),
        ("media/a.jpg", b"\xff\xd8\xff\xda" + bytes(40), "bukan gambar"),
        ("media/a.webp", a_webp(4, 3, "VP8 ").replace(b"VP8 ", b"ANIM"), "bukan gambar"),
        ("media/a.webp", a_picture(), "adalah png, lain dari akhiran"),
        ("media/a.png", a_picture(2_001, 1), "2001 × 1 piksel"),
        ("media/a.png", a_picture(0, 0), "0 × 0 piksel"),
        ("media/a.png", a_picture() + bytes(MAX_PICTURE_BYTES), "lebih besar dari 60 KB"),
    ],
)
def test_a_wrong_picture_is_named_with_what_to_do(name: str, content: bytes, sentence: str):
    medium, problems = read(name, content)
    assert medium is None
    assert [(p.file, p.line) for p in problems] == [(name, 1)]
    assert sentence in problems[0].text


@pytest.mark.parametrize("text", ["bukan base64!", "\x00", "é" * 10, "A", "A" * 400_000, "\ud800"])
def test_a_text_that_is_no_picture_is_named(text: str):
    problems: list[Problem] = []
    assert read_media({"media/a.png": text}, problems) == {}
    assert [p.file for p in problems] == ["media/a.png"]


def test_a_course_holds_forty_pictures():
    many = {f"media/g{number:02}.png": encoded(a_picture()) for number in range(MAX_PICTURES + 1)}
    problems: list[Problem] = []
    assert len(read_media(many, problems)) == MAX_PICTURES
    assert [(p.file, "lebih dari 40 gambar" in p.text) for p in problems] == [("media/g40.png", True)]


def test_an_option_shows_its_picture_and_says_what_it_shows():
    course = parse(WHOLE)
    assert isinstance(course, Course)
    item = course.item("pesan-gambar")
    assert item is not None
    picture = item.options[0].picture
    assert picture is not None
    assert (picture.file, picture.alt, picture.width, picture.height) == (
        "media/gembok.png",
        "Gembok yang tertutup",
        4,
        3,
    )
    assert course.media[picture.digest].content == base64.b64decode(PICTURES["media/gembok.png"])
    assert "gembok" not in picture.digest
    assert item.options[0].text == "Gembok yang tertutup"


def test_pictures_count_in_the_size_of_quiz_and_lesson():
    large = a_picture(30, 30) + bytes(50_000)  # what stands behind the end of a picture is read over
    heavy = {name: encoded(large + bytes([number])) for number, name in enumerate(PICTURES)}
    light, heavier = (examine(WHOLE | more).course.modules[0] for more in ({}, heavy))
    assert heavier.kb - light.kb == pytest.approx(147, abs=1)
    lesson = "1-pesan/praktik.md"
    task = WHOLE[lesson].rpartition("---")[0] + "---\n\n" + a_question_of("picture_choice", "pesan-praktik")
    one, two = (examine(WHOLE | {lesson: task} | more).course.lesson("pesan", "praktik") for more in ({}, heavy))
    assert one is not None and two is not None
    assert two.kb - one.kb == pytest.approx(147, abs=1)


def test_an_unused_picture_and_a_missing_one_are_named():
    found = actions.problems_of(WHOLE | {"media/lain.png": encoded(a_picture(5, 5))})
    assert [(p.file, p.blocking) for p in found] == [("media/lain.png", False)]
    without = {path: text for path, text in WHOLE.items() if path != "media/gembok.png"}
    assert ["“media/gembok.png” tidak ada" in p.text for p in actions.problems_of(without)] == [True]


def test_a_picture_elsewhere_than_in_an_option_is_sent_back():
    text = WHOLE["1-pesan/praktik.md"].replace("Besok kerja", "![laut](media/gembok.png) Besok kerja")
    found = actions.problems_of(WHOLE | {"1-pesan/praktik.md": text})
    assert ["hanya tampil sebagai pilihan soal jenis=gambar" in p.text for p in found] == [True]


def test_pictures_are_read_from_a_folder_and_written_back(tmp_path: Path):
    files.write(WHOLE, tmp_path / "kursus")
    assert (tmp_path / "kursus/media/gembok.png").read_bytes() == base64.b64decode(PICTURES["media/gembok.png"])
    assert files.read(tmp_path / "kursus") == WHOLE
    (tmp_path / "kursus/media/laut.svg").write_text("<svg/>")
    with pytest.raises(Refused, match=r"laut\.svg bukan gambar"):
        files.read(tmp_path / "kursus")
    with pytest.raises(Refused, match=r"media/a\.png rusak"):
        files.write({"media/a.png": "???"}, tmp_path / "lain")
    assert not (tmp_path / "lain").exists()


def test_of_a_huge_file_only_the_beginning_is_read(tmp_path: Path):
    files.write(WHOLE, tmp_path)
    with (tmp_path / "media/gembok.png").open("wb") as stream:
        stream.truncate(500_000_000)
    found = actions.problems_of(files.read(tmp_path))
    assert ("media/gembok.png", "Gambar ini lebih besar dari 60 KB. Perkecil gambarnya.") in [
        (p.file, p.text) for p in found
    ]


def test_the_picture_of_a_version_is_shown_to_anybody_for_ever(app: Flask, db: Session, client, queries_made):
    version = actions.publish(db, "contoh", WHOLE, NOON)
    db.commit()
    digest = next(one.digest for one in examine(WHOLE).course.media.values() if one.file == "media/gembok.png")
    address = f"/kursus/contoh/{version.number}/media/{digest}"
    with queries_made() as made:
        answer = client.get(f"{address}.png")
    assert len(made) <= 2
    assert answer.data == base64.b64decode(PICTURES["media/gembok.png"])
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers
    with queries_made() as made:
        client.get(f"{address}.png")
    assert len(made) == 1, "a version is read once a process"
    for wrong in (f"{address}.webp", f"{address}.html", f"{address}", f"/kursus/contoh/9/media/{digest}.png",
                  f"/kursus/lain/1/media/{digest}.png", "/kursus/contoh/1/media/gembok.png",
                  f"/kursus/contoh/99999999999999999999/media/{digest}.png"):  # fmt: skip
        assert client.get(wrong).status_code == 404, wrong


def test_a_draft_carries_pictures_through_unchanged(app: Flask, db: Session, budi):
    actions.publish(db, "contoh", WHOLE, NOON)
    db.commit()
    budi.post("/menulis/contoh/mulai")
    page = budi.get("/menulis/contoh").text
    assert "Gambar gembok.png" in page
    assert "/menulis/contoh/teks/media" not in page
    assert budi.get("/menulis/contoh/teks/media/gembok.png").status_code == 404
    assert budi.post("/menulis/contoh/teks/media/gembok.png", data={"teks": "x", "revisi": "1"}).status_code == 404
    shown = budi.get("/menulis/contoh/gambar/gembok.png")
    assert (shown.mimetype, shown.data) == ("image/png", base64.b64decode(PICTURES["media/gembok.png"]))
    assert budi.get("/menulis/contoh/gambar/lain.png").status_code == 404
    assert "/menulis/contoh/gambar/gembok.png" in budi.get(f"/menulis/contoh/teks/{QUIZ}").text
    with zipfile.ZipFile(io.BytesIO(budi.get("/menulis/contoh/unduh.zip").data)) as archive:
        packed = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    assert packed == {path: files.content_of(path, text) for path, text in WHOLE.items()}

    text = WHOLE[QUIZ] + "\n" + a_question("pesan-lagi", key=1)
    writing.save_draft(db, "contoh", QUIZ, text, 1, budi.person.id, NOON)
    draft = drafts.working(db, "contoh")
    assert draft is not None
    made = writing.publish(db, "contoh", 1, mark_of(draft.files), "Satu soal lagi.", budi.person.id, NOON)
    assert queries.texts(db, made.id) == WHOLE | {QUIZ: text}


def test_a_picture_taken_out_of_a_draft_is_listed_among_the_changes(app: Flask, db: Session, budi):
    actions.publish(db, "contoh", WHOLE, NOON)
    db.commit()
    budi.post("/menulis/contoh/mulai")
    page = budi.get("/menulis/contoh/hapus/media/kosong.png")
    assert page.status_code == 200
    budi.post("/menulis/contoh/hapus/media/kosong.png", data={"revisi": "1"})
    changes = budi.get("/menulis/contoh/perubahan").text
    assert "media/kosong.png" in changes
    assert PICTURES["media/kosong.png"] not in changes
    assert "media/kosong.png” tidak ada" in budi.get("/menulis/contoh").text
