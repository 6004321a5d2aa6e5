"""Whether a page shows what somebody typed as words, and not as HTML of its own."""

from __future__ import annotations

import html
import re
from functools import cache

from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from app.course import safe_html
from tests.house.tree import texts
from tests.inspector import inspect

# Words at which the inspector would rightly stop, were they ours, and signs that we would set differently.
_CALM = re.compile(r"(?!.*(?:none|undefined|lorem|todo|fixme))[\w .,-]*", re.I | re.S)
_TAG = re.compile(r"<[^>]*>")
_VALUE = re.compile(r'"[^"]*"')
_ADDRESS = re.compile(r'\s(href|src|action|formaction|srcset|poster|background|data)="([^"]*)"')
_ADDRESSES = {"href", "src", "action", "formaction", "xlink:href", "data", "poster", "background", "srcset"}
_SCHEME = re.compile(r"(?:javascript|vbscript|data|file|blob):", re.I)
_ELSEWHERE = re.compile(r"\s*(?:[/\\]{2}|[a-z][a-z0-9+.-]*:)", re.I)


@cache
def _known() -> tuple[frozenset[str], frozenset[str]]:
    """Tags and words of our own templates and of what courses become."""
    ours = [
        path.read_text(encoding="utf-8") for path in (*texts(".html", under="app"), *texts(".py", under="app/course"))
    ]
    tags = {tag.lower() for text in ours for tag in re.findall(r"<([a-zA-Z][a-zA-Z0-9]*)", text)}
    words = {word.lower() for text in ours for word in re.findall(r"[a-zA-Z][\w:-]*", text)}
    return frozenset({*tags, *safe_html._TAGS, "html", "head", "body"}), frozenset(words)


class Shapes:
    """The tags (without their values) of pages found harmless; a page made of these alone is not read again."""

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.inspected: set[frozenset[str]] = set()

    def trouble(self, answer: TestResponse, typed: str, url: str) -> str:
        """What is wrong with this page, or nothing."""
        if answer.mimetype != "text/html":
            return ""
        page = answer.get_data(as_text=True)
        shapes = frozenset(_VALUE.sub('""', tag) for tag in _TAG.findall(page))
        if found := _live_address(page, typed):
            return found
        if len(typed) > 3 and re.search(r"[<\"]", typed) and typed in page:
            return "stands on the page as it was typed"
        if not shapes <= self.known:
            if found := alive(BeautifulSoup(page, "html5lib")):
                return found
            self.known |= shapes
        if _CALM.fullmatch(typed) and shapes not in self.inspected and page.lstrip().startswith("<!doctype"):
            try:
                inspect(answer, url)
            except AssertionError as error:
                return str(error)
            self.inspected.add(shapes)
        return ""


def alive(soup: BeautifulSoup) -> str:
    """The first thing on the page that is not of our making, or nothing."""
    tags, words = _known()
    for tag in soup.find_all(True):
        if tag.name.lower() not in tags:
            return f"foreign tag {str(tag)[:120]}"
        if tag.name == "script" and not str(tag.get("src", "")).startswith("/static/"):
            return f"foreign script {str(tag)[:120]}"
        for name, value in tag.attrs.items():
            if name.startswith("on") or name.lower() not in words or name == "style":
                return f"foreign attribute {name} on {str(tag)[:120]}"
            if name in _ADDRESSES and _runs(" ".join(value) if isinstance(value, list) else value):
                return f"live address {str(tag)[:120]}"
    return ""


def _runs(address: str) -> bool:
    """Whether following this address would run something; browsers overlook controls and blanks in it."""
    return _SCHEME.match(re.sub(r"[\x00-\x20]", "", address)) is not None


def _live_address(page: str, typed: str) -> str:
    """An address on the page that runs something, or that is what somebody typed and leads elsewhere."""
    away = typed.strip() if len(typed) > 3 and _ELSEWHERE.match(typed) else ""
    for name, value in _ADDRESS.findall(page):
        address = html.unescape(value).strip()
        if _runs(address) or (name == "src" and not address.startswith(("/static/", "/media/"))):
            return f"live address {name}={value[:100]}"
        if away and address.startswith(away):
            return f"leads away: {name}={value[:100]}"
    return ""
