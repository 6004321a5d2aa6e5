"""The blueprint on which the doors of this slice hang."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("certificate", __name__, template_folder="templates")
