"""Where everything stands on the two pages of a certificate: facts in, positioned shapes out, no printer in sight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.certificate.code import grouped
from app.certificate.rules import Facts, ModuleLine, date_range, long_date

__all__ = ["HEIGHT", "MARGIN", "WIDTH", "Circle", "Facts", "Line", "ModuleLine", "Page", "Path", "Qr", "Rect", "Text", "compose"]

Measure = Callable[[str, str, float], float]

WIDTH, HEIGHT = 841.89, 595.28  # A4, lying
MARGIN = 40.0  # no words nearer to the edge, so that every office printer reaches them
FRAME = 22.0
LEFT, RIGHT = 68.0, WIDTH - 68.0

DEEP, INK, INK_2, EDGE, EDGE_STRONG = "#062f3f", "#0d2831", "#38515a", "#c3d3d6", "#58727a"
SEA, SEA_SOFT, SHOAL, BOAT, MANGROVE = "#0a5266", "#d9ecf1", "#dfeaeb", "#ffc83d", "#14582f"
WHITE, FOAM, ON_DEEP = "#ffffff", "#8fd6e6", "#b9d6dc"

WAVE = "M3 44C6 42 9 42 12 44C15 46 18 46 21 44C24 42 27 42 30 44C33 46 36 46 39 44C42 42 43 42 45 44"
# The motifs of design/svg, each a list of (path, fill); every one is drawn with the same line.
MOTIFS: dict[str, tuple[tuple[str, str | None], ...]] = {
    "cakap": (
        ("M3 29C7 31 13 32 24 32C35 32 41 30 45 27C44 35 40 39 36 39L12 39C7 39 4 35 3 29Z", BOAT),
        ("M25 6L25 26L39 26C38 17 33 10 25 6Z", SEA_SOFT),
        (f"M21 11L21 26L12 26C13 20 16 15 21 11Z{WAVE}", None),
    ),
    "etika": (
        ("M45 33C45 38.5 35.6 43 24 43C12.4 43 3 38.5 3 33C3 27.5 12.4 23 24 23C35.6 23 45 27.5 45 33Z", SEA_SOFT),
        ("M37 33C37 36.3 31.2 39 24 39C16.8 39 11 36.3 11 33C11 29.7 16.8 27 24 27C31.2 27 37 29.7 37 33Z", None),
        ("M24 4C29 11 31 14 31 18C31 21.9 27.9 25 24 25C20.1 25 17 21.9 17 18C17 14 19 11 24 4Z", BOAT),
    ),
    "budaya": (
        ("M11 20L37 20L37 32L11 32Z", SEA_SOFT),
        ("M5 21L24 6L43 21Z", WHITE),
        ("M20.5 24L27.5 24L27.5 32L20.5 32Z", BOAT),
        (f"M3 32.5L45 32.5M10 34L10 40M19 34L19 40M29 34L29 40M38 34L38 40{WAVE}", None),
    ),
    "aman": (
        ("M12 23C9 22.1 6.9 19.5 6.7 16.3C6.4 13.2 8.2 10.3 11 9C11.9 5.9 14.3 3.5 17.4 2.7C20.4 1.9 23.7 2.8 26 5"
         "C28.5 3.6 31.6 3.6 34 5C36.5 6.5 38 9.1 38 12C39.7 13.5 40.5 15.8 40.1 18.1C39.7 20.3 38.2 22.2 36 23Z", SEA_SOFT),
        ("M24 15L24 41M24 23L30 18M24 27C16 27 11 32 10 41M24 27C32 27 37 32 38 41M24 28C20 30 18 34 18 41"
         f"M24 28C28 30 30 34 30 41{WAVE}", None),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """Words from their left end on a baseline; joined words go on where the shape before them stopped."""

    x: float
    y: float
    text: str
    font: str
    size: float
    color: str
    tag: str = "P"
    joined: bool = False
    tracking: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A straight stroke."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    color: str


@dataclass(frozen=True, slots=True)
class Rect:
    """A plank: straight, filled, from its lower left corner."""

    x: float
    y: float
    width: float
    height: float
    color: str


@dataclass(frozen=True, slots=True)
class Circle:
    """A float: the only round thing."""

    x: float
    y: float
    radius: float
    color: str


@dataclass(frozen=True, slots=True)
class Path:
    """Curves in the words of SVG (M, L, C, Z, y downwards), hung with their origin at x and y."""

    x: float
    y: float
    scale: float
    data: str
    fill: str | None
    stroke: str | None = None
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code from its lower left corner, its quiet zone within the size."""

    x: float
    y: float
    size: float
    text: str
    color: str


Shape = Text | Line | Rect | Circle | Path | Qr


@dataclass(frozen=True, slots=True)
class Page:
    """One side of the paper, its shapes in reading order."""

    shapes: tuple[Shape, ...]
    width: float = WIDTH
    height: float = HEIGHT


def compose(facts: Facts, measure: Measure) -> tuple[Page, Page]:
    """The front, which is framed, and the back, which lists what was learned."""
    return Page(tuple(_front(facts, measure))), Page(tuple(_back(facts, measure)))
