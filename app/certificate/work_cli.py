"""`flask certificate work` and `status`: papers that wait for print or signature."""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app

from app import clock
from app.certificate import work
from app.certificate.cli import cli
from app.db import session


@cli.command("work")
def work_() -> None:
    """Cetak dan tanda tangani semua sertifikat yang menunggu, dengan prioritas paling rendah, lalu selesai."""
    os.nice(19)
    engine: sa.Engine = current_app.extensions["db"]
    with (Path(current_app.config["DATA"]) / "papers.lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            click.echo("Proses lain sedang mengerjakannya.")
            return
        maker, made = work.Maker(engine, current_app.config), 0
        while step := maker.do_due(clock.now()):
            made += step
    click.echo(f"{made} PDF selesai.")


@cli.command()
def status() -> None:
    """Sebut berapa PDF yang menunggu dan mengapa; gagal (1) jika ada yang terhambat, untuk pemantauan."""
    found = work.waiting(session())
    click.echo(f"{found.papers} PDF menunggu, {found.troubled} di antaranya terhambat.")
    if found.troubled:
        click.echo(found.problem)
        sys.exit(1)
