"""The verification code: random, long enough that nobody guesses one, and forgiving to whoever types it from paper."""

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32, without I, L, O and U
LENGTH = 20  # 19 random symbols of 5 bits, about 94.8 bits, and a check symbol
EARLIER = 16  # codes on papers of version 0.2: 80 random bits, no check symbol
EXAMPLE = "7KQ2-M9XD-4TRA-0VHE-1050"
LONGEST_INPUT = 2000  # a whole address with its proof

_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_MINUS = "\u2212"  # the mathematical minus, which some keyboards put for a hyphen


def new_code() -> str:
    """A fresh code of 20 symbols, without hyphens, as it is stored and compared."""
    # Five of Crockford's 37 check symbols are no letters; codes that would need one are drawn again.
    while True:
        drawn = secrets.randbits(5 * (LENGTH - 1))
        if (check := drawn % 37) < len(ALPHABET):
            return "".join(ALPHABET[drawn >> 5 * place & 31] for place in reversed(range(LENGTH - 1))) + ALPHABET[check]


def normalise(text: str) -> str | None:
    """The stored form of what somebody typed, or None when that cannot be a code, for a slip of one symbol too."""
    if len(text) > LONGEST_INPUT:
        return None
    kept = "".join(sign for sign in unicodedata.normalize("NFKC", text) if not _is_spacing(sign))
    if not kept.isascii():
        return None
    code = kept.upper().translate(_MISREAD)
    if len(code) not in (LENGTH, EARLIER) or any(sign not in ALPHABET for sign in code):
        return None
    return code if len(code) == EARLIER or _remainder(code[:-1]) == ALPHABET.index(code[-1]) else None


def grouped(code: str) -> str:
    """The code as people read it, in groups of four: 7KQ2-M9XD-4TRA-0VHE-1050."""
    stored = normalise(code)
    if stored is None:
        raise ValueError("Kode verifikasi terdiri atas 20 huruf dan angka.")
    return "-".join(stored[start : start + 4] for start in range(0, len(stored), 4))


def _remainder(symbols: str) -> int:
    """The number that these symbols write, modulo 37, as Crockford checks it: no slip or swap of two leaves it."""
    number = 0
    for sign in symbols:
        number = (number * 32 + ALPHABET.index(sign)) % 37
    return number


def _is_spacing(sign: str) -> bool:
    """Blanks, dashes and invisible signs come along when a code is copied, and say nothing."""
    return sign.isspace() or sign == _MINUS or unicodedata.category(sign) in ("Pd", "Cf")
