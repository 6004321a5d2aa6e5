"""Signed papers: whoever checks them finds one signature over the whole file, and nothing else passes."""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import threading
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from app import clock
from app.certificate import judging, lifecycle, making, queries, register, validation, waiting, work
from app.certificate.away import SOON, SignerAway
from app.certificate.models import Edition
from tests.builders import NOON, a_person
from tests.certificate.authority import PASSWORD, Authority
from tests.certificate.cast import at_once, certified, rows, tool, writing
from tests.conftest import missing
from tests.inspector import visit

_FINISHED = sa.select(sa.func.count(Edition.digest))


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    folder = tmp_path / "keys-of-others"
    folder.mkdir()
    return Authority(folder)


@pytest.fixture
def signing(app, authority: Authority):
    """An application that signs."""
    app.config.update(authority.settings())
    return app


def made(app, now=None) -> int:
    """How many papers the work makes of those that are due."""
    with writing(app) as session:
        before = session.scalar(_FINISHED)
    work.do_due(app.extensions["db"], app.config, now or clock.now())
    with writing(app) as session:
        return (session.scalar(_FINISHED) or 0) - (before or 0)


def paper_of(app, certificate) -> bytes | None:
    with writing(app) as session:
        return queries.paper_of(session, certificate)


def test_a_paper_that_shall_be_signed_waits_and_is_signed_once(signing, db, sari, authority, tmp_path):
    certificate = certified(signing, db, sari.person)
    url = f"/sertifikat/{certificate.code}/unduh"
    assert paper_of(signing, certificate) is None
    assert "sedang disiapkan" in visit(sari, url, status=409).text
    assert (made(signing), made(signing)) == (1, 0)
    pdf = sari.get(url).data
    signed = validation.validated(pdf, validation.loaded(authority.chain.read_bytes()))
    assert "Penerbit Contoh" in signed.signer
    (tmp_path / "s.pdf").write_bytes(pdf)
    said = tool("pdftotext", "-layout", "-", "-", sent=pdf)
    assert "bertanda tangan digital dari sistem penerbit" in " ".join(said.split())
    assert "No syntax or stream encoding errors" in tool("qpdf", "--check", str(tmp_path / "s.pdf"))


@pytest.mark.sqlite
def test_other_programs_find_one_valid_signature_over_the_total_document(signing, db, sari, authority, tmp_path):
    certificate = certified(signing, db, sari.person)
    made(signing)
    (tmp_path / "s.pdf").write_bytes(paper_of(signing, certificate) or b"")
    try:
        for command in (["-N", "--empty-password"], ["-A", "-t", "CT,C,C", "-n", "akar", "-i", str(authority.chain)]):
            subprocess.run(["certutil", "-d", f"sql:{tmp_path}", *command], check=True)
    except FileNotFoundError:
        missing("certutil", "apt-get install libnss3-tools")
    said = tool("pdfsig", "-nssdir", str(tmp_path), str(tmp_path / "s.pdf"))
    assert said.count("Signature #") == 1
    for words in ("Signature is Valid.", "Certificate is Trusted.", "Total document signed", "ETSI.CAdES.detached"):
        assert words in said, said


