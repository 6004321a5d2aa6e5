"""No count of 1 to 4 can be computed from what is published; tried by a reader who tries every other table.

Over 300 lines: the attacker and what he attacks belong together.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.accounts.people import GENDER_KEYS
from app.accounts.regions import CODES, GROUPS
from app.stats.rules import Cell
from app.stats.suppression import TOTAL, Address, Published, Table, exposed, suppress, suppress_linked

# Unique learners of the fourth quarter, as in the mock: laki-laki, perempuan, tidak diisi. Nobody from outside.
QUARTER = {
    code: counts
    for code, counts in zip(
        CODES,
        [
            *[(33, 35, 6), (52, 60, 9), (83, 74, 11), (28, 35, 3), (60, 71, 8), (71, 75, 12)],
            *[(55, 65, 7), (66, 73, 10), (42, 46, 5), (25, 30, 3), (15, 21, 2), (45, 53, 6)],
            *[(63, 69, 9), (43, 51, 2), (9, 18, 0), (0, 0, 0)],
        ],
        strict=True,
    )
}


def a_table(
    rows: Mapping[str, Sequence[int]], columns: Sequence[str], groups: Mapping[str, tuple[str, ...]] | None = None
) -> Table:
    """A table from lists of counts; without columns each list is one total."""
    keys = tuple(columns) or (TOTAL,)
    counts = {(row, key): count for row, line in rows.items() for key, count in zip(keys, line, strict=True)}
    return Table(tuple(rows), tuple(columns), counts, groups or {})


def said(published: Published, place: str = TOTAL, columns: Sequence[str] = (TOTAL,)) -> list[str | int | None]:
    """A line of the published table as people read it."""
    return [published[place, column].mark or published[place, column].value for column in columns]


def totals_said(*counts: int) -> list[str | int | None]:
    """What is published of a list of totals, and of their sum."""
    table = Table.of_totals({f"r{number}": count for number, count in enumerate(counts)})
    published = suppress(table)
    return [mark for place in (*table.row_keys, TOTAL) for mark in said(published, place)]


# The attacker: knows the rules, the zeros, and tries other tables. Nothing here uses the module's own search.


def may_be(cell: Cell, count: int) -> range:
    """Other counts the attacker tries. A reader can exclude no more than: "<5" is 1 to 4, a hidden 5 or more stays so.

    One more and one less are enough to try: where any second table exists, one exists that differs by ones (its
    difference from the truth is a sum of cycles), and finding one is what proves a cell open.
    """
    if cell.state == "shown":
        return range(count, count + 1)
    if cell.state == "small":
        return range(1, 5)
    return range(max(count - 1, 5 if count >= 5 else 1), count + 2)


def agrees(cell: Cell, truth: int, count: int) -> bool:
    """Whether a count agrees with what is said about a cell."""
    if cell.state == "shown":
        return count == truth
    return 1 <= count <= 4 if cell.state == "small" else count >= (5 if truth >= 5 else 1)


def can_be_another(tables: Sequence[Table], published: Sequence[Published], number: int, target: Address) -> bool:
    """Whether tables exist that agree with everything published and differ in this one cell."""
    truths = [table.values() for table in tables]
    first = tables[0]
    blocks = [*first.groups.items(), *((None, (row,)) for row, above in first.above.items() if above == TOTAL)]
    steps = [(group, row, row == rows[-1]) for group, rows in blocks for row in rows]
    columns = [table.column_keys for table in tables]

    def fits(table: int, at: Address, count: int) -> bool:
        right = agrees(published[table][at], truths[table][at], count)
        return right and not (table == number and at == target and count == truths[table][at])

    def lines(row: str) -> Iterator[tuple[int, ...]]:
        """Counts of all tables in this row, tables with columns side by side, that agree in the row."""
        total_only = [table for table, keys in enumerate(columns) if not keys]
        ways = [
            [line for line in product(*(may_be(published[t][row, key], truths[t][row, key]) for key in keys))]
            for t, keys in enumerate(columns)
            if keys
        ] or [[(count,) for count in may_be(published[0][row, TOTAL], truths[0][row, TOTAL])]]
        with_columns = [table for table, keys in enumerate(columns) if keys]
        for chosen in product(*ways):
            if len({sum(line) for line in chosen}) > 1:
                continue
            if not all(
                fits(t, (row, key), count)
                for t, line in zip(with_columns, chosen, strict=False)
                for key, count in zip(columns[t], line, strict=True)
            ):
                continue
            if all(fits(t, (row, TOTAL), sum(chosen[0])) for t in (*with_columns, *total_only)):
                yield tuple(count for line in chosen for count in line)

    spots = [(t, key) for t, keys in enumerate(columns) for key in keys]
    lists = {row: list(lines(row)) for _, row, _ in steps}

    def sums_fit(place: str, sums: tuple[int, ...]) -> bool:
        by_table: dict[int, int] = {t: 0 for t in range(len(tables))}
        for (t, key), count in zip(spots, sums, strict=False):
            by_table[t] += count
            if not fits(t, (place, key), count):
                return False
        total = by_table[spots[0][0]] if spots else sums[0]
        return all(fits(t, (place, TOTAL), total) for t in by_table)

    width = len(spots) or 1
    none = (0,) * width
    dead: set[tuple[int, tuple[int, ...], tuple[int, ...]]] = set()

    def walk(step: int, city: tuple[int, ...], block: tuple[int, ...]) -> bool:
        if step == len(steps):
            return sums_fit(TOTAL, city)
        if (step, city, block) in dead:
            return False
        group, row, last = steps[step]
        for line in lists[row]:
            more = tuple(a + b for a, b in zip(block, line, strict=True))
            if not last:
                if walk(step + 1, city, more):
                    return True
            elif (group is None or sums_fit(group, more)) and walk(
                step + 1, tuple(a + b for a, b in zip(city, more, strict=True)), none
            ):
                return True
        dead.add((step, city, block))
        return False

    return walk(0, none, none)


def computed(tables: Sequence[Table], published: Sequence[Published]) -> list[tuple[int, Address]]:
    """The cells of 1 to 4 that the attacker gets."""
    return [
        (number, at)
        for number, table in enumerate(tables)
        for at, count in table.values().items()
        if 1 <= count <= 4
        and (published[number][at].state == "shown" or not can_be_another(tables, published, number, at))
    ]


def kept_rules(table: Table, published: Published) -> bool:
    """Every cell is there; zeros are shown, shown numbers true, small ones silent and no large one called small."""
    values = table.values()
    return (
        published.cells.keys() == values.keys()
        and all(
            cell.value == values[at] if cell.state == "shown" else cell.value is None and values[at] > 0
            for at, cell in published.cells.items()
        )
        and all(
            (cell.state != "shown") if 1 <= values[at] <= 4 else cell.state != "small"
            for at, cell in published.cells.items()
        )
    )


COUNTS = st.sampled_from([0, 0, 1, 1, 2, 3, 4, 4, 5, 5, 6, 7, 9, 12, 30])


@st.composite
def small_tables(draw: st.DrawFn, widths: Sequence[int] = (0, 1, 2, 3), rows: int = 4) -> Table:
    names = [f"r{number}" for number in range(draw(st.integers(1, rows)))]
    columns = [f"c{number}" for number in range(draw(st.sampled_from(widths)))]
    places = draw(st.lists(st.sampled_from("-ABB"), min_size=len(names), max_size=len(names)))
    groups = {
        group: tuple(name for name, place in zip(names, places, strict=True) if place == group)
        for group in "AB"
        if group in places
    }
    line = st.lists(COUNTS, min_size=max(len(columns), 1), max_size=max(len(columns), 1))
    return a_table({name: draw(line) for name in names}, columns, groups)


@settings(max_examples=300, deadline=None)
@given(small_tables())
def test_no_small_count_can_be_computed(table: Table) -> None:
    published = suppress(table)
    assert kept_rules(table, published)
    assert computed([table], [published]) == []
    assert exposed([table], [published]) == []


@settings(max_examples=150, deadline=None)
@given(small_tables(), st.randoms(use_true_random=False))
def test_the_audit_finds_exactly_what_an_attacker_finds(table: Table, dice: random.Random) -> None:
    cells: dict[Address, Cell] = {}
    for at, count in table.values().items():
        careless = dice.random()
        hidden = count and careless < 0.3
        cells[at] = Cell(None, "hidden") if hidden else Cell(None, "small") if 1 <= count <= 4 else Cell(count)
        if 1 <= count <= 4 and careless > 0.97:
            cells[at] = Cell(count)
    published = Published(cells)
    assert sorted(exposed([table], [published])) == sorted(computed([table], [published]))


@settings(max_examples=150, deadline=None)
@given(small_tables(rows=6))
def test_nothing_is_hidden_without_need(table: Table) -> None:
    published, values = suppress(table), table.values()
    for at, cell in published.cells.items():
        if cell.state == "hidden":
            said_instead = Cell(None, "small") if values[at] < 5 else Cell(values[at])
            assert exposed([table], [Published({**published.cells, at: said_instead})])


@st.composite
def linked_tables(draw: st.DrawFn) -> tuple[Table, ...]:
    """The same people by two features, in any order with a list of totals."""
    person = st.tuples(st.sampled_from("rst"), st.sampled_from("LP"), st.sampled_from("xyz"))
    people = draw(st.lists(person, max_size=40))
    plans: list[dict[str, tuple[str, ...]]] = [{}, {"A": ("r", "s")}, {"A": ("r",), "B": ("s", "t")}]
    groups = draw(st.sampled_from(plans))

    def by(feature: int, columns: str) -> Table:
        lines = {row: [sum(p[0] == row and p[feature] == key for p in people) for key in columns] for row in "rst"}
        return a_table(lines, columns, groups)

    totals = a_table({row: [sum(p[0] == row for p in people)] for row in "rst"}, (), groups)
    both = (by(1, "LP"), by(2, "xyz"))
    return draw(st.sampled_from([both, both[::-1], (totals, *both), (both[0], totals)]))


@settings(max_examples=100, deadline=None)
@given(linked_tables())
def test_tables_of_the_same_people_hold_side_by_side(tables: tuple[Table, ...]) -> None:
    published = suppress_linked(tables)
    assert all(kept_rules(table, seen) for table, seen in zip(tables, published, strict=True))
    assert computed(tables, published) == []
    assert len({tuple(seen.column().items()) for seen in published}) == 1


def test_tables_suppressed_each_alone_betray_each_other() -> None:
    gender = a_table({"r": [4, 9], "s": [1, 0], "t": [7, 8]}, "LP")
    age = a_table({"r": [13, 0], "s": [0, 1], "t": [7, 8]}, "xy")
    alone = [suppress(gender), suppress(age)]
    assert not exposed([gender], alone[:1]) and not exposed([age], alone[1:])
    assert computed([gender, age], alone)
    together = suppress_linked([gender, age])
    assert computed([gender, age], together) == []


def test_linked_tables_must_be_of_the_same_people() -> None:
    with pytest.raises(ValueError, match="same rows"):
        suppress_linked([a_table({"r": [3]}, "x"), a_table({"r": [4]}, "y")])


def test_the_quarter_hides_one_partner_for_each_small_cell() -> None:
    published = suppress(a_table(QUARTER, GENDER_KEYS))
    marked = {CODES[3]: [35, 66], CODES[9]: [30, 58], CODES[10]: [21, 38], CODES[13]: [51, 96]}
    for code, line in QUARTER.items():
        expected = ["•••", marked[code][0], "<5", marked[code][1]] if code in marked else [*line, sum(line)]
        assert said(published, code, (*GENDER_KEYS, TOTAL)) == expected
    assert said(published, TOTAL, (*GENDER_KEYS, TOTAL)) == [690, 776, 93, 1559]


def test_with_subtotals_a_lonely_small_cell_gets_partners_in_its_kecamatan() -> None:
    table = a_table(QUARTER, GENDER_KEYS, GROUPS)
    published = suppress(table)
    assert said(published, CODES[13], GENDER_KEYS) == ["•••", 51, "<5"]
    assert said(published, CODES[12], GENDER_KEYS) == ["•••", 69, "•••"]
    assert all(published[place, key].state == "shown" for place in (*GROUPS, TOTAL) for key in (*GENDER_KEYS, TOTAL))
    assert all(published[code, TOTAL].state == "shown" for code in CODES)


def test_a_kelurahan_cannot_be_computed_from_its_kecamatan_or_the_city() -> None:
    learners = {code: sum(line) for code, line in QUARTER.items()} | {CODES[14]: 3}
    published = suppress(Table.of_totals(learners, GROUPS))
    hidden = {code: published[code, TOTAL].mark for code in CODES if published[code, TOTAL].mark}
    assert hidden == {CODES[14]: "<5", CODES[13]: "•••"}
    assert said(published, "64.74.03") == [240]


def test_subtraction_never_gives_a_small_number() -> None:
    table = a_table({code: [count // 6 for count in line] for code, line in QUARTER.items()}, GENDER_KEYS, GROUPS)
    published = suppress(table)
    rows_of = {TOTAL: CODES, **GROUPS}
    sums = [
        *(((place, TOTAL), [(place, key) for key in GENDER_KEYS]) for place in (*CODES, *GROUPS, TOTAL)),
        *(
            ((place, key), [(row, key) for row in rows])
            for place, rows in rows_of.items()
            for key in (*GENDER_KEYS, TOTAL)
        ),
    ]
    for whole, parts in sums:
        shown = [published[part].value for part in parts]
        if published[whole].value is not None and None in shown:
            assert shown.count(None) > 1


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((0, 0), [0, 0, 0]),
        ((3,), ["<5", "<5"]),
        ((3, 2), ["<5", "<5", 5]),
        ((3, 7, 30), ["<5", "•••", 30, 40]),  # the next smallest goes along
        ((1, 5, 30), ["<5", 5, "•••", 36]),  # with 5 hidden, "<5 and ••• are 6" would be 1 and 5: a ••• is no <5
        ((1, 1, 20), ["<5", "<5", "•••", 22]),  # two cells adding up to 2 are two ones
        ((4, 4, 20), ["<5", "<5", "•••", 28]),  # and 8 is two fours
        ((4, 4, 0), ["•••", "<5", 0, 8]),  # nothing else to hide: it might as well be 5 and 3
        ((1, 1, 1, 1), ["<5", "<5", "<5", "<5", "•••"]),  # four small cells under a "<5" would be four ones
    ],
)
def test_totals_as_published(counts: tuple[int, ...], expected: list[str | int]) -> None:
    assert totals_said(*counts) == expected


def test_a_single_column_hides_its_total_with_it() -> None:
    published = suppress(a_table({"r": [3], "s": [9], "t": [20]}, ("n",)))
    assert [said(published, place, ("n", TOTAL)) for place in "rst"] == [["<5", "<5"], ["•••", "•••"], [20, 20]]


def test_the_same_table_is_always_published_the_same() -> None:
    table = a_table(QUARTER, GENDER_KEYS, GROUPS)
    shuffled = Table(table.row_keys, table.column_keys, dict(reversed(list(table.counts.items()))), table.groups)
    assert list(suppress(table).cells.items()) == list(suppress(shuffled).cells.items())


def test_another_floor_is_another_promise() -> None:
    published = suppress(Table.of_totals({"r": 7, "s": 12, "t": 40}), floor=10)
    assert [published[place, TOTAL].state for place in ("r", "s", "t", TOTAL)] == ["small", "hidden", "shown", "shown"]


@pytest.mark.parametrize(
    "table",
    [
        lambda: a_table({"r": [-1]}, "x"),
        lambda: a_table({TOTAL: [1]}, "x"),
        lambda: Table(("r",), ("x",), {("s", "x"): 1}),
        lambda: Table(("r",), ("x",), {("r", TOTAL): 1}),
        lambda: Table(("r", "r"), ("x",), {}),
        lambda: Table(("r",), ("x",), {}, {"r": ("r",)}),
        lambda: Table(("r",), ("x",), {}, {"A": ("r",), "B": ("r",)}),
        lambda: Table(("r",), ("x",), {}, {"A": ("s",)}),
    ],
)
def test_a_table_that_is_none_is_refused(table: Callable[[], Table]) -> None:
    with pytest.raises(ValueError, match=r"table|name"):
        table()
