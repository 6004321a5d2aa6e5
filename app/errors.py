"""How the house says no."""

from __future__ import annotations

from datetime import datetime

Fact = str | int | float | datetime


def N_(message: str) -> str:  # noqa: N802 (gettext's own name for "mark, translate later")
    """Marks a sentence for the catalogue and returns it; the web layer translates."""
    return message


class Refused(Exception):
    """A rule said no. Carries the sentence a person may read and act on.

    `message` is the untranslated sentence with %(name)s places, `facts` fills them.
    """

    def __init__(self, message: str, **facts: Fact) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts

    def __str__(self) -> str:
        return self.message % self.facts if self.facts else self.message
