"""Settings as trainers type them: TOML files, and the few lines of TOML on top of a lesson."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from app.course.shapes import Problem
from app.course.texts import curl, unwanted
from app.errors import N_, Fact

FENCE = "+++"
_HEADER = re.compile(r"\s*(\[\[?)([^\]\[]+)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*([A-Za-z0-9_-]+|"[^"]*"|'[^']*')\s*(?:\.|=)""")
_AT_LINE = re.compile(r"\(at line (\d+),")

Path = tuple[str | int, ...]


def _lines_of(text: str) -> dict[Path, int]:
    """Where each table and key stands, so that a problem can name its line."""
    lines: dict[Path, int] = {(): 1}
    counts: dict[Path, int] = {}
    here: Path = ()
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            here = tuple(part.strip().strip("\"'") for part in header[2].split("."))
            if header[1] == "[[":
                counts[here] = counts.get(here, -1) + 1
                lines.setdefault(here, number)
                here = (*here, counts[here])
            lines.setdefault(here, number)
        elif key := _KEY.match(line):
            lines.setdefault((*here, key[1].strip("\"'")), number)
    return lines


class Table:
    """One TOML table: each question for a key notes what is missing, mistyped or out of range."""

    def __init__(self, values: dict[str, Any], file: str, problems: list[Problem], lines: dict[Path, int], path: Path):
        self.values = values
        self.file = file
        self.problems = problems
        self._lines = lines
        self._path = path
        self._asked: set[str] = set()

    def line(self, key: str | None = None) -> int:
        """The line of a key, or the nearest line above it that we know."""
        path = self._path if key is None else (*self._path, key)
        while path not in self._lines and path:
            path = path[:-1]
        return self._lines.get(path, 1)

    def problem(self, key: str | None, message: str, /, **facts: Fact) -> None:
        """Notes a problem at the line of the key."""
        self.problems.append(Problem(self.file, self.line(key), message, facts))

    def _get(self, key: str, required: bool) -> Any:
        self._asked.add(key)
        if key not in self.values and required:
            self.problem(None, N_("Keterangan “%(key)s” belum ada. Tambahkan."), key=key)
        return self.values.get(key)

    def text(self, key: str, *, required: bool = True, longest: int = 200, pattern: str | None = None) -> str:
        """A line of text."""
        value = self._get(key, required)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.problem(key, N_("Keterangan “%(key)s” harus berupa teks di antara tanda kutip."), key=key)
            return ""
        return self._line_of_text(key, value, longest, pattern)

    def _line_of_text(self, key: str, value: str, longest: int, pattern: str | None = None) -> str:
        value = value.strip()
        if not value:
            self.problem(key, N_("Keterangan “%(key)s” masih kosong. Isilah."), key=key)
        elif len(value) > longest:
            message = N_("Keterangan “%(key)s” paling panjang %(longest)s huruf.")
            self.problem(key, message, key=key, longest=longest)
        elif "\n" in value or "\t" in value or unwanted(value):
            message = N_("Keterangan “%(key)s” harus satu baris tanpa tanda tersembunyi.")
            self.problem(key, message, key=key)
        elif "[[" in value:
            message = N_("Rujukan [[…]] tidak berlaku di “%(key)s”. Pindahkan ke isi materi.")
            self.problem(key, message, key=key)
        elif pattern is not None and not re.fullmatch(pattern, value):
            message = N_("Isi “%(key)s” tidak sesuai bentuknya: “%(value)s”. Lihat contoh di format kursus.")
            self.problem(key, message, key=key, value=value)
        else:
            return curl(value)
        return ""

    def choice(self, key: str, choices: Collection[str], *, required: bool = True) -> str:
        """One of these words."""
        value = self.text(key, required=required)
        if value and value not in choices:
            message = N_("Isi “%(key)s” harus salah satu dari: %(choices)s.")
            self.problem(key, message, key=key, choices=", ".join(choices))
            return ""
        return value

    def number(self, key: str, low: int, high: int) -> int:
        """A whole number within these bounds."""
        value = self._get(key, True)
        if value is None:
            return low
        if not isinstance(value, int) or isinstance(value, bool):
            self.problem(key, N_("Keterangan “%(key)s” harus berupa angka bulat tanpa tanda kutip."), key=key)
            return low
        if not low <= value <= high:
            message = N_("Angka “%(key)s” harus dari %(low)s sampai %(high)s.")
            self.problem(key, message, key=key, low=low, high=high)
            return low
        return value

    def day(self, key: str) -> date:
        """A date such as 2026-11-23."""
        value = self._get(key, True)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None:
            message = N_("Keterangan “%(key)s” harus berupa tanggal tanpa tanda kutip, misalnya 2026-11-23.")
            self.problem(key, message, key=key)
        return date.min

    def texts(self, key: str, *, required: bool = True, longest: int = 200, pattern: str | None = None) -> list[str]:
        """A list of lines of text."""
        value = self._get(key, required)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            self.problem(key, N_('Keterangan “%(key)s” harus berupa daftar teks, misalnya ["satu", "dua"].'), key=key)
            return []
        if required and not value:
            self.problem(key, N_("Keterangan “%(key)s” masih kosong. Isilah."), key=key)
        return [self._line_of_text(key, entry, longest, pattern) for entry in value]

    def numbers(self, key: str, low: int, high: int) -> list[int]:
        """A list of whole numbers within these bounds."""
        value = self._get(key, True)
        whole = isinstance(value, list) and all(isinstance(one, int) and not isinstance(one, bool) for one in value)
        if not whole or not value:
            message = N_("Keterangan “%(key)s” harus berupa daftar angka bulat yang tidak kosong, misalnya [1, 2].")
            self.problem(key, message, key=key)
            return []
        if not all(low <= one <= high for one in value):
            message = N_("Angka “%(key)s” harus dari %(low)s sampai %(high)s.")
            self.problem(key, message, key=key, low=low, high=high)
            return []
        return list(value)

    def table(self, key: str) -> Table | None:
        """A table within this one."""
        value = self._get(key, True)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.problem(key, N_("Keterangan “%(key)s” harus berupa tabel [%(key)s]."), key=key)
            return None
        return Table(value, self.file, self.problems, self._lines, (*self._path, key))

    def tables(self, key: str) -> list[Table]:
        """A list of tables within this one."""
        value = self._get(key, True)
        if value is None:
            return []
        if not isinstance(value, list) or not value or not all(isinstance(entry, dict) for entry in value):
            self.problem(key, N_("Keterangan “%(key)s” harus berupa daftar tabel yang tidak kosong."), key=key)
            return []
        return [
            Table(entry, self.file, self.problems, self._lines, (*self._path, key, place))
            for place, entry in enumerate(value)
        ]

    def format(self) -> None:
        """The number of the format, so that a later format can be told apart."""
        self.number("format", 1, 1)

    def close(self) -> None:
        """Refuses every key nobody asked for, for a misspelt key would be ignored without a word."""
        for key in self.values:
            if key not in self._asked:
                message = N_("Keterangan “%(key)s” tidak dikenal. Periksa ejaannya atau hapus.")
                self.problem(key, message, key=key[:80])


