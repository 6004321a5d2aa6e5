"""How the desk reads what somebody types into its search and its addresses."""

from __future__ import annotations

PAGE = 25
_MOST_PAGES = 10_000
_LARGEST = 2**63 - 1


def page_number(text: str | None, last: int) -> int:
    """The page that was asked for, always one that exists."""
    asked = int(text[:6]) if text and text.isascii() and text.isdigit() else 1
    return max(1, min(asked, last, _MOST_PAGES))


def last_page(count: int) -> int:
    """How many pages so many rows fill; an empty list has one."""
    return max(1, -(-count // PAGE))


def event_number(text: str | None) -> int | None:
    """The event before which the log goes on, None for the newest."""
    if not text or len(text) > 19 or not (text.isascii() and text.isdigit()):
        return None
    return min(int(text), _LARGEST)
