"""`flask course …`: the file door, the same acts as the trainer's buttons."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app import clock
from app.course import actions, files, queries
from app.course.shapes import Problem
from app.course.texts import is_slug
from app.db import session, transaction
from app.errors import Refused
from app.forms import usable

cli = AppGroup("course", help="Kursus: periksa, terbitkan, tulis kembali.")
_FOLDER = click.Path(path_type=Path)


def _read(folder: Path) -> dict[str, str]:
    try:
        return files.read(folder)
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except OSError as error:
        raise click.ClickException(f"Folder {folder} tidak dapat dibaca ({error.strerror}).") from error


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
    if len(note) > 200 or not usable(note):
        raise click.ClickException("Catatan paling panjang 200 huruf, tanpa tanda tersembunyi.")
    texts = _read(folder)
    try:
        with transaction() as writing:
            version = actions.publish_if_new(writing, folder.resolve().name, texts, clock.now(), note=note)
    except Refused as refusal:
        if isinstance(refusal, actions.NotPublishable):
            _tell(folder, refusal.problems)
        raise click.ClickException(str(refusal)) from refusal
    if version is None:
        click.echo("Tidak ada yang berubah sejak versi terbaru; tidak ada yang diterbitkan.")
    else:
        click.echo(f"Terbit: {version.slug} versi {version.number}.")


@cli.command()
@click.argument("slug")
@click.option("--to", "target", type=click.Path(path_type=Path), required=True, help="Folder tujuan.")
def export(slug: str, target: Path) -> None:
    """Tulis kembali teks versi terbaru kursus SLUG ke sebuah folder."""
    version = queries.latest(session(), slug) if is_slug(slug) else None
    if version is None:
        raise click.ClickException(f"Kursus {slug} tidak ada. Lihat daftarnya: flask course list")
    try:
        files.write(queries.texts(session(), version.id), target)
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except OSError as error:
        raise click.ClickException(f"Folder {target} tidak dapat ditulis ({error.strerror}).") from error
    click.echo(f"{slug} versi {version.number} ditulis ke {target}.")


@cli.command("list")
def list_() -> None:
    """Sebut semua kursus yang terbit."""
    for slug in queries.slugs(session()):
        click.echo(slug)
