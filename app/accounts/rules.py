"""Names people sign in with, how a person is called, and what they tell about themself."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.errors import N_, Refused

_USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,30})[a-z0-9]")
_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}){0,10}"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,63}"
)
_PHONE_LOOK = re.compile(r"[+(]?[0-9][0-9() .-]*")

# How long a device stays signed in, how long it may lie unused meanwhile, and how often its use is noted:
# a device of one's own, and one shared with others.
OWN_STAY, SHARED_STAY = timedelta(days=60), timedelta(hours=2)
OWN_IDLE, SHARED_IDLE = timedelta(days=30), timedelta(minutes=30)
OWN_NOTED, SHARED_NOTED = timedelta(hours=1), timedelta(minutes=5)


class Kind(StrEnum):
    """The three names a person may sign in with; each is a column of `person`."""

    USERNAME = "username"
    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class SignInName:
    """A name to sign in with, in its one spelling."""

    kind: Kind
    value: str


def sign_in_name(text: str) -> SignInName:
    """What the person typed, read as e-mail address, phone number or user name.

    Raises Refused with the sentence for the field when it is none of them.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if "@" in text:
        return SignInName(Kind.EMAIL, _email(text))
    if _PHONE_LOOK.fullmatch(text):
        return SignInName(Kind.PHONE, _phone(text))
    name = text.casefold()
    if not _USERNAME.fullmatch(name):
        raise Refused(
            N_("Nama pengguna berisi 3–32 huruf a–z, angka, titik, garis bawah, atau tanda hubung. Contoh: sari.contoh")
        )
    return SignInName(Kind.USERNAME, name)


def _email(text: str) -> str:
    address = text.lower()
    if len(address) > 254 or len(address.split("@")[0]) > 64 or not _EMAIL.fullmatch(address):
        raise Refused(N_("Alamat surel ini belum lengkap. Contoh: sari@surel.contoh"))
    return address


def _phone(text: str) -> str:
    digits = re.sub(r"[^0-9]", "", text)
    if text.startswith("+") or digits.startswith("62"):
        number = digits
    elif digits.startswith("0"):
        number = "62" + digits.removeprefix("0")
    else:
        number = "62" + digits
    national = number.removeprefix("62").removeprefix("0") if number.startswith("62") else ""
    if national:
        number = "62" + national
    if not 10 <= len(number) <= 15 or (national and not 8 <= len(national) <= 13):
        raise Refused(N_("Nomor HP ini belum lengkap. Contoh: 0800-0000-0000"))
    return "+" + number


def shown(name: SignInName | None) -> str:
    """The name as people here write it: 0812-0000-0000, sari.contoh, sari@surel.contoh."""
    if name is None:
        return ""
    if name.kind is Kind.PHONE and name.value.startswith("+62"):
        digits = "0" + name.value.removeprefix("+62")
        return "-".join(part for part in (digits[:4], digits[4:8], digits[8:]) if part)
    return name.value


def full_name(text: str) -> str:
    """The name of a person in one line, with single blanks. Raises Refused when it holds no letter."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not any(letter.isalpha() for letter in name):
        raise Refused(N_("Tulis nama Anda dengan huruf."))
    return name


def short_name(name: str, most: int = 20) -> str:
    """The first words of a name, as many as fit: what the header calls the person."""
    words = name.split()
    short = words[0] if words else ""
    # A first name alone is how most people are called; very short ones ("M.", "Hj.") take the next word along.
    for word in words[1:]:
        if len(short) > 3 or len(short) + 1 + len(word) > most:
            break
        short += " " + word
    return short if len(short) <= most else short[: most - 1] + "…"


def device(user_agent: str) -> str:
    """A device in words a person recognises, such as “Chrome di Android”."""
    browsers = (
        ("SamsungBrowser", "Samsung Internet"),
        ("OPR/", "Opera"),
        ("UCBrowser", "UC Browser"),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    )
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("CrOS", "Chromebook"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    )
    browser = next((name for sign, name in browsers if sign in user_agent), "Peramban")
    system = next((name for sign, name in systems if sign in user_agent), "")
    return f"{browser} di {system}" if system else browser


def to_note(shared: bool, seen_at: datetime, now: datetime) -> bool:
    """Whether it is time to note that a device is still in use: now and then, never on every request."""
    return now - seen_at >= (SHARED_NOTED if shared else OWN_NOTED)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What a resident tells when registering."""

    name: str
    sign_in: SignInName
    region: str
    birth_year: int


@dataclass(frozen=True, slots=True)
class AboutMe:
    """What a person may tell if they agree: all of it optional."""

    gender: str | None = None
    education: int | None = None
    occupation: int | None = None

    def __bool__(self) -> bool:
        return not (self.gender is None and self.education is None and self.occupation is None)


@dataclass(frozen=True, slots=True)
class Wording:
    """The exact sentence a person agreed to, with its version."""

    purpose: str
    version: str
    text: str
