"""Stand-ins for services of others: one where an official signs batches, and one that stamps the time."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.timestamps import DummyTimeStamper

from app.certificate import external
from app.certificate.models import Edition
from tests.certificate.authority import PASSWORD
from tests.certificate.cast import writing

Answer = tuple[int, bytes]


@contextmanager
def listening(answer: Callable[[str, str, bytes, str], Answer]) -> Iterator[str]:
    """The address of a server that says what this function says to method, path, body and authorization."""

    class Door(BaseHTTPRequestHandler):
        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, said = answer(self.command, self.path, body, self.headers.get("Authorization", ""))
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", said.decode())
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(said)

        do_GET = do_POST = _do  # noqa: N815 (the library asks for these names)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


class Official:
    """The service of docs/signing.md: batches wait until the official signs them."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.sent: list[str] = []  # the name of each batch, as often as it came
        self.waiting: dict[str, dict[str, bytes]] = {}
        self.done: dict[str, list[dict[str, str]]] = {}
        self.instead: Answer | None = None  # what it says when it is not well
        self.apart: dict[str, Answer | None] = {}  # or of one batch only; None is silence

    def __call__(self, method: str, path: str, body: bytes, authorization: str) -> Answer:
        if self.instead is not None:
            return self.instead
        if authorization != f"Bearer {self.token}":
            return 401, b"{}"
        if method == "POST":
            told = json.loads(body)
            self.sent.append(told["batch"])
            self.waiting[told["batch"]] = {line["name"]: base64.b64decode(line["pdf"]) for line in told["papers"]}
            return 202, b"{}"
        batch = path.removeprefix("/batches/")
        if batch in self.apart:
            if (said := self.apart[batch]) is None:
                time.sleep(1.5)
            return said or (500, b"")
        if batch in self.done:
            return 200, json.dumps({"state": "done", "papers": self.done[batch]}).encode()
        return (200, b'{"state": "waiting"}') if batch in self.waiting else (404, b"{}")

    def sign(self, batch: str, hands: dict[str, Callable[[bytes], bytes]]) -> None:
        """The act: each paper goes through the hand for its name; one without stays out."""
        papers = self.waiting[batch]
        self.done[batch] = [
            {"name": name, "pdf": base64.b64encode(hand(papers[name])).decode()} for name, hand in hands.items()
        ]


def signed_with(p12: Path, paper: bytes, field: str = "Pejabat") -> bytes:
    """The paper, signed by whoever has this key."""
    hand = signers.SimpleSigner.load_pkcs12(str(p12), passphrase=PASSWORD)
    meta = signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256")
    signed: bytes = signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(paper)), meta, signer=hand).getvalue()
    return signed


@cache
def _clockmaker() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key = rsa.generate_private_key(65537, 2048)
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Stempel Waktu Contoh")]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=400))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    return key, made


def clock_certificate() -> bytes:
    """The certificate of who stamps the time, in PEM."""
    return _clockmaker()[1].public_bytes(serialization.Encoding.PEM)


def stamping(moment: datetime) -> Callable[[str, str, bytes, str], Answer]:
    """A time-stamping authority (RFC 3161) whose clock shows this moment."""
    key, made = _clockmaker()
    plain = serialization.NoEncryption()
    stamper = DummyTimeStamper(
        asn1_x509.Certificate.load(made.public_bytes(serialization.Encoding.DER)),
        asn1_keys.PrivateKeyInfo.load(
            key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, plain)
        ),
        fixed_dt=moment,
    )

    def answer(_method: str, _path: str, body: bytes, _authorization: str) -> Answer:
        asked = tsp.TimeStampReq.load(body)
        return 200, asyncio.run(stamper.async_request_tsa_response(asked)).dump()

    return answer


def waits(app) -> dict[str, str | None]:
    """Why papers wait, by whose they are."""
    with writing(app) as session:
        rows = session.execute(sa.select(Edition.holder, Edition.problem).where(Edition.pdf.is_(None)))
        return {holder.split()[0]: problem for holder, problem in rows}


def names(certificates):
    return {row.holder.split()[0]: external.name_of(row.code, row.version) for row in certificates}
