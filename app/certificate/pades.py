"""Signing with a key of ours: PAdES (ETSI EN 319 142) by pyHanko, the key in a PKCS#12 file or on a PKCS#11 token.

Only who signs imports this. The key is loaded once and kept until its file is another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from asn1crypto import tsp
from asn1crypto.x509 import Certificate
from pkcs11 import PKCS11Error as TokenError
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.certificate import validation, wire
from app.certificate.signing import SignerAway

FIELD = "Tanda Tangan Penerbit"
REASON = "Penerbitan dokumen pelatihan"
_MOST_STAMP = 64 * 1024


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the key comes from; the moments at which its files were written tell a new key from the old one."""

    p12: str
    password: str
    library: str
    token: str
    label: str
    pin: str
    chain: str
    stamps: str
    written: tuple[int, ...]


class Stamper(TimeStamper):
    """Asks a time-stamping authority (RFC 3161) when the signature was there."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        kind = {"Content-Type": "application/timestamp-query"}
        status, body = wire.ask("POST", self._address, req.dump(), kind, most=_MOST_STAMP)
        if status != 200:
            raise wire.Unanswered(f"status {status}")
        return tsp.TimeStampResp.load(body)


class PadesSigner:
    """A loaded key, and what goes into every signature."""

    def __init__(self, signer: signers.Signer, roots: list[Certificate], stamps: str) -> None:
        meta = signers.PdfSignatureMetadata(
            field_name=FIELD, reason=REASON, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
        )
        # Where there is nothing to see, a screen reader still says what the field is.
        field = fields.SigFieldSpec(FIELD, readable_field_name="Tanda tangan digital penerbit")
        self._hand = signers.PdfSigner(meta, signer, timestamper=Stamper(stamps) if stamps else None, new_field_spec=field)
        self._signer, self._roots = signer, roots
        self._reserved: int | None = None
        self._tried = False

    def check(self, now: datetime) -> None:
        """Raises SignerAway when the certificate of the key is not valid at this moment."""
        validity = self._signer.signing_cert["tbs_certificate"]["validity"]
        first, last = validity["not_before"].native, validity["not_after"].native
        if now < first:
            raise SignerAway(f"Sertifikat penandatangan baru berlaku mulai {first:%d-%m-%Y}.")
        if now > last:
            raise SignerAway(f"Sertifikat penandatangan tidak berlaku lagi sejak {last:%d-%m-%Y}.")
        if not self._tried:
            self._try(now)

    def sign(self, paper: bytes) -> bytes:
        try:
            signed = bytes(self._signed(paper))
        except (TimestampRequestError, wire.Unanswered) as error:
            raise SignerAway(f"Layanan stempel waktu (TSA_URL) tidak menjawab: {error}.") from error
        except (SigningError, TokenError) as error:
            # The token may have been taken out; it is looked for anew at the next try.
            _loaded.cache_clear()
            raise SignerAway(f"Kunci tidak dapat menandatangani: {error or type(error).__name__}.") from error
        if self._reserved is None:
            # The library signs a second time to learn how much room a signature takes; all of one key take the same.
            self._reserved = _room(signed)
        return signed

    def _signed(self, paper: bytes) -> Any:
        writer = IncrementalPdfFileWriter(BytesIO(paper))
        return self._hand.sign_pdf(writer, bytes_reserved=self._reserved).getbuffer()

    def _try(self, now: datetime) -> None:
        """Signs an empty page first: a chain that does not fit shall be noticed before papers are given out."""
        try:
            validation.validated(self.sign(_empty_page()), self._roots, now)
        except validation.Invalid as no:
            raise SignerAway(f"Tanda tangan percobaan tidak sah menurut SIGNER_CHAIN: {no}.") from no
        self._tried = True


def ready(settings: Mapping[str, Any], now: datetime) -> PadesSigner:
    """The signer of these settings, whose certificate is valid now. Raises SignerAway."""
    files = ("SIGNER_P12", "SIGNER_PASSWORD_FILE", "SIGNER_PKCS11_PIN_FILE", "SIGNER_CHAIN")
    if not (settings["SIGNER_P12"] or settings["SIGNER_PKCS11_LIBRARY"]):
        raise SignerAway("Kunci penandatangan belum disetel: isi SIGNER_P12 atau SIGNER_PKCS11_LIBRARY.")
    source = _Source(
        p12=settings["SIGNER_P12"],
        password=settings["SIGNER_PASSWORD_FILE"],
        library=settings["SIGNER_PKCS11_LIBRARY"],
        token=settings["SIGNER_PKCS11_TOKEN"],
        label=settings["SIGNER_PKCS11_LABEL"],
        pin=settings["SIGNER_PKCS11_PIN_FILE"],
        chain=settings["SIGNER_CHAIN"],
        stamps=settings["TSA_URL"],
        written=tuple(_written(name, settings[name]) for name in files if settings[name]),
    )
    found = _loaded(source)
    found.check(now)
    return found


def _written(setting: str, path: str) -> int:
    try:
        return Path(path).stat().st_mtime_ns
    except OSError as error:
        raise SignerAway(f"{setting}: berkas {path} tidak dapat dibaca ({error.strerror}).") from error


@lru_cache(maxsize=1)
def _loaded(source: _Source) -> PadesSigner:
    """The key of this source."""
    roots = chain_in(source.chain)
    signer = _from_file(source, roots) if source.p12 else _from_token(source, roots)
    return PadesSigner(signer, roots, source.stamps)


def chain_in(path: str) -> list[Certificate]:
    """The certificates that SIGNER_CHAIN names. Raises SignerAway."""
    if not path:
        raise SignerAway("SIGNER_CHAIN belum disetel: isi dengan berkas PEM sertifikat penerbitnya.")
    try:
        roots = validation.loaded(_content("SIGNER_CHAIN", path))
    except ValueError as error:
        raise SignerAway(f"SIGNER_CHAIN: {path} bukan berkas PEM berisi sertifikat.") from error
    if not roots:
        raise SignerAway(f"SIGNER_CHAIN: tidak ada sertifikat di {path}.")
    return roots


def _from_file(source: _Source, chain: list[Certificate]) -> signers.Signer:
    password = _content("SIGNER_PASSWORD_FILE", source.password).rstrip(b"\r\n") if source.password else None
    content = _content("SIGNER_P12", source.p12)
    try:
        return signers.SimpleSigner.load_pkcs12_data(content, chain, passphrase=password)
    except (ValueError, TypeError, SigningError) as error:
        raise SignerAway(f"SIGNER_P12: {source.p12} tidak terbuka dengan kata sandi itu.") from error


def _from_token(source: _Source, chain: list[Certificate]) -> signers.Signer:
    pin = _content("SIGNER_PKCS11_PIN_FILE", source.pin).decode(errors="replace").strip() if source.pin else None
    try:
        session = open_pkcs11_session(source.library, token_criteria=TokenCriteria(label=source.token), user_pin=pin)
        signer = PKCS11Signer(session, cert_label=source.label, ca_chain=chain, bulk_fetch=False)
        if signer.signing_cert is None:
            raise SigningError("no certificate")
    except (TokenError, SigningError, OSError, RuntimeError) as error:
        told = f"{type(error).__name__} {error}".strip()
        raise SignerAway(f"Kunci {source.label} di token {source.token} tidak dapat dipakai: {told}.") from error
    return signer


def _content(setting: str, path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise SignerAway(f"{setting}: berkas {path} tidak dapat dibaca ({error.strerror}).") from error


def _room(signed: bytes) -> int:
    """How many hexadecimals the place of the signature in this file has."""
    place = signed.rindex(b"/Contents <")
    return signed.index(b">", place) - place - len(b"/Contents <")
