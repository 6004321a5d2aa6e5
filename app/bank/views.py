"""Doors of looking after questions: all questions of a course with their figures, and one of them."""

from __future__ import annotations

from app.bank import appeal_views, item_views, regrade_views
from app.bank.blueprint import bp

# The doors hang on the blueprint in files of their own.
__all__ = ["appeal_views", "bp", "item_views", "regrade_views"]
