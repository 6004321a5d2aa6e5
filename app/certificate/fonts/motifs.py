"""The house's colours and drawn signs, taken from its design; y goes down, as in SVG."""

from dataclasses import dataclass
from functools import lru_cache

DEEP, INK, INK_2, EDGE, EDGE_STRONG = "#062f3f", "#0d2831", "#38515a", "#c3d3d6", "#58727a"
SEA, SEA_2, SEA_3, SEA_4, SEA_SOFT = "#0a5266", "#3b8ba1", "#83bccb", "#c4dfe6", "#d9ecf1"
WHITE, FOAM, ON_DEEP, BOAT, MANGROVE = "#ffffff", "#8fd6e6", "#b9d6dc", "#ffc83d", "#14582f"


@dataclass(frozen=True, slots=True)
class Path:
    """Curves in the words of SVG (M, L, C and Z only), hung with their origin at x and y."""

    data: str
    fill: str | None = None
    stroke: str | None = None
    width: float = 0.0
    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0


Drawing = tuple[Path, ...]

MARK_SIZE, MOTIF_SIZE = 40.0, 48.0
ROPE_WIDTH = 300.0

MARK: Drawing = (
    Path("M3 0L37 0C38.7 0 40 1.3 40 3L40 37C40 38.7 38.7 40 37 40L3 40C1.3 40 0 38.7 0 37L0 3C0 1.3 1.3 0 3 0Z", DEEP),
    Path("M6 20L20 7L34 20L29 20L29 26L11 26L11 20Z", WHITE),
    Path("M17.5 18L22.5 18L22.5 23L17.5 23ZM3 26L37 26L37 29L3 29Z", BOAT),
    Path("M11 29L11 34M20 29L20 34M29 29L29 34", None, WHITE, 2.4),
    Path(
        "M3 36C4.9 33.7 6.8 33.7 8.7 36C10.6 38.3 12.5 38.3 14.4 36C16.3 33.7 18.2 33.7 20 36"
        "C21.8 38.3 23.7 38.3 25.7 36C27.7 33.7 29.6 33.7 31.4 36C33.2 38.3 35.1 38.3 37 36",
        None, FOAM, 2,
    ),
)  # fmt: skip

_LINE = 2.2
_WATER = "M3 44C6 42 9 42 12 44C15 46 18 46 21 44C24 42 27 42 30 44C33 46 36 46 39 44C42 42 43 42 45 44"
_MOTIFS: dict[str, Drawing] = {
    "cakap": (
        Path("M3 29C7 31 13 32 24 32C35 32 41 30 45 27C44 35 40 39 36 39L12 39C7 39 4 35 3 29Z", BOAT, INK, _LINE),
        Path("M25 6L25 26L39 26C38 17 33 10 25 6Z", SEA_SOFT, INK, _LINE),
        Path(f"M21 11L21 26L12 26C13 20 16 15 21 11Z{_WATER}", None, INK, _LINE),
    ),
    "etika": (
        Path(
            "M45 33C45 38.5 35.6 43 24 43C12.4 43 3 38.5 3 33C3 27.5 12.4 23 24 23C35.6 23 45 27.5 45 33Z",
            SEA_SOFT, INK, _LINE,
        ),
        Path(
            "M37 33C37 36.3 31.2 39 24 39C16.8 39 11 36.3 11 33C11 29.7 16.8 27 24 27C31.2 27 37 29.7 37 33Z",
            None, INK, _LINE,
        ),
        Path("M24 4C29 11 31 14 31 18C31 21.9 27.9 25 24 25C20.1 25 17 21.9 17 18C17 14 19 11 24 4Z", BOAT, INK, _LINE),
    ),
    "budaya": (
        Path("M11 20L37 20L37 32L11 32Z", SEA_SOFT, INK, _LINE),
        Path("M5 21L24 6L43 21Z", WHITE, INK, _LINE),
        Path("M20.5 24L27.5 24L27.5 32L20.5 32Z", BOAT, INK, _LINE),
        Path(f"M3 32.5L45 32.5M10 34L10 40M19 34L19 40M29 34L29 40M38 34L38 40{_WATER}", None, INK, _LINE),
    ),
    "aman": (
        Path(
            "M12 23C9 22.1 6.9 19.5 6.7 16.3C6.4 13.2 8.2 10.3 11 9C11.9 5.9 14.3 3.5 17.4 2.7C20.4 1.9 23.7 2.8 26 5"
            "C28.5 3.6 31.6 3.6 34 5C36.5 6.5 38 9.1 38 12C39.7 13.5 40.5 15.8 40.1 18.1C39.7 20.3 38.2 22.2 36 23Z",
            SEA_SOFT, INK, _LINE,
        ),
        Path(
            "M24 15L24 41M24 23L30 18M24 27C16 27 11 32 10 41M24 27C32 27 37 32 38 41"
            f"M24 28C20 30 18 34 18 41M24 28C28 30 30 34 30 41{_WATER}",
            None, INK, _LINE,
        ),
    ),
}  # fmt: skip

_SEAWEED = (
    "M0 0C-3 6 -10 7 -10 15M-6 8C-8 10 -12 10 -13 13M0 0C-2 9 -6 12 -4 23M-3 12C-6 15 -8 17 -8 21"
    "M0 0C1 9 5 13 2 28M3 13C6 16 6 19 7 23M0 0C4 5 9 8 10 16M6 7C9 8 11 9 13 12"
)


def motif(pillar: str) -> Drawing:
    """The sign of a pillar, found by its first word, or nothing for a pillar we do not know."""
    return _MOTIFS.get((pillar.casefold().split() or [""])[0], ())


