"""Answers as people send them, brought into one spelling; what no page of ours would send is refused in a sentence.

The tokens of an answer are described in `scoring`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from app.course.item import Item, Part
from app.course.readings import LONGEST_ANSWER
from app.course.scoring import as_map
from app.course.texts import unwanted
from app.errors import N_, Refused

_UNKNOWN = N_("Pilihan ini tidak ada di soal ini. Muat ulang halamannya, lalu pilih lagi.")
_LONG = N_("Jawaban paling panjang %(longest)s huruf. Ringkas jawaban Anda.")
_HIDDEN = N_("Jawaban memuat tanda tersembunyi. Ketik ulang jawaban Anda.")


def tokens(item: Item, fields: Mapping[str, Sequence[str]], name: str) -> list[str]:
    """The answer in the fields of a form: `name` holds ids or words, `name:part` what belongs to a part or element."""
    found = list(fields.get(name, ()))
    inner = [option.id for option in item.options] if item.kind == "ordering" else [part.id for part in item.parts]
    return found + [f"{one}={value}" for one in inner for value in fields.get(f"{name}:{one}", ()) if value]


def canonical(item: Item, sent: Sequence[str]) -> list[str]:
    """The answer in one spelling: ids sorted, parts in their order, words trimmed. Empty when nothing was answered.

    Raises Refused for an option that is not there, for two answers to one question, for words too long.
    """
    if item.kind in ("short_text", "number"):
        words = [_words(one) for one in sent]
        return [one for one in words if one][:1]
    if item.chosen_from:
        return _chosen(item, sent)
    given = as_map(sent)
    if item.kind == "ordering":
        return _placed([option.id for option in item.options], given)
    if len(sent) != len(given) or not given.keys() <= {part.id for part in item.parts}:
        raise Refused(_UNKNOWN)
    filled = ((part, _filled(part, given.get(part.id, ""))) for part in item.parts)
    return [f"{part.id}={value}" for part, value in filled if value]


def _chosen(item: Item, sent: Collection[str]) -> list[str]:
    chosen = set(sent)
    if not chosen <= {option.id for option in item.options}:
        raise Refused(_UNKNOWN)
    if not item.several and len(chosen) > 1:
        raise Refused(N_("Pilih satu jawaban untuk soal ini."))
    return sorted(chosen)


def _placed(elements: Sequence[str], given: dict[str, str]) -> list[str]:
    """Two elements may share a place for a while: the page is saved while people sort."""
    places = {str(place) for place in range(1, len(elements) + 1)}
    if not given.keys() <= set(elements) or not {place for place in given.values() if place} <= places:
        raise Refused(_UNKNOWN)
    return [f"{one}={given[one]}" for one in sorted(elements) if given.get(one)]


def _filled(part: Part, value: str) -> str:
    if part.kind != "choice":
        return _words(value)
    if value and value not in {option.id for option in part.options}:
        raise Refused(_UNKNOWN)
    return value


def _words(value: str) -> str:
    words = " ".join(value.split())
    if len(words) > LONGEST_ANSWER:
        raise Refused(_LONG, longest=LONGEST_ANSWER)
    if unwanted(words):
        raise Refused(_HIDDEN)
    return words


def whole(item: Item, answer: Collection[str]) -> bool:
    """Whether nothing is left to answer: every part filled, every element at a place of its own."""
    if item.kind == "ordering":
        places = list(as_map(answer).values())
        return len(places) == len(set(places)) == len(item.options)
    if item.parts:
        return as_map(answer).keys() >= {part.id for part in item.parts}
    return bool(answer)


def in_words(item: Item | None, answer: Collection[str]) -> str:
    """The answer as a person would say it; of a question that is gone, what is stored."""
    if item is None:
        return " / ".join(answer)
    given = as_map(answer)
    if item.kind in ("short_text", "number"):
        return next(iter(answer), "")
    if item.kind == "ordering":
        placed = sorted((int(given[one.id]), one.text) for one in item.options if given.get(one.id))
        return " / ".join(f"{place}. {text}" for place, text in placed)
    if item.parts:
        said = ((part.text, _said(part, given[part.id])) for part in item.parts if given.get(part.id))
        return " / ".join(f"{about}: {words}" if about else words for about, words in said)
    return " / ".join(option.text for option in item.options if option.id in answer)


def _said(part: Part, value: str) -> str:
    return next((option.text for option in part.options if option.id == value), value)
