"""`flask certificate …`: what the desk does with a certificate, from the server."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from app import clock, i18n, journal
from app.accounts import queries as accounts
from app.accounts.rules import sign_in_name
from app.certificate import actions, lifecycle, queries, register, rules, sending
from app.certificate.code import EXAMPLE, grouped, normalise
from app.certificate.models import Certificate, Edition
from app.db import session, transaction
from app.enrollment import queries as enrollments
from app.errors import Refused
from app.forms import usable

cli = AppGroup("certificate", help="Sertifikat: lihat, terbitkan, cabut, pulihkan, koreksi, hapus, unduh daftarnya.")
_ACTS = {"revoked": "Dicabut", "reinstated": "Pulih", "corrected": "Dikoreksi"}
_UNKNOWN = "Tidak ada sertifikat dengan kode ini."


def _stored(code: str) -> str:
    stored = normalise(code)
    if stored is None:
        raise click.ClickException(f"Kode verifikasi terdiri atas 20 huruf dan angka, misalnya {EXAMPLE}.")
    return stored


def _status(row: Certificate) -> str:
    return "sah" if row.revoked_at is None else f"dicabut {i18n.moment(row.revoked_at)}: {row.revoked_because}"


@cli.command()
@click.argument("code")
def show(code: str) -> None:
    """Sebut isi dan status sertifikat dengan kode CODE."""
    row = queries.by_code(session(), _stored(code))
    if row is None:
        raise click.ClickException(_UNKNOWN)
    for label, value in (
        ("Nomor", row.number),
        ("Kode", grouped(row.code)),
        ("Nama", row.holder),
        ("Kursus", f"{row.course_code} {row.course_title}, versi {row.facts['version']}"),
        ("Jumlah", f"{row.jp} JP"),
        ("Predikat", row.grade or "tanpa (surat keterangan keikutsertaan)"),
        ("Terbit", i18n.moment(row.issued_at)),
        ("Status", _status(row)),
        ("Alamat", queries.address(current_app.config["BASE_URL"], row.code)),
        *((_ACTS[act.kind], f"{i18n.moment(act.at)}: {act.because}") for act in queries.history(session(), row)),
        *((f"Edisi {paper.version}", _paper(row, paper)) for paper in register.papers(session(), row)),
    ):
        click.echo(f"{label:<9} {value}")


def _paper(row: Certificate, paper: Edition) -> str:
    if paper.finished_at is not None:
        return f"SHA-256 {paper.digest}"
    if paper.version != row.version:
        return f"tidak dibuat: digantikan edisi {row.version}"
    if row.revoked_at is not None:
        return "tidak dibuat selama dicabut"
    awaited = "menunggu PDF" if paper.signer == "none" else "menunggu tanda tangan"
    return f"{awaited}: {paper.problem}" if paper.problem else awaited


def own_file(target: Path) -> int:
    """A handle to write what holds names to: only its owner reads the file, also one that was there before."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        os.fchmod(handle, 0o600)  # what is no file, as /dev/stdout, keeps its own
    return handle


@contextmanager
def _acting() -> Iterator[Session]:
    """A transaction whose refusal is a sentence."""
    try:
        with transaction() as writing:
            yield writing
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal


@cli.command()
@click.argument("code")
@click.option("--because", required=True, help="Alasan; setiap pemeriksa dapat membacanya.")
def revoke(code: str, because: str) -> None:
    """Cabut sertifikat dengan kode CODE. Nomor dan kodenya tetap ada, statusnya menjadi dicabut."""
    stored = _stored(code)
    with _acting() as writing:
        row = lifecycle.revoke(writing, stored, because, None, clock.now())
    click.echo(f"{row.number}: {_status(row)}")


@cli.command()
@click.argument("code")
@click.option("--because", required=True, help="Alasan; setiap pemeriksa dapat membacanya.")
def reinstate(code: str, because: str) -> None:
    """Pulihkan sertifikat yang dicabut, sehingga sah lagi."""
    stored = _stored(code)
    with _acting() as writing:
        row = lifecycle.reinstate(writing, stored, because, None, clock.now())
    click.echo(f"{row.number}: {_status(row)}")


