"""An official, who signs at a service or has files brought, and a stranger who signs as well."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import clock
from app.certificate import work
from tests.certificate.authority import Authority
from tests.signer.service import Official, listening


@pytest.fixture
def authority(tmp_path):
    folder = tmp_path / "official"
    folder.mkdir()
    return Authority(folder)


@pytest.fixture
def stranger(tmp_path):
    folder = tmp_path / "stranger"
    folder.mkdir()
    return Authority(folder, "Orang Lain")


@pytest.fixture
def official(app, authority, tmp_path):
    """The service, and an application that has its papers signed there."""
    (tmp_path / "token").write_text("kata-rahasia\n")
    service = Official("kata-rahasia")
    with listening(service) as address:
        app.config.update(
            SIGNER="external",
            SIGNER_URL=address,
            SIGNER_TOKEN_FILE=str(tmp_path / "token"),
            SIGNER_CHAIN=str(authority.chain),
        )
        yield service


@pytest.fixture
def later(app):
    """Does what is due, each time a day later."""
    day = [0]

    def work_on() -> int:
        day[0] += 1
        return work.do_due(app.extensions["db"], app.config, clock.now() + timedelta(days=day[0]))

    return work_on
