"""Every setting, read once and checked at the start."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.certificate import picture
from app.certificate.rules import check_pattern

ROOT = Path(__file__).resolve().parent


class BadSetting(Exception):
    """A setting is missing or wrong; the message names it and says what to do."""


def from_env(env: Mapping[str, str]) -> dict[str, Any]:
    """All settings as Flask keys. `docs/operations.md` describes each; a test compares the two.

    Raises BadSetting with the name of the first setting that is wrong.
    """
    data = Path(env.get("DATA") or ROOT / "data").expanduser().resolve()
    _make_folder(data)
    port = _number(env, "PORT", 8000, 1, 65535)
    base_url = (env.get("BASE_URL") or f"http://127.0.0.1:{port}").rstrip("/")
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadSetting("BASE_URL harus berupa alamat lengkap, misalnya https://belajar.contoh.go.id.")
    secure = parts.scheme == "https"
    first, last = _day(env, "SIGNATORY_FROM"), _day(env, "SIGNATORY_UNTIL")
    if first and last and first > last:
        raise BadSetting("SIGNATORY_UNTIL lebih awal daripada SIGNATORY_FROM.")
    return {
        "DATA": data,
        "PORT": port,
        "HOST": env.get("HOST") or "127.0.0.1",
        "WORKERS": _number(env, "WORKERS", min(2, os.cpu_count() or 1), 1, 64),
        "BASE_URL": base_url,
        "DATABASE_URL": env.get("DATABASE_URL") or f"sqlite:///{data / 'cakap.sqlite3'}",
        "SECRET_KEY": env.get("SECRET_KEY") or _kept_secret(data),
        "SECRET_KEY_FALLBACKS": [key for key in env.get("SECRET_KEY_FALLBACKS", "").split(",") if key],
        "TRUSTED_PROXIES": _number(env, "TRUSTED_PROXIES", 0, 0, 5),
        "DEMO": _flag(env, "DEMO", True),
        "RATE_LIMITS": env.get("RATE_LIMITS") or "database://",
        "BACKGROUND": _flag(env, "BACKGROUND", True),
        "SMTP_HOST": env.get("SMTP_HOST", ""),
        "SMTP_PORT": _number(env, "SMTP_PORT", 587, 1, 65535),
        "SMTP_USER": env.get("SMTP_USER", ""),
        "SMTP_PASSWORD": env.get("SMTP_PASSWORD", ""),
        "SMTP_STARTTLS": _flag(env, "SMTP_STARTTLS", True),
        "MAIL_FROM": env.get("MAIL_FROM", "Cakap Bontang <tanpa-balas@cakap.contoh>"),
        "AGENCY": env.get("AGENCY", "Cakap Bontang"),
        "UNIT": env.get("UNIT", "CONTOH"),
        "PROGRAMME": env.get("PROGRAMME", "Pelatihan Kompetensi Digital Warga"),
        "PLACE": env.get("PLACE", "Bontang"),
        "CONTACT": env.get("CONTACT", "petugas di kantor kelurahan Anda"),
        "SIGNATORY_NAME": env.get("SIGNATORY_NAME", ""),
        "SIGNATORY_TITLE": env.get("SIGNATORY_TITLE", ""),
        "SIGNATORY_NIP": env.get("SIGNATORY_NIP", ""),
        "SIGNATORY_FROM": first,
        "SIGNATORY_UNTIL": last,
        "AGENCY_LOGO": _picture(env, "AGENCY_LOGO"),
        "CERTIFICATE_NUMBER": _number_pattern(env),
        "CERTIFICATE_CLASS": env.get("CERTIFICATE_CLASS", "CB"),
        **_signer(env),
        "SMART_LABEL": env.get("SMART_LABEL") or "Smart People (Smart Society)",
        "SAMPLE": env.get("SAMPLE", ""),
        "MINUTES_PER_JP": _number(env, "MINUTES_PER_JP", 45, 30, 90),
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "MAX_FORM_PARTS": 400,
        "SESSION_COOKIE_NAME": "__Host-cakap" if secure else "cakap",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": 60 * 60 * 24 * 60,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": secure,
    }


def _number(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = env.get(name) or str(default)
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise BadSetting(f"{name} harus angka {least} sampai {most}, bukan {text!r}.")
    return int(text)


def _flag(env: Mapping[str, str], name: str, default: bool) -> bool:
    text = env.get(name) or ("1" if default else "0")
    if text not in ("0", "1"):
        raise BadSetting(f"{name} harus 0 atau 1, bukan {text!r}.")
    return text == "1"


def _one_of(env: Mapping[str, str], name: str, *words: str) -> str:
    text = env.get(name) or words[0]
    if text not in words:
        raise BadSetting(f"{name} harus salah satu dari {', '.join(words)}, bukan {text!r}.")
    return text


_SIGNER_FILES = (
    *("SIGNER_P12", "SIGNER_PASSWORD_FILE", "SIGNER_CHAIN", "SIGNER_TOKEN_FILE"),
    *("SIGNER_PKCS11_LIBRARY", "SIGNER_PKCS11_PIN_FILE"),
)


def _signer(env: Mapping[str, str]) -> dict[str, Any]:
    """Who signs papers, and with what. Whether the files are there is seen when something is to be signed."""
    found: dict[str, Any] = {"SIGNER": _one_of(env, "SIGNER", "none", "pades", "external")}
    found |= {name: str(Path(env[name]).expanduser()) if env.get(name) else "" for name in _SIGNER_FILES}
    found |= {name: env.get(name, "") for name in ("SIGNER_PKCS11_TOKEN", "SIGNER_PKCS11_LABEL")}
    found |= {"SIGNER_URL": _machine(env, "SIGNER_URL"), "TSA_URL": _machine(env, "TSA_URL", plain=True)}
    found["SIGNER_SUBJECTS"] = _subjects(env, "SIGNER_SUBJECTS")
    if found["SIGNER_P12"] and found["SIGNER_PKCS11_LIBRARY"]:
        raise BadSetting("SIGNER_P12 dan SIGNER_PKCS11_LIBRARY tidak dapat dipakai bersama. Pilih salah satu.")
    if found["SIGNER"] == "pades" and not (found["SIGNER_P12"] or found["SIGNER_PKCS11_LIBRARY"]):
        raise BadSetting("SIGNER=pades memerlukan SIGNER_P12 atau SIGNER_PKCS11_LIBRARY.")
    if found["SIGNER_PKCS11_LIBRARY"] and not (found["SIGNER_PKCS11_TOKEN"] and found["SIGNER_PKCS11_LABEL"]):
        raise BadSetting("SIGNER_PKCS11_LIBRARY memerlukan SIGNER_PKCS11_TOKEN dan SIGNER_PKCS11_LABEL.")
    if found["SIGNER"] != "none" and not found["SIGNER_CHAIN"]:
        raise BadSetting(f"SIGNER={found['SIGNER']} memerlukan SIGNER_CHAIN, berkas PEM sertifikat penerbitnya.")
    return found


def _subjects(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Subjects of certificates in the form of RFC 4514, with a semicolon between two."""
    found = tuple(one.strip() for one in re.split(r"(?<!\\);", env.get(name, "")) if one.strip())
    for one in found:
        if not re.match(r"[A-Za-z0-9.]+=", one):
            raise BadSetting(f"{name}: {one!r} bukan subjek sertifikat, misalnya 'CN=Nama Pejabat,O=Instansi,C=ID'.")
    return found


