"""Judging a signed PDF: one signature, over the whole file, by somebody we trust, and not one byte more.

Before pyHanko's check comes one of its own: what the signature covers must be the file but for its own place, byte by
byte. What strangers send is not judged by its signature; a child with limits only reads what is attached (`apart`).
Signed files come from others too, so a child with limits judges them (`limited`).
"""

from __future__ import annotations

import json
import logging
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate

ATTACHED = "credential.jwt"
COMMAND = (sys.executable, "-m", "app.certificate.validation")
_ROOT = Path(__file__).resolve().parents[2]
_MEMORY, _SECONDS = 512 * 1024 * 1024, 10
_LARGEST = 16 * 1024  # bytes of a credential; ours have about a quarter of that
_ANSWER = 8 * _LARGEST  # bytes of JSON, where a sign may take six


class Invalid(ValueError):
    """This file is not signed as it should be; the message is one short reason for a log, not for people."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A valid signature: whose, under which subject (RFC 4514), and when (by its time stamp, or as the signer says)."""

    signer: str
    subject: str
    signed_at: datetime | None


class Untrusted(Invalid):
    """Nothing is wrong with the signature but that its certificate cannot be traced to these roots at that moment."""

    def __init__(self, signed: Signed) -> None:
        super().__init__("not trusted")
        self.signed = signed


@dataclass(frozen=True, slots=True)
class Examined:
    """What is in a file: whether it can be read, and the credential attached to it, whoever attached that."""

    readable: bool = False
    credential: str = ""


class Unexamined(RuntimeError):
    """The examiner could not do its work, which says nothing about the file; the message is for a log."""


def validated(pdf: bytes, roots: Sequence[Certificate], at: datetime | None = None) -> Signed:
    """The one signature of this file, if it is valid under these roots at that moment (now). Raises Invalid."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    try:
        found = PdfFileReader(BytesIO(pdf), strict=True).embedded_signatures
        if len(found) != 1:
            raise Invalid(f"{len(found)} signatures")
        _covers(pdf, [int(place) for place in found[0].byte_range])
        trust = ValidationContext(trust_roots=roots, moment=at, allow_fetching=False)
        status = validate_pdf_signature(found[0], trust, trust)
        stamp = status.timestamp_validity
        moment = stamp.timestamp if stamp is not None else status.signer_reported_dt
        signed = Signed(*_named(status.signing_cert), moment)
    except (Invalid, MemoryError):
        raise
    except Exception as error:
        # The library raises whatever a broken file makes it stumble over.
        raise Invalid(f"unreadable: {error}") from error
    if not (status.intact and status.valid):
        raise Invalid("the digest or the signature is wrong")
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE or not (stamp is None or stamp.valid):
        raise Invalid("changed after signing, or its time stamp is wrong")
    if not status.trusted or not (stamp is None or stamp.trusted):
        raise Untrusted(signed)
    if not status.bottom_line:
        raise Invalid("not signed as it says")
    return signed


def _named(certificate: Certificate) -> tuple[str, str]:
    """What the subject of this certificate is called, and all of it."""
    from cryptography.x509 import load_der_x509_certificate

    subject = load_der_x509_certificate(certificate.dump()).subject.rfc4514_string()
    name = certificate.subject.native.get("common_name") or subject
    return _seen(name if isinstance(name, str) else ", ".join(name)), _seen(subject)


def _seen(words: str) -> str:
    """These words with all that cannot be seen written out as RFC 4514 does, so that no two names look the same."""
    return "".join(
        sign if sign.isprintable() else "".join(f"\\{byte:02X}" for byte in sign.encode("utf-8", "surrogatepass"))
        for sign in words
    )


def _covers(pdf: bytes, places: list[int]) -> None:
    """Only the signature's own place, a string of hexadecimals, may lie outside of what it covers."""
    if len(places) != 4:
        raise Invalid("the range has not two parts")
    start, length, second, rest = places
    gap = pdf[length:second]
    whole = start == 0 and 0 < length < second and rest > 0 and second + rest == len(pdf)
    if not whole or gap[:1] != b"<" or gap[-1:] != b">" or set(gap[1:-1]) - set(b"0123456789abcdefABCDEF"):
        raise Invalid("the signature does not cover the whole file")


def loaded(chain: bytes) -> list[Certificate]:
    """The certificates in a PEM file."""
    from pyhanko.keys import load_certs_from_pemder_data

    return list(load_certs_from_pemder_data(chain))


def examined(pdf: bytes) -> Examined:
    """What is in this file."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        return Examined(readable=True, credential=_attached(PdfFileReader(BytesIO(pdf), strict=False)))
    except MemoryError:
        raise
    except Exception:
        # Whatever a broken file makes the library stumble over.
        return Examined()


def _attached(reader: Any) -> str:
    """The credential that our papers carry; empty when there is none, or something else that is larger than ours are.

    Inflated it has a thousand times its length at most, so the first length bounds what this process takes.
    """
    root = reader.root
    if "/Names" not in root or "/EmbeddedFiles" not in root["/Names"]:
        return ""
    names = root["/Names"]["/EmbeddedFiles"]["/Names"]
    for place in range(0, len(names) - 1, 2):
        if str(names[place]) == ATTACHED:
            file = names[place + 1]["/EF"]["/F"]
            if len(file.encoded_data) > _LARGEST or len(file.data) > _LARGEST:
                return ""
            content: str = file.data.decode("ascii", "replace")
            return content if content.isprintable() else ""  # not every database takes every sign
    return ""


def apart(pdf: bytes) -> Examined:
    """`examined` in a child that can neither take much memory nor much time; for what is no PDF there is none.

    Raises Unexamined.
    """
    if not pdf.startswith(b"%PDF-"):
        return Examined()
    try:
        done = subprocess.run(  # noqa: S603 (nothing of the sender's stands in the command)
            COMMAND, cwd=_ROOT, input=pdf, capture_output=True, timeout=3 * _SECONDS
        )
        if done.returncode or len(done.stdout) > _ANSWER:
            said = done.stderr[-500:].decode(errors="replace")
            raise Unexamined(f"exit status {done.returncode}, {len(done.stdout)} bytes, {said!r}")
        return Examined(**json.loads(done.stdout))
    except (OSError, subprocess.SubprocessError, ValueError, TypeError) as error:
        raise Unexamined(str(error)) from error


def main() -> None:
    """The child: a PDF comes in, what is in it goes out as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    logging.disable()
    sys.stdout.write(json.dumps(asdict(examined(sys.stdin.buffer.read()))))


if __name__ == "__main__":
    main()
