"""A small certificate authority of the tests, and keys that it vouches for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

PASSWORD = b"rahasia"


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


class Authority:
    """Its certificate stands in `chain`; `settings` are those of a server that signs with a key of its."""

    def __init__(self, folder: Path, words: str = "Otoritas Contoh") -> None:
        self.folder, self.words, self.key = folder, words, ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._certified(words, self.key, authority=True)
        self.chain = folder / "chain.pem"
        self.chain.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def _certified(
        self, words: str, key: ec.EllipticCurvePrivateKey, *, authority: bool = False, days: tuple[int, int] = (-1, 365)
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        usage = {name: False for name in ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
                                          "decipher_only")}  # fmt: skip
        return (
            x509.CertificateBuilder()
            .subject_name(_name(words))
            .issuer_name(_name(self.words))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + timedelta(days=days[0]))
            .not_valid_after(now + timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=True,
                    content_commitment=True,
                    key_cert_sign=authority,
                    crl_sign=authority,
                    **usage,
                ),
                critical=True,
            )
            .sign(self.key, hashes.SHA256())
        )

    def p12(self, words: str = "Penerbit Contoh", days: tuple[int, int] = (-1, 365)) -> Path:
        """A key with its certificate in a file, as a server gets it."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._certified(words, key, days=days)
        path = self.folder / f"{made.serial_number}.p12"
        closed = serialization.BestAvailableEncryption(PASSWORD)
        path.write_bytes(pkcs12.serialize_key_and_certificates(words.encode(), key, made, None, closed))
        return path

    def settings(self, path: Path | None = None) -> dict[str, Any]:
        """The settings of a server that signs with this file, or with a fresh one."""
        secret = self.folder / "password"
        secret.write_bytes(PASSWORD + b"\n")
        return {
            "SIGNER": "pades",
            "SIGNER_P12": str(path or self.p12()),
            "SIGNER_PASSWORD_FILE": str(secret),
            "SIGNER_CHAIN": str(self.chain),
        }
