"""The verification code: random, long enough that nobody guesses one, and forgiving to whoever types it from paper."""

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32, without I, L, O and U
LENGTH = 16  # of 5 bits each: 80 bits, all of them random
LONGEST_INPUT = 200

_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_MINUS = "\u2212"  # the mathematical minus, which some keyboards put for a hyphen


def new_code() -> str:
    """A fresh code of 16 symbols, without hyphens, as it is stored and compared."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise(text: str) -> str | None:
    """The stored form of what somebody typed, or None when that cannot be a code."""
    if len(text) > LONGEST_INPUT:
        return None
    kept = "".join(sign for sign in unicodedata.normalize("NFKC", text) if not _is_spacing(sign))
    if not kept.isascii():
        return None
    code = kept.upper().translate(_MISREAD)
    return code if len(code) == LENGTH and all(sign in ALPHABET for sign in code) else None


def grouped(code: str) -> str:
    """The code as people read it, in groups of four: 7KQ2-M9XD-4TRA-0VHE."""
    stored = normalise(code)
    if stored is None:
        raise ValueError("Kode verifikasi terdiri atas 16 huruf dan angka.")
    return "-".join(stored[start : start + 4] for start in range(0, LENGTH, 4))


def _is_spacing(sign: str) -> bool:
    """Blanks, dashes and invisible signs come along when a code is copied, and say nothing."""
    return sign.isspace() or sign == _MINUS or unicodedata.category(sign) in ("Pd", "Cf")
