"""What the QR code proves without any network: the facts of a paper, signed, in as few signs as they need.

The signature is that of a compact JWS (RFC 7515). In the QR code its parts stand in another dress: the key's id (6
bytes), the signature (64) and the claims, written in base 32 (RFC 4648, without padding), for QR codes hold capitals
and figures in two thirds of the room. The header needs no room: it is the same but for the key.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from app.certificate.rules import PASSED, Facts

# More make the squares of the code smaller than a cheap camera resolves; the title is the first to go, since the
# course's code then stands for it.
MOST_BYTES = 260
_KEY, _SIGNATURE = 6, 64


def claims(facts: Facts) -> dict[str, Any]:
    """The claims that stand for a paper.

    c code, n name, t title of the course (or m its code), j JP, g grade, d day of issue, o number; and only where it
    is not the usual: e edition (1), k kind (passed).
    """
    said: dict[str, Any] = {
        "c": facts.code,
        "n": facts.holder_name,
        "t": facts.course_title,
        "j": facts.jp,
        "g": facts.grade,
        "d": facts.issued_on.isoformat(),
        "o": facts.number,
        "e": facts.edition,
        "k": facts.kind,
    }
    usual = {"g": "", "e": 1, "k": PASSED}
    said = {name: value for name, value in said.items() if usual.get(name) != value}
    if len(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()) > MOST_BYTES:
        del said["t"]
        said["m"] = facts.course_code
    return said


def address(verify_url: str, token: str) -> str:
    """What the QR code holds: our address, and behind the mark that no browser sends, the signed facts."""
    return f"{verify_url}#{packed(token)}" if token else verify_url


def packed(token: str) -> str:
    """A compact JWS of ours in capitals and figures."""
    header, payload, signature = (_bytes(part) for part in token.split("."))
    kid = _bytes(json.loads(header)["kid"])
    return base64.b32encode(kid + signature + payload).decode().rstrip("=")


def unpacked(text: str) -> str:
    """The compact JWS in these capitals and figures. Raises ValueError for anything else."""
    try:
        found = base64.b32decode(text + "=" * (-len(text) % 8))
    except binascii.Error as error:
        raise ValueError("not written in base 32") from error
    if len(found) <= _KEY + _SIGNATURE:
        raise ValueError("too short")
    kid, signature, payload = found[:_KEY], found[_KEY : _KEY + _SIGNATURE], found[_KEY + _SIGNATURE :]
    header = json.dumps({"alg": "ES256", "kid": _text(kid)}, separators=(",", ":")).encode()
    return ".".join(map(_text, (header, payload, signature)))


def _bytes(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _text(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")
