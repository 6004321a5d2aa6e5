"""People, their signed-in devices, their consents and their recovery codes."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class User(Base):
    """A person. Deleting empties the row and keeps it, so that counts stay and nobody inherits the id."""

    __tablename__ = "person"
    __table_args__ = (
        sa.CheckConstraint(
            "deleted_at IS NOT NULL OR username IS NOT NULL OR phone IS NOT NULL OR email IS NOT NULL", name="reachable"
        ),
        sa.CheckConstraint("birth_year BETWEEN 1900 AND 2100", name="birth_year"),
        sa.CheckConstraint("gender IN ('female', 'male')", name="gender"),
        sa.Index("ix_person_search", "search"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    search: Mapped[str]  # the name in lower case, for the desk's search
    username: Mapped[str | None] = mapped_column(unique=True)
    phone: Mapped[str | None] = mapped_column(unique=True)
    email: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str]
    region: Mapped[str]  # Kemendagri code of the kelurahan, or "luar"
    birth_year: Mapped[int]
    adult_declared_at: Mapped[datetime]
    gender: Mapped[str | None]
    education: Mapped[int | None]
    occupation: Mapped[int | None]
    roles: Mapped[str] = mapped_column(default="resident")  # words of access.Role, separated by a blank
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class LoginSession(Base):
    """One signed-in device. The cookie holds the token, the row only its hash."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    device: Mapped[str]
    shared: Mapped[bool]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Consent(Base):
    """What a person agreed to or took back, in which words, when. Only added to, never changed."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str]
    text_version: Mapped[str]
    text_hash: Mapped[str]
    given: Mapped[bool]
    at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(default="web")


class Recovery(Base):
    """A one-time code with which a person sets a new password."""

    __tablename__ = "recovery"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    made_by: Mapped[int | None]
    channel: Mapped[str]  # "desk" or "email"
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
