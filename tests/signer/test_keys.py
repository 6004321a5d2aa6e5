"""Keys on a token, signatures with a time stamp, and the child that signs while pages are served."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import load_der_x509_certificate

from app import clock
from app.certificate import child, queries, validation, waiting, work
from app.certificate.models import Edition
from config import ROOT
from tests.builders import a_person
from tests.certificate.authority import PASSWORD, Authority
from tests.certificate.cast import certified, finish, writing
from tests.conftest import missing
from tests.signer.service import clock_certificate, listening, stamping

pytestmark = pytest.mark.sqlite
_PAPERS = 10


@pytest.fixture
def authority(tmp_path):
    folder = tmp_path / "authority"
    folder.mkdir()
    return Authority(folder)


def paper_of(app, certificate) -> bytes | None:
    with writing(app) as session:
        return queries.paper_of(session, certificate)


def problem_of(app) -> str:
    with writing(app) as session:
        return session.scalar(sa.select(Edition.problem).where(Edition.pdf.is_(None))) or ""


def do_due(app, later=timedelta()):
    work.do_due(app.extensions["db"], app.config, clock.now() + later)


@pytest.fixture
def token(authority, tmp_path, monkeypatch):
    """A token in software with a key on it; its settings."""
    library = next(Path("/usr/lib").glob("**/libsofthsm2.so"), None)
    if library is None or shutil.which("softhsm2-util") is None:
        missing("softhsm2", "apt-get install softhsm2")
    import pkcs11

    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    key, made, _ = pkcs12.load_key_and_certificates(authority.p12("Pejabat Token").read_bytes(), PASSWORD)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "key.pem").write_bytes(pem)
    for words in (
        "--init-token --free --label cakap --pin 123456 --so-pin 654321",
        f"--import {tmp_path / 'key.pem'} --token cakap --label tanda --id 01 --pin 123456",
    ):
        subprocess.run(["softhsm2-util", *words.split()], check=True, capture_output=True)
    with pkcs11.lib(str(library)).get_token(token_label="cakap").open(rw=True, user_pin="123456") as session:
        der = made.public_bytes(serialization.Encoding.DER)
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.LABEL: "tanda",
                pkcs11.Attribute.ID: b"\x01",
                pkcs11.Attribute.VALUE: der,
                pkcs11.Attribute.SUBJECT: load_der_x509_certificate(der).subject.public_bytes(),
            }
        )
    (tmp_path / "pin").write_text("123456\n")
    return {
        "SIGNER": "pades", "SIGNER_CHAIN": str(authority.chain), "SIGNER_PKCS11_LIBRARY": str(library),
        "SIGNER_PKCS11_TOKEN": "cakap", "SIGNER_PKCS11_LABEL": "tanda", "SIGNER_PKCS11_PIN_FILE": str(tmp_path / "pin"),
    }  # fmt: skip


def test_a_key_on_a_token_signs_and_a_wrong_name_or_pin_defers(app, db, sari, authority, token, tmp_path):
    app.config.update(token, SIGNER_PKCS11_TOKEN="lain")
    certificate = certified(app, db, sari.person)
    do_due(app)
    assert "token lain tidak dapat dipakai" in problem_of(app)
    (tmp_path / "pin").write_text("999999")
    app.config.update(SIGNER_PKCS11_TOKEN="cakap")
    do_due(app, timedelta(days=1))
    assert "PinIncorrect" in problem_of(app) and paper_of(app, certificate) is None
    (tmp_path / "pin").write_text("123456")
    do_due(app, timedelta(days=2))
    signed = validation.validated(paper_of(app, certificate), validation.loaded(authority.chain.read_bytes()))
    assert "Pejabat Token" in signed.signer


def test_a_signature_carries_the_time_of_the_authority_that_stamps_it(app, db, sari, joko, authority):
    authority.chain.write_bytes(authority.chain.read_bytes() + clock_certificate())
    moment = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    with listening(stamping(moment)) as address:
        app.config.update(authority.settings(), TSA_URL=f"{address}/tsa")
        certificate = certified(app, db, sari.person)
        do_due(app)
    signed = validation.validated(paper_of(app, certificate), validation.loaded(authority.chain.read_bytes()))
    assert signed.signed_at == moment
    other = certified(app, db, joko.person, "lain")
    do_due(app)
    assert "TSA_URL" in problem_of(app) and paper_of(app, other) is None
    with listening(lambda *_: (200, b"bukan stempel")) as address:
        app.config["TSA_URL"] = address
        do_due(app, timedelta(days=1))
    assert "TSA_URL" in problem_of(app) and paper_of(app, other) is None


_CLAIMS = """
import sys
from wsgi import app
from app.certificate import actions
from app.clock import now
from app.db import transaction
from app.enrollment import queries
with app.app_context():
    for number in sys.argv[1:]:
        with transaction() as session:
            actions.claim(session, queries.by_id(session, int(number)), None, now(), app.config)
print([name for name in ("pyhanko", "asn1crypto", "aiohttp", "pkcs11") if name in sys.modules])
"""


def test_a_killed_child_is_started_again_and_makes_each_paper_once(app, db, authority, database, tmp_path, monkeypatch):
    enrollments = [finish(db, a_person(db, f"Warga {n}"), f"kursus-{n}").id for n in range(_PAPERS)]
    db.commit()
    served = {"DATA": str(tmp_path), "DATABASE_URL": database, "SECRET_KEY": "for tests", "BACKGROUND": "0"}
    for name, value in (served | authority.settings()).items():
        monkeypatch.setenv(name, value)
    said = subprocess.run(
        [sys.executable, "-c", _CLAIMS, *map(str, enrollments)], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert said.stdout == "[]\n", f"who serves pages loads nothing of what signs: {said.stdout}{said.stderr}"

    def finished() -> dict[int, str]:
        with writing(app) as session:
            rows = session.execute(sa.select(Edition.id, Edition.digest).where(Edition.digest.is_not(None)))
            return {number: digest for number, digest in rows}

    def until(papers: int) -> None:
        end = time.monotonic() + 60
        while len(finished()) < papers:
            assert time.monotonic() < end, problem_of(app)
            time.sleep(0.01)

    assert child.NICE == 19
    monkeypatch.setattr(child, "NICE", 3)  # or other tests would leave it no turn
    hand = child.Child()
    engine = app.extensions["db"]
    try:
        hand.look(engine, app.config)
        first = hand._process
        hand.look(engine, app.config)
        assert first is hand._process and first is not None, "one child at most"
        until(2)
        assert os.getpriority(os.PRIO_PROCESS, first.pid) == 3
        first.send_signal(signal.SIGKILL)
        first.wait()
        before = finished()
        assert 2 <= len(before) < _PAPERS, "it was not killed in the middle"
        hand.look(engine, app.config)
        assert hand._process not in (None, first), "a killed child is started again at the next look"
        until(_PAPERS)
    finally:
        hand.stop()
    after = finished()
    assert len(set(after.values())) == _PAPERS and before.items() <= after.items(), "none twice, none lost"
    roots = validation.loaded(authority.chain.read_bytes())
    with writing(app) as session:
        for paper in session.scalars(sa.select(Edition.pdf)):
            assert validation.validated(paper or b"", roots).signer
        assert waiting.groups(session) == []
