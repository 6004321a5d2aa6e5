"""`flask bank …`: looking after questions from the server."""

from __future__ import annotations

from uuid import uuid4

import click
from flask.cli import AppGroup

from app import clock
from app.bank import regrade as regrading
from app.bank import regrade_queries
from app.bank.corrections import Mode
from app.bank.regrade import Preview
from app.bank.rescoring import Effects
from app.db import session, transaction
from app.errors import Refused

cli = AppGroup("bank", help="Soal: nilai ulang, baca berkas dari sistem lain.")


@cli.command()
@click.argument("slug")
@click.argument("item")
@click.option("--from", "before", type=click.IntRange(1), required=True, help="Versi yang kuncinya salah.")
@click.option("--to", "after", type=click.IntRange(1), required=True, help="Versi yang kuncinya benar.")
@click.option("--exact", is_flag=True, help="Nilai boleh turun; tanpa ini nilai hanya naik.")
@click.option("--because", required=True, help="Alasan; peserta yang nilainya berubah membacanya.")
@click.option("--dry-run", is_flag=True, help="Sebut dampaknya saja.")
def regrade(slug: str, item: str, before: int, after: int, exact: bool, because: str, dry_run: bool) -> None:
    """Nilai ulang soal ITEM kursus SLUG dengan kunci dari versi yang lebih baru."""
    try:
        regrading.reason(because)
        pair = regrading.examined(session(), slug, item, before, after)
        if dry_run:
            _show(regrading.preview(session(), pair, clock.now()), exact=exact)
            return
        with transaction() as writing:
            mode: Mode = "exact" if exact else "raise"
            made = regrading.regrade(writing, pair, mode, because, str(uuid4()), None, clock.now())
            done = regrade_queries.past(writing, slug, made.id)[0]
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{done.raised} nilai naik, {done.lowered} turun, {done.passed} percobaan kini lulus.")


def _show(seen: Preview, *, exact: bool) -> None:
    found: Effects = seen.exact if exact else seen.rising
    for label, value in (
        ("Percobaan yang memuat soal ini", seen.attempts),
        ("Nilai naik", found.raised),
        ("Nilai turun", found.lowered),
        ("Kini lulus", found.newly_passed),
        ("Sertifikat terkait, tetap sah", found.certificates),
        ("Belum dikumpulkan, dihitung ulang kemudian", seen.unfinished),
        ("Lebih dari 24 bulan, dibiarkan", seen.forgotten),
    ):
        click.echo(f"{value:>8}  {label}")
    click.echo("Belum ada yang berubah.")
