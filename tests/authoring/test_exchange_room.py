"""How much may be sent to the door for questions of other systems: a whole package by a trainer, little by others."""

from __future__ import annotations

import io

import pytest

from app.exchange.sniff import LARGEST
from tests.authoring.cast import HOME, begin, publish

IMPORT = f"{HOME}/impor"


@pytest.fixture
def strict(app, db, budi):
    """With tokens on, for whoever looks for a token reads the form before anybody asks who sent it."""
    publish(db)
    begin(budi)
    app.config["WTF_CSRF_ENABLED"] = True


def sent(client):
    data = {"berkas": (io.BytesIO(b" " * (LARGEST - 1_000)), "soal.txt")}
    return client.post(IMPORT, data=data, content_type="multipart/form-data").status_code


@pytest.mark.usefixtures("strict")
def test_only_a_trainer_may_send_more_than_other_forms_hold(budi, joko, dewi, guest):
    assert sent(budi) == 400, "read, and then refused for want of a token"
    assert [sent(client) for client in (joko, dewi, guest)] == [413, 413, 413]
