"""Doors of looking after questions: all questions of a course with their figures, and one of them."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("bank", __name__, template_folder="templates")
