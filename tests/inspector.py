"""The page inspector: every page a test visits is checked for the house style."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from lxml.etree import XPath
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from werkzeug.test import TestResponse

# Words that mean a page was not finished, or that leaked from the machine room.
_UNFINISHED = re.compile(r"lorem|TODO|FIXME|\bNone\b|\bundefined\b|%\(\w+\)s|\{\{|\}\}|&amp;amp;", re.IGNORECASE)
_AS_WRITTEN = {"code", "pre", "textarea", "samp"}
_UNREAD = {"script", "style", "template"}
_READ = HTMLParser(encoding="utf-8", remove_comments=True)
_TEXTS = XPath(".//text()")


class Page:
    """A page as a person finds it."""

    def __init__(self, response: TestResponse, url: str) -> None:
        self.response = response
        self.status = response.status_code
        self.html = response.text
        self.url = url

    @cached_property
    def tree(self) -> HtmlElement:
        """The page as a tree that is quick to walk through."""
        return document_fromstring(self.html.encode(), parser=_READ)

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The page as a tree that is easy to ask."""
        soup = BeautifulSoup(self.html, "lxml")
        for box in soup.find_all("textarea"):
            # As browsers read it: a line end right after the tag is no part of the text.
            if box.string and box.string.startswith("\n"):
                box.string = box.string[1:]
        return soup

    @cached_property
    def text(self) -> str:
        """What can be read in the middle of the page, with single spaces."""
        main = self.tree.find(".//main")
        return " ".join(" ".join(text for text, _ in _texts(self.tree if main is None else main)).split())


def inspect(response: TestResponse, url: str) -> Page:
    """Checks a page and returns it; each failure says what to do instead."""
    page = Page(response, url)
    assert response.mimetype == "text/html", f"{url} is {response.mimetype}"
    assert page.tree.get("lang") in ("id", "en"), f"{url}: <html> needs its language"
    tags = list(page.tree.iter())
    named: dict[str, list[HtmlElement]] = defaultdict(list)
    for tag in tags:
        named[tag.tag].append(tag)
    headings = named["h1"]
    assert len(headings) == 1, f"{url} has {len(headings)} h1, it needs one"
    h1, title = (" ".join(found.text_content().split()) for found in (headings[0], named["title"][0]))
    assert title.startswith(h1), f"{url}: title {title!r} does not start with its h1 {h1!r}"
    ids = Counter(tag.get("id") for tag in tags if tag.get("id"))
    twice = [one for one, times in ids.items() if times > 1]
    assert not twice, f"{url}: ids used twice: {twice}"
    for tag in tags:
        _look_at(tag, ids, url)
    labels = {label.get("for") for label in named["label"]}
    for field in (*named["input"], *named["select"], *named["textarea"]):
        if field.get("type") in ("hidden", "submit"):
            continue
        labelled = field.get("id", "") in labels or next(field.iterancestors("label"), None) is not None
        labelled = labelled or field.get("aria-label") or field.get("aria-labelledby")
        assert labelled, f"{url}: {field.tag} {dict(field.attrib)} has no label"
    for script in named["script"]:
        assert script.get("src"), f"{url}: inline script"
    for image in named["img"]:
        assert image.get("alt") is not None, f"{url}: {dict(image.attrib)} has no alt"
    next_steps = [tag for tag in tags if {"btn", "next"} <= set(tag.get("class", "").split())]
    assert len(next_steps) <= 1, f"{url} has more than one next step (.btn.next)"
    found = _UNFINISHED.search(page.text)
    assert not found, f"{url} shows {found.group()!r}: …{page.text[max(0, found.start() - 40) : found.end() + 40]}…"
    quoted = [(text, over) for main in named["main"] for text, over in _texts(main) if '"' in text]
    straight = [text for text, over in quoted if not _AS_WRITTEN & {over.tag, *(up.tag for up in over.iterancestors())}]
    assert not straight, f"{url} has straight quotes; write “ and ”: {straight[:3]}"
    return page


def _texts(top: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    """Each piece of text below this tag, and the tag in which it stands."""
    for text in _TEXTS(top):
        near = text.getparent()
        tag = near.getparent() if text.is_tail else near
        if tag.tag not in _UNREAD:
            yield text, tag


def _look_at(tag: HtmlElement, ids: Counter[str], url: str) -> None:
    for name, value in tag.items():
        assert name != "style", f"{url}: style attribute on <{tag.tag}>"
        assert not name.startswith("on"), f"{url}: inline script on <{tag.tag}>"
        if name in ("aria-labelledby", "aria-describedby", "for", "form"):
            for one in value.split():
                assert one in ids, f"{url}: {name}={one!r} points to nothing"


def visit(client: FlaskClient, url: str, status: int = 200) -> Page:
    """Opens a page and inspects it."""
    response = client.get(url)
    assert response.status_code == status, f"{url} answered {response.status_code}, not {status}: {response.text[:500]}"
    return inspect(response, url)


def send(client: FlaskClient, url: str, status: int | None = None, **data: object) -> TestResponse:
    """Posts a form; with a status, checks it."""
    response = client.post(url, data=data)
    if status is not None:
        assert response.status_code == status, f"POST {url} answered {response.status_code}: {response.text[:800]}"
    return response
