"""`flask course …`: check, publish, write back; each mistake is told in one sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from app.course import files
from app.course.models import CourseVersion
from tests.builders_course import COURSE, a_course_files

WHOLE = a_course_files(whole=True)


def run(app: Flask, *arguments: str | Path) -> Result:
    result = app.test_cli_runner().invoke(args=["course", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def published(db: Session) -> list[tuple[str, int]]:
    query = sa.select(CourseVersion.slug, CourseVersion.number).order_by(CourseVersion.slug, CourseVersion.number)
    found = [(slug, number) for slug, number in db.execute(query)]
    db.rollback()  # or the test would stand in the command's way
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files.write(WHOLE, tmp_path / "contoh")
    return tmp_path / "contoh"


def test_a_sound_folder_passes_publishes_and_comes_back_the_same(
    app: Flask, db: Session, folder: Path, tmp_path: Path
) -> None:
    checked = run(app, "check", folder)
    assert (checked.exit_code, published(db)) == (0, [])
    assert "0 masalah" in checked.output
    made = run(app, "publish", folder, "--note", "Diperiksa ulang.")
    assert (made.exit_code, made.output) == (0, "Terbit: contoh versi 1.\n")
    again = run(app, "publish", folder, "--note", "Sekali lagi.")
    assert (again.exit_code, "Tidak ada yang berubah" in again.output) == (0, True)
    assert published(db) == [("contoh", 1)]
    assert db.scalars(sa.select(CourseVersion.note)).all() == ["Diperiksa ulang."]
    assert run(app, "list").output == "contoh\n"
    written = run(app, "export", "contoh", "--to", tmp_path / "salinan")
    assert (written.exit_code, "versi 1" in written.output) == (0, True)
    assert files.read(tmp_path / "salinan") == WHOLE


def test_a_folder_given_from_inside_publishes_under_its_own_name(
    app: Flask, db: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert run(app, "publish", ".").exit_code == 0
    assert published(db) == [("contoh", 1)]


@pytest.mark.parametrize("act", ["check", "publish"])
def test_every_problem_is_named_with_file_and_line_and_nothing_is_published(
    app: Flask, db: Session, folder: Path, act: str
) -> None:
    (folder / "course.toml").write_text(COURSE.replace("tingkat = 2", "tingkat = 9"), encoding="utf-8")
    (folder / "2-pintu" / "kuis.md").write_text("bukan kuis\n", encoding="utf-8")
    told = run(app, act, folder)
    line = COURSE.splitlines().index("tingkat = 2") + 1
    assert told.exit_code == 1
    assert f"{folder}/course.toml:{line}: masalah: " in told.output
    assert f"{folder}/2-pintu/kuis.md:1: masalah: " in told.output
    assert published(db) == []


def test_a_missing_folder_is_told(app: Flask, tmp_path: Path) -> None:
    for act in ("check", "publish"):
        told = run(app, act, tmp_path / "tidak-ada")
        assert (told.exit_code, told.output) == (1, f"Error: Folder {tmp_path / 'tidak-ada'} tidak ada.\n")


def test_a_file_in_place_of_the_folder_is_told(app: Flask, folder: Path) -> None:
    assert "tidak ada" in run(app, "check", folder / "course.toml").output


def test_a_text_that_is_not_utf8_is_told(app: Flask, db: Session, folder: Path) -> None:
    (folder / "rujukan.toml").write_bytes("nama = 'é'".encode("latin-1"))
    told = run(app, "publish", folder)
    assert (told.exit_code, published(db)) == (1, [])
    assert told.output == "Error: Berkas rujukan.toml bukan teks UTF-8. Simpan ulang sebagai UTF-8.\n"


def test_a_link_to_elsewhere_is_told(app: Flask, db: Session, folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "rahasia.md"
    secret.write_text("rahasia", encoding="utf-8")
    (folder / "1-pesan" / "05-tautan.md").symlink_to(secret)
    told = run(app, "publish", folder)
    assert (told.exit_code, published(db)) == (1, [])
    assert "1-pesan/05-tautan.md adalah tautan ke tempat lain" in told.output


def test_a_pipe_in_the_folder_is_told(app: Flask, folder: Path) -> None:
    os.mkfifo(folder / "pipa.md")
    assert "bukan berkas biasa" in run(app, "check", folder).output


def test_a_folder_whose_name_makes_no_address_is_told(app: Flask, db: Session, tmp_path: Path) -> None:
    files.write(WHOLE, tmp_path / "Kursus Baru")
    told = run(app, "publish", tmp_path / "Kursus Baru")
    assert (told.exit_code, published(db)) == (1, [])
    assert "“Kursus Baru” tidak dapat menjadi alamat kursus" in told.output


def test_writing_back_a_course_that_does_not_exist_is_told(app: Flask, tmp_path: Path) -> None:
    told = run(app, "export", "tidak-ada", "--to", tmp_path / "x")
    assert (told.exit_code, (tmp_path / "x").exists()) == (1, False)
    assert "Kursus tidak-ada tidak ada." in told.output


def test_writing_back_onto_a_file_or_through_a_link_is_told(app: Flask, folder: Path, tmp_path: Path) -> None:
    assert run(app, "publish", folder).exit_code == 0
    (tmp_path / "berkas").write_text("milik orang", encoding="utf-8")
    onto_file = run(app, "export", "contoh", "--to", tmp_path / "berkas")
    assert (onto_file.exit_code, "tidak dapat ditulis" in onto_file.output) == (1, True)
    assert (tmp_path / "berkas").read_text(encoding="utf-8") == "milik orang"
    target = tmp_path / "salinan"
    target.mkdir()
    (target / "1-pesan").symlink_to(tmp_path / "di-luar")
    (tmp_path / "di-luar").mkdir()
    through_link = run(app, "export", "contoh", "--to", target)
    assert (through_link.exit_code, list((tmp_path / "di-luar").iterdir())) == (1, [])
