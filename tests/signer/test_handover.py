"""Papers are carried to an official as files, and only what is truly signed counts when it is brought back."""

from __future__ import annotations

import hashlib
import zipfile

import pytest

from app import clock
from app.certificate import acceptance, making, queries, work
from tests.builders import a_person
from tests.certificate.cast import certified, events, tool, words, writing
from tests.signer.service import names, signed_with, waits

pytestmark = pytest.mark.sqlite
BECAUSE = ("--because", "Ditandatangani Kepala Dinas")


@pytest.fixture
def run(app, authority):
    """A command of an application whose official gets files."""
    app.config.update(SIGNER="external", SIGNER_CHAIN=str(authority.chain))

    def command(*said):
        result = app.test_cli_runner().invoke(args=["certificate", *map(str, said)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result

    return command


def test_papers_are_carried_to_the_official_and_back_as_files(app, db, run, authority, stranger, sari, joko, tmp_path):
    certificates = [certified(app, db, one.person, slug) for one, slug in ((sari, "a"), (joko, "b"))]
    assert work.do_due(app.extensions["db"], app.config, clock.now()) == 0, "no machine can ask for them"
    called, good = names(certificates), authority.p12()
    out, back = tmp_path / "keluar.zip", tmp_path / "masuk.zip"
    assert "2 PDF ditulis" in run("batch-out", out, *BECAUSE).output
    assert run("batch-out", out, *BECAUSE).exit_code == 1, "what lies there may be signed already"
    folder = tmp_path / "keluar"
    run("batch-out", folder, *BECAUSE)
    with zipfile.ZipFile(out) as bundle:
        papers = {name.removesuffix(".pdf"): bundle.read(name) for name in bundle.namelist()}
    assert papers == {path.stem: path.read_bytes() for path in folder.iterdir()}
    signed = signed_with(good, papers[called["Sari"]])
    with zipfile.ZipFile(back, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(f"../../{called['Sari']}_signed.PDF", signed)
        bundle.writestr(f"{called['Joko']}.pdf", signed_with(stranger.p12(), papers[called["Joko"]]))
        bundle.writestr("catatan.txt", "bukan PDF")
        bundle.writestr("foto.pdf", b"%PDF")
        bundle.writestr("0" * 20 + "-1.pdf", b"%PDF")
    result = run("batch-in", back)
    assert result.exit_code == 1 and "1 PDF diterima, 0 sudah pernah, 3 ditolak." in result.output
    assert "PDF yang kembali ditolak" in (waits(app)["Joko"] or "") and set(waits(app)) == {"Joko"}
    with zipfile.ZipFile(back, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(f"{called['Sari']}.pdf", signed)
        bundle.writestr(f"{called['Joko']}.pdf", papers[called["Joko"]] + b"\0" * 50_000_000)
    result = run("batch-in", back)
    assert "0 PDF diterima, 1 sudah pernah, 1 ditolak." in result.output and "terlalu besar" in result.output
    (folder / f"{called['Joko']}.pdf").write_bytes(signed_with(good, papers[called["Joko"]]))
    (folder / f"{called['Sari']}.pdf").write_bytes(signed_with(good, papers[called["Sari"]]))
    result = run("batch-in", folder)
    assert "1 PDF diterima, 0 sudah pernah, 1 ditolak." in result.output and "tidak diganti" in result.output
    assert sari.get(f"/sertifikat/{certificates[0].code}/unduh").data == signed
    with writing(app) as session:
        assert queries.edition(session, certificates[0]).digest == hashlib.sha256(signed).hexdigest()
    (tmp_path / "rusak.zip").write_bytes(b"PK\3\4 bukan")
    for said in (
        ("batch-in", tmp_path / "rusak.zip"),
        ("batch-in", tmp_path / "tidak-ada"),
        ("batch-out", folder, *BECAUSE),
    ):
        result = run(*said)
        assert result.exit_code == 1 and result.output.startswith("Error: "), result.output


def test_who_takes_papers_out_says_why_and_only_they_read_them(app, db, run, sari, tmp_path):
    certified(app, db, sari.person)
    assert run("batch-out", tmp_path / "a.zip").exit_code == 2
    told = run("batch-out", tmp_path / "a.zip", "--because", " ")
    assert told.exit_code == 1 and "Tulis untuk apa" in told.output and not (tmp_path / "a.zip").exists()
    run("batch-out", tmp_path / "a.zip", *BECAUSE)
    run("batch-out", tmp_path / "folder", *BECAUSE)
    [paper] = (tmp_path / "folder").iterdir()
    for path, mode in ((tmp_path / "a.zip", 0o600), (tmp_path / "folder", 0o700), (paper, 0o600)):
        assert path.stat().st_mode & 0o777 == mode, path
    assert [one.data for one in events(db, "papers.taken_out")] == [{"because": BECAUSE[1], "count": 1}] * 2


def test_a_paper_says_what_is_true_before_and_after_the_official_signs(app, db, run, authority, sari, tmp_path):
    certified(app, db, sari.person)
    run("batch-out", tmp_path / "f", *BECAUSE)
    [path] = (tmp_path / "f").iterdir()
    for paper in (path.read_bytes(), signed_with(authority.p12(), path.read_bytes())):
        said = words(tool("pdftotext", "-layout", "-", "-", sent=paper))
        assert "hanya sah dengan tanda tangan elektronik pejabat penerbit" in said and "ditandatangani" not in said


def test_what_was_accepted_is_written_down_with_who_signed(app, db, run, authority, sari, joko, tmp_path):
    certificates = [certified(app, db, one.person, slug) for one, slug in ((sari, "a"), (joko, "b"))]
    run("batch-out", tmp_path / "f", *BECAUSE)
    good = authority.p12("Kepala Dinas")
    app.config["SIGNER_SUBJECTS"] = ("CN=Kepala Dinas",)
    for path, p12 in zip(sorted((tmp_path / "f").iterdir()), (good, authority.p12("Warga Biasa")), strict=True):
        path.write_bytes(signed_with(p12, path.read_bytes()))
    told = run("batch-in", tmp_path / "f")
    assert "1 PDF diterima, 0 sudah pernah, 1 ditolak." in told.output
    assert "tidak ada di SIGNER_SUBJECTS: CN=Warga Biasa" in told.output
    [event] = events(db, "papers.accepted")
    first = min(names(certificates).values())
    assert event.audit and event.data == {"count": 1, "papers": [first], "signers": ["CN=Kepala Dinas"]}


def test_of_two_files_for_one_certificate_the_first_counts_and_the_second_is_told(
    app, db, run, authority, sari, tmp_path
):
    made = certified(app, db, sari.person)
    run("batch-out", tmp_path / "keluar", *BECAUSE)
    (paper,) = (path.read_bytes() for path in (tmp_path / "keluar").iterdir())
    name, good, back = names([made])["Sari"], authority.p12(), tmp_path / "masuk"
    back.mkdir()
    first, second = signed_with(good, paper), signed_with(good, paper)
    assert first != second
    for place, signed in enumerate((first, second, first)):
        (back / f"{place}_{name}.pdf").write_bytes(signed)
    result = run("batch-in", back)
    assert "1 PDF diterima, 1 sudah pernah, 1 ditolak." in result.output and result.exit_code == 1
    assert f"1_{name}.pdf: PDF ini sudah selesai; yang sudah ada tidak diganti." in result.output
    assert sari.get(f"/sertifikat/{made.code}/unduh").data == first


@pytest.mark.parametrize("act", ["correct", "revoke", "remove"])
def test_a_certificate_that_changes_while_its_paper_is_judged_keeps_none(
    app, db, run, authority, sari, tmp_path, monkeypatch, act
):
    made = certified(app, db, sari.person)
    run("batch-out", tmp_path / "keluar", *BECAUSE)
    (file,) = (tmp_path / "keluar").iterdir()
    file.write_bytes(signed_with(authority.p12(), file.read_bytes()))
    keep = acceptance.keep

    def later(*given):
        name = ("--name", "Sari Baru") if act == "correct" else ("--yes",) if act == "remove" else ()
        assert run(act, made.code, *name, "--because", "Diminta.").exit_code == 0
        return keep(*given)

    monkeypatch.setattr(acceptance, "keep", later)
    result = run("batch-in", file.parent)
    assert "0 PDF diterima, 0 sudah pernah, 1 ditolak." in result.output and "tidak lagi ditunggu" in result.output
    assert not events(db, "papers.accepted")


def test_nothing_is_carried_while_a_service_has_the_papers(app, db, run, sari, tmp_path):
    certificate = certified(app, db, sari.person)
    app.config["SIGNER_URL"] = "http://127.0.0.1:9"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"{names([certificate])['Sari']}.pdf").write_bytes(b"%PDF")
    for said in (("batch-out", tmp_path / "a.zip", *BECAUSE), ("batch-in", tmp_path / "in")):
        told = run(*said)
        assert told.exit_code == 1 and "SIGNER_URL" in told.output
    assert not (tmp_path / "a.zip").exists() and waits(app) == {"Sari": None}
    assert not events(db, "papers.taken_out")


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_damaged_file_keeps_no_other_from_being_read(app, db, run, authority, sari, tmp_path, packing):
    certificate = certified(app, db, sari.person)
    run("batch-out", tmp_path / "f", *BECAUSE)
    [path] = (tmp_path / "f").iterdir()
    signed = signed_with(authority.p12(), path.read_bytes())
    with zipfile.ZipFile(tmp_path / "in.zip", "w", packing) as bundle:
        bundle.writestr(f"{'0' * 20}-1.pdf", bytes(range(256)) * 200)
        start, size = 30 + 26, bundle.infolist()[0].compress_size  # behind its head and its name
        bundle.writestr(path.name, signed, zipfile.ZIP_DEFLATED)
    raw = bytearray((tmp_path / "in.zip").read_bytes())
    for place in range(start + 10, start + size):
        raw[place] ^= 0xFF
    (tmp_path / "in.zip").write_bytes(raw)
    told = run("batch-in", tmp_path / "in.zip")
    assert "1 PDF diterima, 0 sudah pernah, 1 ditolak." in told.output and "tidak dapat dibaca (" in told.output
    assert sari.get(f"/sertifikat/{certificate.code}/unduh").data == signed


@pytest.mark.sqlite
def test_a_zip_whose_names_are_no_letters_is_refused_in_a_sentence(run, tmp_path):
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as bundle:
        bundle.writestr("\u00e9\u00e9.pdf", b"%PDF")
    raw = (tmp_path / "in.zip").read_bytes()
    (tmp_path / "in.zip").write_bytes(raw.replace("\u00e9\u00e9".encode(), b"\xff\xfe\xff\xfe"))
    told = run("batch-in", tmp_path / "in.zip")
    assert told.exit_code == 1 and told.output.startswith("Error: ") and len(told.output.splitlines()) == 1


def test_a_paper_that_cannot_be_printed_keeps_no_other_from_its_way(app, db, run, authority, tmp_path, monkeypatch):
    certificates = [certified(app, db, a_person(db, f"{name} Contoh"), name) for name in ("Ani", "Budi")]
    called, printed = names(certificates), making.unsigned
    run("batch-out", tmp_path / "all", *BECAUSE)

    def broken(engine, edition_id, settings):
        if edition_id == 1:
            raise KeyError("modul")
        return printed(engine, edition_id, settings)

    monkeypatch.setattr(making, "unsigned", broken)
    for target in (tmp_path / "a.zip", tmp_path / "folder"):
        assert "1 PDF ditulis" in run("batch-out", target, *BECAUSE).output
    assert [path.stem for path in (tmp_path / "folder").iterdir()] == [called["Budi"]]
    assert waits(app)["Ani"] == "Gagal: KeyError 'modul'"
    for path in (tmp_path / "all").iterdir():
        path.write_bytes(signed_with(authority.p12(), path.read_bytes()))
    assert "1 PDF diterima, 0 sudah pernah, 1 ditolak." in run("batch-in", tmp_path / "all").output