@pytest.mark.sqlite
def test_no_flipped_byte_appended_revision_or_resave_passes(signing, db, sari, authority, tmp_path):
    certificate = certified(signing, db, sari.person)
    made(signing)
    pdf = paper_of(signing, certificate) or b""
    roots = validation.loaded(authority.chain.read_bytes())
    known = queries.by_digest(db, hashlib.sha256(pdf).hexdigest())
    assert known is not None and validation.validated(pdf, roots).signer
    chance = Random(4)
    # Everywhere, and where a file says what it is: its head, its tables, its trailer, the range of the signature.
    marks = [pdf.index(mark) for mark in (b"%PDF", b"/ByteRange", b"/Contents <", b"startxref", b"/Root", b"%%EOF")]
    places = {chance.randrange(len(pdf)) for _ in range(50)} | set(marks) | {len(pdf) - 1}
    start = pdf.rindex(b"/Contents <") + len(b"/Contents ")
    end = pdf.index(b">", start)
    for place in sorted(places):
        changed = bytearray(pdf)
        changed[place] ^= 1
        seen = validation.examined(bytes(changed))
        assert judging.of_file(seen, known).state in ("changed", "unreadable"), (place, pdf[place - 10 : place + 10])
        # What lies around the signature within its own place is nobody's word; all else breaks it.
        if not start < place < end:
            with pytest.raises(validation.Invalid):
                validation.validated(bytes(changed), roots)
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    appended = BytesIO()
    writer.write(appended)
    (tmp_path / "s.pdf").write_bytes(pdf)
    tool("qpdf", str(tmp_path / "s.pdf"), str(tmp_path / "again.pdf"))
    twice = signers.sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)), signers.PdfSignatureMetadata(field_name="Lain"),
        signer=signers.SimpleSigner.load_pkcs12(str(authority.p12()), passphrase=PASSWORD),
    ).getvalue()  # fmt: skip
    for other in (appended.getvalue(), (tmp_path / "again.pdf").read_bytes(), pdf + b"\n", twice):
        assert judging.of_file(validation.examined(other), known).state in ("changed", "unreadable")
        with pytest.raises(validation.Invalid):
            validation.validated(other, roots)


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("missing", "tidak dapat dibaca"), ("expired", "tidak berlaku lagi sejak"), ("not yet", "baru berlaku mulai"),
        ("password", "tidak terbuka dengan kata sandi"), ("chain", "tidak sah menurut SIGNER_CHAIN"),
    ],
)  # fmt: skip
@pytest.mark.sqlite
def test_a_key_that_cannot_sign_defers_with_an_alarm_and_nothing_goes_out_unsigned(
    signing, db, sari, joko, authority, caplog, trouble, words
):
    good = dict(signing.config)
    path = authority.p12(days={"expired": (-9, -1), "not yet": (2, 9)}.get(trouble, (-1, 9)))
    if trouble == "missing":
        path.unlink()
    if trouble == "password":
        Path(signing.config["SIGNER_PASSWORD_FILE"]).write_bytes(b"salah")
    if trouble == "chain":
        (other := authority.folder / "other").mkdir()
        signing.config["SIGNER_CHAIN"] = str(Authority(other, "Lain").chain)
    signing.config["SIGNER_P12"] = str(path)
    first, second = (certified(signing, db, one.person, slug) for one, slug in ((sari, "a"), (joko, "b")))
    assert made(signing) == 0 and paper_of(signing, first) is None
    assert len([one for one in caplog.records if one.levelname == "ERROR" and one.name.startswith("app.")]) == 1
    result = signing.test_cli_runner().invoke(args=["certificate", "status"])
    assert result.exit_code == 1 and "2 PDF menunggu.\n     2 pades" in result.output
    assert words in result.output
    with writing(signing) as session:
        assert register.stuck(session, ["pades"]) == (
            2,
            0,
            result.output.splitlines()[1].split("pades")[1].split(" Dicoba")[0].strip(),
        )
        lifecycle.revoke(session, first.code, "Keliru.", None, NOON)
        assert (register.stuck(session, []) or [0])[0] == 1, "nobody waits for what was taken back"
        lifecycle.reinstate(session, first.code, "Ternyata benar.", None, NOON)
    assert made(signing) == 0  # they are not tried again at once
    # A server that signs no more still gives out nothing unsigned that was to be signed.
    signing.config.update(SIGNER="none")
    assert made(signing, clock.now() + SOON) == 0 and paper_of(signing, second) is None
    signing.config.update(good)
    Path(signing.config["SIGNER_PASSWORD_FILE"]).write_bytes(PASSWORD)
    assert signing.test_cli_runner().invoke(args=["certificate", "work", "--again"]).exit_code == 0
    assert paper_of(signing, first) and paper_of(signing, second)


def test_an_alarm_is_given_once_for_as_long_as_the_trouble_lasts(signing, db, authority, caplog):
    key = Path(signing.config["SIGNER_P12"])

    def alarms() -> int:
        return len([one for one in caplog.records if one.levelname == "ERROR" and one.name.startswith("app.")])

    def claimed(name: str, later: timedelta = timedelta()) -> int:
        certified(signing, db, a_person(db, f"{name} Contoh"), name.lower())
        return made(signing, clock.now() + later)

    key.rename(key.with_suffix(".away"))
    assert claimed("Ani") == 0 and alarms() == 1
    assert claimed("Budi") == 0 and alarms() == 1, "another child tells nothing new"
    key.with_suffix(".away").rename(key)
    assert claimed("Citra", SOON * 2) == 3
    key.rename(key.with_suffix(".away"))
    assert claimed("Dodi") == 0 and alarms() == 2, "away again after it was there is new"


