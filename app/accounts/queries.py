"""Reads about people: who is signed in, who has this name, on which devices, with which consents."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.access import Role
from app.accounts.codes import token_hash
from app.accounts.models import Consent, LoginSession, Recovery, User
from app.accounts.rules import OWN_IDLE, SHARED_IDLE, SHARED_NOTED, Kind, SignInName, short_name, sign_in_name, to_note
from app.db import rows
from app.errors import Refused

_person = sa.inspect(User).local_table.c
_device = sa.inspect(LoginSession).local_table.c
_IN_USE = (
    _device.ended_at.is_(None),
    _device.expires_at > sa.bindparam("now"),
    _device.seen_at > sa.bindparam("own_since"),
    sa.or_(sa.not_(_device.shared), _device.seen_at > sa.bindparam("shared_since")),
)
# Runs on every request of a signed-in person: plain columns, one statement, compiled once.
_SIGNED_IN = sa.select(
    _person.id,
    _person.name,
    _person.roles,
    _person.region,
    _device.id.label("session_id"),
    _device.shared,
    _device.seen_at,
).where(
    _device.token_hash == sa.bindparam("token_hash"),
    _device.user_id == _person.id,
    *_IN_USE,
    _person.disabled_at.is_(None),
    _person.deleted_at.is_(None),
)


@dataclass(frozen=True, slots=True)
class CurrentUser:
    """The person of this request, as Flask-Login and the pages want to know them."""

    id: int
    name: str
    short_name: str
    roles: frozenset[Role]
    region: str
    session_id: int
    shared: bool
    token: str = field(repr=False)
    to_note: bool = False  # whether it is time to note that the device is in use

    is_authenticated = True
    is_active = True
    is_anonymous = False

    @property
    def is_resident(self) -> bool:
        """Whether the person learns here."""
        return Role.RESIDENT in self.roles

    def get_id(self) -> str:
        """What the cookie keeps: the token of this device, never the number of the person."""
        return self.token


def roles_of(words: str) -> frozenset[Role]:
    """The roles that a row's words name; unknown words are nobody's role."""
    return frozenset(role for role in Role if role.value in words.split())


def signed_in(session: Session, token: str, now: datetime) -> CurrentUser | None:
    """The person whose device holds this token; nobody when it was signed out, ran out or lay unused."""
    row = rows(session, _SIGNED_IN, {"token_hash": token_hash(str(token)), **_moments(now)}).first()
    if row is None:
        return None
    return CurrentUser(
        id=row.id,
        name=row.name,
        short_name=short_name(row.name),
        roles=roles_of(row.roles),
        region=row.region,
        session_id=row.session_id,
        shared=row.shared,
        token=token,
        to_note=to_note(row.shared, row.seen_at, now),
    )


def _moments(now: datetime) -> dict[str, datetime]:
    """Since when a device must have been seen to count as in use; the last use may be a little after its note."""
    return {"now": now, "own_since": now - OWN_IDLE, "shared_since": now - SHARED_IDLE - SHARED_NOTED}


def named(session: Session, name: SignInName) -> User | None:
    """The person who signs in with this name."""
    return session.scalar(sa.select(User).where(getattr(User, name.kind) == name.value, User.deleted_at.is_(None)))


def person(session: Session, user_id: int) -> User | None:
    """The row of one person, unless the account was deleted."""
    return session.scalar(sa.select(User).where(User.id == user_id, User.deleted_at.is_(None)))


def matching(words: str) -> sa.ColumnElement[bool]:
    """Those whose name holds these words, or who sign in with them or with something that begins so."""
    wanted = " ".join(words.casefold().split())
    found: list[sa.ColumnElement[bool]] = [
        User.search.contains(wanted, autoescape=True),
        User.username.startswith(wanted, autoescape=True),
        User.email.startswith(wanted, autoescape=True),
    ]
    with suppress(Refused):
        found.append(User.phone == sign_in_name(wanted).value)
    return sa.or_(*found)


def names_of(user: User) -> list[SignInName]:
    """Every name this person signs in with."""
    kept = ((kind, getattr(user, kind)) for kind in Kind)
    return [SignInName(kind, value) for kind, value in kept if value]


def devices(session: Session, user_id: int, now: datetime) -> Sequence[LoginSession]:
    """The devices on which this person is signed in, the newest first."""
    return session.scalars(
        sa.select(LoginSession)
        .where(LoginSession.user_id == user_id, *_IN_USE)
        .order_by(LoginSession.id.desc())
        .limit(100),
        _moments(now),
    ).all()


def consents(session: Session, user_id: int) -> Sequence[Consent]:
    """Everything this person agreed to and took back, in order."""
    return session.scalars(sa.select(Consent).where(Consent.user_id == user_id).order_by(Consent.id)).all()


def agreed(session: Session, user_id: int, purpose: str) -> bool:
    """Whether the newest word of this person about the purpose is yes."""
    given = session.scalar(
        sa.select(Consent.given)
        .where(Consent.user_id == user_id, Consent.purpose == purpose)
        .order_by(Consent.id.desc())
        .limit(1)
    )
    return bool(given)


def with_role(role: Role) -> sa.ColumnElement[bool]:
    """The condition that a person has this role."""
    return (sa.literal(" ") + User.roles + sa.literal(" ")).contains(f" {role.value} ", autoescape=True)


def people_with(session: Session, role: Role) -> Sequence[User]:
    """Everybody with this role, by name."""
    return session.scalars(
        sa.select(User).where(with_role(role), User.deleted_at.is_(None)).order_by(User.search, User.id)
    ).all()


def all_sessions(session: Session, user_id: int) -> Sequence[LoginSession]:
    """Every device this person signed in on, the newest first."""
    return session.scalars(
        sa.select(LoginSession).where(LoginSession.user_id == user_id).order_by(LoginSession.id.desc())
    ).all()


def recoveries(session: Session, user_id: int) -> Sequence[Recovery]:
    """Every recovery code made for this person that is still on record."""
    return session.scalars(sa.select(Recovery).where(Recovery.user_id == user_id).order_by(Recovery.id)).all()
