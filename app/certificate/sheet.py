"""A lying sheet of A4 and the shapes on it: words, curves, codes and pictures, each in its place."""

from dataclasses import dataclass

from app.certificate.fonts.fitting import Block, Measure, fitted
from app.certificate.fonts.motifs import INK, Drawing, Path, frame, water

WIDTH, HEIGHT = 841.89, 595.28  # A4, lying
MARGIN = 36.0  # no words nearer to the edge, so that every office printer reaches them
FRAME = 22.0  # from the edge of the paper to the line around it


@dataclass(frozen=True, slots=True)
class Text:
    """Words from their left end on a baseline; joined words belong to the sentence before them."""

    x: float
    y: float
    text: str
    font: str
    size: float
    color: str
    tag: str = "P"
    joined: bool = False
    tracking: float = 0.0
    link: bool = False


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code from its lower left corner; its quiet zone lies outside the size."""

    x: float
    y: float
    size: float
    text: str
    color: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels from their lower left corner, an ornament."""

    x: float
    y: float
    width: float
    height: float
    content: bytes


Shape = Text | Path | Qr | Picture


@dataclass(frozen=True, slots=True)
class Page:
    """One side of the paper, its shapes in reading order; here y goes up, as on paper."""

    shapes: tuple[Shape, ...]
    width: float = WIDTH
    height: float = HEIGHT


class Sheet:
    """A page on which shapes are still being laid."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self.shapes: list[Shape] = []
        self.drawing(frame(WIDTH - 2 * FRAME, HEIGHT - 2 * FRAME), FRAME, HEIGHT - FRAME)

    def words(
        self, text: str, x: float, y: float, size: float, width: float, *, font: str = "regular", color: str = INK,
        tag: str = "P", joined: bool = False, tracking: float = 0.0, align: float = 0.0, link: bool = False,
    ) -> None:  # fmt: skip
        """One line, smaller if it must be; x is its left end, or its middle (align 0.5), or its right end (1)."""
        block = fitted(text, font, width - tracking * len(text), ((size, 0),), self.measure)
        for line in block.lines:
            start = x - align * self.measure(line, font, block.size)
            self.shapes.append(Text(start, y, line, font, block.size, color, tag, joined, tracking, link))

    def block(self, block: Block, x: float, top: float, color: str = INK, tag: str = "P", joined: bool = False) -> None:
        """Several lines, the first of which begins right below the top."""
        for number, line in enumerate(block.lines):
            y = top - 0.8 * block.size - number * block.leading
            self.shapes.append(Text(x, y, line, block.font, block.size, color, tag, joined or number > 0))

    def drawing(self, drawing: Drawing, x: float, y: float, scale: float = 1.0) -> None:
        """A sign of the house, its origin at x and y."""
        self.shapes += [
            Path(
                path.data,
                path.fill,
                path.stroke,
                path.width,
                x + path.x * scale,
                y - path.y * scale,
                path.scale * scale,
            )
            for path in drawing
        ]

    def sea(self, top: float) -> None:
        """The sea, always at the foot of the page."""
        self.drawing(water(WIDTH - 2 * FRAME, top - FRAME), FRAME, top)
