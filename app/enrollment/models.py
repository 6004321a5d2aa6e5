"""A resident learning one version of a course."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.course.models import CourseVersion
from app.db import Base


class Enrollment(Base):
    """One person in one version of one course."""

    __tablename__ = "enrollment"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "version_id"),
        sa.CheckConstraint("form IN ('A', 'B')", name="form"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("course_version.id"), index=True)
    form: Mapped[str]  # the form of the pre-test; the post-test begins with the other one
    started_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    at_step: Mapped[str] = mapped_column(default="")  # where to resume
    completed_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise_on_sql")
    version: Mapped[CourseVersion] = relationship(lazy="raise_on_sql")


class FormBalance(Base):
    """How both forms of the test stand in one version; kept, for counting everybody at each enrollment would grow."""

    __tablename__ = "form_balance"

    version_id: Mapped[int] = mapped_column(sa.ForeignKey("course_version.id"), primary_key=True, autoincrement=False)
    ahead: Mapped[int]  # how many more people begin with form A than with form B


class StepDone(Base):
    """A step of the course that this person has done; a step is done once (see `enrollment.rules.Step`)."""

    __tablename__ = "step_done"

    enrollment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrollment.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    act: Mapped[str]  # the client's UUID of the act that did it
    score: Mapped[float | None]  # best score so far, for quizzes and tests
    done_at: Mapped[datetime]
