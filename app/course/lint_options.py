"""What makes the options of a question fair ones: how many, how long, and nothing that gives the answer away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.course.item import VERDICT, Item, Option
from app.course.readings import folded
from app.course.shapes import Problem
from app.errors import N_, Fact

# How many options are chosen among, by kind: fewest, most.
CHOICES = {"single_choice": (3, 4), "multiple_response": (3, 4), "hotspot_text": (3, 8), "picture_choice": (2, 4)}
REASONS, STEPS, LEFTS, RIGHTS, GAP_CHOICES, GAPS = (3, 4), (3, 8), (2, 8), (3, 10), (2, 5), (1, 8)

_CATCH_ALL = re.compile(
    r"\b(?:semua(?: jawaban| pilihan)?(?: di atas)?(?: adalah)? (?:benar|salah)|semua jawaban|semua pilihan"
    r"|semuanya (?:benar|salah)|tidak ada yang (?:benar|salah)|tidak ada jawaban|(?:jawaban )?[A-D] dan [A-D]\b"
    r"|bukan salah satu di atas|jawaban di atas)",
    re.IGNORECASE,
)
_GIVE_AWAY = re.compile(r"\b(selalu|pasti|tidak pernah)\b", re.IGNORECASE)
_TELLING_ID = re.compile(r"(?:benar|betul|kunci|salah|pengecoh|key|right|correct|wrong)(?:-?[0-9]+)?\Z")
_SHORTEST_TOLD = 4  # letters; a shorter answer stands in a question by chance


def lint_options(item: Item) -> Iterator[Problem]:
    """What is wrong with what can be chosen, put in order, matched or written."""
    if item.kind in CHOICES:
        yield from _few_or_many(item, item.line, len(item.options), CHOICES[item.kind])
    if item.kind in ("single_choice", "multiple_response"):
        yield from _alike(item, item.options)
    if item.kind == "single_choice" and len(item.keys) > 1:
        message = N_("Soal jenis=pilihan ini punya %(count)s kunci. Sisakan satu jawaban terbaik.")
        yield Problem(item.file, item.line, message, {"count": len(item.keys)}, blocking=False)
    if item.kind == "true_false":
        for part in item.parts:
            if part.id != VERDICT:
                yield from _few_or_many(item, part.line, len(part.options), REASONS)
                yield from _alike(item, part.options)
    if item.kind == "ordering":
        yield from _ordered(item)
    if item.kind == "matching":
        yield from _matched(item)
    if item.kind == "cloze":
        yield from _filled(item)
    if item.kind == "short_text":
        yield from _written(item, item.options, item.line)
    yield from _told_by_id(item)


def _few_or_many(item: Item, line: int, count: int, wanted: tuple[int, int]) -> Iterator[Problem]:
    fewest, most = wanted
    if fewest <= count <= most:
        return
    facts: dict[str, Fact] = {"count": count}
    if wanted == CHOICES["single_choice"]:
        message = N_("Soal ini punya %(count)s pilihan. Tulis tiga pilihan (boleh empat).")
    else:
        message = N_("Soal ini punya %(count)s pilihan. Tulis %(fewest)s sampai %(most)s.")
        facts |= {"fewest": fewest, "most": most}
    yield Problem(item.file, line, message, facts)


def _alike(item: Item, options: Sequence[Option]) -> Iterator[Problem]:
    """Options are alike in length, none sums up the others, none says more than life allows."""
    if options:
        shortest = min(len(option.text) for option in options)
        longest = max(options, key=lambda option: len(option.text))
        limit = int(1.5 * shortest + 20)
        if len(longest.text) > limit:
            message = N_("Pilihan ini %(length)s huruf. Ringkas sampai %(limit)s, agar panjang pilihan mirip.")
            yield Problem(item.file, longest.line, message, {"length": len(longest.text), "limit": limit})
    for option in options:
        if _CATCH_ALL.search(option.text):
            message = N_("Pilihan yang merangkum pilihan lain tidak dipakai. Ganti dengan pengecoh yang nyata.")
            yield Problem(item.file, option.line, message)
        if found := _GIVE_AWAY.search(option.text):
            message = N_("Kata “%(word)s” sering menjadi petunjuk jawaban. Pertimbangkan kata lain.")
            yield Problem(item.file, option.line, message, {"word": found[1]}, blocking=False)


def _ordered(item: Item) -> Iterator[Problem]:
    yield from _few_or_many(item, item.line, len(item.options), STEPS)
    names = [option.id for option in item.options]
    if len(names) > 1 and names == sorted(names):
        message = N_("Tanda pengenal langkah menurut abjad menunjukkan urutannya. Acak tanda pengenalnya.")
        yield Problem(item.file, item.line, message)


def _matched(item: Item) -> Iterator[Problem]:
    yield from _few_or_many(item, item.line, len(item.parts), LEFTS)
    rights = item.parts[0].options if item.parts else ()
    if len(rights) > RIGHTS[1]:
        yield from _few_or_many(item, item.line, len(rights), RIGHTS)
    if rights and len(rights) == len(item.parts):
        message = N_("Setiap sisi kanan dipakai sekali, sehingga yang terakhir dapat ditebak. Tambahkan “- => …”.")
        yield Problem(item.file, item.line, message, blocking=False)


def _filled(item: Item) -> Iterator[Problem]:
    yield from _few_or_many(item, item.line, len(item.parts), GAPS)
    for part in item.parts:
        if part.kind == "choice":
            yield from _few_or_many(item, part.line, len(part.options), GAP_CHOICES)
            yield from _alike(item, part.options)
        elif part.kind == "short_text":
            yield from _written(item, part.options, part.line)


def _written(item: Item, options: Sequence[Option], line: int) -> Iterator[Problem]:
    """An accepted answer that stands in the question, or that only one person in a hundred would write."""
    asked = f" {folded(item.stem)} "
    for option in options:
        answer = folded(option.text)
        if option.correct and len(answer) >= _SHORTEST_TOLD and f" {answer} " in asked:
            message = N_("Jawaban “%(answer)s” sudah tertulis di pertanyaannya. Ubah pertanyaannya.")
            yield Problem(item.file, option.line, message, {"answer": option.text}, blocking=False)
    longest = min((len(option.text.split()) for option in options if option.correct), default=0)
    if longest > 3:
        message = N_("Jawaban tertulis sebaiknya paling banyak tiga kata, agar dapat dinilai adil.")
        yield Problem(item.file, line, message, blocking=False)


def _told_by_id(item: Item) -> Iterator[Problem]:
    """Ids travel to the learner's device: one that is called `kunci` would tell."""
    verdicts = {option for part in item.parts if part.id == VERDICT for option in part.options}
    for option in dict.fromkeys(item.every_option):
        if option not in verdicts and _TELLING_ID.match(option.id):
            message = N_("Tanda pengenal “%(id)s” menunjukkan jawabannya. Pakai tanda pengenal yang netral.")
            yield Problem(item.file, option.line, message, {"id": option.id})
