"""Who learns what, and how far."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enrollment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("started_at", app.db.Instant(timezone=True), nullable=False),
        sa.Column("touched_at", app.db.Instant(timezone=True), nullable=False),
        sa.Column("at_step", sa.Text(), nullable=False),
        sa.Column("completed_at", app.db.Instant(timezone=True), nullable=True),
        sa.CheckConstraint("form IN ('A', 'B')", name=op.f("ck_enrollment_form")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_enrollment_user_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["version_id"], ["course_version.id"], name=op.f("fk_enrollment_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollment")),
        sa.UniqueConstraint("user_id", "version_id", name=op.f("uq_enrollment_user_id_version_id")),
    )
    with op.batch_alter_table("enrollment", schema=None) as batch_op:
        batch_op.create_index("ix_enrollment_version_id", ["version_id"], unique=False)

    op.create_table(
        "step_done",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("done_at", app.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollment.id"], name=op.f("fk_step_done_enrollment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enrollment_id", "step", name=op.f("pk_step_done")),
    )


def downgrade() -> None:
    op.drop_table("step_done")
    with op.batch_alter_table("enrollment", schema=None) as batch_op:
        batch_op.drop_index("ix_enrollment_version_id")

    op.drop_table("enrollment")
