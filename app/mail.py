"""Letters: written as rows in the act's own transaction, sent after the commit by the background work."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import Base, apart

log = logging.getLogger(__name__)
_MOST_TRIES = 8


class Letter(Base):
    """A letter that waits (sent_at is null) or was sent."""

    __tablename__ = "letter"
    __table_args__ = (
        sa.Index(
            "ix_letter_waiting",
            "due_at",
            sqlite_where=sa.text("sent_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)


def write(session: Session, recipient: str, subject: str, body: str, now: datetime) -> None:
    """Puts a letter among those that wait."""
    session.add(Letter(recipient=recipient, subject=" ".join(subject.split()), body=body, due_at=now))


def send_due(bind: sa.Engine, settings: Mapping[str, Any], now: datetime) -> int:
    """Sends one letter that is due; returns how many were tried (0 or 1).

    The try is noted before the post office is asked, and the letter is marked as sent after it said yes: nobody
    who writes has to wait for a slow post office, and a letter is never lost, at worst sent twice after a crash.
    """
    if not settings["SMTP_HOST"]:
        return 0
    with apart(bind) as session:
        letter = _take(session, now)
    if letter is None:
        return 0
    try:
        _send(letter, settings)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        log.warning("letter %s was not accepted, try %s: %s", letter.id, letter.tries, type(error).__name__)
    else:
        with apart(bind) as session:
            session.execute(sa.update(Letter).where(Letter.id == letter.id).values(sent_at=now))
    return 1


def _take(session: Session, now: datetime) -> Letter | None:
    """The next letter that is due, put off, so that nobody else takes it meanwhile."""
    waiting = (
        sa.select(Letter)
        .where(Letter.sent_at.is_(None), Letter.due_at <= now, Letter.tries < _MOST_TRIES)
        .order_by(Letter.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    letter = session.scalar(waiting)
    if letter is not None:
        letter.tries += 1
        letter.due_at = now + timedelta(minutes=2**letter.tries)
    return letter


def _send(letter: Letter, settings: Mapping[str, Any]) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings["MAIL_FROM"], letter.recipient, letter.subject
    message.set_content(letter.body)
    with smtplib.SMTP(settings["SMTP_HOST"], settings["SMTP_PORT"], timeout=15) as server:
        if settings["SMTP_STARTTLS"]:
            # Without a context smtplib would believe any certificate.
            server.starttls(context=ssl.create_default_context())
        if settings["SMTP_USER"]:
            server.login(settings["SMTP_USER"], settings["SMTP_PASSWORD"])
        server.send_message(message)
