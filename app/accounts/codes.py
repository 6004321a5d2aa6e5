"""One-time codes that people read from paper and type: Crockford's alphabet, no I, L, O, U."""

from __future__ import annotations

import hashlib
import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 10
_MISREAD = str.maketrans("ILO", "110")


def new_code() -> str:
    """A code of 50 random bits in two groups, such as 7K2QM-X9D4T."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def normal(text: str) -> str:
    """The code as typed, in its one spelling: capitals, no blanks or dashes, misread letters put right."""
    return "".join(letter for letter in text.upper() if letter.isascii() and letter.isalnum()).translate(_MISREAD)


def code_hash(text: str) -> str:
    """What the database keeps of a code."""
    return hashlib.sha256(normal(text).encode()).hexdigest()


def new_token() -> str:
    """The secret of one signed-in device, 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", errors="surrogatepass")).hexdigest()
