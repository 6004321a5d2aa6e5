from __future__ import annotations

from flask import Flask


def start(app: Flask) -> None:
    """Stub."""