def read_toml(file: str, text: str, problems: list[Problem], first_line: int = 1) -> Table | None:
    """The settings in this text, or None when it is not TOML."""
    shift = first_line - 1
    lines = {path: line + shift for path, line in _lines_of(text).items()}
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = _AT_LINE.search(str(error))
        line = int(found[1]) if found else text.rstrip("\n").count("\n") + 1
        message = N_("Baris ini tidak dapat dibaca sebagai TOML. Periksa tanda kutip, kurung, dan sama dengan.")
        problems.append(Problem(file, line + shift, message))
        return None
    return Table(values, file, problems, lines, ())


def split_front_matter(file: str, text: str, problems: list[Problem]) -> tuple[Table | None, str, int]:
    """The settings on top, the body below, and the line where the body begins."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        message = N_("Berkas harus dibuka dengan baris “+++”, lalu keterangan, lalu baris “+++”.")
        problems.append(Problem(file, 1, message))
        return None, text, 1
    for number in range(1, len(lines)):
        if lines[number].rstrip() == FENCE:
            table = read_toml(file, "\n".join(lines[1:number]), problems, first_line=2)
            return table, "\n".join(lines[number + 1 :]), number + 2
    problems.append(Problem(file, 1, N_("Keterangan di bagian atas belum ditutup dengan baris “+++”.")))
    return None, "", len(lines)
