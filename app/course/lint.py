"""The inspection of a course: what a careful reader would send back before it is published."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from app.course import files as course_files
from app.course.addresses import addresses, numbers
from app.course.cards import split_questions
from app.course.content import BANK, REFERENCES, examine
from app.course.item import Item
from app.course.lessons import cards_of
from app.course.lint_items import lint_item, lint_keys, lint_quiz
from app.course.lint_lessons import lint_lesson, lint_words
from app.course.markdown import Passage, render, render_line
from app.course.pictures import is_medium
from app.course.settings_file import split_front_matter
from app.course.shapes import Course, Module, Problem
from app.course.texts import plain_lines
from app.errors import N_, Refused

LESSONS = 4
_REFERENCE = re.compile(r"\[\[([^\[\]\n]{1,80})\]\]")
_VAGUE = re.compile(r"(?:memahami|mengetahui|mengerti|menyadari|mempelajari|mengenal)\b", re.IGNORECASE)


def lint(course: Course, files: Mapping[str, str]) -> list[Problem]:
    """Everything a reader would send back; what does not block is advice."""
    found: list[Problem] = []
    for module in course.modules:
        found += _module(module, course)
        for lesson in module.steps:
            if lesson.file in files:
                found += lint_lesson(lesson, files[lesson.file], course.references)
        found += lint_quiz(module.items, course.quiz_take)
        found += lint_keys(module.items)
    found += lint_keys(course.bank)
    for item in course.every_item:
        found += lint_item(item)
    for item in course.bank:
        if item.drawable and not any(cell.holds(item) for cell in course.cells):
            message = N_("Soal ini tidak termasuk sel tes mana pun, sehingga tidak akan pernah keluar.")
            found.append(Problem(item.file, item.line, message, blocking=False))
    for file, text in files.items():
        if file != REFERENCES and not is_medium(file):
            found += _sources(file, plain_lines(text), _number_lines(course, file))
        if file.endswith(".md"):
            found += _pictures(file, text, course)
            for passage in _passages(file, text, course):
                found += lint_words(passage, file)
    found += _unused(course, files)
    found += _unshown(course)
    return list(dict.fromkeys(sorted(found, key=lambda p: (p.file, p.line, p.text))))


def _pictures(file: str, text: str, course: Course) -> Iterator[Problem]:
    """Only options show pictures; anywhere else one would be missing on the page."""
    shown = {one.line for item in course.every_item if item.file == file for one in item.options if one.picture}
    for number, line in enumerate(plain_lines(text).split("\n"), 1):
        if "![" in line and number not in shown:
            message = N_("Gambar hanya tampil sebagai pilihan soal jenis=gambar. Uraikan isinya dengan kata-kata.")
            yield Problem(file, number, message)


def _unshown(course: Course) -> Iterator[Problem]:
    """Pictures nobody sees still have to be carried along."""
    shown = {one.picture.digest for item in course.every_item for one in item.options if one.picture}
    for medium in course.media.values():
        if medium.digest not in shown:
            message = N_("Gambar ini tidak dipakai di soal mana pun. Pakai atau hapus.")
            yield Problem(medium.file, 1, message, blocking=False)


def _module(module: Module, course: Course) -> Iterator[Problem]:
    """Four lessons, a practical task, a quiz, and objectives one can measure."""
    file = f"{module.folder}/modul.toml"
    if len(module.lessons) != LESSONS:
        message = N_("Modul ini punya %(count)s materi. Susun menjadi %(needed)s materi.")
        yield Problem(file, 1, message, {"count": len(module.lessons), "needed": LESSONS})
    if module.practice is None:
        yield Problem(file, 1, N_("Modul ini belum punya praktik.md. Tulis satu tugas praktik."))
    if not module.items:
        yield Problem(file, 1, N_("Modul ini belum punya kuis.md. Tulis soal kuisnya."))
    for objective in module.objectives:
        if _VAGUE.match(objective):
            message = N_("Tujuan “%(objective)s” sulit diukur. Mulai dengan kata kerja seperti memeriksa atau memilih.")
            yield Problem(file, 1, message, {"objective": objective}, blocking=False)


def _number_lines(course: Course, file: str) -> set[int]:
    """The lines in which an amount is the answer to a question."""
    asked = (item for item in course.every_item if item.file == file)
    return {
        option.line
        for item in asked
        for kind, options in ((item.kind, item.options), *((part.kind, part.options) for part in item.parts))
        for option in options
        if kind == "number"
    }


def _sources(file: str, text: str, amounts: Collection[int]) -> Iterator[Problem]:
    """Addresses and numbers that would grow old in the text; `amounts` are lines whose number is an answer."""
    for number, line in enumerate(text.split("\n"), start=1):
        for address in addresses(line):
            message = N_(
                "“%(address)s” tampak seperti alamat. Pakai [[rujukan]] atau alamat rekaan .contoh;"
                " jika ini akhir kalimat, beri spasi setelah titik."
            )
            yield Problem(file, number, message, {"address": address})
        for digits in numbers(line) if number not in amounts else ():
            message = N_("Nomor “%(digits)s” ditulis langsung. Pakai [[rujukan]] atau nomor rekaan 0800-0000-0000.")
            yield Problem(file, number, message, {"digits": digits})


def _unused(course: Course, files: Mapping[str, str]) -> Iterator[Problem]:
    """References nobody reads still have to be checked by somebody."""
    used = {name.strip() for text in files.values() for name in _REFERENCE.findall(text)}
    lines = plain_lines(files.get(REFERENCES, "")).split("\n")
    for name in course.references:
        if name not in used:
            line = next((number for number, text in enumerate(lines, start=1) if text.strip() == f"[{name}]"), 1)
            message = N_("Rujukan “%(name)s” tidak dipakai di materi mana pun. Pakai atau hapus.")
            yield Problem(REFERENCES, line, message, {"name": name}, blocking=False)


def _passages(file: str, text: str, course: Course) -> Iterator[Passage]:
    """All stretches of words in a file, questions and feedback included."""
    if file == BANK or file.endswith("/kuis.md"):
        _, body, line = split_front_matter(file, plain_lines(text), [])
        cards = split_questions(file, body, line, [])
    else:
        cards = cards_of(file, text)
    for card in cards:
        yield from render_line(card.heading, course.references, card.line)[1].passages
        body = card.split_options()[0] if card.is_question else card.body
        yield from render(body, course.references, card.body_line - 1, file).passages
    for item in course.every_item:
        if item.file == file:
            for line, words in dict.fromkeys(_answers(item)):
                yield from render_line(words, course.references, line)[1].passages


def _answers(item: Item) -> Iterator[tuple[int, str]]:
    """What a learner chooses, and what is said to it; words that learners write themselves are not ours."""
    written = {option for part in item.parts if part.kind != "choice" for option in part.options}
    for option in item.every_option:
        if item.kind not in ("short_text", "number") and option not in written:
            yield option.line, option.text
        yield option.line, option.feedback
    for part in item.parts:
        yield part.line, part.text
    yield item.line, item.explanation


def main(arguments: Sequence[str]) -> int:
    """`python -m app.course.lint FOLDER [MODULE]`: prints each problem, answers 1 when one of them blocks."""
    if not 1 <= len(arguments) <= 2:
        sys.stderr.write("python -m app.course.lint FOLDER [FOLDER_MODUL|BERKAS]\n")
        return 2
    try:
        files = course_files.read(Path(arguments[0]))
    except Refused as no:
        sys.stderr.write(f"{no}\n")
        return 2
    examined = examine(files)
    problems = sorted([*examined.problems, *lint(examined.course, files)], key=lambda p: (p.file, p.line))
    if len(arguments) == 2:
        wanted = arguments[1].strip("/")
        problems = [p for p in problems if p.file == wanted or p.file.startswith(f"{wanted}/")]
    for problem in problems:
        kind = "masalah" if problem.blocking else "saran"
        sys.stdout.write(f"{problem.file}:{problem.line}: {kind}: {problem.text}\n")
    blocking = sum(problem.blocking for problem in problems)
    sys.stdout.write(f"{blocking} masalah, {len(problems) - blocking} saran\n")
    return 1 if blocking else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
