"""What makes a question a fair one, as far as a machine can see; the rules of its options stand in `lint_options`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.course.item import Item
from app.course.lint_options import lint_options
from app.course.shapes import Problem
from app.course.texts import count_words, sentences
from app.errors import N_

MAX_STEM_WORDS = 40
MAX_FEEDBACK_WORDS = 35
MAX_EXPLANATION_WORDS = 80
MAX_SENTENCE_WORDS = 25
RECALL_SHARE = 0.4
FEW_KEYS = 4  # with fewer questions, where the keys stand says nothing

EASIEST, HARDEST = 0.95, 0.25  # shares of right answers beyond which a question tells little about anybody

_NEGATIVE = re.compile(
    r"\b(?:yang|mana|manakah|adalah) (bukan|tidak)\b(?! dikenal| Anda kenal| resmi| jelas)|\b(kecuali)\b"
)


def lint_item(item: Item) -> Iterator[Problem]:
    """What is wrong with one question, whatever stands beside it; while it is a draft, all of it is advice."""
    if item.status == "pensiun":
        return
    found = (*_stem(item), *lint_options(item), *_explained(item), *_said(item), *_difficulty(item))
    for problem in found:
        yield problem if item.drawable else replace(problem, blocking=False)


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


def _explained(item: Item) -> Iterator[Problem]:
    """Whoever answers wrongly learns why: from each option, or from the explanation where answers are not chosen."""
    if item.chosen_from or item.kind == "true_false":
        for option in item.every_option:
            if not option.feedback and item.status == "draf":
                message = N_("Pilihan ini belum punya umpan balik. Tulis “  > …” di bawahnya.")
                yield Problem(item.file, option.line, message)
    elif not item.explanation and not any(option.feedback for option in item.every_option):
        message = N_("Soal ini belum menjelaskan jawabannya. Tulis umpan balik (“  > …”) atau “### Pembahasan”.")
        yield Problem(item.file, item.line, message)


def _said(item: Item) -> Iterator[Problem]:
    """What is said after an answer is short."""
    said = [(option.line, option.feedback, MAX_FEEDBACK_WORDS) for option in item.every_option]
    for line, text, limit in dict.fromkeys(said):
        words = count_words(text)
        if words > limit:
            message = N_("Umpan balik ini %(words)s kata. Ringkas menjadi paling banyak %(limit)s kata.")
            yield Problem(item.file, line, message, {"words": words, "limit": limit})
        if any(count_words(sentence) > MAX_SENTENCE_WORDS for sentence in sentences(text)):
            message = N_("Kalimat umpan balik ini lebih dari %(limit)s kata. Bagi menjadi dua kalimat.")
            yield Problem(item.file, line, message, {"limit": MAX_SENTENCE_WORDS}, blocking=False)
    if (words := count_words(item.explanation)) > MAX_EXPLANATION_WORDS:
        message = N_("Pembahasan ini %(words)s kata. Ringkas menjadi paling banyak %(limit)s kata.")
        yield Problem(item.file, item.line, message, {"words": words, "limit": MAX_EXPLANATION_WORDS}, blocking=False)


def _difficulty(item: Item) -> Iterator[Problem]:
    if item.difficulty is not None and not HARDEST <= item.difficulty <= EASIEST:
        message = N_("Isi “sulit” soal ini di luar 0,25 sampai 0,95. Soal seperti itu jarang membedakan peserta.")
        yield Problem(item.file, item.line, message, blocking=False)


def lint_quiz(items: Sequence[Item], take: int) -> Iterator[Problem]:
    """Whether a quiz has enough published questions, and enough beyond mere recall."""
    if not items:
        return
    file, items = items[0].file, [item for item in items if item.drawable]
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
    single = [item for item in items if item.drawable and item.kind == "single_choice" and len(item.keys) == 1]
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
