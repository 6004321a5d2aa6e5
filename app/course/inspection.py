"""The whole inspection of a course, remembered: reading and judging one takes about a second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.course.content import examine
from app.course.lint import lint
from app.course.shapes import Course, Problem
from app.course.texts import MAX_FILES, clean


@dataclass(frozen=True, slots=True)
class Inspected:
    """A course as far as it can be read, what keeps it from being read, and what a reader would send back."""

    course: Course
    unread: tuple[Problem, ...]
    remarks: tuple[Problem, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything there is to say, by file and line."""
        return tuple(dict.fromkeys(sorted((*self.unread, *self.remarks), key=lambda p: (p.file, p.line, p.text))))

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """What stands in the way of publishing."""
        return tuple(problem for problem in self.problems if problem.blocking)


def inspected(files: Mapping[str, str]) -> Inspected:
    """The inspection of these texts; the same texts are inspected once a process."""
    return _inspected(frozenset(files.items()))


@lru_cache(maxsize=16)
def _inspected(texts: frozenset[tuple[str, str]]) -> Inspected:
    files = dict(texts)
    examined = examine(files)
    readable = {file: files[file] for file in sorted(files)[:MAX_FILES] if clean(file, files[file], []) is not None}
    return Inspected(examined.course, examined.problems, tuple(lint(examined.course, readable)))
