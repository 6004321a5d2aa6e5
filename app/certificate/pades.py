"""Signing with a key of ours: PAdES (ETSI EN 319 142) by pyHanko, the key in a PKCS#12 file or on a PKCS#11 token.

pyHanko is heavy, so it is imported when something is signed, which web processes never do. The key is loaded once and
kept until one of its files is another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportlab.pdfgen.canvas import Canvas

from app.certificate import validation, wire
from app.certificate.away import SignerAway

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.signers import Signer
    from pyhanko.sign.timestamps import TimeStamper

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


class PadesSigner:
    """A loaded key, and what goes into every signature; signs at the moment for which it was last found ready."""

    def __init__(self, signer: Signer, roots: list[Certificate], stamps: str) -> None:
        from pyhanko.sign import fields, signers

        meta = signers.PdfSignatureMetadata(
            field_name=FIELD, reason=REASON, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
        )
        # Where there is nothing to see, a screen reader still says what the field is.
        field = fields.SigFieldSpec(FIELD, readable_field_name="Tanda tangan digital penerbit")
        stamper = _stamper(stamps) if stamps else None
        self._hand = signers.PdfSigner(meta, signer, timestamper=stamper, new_field_spec=field)
        self._certificate: Any = signer.signing_cert
        self._roots = roots
        self._reserved: int | None = None
        self._tried = False

    def check(self, now: datetime) -> None:
        """Raises SignerAway when signatures of this moment would not be valid."""
        validity = self._certificate["tbs_certificate"]["validity"]
        first, last = validity["not_before"].native, validity["not_after"].native
        if now < first:
            raise SignerAway(f"Sertifikat penandatangan baru berlaku mulai {first:%d-%m-%Y}.")
        if now > last:
            raise SignerAway(f"Sertifikat penandatangan tidak berlaku lagi sejak {last:%d-%m-%Y}.")
        if not self._tried:
            # A chain that does not fit shall be noticed before papers are given out.
            try:
                validation.validated(self.sign(_sheet()), self._roots)
            except validation.Invalid as no:
                raise SignerAway(f"Tanda tangan percobaan tidak sah menurut SIGNER_CHAIN: {no}.") from no
            self._tried = True

    def sign(self, paper: bytes) -> bytes:
        """The paper with one signature over the whole file."""
        from pkcs11 import PKCS11Error
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign.general import SigningError
        from pyhanko.sign.timestamps import TimestampRequestError

        try:
            out = self._hand.sign_pdf(IncrementalPdfFileWriter(BytesIO(paper)), bytes_reserved=self._reserved)
        except (TimestampRequestError, wire.Unanswered) as error:
            raise SignerAway(f"Layanan stempel waktu (TSA_URL) tidak menjawab: {error}.") from error
        except (SigningError, PKCS11Error) as error:
            # The token may have been taken out; it is looked for anew at the next try.
            _loaded.cache_clear()
            told = f"{type(error).__name__} {error}".strip()
            raise SignerAway(f"Kunci tidak dapat menandatangani: {told}.") from error
        signed: bytes = out.getvalue()
        # The library signs twice to learn how much room a signature takes; with one key all take the same.
        self._reserved = self._reserved or _room(signed)
        return signed


def ready(settings: Mapping[str, Any], now: datetime) -> PadesSigner:
    """The signer of these settings, whose signatures are valid now. Raises SignerAway."""
    if not (settings["SIGNER_P12"] or settings["SIGNER_PKCS11_LIBRARY"]):
        raise SignerAway("Kunci penandatangan belum disetel: isi SIGNER_P12 atau SIGNER_PKCS11_LIBRARY.")
    files = ("SIGNER_P12", "SIGNER_PASSWORD_FILE", "SIGNER_PKCS11_PIN_FILE", "SIGNER_CHAIN")
    found = _loaded(
        _Source(
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
    )
    found.check(now)
    return found


def roots_in(path: str) -> list[Certificate]:
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


def _written(setting: str, path: str) -> int:
    try:
        return Path(path).stat().st_mtime_ns
    except OSError as error:
        raise SignerAway(f"{setting}: berkas {path} tidak dapat dibaca ({error.strerror}).") from error


@lru_cache(maxsize=1)
def _loaded(source: _Source) -> PadesSigner:
    """The key of this source."""
    roots = roots_in(source.chain)
    return PadesSigner((_from_file if source.p12 else _from_token)(source, roots), roots, source.stamps)


def _from_file(source: _Source, chain: list[Certificate]) -> Signer:
    from pyhanko.sign.signers import SimpleSigner

    password = _secret("SIGNER_PASSWORD_FILE", source.password)
    content = _content("SIGNER_P12", source.p12)
    try:
        found: Signer = SimpleSigner.load_pkcs12_data(content, chain, passphrase=password)
    except (ValueError, TypeError, AttributeError) as error:
        # A file without a key or a certificate ends in an attribute that is not there.
        raise SignerAway(
            f"SIGNER_P12: {source.p12} tidak terbuka dengan kata sandi di SIGNER_PASSWORD_FILE."
        ) from error
    return found


def _from_token(source: _Source, chain: list[Certificate]) -> Signer:
    from pkcs11 import PKCS11Error
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

    pin = _secret("SIGNER_PKCS11_PIN_FILE", source.pin)
    try:
        session = open_pkcs11_session(
            source.library,
            token_criteria=TokenCriteria(label=source.token),
            user_pin=pin.decode() if pin is not None else None,
        )
        # We hash, the token signs the hash: not every token can do both.
        found: Signer = PKCS11Signer(
            session, cert_label=source.label, ca_chain=chain, bulk_fetch=False, use_raw_mechanism=True
        )
        if found.signing_cert is None:
            raise SigningError("no certificate")
    except (PKCS11Error, SigningError, OSError, RuntimeError, ValueError) as error:
        told = f"{type(error).__name__} {error}".strip()
        raise SignerAway(f"Kunci {source.label} di token {source.token} tidak dapat dipakai: {told}.") from error
    return found


def _stamper(address: str) -> TimeStamper:
    """Who asks a time-stamping authority (RFC 3161) when a signature was there."""
    from asn1crypto import tsp
    from pyhanko.sign.timestamps import TimeStamper

    class Stamper(TimeStamper):
        def __init__(self) -> None:
            super().__init__()  # type: ignore[no-untyped-call]  # the library says no types here

        async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
            kind = {"Content-Type": "application/timestamp-query"}
            status, body = wire.ask("POST", address, req.dump(), kind, most=_MOST_STAMP)
            if status != 200:
                raise wire.Unanswered(f"status {status}")
            try:
                return tsp.TimeStampResp.load(body, strict=True)
            except ValueError as error:
                raise wire.Unanswered("no time stamp") from error

    return Stamper()


def _secret(setting: str, path: str) -> bytes | None:
    return _content(setting, path).rstrip(b"\r\n") if path else None


def _content(setting: str, path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise SignerAway(f"{setting}: berkas {path} tidak dapat dibaca ({error.strerror}).") from error


def _sheet() -> bytes:
    """An empty page to try a key on."""
    canvas = Canvas(sheet := BytesIO(), invariant=1)
    canvas.showPage()
    canvas.save()
    return sheet.getvalue()


def _room(signed: bytes) -> int:
    """How many hexadecimals the place of the signature in this file has."""
    place = signed.rindex(b"/Contents <") + len(b"/Contents <")
    return signed.index(b">", place) - place
