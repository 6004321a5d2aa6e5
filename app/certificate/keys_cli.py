"""`flask certificate keys` and `rotate-key`: the keys that prove what our QR codes and papers say."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app

from app import clock, journal
from app.certificate import keys
from app.certificate.cli import cli
from app.db import transaction


@cli.command("keys")
def list_() -> None:
    """Sebut semua kunci; yang pertama dipakai sekarang, yang lain hanya untuk memeriksa."""
    for number, key in enumerate(keys.public(current_app.config)["keys"]):
        click.echo(f"{key['kid']}  {'lama' if number else 'dipakai'}")
    click.echo(
        f"Cadangkan folder {Path(current_app.config['DATA']) / 'keys'}: tanpa kunci lama, bukti lama tidak terbaca."
    )


@cli.command("rotate-key")
def rotate_key() -> None:
    """Buat kunci baru. Yang ditandatangani dengan kunci lama tetap sah."""

    def note(kid: str) -> None:
        with transaction() as writing:
            journal.audit(writing, "key.rotated", clock.now(), actor=None, kid=kid)

    kid = keys.rotate(current_app.config, note)
    click.echo(f"{kid} dipakai mulai sekarang. Cadangkan lagi folder kuncinya.")
