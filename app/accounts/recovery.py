"""The way back in after a forgotten password: a one-time code from the desk or by e-mail."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import journal
from app.accounts import actions, queries
from app.accounts.codes import code_hash, new_code
from app.accounts.models import Recovery, User
from app.accounts.rules import SignInName
from app.errors import N_, Refused

DESK, EMAIL = "desk", "email"
VALID = {DESK: timedelta(minutes=30), EMAIL: timedelta(hours=2)}
NO_MATCH = N_("Nama dan kode ini tidak cocok, atau kodenya sudah dipakai atau kedaluwarsa. Minta kode baru jika perlu.")


def make_code(session: Session, user_id: int, actor: int, now: datetime) -> tuple[str, datetime]:
    """A code for somebody at the desk, and until when it works. Codes made before stop working."""
    user = session.scalar(sa.select(User).where(User.id == user_id, User.deleted_at.is_(None)).with_for_update())
    if user is None or user.disabled_at is not None:
        raise Refused(N_("Akun ini nonaktif. Aktifkan dahulu, lalu buat kode pemulihan."))
    made = _add(session, user, DESK, actor, now)
    journal.audit(session, "recovery.made", now, actor=actor, person=user.id)
    return made


def code_by_mail(session: Session, name: SignInName, now: datetime) -> tuple[str, str] | None:
    """The address and a code for a letter, None when no open account has this name and an e-mail address."""
    user = session.scalar(
        sa.select(User)
        .where(getattr(User, name.kind) == name.value, User.disabled_at.is_(None), User.deleted_at.is_(None))
        .with_for_update()
    )
    if user is None or user.email is None:
        return None
    return user.email, _add(session, user, EMAIL, None, now)[0]


def _add(session: Session, user: User, channel: str, actor: int | None, now: datetime) -> tuple[str, datetime]:
    # A code by e-mail must not undo the one that a person was just handed at the desk.
    session.execute(sa.delete(Recovery).where(Recovery.user_id == user.id, Recovery.channel == channel))
    code, until = new_code(), now + VALID[channel]
    session.add(
        Recovery(
            user_id=user.id, code_hash=code_hash(code), made_by=actor, channel=channel, created_at=now, expires_at=until
        )
    )
    return code, until


def recover(session: Session, name: SignInName, code: str, password_hash: str, now: datetime) -> None:
    """Sets a new password with a code, once, and signs out everywhere. Wrong code and unknown name answer alike."""
    user = queries.named(session, name)
    used = session.execute(
        sa.update(Recovery)
        .where(
            Recovery.user_id == (user.id if user is not None and user.disabled_at is None else -1),
            Recovery.code_hash == code_hash(code),
            Recovery.used_at.is_(None),
            Recovery.expires_at > now,
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    if user is None or getattr(used, "rowcount", 0) != 1:
        raise Refused(NO_MATCH)
    user.password_hash = password_hash
    session.execute(sa.delete(Recovery).where(Recovery.user_id == user.id, Recovery.used_at.is_(None)))
    actions.end_sessions(session, user.id, now)
