"""`flask demo`: a cast to sign in as, and on request a whole city of learners to look at."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import click

from app import city, clock
from app.access import Role
from app.accounts import actions, queries
from app.accounts.passwords import hashed
from app.accounts.rules import Newcomer, sign_in_name
from app.course import queries as course
from app.db import engine, session, transaction

_REGION = "64.74.01.1001"
# Readable aloud, without letters that look alike.
_WORDS = "perahu kuning jembatan ulin rumput laut terasi bakau dermaga titian camar udang senja layar jangkar".split()


@dataclass(frozen=True, slots=True)
class Member:
    """One of the demo cast, with the password it was given."""

    name: str
    username: str
    duty: str
    password: str


_CAST = (
    ("Sari Contoh", "sari", "peserta", (Role.RESIDENT,)),
    ("Budi Contoh", "budi", "pelatih", (Role.RESIDENT, Role.TRAINER)),
    ("Dewi Contoh", "dewi", "analis Dinas", (Role.ANALYST,)),
    ("Arif Contoh", "arif", "admin", (Role.ADMIN,)),
)


def make_cast() -> list[Member]:
    """Makes the demo cast with fresh random passwords; those who exist already are left alone."""
    now = clock.now()
    made = []
    for name, username, duty, roles in _CAST:
        sign_in = sign_in_name(username)
        if queries.named(session(), sign_in) is not None:
            continue
        password = "-".join(secrets.choice(_WORDS) for _ in range(4))
        newcomer = Newcomer(name, sign_in, _REGION, 1990)
        digest = hashed(password)
        with transaction() as writing:
            actions.add_person(writing, newcomer, digest, frozenset(roles), now)
        made.append(Member(name, username, duty, password))
    return made


def introduce(cast: list[Member]) -> None:
    """Prints who can sign in, once."""
    if not cast:
        return
    click.echo("\nPemeran contoh (nama dan kata sandi hanya ditampilkan sekali ini; DEMO=0 meniadakannya):")
    for member in cast:
        click.echo(f"  {member.duty:<14} nama pengguna: {member.username:<6} kata sandi: {member.password}")
    click.echo("")


@click.command("demo")
@click.option("--people", type=click.IntRange(0, 1_000_000), default=0, help="Banyaknya warga rekaan.")
@click.option("--seed", type=int, default=6474, help="Angka awal; sama angkanya, sama kotanya.")
def cli(people: int, seed: int) -> None:
    """Buat pemeran contoh, dan jika diminta juga kota warga rekaan dengan kemajuan belajarnya."""
    if people and course.latest(session(), city.SOURCE) is None:
        raise click.ClickException(f"Kursus {city.SOURCE} belum terbit. Jalankan dahulu: flask serve --prepare-only")
    introduce(make_cast())
    if people:
        enrolled = city.build(engine(), people, seed, clock.now())
        click.echo(f"{people} warga rekaan, {enrolled} pendaftaran kursus.")
