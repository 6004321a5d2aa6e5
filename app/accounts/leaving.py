"""Leaving: the row is emptied and stays, so that counts stay true and nobody inherits the number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import journal
from app.access import Role
from app.accounts import queries, staff
from app.accounts.models import LoginSession, Recovery, User
from app.errors import N_, Refused
from app.mail import Letter

GONE = "Akun terhapus"
Eraser = Callable[[Session, int, datetime], None]
_erasers: list[Eraser] = []
_wholly: list[Eraser] = []


def also(eraser: Eraser) -> Eraser:
    """A slice downstream adds what it erases when a person leaves: `eraser(session, user_id, now)`."""
    if eraser not in _erasers:
        _erasers.append(eraser)
    return eraser


def when_asked(eraser: Eraser) -> Eraser:
    """… and what it erases only when the person asks for that as well."""
    if eraser not in _wholly:
        _wholly.append(eraser)
    return eraser


def delete(session: Session, user_id: int, checked_hash: str, now: datetime, *, wholly: bool = False) -> None:
    """Deletes an account whose password was right: names, facts, devices and codes go, the consent record stays.

    Certificates can still be checked unless everything shall go (`wholly`).
    """
    admins = staff.active_admins(session)
    user = session.scalar(sa.select(User).where(User.id == user_id, User.deleted_at.is_(None)).with_for_update())
    if user is None:
        return
    if user.password_hash != checked_hash:
        raise Refused(N_("Kata sandi akun ini baru saja diganti. Masuk lagi, lalu ulangi."))
    if Role.ADMIN in queries.roles_of(user.roles) and admins == {user_id}:
        raise Refused(N_("Anda satu-satunya admin. Beri peran admin kepada orang lain dahulu."))
    # Attempts before enrollments: in that order every act holds its rows, so that none waits for the other.
    for eraser in (*(_wholly if wholly else ()), *reversed(_erasers)):
        eraser(session, user_id, now)
    if user.email is not None:
        session.execute(sa.delete(Letter).where(Letter.recipient == user.email))
    session.execute(sa.delete(LoginSession).where(LoginSession.user_id == user_id))
    session.execute(sa.delete(Recovery).where(Recovery.user_id == user_id))
    user.name, user.search, user.password_hash, user.roles = GONE, "", "", ""
    user.username = user.phone = user.email = None
    user.gender = user.education = user.occupation = None
    user.deleted_at = now
    journal.record(session, "deleted", now, person=user_id)
