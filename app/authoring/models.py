"""Drafts of trainers."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Draft(Base):
    """The working copy of a course, one a course, begun from a published version or from nothing."""

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    base_number: Mapped[int]  # the version it began from; 0 for a new course
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]


class DraftFile(Base):
    """One text of a draft. `revision` rises with each save; a save based on an older one is refused."""

    __tablename__ = "draft_file"

    draft_id: Mapped[int] = mapped_column(sa.ForeignKey("draft.id", ondelete="CASCADE"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    revision: Mapped[int]
    saved_at: Mapped[datetime]
    saved_by: Mapped[int | None]
