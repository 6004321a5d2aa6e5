"""The lines below a question: what can be chosen, put in order, matched or accepted, with what is said to each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from app.course.cards import GAP, NUMBERED, PAIR, TASK, TITLE
from app.course.item import Kind
from app.course.item_reader import Reader
from app.errors import N_

_FEEDBACK = re.compile(r"[ \t]*>[ \t]?(.*)\Z")
_PERCENT = re.compile(r"[+-]?[0-9]{1,3}(?:[.,][0-9]{1,7})?\Z")
_LARGEST_PART = 15  # thirds, sixths, sevenths … are written as decimals that come to an end
_NEARLY = Fraction(5, 100_000)
_EXPLANATION, _REASON = "pembahasan", "alasan"

_UNREAD: dict[Kind | None, str] = {
    "ordering": N_("Baris ini bukan langkah (“1. …”) dan bukan umpan balik (“  > …”). Perbaiki atau hapus."),
    "matching": N_(
        "Baris ini bukan pasangan (“- Kiri => Kanan”) dan bukan umpan balik (“  > …”). Perbaiki atau hapus."
    ),
}
_UNTICKED: dict[Kind | None, str] = {
    "ordering": N_("Soal jenis=urutan memakai daftar bernomor. Tulis “1. Langkah pertama”."),
    "matching": N_("Soal jenis=pasangan tidak memakai [x]. Tulis “- Kiri => Kanan”."),
}
_UNREAD_OPTION = N_("Baris ini bukan pilihan (“- [ ] …”) dan bukan umpan balik (“  > …”). Perbaiki atau hapus.")


@dataclass(slots=True)
class Entry:
    """One line of a list, with what continues it and what is said to it."""

    line: int
    text: list[str]
    ticked: bool = False
    worth: Fraction | None = None
    feedback: list[str] = field(default_factory=list)
    feedback_line: int = 0

    @property
    def source(self) -> str:
        """Its words in one line."""
        return " ".join(self.text)

    @property
    def full(self) -> bool:
        """Whether choosing it alone may be a right answer."""
        return self.ticked or (self.worth is not None and self.worth >= 1)

    @property
    def good(self) -> bool:
        """Whether choosing it adds something."""
        return self.ticked or (self.worth is not None and self.worth > 0)


@dataclass(slots=True)
class Group:
    """A list below a question: its own (no name), the reasons of a verdict, or the answers for one gap."""

    line: int
    name: str = ""
    entries: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class Below:
    """Everything below a question."""

    groups: list[Group]
    explanation: list[str] = field(default_factory=list)
    explanation_line: int = 0

    @property
    def entries(self) -> list[Entry]:
        """The entries of the question's own list."""
        return self.groups[0].entries


def read_lines(reader: Reader, lines: list[tuple[int, str]], kind: Kind | None) -> Below:
    """The lists below a question, and its explanation; every line that is neither is a problem."""
    below = Below([Group(reader.card.line)])
    explaining = ended = False
    for number, line in lines:
        if not line.strip():
            ended = explaining and bool(below.explanation)
        elif title := TITLE.match(line):
            explaining = _titled(reader, below, number, title[1].strip(), kind) or explaining
        elif explaining:
            ended = _explained(reader, below, number, line, ended=ended)
        elif kind == "cloze" and (gap := GAP.match(line)):
            below.groups.append(Group(number, gap[1].strip()))
        elif (entry := _opened(reader, number, line, kind)) is not None:
            below.groups[-1].entries.append(entry)
        elif not _continued(below.groups[-1].entries, number, line):
            reader.problem(number, _UNREAD.get(kind, _UNREAD_OPTION))
    return below


def _titled(reader: Reader, below: Below, number: int, name: str, kind: Kind | None) -> bool:
    """Begins what a subtitle announces; answers whether it is the explanation."""
    if name.casefold() == _EXPLANATION:
        if below.explanation_line:
            reader.problem(number, N_("Soal ini punya dua “### Pembahasan”. Gabungkan keduanya."))
        below.explanation_line = below.explanation_line or number
        return True
    if name.casefold() == _REASON and kind == "true_false":
        if len(below.groups) > 1:
            reader.problem(number, N_("Soal ini punya dua “### Alasan”. Gabungkan keduanya."))
        below.groups.append(Group(number, _REASON))
    elif name.casefold() == _REASON:
        reader.problem(number, N_("“### Alasan” hanya untuk soal jenis=benar-salah. Hapus, atau sebut jenisnya."))
    else:
        message = N_("Subjudul “%(name)s” tidak punya tempat di bawah pilihan. Yang ada hanya “### Pembahasan”.")
        reader.problem(number, message, name=name[:60])
    return False


def _explained(reader: Reader, below: Below, number: int, line: str, *, ended: bool) -> bool:
    """Adds a line to the explanation, which is one paragraph; answers whether it has ended."""
    if TASK.match(line) or GAP.match(line) or line.lstrip().startswith(">"):
        message = N_("Baris ini berada di bawah “### Pembahasan”. Pindahkan pilihan dan umpan balik ke atasnya.")
        reader.problem(number, message)
    elif ended:
        reader.problem(number, N_("Pembahasan hanya satu paragraf. Hapus baris kosong sebelum baris ini."))
    else:
        below.explanation.append(line.strip())
    return ended


def _opened(reader: Reader, number: int, line: str, kind: Kind | None) -> Entry | None:
    """The entry that begins in this line, if one does."""
    task = TASK.match(line)
    if task and kind in _UNTICKED:
        reader.problem(number, _UNTICKED[kind])
    elif kind in _UNTICKED:
        begun = (NUMBERED if kind == "ordering" else PAIR).match(line)
        return None if begun is None else Entry(number, [begun[1].strip()])
    return None if task is None else _ticked(reader, number, task[1].strip(), task[2].strip())


def _ticked(reader: Reader, number: int, mark: str, words: str) -> Entry:
    """An entry with what stands in its brackets: the mark of a key, a worth, or nothing."""
    entry = Entry(number, [words])
    if mark in ("x", "X"):
        entry.ticked = True
    elif mark and _PERCENT.match(mark) is None:
        message = N_("Tanda [%(mark)s] tidak terbaca. Tulis [x], [ ], atau bobot dalam persen seperti [50].")
        reader.problem(number, message, mark=mark)
    elif mark:
        entry.worth = _worth(mark)
        if abs(entry.worth) > 1:
            message = N_("Bobot [%(mark)s] di luar batas. Tulis persen dari -100 sampai 100.")
            reader.problem(number, message, mark=mark)
            entry.worth = None
    return entry


def _worth(percent: str) -> Fraction:
    """The percent as a fraction; 33,333 means a third."""
    plain = percent.replace(",", ".")
    value = Fraction(plain) / 100
    part = value.limit_denominator(_LARGEST_PART)
    return part if len(plain.partition(".")[2]) > 1 and abs(part - value) < _NEARLY else value


def _continued(entries: list[Entry], number: int, line: str) -> bool:
    """Adds the line to the last entry or to what is said to it; answers whether it belongs there."""
    if not entries:
        return False
    last = entries[-1]
    if quote := _FEEDBACK.match(line):
        last.feedback_line = last.feedback_line or number
        last.feedback.append(quote[1].strip())
        return True
    if line[0] not in " \t" or line.lstrip()[0] in "-*+#:":
        return False
    (last.feedback if last.feedback else last.text).append(line.strip())
    return True
