"""`flask serve`: everything a fresh machine needs, then the production server. Running it again changes nothing."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import click
from flask import current_app

from app import clock, demo
from app.course import actions as course
from app.course import files
from app.db import transaction
from app.errors import Refused
from app.migrate import NewerDatabase, upgrade_to_head

# Hashing a password takes 19 MiB for a moment. Left to itself, the C library would keep that much for every thread;
# given back each time, it comes in large pages, or asking for it would cost a third of the hashing.
MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": "1048576",
    "MALLOC_ARENA_MAX": "1",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
COURSES = Path(__file__).resolve().parent.parent / "courses"


def prepare() -> bool:
    """Brings tables and courses up to date; a new database gets the demo cast. Returns whether it was new."""
    new = upgrade_to_head()
    for folder in sorted(path.parent for path in COURSES.glob("*/course.toml")):
        with transaction() as session:
            version = course.publish_if_new(session, folder.name, files.read(folder), clock.now())
        if version is not None:
            click.echo(f"Kursus {folder.name} terbit sebagai versi {version.number}.")
    if new and current_app.config["DEMO"]:
        demo.introduce(demo.make_cast())
    return new


def check_port(host: str, port: int) -> None:
    """Raises a clear error when another program listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} sudah dipakai program lain atau tidak boleh dipakai ({error.strerror}). "
                f"Hentikan program itu, atau pilih port lain: PORT={port + 1} make run"
            ) from error


@click.command("serve")
@click.option("--prepare-only", is_flag=True, help="Siapkan saja, jangan layani.")
def cli(prepare_only: bool) -> None:
    """Siapkan basis data dan kursus, lalu layani dengan server produksi."""
    host, port = current_app.config["HOST"], current_app.config["PORT"]
    if not prepare_only:
        check_port(host, port)
    try:
        prepare()
    except (NewerDatabase, Refused) as error:
        raise click.ClickException(str(error)) from error
    if prepare_only:
        return
    current_app.extensions["db"].dispose()
    click.echo(f"Cakap Bontang melayani di {current_app.config['BASE_URL']} (Ctrl+C untuk berhenti)")
    sys.stdout.flush()
    # The workers are servers, not commands: they start the background work (see wsgi.py).
    os.environ.pop("FLASK_RUN_FROM_CLI", None)
    os.environ.update(MEMORY)
    # This process becomes the server's master, which then holds nothing of ours in memory.
    os.execv(sys.executable, [sys.executable, "-m", "granian", *_arguments(host, port), "wsgi:app"])  # noqa: S606 (no shell)


def _arguments(host: str, port: int) -> list[str]:
    return [
        "--interface=wsgi",
        f"--host={host}",
        f"--port={port}",
        f"--workers={current_app.config['WORKERS']}",
        "--blocking-threads=4",
        "--respawn-failed-workers",
        # A worker told to stop while it still starts would never do so.
        "--workers-kill-timeout=10",
        "--no-ws",
        "--http=1",
        "--log-level=warning",
        f"--working-dir={COURSES.parent}",
    ]
