"""`flask certificate work`, `status`, `batch-out` and `batch-in`: papers that wait for print or signature."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from datetime import timedelta
from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app

from app import clock, i18n
from app.certificate import batches, handover, waiting, work
from app.certificate.away import SignerAway
from app.certificate.child import STAYS
from app.certificate.cli import cli
from app.db import engine, session, transaction
from app.errors import Refused


@cli.command("work")
@click.option("--follow", is_flag=True, help="Tunggu sebentar kalau-kalau ada lagi; berhenti bersama proses induk.")
@click.option("--again", is_flag=True, help="Coba sekarang juga yang ditunda karena ada kendala.")
def work_(follow: bool, again: bool) -> None:
    """Terbitkan, cetak, dan tanda tangani semua yang menunggu, lalu selesai."""
    if again:
        # Before the lock, for whoever has it takes up what is due.
        with transaction() as writing:
            waiting.call_again(writing)
    with (Path(current_app.config["DATA"]) / "papers.lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            click.echo("Proses lain sedang mengerjakannya.")
        else:
            click.echo(f"{_work(engine(), follow)} PDF dikerjakan.")
    if not follow:
        _tell()


def _work(bind: sa.Engine, follow: bool) -> int:
    done, parent, idle_since = 0, os.getppid(), time.monotonic()
    while not follow or os.getppid() == parent:
        issued = batches.do_due(bind, current_app.config, clock.now())
        step = issued + work.do_due(bind, current_app.config, clock.now())
        done += step - issued
        if step:
            idle_since = time.monotonic()
        elif not follow or time.monotonic() - idle_since > STAYS:
            break
        else:
            time.sleep(1)
    return done


@cli.command()
def status() -> None:
    """Sebut berapa PDF yang menunggu dan mengapa; gagal (1) jika ada yang terhambat atau lama tidak dikerjakan."""
    _tell()


def _tell() -> None:
    """Says what waits and why; exits with 1 when something went wrong, or nobody is at it."""
    found = waiting.groups(session())
    late = waiting.late(session(), waiting.kinds(current_app.config), clock.now())
    click.echo(f"{sum(group.papers for group in found)} PDF menunggu.")
    for group in found:
        again = f" Dicoba lagi {i18n.moment(group.next_try_at)}." if group.next_try_at else ""
        click.echo(f"{group.papers:>6} {group.signer:<8} {group.problem or 'menunggu giliran.'}{again}")
    if late:
        minutes = waiting.LATE // timedelta(minutes=1)
        click.echo(f"{late} PDF sudah {minutes} menit mendapat giliran, tetapi belum dikerjakan. Periksa layanannya.")
    if late or any(group.problem for group in found):
        sys.exit(1)


@cli.command("batch-out")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--because", required=True, help="Untuk apa PDF-nya; tercatat di catatan tindakan.")
def batch_out(target: Path, because: str) -> None:
    """Tulis semua PDF yang menunggu tanda tangan pejabat ke folder atau ZIP baru TARGET, yang memuat nama orang."""
    try:
        papers = handover.take_out(engine(), current_app.config, target, because, clock.now())
    except (handover.NotRead, Refused) as no:
        raise click.ClickException(str(no)) from no
    click.echo(f"{papers} PDF ditulis ke {target}.")


@cli.command("batch-in")
@click.argument("source", type=click.Path(path_type=Path))
def batch_in(source: Path) -> None:
    """Terima PDF yang sudah ditandatangani dari folder atau ZIP SOURCE; yang tidak sah ditolak dengan sebabnya."""
    try:
        done = handover.bring_back(engine(), current_app.config, source, clock.now())
    except (handover.NotRead, SignerAway) as no:
        raise click.ClickException(str(no)) from no
    click.echo(f"{done.kept} PDF diterima, {done.known} sudah pernah, {len(done.problems)} ditolak.")
    for problem in done.problems:
        click.echo(problem, err=True)
    if done.problems:
        sys.exit(1)
