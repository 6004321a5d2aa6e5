"""One measure as a published column of a table: suppressed on its own, and agreeing with the tables beside it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.stats.rules import SMALL, Cell
from app.stats.suppression import TOTAL, Table, suppress

Column = dict[str, Cell]
Groups = Mapping[str, tuple[str, ...]]
HIDDEN = Cell(None, "hidden")


@dataclass(frozen=True, slots=True)
class Counts:
    """What a column is made of: counts by place, and the places that add up to a group."""

    counts: Mapping[str, int]
    groups: Groups = field(default_factory=dict)

    @property
    def values(self) -> dict[str, int]:
        """By place, group and total."""
        return {place: value for (place, _), value in Table.of_totals(self.counts, self.groups).values().items()}


def columns(*tables: Counts) -> tuple[Column, ...]:
    """The same measure by region, by age, by course…: columns that all end in the same total.

    A total cannot be hidden in one table and shown in the next. So from 5 on it is shown in all of them; where a
    table could only be kept by hiding it, everything below the total is hidden instead. A total of 1 to 4 is small
    in all of them, and so is everything below it.
    """
    total = tables[0].values[TOTAL]
    fullest = max(sum(count > 0 for count in one.counts.values()) for one in tables)
    if total < SMALL:
        # Four places under a total of "<5" could only be four times 1.
        low = HIDDEN if fullest >= SMALL - 1 else Cell(None, "small")
        return tuple(_all(one, low) for one in tables)
    found = [suppress(Table.of_totals(one.counts, one.groups)).column() for one in tables]
    if fullest == total and any(column[TOTAL].state != "shown" for column in found):
        # As many places as people: whoever knows the total knows that each place has one.
        return tuple(_all(one, HIDDEN) for one in tables)
    return tuple(
        column if column[TOTAL].state == "shown" else _all(one, HIDDEN) | {TOTAL: Cell(total)}
        for one, column in zip(tables, found, strict=True)
    )


def _all(one: Counts, silence: Cell) -> Column:
    return {place: silence if value else Cell(0) for place, value in one.values.items()}


def people(courses: Mapping[str, int], pillars: Mapping[str, int], groups: Groups) -> Column:
    """Different people by course and by pillar. One may stand in several, so nothing adds up to anything.

    Yet a pillar is never more than its courses together, and often hardly less: what would have to be hidden if
    everybody stood in one course only is hidden here as well.
    """
    (by_course,), (by_pillar,) = columns(Counts(courses, groups)), columns(Counts(pillars))
    values = {**courses, **pillars}
    found: Column = {}
    for place, value in values.items():
        states = {by_course[place].state, by_pillar[place].state if place in pillars else "shown"}
        if states == {"shown"} or not value:
            found[place] = Cell(value)
        else:
            found[place] = Cell(None, "small") if value < SMALL and "hidden" not in states else HIDDEN
    for pillar, members in groups.items():
        lone = [course for course in members if courses[course]]
        # A pillar with one course counts the same people.
        if len(lone) == 1 and found[pillar].state != found[lone[0]].state:
            found[pillar] = found[lone[0]] = HIDDEN
    return found


def follow(column: Column, leader: Column, least: Mapping[str, int] | None = None) -> Column:
    """The column, hidden where the one it depends on is hidden.

    With `least`, the counts of the leader, which this one is never below: hidden only where it is so near to them
    that it would say them.
    """
    found = dict(column)
    for place, led in leader.items():
        value = column[place].value
        if led.state != "shown" and value and (least is None or value - least[place] < SMALL):
            found[place] = HIDDEN
    return found
