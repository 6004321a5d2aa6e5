"""What makes a lesson easy to read, as far as a machine can see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from app.course.boxes import NOTES
from app.course.cards import RawCard
from app.course.lessons import cards_of
from app.course.markdown import Passage, Rendered, render, render_line
from app.course.shapes import Lesson, Problem, Reference
from app.course.texts import count_words, sentences
from app.errors import N_, Fact

WORDS = (350, 550)
CARDS = (3, 5)
AVERAGE_WORDS = 15
MAX_SENTENCE_WORDS = 25
MAX_PAGE_KB = 150

_ADDRESS = re.compile(r"\b(kamu|kalian)\b", re.IGNORECASE)
_BETTER = {
    "user": "pengguna atau peserta",
    "login": "masuk",
    "submit": "kirim",
    "password": "kata sandi",
    "pelajaran": "materi",
    "download": "unduh",
    "upload": "unggah",
    "email": "surel",
    "e-mail": "surel",
    "online": "daring",
    "offline": "luring",
    "link": "tautan",
    "marketplace": "lokapasar",
}
_WORSE = re.compile(rf"(?<![\w-])({'|'.join(_BETTER)})(?![\w-])", re.IGNORECASE)
# "Pinjaman online" and "judi online" are what everyone, the authorities included, calls them.
_SETTLED = re.compile(r"\b(?:pinjaman|judi|ojek|pinjol) online\b", re.IGNORECASE)


def lint_lesson(lesson: Lesson, text: str, references: Mapping[str, Reference]) -> Iterator[Problem]:
    """What is wrong with the words and the build of a lesson or a practical task."""
    raws = cards_of(lesson.file, text)
    bodies = [_rendered(raw, references) for raw in raws]
    if lesson.kind == "lesson":
        yield from _build(lesson, raws, bodies)
    elif not lesson.items:
        yield Problem(lesson.file, 1, N_("Praktik belum memuat soal. Tulis paling sedikit satu."))
    yield from _sentences(lesson, raws, bodies)
    for raw, body in zip(raws, bodies, strict=True):
        yield from _card(lesson, raw, body)
    if lesson.kb > MAX_PAGE_KB:
        message = N_("Halaman ini sekitar %(kb)s KB. Ringkas sampai paling besar %(limit)s KB.")
        yield Problem(lesson.file, 1, message, {"kb": lesson.kb, "limit": MAX_PAGE_KB})


def _rendered(raw: RawCard, references: Mapping[str, Reference]) -> Rendered:
    body = raw.split_options()[0] if raw.is_question else raw.body
    return render(body, references, raw.body_line - 1, raw.file)


def _build(lesson: Lesson, raws: list[RawCard], bodies: list[Rendered]) -> Iterator[Problem]:
    """Three to five cards, a question at the end and only there, the length, an example or steps."""
    file, low, high = lesson.file, *CARDS
    if not low <= len(lesson.cards) <= high:
        message = N_("Materi ini terdiri atas %(count)s kartu. Susun menjadi %(low)s sampai %(high)s kartu.")
        yield Problem(file, 1, message, {"count": len(lesson.cards), "low": low, "high": high})
    for raw in raws[:-1]:
        if raw.is_question:
            message = N_("Soal di materi hanya di kartu terakhir. Pindahkan soal ini ke praktik atau kuis.")
            yield Problem(file, raw.line, message)
    if raws and not raws[-1].is_question:
        yield Problem(file, raws[-1].line, N_("Kartu terakhir harus berupa satu soal ingatan. Tambahkan soalnya."))
    low, high = WORDS
    if not low <= lesson.words <= high:
        message = N_("Materi ini %(words)s kata. Tulis %(low)s sampai %(high)s kata.")
        yield Problem(file, 1, message, {"words": lesson.words, "low": low, "high": high})
    if not any(body.count("pesan", "langkah", "tabel") for body in bodies):
        message = N_("Materi ini belum memuat “::: pesan”, “::: langkah”, atau tabel. Tambahkan satu.")
        yield Problem(file, 1, message)


def _sentences(lesson: Lesson, raws: list[RawCard], bodies: list[Rendered]) -> Iterator[Problem]:
    """How long the sentences are; a message imitates a fraud and may ramble."""
    lengths: list[int] = []
    for raw, body in zip(raws, bodies, strict=True):
        heading = render_line(raw.heading, {}, raw.line)[1].passages
        for passage in (*heading, *body.passages):
            if passage.kind in {"message", "cell"}:
                continue
            for sentence in sentences(passage.text):
                words = count_words(sentence)
                # Titles are short by nature and would flatter the average.
                if passage.kind != "heading":
                    lengths.append(words)
                if words > MAX_SENTENCE_WORDS:
                    message = N_("Kalimat “%(start)s …” %(words)s kata. Bagi sampai paling panjang %(limit)s kata.")
                    facts: dict[str, Fact] = {
                        "start": " ".join(sentence.split()[:4]),
                        "words": words,
                        "limit": MAX_SENTENCE_WORDS,
                    }
                    yield Problem(lesson.file, passage.line, message, facts)
    if lengths and sum(lengths) > AVERAGE_WORDS * len(lengths):
        average = str(round(sum(lengths) / len(lengths), 1)).replace(".", ",")
        message = N_("Rata-rata kalimat %(average)s kata. Pendekkan sampai paling banyak %(limit)s kata.")
        yield Problem(lesson.file, 1, message, {"average": average, "limit": AVERAGE_WORDS})


def _card(lesson: Lesson, raw: RawCard, body: Rendered) -> Iterator[Problem]:
    notes = [line for kind, line in body.containers if kind in NOTES]
    for line in notes[1:]:
        message = N_("Satu kartu hanya memuat satu kotak pesan. Pindahkan atau hapus kotak ini.")
        yield Problem(lesson.file, line, message)
    signs = [line for kind, line in body.containers if kind == "tanda"]
    if signs and body.marks and body.marks != body.signs:
        message = N_("Kartu ini punya %(marks)s tanda ==…==, tetapi “::: tanda” menjelaskan %(signs)s. Samakan.")
        yield Problem(lesson.file, signs[0], message, {"marks": body.marks, "signs": body.signs})
    if signs and not body.marks:
        message = N_("“::: tanda” menjelaskan nomor yang tidak ada. Tandai bagian pesannya dengan ==…==.")
        yield Problem(lesson.file, signs[0], message)


def lint_words(passage: Passage, file: str) -> Iterator[Problem]:
    """How the reader is addressed, and words that have a better one; quotes, code and italics are not ours."""
    if passage.kind == "message":
        return
    if found := _ADDRESS.search(passage.own):
        message = N_("Sapaan “%(word)s” tidak dipakai. Tulis “Anda”.")
        yield Problem(file, passage.line, message, {"word": found[1]})
    for found in _WORSE.finditer(_SETTLED.sub(" ", passage.own)):
        message = N_("Kata “%(word)s” sebaiknya diganti “%(better)s”.")
        facts = {"word": found[1], "better": _BETTER[found[1].lower()]}
        yield Problem(file, passage.line, message, facts, blocking=False)
