"""Certificates: the facts of a paper, copied at issue, and every edition of it that was given out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.certificate.rules import ATTENDED, PASSED
from app.db import Base
from app.enrollment import models as _enrollment  # noqa: F401 (the foreign key below needs its table)


class Certificate(Base):
    """A certificate. Its facts never change but for a corrected name, which makes the next edition."""

    __tablename__ = "certificate"
    __table_args__ = (
        sa.UniqueConstraint("year", "sequence"),
        sa.UniqueConstraint("enrollment_id", "kind"),
        sa.CheckConstraint(f"kind IN ('{PASSED}', '{ATTENDED}')", name="kind"),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_because IS NULL)", name="revoked"),
        # Numbers are never used again: the status list of the credentials goes by them.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrollment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enrollment.id", ondelete="SET NULL"))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str] = mapped_column(server_default=PASSED)
    code: Mapped[str] = mapped_column(unique=True)
    year: Mapped[int]
    sequence: Mapped[int]
    number: Mapped[str] = mapped_column(unique=True)
    issued_at: Mapped[datetime]
    issued_on: Mapped[date]
    holder: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1", default=1)  # the edition that counts
    course_code: Mapped[str]
    course_title: Mapped[str]
    jp: Mapped[int]
    grade: Mapped[str]
    shows_score: Mapped[bool] = mapped_column(server_default=sa.false(), default=False)
    facts: Mapped[dict[str, Any]]  # everything else that stands on the paper
    revoked_at: Mapped[datetime | None]
    revoked_because: Mapped[str | None]
    revoked_by: Mapped[int | None]


class Edition(Base):
    """One edition of a certificate: the name it carries, what proves it, and the paper once there is one.

    No paper yet means that printing or signing is due.
    """

    __tablename__ = "certificate_edition"
    __table_args__ = (
        sa.UniqueConstraint("certificate_id", "version"),
        sa.CheckConstraint("(pdf IS NULL) = (finished_at IS NULL)", name="finished"),
        sa.CheckConstraint("(pdf IS NULL) = (digest IS NULL)", name="digest"),
        sa.CheckConstraint("signer IN ('none', 'pades', 'external')", name="signer"),
        sa.Index("ix_certificate_edition_due", "id", sqlite_where=sa.text("pdf IS NULL"),
                 postgresql_where=sa.text("pdf IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id", ondelete="CASCADE"))
    version: Mapped[int]
    holder: Mapped[str]
    made_at: Mapped[datetime]
    proof: Mapped[str]  # the signed facts behind the address in the QR code
    credential: Mapped[str]  # the same facts as an Open Badge (VC-JWT), attached to the paper
    signer: Mapped[str]  # who signs this paper: none, pades or external
    pdf: Mapped[bytes | None] = mapped_column(deferred=True)
    digest: Mapped[str | None] = mapped_column(unique=True)  # SHA-256 of the paper, in hex
    finished_at: Mapped[datetime | None]
    batch: Mapped[str | None]  # what the external service calls the batch that this paper waits in
    problem: Mapped[str | None]  # why the last try failed
    tries: Mapped[int] = mapped_column(server_default="0", default=0)
    next_try_at: Mapped[datetime | None]


class Act(Base):
    """Something done to a certificate after its issue, which whoever checks it may read."""

    __tablename__ = "certificate_act"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('corrected', 'revoked', 'reinstated')", name="kind"),
        sa.Index("ix_certificate_act_certificate_id", "certificate_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id", ondelete="CASCADE"))
    kind: Mapped[str]
    version: Mapped[int]
    because: Mapped[str]
    by: Mapped[int | None]
    at: Mapped[datetime]


class Logo(Base):
    """A picture of the agency as it stood on papers; kept, since papers printed later need the same."""

    __tablename__ = "certificate_logo"

    digest: Mapped[str] = mapped_column(primary_key=True)
    picture: Mapped[bytes]


class Batch(Base):
    """Certificates for many at once: who asked, for which course, and how far it is."""

    __tablename__ = "certificate_batch"
    __table_args__ = (sa.CheckConstraint(f"kind IN ('{PASSED}', '{ATTENDED}')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    kind: Mapped[str]
    course: Mapped[str]
    made_by: Mapped[int | None]
    made_at: Mapped[datetime]


class BatchItem(Base):
    """One person's place in a batch: waiting while it has neither a certificate nor a problem."""

    __tablename__ = "certificate_batch_item"
    __table_args__ = (
        sa.UniqueConstraint("batch_id", "enrollment_id"),
        sa.CheckConstraint("certificate_id IS NULL OR problem IS NULL", name="outcome"),
        sa.Index("ix_certificate_batch_item_due", "id",
                 sqlite_where=sa.text("certificate_id IS NULL AND problem IS NULL"),
                 postgresql_where=sa.text("certificate_id IS NULL AND problem IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate_batch.id", ondelete="CASCADE"))
    enrollment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrollment.id", ondelete="CASCADE"), index=True)
    holder: Mapped[str]
    certificate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("certificate.id", ondelete="CASCADE"), index=True)
    problem: Mapped[str | None]


class NumberCounter(Base):
    """The last running number of a year."""

    __tablename__ = "certificate_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
