"""`flask certificate export`: the register as a file, the same rows as at the desk."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import click

from app import clock
from app.accounts import regions
from app.certificate import register
from app.certificate.cli import cli, own_file
from app.db import engine, transaction
from app.errors import Refused
from app.forms import usable

_DAY = click.DateTime(["%Y-%m-%d"])


@cli.command()
@click.option("--because", required=True, help="Untuk apa daftar ini; tercatat di catatan tindakan.")
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--search", default="", help="Nama, nomor, atau kode.")
@click.option("--course", default="", help="Kode kursus, misalnya K03.")
@click.option("--status", type=click.Choice([*register.STATES]), help="Tanpa ini: semua.")
@click.option("--kind", type=click.Choice([*register.KINDS]), help="Tanpa ini: semua.")
@click.option("--region", default="", help="Kode atau nama kelurahan pemegangnya.")
@click.option("--from", "since", type=_DAY, help="Terbit sejak hari ini, misalnya 2026-11-01.")
@click.option("--until", type=_DAY, help="Terbit sampai hari ini.")
@click.option("--excel", is_flag=True, help="Untuk Excel: titik koma di antara kolom.")
def export(
    because: str,
    target: Path,
    search: str,
    course: str,
    status: str | None,
    kind: str | None,
    region: str,
    since: datetime | None,
    until: datetime | None,
    excel: bool,
) -> None:
    """Tulis daftar sertifikat ke berkas CSV. Daftar ini memuat nama orang."""
    code = regions.find(region) if region else ""
    if code is None:
        raise click.ClickException(f"Kelurahan {region!r} tidak dikenal.")
    if not usable(search) or not usable(course):
        raise click.ClickException("Kata yang dicari memuat tanda yang tidak dapat dibaca.")
    filters = register.Filters(
        words=" ".join(search.split()),
        course=course,
        state=status or "",
        kind=kind or "",
        region=code,
        since=since.date() if since else None,
        until=until.date() if until else None,
    )
    try:
        with transaction() as writing:
            found = register.export(writing, filters, because, None, clock.now())
            handle = own_file(target)
    except Refused as no:
        raise click.ClickException(str(no)) from no
    except (OSError, ValueError) as error:
        raise click.ClickException(f"Berkas {str(target)!r} tidak dapat ditulis ({error}).") from error
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.writelines(register.lines(engine(), found, excel=excel))
    click.echo(f"{found.count} sertifikat tersimpan di {target}.")
