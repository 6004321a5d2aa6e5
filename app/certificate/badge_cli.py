"""`flask certificate read-badge`: what is to be thought of a badge or a credential that somebody brings."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click
from flask import current_app

from app import clock
from app.certificate import badge, credentials, judging, keys, queries
from app.certificate.cli import cli
from app.certificate.code import normalise
from app.db import session

_STATES = {"valid": "sah", "superseded": "diganti edisi yang lebih baru", "revoked": "dicabut"}


@cli.command("read-badge")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def read_badge(file: Path) -> None:
    """Baca lencana atau kredensial dalam FILE (JSON, JWT, PNG, SVG), dari kita atau dari orang lain."""
    with file.open("rb") as opened:
        document = opened.read(credentials.LARGEST + 1)
    ours = credentials.Ours(badge.issuer_at(current_app.config["BASE_URL"]), partial(keys.read, current_app.config))
    judged = credentials.read(document, clock.now(), ours)
    for sentence in credentials.told(judged):
        click.echo(sentence)
    if judged.refused:
        raise click.exceptions.Exit(1)
    if judged.proof == "ours":
        _state(judged.token)


def _state(token: str) -> None:
    """Whether a badge of ours still counts, by our register."""
    code = normalise(str(keys.read(current_app.config, token)["jti"]).rpartition("/")[2])
    state = judging.of_known(queries.by_credential(session(), code, token)).state
    click.echo(f"Status: {_STATES.get(state, 'tidak ada dalam daftar kami')}")
    if state != "valid":
        raise click.exceptions.Exit(1)
