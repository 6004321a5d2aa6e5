"""Passwords as they are kept: Argon2id, always checked in the same time.

Hashing takes some 20 milliseconds of work, so it is done before a transaction begins, never inside one.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# One at a time in a process: several at once only push each other's memory out of the cache.
_turn = threading.Lock()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a password is right, and its newer hash when the kept one was made with older settings."""

    right: bool
    renewed: str | None = None


def hashed(password: str) -> str:
    """The hash to keep."""
    with _turn:
        return _HASHER.hash(_bytes(password))


def check(kept: str | None, password: str) -> Verdict:
    """Compares with the hash that is kept; without one it works as long and says no."""
    expected = kept or _nobodys()
    try:
        with _turn:
            _HASHER.verify(expected, _bytes(password))
    except (VerificationError, InvalidHashError):
        return Verdict(False)
    if kept is None:
        return Verdict(False)
    return Verdict(True, hashed(password) if _HASHER.check_needs_rehash(kept) else None)


@cache
def _nobodys() -> str:
    return hashed("a password that nobody has, for equal work")


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", errors="surrogatepass")
