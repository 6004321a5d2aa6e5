"""The four ways in which Moodle writes texts, each as HTML."""

from __future__ import annotations

from html import escape

from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_NAMES = {
    "html": "html", "moodle": "moodle", "moodle_auto_format": "moodle", "": "moodle",
    "plain": "plain", "plain_text": "plain", "markdown": "markdown",
}  # fmt: skip
NAMED = ("html", "moodle", "plain", "markdown")


def html_of(text: str, name: str) -> str:
    """The text as HTML; an unknown format is read as HTML with its line ends."""
    way = _NAMES.get(name.casefold(), "moodle")
    if way == "markdown":
        return str(_MARKDOWN.render(text))
    if way == "plain":
        text = escape(text, quote=False)
    return text if way == "html" else text.strip("\n").replace("\n", "<br>")