def plank(x: float, y: float, width: float, height: float) -> str:
    """One straight board from its upper left corner."""
    far, low = f"{x + width:.2f}", f"{y + height:.2f}"
    return f"M{x:.2f} {y:.2f}L{far} {y:.2f}L{far} {low}L{x:.2f} {low}Z"


def buoy(x: float, y: float, radius: float) -> str:
    """A float, the only round thing, around its middle."""
    k = radius * 0.5523
    return (
        f"M{x + radius:.2f} {y:.2f}C{x + radius:.2f} {y + k:.2f} {x + k:.2f} {y + radius:.2f} {x:.2f} {y + radius:.2f}"
        f"C{x - k:.2f} {y + radius:.2f} {x - radius:.2f} {y + k:.2f} {x - radius:.2f} {y:.2f}"
        f"C{x - radius:.2f} {y - k:.2f} {x - k:.2f} {y - radius:.2f} {x:.2f} {y - radius:.2f}"
        f"C{x + k:.2f} {y - radius:.2f} {x + radius:.2f} {y - k:.2f} {x + radius:.2f} {y:.2f}Z"
    )


@lru_cache(maxsize=32)
def frame(width: float, height: float) -> Drawing:
    """A plank's edge around the page, and a quiet line inside it."""
    return (
        Path(plank(0, 0, width, height), None, DEEP, 1.2),
        Path(plank(5, 5, width - 10, height - 10), None, EDGE, 0.6),
    )


@lru_cache(maxsize=32)
def water(width: float, depth: float) -> Drawing:
    """The sea at the foot of a page: scalloped above, one line of waves in it."""
    count = round(width / 30)
    step = width / count
    sag = f"{step * 0.42:.1f}"
    crests = "".join(
        f"C{start + step * 0.25:.1f} {sag} {start + step * 0.75:.1f} {sag} {start + step:.1f} 0"
        for start in (number * step for number in range(count))
    )
    shape = f"M0 0{crests}L{width:.1f} {depth:.1f}L0 {depth:.1f}Z"
    return Path(shape, DEEP), Path(_waves(width - 28, 30, 4), None, SEA, 1.2, 14, depth - 9)


@lru_cache(maxsize=32)
def walkway(modules: int) -> Drawing:
    """One plank for every module on posts in the water; the last one has the colour of boats."""
    if modules < 1:
        return ()
    length = min(34.0, 560 / modules)
    starts = [number * length for number in range(modules)]
    return (
        Path("".join(plank(start + length / 2 - 1.8, 4, 1.6, 7) for start in starts), EDGE_STRONG),
        Path(_waves(modules * length, 17, 2), None, FOAM, 1.2, 0, 13),
        *(Path(plank(start, 0, length - 2, 4), DEEP) for start in starts[:-1]),
        Path(plank(starts[-1], 0, length - 2, 4), BOAT),
    )


@lru_cache(maxsize=32)
def rope(modules: int) -> Drawing:
    """The seaweed line across a corner: for every module a float, and what grew beneath it."""
    (x1, y1), (x2, y2) = (130.0, 96.0), (ROPE_WIDTH, 112.0)
    places = []
    for number in range(1, modules + 1):
        share = number / (modules + 1)
        near, far = 2 * (1 - share) * share, share * share
        places.append((near * x1 + far * x2, near * y1 + far * y2))
    scale = min(1.0, 14 / max(modules, 1))
    grown = [scale * (0.9 + 0.12 * (number * 5 % 4)) for number in range(modules)]
    line = f"M0 0C{x1 * 2 / 3:.2f} {y1 * 2 / 3:.2f} {x2 + (x1 - x2) * 2 / 3:.2f} {y2 + (y1 - y2) * 2 / 3:.2f} {x2} {y2}"
    return (
        *(Path(_SEAWEED, None, MANGROVE, 1.5, x, y, size) for (x, y), size in zip(places, grown, strict=True)),
        Path(line, None, DEEP, 1.2),
        *(Path(buoy(x, y, 2 + 2.4 * scale), DEEP) for x, y in places),
    )


@lru_cache(maxsize=32)
def village(width: float) -> Drawing:
    """Houses on stilts at the start of a walkway, pale as in the morning, from the floor on which they stand."""
    houses: list[Path] = []
    for x, scale, body, roof in (
        (0.0, 0.5, SEA_SOFT, SEA_3),
        (51.0, 0.62, SEA_4, SEA_2),
        (121.0, 0.44, SEA_SOFT, SEA_3),
    ):
        houses += (
            Path("M16 0L108 0L108 -50L16 -50Z", body, x=x, scale=scale),
            Path("M0 -46L30 -90L94 -90L124 -46Z", roof, x=x, scale=scale),
            Path("M30 -36L52 -36L52 -14L30 -14ZM74 -36L92 -36L92 0L74 0Z", WHITE, x=x, scale=scale),
        )
    starts = [number * 19.0 for number in range(int((width + 2) // 19))]
    return (
        *houses,
        Path("".join(plank(start + 7.5, 4, 1.8, 30) for start in starts), EDGE_STRONG),
        Path("".join(plank(start, 0, 17, 4) for start in starts), DEEP),
    )


def _waves(width: float, length: float, height: float) -> str:
    """A line of waves from the origin to the right."""
    count = max(1, round(width / length))
    step = width / count
    return "M0 0" + "".join(
        f"C{start + step * 0.25:.1f} {-height} {start + step * 0.25:.1f} {-height} {start + step * 0.5:.1f} 0"
        f"C{start + step * 0.75:.1f} {height} {start + step * 0.75:.1f} {height} {start + step:.1f} 0"
        for start in (number * step for number in range(count))
    )
