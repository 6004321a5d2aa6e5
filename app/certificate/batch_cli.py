"""`flask certificate bulk` and `bundle`: certificates for a whole class, and their papers in one file."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import IO
from uuid import uuid4

import click
from flask import current_app

from app import clock
from app.accounts import regions
from app.accounts.rules import shown
from app.certificate import batches, bundle, choosing
from app.certificate.cli import cli, own_file
from app.certificate.register import KINDS
from app.certificate.rules import PASSED
from app.db import engine, session, transaction
from app.errors import Refused
from app.forms import usable

_DAY = click.DateTime(["%Y-%m-%d"])


@cli.command()
@click.argument("course")
@click.option("--kind", type=click.Choice([*KINDS]), default=PASSED, help="Sertifikat, atau surat keterangan.")
@click.option("--region", default="", help="Kode atau nama kelurahan domisili.")
@click.option("--from", "since", type=_DAY, help="Selesai sejak hari ini, misalnya 2026-11-01.")
@click.option("--until", type=_DAY, help="Selesai sampai hari ini.")
@click.option("--names", type=click.File(encoding="utf-8"), help="Berkas dengan satu nama masuk per baris.")
@click.option("--title", default="", help="Nama kelompok, supaya mudah dicari lagi.")
@click.option("--confirmed", is_flag=True, help="Nama sudah dicocokkan dengan orangnya: terbitkan.")
def bulk(
    course: str,
    kind: str,
    region: str,
    since: datetime | None,
    until: datetime | None,
    names: IO[str] | None,
    title: str,
    confirmed: bool,
) -> None:
    """Terbitkan sertifikat kursus COURSE untuk banyak orang. Tanpa --confirmed: sebut saja siapa yang berhak."""
    place = regions.find(region) if region else ""
    if place is None:
        raise click.ClickException(f"Kelurahan {region!r} tidak dikenal.")
    if not usable(course) or not usable(title) or len(title) > batches.LONGEST_TITLE:
        raise click.ClickException(
            "Nama kursus atau kelompok memuat tanda yang tidak dapat dibaca, atau terlalu panjang."
        )
    if course not in (titles := choosing.titles(session())):
        raise click.ClickException(f"Kursus {course!r} tidak ada. Yang ada: {', '.join(titles)}.")
    wish = choosing.Wish(
        course, kind, place, since.date() if since else None, until.date() if until else None, _read(names)
    )
    try:
        found = choosing.people(session(), wish)
        for one in found.ready:
            click.echo(f"{one.name}  ({shown(one.signs_in)})")
        for line, written, why in found.not_found:
            click.echo(f"baris {line}, {written}: {why}")
        click.echo(
            f"{found.ready_count} berhak, {found.holders_count} sudah punya, {found.learners_count} belum berhak."
        )
        if found.ready_count > len(found.ready):
            click.echo(f"{len(found.ready)} orang pertama sekali jalan; ulangi untuk sisanya.")
        if not confirmed:
            click.echo("Belum ada yang terbit. Cocokkan namanya, lalu ulangi dengan --confirmed.")
            return
        with transaction() as writing:
            ready = {one.enrollment_id: one.name for one in found.ready}
            made = batches.make(writing, str(uuid4()), course, kind, title or titles[course], ready, None, clock.now())
    except Refused as no:
        raise click.ClickException(_sentences(no)) from no
    while batches.do_due(engine(), current_app.config, clock.now()):
        pass
    far = batches.progress(session(), [made.id])[made.id]
    click.echo(
        f"{far.issued} dari {far.total} terbit, {far.failed} gagal. PDF dibuat layanan, atau: flask certificate work"
    )
    click.echo(f"Kelompok: {made.uuid}")


def _read(names: IO[str] | None) -> str:
    try:
        text = names.read(choosing.LONGEST_LIST + 1) if names else ""
    except (OSError, ValueError) as error:
        raise click.ClickException(f"Daftar nama tidak dapat dibaca ({error}).") from error
    if len(text) > choosing.LONGEST_LIST:
        # Half a name at the end of a list that was cut may be the name of somebody else.
        raise click.ClickException(f"Daftar nama paling panjang {choosing.LONGEST_LIST} huruf. Bagi dahulu.")
    if not usable(text):
        raise click.ClickException("Daftar nama memuat tanda yang tidak dapat dibaca.")
    return str(text)


def _sentences(no: Refused) -> str:
    """The refusal, with that of each name."""
    names = no.names.values() if isinstance(no, batches.NamesRefused) else ()
    return "\n".join([str(no), *map(str, names)])


@cli.command("bundle")
@click.argument("batch")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--because", required=True, help="Untuk apa PDF-nya; tercatat di catatan tindakan.")
def bundle_(batch: str, target: Path, because: str) -> None:
    """Tulis semua PDF yang siap dari kelompok BATCH ke berkas ZIP. Berkas ini memuat nama orang."""
    try:
        with transaction() as writing:
            row = batches.of(writing, batch) if usable(batch) else None
            if row is None:
                raise click.ClickException("Tidak ada kelompok dengan nomor ini. Lihat alamat halamannya.")
            now = clock.now()
            papers = bundle.packed(writing, row, because, None, now)
            handle = own_file(target)
    except Refused as no:
        raise click.ClickException(str(no)) from no
    except (OSError, ValueError) as error:
        raise click.ClickException(f"Berkas {str(target)!r} tidak dapat ditulis ({error}).") from error
    with os.fdopen(handle, "wb") as file:
        file.writelines(bundle.streamed(engine(), papers, now))
    click.echo(f"{len(papers)} PDF tersimpan di {target}.")
