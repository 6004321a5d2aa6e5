"""The house's colours and drawn signs, taken from its design: paths in the words of SVG with only M, L, C and Z."""

DEEP, INK, INK_2, EDGE, EDGE_STRONG = "#062f3f", "#0d2831", "#38515a", "#c3d3d6", "#58727a"
SEA, SEA_2, SEA_SOFT, MIST, SHOAL = "#0a5266", "#3b8ba1", "#d9ecf1", "#eef4f4", "#dfeaeb"
WHITE, FOAM, ON_DEEP, BOAT, MANGROVE = "#ffffff", "#8fd6e6", "#b9d6dc", "#ffc83d", "#14582f"

Drawing = tuple[tuple[str, str | None, str | None, float], ...]  # path, fill, stroke, width of the stroke

MARK_SIZE, MOTIF_SIZE = 40, 48

MARK: Drawing = (
    ("M3 0L37 0C38.7 0 40 1.3 40 3L40 37C40 38.7 38.7 40 37 40L3 40C1.3 40 0 38.7 0 37L0 3C0 1.3 1.3 0 3 0Z", DEEP, None, 0),
    ("M6 20L20 7L34 20L29 20L29 26L11 26L11 20Z", WHITE, None, 0),
    ("M17.5 18L22.5 18L22.5 23L17.5 23ZM3 26L37 26L37 29L3 29Z", BOAT, None, 0),
    ("M11 29L11 34M20 29L20 34M29 29L29 34", None, WHITE, 2.4),
    ("M3 36C4.9 33.7 6.8 33.7 8.7 36C10.6 38.3 12.5 38.3 14.4 36C16.3 33.7 18.2 33.7 20 36C21.8 38.3 23.7 38.3 25.7 36"
     "C27.7 33.7 29.6 33.7 31.4 36C33.2 38.3 35.1 38.3 37 36", None, FOAM, 2),
)  # fmt: skip

_WAVE = "M3 44C6 42 9 42 12 44C15 46 18 46 21 44C24 42 27 42 30 44C33 46 36 46 39 44C42 42 43 42 45 44"
_LINE = 2.2
MOTIFS: dict[str, Drawing] = {
    "cakap": (
        ("M3 29C7 31 13 32 24 32C35 32 41 30 45 27C44 35 40 39 36 39L12 39C7 39 4 35 3 29Z", BOAT, INK, _LINE),
        ("M25 6L25 26L39 26C38 17 33 10 25 6Z", SEA_SOFT, INK, _LINE),
        (f"M21 11L21 26L12 26C13 20 16 15 21 11Z{_WAVE}", None, INK, _LINE),
    ),
    "etika": (
        ("M45 33C45 38.5 35.6 43 24 43C12.4 43 3 38.5 3 33C3 27.5 12.4 23 24 23C35.6 23 45 27.5 45 33Z", SEA_SOFT, INK, _LINE),
        ("M37 33C37 36.3 31.2 39 24 39C16.8 39 11 36.3 11 33C11 29.7 16.8 27 24 27C31.2 27 37 29.7 37 33Z", None, INK, _LINE),
        ("M24 4C29 11 31 14 31 18C31 21.9 27.9 25 24 25C20.1 25 17 21.9 17 18C17 14 19 11 24 4Z", BOAT, INK, _LINE),
    ),
    "budaya": (
        ("M11 20L37 20L37 32L11 32Z", SEA_SOFT, INK, _LINE),
        ("M5 21L24 6L43 21Z", WHITE, INK, _LINE),
        ("M20.5 24L27.5 24L27.5 32L20.5 32Z", BOAT, INK, _LINE),
        (f"M3 32.5L45 32.5M10 34L10 40M19 34L19 40M29 34L29 40M38 34L38 40{_WAVE}", None, INK, _LINE),
    ),
    "aman": (
        ("M12 23C9 22.1 6.9 19.5 6.7 16.3C6.4 13.2 8.2 10.3 11 9C11.9 5.9 14.3 3.5 17.4 2.7C20.4 1.9 23.7 2.8 26 5"
         "C28.5 3.6 31.6 3.6 34 5C36.5 6.5 38 9.1 38 12C39.7 13.5 40.5 15.8 40.1 18.1C39.7 20.3 38.2 22.2 36 23Z",
         SEA_SOFT, INK, _LINE),
        ("M24 15L24 41M24 23L30 18M24 27C16 27 11 32 10 41M24 27C32 27 37 32 38 41"
         f"M24 28C20 30 18 34 18 41M24 28C28 30 30 34 30 41{_WAVE}", None, INK, _LINE),
    ),
}  # fmt: skip


def motif(pillar: str) -> Drawing:
    """The sign of a pillar, found by its first word, or nothing for a pillar we do not know."""
    first = pillar.casefold().split()[:1]
    return MOTIFS.get(first[0], ()) if first else ()


def waves(width: float, length: float, height: float) -> str:
    """A line of waves from the origin to the right."""
    count = max(1, round(width / length))
    step = width / count
    crests = (
        f"C{x + step * 0.25:.2f} {-height:.2f} {x + step * 0.25:.2f} {-height:.2f} {x + step / 2:.2f} 0"
        f"C{x + step * 0.75:.2f} {height:.2f} {x + step * 0.75:.2f} {height:.2f} {x + step:.2f} 0"
        for x in (step * number for number in range(count))
    )
    return "M0 0" + "".join(crests)


def sea(width: float, depth: float, scallop: float) -> str:
    """The sea at the foot of the page, scalloped at its upper edge, from its upper left corner."""
    count = max(1, round(width / scallop))
    step = width / count
    sag = step * 0.42
    arcs = (
        f"C{x + step * 0.25:.2f} {sag:.2f} {x + step * 0.75:.2f} {sag:.2f} {x + step:.2f} 0"
        for x in (step * number for number in range(count))
    )
    return "M0 0" + "".join(arcs) + f"L{width:.2f} {depth:.2f}L0 {depth:.2f}Z"
