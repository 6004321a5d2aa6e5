"""The report hides what it must, shows what it may, and costs little to make."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pytest

from app.accounts.people import AGE_KEYS, GENDER_KEYS
from app.accounts.regions import CODES, GROUPS
from app.stats import export, report
from app.stats.columns import Counts, columns, people
from app.stats.report import Report
from app.stats.rules import Figures, GainTotals
from tests.stats.reader import ADDING_UP, ALL, UNSTATED, Number, computed, lines, number

PILLARS = {
    "pilar:aman": ("kursus:satu", "kursus:dua"),
    "pilar:budaya": ("kursus:tiga",),
    "pilar:etika": ("kursus:empat",),
}
NAMES = {"semua": "Semua kursus", **{pillar: f"Pilar {pillar}" for pillar in PILLARS}} | {
    course: f"Kursus {course}" for courses in PILLARS.values() for course in courses
}
SPARSE = [1, 0, 2, 40, 5, 3, 7, 0, 0, 1, 12, 4, 30, 0, 2, 6]
Place = tuple[str, str, str]


class City:
    """Invented people and what they did, counted plainly, one by one."""

    def __init__(self, seed: int, many: int) -> None:
        chance = random.Random(seed)
        self.places: dict[Place, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.scopes: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        weights = chance.choice([SPARSE, [1] * len(CODES), [30, *[1] * (len(CODES) - 1)]])
        taste = [chance.random() ** 2 for _ in range(4)]
        for _ in range(many):
            place = chance.choices(CODES, weights)[0]
            gender, age = chance.choice(GENDER_KEYS), chance.choices(AGE_KEYS, [3, 9, 5, 2, 1, 1, 1])[0]
            self._add(self._places(place, gender, age), {"registered": 1})
            chosen = [
                course
                for course, likely in zip(sum(PILLARS.values(), ()), taste, strict=True)
                if chance.random() < likely
            ]
            pillars = {pillar for pillar, courses in PILLARS.items() if set(courses) & set(chosen)}
            if chosen:
                person = {"learners": 1, "active": 1}
                self._add(self._places(place, gender, age), person)
                for scope in (*chosen, *pillars):
                    self._add([self.scopes[scope]], person)
            for course in chosen:
                done = chance.random() < 0.2
                act = {"enrolled": 1, "jp": chance.randrange(4) if not done else 5}
                act |= {name: int(done) for name in ("completed", "tested", "passed", "certificates")}
                pillar = next(pillar for pillar, courses in PILLARS.items() if course in courses)
                self._add([*self._places(place, gender, age), self.scopes[course], self.scopes[pillar]], act)

    def _places(self, place: str, gender: str, age: str) -> list[dict[str, int]]:
        keys = [("", "", ""), ("region", place, ""), ("gender", gender, ""), ("age", age, "")]
        keys += [("region+gender", place, gender), ("region+age", place, age)]
        return [self.places[key] for key in keys]

    def _add(self, cells: list[dict[str, int]], adds: Mapping[str, int]) -> None:
        for cell in cells:
            for name, value in adds.items():
                cell[name] += value

    def report(self, detail: str) -> Report:
        figures = {place: Figures(**counts) for place, counts in self.places.items()}
        scopes = {scope: Figures(**counts) for scope, counts in self.scopes.items()}
        return report.build(figures, scopes, NAMES, PILLARS, detail)

    def truth(self, at: Number) -> int:
        """The true count behind a number of the file."""
        measure, table, line, detail = at
        line, detail = ("" if name == UNSTATED else name for name in (line, detail))
        if line == ALL and not table:
            return self.places[("", "", "")][measure]
        if table in ("pillar", "course"):
            return self.scopes[line][measure]
        return sum(self.places[(table, one, detail)][measure] for one in GROUPS.get(line, (line,)))


CASES = [
    (seed, many) for seed, many in enumerate([1, 2, 3, 4, 5, 6, 7, 9, 12, 15, 20, 30, 45, 60, 90, 150, 400, 1500] * 4)
]


@pytest.mark.parametrize(("seed", "many"), CASES)
@pytest.mark.parametrize("detail", ["gender", "age", ""])
def test_no_reader_can_compute_a_count_of_one_to_four(seed: int, many: int, detail: str) -> None:
    city = City(seed, many)
    text = export.text(city.report(detail), "2026", "semua", excel=False)
    for at, (low, high) in computed(text, PILLARS).items():
        true = city.truth(at)
        assert low <= true <= high, f"{at} is {true}, the file says {low} to {high}"
        assert low < high or not 0 < true < 5, f"{at} can be computed: {true}"


@pytest.mark.parametrize(("seed", "many"), [(5, 400), (6, 1500), (7, 30_000)])
def test_most_of_a_city_is_shown(seed: int, many: int) -> None:
    found = City(seed, many).report("gender")
    cells = [cell for section in found.sections for row in section.rows for cell in row.cells.values()]
    hidden = sum(cell.state != "shown" for cell in cells)
    assert hidden < {400: 0.45, 1500: 0.25, 30_000: 0.01}[many] * len(cells)
    if many == 30_000:
        assert all(cell.state == "shown" for cell in found.heads.values())


def test_a_zero_is_always_shown_and_says_nothing_wrong() -> None:
    found = City(1, 0).report("age")
    assert {cell.value for section in found.sections for row in section.rows for cell in row.cells.values()} == {0}
    assert {cell.value for cell in found.heads.values()} == {0}


def test_the_head_the_map_and_the_table_show_the_same() -> None:
    found = City(3, 300).report("gender")
    region = found.sections[0]
    assert found.heads == region.rows[-1].cells
    assert found.learners == {row.key: row.cells["learners"] for row in region.rows if row.key in CODES}


def test_one_total_in_all_tables() -> None:
    """What is hidden in one table is not shown in the next."""
    for seed in range(40):
        found = City(seed, seed).report("gender")
        for measure in ("registered", "completed", "enrolled", "active"):
            totals = {
                row.cells[measure]
                for section in found.sections
                if section.gains
                for row in section.rows
                if row.key == ALL
            }
            assert len(totals) == 1, f"{seed} {measure}"


def test_four_in_four_places_are_hidden_and_not_called_few() -> None:
    four, one = columns(Counts({"a": 1, "b": 1, "c": 1, "d": 1}), Counts({"x": 4, "y": 0}))
    assert {cell.state for place, cell in {**four, **one}.items() if place != "y"} == {"hidden"}
    three, _ = columns(Counts({"a": 1, "b": 1, "c": 1, "d": 0}), Counts({"x": 3, "y": 0}))
    assert [three[place].state for place in "abcd*"] == ["small", "small", "small", "shown", "small"]


def test_one_and_five_hide_each_other_below_a_shown_total() -> None:
    (column,) = columns(Counts({"a": 1, "b": 5, "c": 0}))
    assert {place: cell.state for place, cell in column.items()} == {
        "a": "hidden",
        "b": "hidden",
        "c": "shown",
        "*": "shown",
    }


def test_people_of_a_lone_course_are_those_of_its_pillar() -> None:
    column = people({"satu": 3, "dua": 9, "tiga": 7}, {"p": 12, "q": 7}, {"p": ("satu", "dua"), "q": ("tiga",)})
    assert column["satu"].mark == "<5"
    assert column["dua"].state == "hidden"
    assert column["q"] == column["tiga"]


def test_the_gain_is_said_from_ten_pairs_on() -> None:
    def with_pairs(pairs: int) -> Report:
        gains = GainTotals.of([(40.0, 80.0)] * pairs)
        figures = {("", "", ""): Figures(tested=pairs, learners=pairs, gains=gains)}
        figures[("gender", "female", "")] = figures[("", "", "")]
        return report.build(figures, {"kursus:satu": figures[("", "", "")]}, NAMES, PILLARS, "")

    for pairs, said_ in ((9, ("", "N", "")), (10, ("40.0", "A", "10"))):
        told = lines(export.text(with_pairs(pairs), "2026", "semua", excel=False))
        total = [
            line for line in told if line["ukuran"] == "gain" and line["tabel"] == "region" and line["kode"] == ALL
        ]
        assert [(line["nilai"], line["status_nilai"], line["jumlah_pasangan"]) for line in total] == [said_]
        others = [line for line in told if line["ukuran"] == "gain" and line["kode"] in ("female", "kursus:satu")]
        assert [line["nilai"] for line in others] == [said_[0]] * 2
        assert {line["jumlah_pasangan"] for line in others} == {""}


@pytest.mark.parametrize("label", ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)", "\tx", "\rx", "＝1"])
def test_a_title_never_runs_as_a_formula(label: str) -> None:
    named = NAMES | {"kursus:satu": label}
    made = report.build({}, {"kursus:satu": Figures(learners=50)}, named, PILLARS, "")
    for excel in (False, True):
        titles = [
            line["nama"]
            for line in lines(export.text(made, "2026", "semua", excel=excel))
            if line["kode"] == "kursus:satu"
        ]
        assert titles
        assert set(titles) == {"'" + label}


def test_a_title_with_commas_and_quotes_stays_one_field() -> None:
    named = NAMES | {"kursus:satu": 'Kursus "A", B; C\nD'}
    made = report.build({}, {"kursus:satu": Figures(learners=50)}, named, PILLARS, "")
    for excel in (False, True):
        told: list[dict[str, Any]] = list(lines(export.text(made, "2026", "semua", excel=excel)))
        assert {line["nama"] for line in told if line["kode"] == "kursus:satu"} == {'Kursus "A", B; C\nD'}
        assert all(None not in line and None not in line.values() for line in told)


def test_the_reader_finds_what_is_not_protected() -> None:
    """The attack itself can succeed."""
    made = City(17, 1500).report("")
    plain = export.text(made, "2026", "semua", excel=False)
    first = next(line for line in lines(plain) if line["kode"] == CODES[0] and line["ukuran"] == "registered")
    broken = plain.replace(
        ",".join([*list(first.values())[:10], "A", ""]), ",".join([*list(first.values())[:9], "", "S", ""])
    )
    assert broken != plain
    low, high = computed(broken, PILLARS)[number("registered", "region", CODES[0])]
    assert low == high == float(first["nilai"])
    assert set(ADDING_UP) < {measure for measure, *_ in computed(plain, PILLARS)}
