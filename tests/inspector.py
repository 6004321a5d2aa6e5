"""The page inspector: every page a test visits is checked for the house style."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

# Words that mean a page was not finished, or that leaked from the machine room.
_UNFINISHED = re.compile(r"lorem|TODO|FIXME|\bNone\b|\bundefined\b|%\(\w+\)s|\{\{|\}\}|&amp;amp;", re.IGNORECASE)
_AS_WRITTEN = ("code", "pre", "textarea", "samp")


class Page:
    """A page as a person finds it."""

    def __init__(self, response: TestResponse, url: str) -> None:
        self.response = response
        self.status = response.status_code
        self.html = response.text
        self.url = url
        self.soup = BeautifulSoup(self.html, "lxml")
        for box in self.soup.find_all("textarea"):
            # As browsers read it: a line end right after the tag is no part of the text.
            if box.string and box.string.startswith("\n"):
                box.string = box.string[1:]
        main = self.soup.find("main")
        self.text = " ".join((main or self.soup).get_text(" ").split())


def inspect(response: TestResponse, url: str) -> Page:
    """Checks a page and returns it; each failure says what to do instead."""
    page = Page(response, url)
    soup = page.soup
    assert response.mimetype == "text/html", f"{url} is {response.mimetype}"
    assert soup.html and soup.html.get("lang") in ("id", "en"), f"{url}: <html> needs its language"
    tags = soup.find_all(True)
    named: dict[str, list[Tag]] = defaultdict(list)
    for tag in tags:
        named[tag.name].append(tag)
    headings = named["h1"]
    assert len(headings) == 1, f"{url} has {len(headings)} h1, it needs one"
    h1, title = (" ".join(found.get_text().split()) for found in (headings[0], soup.title))
    assert title.startswith(h1), f"{url}: title {title!r} does not start with its h1 {h1!r}"
    ids = Counter(tag["id"] for tag in tags if tag.get("id"))
    twice = [one for one, times in ids.items() if times > 1]
    assert not twice, f"{url}: ids used twice: {twice}"
    for tag in tags:
        _look_at(tag, ids, url)
    labels = {label.get("for") for label in named["label"]}
    for field in (*named["input"], *named["select"], *named["textarea"]):
        if field.get("type") in ("hidden", "submit"):
            continue
        labelled = field.get("id", "") in labels or field.find_parent("label")
        assert labelled or field.get("aria-label") or field.get("aria-labelledby"), f"{url}: {field} has no label"
    for script in named["script"]:
        assert script.get("src"), f"{url}: inline script"
    for image in named["img"]:
        assert image.get("alt") is not None, f"{url}: {image} has no alt"
    next_steps = [tag for tag in tags if {"btn", "next"} <= set(tag.get("class", ()))]
    assert len(next_steps) <= 1, f"{url} has more than one next step (.btn.next)"
    found = _UNFINISHED.search(page.text)
    assert not found, f"{url} shows {found.group()!r}: …{page.text[max(0, found.start() - 40) : found.end() + 40]}…"
    quoted = [text for main in named["main"] for text in main.find_all(string=lambda text: '"' in text)]
    straight = [text for text in quoted if not any(over.name in _AS_WRITTEN for over in text.parents)]
    assert not straight, f"{url} has straight quotes; write “ and ”: {straight[:3]}"
    return page


def _look_at(tag: Tag, ids: Counter[str], url: str) -> None:
    for name in ("aria-labelledby", "aria-describedby", "for", "form"):
        pointed = tag.get(name) or ()
        for one in pointed.split() if isinstance(pointed, str) else pointed:
            assert one in ids, f"{url}: {name}={one!r} points to nothing"
    assert not tag.get("style"), f"{url}: style attribute on <{tag.name}>"
    assert not any(name.startswith("on") for name in tag.attrs), f"{url}: inline script on <{tag.name}>"


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
