"""The tile map: one equal tile a kelurahan, placed roughly as on a map, north above and the sea in the east.

Our own drawing, so that a small kelurahan reads as well as a large one and nothing is traced. Colour never stands
alone: each tile carries its number in the table and its name, and the table stands beside the map.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.accounts.regions import KELURAHAN, Kelurahan
from app.errors import N_
from app.stats.rules import Cell

VIEW_BOX = "0 0 340 330"
WIDTH, HEIGHT = 80, 50
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)

# Left upper corner and the lines of the name, by number.
PLACES: Mapping[int, tuple[int, int, tuple[str, ...]]] = {
    1: (256, 111, ("Bontang", "Kuala")),
    2: (171, 111, ("Bontang", "Baru")),
    3: (86, 56, ("Lok Tuan",)),
    4: (86, 1, ("Guntung",)),
    5: (86, 111, ("Gunung", "Elai")),
    6: (86, 166, ("Api-api",)),
    7: (171, 166, ("Tanjung", "Laut")),
    8: (86, 221, ("Berbas", "Tengah")),
    9: (171, 221, ("Berbas", "Pantai")),
    10: (1, 221, ("Satimpo",)),
    11: (86, 276, ("Bontang", "Lestari")),
    12: (256, 166, ("Tanjung", "Laut Indah")),
    13: (1, 56, ("Belimbing",)),
    14: (1, 111, ("Gunung", "Telihan")),
    15: (1, 166, ("Kanaan",)),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text on a tile."""

    text: str
    y: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A kelurahan as a plank on the map."""

    code: str
    number: int
    name: str
    x: int
    y: int
    lines: tuple[Line, ...]
    css: str  # q0 to q4
    inverse: bool  # dark tile, light text
    hatched: bool  # no number may be said
    text: str  # "<5" or "•••" on a hatched tile, else empty
    value: int | None

    @property
    def middle(self) -> int:
        """Where its text is centred."""
        return self.x + WIDTH // 2

    @property
    def number_y(self) -> int:
        """The base line of its number."""
        return self.y + 17


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend: `message` is untranslated, `facts` are plain numbers for the web layer to write."""

    css: str
    message: str
    facts: Mapping[str, int]
    hatched: bool = False

    @property
    def label(self) -> str:
        """The entry in Indonesian: "di bawah 60", "60–99", "140 ke atas"."""
        return self.message % {name: f"{number:,}".replace(",", ".") for name, number in self.facts.items()}


def thresholds(values: Iterable[int]) -> tuple[int, int, int]:
    """Three rising round numbers near the quarters of the shown values above zero; hidden ones have no say."""
    shown = sorted(value for value in values if value > 0) or [1]
    step = max(step for step in STEPS if step == 1 or step * 8 <= shown[-1])
    cuts: list[int] = []
    for quarter in (1, 2, 3):
        near = shown[min(quarter * len(shown) // 4, len(shown) - 1)]
        cuts.append(max((near + step // 2) // step * step, cuts[-1] + step if cuts else step + (step == 1)))
    return cuts[0], cuts[1], cuts[2]


def tiles(values: Mapping[str, Cell]) -> tuple[Tile, ...]:
    """The fifteen tiles in the order of their numbers; every kelurahan needs its cell, other places are left out."""
    cuts = _cuts(values)
    return tuple(_tile(place, values[place.code], cuts) for place in KELURAHAN)


def _cuts(values: Mapping[str, Cell]) -> tuple[int, int, int]:
    return thresholds(cell.value for place in KELURAHAN if (cell := values[place.code]).value is not None)


def _tile(place: Kelurahan, cell: Cell, cuts: tuple[int, int, int]) -> Tile:
    x, y, words = PLACES[place.number]
    first = 35 if len(words) == 1 else 31
    shade = 0 if not cell.value else 1 + sum(cell.value >= cut for cut in cuts)
    return Tile(
        code=place.code,
        number=place.number,
        name=place.name,
        x=x,
        y=y,
        lines=tuple(Line(word, y + first + 13 * index) for index, word in enumerate(words)),
        css=f"q{shade}",
        inverse=shade >= 3,
        hatched=cell.value is None,
        text=cell.mark,
        value=cell.value,
    )


def legend(values: Mapping[str, Cell]) -> tuple[Entry, ...]:
    """What the shades mean; zero and hidden only where the map has them."""
    low, middle, high = _cuts(values)
    shown = {values[place.code].value for place in KELURAHAN}
    return (
        *([Entry("q0", "0", {})] if 0 in shown else []),
        _range("q1", 1, low - 1) if 0 in shown else Entry("q1", N_("di bawah %(end)s"), {"end": low}),
        _range("q2", low, middle - 1),
        _range("q3", middle, high - 1),
        Entry("q4", N_("%(first)s ke atas"), {"first": high}),
        *([Entry("q0", N_("disembunyikan"), {}, hatched=True)] if None in shown else []),
    )


def _range(css: str, first: int, last: int) -> Entry:
    message = "%(first)s–%(last)s" if first < last else "%(first)s"
    return Entry(css, message, {"first": first, "last": last})