def _machine(env: Mapping[str, str], name: str, *, plain: bool = False) -> str:
    """The address of a service. Without TLS only on this machine, or where what it says is signed (`plain`)."""
    address = (env.get(name) or "").rstrip("/")
    if not address:
        return ""
    with contextlib.suppress(ValueError):
        parts = urlsplit(address)
        plain = plain or parts.hostname in ("127.0.0.1", "::1", "localhost")
        bare = not (parts.query or parts.fragment or parts.username or parts.password)
        if parts.scheme in ("https", "http" if plain else "https") and parts.hostname and bare and parts.port != 0:
            return address
    raise BadSetting(f"{name} harus alamat yang dimulai dengan https://, bukan {address!r}.")


def _day(env: Mapping[str, str], name: str) -> date | None:
    text = env.get(name)
    if not text:
        return None
    # Python reads more spellings of a day than people who look at the settings do.
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        with contextlib.suppress(ValueError):
            return date.fromisoformat(text)
    raise BadSetting(f"{name} harus tanggal seperti 2026-11-23, bukan {text!r}.")


def _picture(env: Mapping[str, str], name: str) -> bytes:
    """The picture in this file, read once: papers of one start all have the same."""
    path = env.get(name)
    if not path:
        return b""
    try:
        return picture.checked(Path(path).expanduser().read_bytes())
    except OSError as error:
        raise BadSetting(f"{name}: berkas {path} tidak dapat dibaca ({error.strerror}).") from error
    except ValueError as error:
        raise BadSetting(f"{name}: {error}") from error


def _number_pattern(env: Mapping[str, str]) -> str:
    pattern = env.get("CERTIFICATE_NUMBER") or "{klasifikasi}/{urut:05}/{unit}/{bulan_romawi}/{tahun}"
    try:
        check_pattern(pattern)
    except ValueError as error:
        raise BadSetting(f"CERTIFICATE_NUMBER: {error}") from error
    return pattern


def _make_folder(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True)
        probe = data / f".tulis-{os.getpid()}"
        probe.write_text("", encoding="utf-8")
        probe.unlink()
    except OSError as error:
        raise BadSetting(
            f"Folder data {data} tidak dapat ditulis ({error.strerror}). "
            "Beri izin tulis, atau pilih folder lain dengan DATA."
        ) from error


def _kept_secret(data: Path) -> str:
    """The secret made at the first start and kept beside the database, readable by its owner only."""
    path = data / "secret-key"
    if not path.exists():
        draft = data / f"secret-key.{os.getpid()}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_hex(32))
        # Two processes may start at once: the link is made whole or not at all, and the first one stays.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text(encoding="utf-8").strip()
