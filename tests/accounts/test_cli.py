from __future__ import annotations

import re

import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.journal import Event
from tests.builders import a_person
from tests.inspector import send


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["accounts", *words])


def test_the_first_admin_is_made_on_the_server(app: Flask, guest: FlaskClient, db: Session) -> None:
    made = run(app, "add", "arif", "--name", "Arif Contoh", "--role", "admin", "--region", "Kel. Lok Tuan")
    assert made.exit_code == 0, made.output
    found = re.search(r"arif: (\S+)", made.output)
    assert found is not None
    assert send(guest, "/masuk", 302, masuk="arif", sandi=found.group(1)).location == "/kelola"
    person = db.scalars(sa.select(User)).one()
    assert (person.roles, person.region) == ("admin", "64.74.01.1003")
    assert [(event.kind, event.actor_id) for event in db.scalars(sa.select(Event))] == [("role.granted", None)]
    db.rollback()
    again = run(app, "add", "arif", "--name", "Lain")
    assert again.exit_code == 1
    assert "Sudah ada akun" in again.output


def test_roles_are_given_listed_and_taken(app: Flask, db: Session) -> None:
    a_person(db, "Budi Contoh", username="budi")
    db.commit()
    assert "resident trainer" in run(app, "grant", "BUDI", "trainer").output
    assert "Budi Contoh (budi)" in run(app, "list", "trainer").output
    assert run(app, "take", "budi", "trainer").exit_code == 0
    assert run(app, "list", "trainer").output == ""
    assert [event.kind for event in db.scalars(sa.select(Event))] == ["role.granted", "role.taken"]


def test_what_cannot_be_done_is_said(app: Flask, db: Session) -> None:
    a_person(db, "Arif Contoh", username="arif", roles="admin resident")
    db.commit()
    for words, sentence in (
        (("grant", "siti", "trainer"), "Tidak ada akun"),
        (("grant", "bukan nama!", "trainer"), "Nama pengguna berisi"),
        (("take", "arif", "admin"), "satu-satunya admin"),
        (("disable", "arif"), "satu-satunya admin"),
        (("add", "sari", "--name", "Sari", "--region", "Atlantis"), "tidak dikenal"),
        (("add", "s", "--name", "Sari"), "Nama pengguna berisi"),
    ):
        answer = run(app, *words)
        assert answer.exit_code == 1
        assert sentence in answer.output


def test_an_account_is_closed_from_the_server(app: Flask, sari: FlaskClient) -> None:
    assert run(app, "disable", sari.person.username).exit_code == 0  # type: ignore[attr-defined]
    assert sari.get("/akun").status_code == 302
