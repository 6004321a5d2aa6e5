"""`flask course …`: the file door, the same acts as the trainer's buttons."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app import clock
from app.course import actions, files, queries
from app.course.shapes import Problem
from app.db import session, transaction
from app.errors import Refused

cli = AppGroup("course", help="Kursus: periksa, terbitkan, tulis kembali.")
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def _read(folder: Path) -> dict[str, str]:
    try:
        return files.read(folder)
    except Refused as error:
        raise click.ClickException(str(error)) from error


def _tell(folder: Path, problems: list[Problem]) -> None:
    for problem in problems:
        kind = "masalah" if problem.blocking else "saran"
        click.echo(f"{folder}/{problem.file}:{problem.line}: {kind}: {problem.text}")


@cli.command()
@click.argument("folder", type=_FOLDER)
def check(folder: Path) -> None:
    """Sebut semua masalah dan saran di FOLDER, dengan berkas dan baris."""
    problems = actions.problems_of(_read(folder))
    _tell(folder, problems)
    blocking = sum(problem.blocking for problem in problems)
    click.echo(f"{folder}: {blocking} masalah, {len(problems) - blocking} saran.")
    if blocking:
        raise SystemExit(1)


@cli.command()
@click.argument("folder", type=_FOLDER)
@click.option("--note", default="", help="Apa yang berubah.")
def publish(folder: Path, note: str) -> None:
    """Terbitkan versi berikutnya dari FOLDER; nama folder menjadi alamat kursus."""
    try:
        with transaction() as writing:
            version = actions.publish(writing, folder.resolve().name, _read(folder), clock.now(), note=note)
    except actions.NotPublishable as refusal:
        _tell(folder, refusal.problems)
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"Terbit: {version.slug} versi {version.number}.")


@cli.command()
@click.argument("slug")
@click.option("--to", "target", type=click.Path(path_type=Path), required=True, help="Folder tujuan.")
def export(slug: str, target: Path) -> None:
    """Tulis kembali teks versi terbaru kursus SLUG ke sebuah folder."""
    version = queries.latest(session(), slug)
    if version is None:
        raise click.ClickException(f"Kursus {slug} tidak ada. Lihat daftarnya: flask course list")
    files.write(queries.texts(session(), version.id), target)
    click.echo(f"{slug} versi {version.number} ditulis ke {target}.")


@cli.command("list")
def list_() -> None:
    """Sebut semua kursus yang terbit."""
    for slug in queries.slugs(session()):
        click.echo(slug)
