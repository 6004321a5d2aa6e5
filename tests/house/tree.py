"""The files of the project as the inspector reads them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# What a checkout does not hold: environments, caches, data of a running service.
_OUTSIDE = {"__pycache__", "data", "node_modules", "test-results"}
_HIDDEN_BUT_OURS = {".ci"}
_TEXTS = {
    ".py",
    ".html",
    ".js",
    ".css",
    ".toml",
    ".md",
    ".txt",
    ".po",
    ".pot",
    ".cfg",
    ".mako",
    ".svg",
    ".yml",
    ".json",
}


def texts(*suffixes: str, under: str = "") -> Iterator[Path]:
    """Every text file of the project (with one of these suffixes, below this folder)."""
    for folder, folders, names in os.walk(ROOT / under):
        folders[:] = sorted(
            name for name in folders if name not in _OUTSIDE and (not name.startswith(".") or name in _HIDDEN_BUT_OURS)
        )
        for name in sorted(names):
            path = Path(folder) / name
            wanted = path.suffix in suffixes if suffixes else path.suffix in _TEXTS or not path.suffix
            if wanted and not path.is_symlink():
                yield path


def place(path: Path) -> str:
    """The path as people write it: from the root of the project."""
    return path.relative_to(ROOT).as_posix()
