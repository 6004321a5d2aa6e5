"""A text file that is one Cloze question with embedded answers."""

from __future__ import annotations

from app.exchange import embedded, encoding
from app.exchange.formats import html_of
from app.exchange.gathering import Gathering
from app.exchange.making import parted
from app.exchange.shapes import Found, Unreadable
from app.exchange.sketch import Sketch, Unfit


def read(data: bytes) -> Found:
    """The one question of this file; raises Unreadable, naming the gap."""
    text, notes = encoding.decode(data)
    gathering = Gathering()
    question = gathering.question("multianswer", line=1)
    try:
        html, gaps = embedded.gaps(question, html_of(text.strip(), "moodle"))
        stem, body = parted(question.prose(html), "cloze")
        question.keep(Sketch("", "cloze", stem, body, gaps=gaps))
    except Unfit as no:
        raise Unreadable(no.message, **no.facts) from no
    return gathering.found(notes)
