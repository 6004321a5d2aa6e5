"""Editions of certificates, what was done to them, batches and logos."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Numbers of certificates are never used again: the status list of the credentials goes by them.
    with op.batch_alter_table("certificate", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.Text(), server_default="passed", nullable=False))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("shows_score", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.drop_constraint(batch_op.f("uq_certificate_enrollment_id"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_certificate_enrollment_id_kind"), ["enrollment_id", "kind"])
        batch_op.create_check_constraint(batch_op.f("ck_certificate_kind"), "kind IN ('passed', 'attended')")

    op.create_table(
        "certificate_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", app.db.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('passed', 'attended')", name=op.f("ck_certificate_batch_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_batch")),
        sa.UniqueConstraint("uuid", name=op.f("uq_certificate_batch_uuid")),
    )
    op.create_table(
        "certificate_logo",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_certificate_logo")),
    )
    op.create_table(
        "certificate_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", app.db.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('corrected', 'revoked', 'reinstated')", name=op.f("ck_certificate_act_kind")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_act_certificate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_act")),
    )
    with op.batch_alter_table("certificate_act", schema=None) as batch_op:
        batch_op.create_index("ix_certificate_act_certificate_id", ["certificate_id"], unique=False)

    op.create_table(
        "certificate_batch_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.CheckConstraint("certificate_id IS NULL OR problem IS NULL", name=op.f("ck_certificate_batch_item_outcome")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["certificate_batch.id"], name=op.f("fk_certificate_batch_item_batch_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_certificate_batch_item_certificate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["enrollment_id"],
            ["enrollment.id"],
            name=op.f("fk_certificate_batch_item_enrollment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_batch_item")),
        sa.UniqueConstraint("batch_id", "enrollment_id", name=op.f("uq_certificate_batch_item_batch_id_enrollment_id")),
    )
    with op.batch_alter_table("certificate_batch_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_batch_item_certificate_id"), ["certificate_id"], unique=False)
        batch_op.create_index(
            "ix_certificate_batch_item_due",
            ["id"],
            unique=False,
            sqlite_where=sa.text("certificate_id IS NULL AND problem IS NULL"),
            postgresql_where=sa.text("certificate_id IS NULL AND problem IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_certificate_batch_item_enrollment_id"), ["enrollment_id"], unique=False)

    op.create_table(
        "certificate_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("made_at", app.db.Instant(timezone=True), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("finished_at", app.db.Instant(timezone=True), nullable=True),
        sa.Column("batch", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", app.db.Instant(timezone=True), nullable=True),
        sa.CheckConstraint("signer IN ('none', 'pades', 'external')", name=op.f("ck_certificate_edition_signer")),
        sa.CheckConstraint("(pdf IS NULL) = (digest IS NULL)", name=op.f("ck_certificate_edition_digest")),
        sa.CheckConstraint("(pdf IS NULL) = (finished_at IS NULL)", name=op.f("ck_certificate_edition_finished")),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_certificate_edition_certificate_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_edition")),
        sa.UniqueConstraint("certificate_id", "version", name=op.f("uq_certificate_edition_certificate_id_version")),
        sa.UniqueConstraint("digest", name=op.f("uq_certificate_edition_digest")),
    )
    with op.batch_alter_table("certificate_edition", schema=None) as batch_op:
        batch_op.create_index(
            "ix_certificate_edition_due",
            ["id"],
            unique=False,
            sqlite_where=sa.text("pdf IS NULL"),
            postgresql_where=sa.text("pdf IS NULL"),
        )

    # Papers of before are printed, and their facts signed, by the background work.
    op.execute(
        "INSERT INTO certificate_edition (certificate_id, version, holder, made_at, proof, credential, signer)"
        " SELECT id, 1, holder, issued_at, '', '', 'none' FROM certificate"
    )
    op.execute(
        "INSERT INTO certificate_act (certificate_id, kind, version, because, by, at)"
        " SELECT id, 'revoked', 1, revoked_because, revoked_by, revoked_at FROM certificate"
        " WHERE revoked_at IS NOT NULL"
    )


def downgrade() -> None:
    for table in ("edition", "batch_item", "act", "logo", "batch"):
        op.drop_table(f"certificate_{table}")
    op.execute("DELETE FROM certificate WHERE kind <> 'passed'")
    with op.batch_alter_table("certificate") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_certificate_kind"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_certificate_enrollment_id_kind"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_certificate_enrollment_id"), ["enrollment_id"])
        batch_op.drop_column("shows_score")
        batch_op.drop_column("version")
        batch_op.drop_column("kind")
