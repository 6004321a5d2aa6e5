"""How often somebody may guess: counted per name and address, so that a hall may share an address.

A device that signed in before is known by a cookie of its own. It has its own counter, so strangers who guess from
many addresses cannot keep the owner out.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from limits import parse

from app.accounts.rules import SignInName, sign_in_name
from app.errors import Refused
from app.throttle import count, enabled, here, strategy

PER_NAME_AND_PLACE = parse("10 per 15 minutes")
PER_NAME = parse("50 per 15 minutes")
PER_ADDRESS = parse("120 per 15 minutes")
NEWCOMERS = parse("40 per hour")
LETTERS_PER_NAME = parse("3 per hour")
LETTERS_PER_ADDRESS = parse("20 per hour")
_COOKIE = "perangkat"
_KEPT = 60 * 60 * 24 * 365


def name_key(typed: str) -> str:
    """The name as the counters and the cookie know it: one for all spellings, and not to be guessed back."""
    try:
        text = _spelled(sign_in_name(typed))
    except Refused:
        text = "?" + unicodedata.normalize("NFKC", typed).casefold().strip()
    secret = str(current_app.secret_key).encode()
    return hmac.new(secret, text.encode("utf-8", errors="surrogatepass"), hashlib.sha256).hexdigest()[:32]


def _spelled(name: SignInName) -> str:
    return f"{name.kind}:{name.value}"


def count_guess(typed: str) -> None:
    """Counts one try to prove to be this person, by password or by code."""
    key = name_key(typed)
    known = _known_device(key)
    count(PER_NAME_AND_PLACE, key, known or here())
    if known is None:
        count(PER_ADDRESS, "guess", here())
        count(PER_NAME, key)


def forgive(typed: str) -> None:
    """Takes a try back that was right, so that only wrong ones count."""
    if not enabled():
        return
    key = name_key(typed)
    known = _known_device(key)
    strategy().clear(PER_NAME_AND_PLACE, key, known or here())
    if known is None:
        strategy().hit(PER_ADDRESS, "guess", here(), cost=-1)
        strategy().hit(PER_NAME, key, cost=-1)


def remember_device(response: Response, typed: str) -> None:
    """Lets this browser be known as one on which this name has signed in."""
    key = name_key(typed)
    device = (_known_device(key) or "").removeprefix("device:") or secrets.token_urlsafe(12)
    response.set_cookie(
        _cookie(),
        _signer().dumps([key, device]),
        max_age=_KEPT,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def _known_device(key: str) -> str | None:
    try:
        name, device = _signer().loads(request.cookies.get(_cookie(), ""))
    except (BadSignature, TypeError, ValueError):
        return None
    return f"device:{device}" if name == key and isinstance(device, str) else None


def _cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-{_COOKIE}"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="known-device")
