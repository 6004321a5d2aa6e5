"""The one parser: a mapping of texts becomes a course, or a list of everything that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.course.blueprint import check_cells
from app.course.course_file import ModuleSettings, Settings, read_module_settings, read_references, read_settings
from app.course.item import Item
from app.course.items import Home
from app.course.lessons import quiz_kb, read_lesson, read_questions
from app.course.pictures import is_medium, read_media
from app.course.shapes import (
    PRACTICE,
    Course,
    Lesson,
    Module,
    Problem,
)
from app.course.texts import MAX_FILES, clean, is_slug
from app.errors import N_, Fact

COURSE, REFERENCES, BANK = "course.toml", "rujukan.toml", "bank.md"
SETTINGS, QUIZ, PRACTICE_FILE = "modul.toml", "kuis.md", f"{PRACTICE}.md"
# Addresses under a module are /<lesson>, /praktik, /kuis, /latihan and /kilas-balik; a lesson may not take their place.
RESERVED = {PRACTICE, "kuis", "latihan", "kilas-balik", "selesai"}

_FOLDER = re.compile(r"([1-9][0-9]?|0[1-9])-(.+)\Z")
_LESSON = re.compile(r"([0-9]{2})-(.+)\.md\Z")


@dataclass(frozen=True, slots=True)
class Examined:
    """What could be read, and what is wrong with it; the course is whole only when nothing is."""

    course: Course
    problems: tuple[Problem, ...]


def parse(files: Mapping[str, str]) -> Course | list[Problem]:
    """The course in these texts, or every problem with file and line."""
    examined = examine(files)
    return list(examined.problems) if examined.problems else examined.course


def examine(files: Mapping[str, str]) -> Examined:
    """The course as far as it can be read: a trainer halfway through wants to know about the first half."""
    problems: list[Problem] = []
    texts = _clean(files, problems)
    folders = _folders(files, problems)
    media = read_media({file: files[file] for file in sorted(files)[:MAX_FILES]}, problems)
    settings = read_settings(COURSE, texts.get(COURSE), problems)
    references = read_references(REFERENCES, texts.get(REFERENCES), problems)
    for name, sentence in _NEEDED.items():
        if name not in files:
            problems.append(Problem(name, 1, sentence))
    read = {
        folder: read_module_settings(f"{folder}/{SETTINGS}", texts.get(f"{folder}/{SETTINGS}"), problems)
        for folder in folders
    }
    objectives = {module_id: read[folder].objectives for folder, (_, module_id) in folders.items()}
    codes = {module_id: tuple(code for code, _ in read[folder].digcomp) for folder, (_, module_id) in folders.items()}
    home = Home(objectives, codes, references, media=media)
    modules = tuple(
        _module(folder, number, read[folder], texts, replace(home, module=name), settings, problems)
        for folder, (number, name) in sorted(folders.items(), key=lambda entry: entry[1])
    )
    if not modules:
        message = N_("Kursus belum punya modul. Buat folder seperti “1-nama-modul” yang berisi modul.toml.")
        problems.append(Problem(COURSE, 1, message))
    bank: tuple[Item, ...] = ()
    if BANK in texts:
        bank = read_questions(BANK, texts[BANK], home, problems)
    course = _course(settings, modules, bank, home)
    _check_ids(course, problems)
    problems += check_cells(COURSE, course)
    return Examined(course, tuple(dict.fromkeys(sorted(problems, key=lambda p: (p.file, p.line, p.text)))))


_NEEDED = {
    COURSE: N_("Berkas course.toml belum ada. Buatlah berisi keterangan kursus."),
    REFERENCES: N_("Berkas rujukan.toml belum ada. Buatlah, walaupun masih kosong."),
    BANK: N_("Berkas bank.md belum ada. Buatlah berisi soal tes awal dan tes akhir."),
}


def _clean(files: Mapping[str, str], problems: list[Problem]) -> dict[str, str]:
    if len(files) > MAX_FILES:
        problems.append(Problem(COURSE, 1, N_("Kursus ini memuat lebih dari 300 berkas. Kurangi.")))
    texts: dict[str, str] = {}
    for file in sorted(files)[:MAX_FILES]:
        if is_medium(file):
            continue
        text = clean(file, files[file], problems)
        if text is not None:
            texts[file] = text
    return texts


def _folders(files: Mapping[str, str], problems: list[Problem]) -> dict[str, tuple[int, str]]:
    """The module folders with number and id; names every file that has no place in a course."""
    folders: dict[str, tuple[int, str]] = {}
    for file in sorted(files)[:MAX_FILES]:
        folder, _, name = file.rpartition("/")
        if not folder:
            if name not in _NEEDED:
                message = N_("Berkas ini tidak punya tempat di kursus. Hapus atau ganti namanya.")
                problems.append(Problem(file, 1, message))
            continue
        if is_medium(file):
            continue
        found = _FOLDER.match(folder)
        if found is None or not is_slug(found[2]):
            message = N_("Folder modul harus bernama seperti “1-nama-modul”: huruf kecil, angka, tanda hubung.")
            problems.append(Problem(file, 1, message))
            continue
        folders[folder] = (int(found[1]), found[2])
        lesson = _LESSON.match(name)
        if name in {SETTINGS, QUIZ, PRACTICE_FILE}:
            continue
        if lesson is None or not is_slug(lesson[2]):
            message = N_("Nama berkas materi harus seperti “01-nama-materi.md”: huruf kecil, angka, tanda hubung.")
            problems.append(Problem(file, 1, message))
        elif lesson[2] in RESERVED:
            message = N_("Nama “%(name)s” sudah dipakai sistem. Beri nama lain untuk materi ini.")
            problems.append(Problem(file, 1, message, {"name": lesson[2]}))
    _check_folders(folders, files, problems)
    return folders


def _check_folders(folders: dict[str, tuple[int, str]], files: Mapping[str, str], problems: list[Problem]) -> None:
    numbers: set[int] = set()
    names: set[str] = set()
    for folder, (number, name) in sorted(folders.items()):
        file = f"{folder}/{SETTINGS}"
        if file not in files:
            problems.append(Problem(file, 1, N_("Folder modul ini belum punya modul.toml. Buatlah.")))
        if number in numbers:
            message = N_("Ada dua folder modul bernomor %(number)s. Ganti salah satu nomornya.")
            problems.append(Problem(file, 1, message, {"number": number}))
        if name in names:
            message = N_("Ada dua modul bernama “%(name)s”. Ganti salah satu namanya.")
            problems.append(Problem(file, 1, message, {"name": name}))
        numbers.add(number)
        names.add(name)


def _module(
    folder: str, number: int, read: ModuleSettings, texts: Mapping[str, str], home: Home, settings: Settings,
    problems: list[Problem],
) -> Module:  # fmt: skip
    """One module with its lessons, its practical task and its quiz."""
    lessons: list[Lesson] = []
    seen: dict[str, str] = {}
    for file in sorted(texts):
        inside, _, name = file.rpartition("/")
        found = _LESSON.match(name)
        if inside != folder or found is None or not is_slug(found[2]) or found[2] in RESERVED:
            continue
        for mark in (found[1], found[2]):
            if mark in seen:
                message = N_("Nomor atau nama “%(mark)s” sudah dipakai oleh %(other)s. Ganti salah satunya.")
                problems.append(Problem(file, 1, message, {"mark": mark, "other": seen[mark]}))
            seen.setdefault(mark, name)
        lessons.append(read_lesson(file, texts[file], found[2], "lesson", home, problems))
    if not lessons:
        message = N_("Modul ini belum punya materi. Buat berkas seperti “01-nama-materi.md”.")
        problems.append(Problem(f"{folder}/{SETTINGS}", 1, message))
    practice = None
    if (file := f"{folder}/{PRACTICE_FILE}") in texts:
        practice = read_lesson(file, texts[file], PRACTICE, "practice", home, problems)
    items: tuple[Item, ...] = ()
    if (file := f"{folder}/{QUIZ}") in texts:
        items = read_questions(file, texts[file], home, problems)
    kb = sum(lesson.kb for lesson in lessons) + (practice.kb if practice else 0)
    kb += quiz_kb([item for item in items if item.drawable], settings.quiz.take)
    return Module(home.module or "", number, read.title, read.jp, read.objectives, read.digcomp, read.outcomes,
                  tuple(lessons), practice, items, kb, folder)  # fmt: skip


def _course(settings: Settings, modules: tuple[Module, ...], bank: tuple[Item, ...], home: Home) -> Course:
    return Course(
        code=settings.code,
        title=settings.title,
        short_title=settings.short_title,
        summary=settings.summary,
        lead=settings.lead,
        pillar=settings.pillar,
        second_pillar=settings.second_pillar,
        level=settings.level,
        language=settings.language,
        authors=settings.authors,
        licence=settings.licence,
        checked_on=settings.checked_on or date.min,
        modules=modules,
        bank=bank,
        cells=settings.tests.cells,
        quiz_take=settings.quiz.take,
        quiz_cells=settings.quiz.cells,
        quiz_terms=settings.quiz.terms,
        test_terms=settings.tests.terms,
        mastery=settings.mastery,
        rule=settings.rule,
        references=home.references,
        media={medium.digest: medium for medium in home.media.values()},
        kb=sum(module.kb for module in modules),
    )


def _check_ids(course: Course, problems: list[Problem]) -> None:
    """A question's id is its own in the whole course, for statistics follow it."""
    seen: dict[str, Item] = {}
    for item in course.every_item:
        if item.id and item.id in seen:
            message = N_("Tanda pengenal “%(id)s” sudah dipakai di %(file)s baris %(line)s. Ganti salah satunya.")
            facts: dict[str, Fact] = {"id": item.id, "file": seen[item.id].file, "line": seen[item.id].line}
            problems.append(Problem(item.file, item.line, message, facts))
        seen.setdefault(item.id, item)
