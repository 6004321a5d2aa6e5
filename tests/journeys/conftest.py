"""Journeys are walked as in a browser: with the tokens of the forms."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def settings(settings: dict[str, Any]) -> dict[str, Any]:
    return settings | {"WTF_CSRF_ENABLED": True}
