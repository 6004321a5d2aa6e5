"""The real server, once per test process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.town import Town, a_town


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The server with people in it."""
    made, server = a_town(tmp_path_factory.mktemp("town"))
    yield made
    server.stop()
    made.app.extensions["db"].dispose()
