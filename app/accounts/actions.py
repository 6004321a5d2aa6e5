"""What people do with their own account: register, sign in and out, correct, agree, change the password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import journal
from app.access import Role
from app.accounts import consents, queries
from app.accounts.codes import new_token, token_hash
from app.accounts.models import Consent, LoginSession, User
from app.accounts.queries import CurrentUser
from app.accounts.rules import OWN_STAY, SHARED_STAY, AboutMe, Newcomer, Wording, short_name
from app.errors import N_, Refused


class Taken(Refused):
    """Somebody already signs in with this name."""

    def __init__(self) -> None:
        super().__init__(N_("Nama ini sudah dipakai. Jika ini akun Anda, silakan masuk. Jika bukan, pilih nama lain."))


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a newcomer stated and, if they agreed to it, told about themself."""

    adult: Wording
    about_me: Wording | None = None
    facts: AboutMe | None = None


def register(session: Session, newcomer: Newcomer, password_hash: str, agreed: Agreed, now: datetime) -> User:
    """Makes a resident's account. Raises Taken when the sign-in name has an account, also one made this instant."""
    user = add_person(session, newcomer, password_hash, frozenset({Role.RESIDENT}), now)
    note_consent(session, user.id, agreed.adult, True, now)
    if agreed.about_me is not None and agreed.facts is not None:
        tell_about_me(session, user, agreed.facts, agreed.about_me, now)
    return user


def add_person(session: Session, newcomer: Newcomer, password_hash: str, roles: frozenset[Role], now: datetime) -> User:
    """A new row of a person, decided by the constraint on sign-in names."""
    user = User(
        name=newcomer.name,
        search=newcomer.name.casefold(),
        password_hash=password_hash,
        region=newcomer.region,
        birth_year=newcomer.birth_year,
        adult_declared_at=now,
        roles=role_words(roles),
        created_at=now,
    )
    setattr(user, newcomer.sign_in.kind, newcomer.sign_in.value)
    try:
        with session.begin_nested():
            session.add(user)
    except sa.exc.IntegrityError:
        if queries.named(session, newcomer.sign_in) is None:
            raise
        raise Taken from None
    if Role.RESIDENT in roles:
        journal.record(session, "registered", now, person=user.id)
    return user


def role_words(roles: frozenset[Role]) -> str:
    """Roles as a row keeps them, always in the same order."""
    return " ".join(role.value for role in Role if role in roles)


def open_session(session: Session, user: User, device: str, shared: bool, now: datetime) -> CurrentUser:
    """Signs the person in on this device, with a token nobody has seen before."""
    token = new_token()
    row = LoginSession(
        token_hash=token_hash(token),
        user_id=user.id,
        device=device,
        shared=shared,
        created_at=now,
        seen_at=now,
        expires_at=now + (SHARED_STAY if shared else OWN_STAY),
    )
    session.add(row)
    session.flush()
    return CurrentUser(
        id=user.id,
        name=user.name,
        short_name=short_name(user.name),
        roles=queries.roles_of(user.roles),
        region=user.region,
        session_id=row.id,
        shared=shared,
        token=token,
    )


def sign_in(
    session: Session, user_id: int, checked_hash: str, renewed: str | None, device: str, shared: bool, now: datetime
) -> CurrentUser | None:
    """Signs in the person whose password was right a moment ago; None when that has changed."""
    user = queries.person(session, user_id)
    if user is None or user.password_hash != checked_hash or user.disabled_at is not None:
        return None
    if renewed is not None:
        user.password_hash = renewed
    return open_session(session, user, device, shared, now)


def note_use(session: Session, session_id: int, now: datetime) -> None:
    """Notes that a device is in use, unless somebody else did so this instant or it was signed out."""
    session.execute(
        sa.update(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.seen_at < now, LoginSession.ended_at.is_(None))
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def end_session(session: Session, user_id: int, session_id: int, now: datetime) -> bool:
    """Signs this person out on one of their devices, once or again; whether the device is theirs."""
    mine = LoginSession.user_id == user_id, LoginSession.id == session_id
    _end(session, now, *mine)
    return session.scalar(sa.select(LoginSession.id).where(*mine)) is not None


def end_sessions(session: Session, user_id: int, now: datetime, keep: int | None = None) -> None:
    """Signs this person out everywhere, except on the device to keep."""
    mine = LoginSession.user_id == user_id
    if keep is None:
        _end(session, now, mine)
    else:
        _end(session, now, mine, LoginSession.id != keep)


def _end(session: Session, now: datetime, *which: sa.ColumnElement[bool]) -> None:
    session.execute(
        sa.update(LoginSession)
        .where(*which, LoginSession.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )


def correct_profile(session: Session, user_id: int, name: str, region: str) -> None:
    """Corrects the name and the kelurahan. Certificates already issued keep the name they were issued with."""
    user = _mine(session, user_id)
    user.name, user.search, user.region = name, name.casefold(), region


def tell_about_me(session: Session, user: User, facts: AboutMe, wording: Wording, now: datetime) -> None:
    """Keeps what the person agreed to tell, with the sentence they agreed to."""
    user.gender, user.education, user.occupation = facts.gender, facts.education, facts.occupation
    note_consent(session, user.id, wording, True, now)


def agree(session: Session, user_id: int, facts: AboutMe, wording: Wording, now: datetime) -> None:
    """Gives the consent for optional facts and keeps them."""
    tell_about_me(session, _mine(session, user_id), facts, wording, now)


def withdraw(session: Session, user_id: int, wording: Wording, now: datetime) -> None:
    """Takes the consent for optional facts back; they are gone at once. Taking back twice is the same as once."""
    user = _mine(session, user_id)
    user.gender = user.education = user.occupation = None
    if queries.agreed(session, user_id, consents.ABOUT_ME):
        note_consent(session, user_id, wording, False, now)


def note_consent(session: Session, user_id: int, wording: Wording, given: bool, now: datetime) -> None:
    """Adds to the record of consents: which sentence, in which version, yes or no, when."""
    session.add(
        Consent(
            user_id=user_id,
            purpose=wording.purpose,
            text_version=wording.version,
            text_hash=consents.text_hash(wording.text),
            given=given,
            at=now,
        )
    )


def change_password(session: Session, user_id: int, checked_hash: str, new_hash: str, now: datetime) -> User:
    """Sets a new password after the old one was right, and signs out everywhere."""
    user = _mine(session, user_id)
    if user.password_hash != checked_hash:
        raise Refused(N_("Kata sandi ini baru saja diganti dari perangkat lain. Masuk lagi dengan kata sandi baru."))
    user.password_hash = new_hash
    end_sessions(session, user_id, now)
    return user


def _mine(session: Session, user_id: int) -> User:
    user = session.scalar(
        sa.select(User)
        .where(User.id == user_id, User.deleted_at.is_(None), User.disabled_at.is_(None))
        .with_for_update()
    )
    if user is None:
        raise Refused(N_("Akun ini sudah dihapus atau dinonaktifkan."))
    return user
