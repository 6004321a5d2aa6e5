"""`flask db …`: the tables brought up to date, compared, saved and put back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from flask.cli import AppGroup

from app import schema
from app.db import engine

cli = AppGroup("db", help="Tabel: perbarui, bandingkan, cadangkan, pulihkan.")
_LOCK = 6474  # any number, the same for all nodes


class NewerDatabase(Exception):
    """The database was made by a newer version of this program."""


def config() -> Config:
    """Alembic's settings; there is no alembic.ini."""
    settings = Config()
    settings.set_main_option("script_location", str(schema.MIGRATIONS))
    settings.set_main_option("path_separator", "os")
    return settings


def upgrade_to_head() -> bool:
    """Brings the tables up to date; returns whether the database was new.

    Raises NewerDatabase when the database knows a revision that this program does not.
    """
    bind = engine()
    with _alone(bind):
        found = schema.found(bind)
        if found is not None and found not in _known():
            raise NewerDatabase(
                f"Basis data ini (revisi {found}) dibuat oleh versi program yang lebih baru. Perbarui program dahulu."
            )
        if found != schema.wanted():
            command.upgrade(config(), "head")
        return found is None


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}


@contextmanager
def _alone(bind: sa.Engine) -> Iterator[None]:
    """Two nodes that start together take turns (PostgreSQL; SQLite has one writer anyway)."""
    if bind.dialect.name != "postgresql":
        yield
        return
    with bind.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.select(sa.func.pg_advisory_lock(_LOCK)))
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(_LOCK)))


@cli.command()
def upgrade() -> None:
    """Perbarui tabel ke versi program ini."""
    try:
        upgrade_to_head()
    except NewerDatabase as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Tabel sudah pada revisi {schema.wanted()}.")


@cli.command()
@click.argument("to")
def downgrade(to: str) -> None:
    """Kembalikan tabel ke revisi TO."""
    known = sorted(_known())
    if to not in ("base", *known):
        raise click.ClickException(f"Revisi {to!r} tidak dikenal. Pilih base atau salah satu dari: {', '.join(known)}.")
    command.downgrade(config(), to)


@cli.command()
def check() -> None:
    """Gagal jika model dan migrasi berbeda."""
    try:
        command.check(config())
    except CommandError as error:
        raise click.ClickException(str(error)) from error


@cli.command()
@click.argument("message")
def revision(message: str) -> None:
    """Buat migrasi berikutnya dari perubahan model."""
    number = len(list((schema.MIGRATIONS / "versions").glob("*.py"))) + 1
    command.revision(config(), message, autogenerate=True, rev_id=f"{number:04}")


@cli.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def backup(target: Path) -> None:
    """Simpan seluruh basis data ke berkas TARGET, selagi layanan berjalan."""
    url = engine().url
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".sebagian")
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database))) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    else:
        _postgres("pg_dump", "--format=custom", f"--file={part}")
    part.chmod(0o600)
    part.replace(target)
    click.echo(f"Cadangan tersimpan di {target} ({target.stat().st_size // 1024} KB).")


@cli.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Jangan bertanya lagi.")
def restore(source: Path, yes: bool) -> None:
    """Ganti seluruh isi basis data dengan cadangan SOURCE. Hentikan layanan dahulu."""
    if not yes:
        click.confirm("Isi basis data sekarang akan diganti seluruhnya. Lanjutkan?", abort=True)
    bind = engine()
    if bind.url.get_backend_name() == "sqlite":
        _restore_sqlite(source, Path(str(bind.url.database)))
    else:
        _postgres("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(source))
        _renumber(bind)
    bind.dispose()
    try:
        upgrade_to_head()
    except NewerDatabase as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Basis data dipulihkan dari {source}.")


def _renumber(bind: sa.Engine) -> None:
    """Gives restored events transaction numbers below any that this cluster will give.

    Transaction numbers belong to the cluster that wrote them; kept as they are, the reader would wait for ever or
    step over new events. What was read gets 0, what waits to be read gets 1.
    """
    with bind.begin() as connection:
        connection.execute(
            sa.text(
                "UPDATE journal SET tx = CASE WHEN (tx, id) <= (SELECT tx, event_id FROM stat_reader) THEN 0 ELSE 1 END"
            )
        )
        connection.execute(sa.text("UPDATE stat_reader SET tx = 0, event_id = 9223372036854775807"))


def _restore_sqlite(source: Path, database: Path) -> None:
    _check_saved(source)
    part = database.with_name(database.name + ".sebagian")
    shutil.copyfile(source, part)
    part.chmod(0o600)
    # The old log must not be read into the new file.
    for suffix in ("-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    part.replace(database)


def _check_saved(source: Path) -> None:
    """Stops before anything is replaced when the file is damaged, another program's, or newer than this one."""
    try:
        with closing(sqlite3.connect(source)) as saved:
            found = saved.execute("PRAGMA integrity_check").fetchone()[0]
            ours = saved.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
            revision = saved.execute("SELECT version_num FROM alembic_version").fetchone() if ours else None
    except sqlite3.DatabaseError as error:
        found, revision = str(error), None
    else:
        if found == "ok" and revision is None:
            raise click.ClickException(f"{source} bukan cadangan Cakap Bontang. Pakai berkas dari “flask db backup”.")
    if found != "ok" or revision is None:
        raise click.ClickException(f"Cadangan {source} rusak: {found}. Pakai cadangan lain.")
    if revision[0] not in _known():
        raise click.ClickException(f"{source} dibuat oleh versi program yang lebih baru. Perbarui programnya dahulu.")


def _postgres(tool: str, *arguments: str) -> None:
    """Runs a tool of PostgreSQL; PG_BIN names its folder when it is not on the path."""
    path = shutil.which(tool, path=os.environ.get("PG_BIN")) or shutil.which(tool)
    if path is None:
        raise click.ClickException(f"{tool} tidak ada. Pasang dengan: apt install postgresql-client")
    url = engine().url
    # The password travels in the environment, since a list of processes shows arguments to everybody.
    address = url.set(drivername="postgresql", password=None).render_as_string()
    env = (
        os.environ | {"PGOPTIONS": "-c lock_timeout=10s"} | ({"PGPASSWORD": str(url.password)} if url.password else {})
    )
    if subprocess.run([path, f"--dbname={address}", *arguments], env=env, check=False).returncode:  # noqa: S603 (our own arguments)
        raise click.ClickException(f"{tool} gagal; tidak ada yang diubah.")
