"""Everything held about a person, gathered from every slice that holds something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts import consents, people, queries, recovery, regions, role_names
from app.errors import N_

Provider = Callable[[Session, int], list[dict[str, object]]]
_providers: dict[str, Provider] = {}


class Word(str):
    """A word of ours, not of the person: the page shows it in its own language, the file keeps it."""

    __slots__ = ()


def register(name: str, provider: Provider) -> None:
    """A slice tells what it holds: `provider(session, user_id)` returns rows of words and plain values.

    `name` is the heading on the page and the key in the file, marked with N_; registering a name again replaces it.
    """
    _providers[name] = provider


def held(session: Session, user_id: int) -> dict[str, list[dict[str, object]]]:
    """Every heading with its rows, the account's own first."""
    return {name: provider(session, user_id) for name, provider in _providers.items()}


def plain(value: object) -> Any:
    """A value as a file keeps it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _profile(session: Session, user_id: int) -> list[dict[str, object]]:
    user = queries.person(session, user_id)
    if user is None:
        return []
    return [
        {
            N_("Nama lengkap"): user.name,
            N_("Nama pengguna"): user.username,
            N_("Nomor HP"): user.phone,
            N_("Surel"): user.email,
            N_("Kelurahan domisili"): Word(regions.name_of(user.region)),
            N_("Tahun lahir"): str(user.birth_year),
            N_("Pernyataan usia 18+"): user.adult_declared_at,
            N_("Jenis kelamin"): Word(people.gender_label(user.gender)),
            N_("Pendidikan terakhir"): Word(people.education_label(user.education)),
            N_("Pekerjaan"): Word(people.occupation_label(user.occupation)),
            N_("Peran"): role_names.listed(queries.roles_of(user.roles)),
            N_("Akun dibuat"): user.created_at,
        }
    ]


def _consents(session: Session, user_id: int) -> list[dict[str, object]]:
    return [
        {
            N_("Tentang"): Word(consents.NAMES.get(row.purpose, row.purpose)),
            N_("Setuju"): row.given,
            N_("Waktu"): row.at,
            N_("Versi kalimat"): row.text_version,
            N_("Sidik kalimat"): row.text_hash,
        }
        for row in queries.consents(session, user_id)
    ]


def _devices(session: Session, user_id: int) -> list[dict[str, object]]:
    return [
        {
            N_("Perangkat"): row.device,
            N_("Dipakai bersama"): row.shared,
            N_("Masuk"): row.created_at,
            N_("Terakhir dipakai"): row.seen_at,
            N_("Berlaku sampai"): row.expires_at,
            N_("Keluar"): row.ended_at,
        }
        for row in queries.all_sessions(session, user_id)
    ]


_CHANNELS = {recovery.DESK: N_("Petugas"), recovery.EMAIL: N_("Surel")}


def _recovery(session: Session, user_id: int) -> list[dict[str, object]]:
    return [
        {
            N_("Dibuat"): row.created_at,
            N_("Lewat"): Word(_CHANNELS.get(row.channel, row.channel)),
            N_("Berlaku sampai"): row.expires_at,
            N_("Dipakai"): row.used_at,
        }
        for row in queries.recoveries(session, user_id)
    ]


register(N_("Profil"), _profile)
register(N_("Pernyataan dan persetujuan"), _consents)
register(N_("Perangkat yang pernah masuk"), _devices)
register(N_("Kode pemulihan"), _recovery)
