"""Totals for the Dinas."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stat_reader",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tx", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("read_at", app.db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stat_reader")),
    )
    op.create_table(
        "stat_seen",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("learner", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "period", "scope", name=op.f("pk_stat_seen")),
    )
    op.create_table(
        "stat_total",
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("breakdown", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sub", sa.Text(), nullable=False),
        sa.Column("registered", sa.Integer(), nullable=False),
        sa.Column("active", sa.Integer(), nullable=False),
        sa.Column("enrolled", sa.Integer(), nullable=False),
        sa.Column("learners", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("tested", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("jp", sa.Integer(), nullable=False),
        sa.Column("certificates", sa.Integer(), nullable=False),
        sa.Column("gain_pairs", sa.Integer(), nullable=False),
        sa.Column("gain_full", sa.Integer(), nullable=False),
        sa.Column("gain_norm_sum", sa.Double(), nullable=False),
        sa.Column("gain_histogram", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("period", "scope", "breakdown", "key", "sub", name=op.f("pk_stat_total")),
    )


def downgrade() -> None:
    op.drop_table("stat_total")
    op.drop_table("stat_seen")
    op.drop_table("stat_reader")
