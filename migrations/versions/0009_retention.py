"""Answers by age, so that forgetting old ones reads no others."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_answer_saved_at", "answer", ["saved_at"])


def downgrade() -> None:
    op.drop_index("ix_answer_saved_at", table_name="answer")
