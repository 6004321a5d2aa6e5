"""`flask stats …`: the same rows as the page."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app import clock
from app.db import session, transaction
from app.stats import actions, export, queries, report
from app.stats.counting import ALL
from app.stats.periods import parse

cli = AppGroup("stats", help="Rekap: unduh, hitung ulang.")


@cli.command("export")
@click.option("--period", "key", default="semua", help="semua, 2026, 2026-Q4, atau 2026-11.")
@click.option("--scope", default=ALL, help="semua, pilar:<pilar>, atau kursus:<slug>.")
@click.option("--detail", type=click.Choice(["gender", "age", ""]), default="gender")
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), required=True)
def export_(key: str, scope: str, detail: str, target: Path) -> None:
    """Tulis rekap sebuah periode ke berkas CSV."""
    if parse(key) is None:
        raise click.ClickException(f"Periode {key!r} tidak dikenal. Contoh: semua, 2026, 2026-Q4, 2026-11.")
    courses = queries.courses(session())
    names = queries.scope_names(courses)
    if scope not in names:
        raise click.ClickException(f"Cakupan {scope!r} tidak dikenal. Contoh: {', '.join(names)}.")
    found = queries.figures(session(), key, scope, report.BREAKDOWNS)
    scopes = queries.by_scope(session(), key) if scope == ALL else {}
    made = report.build(found, scopes, names, queries.by_pillar(courses), detail)
    try:
        target.write_text(export.text(made, key, scope, excel=False), encoding="utf-8", newline="")
    except OSError as error:
        raise click.ClickException(f"Berkas {target} tidak dapat ditulis ({error.strerror}).") from error
    click.echo(f"Rekap {key} tersimpan di {target}.")


@cli.command()
def rebuild() -> None:
    """Hitung ulang semua rekap dari catatan kejadian."""
    with transaction() as writing:
        read = actions.rebuild(writing, clock.now())
    click.echo(f"{read} kejadian dihitung.")
