"""What makes a question a fair one, as far as a machine can see."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from app.course.item import Item
from app.course.shapes import Problem
from app.course.texts import count_words, sentences
from app.errors import N_

MAX_STEM_WORDS = 40
MAX_FEEDBACK_WORDS = 35
MAX_SENTENCE_WORDS = 25
RECALL_SHARE = 0.4
FEW_KEYS = 4  # with fewer questions, where the keys stand says nothing

_CATCH_ALL = re.compile(
    r"\b(?:semua(?: jawaban| pilihan)?(?: di atas)?(?: adalah)? (?:benar|salah)|semua jawaban|semua pilihan"
    r"|semuanya (?:benar|salah)|tidak ada yang (?:benar|salah)|tidak ada jawaban|(?:jawaban )?[A-D] dan [A-D]\b"
    r"|bukan salah satu di atas|jawaban di atas)",
    re.IGNORECASE,
)
_GIVE_AWAY = re.compile(r"\b(selalu|pasti|tidak pernah)\b", re.IGNORECASE)
_NEGATIVE = re.compile(
    r"\b(?:yang|mana|manakah|adalah) (bukan|tidak)\b(?! dikenal| Anda kenal| resmi| jelas)|\b(kecuali)\b"
)


def lint_item(item: Item) -> Iterator[Problem]:
    """What is wrong with one question, whatever stands beside it."""
    yield from _stem(item)
    yield from _options(item)
    for option in item.options:
        words = count_words(option.feedback)
        if words > MAX_FEEDBACK_WORDS:
            message = N_("Umpan balik ini %(words)s kata. Ringkas menjadi paling banyak %(limit)s kata.")
            yield Problem(item.file, option.line, message, {"words": words, "limit": MAX_FEEDBACK_WORDS})
        for sentence in sentences(option.feedback):
            if count_words(sentence) > MAX_SENTENCE_WORDS:
                message = N_("Kalimat umpan balik ini lebih dari %(limit)s kata. Bagi menjadi dua kalimat.")
                yield Problem(item.file, option.line, message, {"limit": MAX_SENTENCE_WORDS}, blocking=False)


def _stem(item: Item) -> Iterator[Problem]:
    words = count_words(item.stem)
    if words > MAX_STEM_WORDS:
        message = N_("Pertanyaan ini %(words)s kata. Ringkas menjadi paling banyak %(limit)s kata.")
        yield Problem(item.file, item.line, message, {"words": words, "limit": MAX_STEM_WORDS})
    if "?" not in item.stem:
        yield Problem(item.file, item.line, N_("Judul soal harus berupa pertanyaan lengkap dengan tanda tanya."))
    if any(count_words(sentence) > MAX_SENTENCE_WORDS for sentence in sentences(item.stem)):
        message = N_("Satu kalimat pertanyaan ini lebih dari %(limit)s kata. Bagi menjadi dua kalimat.")
        yield Problem(item.file, item.line, message, {"limit": MAX_SENTENCE_WORDS}, blocking=False)
    question = next((sentence for sentence in sentences(item.stem) if "?" in sentence), "")
    if found := _NEGATIVE.search(re.sub(r"“[^”]*”?", " ", question)):
        word = found[1] or found[2]
        message = N_("Pertanyaan ini ingkar. Tulis “%(word)s” dengan huruf besar, atau ubah pertanyaannya.")
        yield Problem(item.file, item.line, message, {"word": word}, blocking=False)


def _options(item: Item) -> Iterator[Problem]:
    if not 3 <= len(item.options) <= 4:
        message = N_("Soal ini punya %(count)s pilihan. Tulis tiga pilihan (boleh empat).")
        yield Problem(item.file, item.line, message, {"count": len(item.options)})
    if item.options:
        shortest = min(len(option.text) for option in item.options)
        longest = max(item.options, key=lambda option: len(option.text))
        limit = int(1.5 * shortest + 20)
        if len(longest.text) > limit:
            message = N_("Pilihan ini %(length)s huruf. Ringkas sampai %(limit)s, agar panjang pilihan mirip.")
            facts = {"length": len(longest.text), "limit": limit}
            yield Problem(item.file, longest.line, message, facts)
    for option in item.options:
        if _CATCH_ALL.search(option.text):
            message = N_("Pilihan yang merangkum pilihan lain tidak dipakai. Ganti dengan pengecoh yang nyata.")
            yield Problem(item.file, option.line, message)
        if found := _GIVE_AWAY.search(option.text):
            message = N_("Kata “%(word)s” sering menjadi petunjuk jawaban. Pertimbangkan kata lain.")
            yield Problem(item.file, option.line, message, {"word": found[1]}, blocking=False)


def lint_quiz(items: Sequence[Item], take: int) -> Iterator[Problem]:
    """Whether a quiz has enough questions, and enough beyond mere recall."""
    if not items:
        return
    file = items[0].file
    if len(items) < 2 * take:
        message = N_("Kuis ini memuat %(count)s soal. Tulis paling sedikit %(needed)s, dua kali jumlah yang diambil.")
        yield Problem(file, 1, message, {"count": len(items), "needed": 2 * take})
    recall = sum(1 for item in items if item.bloom == "ingat")
    if recall > RECALL_SHARE * len(items):
        message = N_("%(recall)s dari %(count)s soal kuis ini berjenis “ingat”. Ubah sampai paling banyak %(limit)s.")
        limit = int(RECALL_SHARE * len(items))
        yield Problem(file, 1, message, {"recall": recall, "count": len(items), "limit": limit})
    beyond, needed = len(items) - recall, take - int(RECALL_SHARE * take)
    if beyond < needed:
        message = N_("Kuis ini hanya memuat %(count)s soal selain “ingat”. Tulis paling sedikit %(needed)s.")
        yield Problem(file, 1, message, {"count": beyond, "needed": needed})


def lint_keys(items: Sequence[Item]) -> Iterator[Problem]:
    """Whether someone could guess the keys without reading: by place or by length."""
    single = [item for item in items if len(item.keys) == 1]
    if len(single) < FEW_KEYS:
        return
    file = items[0].file
    places = Counter(next(n for n, option in enumerate(item.options) if option.correct) for item in single)
    place, count = places.most_common(1)[0]
    if count > len(single) / 2:
        message = N_("Kunci ada di pilihan ke-%(place)s pada %(count)s dari %(total)s soal. Sebarkan letaknya.")
        yield Problem(file, 1, message, {"place": place + 1, "count": count, "total": len(single)})
    longest = [item for item in single if _key_is_longest(item)]
    if len(longest) > len(single) / 2:
        message = N_("Kunci adalah pilihan terpanjang pada %(count)s dari %(total)s soal. Ringkas kuncinya.")
        yield Problem(file, 1, message, {"count": len(longest), "total": len(single)})


def _key_is_longest(item: Item) -> bool:
    key = max(len(option.text) for option in item.options if option.correct)
    return all(len(option.text) < key for option in item.options if not option.correct)
