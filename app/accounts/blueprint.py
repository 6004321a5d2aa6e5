"""The doors of this slice hang here; the pages themselves are in the views."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("accounts", __name__, template_folder="templates")
