"""What the page that checks without internet says of a paper, as its script fills it in."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.certificate import keys, lifecycle, proof
from app.certificate.code import grouped
from app.certificate.models import Edition
from tests.builders import NOON
from tests.certificate.cast import certified, writing
from tests.conftest import missing
from tests.inspector import visit

SCRIPT = Path(__file__).parents[2] / "app/static/js/proof.js"
# As little of a browser as the script asks for.
BROWSER = """
const { facts, keys, script, hash, pathname } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const rows = facts.map((fact) => ({ dataset: { fact }, tagName: "DD", textContent: "", parentNode: {} }));
const place = {
  dataset: { proof: "null", keys: "", offline: "" }, querySelector: () => null,
  querySelectorAll: (what) => (what === "[data-fact]" ? rows : []),
};
Object.assign(globalThis, {
  document: { querySelector: () => place, documentElement: { lang: "id" } },
  location: { hash, pathname }, addEventListener: () => {},
  fetch: async () => ({ ok: true, json: async () => keys }),
});
require(script);
const shown = () => rows.filter((one) => !one.parentNode.hidden).map((one) => [one.dataset.fact, one.textContent]);
const look = () => (place.hidden === false ? console.log(JSON.stringify(shown())) : setTimeout(look, 5));
look();
"""


@pytest.fixture
def scanned(app: Flask, db: Session, guest: FlaskClient) -> Callable[[str], dict[str, str | int]]:
    """The labels and values that the page shows for the newest edition of a certificate."""
    if shutil.which("node") is None:
        missing("node", "apt-get install nodejs")

    def scan(code: str) -> dict[str, str | int]:
        token = db.scalars(sa.select(Edition.proof).order_by(Edition.id.desc()).limit(1)).one()
        db.rollback()
        rows = visit(guest, "/sertifikat/periksa/luring").soup.select("[data-state=signed] dl div:has([data-fact])")
        labels = {str(row.select("dd")[0]["data-fact"]): row.select("dt")[0].get_text() for row in rows}
        sent: dict[str, Any] = {
            "facts": list(labels),
            "keys": keys.public(app.config),
            "script": str(SCRIPT),
            "hash": "#" + proof.packed(token),
            "pathname": f"/sertifikat/{grouped(code)}",
        }
        done = subprocess.run(
            ["node", "-e", BROWSER], input=json.dumps(sent), capture_output=True, text=True, timeout=20, check=True
        )
        return {labels[name]: text for name, text in json.loads(done.stdout)}

    return scan


@pytest.mark.sqlite
def test_an_edition_is_called_as_the_paper_calls_it(
    app: Flask, db: Session, sari: Any, scanned: Callable[[str], dict[str, str | int]]
) -> None:
    """On the paper "versi" is the course's; a first edition is not printed there, so nobody looks for it in vain."""
    made = certified(app, db, sari.person)
    rows = scanned(made.code)
    assert rows["Nama"] == "Sari Contoh" and rows["Nomor"] == made.number
    assert "Versi" not in rows and "Edisi" not in rows
    with writing(app) as s:
        lifecycle.correct(s, made.code, "Sari Cohen", "Ejaan.", seen=1, by=None, now=NOON, settings=app.config)
    rows = scanned(made.code)
    assert (rows["Nama"], rows["Edisi"]) == ("Sari Cohen", 2) and "Versi" not in rows
