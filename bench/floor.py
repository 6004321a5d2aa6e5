"""The floors: a bare Flask view with one primary-key query and a template of the same size; one committed insert."""

from __future__ import annotations

import os
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, render_template_string

from app.db import make_engine

engine = make_engine(os.environ["DATABASE_URL"])
metadata = sa.MetaData()
page = sa.Table("floor_page", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("title", sa.Text))
note = sa.Table("floor_note", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("text", sa.Text))

app = Flask(__name__)
# The page ours was measured with, as plain text with one place to fill: same bytes, no work.
TEMPLATE = Path(os.environ["FLOOR_TEMPLATE"]).read_text(encoding="utf-8")


def prepare() -> None:
    """Makes the two tables and the one row."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        metadata.drop_all(connection)
        metadata.create_all(connection)
        connection.execute(page.insert().values(id=1, title="Lantai"))


@app.get("/page")
def show() -> str:
    with engine.connect() as connection:
        title = connection.execute(sa.select(page.c.title).where(page.c.id == 1)).scalar_one()
    return render_template_string("{{ title }}{{ body }}", title=title, body=TEMPLATE)


@app.post("/save")
def save() -> str:
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(note.insert().values(text="tersimpan"))
    return "tersimpan"
