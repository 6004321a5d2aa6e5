"""What the QR code proves without any network: the facts of a paper in as few letters as they need."""

from __future__ import annotations

import json
from typing import Any

from app.certificate.rules import Facts

# More letters make the squares of the code smaller than a cheap camera resolves; the title is the first to go, since
# the course's code stands for it.
MOST_BYTES = 340


def claims(facts: Facts) -> dict[str, Any]:
    """The claims that stand for a paper.

    c code, e edition, k kind, n name, m course, t its title, j JP, g grade, d day of issue, o number.
    """
    said: dict[str, Any] = {
        "c": facts.code,
        "e": facts.edition,
        "k": facts.kind,
        "n": facts.holder_name,
        "m": facts.course_code,
        "t": facts.course_title,
        "j": facts.jp,
        "g": facts.grade,
        "d": facts.issued_on.isoformat(),
        "o": facts.number,
    }
    if len(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()) > MOST_BYTES:
        del said["t"]
    return said


def address(verify_url: str, token: str) -> str:
    """What the QR code holds: our address, and behind the mark that no browser sends, the signed facts."""
    return f"{verify_url}#{token}" if token else verify_url
