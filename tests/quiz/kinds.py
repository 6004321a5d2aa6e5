"""A course whose first quiz asks one question of every kind, and what a person answers to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.course.item import KINDS, Item, Kind
from app.course.scoring import as_map
from tests.builders_course import COURSE, a_course_files, a_lesson_file, a_question, a_question_file
from tests.builders_items import PICTURES, RIGHT, a_question_of

NAMES: dict[Kind, str] = {kind: f"soal-{kind.replace('_', '-')}" for kind in KINDS}
# Begun, but not whole, where that can be.
HALF: dict[Kind, list[str]] = {
    "true_false": ["pernyataan=benar"],
    "ordering": ["a=1", "b=1", "c=2", "d=3"],
    "matching": ["satu=q"],
    "cloze": ["2=apk"],
}
WRONG: dict[Kind, list[str]] = {
    "single_choice": ["a"],
    "multiple_response": ["b"],
    "true_false": ["pernyataan=benar", "alasan=a"],
    "ordering": ["a=3", "b=1", "c=4", "d=2"],
    "matching": ["satu=r", "dua=p"],
    "hotspot_text": ["b"],
    "short_text": ["<b>pencurian</b>"],
    "number": ["7"],
    "cloze": ["1=b", "2=pdf", "3=99"],
    "picture_choice": ["c"],
}


def a_course_of_all_kinds(kinds: Sequence[Kind] = KINDS) -> dict[str, str]:
    """The small course with these kinds in the quiz of its first module, and in its first lesson."""
    quiz = [a_question_of(kind, NAMES[kind]) for kind in kinds]
    cards = [a_question_of(kind, f"materi-{kind.replace('_', '-')}") for kind in kinds]
    more = {
        "course.toml": COURSE.replace("[kuis]\nambil = 2", f"[kuis]\nambil = {len(kinds)}"),
        "1-pesan/kuis.md": a_question_file(*quiz),
        "2-pintu/kuis.md": a_question_file(*(a_question(f"pintu-kuis-{n}", key=n % 3) for n in range(1, 21))),
        "1-pesan/01-materi-1.md": "\n---\n\n".join([a_lesson_file("Materi 1", "pesan-materi-1"), *cards]),
    }
    return a_course_files(**more, **PICTURES)


def fields(item: Item, answer: Sequence[str], name: str = "pilihan") -> Mapping[str, list[str]]:
    """The fields with which a plain form sends this answer."""
    if item.chosen_from or item.kind in ("short_text", "number"):
        return {name: list(answer)}
    return {f"{name}:{part}": [value] for part, value in as_map(answer).items()}


__all__ = ["HALF", "NAMES", "RIGHT", "WRONG", "a_course_of_all_kinds", "fields"]
