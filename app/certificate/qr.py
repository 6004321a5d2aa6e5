"""The QR code of a verification address: its modules, and the bars that they make."""

from functools import lru_cache
from typing import Any

from reportlab.graphics.barcode.qrencoder import (
    QR8bitByte,
    QRAlphaNum,
    QRCode,
    QRErrorCorrectLevel,
    QRMaskPattern,
    QRUtil,
)

# The same polynomial serves every code of one size, yet the library multiplies it out each time.
setattr(QRUtil, "getErrorCorrectPolynomial", lru_cache(maxsize=16)(QRUtil.getErrorCorrectPolynomial))  # noqa: B010 (mypy allows no assignment)

# The lowest level makes the largest squares, which a camera resolves from further away; paper is seldom torn.
LEVEL = QRErrorCorrectLevel.L
QUIET = 4  # light modules that the standard asks for on every side


@lru_cache(maxsize=8)
def _places(version: int) -> list[tuple[int, int]]:
    """The way of the data through a code of this size, which the library would walk again for each."""
    code: Any = QRCode(version, LEVEL)
    code.moduleCount = 17 + 4 * version
    return list(code._dataPosIterator())


@lru_cache(maxsize=64)
def modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """Rows of dark (true) and light modules at error level L, without the quiet zone."""
    code: Any = QRCode(None, LEVEL)
    # Behind the mark stand capitals and figures alone, which take two thirds of the room of other signs.
    start, mark, rest = text.partition("#")
    code.addData(QR8bitByte(start + mark))
    if rest:
        code.addData(QRAlphaNum(rest))
    code.version = code.calculate_version()
    code.moduleCount = 17 + 4 * code.version
    code._dataPosList = _places(code.version)
    # Every mask can be read. Scoring all eight, as make() does, would cost more time than the rest of the paper.
    code.makeImpl(False, QRMaskPattern.PATTERN000)
    return tuple(tuple(map(bool, row)) for row in code.modules)


def bars(text: str) -> list[tuple[int, int, int]]:
    """Dark modules joined along each row, as (column, row from the top, length)."""
    found = []
    for number, row in enumerate(modules(text)):
        start: int | None = None
        for column, dark in enumerate((*row, False)):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                found.append((start, number, column - start))
                start = None
    return found