@pytest.mark.sqlite
def test_work_asked_for_again_is_done_by_the_process_that_is_at_it(signing, db, sari, tmp_path):
    certified(signing, db, sari.person)
    later = clock.now() + timedelta(hours=6)
    with writing(signing) as session:
        session.execute(sa.update(Edition).values(problem="Terkunci.", next_try_at=later))
    with (tmp_path / "papers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = signing.test_cli_runner().invoke(args=["certificate", "work", "--again"])
    assert "Proses lain sedang mengerjakannya." in result.output and "1 pades    Terkunci." in result.output
    assert made(signing) == 1


def test_papers_that_nobody_is_at_make_the_status_fail(signing, db, sari):
    certified(signing, db, sari.person, now=clock.now())
    status = partial(signing.test_cli_runner().invoke, args=["certificate", "status"])
    assert status().exit_code == 0

    def due(since: timedelta, **more: str) -> None:
        with writing(signing) as session:
            session.execute(sa.update(Edition).values(made_at=NOON, next_try_at=clock.now() - since, **more))

    due(waiting.LATE - timedelta(minutes=1))
    assert status().exit_code == 0
    due(waiting.LATE)
    assert status().exit_code == 1 and "1 PDF sudah 30 menit mendapat giliran" in status().output
    due(waiting.LATE, signer="external")
    assert status().exit_code == 0, "an official without a service takes the time that it takes"


def test_of_three_that_make_the_same_paper_the_first_stays(signing, db, sari, monkeypatch):
    certificate = certified(signing, db, sari.person)
    ask, keep, kept, together = work.signer, making.keep, [], threading.Barrier(3)

    class Slow:
        """Nobody is finished before all are."""

        def __init__(self, *asked):
            self.hand = ask(*asked)

        def sign(self, paper):
            signed = self.hand.sign(paper)
            together.wait(20)
            return signed

    def noted(session, edition_id, paper, now):
        kept.append((keep(session, edition_id, paper, now), hashlib.sha256(paper).hexdigest()))

    monkeypatch.setattr(work, "signer", Slow)
    monkeypatch.setattr(making, "keep", noted)
    at_once(3, lambda _: work.do_due(signing.extensions["db"], signing.config, clock.now()))
    assert sorted(first for first, _ in kept) == [False, False, True]
    with writing(signing) as session:
        edition = queries.edition(session, certificate)
        assert (True, edition.digest) in kept and edition.problem is None


@pytest.mark.sqlite
def test_nobody_signs_a_name_that_was_corrected_or_a_certificate_that_was_taken_back(signing, db, sari, joko):
    first, second = (certified(signing, db, one.person, slug) for one, slug in ((sari, "a"), (joko, "b")))
    with writing(signing) as session:
        lifecycle.correct(
            session, first.code, "Sari Benar", "Salah tulis.", seen=1, by=None, now=NOON, settings=signing.config
        )
        lifecycle.revoke(session, second.code, "Terbit keliru.", None, NOON)
    assert made(signing) == 1
    with writing(signing) as session:
        assert [edition.holder for edition in session.scalars(sa.select(Edition).where(Edition.pdf.is_not(None)))] == [
            "Sari Benar"
        ]
        lifecycle.reinstate(session, second.code, "Ternyata benar.", None, NOON)
    assert made(signing) == 1 and paper_of(signing, second)


def test_papers_of_before_are_proved_and_printed(app, db, sari):
    certificate = certified(app, db, sari.person)
    with writing(app) as session:
        session.execute(sa.update(Edition).values(pdf=None, digest=None, finished_at=None, proof=""))
    assert made(app) == 1 and paper_of(app, certificate)
    assert len(rows(db)) == 1


def test_what_a_service_says_is_kept_as_a_database_can_take_it(signing, db, sari, monkeypatch):
    def away(*_):
        raise SignerAway("TSA_URL: " + "kacau\x00\ud800" * 2_000)

    monkeypatch.setattr(making, "keep", away)
    made_out = certified(signing, db, sari.person)
    assert made(signing) == 0 and paper_of(signing, made_out) is None
    with writing(signing) as session:
        said = register.stuck(session, ["pades"])[2]
    assert said.startswith("TSA_URL: kacau\ufffd\ufffdkacau") and len(said) <= 300
