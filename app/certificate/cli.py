"""`flask certificate …`: what the desk officer asks about a certificate, and taking one back."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from app import clock, i18n
from app.certificate import lifecycle, queries
from app.certificate.code import EXAMPLE, grouped, normalise
from app.certificate.models import Certificate
from app.db import session, transaction
from app.errors import Refused

cli = AppGroup("certificate", help="Sertifikat: lihat, cabut, sebut.")


def _stored(code: str) -> str:
    stored = normalise(code)
    if stored is None:
        raise click.ClickException(f"Kode verifikasi terdiri atas 20 huruf dan angka, misalnya {EXAMPLE}.")
    return stored


def _status(row: Certificate) -> str:
    return "sah" if row.revoked_at is None else f"dicabut {i18n.moment(row.revoked_at)}: {row.revoked_because}"


@cli.command()
@click.argument("code")
def show(code: str) -> None:
    """Sebut isi dan status sertifikat dengan kode CODE."""
    row = queries.by_code(session(), _stored(code))
    if row is None:
        raise click.ClickException("Tidak ada sertifikat dengan kode ini.")
    for label, value in (
        ("Nomor", row.number),
        ("Kode", grouped(row.code)),
        ("Nama", row.holder),
        ("Kursus", f"{row.course_code} {row.course_title}, versi {row.facts['version']}"),
        ("Jumlah", f"{row.jp} JP"),
        ("Predikat", row.grade),
        ("Terbit", i18n.moment(row.issued_at)),
        ("Status", _status(row)),
        ("Alamat", queries.address(current_app.config["BASE_URL"], row.code)),
    ):
        click.echo(f"{label:<9} {value}")


@cli.command()
@click.argument("code")
@click.option("--because", required=True, help="Alasan; setiap pemeriksa dapat membacanya.")
def revoke(code: str, because: str) -> None:
    """Cabut sertifikat dengan kode CODE. Nomor dan kodenya tetap ada, statusnya menjadi dicabut."""
    stored = _stored(code)
    try:
        with transaction() as writing:
            row = lifecycle.revoke(writing, stored, because, None, clock.now())
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{row.number}: {_status(row)}")


@cli.command("list")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="Paling banyak sekian.")
def list_(limit: int) -> None:
    """Sebut sertifikat yang terbit terakhir."""
    for row in queries.newest(session(), limit):
        state = "sah" if row.revoked_at is None else "dicabut"
        click.echo(f"{row.number}  {grouped(row.code)}  {row.issued_on.isoformat()}  {state:<7}  {row.holder}")
