"""Whether the cells of a course's blueprints can be filled, and no question belongs to two of them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.course.item import BLOOMS
from app.course.shapes import Cell, Course, Problem
from app.errors import N_, Fact

# Times what it takes: form A, form B and one to spare; in a quiz what is asked now, and what when it is repeated.
SPARE_TEST, SPARE_QUIZ = 3, 2


def check_cells(file: str, course: Course) -> Iterator[Problem]:
    """What is wrong with the cells of the tests and of the quizzes, at their lines of this file."""
    for cell in course.cells:
        yield from _test_cell(file, cell, course)
    for cell in course.quiz_cells:
        yield from _quiz_cell(file, cell, course)
    yield from _shared(file, course.cells)
    yield from _shared(file, course.quiz_cells)


def _test_cell(file: str, cell: Cell, course: Course) -> Iterator[Problem]:
    if course.module(cell.module) is None:
        message = N_("Modul “%(module)s” tidak ada. Periksa ejaannya di [[tes.sel]] ini.")
        yield Problem(file, cell.line, message, {"module": cell.module})
        return
    needed, supply = SPARE_TEST * cell.take, sum(1 for item in course.bank if cell.holds(item))
    if supply < needed:
        message = N_(
            "Sel tes untuk modul “%(module)s” (%(kind)s) memerlukan %(needed)s soal terbit di bank.md;"
            " baru ada %(supply)s. Tambahkan soalnya."
        )
        facts: dict[str, Fact] = {"module": cell.module, "kind": _kind(cell), "needed": needed, "supply": supply}
        yield Problem(file, cell.line, message, facts)


def _quiz_cell(file: str, cell: Cell, course: Course) -> Iterator[Problem]:
    for module in course.modules:
        needed, supply = SPARE_QUIZ * cell.take, sum(1 for item in module.items if cell.holds(item))
        if module.items and supply < needed:
            message = N_(
                "Sel kuis ini (%(kind)s) memerlukan %(needed)s soal terbit di kuis modul “%(module)s”;"
                " baru ada %(supply)s. Tambahkan soalnya."
            )
            facts: dict[str, Fact] = {"module": module.id, "kind": _kind(cell), "needed": needed, "supply": supply}
            yield Problem(file, cell.line, message, facts)


def _kind(cell: Cell) -> str:
    """The restrictions of a cell, as its author wrote them."""
    told = []
    if cell.blooms:
        told.append(", ".join(bloom for bloom in BLOOMS if bloom in cell.blooms))
    if cell.objectives:
        told.append("tujuan " + ", ".join(str(number) for number in sorted(cell.objectives)))
    return "; ".join(told) or "semua soal"


def _shared(file: str, cells: Sequence[Cell]) -> Iterator[Problem]:
    """A question must belong to one cell only, or the forms could not be told apart."""
    for place, cell in enumerate(cells):
        earlier = next((one for one in cells[:place] if one.meets(cell)), None)
        if earlier is not None:
            message = N_(
                "Sel ini dan sel baris %(line)s dapat mengambil soal yang sama."
                " Gabungkan keduanya, atau bedakan bloom atau tujuannya."
            )
            yield Problem(file, cell.line, message, {"line": earlier.line})
