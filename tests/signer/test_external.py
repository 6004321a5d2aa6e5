"""An official signs elsewhere: batches go out once, and only what is truly signed counts when it comes back."""

from __future__ import annotations

import hashlib
import logging
import zipfile
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from app import clock
from app.certificate import external, queries, work
from app.certificate.models import Edition
from tests.builders import a_person
from tests.certificate.authority import Authority
from tests.certificate.cast import certified, writing
from tests.inspector import visit
from tests.signer.service import Official, listening, signed_with


@pytest.fixture
def authority(tmp_path):
    folder = tmp_path / "official"
    folder.mkdir()
    return Authority(folder)


@pytest.fixture
def stranger(tmp_path):
    folder = tmp_path / "stranger"
    folder.mkdir()
    return Authority(folder, "Orang Lain")


@pytest.fixture
def official(app, authority, tmp_path):
    """The service, and an application that has its papers signed there."""
    (tmp_path / "token").write_text("kata-rahasia\n")
    service = Official("kata-rahasia")
    with listening(service) as address:
        app.config.update(
            SIGNER="external",
            SIGNER_URL=address,
            SIGNER_TOKEN_FILE=str(tmp_path / "token"),
            SIGNER_CHAIN=str(authority.chain),
        )
        yield service


@pytest.fixture
def later(app):
    """Does what is due, each time a day later."""
    day = [0]

    def work_on() -> int:
        day[0] += 1
        return work.do_due(app.extensions["db"], app.config, clock.now() + timedelta(days=day[0]))

    return work_on


def waits(app) -> dict[str, str | None]:
    """Why papers wait, by whose they are."""
    with writing(app) as session:
        rows = session.execute(sa.select(Edition.holder, Edition.problem).where(Edition.pdf.is_(None)))
        return {holder.split()[0]: problem for holder, problem in rows}


def names(certificates):
    return {row.holder.split()[0]: external.name_of(row.code, row.version) for row in certificates}


def test_only_what_is_truly_signed_counts_and_the_rest_goes_out_again(
    app, db, official, authority, stranger, later, caplog
):
    people = [a_person(db, f"{name} Contoh") for name in ("Ani", "Budi", "Citra", "Dodi", "Eka", "Fitri")]
    certificates = [certified(app, db, person, f"kursus-{person.id}") for person in people]
    called, good, bad = names(certificates), authority.p12(), stranger.p12()
    later()
    assert len(official.sent) == 1 and set(official.waiting[official.sent[0]]) == set(called.values())
    later()
    assert len(official.sent) == 1 and set(waits(app).values()) == {None}, "it waits for the official, and nags not"
    first = official.waiting.pop(official.sent[0])
    later()
    assert official.sent[0] == official.sent[1], "what the service lost is sent again, under the same name"
    assert official.waiting[official.sent[0]] == first
    right = partial(signed_with, good)
    official.sign(
        official.sent[0],
        {
            called["Ani"]: right,
            called["Budi"]: lambda _: right(first[called["Ani"]]),
            called["Citra"]: lambda paper: paper,
            called["Dodi"]: partial(signed_with, bad),
            called["Eka"]: lambda paper: signed_with(good, right(paper), "Lagi"),
        },
    )
    later()
    told = waits(app)
    assert set(told) == {"Budi", "Citra", "Dodi", "Eka", "Fitri"}
    for name, words in (
        ("Budi", "bukan berkas yang dikirim"), ("Citra", "belum ditandatangani"), ("Dodi", "SIGNER_CHAIN"),
        ("Eka", "2 signatures"), ("Fitri", "tidak mengembalikan"),
    ):  # fmt: skip
        assert words in (told[name] or ""), (name, told[name])
    with writing(app) as session:
        paper = queries.paper_of(session, certificates[0])
    later()
    assert len(set(official.sent)) == 2 and len(official.waiting[official.sent[-1]]) == 5
    official.done[official.sent[-1]] = [{"name": called["Budi"], "problem": "nama belum\nsesuai"}]
    official.sign(official.sent[-1], {called[name]: right for name in ("Citra", "Dodi", "Eka", "Fitri")})
    official.done[official.sent[-1]].append({"name": called["Budi"], "problem": "nama belum\nsesuai"})
    later()
    assert waits(app) == {"Budi": "Pejabat tidak menandatangani: nama belum sesuai"}
    result = app.test_cli_runner().invoke(args=["certificate", "status"])
    assert result.exit_code == 1 and "nama belum sesuai" in result.output
    # The same answer twice changes nothing.
    with writing(app) as session:
        session.execute(sa.update(Edition).where(Edition.holder == "Budi Contoh").values(batch=official.sent[0]))
    later()
    with writing(app) as session:
        assert queries.paper_of(session, certificates[0]) == paper
        assert session.scalar(sa.select(sa.func.count(Edition.digest))) == 5
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.sqlite
def test_a_service_that_is_not_well_defers_everything(app, db, official, sari, later, caplog, monkeypatch):
    certificate = certified(app, db, sari.person)
    monkeypatch.setattr(external, "_MOST_ANSWER", 1000)
    called: list[str] = []
    with listening(lambda *asked: called.append(asked[1]) or (200, b"{}")) as elsewhere:
        for instead, words in (
            ((302, f"{elsewhere}/batches".encode()), "302"), ((500, b"oops"), "500"), ((200, b"[" * 900), "200"),
            ((200, b"x" * 2000), "more than 1000 bytes"), ((401, b"{}"), "SIGNER_TOKEN_FILE"),
        ):  # fmt: skip
            official.instead = instead
            caplog.clear()
            later()
            assert words in (waits(app)["Sari"] or ""), waits(app)
            assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == 1
    assert called == [], "nobody is led to another machine"
    official.instead = None
    app.config["SIGNER_URL"] = "http://127.0.0.1:9"
    later()
    assert "tidak menjawab" in (waits(app)["Sari"] or "")
    assert "menunggu tanda tangan pejabat" in visit(sari, f"/sertifikat/{certificate.code}/unduh", status=409).text
    with listening(official) as address:
        app.config["SIGNER_URL"] = address
        later()
        assert len(official.sent) == 1 and waits(app) == {"Sari": None}


@pytest.mark.sqlite
def test_papers_are_carried_to_the_official_and_back_as_files(app, db, authority, stranger, sari, joko, tmp_path):
    app.config.update(SIGNER="external", SIGNER_CHAIN=str(authority.chain))
    certificates = [certified(app, db, one.person, slug) for one, slug in ((sari, "a"), (joko, "b"))]
    assert work.do_due(app.extensions["db"], app.config, clock.now()) == 0, "no machine can ask for them"
    called, good = names(certificates), authority.p12()

    def run(*words):
        result = app.test_cli_runner().invoke(args=["certificate", *map(str, words)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result

    out, back = tmp_path / "keluar.zip", tmp_path / "masuk.zip"
    assert "2 PDF ditulis" in run("batch-out", out).output
    assert run("batch-out", out).exit_code == 1, "what lies there may be signed already"
    folder = tmp_path / "keluar"
    run("batch-out", folder)
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
    for words in (("batch-in", tmp_path / "rusak.zip"), ("batch-in", tmp_path / "tidak-ada"), ("batch-out", folder)):
        result = run(*words)
        assert result.exit_code == 1 and result.output.startswith("Error: "), result.output
