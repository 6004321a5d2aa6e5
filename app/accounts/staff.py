"""Acts of people with power over others: roles given and taken, accounts closed and opened, each with its trace."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import journal
from app.access import Role
from app.accounts import actions, queries
from app.accounts.models import User
from app.accounts.rules import Newcomer
from app.errors import N_, Refused


def active_admins(session: Session) -> set[int]:
    """Every admin who can act, locked until the end of the transaction, so that two cannot remove each other."""
    found = session.scalars(
        sa.select(User.id)
        .where(queries.with_role(Role.ADMIN), User.disabled_at.is_(None), User.deleted_at.is_(None))
        .order_by(User.id)
        .with_for_update()
    )
    return set(found)


def grant(session: Session, user_id: int, role: Role, actor: int | None, now: datetime) -> None:
    """Gives a person a role; giving it twice is the same as once."""
    allowed(session, actor)
    user = held(session, user_id)
    roles = queries.roles_of(user.roles)
    if role in roles:
        return
    user.roles = actions.role_words(roles | {role})
    journal.audit(session, "role.granted", now, actor=actor, person=user_id, role=role.value)


def take(session: Session, user_id: int, role: Role, actor: int | None, now: datetime) -> None:
    """Takes a role from a person; the last admin and the last role of an account stay."""
    admins = allowed(session, actor)
    user = held(session, user_id)
    roles = queries.roles_of(user.roles)
    if role not in roles:
        return
    if role is Role.ADMIN and not admins - {user_id}:
        raise Refused(N_("Ini satu-satunya admin. Beri peran admin kepada orang lain dahulu."))
    if len(roles) == 1:
        raise Refused(N_("Setiap akun perlu paling sedikit 1 peran. Beri peran lain dahulu, atau nonaktifkan akunnya."))
    user.roles = actions.role_words(roles - {role})
    journal.audit(session, "role.taken", now, actor=actor, person=user_id, role=role.value)


def disable(session: Session, user_id: int, actor: int | None, now: datetime) -> None:
    """Closes an account until it is opened again, and signs the person out everywhere."""
    admins = allowed(session, actor)
    if user_id == actor:
        raise Refused(N_("Anda tidak dapat menonaktifkan akun Anda sendiri."))
    user = held(session, user_id)
    if user.disabled_at is not None:
        return
    if admins == {user_id}:
        raise Refused(N_("Ini satu-satunya admin. Beri peran admin kepada orang lain dahulu."))
    user.disabled_at = now
    actions.end_sessions(session, user_id, now)
    journal.audit(session, "account.disabled", now, actor=actor, person=user_id)


def enable(session: Session, user_id: int, actor: int | None, now: datetime) -> None:
    """Opens a closed account again; the person signs in anew."""
    allowed(session, actor)
    user = held(session, user_id)
    if user.disabled_at is None:
        return
    user.disabled_at = None
    journal.audit(session, "account.enabled", now, actor=actor, person=user_id)


def add(
    session: Session, newcomer: Newcomer, password_hash: str, roles: frozenset[Role], actor: int | None, now: datetime
) -> User:
    """Makes an account for somebody with these roles."""
    user = actions.add_person(session, newcomer, password_hash, roles, now)
    for role in Role:
        if role in roles and role is not Role.RESIDENT:
            journal.audit(session, "role.granted", now, actor=actor, person=user.id, role=role.value)
    return user


def allowed(session: Session, actor: int | None) -> set[int]:
    """The admins who can act; the actor must be one of them at this very moment. None is the server's own command."""
    admins = active_admins(session)
    if actor is not None and actor not in admins:
        raise Refused(N_("Anda bukan admin lagi, jadi perubahan ini tidak disimpan."))
    return admins


def held(session: Session, user_id: int) -> User:
    """The person, held until the transaction ends; refuses when the account is deleted."""
    user = session.scalar(sa.select(User).where(User.id == user_id, User.deleted_at.is_(None)).with_for_update())
    if user is None:
        raise Refused(N_("Akun ini sudah dihapus."))
    return user
