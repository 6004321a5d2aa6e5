from __future__ import annotations

from sqlalchemy.orm import Session


def signed_in(session: Session, token: str) -> None:
    return None
