"""Cakap Bontang: where residents of Kota Bontang learn digital competence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


def create_app(settings: Mapping[str, Any]) -> Flask:
    """The application for these settings (see `config.from_env`)."""
    # Imported here, so that a pure test of one rule does not load Flask and SQLAlchemy.
    from app.factory import build

    return build(settings)
