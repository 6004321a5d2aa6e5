"""Deadlines of attempts, extra time for people who need it, one pre-test, and the balance of forms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


DUE = "submitted_at IS NULL AND deadline_at IS NOT NULL"


SECOND = "purpose = 'pre' AND number > 1"


def upgrade() -> None:
    # Two presses in the same moment could begin a second pre-test on PostgreSQL. It counted for nothing, and no score
    # of it was ever told. Its answers go first: SQLite looks after no foreign keys during a migration.
    op.execute(f"DELETE FROM answer WHERE attempt_id IN (SELECT id FROM attempt WHERE {SECOND})")  # noqa: S608 (ours)
    op.execute(f"DELETE FROM attempt WHERE {SECOND}")  # noqa: S608 (ours)
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("deadline_at", app.db.Instant(timezone=True), nullable=True))
        # Attempts made before there were deadlines were all submitted by their people.
        batch_op.add_column(sa.Column("timed_out", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_check_constraint(op.f("ck_attempt_deadline"), "deadline_at IS NULL OR deadline_at > started_at")
        batch_op.create_check_constraint(op.f("ck_attempt_pre_once"), "purpose <> 'pre' OR number = 1")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.alter_column("timed_out", server_default=None)
        batch_op.create_index(
            "ix_attempt_due", ["deadline_at"], sqlite_where=sa.text(DUE), postgresql_where=sa.text(DUE)
        )

    op.create_table(
        "form_balance",
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ahead", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["course_version.id"], name=op.f("fk_form_balance_version_id")),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_form_balance")),
    )
    # Who enrols from now on makes up for what chance gave to those before.
    op.execute(
        "INSERT INTO form_balance (version_id, ahead) "
        "SELECT version_id, SUM(CASE form WHEN 'A' THEN 1 ELSE -1 END) FROM enrollment GROUP BY version_id"
    )

    op.create_table(
        "time_allowance",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("extra_percent", sa.Integer(), nullable=False),
        sa.Column("granted_by", sa.Integer(), nullable=True),
        sa.Column("granted_at", app.db.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("extra_percent BETWEEN 1 AND 300", name=op.f("ck_time_allowance_extra_percent")),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["person.id"], name=op.f("fk_time_allowance_granted_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_time_allowance_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_time_allowance")),
    )


def downgrade() -> None:
    op.drop_table("time_allowance")
    op.drop_table("form_balance")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_attempt_due", sqlite_where=sa.text(DUE), postgresql_where=sa.text(DUE))
        batch_op.drop_constraint(op.f("ck_attempt_pre_once"), type_="check")
        batch_op.drop_constraint(op.f("ck_attempt_deadline"), type_="check")
        batch_op.drop_column("timed_out")
        batch_op.drop_column("deadline_at")
