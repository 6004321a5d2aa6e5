"""`flask accounts …`: the same acts as at the desk, from the server."""

from __future__ import annotations

import secrets

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from app import clock
from app.access import Role
from app.accounts import passwords, queries, regions, rules, staff
from app.accounts.actions import Taken
from app.accounts.models import User
from app.db import session, transaction
from app.errors import Refused
from app.forms import usable

cli = AppGroup("accounts", help="Orang dan peran: tambah, beri, cabut, daftar, nonaktifkan.")
_LONGEST_NAME = 120  # as in the form
_ROLE = click.Choice([role.value for role in Role])


def _found(opened: Session, typed: str) -> User:
    try:
        user = queries.named(opened, rules.sign_in_name(typed))
    except Refused as no:
        raise click.ClickException(str(no)) from no
    if user is None:
        raise click.ClickException(f"Tidak ada akun dengan nama {typed!r}.")
    return user


@cli.command("grant")
@click.argument("sign_in")
@click.argument("role", type=_ROLE)
def grant(sign_in: str, role: str) -> None:
    """Beri peran kepada akun dengan nama masuk ini."""
    with transaction() as s:
        user = _found(s, sign_in)
        staff.grant(s, user.id, Role(role), None, clock.now())
    click.echo(f"{user.name}: {user.roles}")


@cli.command("take")
@click.argument("sign_in")
@click.argument("role", type=_ROLE)
def take(sign_in: str, role: str) -> None:
    """Cabut peran dari akun dengan nama masuk ini."""
    try:
        with transaction() as s:
            user = _found(s, sign_in)
            staff.take(s, user.id, Role(role), None, clock.now())
    except Refused as no:
        raise click.ClickException(str(no)) from no
    click.echo(f"{user.name}: {user.roles}")


@cli.command("list")
@click.argument("role", type=_ROLE)
def list_(role: str) -> None:
    """Tampilkan semua orang dengan peran ini."""
    for user in queries.people_with(session(), Role(role)):
        names = ", ".join(rules.shown(name) for name in queries.names_of(user))
        click.echo(f"{user.name} ({names}){' nonaktif' if user.disabled_at else ''}")


@cli.command("add")
@click.argument("sign_in")
@click.option("--name", required=True, help="Nama lengkap.")
@click.option("--role", "roles", type=_ROLE, multiple=True, help="Peran; boleh lebih dari 1. Tanpa ini: resident.")
@click.option("--region", default=regions.OUTSIDE, help="Kode atau nama kelurahan; tanpa ini: luar.")
@click.option("--birth-year", type=click.IntRange(1900, 2100), default=1990, help="Tahun lahir.")
def add(sign_in: str, name: str, roles: tuple[str, ...], region: str, birth_year: int) -> None:
    """Buat akun dan tampilkan kata sandi acak, 1 kali."""
    code = regions.find(region)
    if code is None:
        raise click.ClickException(f"Kelurahan {region!r} tidak dikenal.")
    if len(name) > _LONGEST_NAME or not usable(name):
        raise click.ClickException(f"Nama lengkap paling panjang {_LONGEST_NAME} huruf, tanpa tanda tersembunyi.")
    password = secrets.token_urlsafe(12)
    wanted = frozenset(Role(role) for role in roles) or frozenset({Role.RESIDENT})
    try:
        newcomer = rules.Newcomer(rules.full_name(name), rules.sign_in_name(sign_in), code, birth_year)
        password_hash = passwords.hashed(password)
        with transaction() as s:
            staff.add(s, newcomer, password_hash, wanted, None, clock.now())
    except Taken as taken:
        raise click.ClickException(f"Sudah ada akun dengan nama {sign_in!r}.") from taken
    except Refused as no:
        raise click.ClickException(str(no)) from no
    click.echo(f"Kata sandi untuk {rules.shown(newcomer.sign_in)}: {password}")
    click.echo("Kata sandi ini tidak tersimpan di mana pun. Minta orangnya menggantinya di Akun saya.")


@cli.command("disable")
@click.argument("sign_in")
def disable(sign_in: str) -> None:
    """Nonaktifkan akun ini dan keluarkan semua perangkatnya."""
    try:
        with transaction() as s:
            user = _found(s, sign_in)
            staff.disable(s, user.id, None, clock.now())
    except Refused as no:
        raise click.ClickException(str(no)) from no
    click.echo(f"{user.name}: nonaktif")
