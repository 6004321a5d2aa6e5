"""Disclosure control: which cells of a published table are shown, so that no count of 1 to 4 can be computed.

Promise. For every count of 1 to `floor - 1`, totals included, there is a second table with another value in that cell
which agrees with everything published: all shown cells, all sums over rows, columns and groups, "<5" meaning 1 to 4.
The second table also leaves every zero at zero and every hidden cell of 5 or more at 5 or more, so the promise holds
against a reader who knows these rules. Tables given together (`suppress_linked`: the same people by gender and by
age) share their row totals, and the promise holds for one who reads them side by side.

How. A table with totals and one level of groups is a circulation: its total flows down to groups and rows, through
the cells, and by the columns back. A cell is ambiguous exactly when it lies on a cycle along which every cell can move
by one; shown cells cannot. Each small cell gets the cheapest cycle, whose cells are hidden: inner cells first, few,
then small ones. A cycle always exists, as a cell and all totals above it can grow. What was needless is shown again.

Rules. 0 is shown. 1 to 4 is "small". Complements are "hidden". Totals stay, unless they are 1 to 4 or nothing else
helps. A small cell is called "hidden" only where that alone keeps totals open (4 + 4 = 8, or four ones under a "<5").

Limits, to be known by whoever publishes:
- Ambiguous is not vague: "1 or 2" passes. What a reader knows from elsewhere, or learns by trying this program on
  every table he can imagine, is not guarded against.
- Only tables of one call are protected against each other. Periods and courses add up too: with three months and their
  quarter published, a small month can be the difference. Publish one of them, or make the months columns of one table.
- Measures of the same people (enrolled, completed) each have their own table. The difference of two can be derived
  where both are shown, even when it is 1 to 4; where one is hidden, the other still bounds it.
- Counts must add up: people who may stand in two columns (courses) make no table, only a list of totals each.
- Disability, where even a 0 tells something, must not be published by kelurahan with this module.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

from app.stats.rules import SMALL, Cell, State
from app.stats.rules import hide_rate as hide_rate

Address = tuple[str, str]
TOTAL = "*"
OUTSIDE: Address = ("", "")
NEVER = -1
TRIES = 30  # ways tried to move totals that other tables share, before only growing is left
# What hiding costs. One cell of the next kind is dearer than any usual number of the kind before.
INNER, ROW_TOTAL, GROUP_CELL, SMALL_AS_HIDDEN = 10_000, 200_000, 250_000, 300_000
GROUP_TOTAL, COLUMN_TOTAL, GRAND_TOTAL = 2_000_000, 5_000_000, 100_000_000


@dataclass(frozen=True)
class Table:
    """Counts by row and column, absent ones 0; without columns they sit at (row, TOTAL). Not every row has a group."""

    row_keys: tuple[str, ...]
    column_keys: tuple[str, ...]
    counts: Mapping[Address, int]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        grouped = [row for rows in self.groups.values() for row in rows]
        for names in ([*self.row_keys, *self.groups, TOTAL], [*self.column_keys, TOTAL], grouped):
            if len(set(names)) < len(names):
                raise ValueError(f"each row, group and column has its own name, each row one group at most: {names}")
        if not set(grouped) <= set(self.row_keys):
            raise ValueError("a group holds rows of the table")
        for (row, column), count in self.counts.items():
            if row not in self.row_keys or column not in (self.column_keys or (TOTAL,)) or count < 0:
                raise ValueError(f"not a count of this table: {row}, {column}: {count}")

    @classmethod
    def of_totals(cls, counts: Mapping[str, int], groups: Mapping[str, tuple[str, ...]] | None = None) -> Table:
        """A table of one number a row."""
        return cls(tuple(counts), (), {(row, TOTAL): count for row, count in counts.items()}, groups or {})

    @property
    def above(self) -> dict[str, str]:
        """The place each row adds up to: its group, or the total."""
        grouped = {row: group for group, rows in self.groups.items() for row in rows}
        return {row: grouped.get(row, TOTAL) for row in self.row_keys}

    def values(self) -> dict[Address, int]:
        """Every true count, totals included: rows, groups and TOTAL by columns and TOTAL."""
        places, columns, above = (*self.row_keys, *self.groups, TOTAL), (*self.column_keys, TOTAL), self.above
        values = {(place, column): 0 for place in places for column in columns}
        for (row, column), count in self.counts.items():
            for at in {(place, part) for place in (row, above[row], TOTAL) for part in (column, TOTAL)}:
                values[at] += count
        return values


@dataclass(frozen=True)
class Published:
    """The table as everybody may see it: rows, groups and TOTAL by columns and TOTAL."""

    cells: Mapping[Address, Cell]

    def __getitem__(self, address: Address) -> Cell:
        return self.cells[address]

    def column(self, key: str = TOTAL) -> dict[str, Cell]:
        """One column by place, as a map or a bar needs it."""
        return {place: cell for (place, column), cell in self.cells.items() if column == key}


@dataclass(eq=False, slots=True)
class _Arc:
    """A cell that is not zero, and the price of moving it by one: 0 when free, NEVER when impossible."""

    value: int
    floor: int
    base: int
    home: int  # the table it was drawn in first
    top: bool  # a total of a place, common to all tables
    small: bool = field(init=False)
    cost: int = field(init=False)  # what hiding it costs
    hidden: bool = field(init=False)
    plus: int = field(init=False)
    minus: int = field(init=False)

    def __post_init__(self) -> None:
        self.small = self.value < self.floor
        self.cost = SMALL_AS_HIDDEN if self.small else self.base + min(self.value, self.base // 2)
        self.hide(False)

    @property
    def cell(self) -> Cell:
        return Cell(None, "hidden") if self.hidden else Cell(None, "small") if self.small else Cell(self.value)

    def hide(self, hidden: bool) -> None:
        """Hides or shows the cell; a small one is never shown, but as "hidden" it may be larger than 4."""
        self.hidden = hidden
        self.plus = 0 if hidden or self.value < self.floor - 1 else self.cost
        self.minus = NEVER if self.value in (1, self.floor) else 0 if hidden or self.small else self.cost


Moves = list[tuple[_Arc, int]]  # cells that change together, by +1 or -1


class _Network:
    """Tables with the same row totals, as circulations whose arcs of totals are common."""

    def __init__(self, tables: Sequence[Table], floor: int) -> None:
        self.values = [table.values() for table in tables]
        self.arcs: list[dict[Address, _Arc]] = []  # all by table
        self.ends: list[dict[_Arc, tuple[int, int]]] = []
        self.steps: list[list[list[tuple[_Arc, int, int]]]] = []  # from each node: by which arc, to which node, sign
        for number, table in enumerate(tables):
            totals = [{at: count for at, count in values.items() if at[1] == TOTAL} for values in self.values]
            if totals[number] != totals[0] or table.above != tables[0].above:
                raise ValueError("linked tables have the same rows, groups and row totals")
            self._draw(number, table, floor)
        self.tops = frozenset(arc for arc in self.ends[0] if arc.top)

    def _draw(self, number: int, table: Table, floor: int) -> None:
        arcs: dict[Address, _Arc] = {}
        ends: dict[_Arc, tuple[int, int]] = {}
        nodes: dict[Address, int] = {}

        def join(at: Address, tail: Address, head: Address, base: int) -> None:
            if count := self.values[number][at]:
                top = at[1] == TOTAL
                arcs[at] = self.arcs[0][at] if top and number else _Arc(count, floor, base, number, top)
                ends[arcs[at]] = (nodes.setdefault(tail, len(nodes)), nodes.setdefault(head, len(nodes)))

        # A node (place, TOTAL) deals out the total of a place; a node (place, column) collects a column.
        join((TOTAL, TOTAL), OUTSIDE, (TOTAL, TOTAL), GRAND_TOTAL)
        for group in table.groups:
            join((group, TOTAL), (TOTAL, TOTAL), (group, TOTAL), GROUP_TOTAL)
        for row, above in table.above.items():
            join((row, TOTAL), (above, TOTAL), (row, TOTAL) if table.column_keys else OUTSIDE, ROW_TOTAL)
            for column in table.column_keys:
                join((row, column), (row, TOTAL), (above, column), INNER)
        for column in table.column_keys:
            for group in table.groups:
                join((group, column), (group, column), (TOTAL, column), GROUP_CELL)
            join((TOTAL, column), (TOTAL, column), OUTSIDE, COLUMN_TOTAL)
        steps: list[list[tuple[_Arc, int, int]]] = [[] for _ in nodes]
        for arc, (start, end) in ends.items():
            steps[start].append((arc, end, 1))
            steps[end].append((arc, start, -1))
        self.arcs.append(arcs)
        self.ends.append(ends)
        self.steps.append(steps)

    def _path(
        self, number: int, start: int, goals: set[int], banned: frozenset[_Arc], up: bool, free: bool
    ) -> tuple[int, int, Moves] | None:
        """The cheapest way from start to a goal in one table; `up`: cells only grow; `free`: nothing more is hidden."""
        came: dict[int, tuple[int, _Arc, int]] = {}
        best, heap, steps = {start: 0}, [(0, start)], self.steps[number]
        while heap:
            so_far, node = heappop(heap)
            if node in goals:
                goal, moves = node, []
                while node != start:
                    node, arc, sign = came[node]
                    moves.append((arc, sign))
                return so_far, goal, moves
            for arc, other, sign in steps[node] if so_far == best[node] else ():
                price = arc.plus if sign > 0 else arc.minus
                if price == NEVER or (price and free) or (sign < 0 and up) or arc in banned:
                    continue
                price += arc.top  # between equals, the way by fewer totals: they bind the other tables
                if other not in best or so_far + price < best[other]:
                    best[other] = so_far + price
                    came[other] = (node, arc, sign)
                    heappush(heap, (so_far + price, other))
        return None

    def _cycles(self, arc: _Arc, banned: frozenset[_Arc], up: bool, free: bool) -> list[Moves]:
        """The cheapest cycle through this cell in its own table for each direction it can move in, cheaper first."""
        tail, head = self.ends[arc.home][arc]
        found: list[tuple[int, Moves]] = []
        for sign, price, start, goal in ((1, arc.plus, head, tail), (-1, arc.minus, tail, head)):
            if price == NEVER or (price and free) or (sign < 0 and up):
                continue
            if way := self._path(arc.home, start, {goal}, banned | {arc}, up, free):
                found.append((price + way[0], [(arc, sign), *way[2]]))
        return [moves for _, moves in sorted(found, key=lambda way: way[0])]

    def _carry(self, cycle: Moves, home: int, up: bool, free: bool) -> Moves | None:
        """What has to move inside the other tables when these totals move."""
        carried: Moves = []
        for number in set(range(len(self.steps))) - {home}:
            extra: Counter[int] = Counter()
            for tail, head, sign in ((*self.ends[number][arc], sign) for arc, sign in cycle if arc.top):
                extra.update({tail: -sign, head: sign})
            banned, lacking = self.tops, {node for node, more in extra.items() if more < 0}
            for start in [node for node, more in extra.items() if more > 0]:
                if (way := self._path(number, start, lacking, banned, up, free)) is None:
                    return None
                lacking.remove(way[1])
                carried += way[2]
                banned |= {arc for arc, _ in way[2]}
        return carried

    def witness(self, arc: _Arc, free: bool = False, known: frozenset[_Arc] = frozenset()) -> Moves | None:
        """Cells that can change together with this one while all that is published stays true."""
        for up in (False, True):
            tries, seen = [known], {known}
            for banned in tries:
                for cycle in self._cycles(arc, banned, up, free):
                    if (carried := self._carry(cycle, arc.home, up, free)) is not None:
                        return cycle + carried
                    for step, _ in cycle:
                        if step.top and step is not arc and len(tries) < TRIES and banned | {step} not in seen:
                            tries.append(banned | {step})
                            seen.add(banned | {step})
        return None


def suppress_linked(tables: Sequence[Table], floor: int = SMALL) -> tuple[Published, ...]:
    """Suppresses tables of the same people, which share rows, groups and row totals, so that together they hold."""
    network = _Network(tables, floor)
    witnesses: dict[_Arc, Moves] = {}
    opened: list[_Arc] = []
    for arc in dict.fromkeys(arc for arcs in network.arcs for arc in arcs.values() if arc.small):
        if arc not in witnesses:
            moves = network.witness(arc)
            assert moves is not None, "a cell and all totals above it can always grow together"
            for step in [step for step, sign in moves if (step.plus if sign > 0 else step.minus) > 0]:
                step.hide(True)
                opened.append(step)
            witnesses.update((step, moves) for step, _ in moves if step.small)
    for arc in sorted(opened, key=lambda arc: arc.cost, reverse=True):
        arc.hide(False)
        anew: dict[_Arc, Moves] = {}
        for cell, moves in witnesses.items():
            if cell not in anew and any(step is arc for step, _ in moves):
                if (again := network.witness(cell, free=True)) is None:
                    arc.hide(True)
                    break
                anew.update((step, again) for step, _ in again if step.small)
        else:
            witnesses.update(anew)
    return tuple(
        Published({at: arcs[at].cell if at in arcs else Cell(0) for at in values})
        for values, arcs in zip(network.values, network.arcs, strict=True)
    )


def suppress(table: Table, floor: int = SMALL) -> Published:
    """Suppresses one table that is published on its own."""
    return suppress_linked((table,), floor)[0]


def exposed(tables: Sequence[Table], published: Sequence[Published], floor: int = SMALL) -> list[tuple[int, Address]]:
    """The attack: cells of 1 to 4, by table and address, that a reader of all these tables can compute.

    Exact for one table. Of linked tables it misses nothing, but may name a cell that a longer search would clear.
    """
    network = _Network(tables, floor)
    states: dict[_Arc, set[State]] = {}
    for arcs, seen in zip(network.arcs, published, strict=True):
        for at, arc in arcs.items():
            states.setdefault(arc, set()).add(seen[at].state)
    for arc, said in states.items():
        arc.hide(said == {"hidden"})
    known = frozenset(arc for arc, said in states.items() if "shown" in said)
    closed = {arc for arc in states if arc.small and (arc in known or network.witness(arc, True, known) is None)}
    return [(number, at) for number, arcs in enumerate(network.arcs) for at, arc in arcs.items() if arc in closed]
