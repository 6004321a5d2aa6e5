"""What people are asked to agree to: one sentence a purpose, with a version, so that it can be proved later."""

from __future__ import annotations

import hashlib

from app.accounts.rules import Wording
from app.errors import N_

ADULT = "dewasa"
ABOUT_ME = "isian-opsional"
VERSION = "2026-11"
SENTENCES = {
    ADULT: N_("Saya berusia 18 tahun atau lebih."),
    ABOUT_ME: N_(
        "Saya setuju jenis kelamin, pendidikan, dan pekerjaan saya dipakai untuk statistik kelompok. "
        "Persetujuan ini dapat saya tarik kapan saja, dan isiannya langsung dihapus."
    ),
}
NAMES = {
    ADULT: N_("Pernyataan berusia 18 tahun atau lebih"),
    ABOUT_ME: N_("Statistik dari jenis kelamin, pendidikan, dan pekerjaan"),
}


def wording(purpose: str, text: str, language: str) -> Wording:
    """The sentence as it stood on the page, in the language of the page."""
    return Wording(purpose, f"{VERSION}/{language}", text)


def text_hash(text: str) -> str:
    """The fingerprint of the exact sentence."""
    return hashlib.sha256(text.encode()).hexdigest()
