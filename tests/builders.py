"""Plain functions that make what a test needs."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.models import LoginSession, User

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # 12.00 WITA
PASSWORD = "perahu-kuning-tiga"
_numbers = count(1)


@cache
def password_hash() -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def a_person(db: Session, name: str = "Sari Contoh", **more: Any) -> User:
    """A person in Bontang Kuala born in 1990 who signs in by user name with PASSWORD."""
    number = next(_numbers)
    first = name.split()[0].lower()
    facts: dict[str, Any] = {
        "name": name,
        "search": name.casefold(),
        "username": f"{first}{number}",
        "password_hash": password_hash(),
        "region": "64.74.01.1001",
        "birth_year": 1990,
        "adult_declared_at": NOON,
        "created_at": NOON,
    }
    person = User(**facts | more)
    db.add(person)
    db.flush()
    return person


def signed_in(app: Flask, db: Session, person: User) -> FlaskClient:
    """A client that carries this person's session; `client.person` is the row."""
    token = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    db.add(
        LoginSession(
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            user_id=person.id,
            device="Penguji",
            shared=False,
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(days=1),
        )
    )
    db.commit()
    client = app.test_client()
    client.person = person  # type: ignore[attr-defined]
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    return client
