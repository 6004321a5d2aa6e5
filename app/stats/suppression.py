"""Disclosure control: which cells of a published table are shown, so that no count of 1 to 4 can be computed.

Promise. For every count of 1 to `floor - 1`, totals included, there is a second table with another value in that cell
which agrees with everything published: all shown cells, all sums over rows, columns and groups, "<5" meaning 1 to 4.
The second table also leaves every zero at zero and every hidden cell of 5 or more at 5 or more, so the promise holds
against a reader who knows these rules. Tables given together (`suppress_linked`: the same people by gender and by
age) share their row totals, and the promise holds for one who reads them side by side.

How. A table with totals and one level of groups is a circulation: its total flows down to groups and rows, through
the cells, and by the columns back to the total. A cell is ambiguous exactly when it lies on a cycle along which every
cell can move by one; published cells cannot move. Each small cell gets the cheapest such cycle and the cells on it are
hidden: inner cells first, fewest, then smallest; totals only where nothing else helps. At the end, what turned out to
be needless is shown again. A cycle always exists, for a cell and all totals above it can grow together.

Rules. 0 is shown. 1 to 4 is "small". Complements are "hidden". A small cell is called "hidden" instead when no other
way keeps the totals open (4 + 4 = 8, or four ones under a "<5").

Limits, to be known by whoever publishes:
- Ambiguous is not vague: "1 or 2" passes. What a reader knows from elsewhere, or learns by running this program on
  every table he can imagine, is not counted against.
- Only tables given in one call are protected against each other. Periods and courses add up too: with three months
  and their quarter published, a small month can be the difference. Publish one of them, frozen, or link them.
- Measures of the same people (enrolled, completed, passed) are suppressed each on their own. The difference of two is
  known when both are shown; that "2 did not finish" can then be read is accepted here, as the specification does.
- Groups divide the rows into one level. Counts must be additive: people who may stand in two columns make no table.
- Disability, where even a 0 tells something, must not be published with this module by kelurahan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Literal, TypeVar

Address = tuple[str, str]
State = Literal["shown", "small", "hidden"]
Number = TypeVar("Number", int, float)
Moves = list[tuple[int, int]]  # (arc, +1 or -1)

TOTAL = "*"
MARKS: Mapping[State, str] = {"shown": "", "small": "<5", "hidden": "•••"}

# What hiding costs. One cell of the next kind is dearer than any usual number of the kind before.
INNER, ROW_TOTAL, GROUP_CELL, SMALL_AS_HIDDEN = 10_000, 200_000, 250_000, 300_000
GROUP_TOTAL, COLUMN_TOTAL, GRAND_TOTAL = 2_000_000, 5_000_000, 100_000_000
NEVER = -1


@dataclass(frozen=True, slots=True)
class Cell:
    """What is published of one count."""

    value: int | None
    state: State

    @property
    def mark(self) -> str:
        """What stands in place of a number; empty when the number is shown."""
        return MARKS[self.state]

    @property
    def status(self) -> Literal["A", "S"]:
        """`status_nilai` of a data file: available or suppressed."""
        return "A" if self.state == "shown" else "S"


@dataclass(frozen=True)
class Table:
    """Counts by row and column. Without columns, counts sit at (row, TOTAL). Rows outside all groups are allowed."""

    row_keys: tuple[str, ...]
    column_keys: tuple[str, ...]
    counts: Mapping[Address, int]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [*self.row_keys, *self.groups, TOTAL]
        grouped = [row for rows in self.groups.values() for row in rows]
        if len(set(names)) < len(names) or len({*self.column_keys, TOTAL}) <= len(self.column_keys):
            raise ValueError("rows, groups and columns need names of their own, and none is the total's")
        if len(set(grouped)) < len(grouped) or not set(grouped) <= set(self.row_keys):
            raise ValueError("a group holds rows of the table, and a row belongs to one group at most")
        rows, columns = set(self.row_keys), set(self.column_keys or (TOTAL,))
        for (row, column), count in self.counts.items():
            if row not in rows or column not in columns or count < 0:
                raise ValueError(f"not a count of this table: {row}, {column}: {count}")

    @classmethod
    def of_totals(cls, counts: Mapping[str, int], groups: Mapping[str, tuple[str, ...]] | None = None) -> Table:
        """A table of one number a row."""
        return cls(tuple(counts), (), {(row, TOTAL): count for row, count in counts.items()}, groups or {})

    def values(self) -> dict[Address, int]:
        """Every cell with its true count: rows, groups and the total, by columns and their total."""
        group_of = {row: group for group, rows in self.groups.items() for row in rows}
        places = (*self.row_keys, *self.groups, TOTAL)
        values = {(place, column): 0 for place in places for column in (*self.column_keys, TOTAL)}
        for (row, column), count in self.counts.items():
            for place in dict.fromkeys((row, group_of.get(row, TOTAL), TOTAL)):
                for part in dict.fromkeys((column, TOTAL)):
                    values[place, part] += count
        return values


@dataclass(frozen=True)
class Published:
    """The table as everybody may see it; rows, groups and TOTAL by columns and TOTAL."""

    cells: Mapping[Address, Cell]

    def __getitem__(self, address: Address) -> Cell:
        return self.cells[address]

    def column(self, key: str = TOTAL) -> dict[str, Cell]:
        """One column by place, for a map or a bar."""
        return {place: cell for (place, column), cell in self.cells.items() if column == key}


class _Network:
    """Tables that share their row totals, as circulations over common arcs: one arc a cell that is not zero."""

    def __init__(self, tables: Sequence[Table], floor: int) -> None:
        self.floor, self.tables, self.values = floor, tables, [table.values() for table in tables]
        first = tables[0]
        for table, values in zip(tables, self.values, strict=True):
            if table.row_keys != first.row_keys or table.groups != first.groups:
                raise ValueError("linked tables have the same rows and groups")
            if any(values[place, TOTAL] != count for (place, key), count in self.values[0].items() if key == TOTAL):
                raise ValueError("linked tables have the same row totals")
        self.arc: dict[tuple[int, Address], int] = {}  # arcs of totals first, the same in all tables
        self.value: list[int] = []
        self.cost: list[int] = []
        self.hidden: list[bool] = []
        self.plus: list[int] = []  # what it costs to let the cell grow by one; 0 free, NEVER impossible
        self.minus: list[int] = []
        self.home: list[int] = []
        self.edges: list[dict[int, tuple[str | Address, str | Address]]] = []
        self.steps: list[dict[str | Address, list[tuple[int, str | Address, int]]]] = []
        for number in range(len(tables)):
            self._draw(number)

    def _draw(self, number: int) -> None:
        table, values = self.tables[number], self.values[number]
        group_of = {row: group for group, rows in table.groups.items() for row in rows}
        ends: dict[int, tuple[str | Address, str | Address]] = {}

        def join(address: Address, tail: str | Address, head: str | Address, base: int) -> None:
            if not (count := values[address]):
                return
            arc = self.arc[0, address] if number and address[1] == TOTAL else len(self.value)
            if arc == len(self.value):
                small = count < self.floor
                self.value.append(count)
                self.cost.append(SMALL_AS_HIDDEN if small else base + min(count, base // 2))
                self.home.append(number)
                self.hidden.append(False)
                self.plus.append(NEVER)
                self.minus.append(NEVER)
                self.set(arc, hidden=False)
            self.arc[number, address] = arc
            ends[arc] = (tail, head)

        # Nodes: "" is the outside, (place, TOTAL) deals out the total of a place, (place, column) collects a column.
        join((TOTAL, TOTAL), "", (TOTAL, TOTAL), GRAND_TOTAL)
        for group in table.groups:
            join((group, TOTAL), (TOTAL, TOTAL), (group, TOTAL), GROUP_TOTAL)
        for row in table.row_keys:
            above = group_of.get(row, TOTAL)
            join((row, TOTAL), (above, TOTAL), (row, TOTAL) if table.column_keys else "", ROW_TOTAL)
        for column in table.column_keys:
            for row in table.row_keys:
                join((row, column), (row, TOTAL), (group_of.get(row, TOTAL), column), INNER)
            for group in table.groups:
                join((group, column), (group, column), (TOTAL, column), GROUP_CELL)
            join((TOTAL, column), (TOTAL, column), "", COLUMN_TOTAL)
        steps: dict[str | Address, list[tuple[int, str | Address, int]]] = {}
        for arc, (tail, head) in ends.items():
            steps.setdefault(tail, []).append((arc, head, 1))
            steps.setdefault(head, []).append((arc, tail, -1))
        self.edges.append(ends)
        self.steps.append(steps)

    def small(self, arc: int) -> bool:
        return self.value[arc] < self.floor

    def set(self, arc: int, *, hidden: bool) -> None:
        """Hides a cell or shows it; a small one is then "hidden" or "small"."""
        self.hidden[arc] = hidden
        price = 0 if hidden else self.cost[arc]
        lowest = 1 if self.small(arc) else self.floor
        self.plus[arc] = 0 if self.value[arc] < self.floor - 1 else price
        self.minus[arc] = NEVER if self.value[arc] == lowest else 0 if self.small(arc) else price

    def path(
        self, number: int, start: str | Address, goals: set[str | Address], *, banned: set[int], top: bool, up: bool,
        free: bool,
    ) -> tuple[int, Moves] | None:
        """The cheapest way for one unit from start to a goal. Not top: by no total; up: only growing; free: at 0."""
        plus, minus, steps = self.plus, self.minus, self.steps[number]
        best: dict[str | Address, int] = {start: 0}
        came: dict[str | Address, tuple[str | Address, int, int]] = {}
        done: set[str | Address] = set()
        heap: list[tuple[int, int, str | Address]] = [(0, 0, start)]
        while heap:
            so_far, _, node = heappop(heap)
            if node in goals:
                moves: Moves = []
                while node != start:
                    node, arc, sign = came[node]
                    moves.append((arc, sign))
                return so_far, moves
            if node in done:
                continue
            done.add(node)
            for arc, other, sign in steps.get(node, ()):
                price = plus[arc] if sign > 0 else minus[arc]
                if price == NEVER or (free and price) or (up and sign < 0) or other in done or arc in banned:
                    continue
                if not top and self.edges[0].get(arc) and arc in self.tops:
                    continue
                if so_far + price < best.get(other, so_far + price + 1):
                    best[other] = so_far + price
                    came[other] = (node, arc, sign)
                    heappush(heap, (so_far + price, len(came), other))
        return None
