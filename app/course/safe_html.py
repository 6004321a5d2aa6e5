"""The second wall: whatever a trainer wrote, only this HTML leaves the room."""

from __future__ import annotations

import nh3

_TAGS = {
    *("a", "br", "code", "div", "em", "figcaption", "figure", "h3", "img", "li", "mark", "ol", "p", "s", "span"),
    *("strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
_ATTRIBUTES = {
    "a": {"href", "rel"},
    "img": {"src", "alt", "loading", "decoding"},
    "div": {"tabindex", "role", "aria-label"},
    "figure": {"aria-label"},
    "span": {"aria-hidden", "data-gap", "data-option"},
    "th": {"scope"},
    "ol": {"start"},
}
_CLASSES = {
    "figure": {"letter", "stack", "tight"},
    "figcaption": {"from"},
    "div": {"bubble", "note", "keep", "bad", "ok", "stack", "tight", "scroll"},
    "ol": {"signs", "big-n"},
    "span": {"num"},
    "table": {"table"},
    "th": {"n"},
    "td": {"n"},
}


def sanitise(html: str) -> str:
    """Only our tags, attributes, classes and schemes."""
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, allowed_classes=_CLASSES, link_rel=None,
        url_schemes={"http", "https", "mailto", "tel"}, clean_content_tags={"script", "style"},
    )  # fmt: skip
