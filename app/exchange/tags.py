"""What our courses say of a question beyond its words, as tags that Moodle carries along and gives back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from app.course.item import BLOOMS, REASON, STATUSES, Item
from app.course.item_attributes import DIGCOMP
from app.course.texts import is_slug
from app.exchange.sketch import About

SPOTS = "jenis:tanda"  # several right options that are words of the message itself
REASONED = "jenis:benar-salah"  # a verdict and its reason, as two gaps
_SHARE = re.compile(r"(?:0(?:\.[0-9]{1,3})?|1(?:\.0{1,3})?)\Z")
_OBJECTIVE = re.compile(r"[1-9][0-9]?\Z")


def tags_of(item: Item) -> list[str]:
    """The tags of a question; what is as usual has none."""
    tags = [SPOTS] if item.kind == "hotspot_text" else []
    tags += [REASONED] if item.part(REASON) is not None else []
    tags += [f"bloom:{item.bloom}"] if item.bloom else []
    tags += [f"tujuan:{item.objective}"] if item.objective else []
    tags += [f"modul:{item.module}"] if item.module else []
    tags += [f"digcomp:{code}" for code in item.digcomp]
    tags += ["acak:tidak"] if not item.shuffle else []
    tags += [f"status:{item.status}"] if item.status != "terbit" else []
    return tags + ([f"sulit:{round(item.difficulty, 3):g}"] if item.difficulty is not None else [])


def about_of(tags: Iterable[str]) -> tuple[About, str, list[str]]:
    """What these tags say, the kind that is not seen otherwise, and the tags that say nothing to us."""
    about, kind, others = About(), "", []
    for tag in tags:
        name, _, value = tag.strip().partition(":")
        if tag.strip() in (SPOTS, REASONED):
            kind = tag.strip()
        elif (told := _told(about, name, value)) is not None:
            about = told
        elif tag.strip():
            others.append(tag.strip())
    return about, kind, others


def _told(about: About, name: str, value: str) -> About | None:
    if name == "bloom" and value in BLOOMS:
        return replace(about, bloom=value)
    if name == "tujuan" and _OBJECTIVE.match(value):
        return replace(about, objective=int(value))
    if name == "modul" and is_slug(value):
        return replace(about, module=value)
    if name == "digcomp" and DIGCOMP.match(value):
        return replace(about, digcomp=(*about.digcomp, value))
    if name == "acak" and value == "tidak":
        return replace(about, shuffle=False)
    if name == "sulit" and _SHARE.match(value):
        return replace(about, difficulty=float(value))
    status = next((one for one in STATUSES if name == "status" and one == value), None)
    return replace(about, status=status) if status else None