@cli.command()
@click.argument("code")
@click.option("--name", required=True, help="Nama yang benar.")
@click.option("--because", required=True, help="Alasan; setiap pemeriksa dapat membacanya.")
def correct(code: str, name: str, because: str) -> None:
    """Koreksi nama: edisi berikutnya terbit dengan kode dan nomor yang sama."""
    stored = _stored(code)
    with _acting() as writing:
        there = queries.by_code(writing, stored)
        row = lifecycle.correct(
            writing,
            stored,
            name,
            because,
            seen=there.version if there else 1,
            by=None,
            now=clock.now(),
            settings=current_app.config,
        )
    click.echo(f"{row.number}: edisi {row.version}, atas nama {row.holder}")


@cli.command()
@click.argument("code")
@click.option("--because", required=True, help="Alasan; tercatat di catatan tindakan.")
@click.option("--yes", is_flag=True, help="Tanpa bertanya dahulu.")
def remove(code: str, because: str, yes: bool) -> None:
    """Hapus sertifikat karena pemegangnya meminta. Tidak dapat dibatalkan."""
    stored = _stored(code)
    if not yes:
        click.confirm("Sertifikat dihapus selamanya, dan kodenya tidak ditemukan lagi. Lanjutkan?", abort=True)
    with _acting() as writing:
        lifecycle.remove(writing, stored, because, None, clock.now())
    click.echo("Sertifikat dihapus.")


@cli.command()
@click.argument("code")
def resend(code: str) -> None:
    """Sebut tautan dan kode untuk pemegangnya, dan kirim lewat surel jika akunnya punya surel."""
    stored = _stored(code)
    row = queries.by_code(session(), stored)
    if row is None:
        raise click.ClickException(_UNKNOWN)
    click.echo(f"{row.holder}: {queries.address(current_app.config['BASE_URL'], row.code)}")
    if sending.reachable(session(), row, current_app.config) is None:
        click.echo("Tidak ada surel yang dapat dikirim. Berikan tautan itu kepada orangnya.")
        return
    with _acting() as writing:
        recipient = sending.send(writing, stored, str(uuid4()), None, clock.now(), current_app.config)
    click.echo(f"Surel untuk {recipient} sudah ditulis dan segera dikirim.")


@cli.command()
@click.argument("sign_in")
@click.argument("course")
@click.option("--kind", type=click.Choice([rules.PASSED, rules.ATTENDED]), default=rules.PASSED, show_default=True)
@click.option("--name", default="", help="Nama yang dicetak di sertifikat pertama; tanpa ini nama akunnya.")
def issue(sign_in: str, course: str, kind: str, name: str) -> None:
    """Terbitkan sertifikat untuk akun SIGN_IN di kursus COURSE (alamatnya, misalnya tolak-penipuan)."""
    with _acting() as writing:
        user = accounts.named(writing, sign_in_name(sign_in))
        learning = enrollments.of(writing, user.id, course) if user and usable(course) else None
        if user is None or learning is None:
            raise click.ClickException(f"Tidak ada akun {sign_in!r} yang mengikuti kursus {course!r}.")
        there, now = queries.of_enrollment(writing, learning.id, kind), clock.now()
        row = actions.issue(writing, learning, name or user.name, kind, now, current_app.config)
        if there is None:
            told = {"course": course, "certificate": kind, "number": row.number}
            journal.audit(writing, "certificate.issued", now, actor=None, person=user.id, **told)
    click.echo(f"{row.number}  {grouped(row.code)}  {row.holder}")


@cli.command("list")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="Paling banyak sekian.")
def list_(limit: int) -> None:
    """Sebut sertifikat yang terbit terakhir."""
    newest = queries.newest(session(), limit)
    if not newest:
        click.echo("Belum ada sertifikat yang terbit.")
    for row in newest:
        state = "sah" if row.revoked_at is None else "dicabut"
        click.echo(f"{row.number}  {grouped(row.code)}  {row.issued_on.isoformat()}  {state:<7}  {row.holder}")
