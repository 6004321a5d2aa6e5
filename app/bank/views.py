"""Doors of looking after questions: all questions of a course with their figures, and one of them."""

from __future__ import annotations

from app.bank.blueprint import bp

__all__ = ["bp"]
