"""Reading drafts, and what is published beside them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.authoring.models import Draft, DraftFile
from app.authoring.rules import settled
from app.course import queries as course_queries
from app.course.content import COURSE
from app.course.models import CourseVersion
from app.course.rules import Filters
from app.course.texts import curl
from app.enrollment.models import Enrollment


@dataclass(frozen=True, slots=True)
class Saved:
    """One text of a draft as it was saved last."""

    path: str
    text: str
    revision: int
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Working:
    """A draft with all its texts."""

    id: int
    slug: str
    base_number: int
    created_at: datetime
    saved: dict[str, Saved]

    @property
    def files(self) -> dict[str, str]:
        """The texts by path."""
        return {path: one.text for path, one in self.saved.items()}

    @property
    def newest(self) -> Saved | None:
        """What was saved last."""
        return max(self.saved.values(), key=lambda one: (one.at, one.revision), default=None)


@dataclass(frozen=True, slots=True)
class Begun:
    """A draft in the list of courses."""

    slug: str
    base_number: int
    title: str
    saved_at: datetime
    saved_by: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A course as the list shows it: what is published, and the draft there is."""

    slug: str
    title: str
    version: CourseVersion | None
    draft: Begun | None


@dataclass(frozen=True, slots=True)
class Past:
    """A version that was published."""

    number: int
    at: datetime
    by: str | None
    note: str


_DRAFT_FILES = (
    sa.select(
        Draft.id,
        Draft.base_number,
        Draft.created_at,
        DraftFile.path,
        DraftFile.text,
        DraftFile.revision,
        DraftFile.saved_at,
        User.name,
    )
    .outerjoin(DraftFile, DraftFile.draft_id == Draft.id)
    .outerjoin(User, User.id == DraftFile.saved_by)
    .where(Draft.slug == sa.bindparam("slug"))
    .order_by(DraftFile.path)
)


def working(session: Session, slug: str) -> Working | None:
    """The draft of this course with its texts, in one statement."""
    rows = session.execute(_DRAFT_FILES, {"slug": slug}).all()
    if not rows:
        return None
    saved = {path: Saved(path, text, rev, at, name) for *_, path, text, rev, at, name in rows if path is not None}
    draft_id, base_number, created_at, *_ = rows[0]
    return Working(draft_id, slug, base_number, created_at, saved)


def saved(session: Session, draft_id: int, path: str) -> Saved | None:
    """One text of a draft as it is now."""
    query = (
        sa.select(DraftFile.path, DraftFile.text, DraftFile.revision, DraftFile.saved_at, User.name)
        .outerjoin(User, User.id == DraftFile.saved_by)
        .where(DraftFile.draft_id == draft_id, DraftFile.path == path)
    )
    row = session.execute(query).first()
    return None if row is None else Saved(*row)


def texts_at(session: Session, slug: str, path: str) -> dict[str, str]:
    """The text at this place of the draft, as a mapping; empty when there is none."""
    query = sa.select(DraftFile.path, DraftFile.text).join(Draft).where(Draft.slug == slug, DraftFile.path == path)
    return {path: text for path, text in session.execute(query)}


def courses(session: Session) -> list[Listed]:
    """Every course there is, published or begun, by title."""
    published = {version.slug: version for version in course_queries.catalogue(session, Filters())}
    drafts = {draft.slug: draft for draft in _begun(session)}
    found = []
    for slug in {*published, *drafts}:
        version, draft = published.get(slug), drafts.get(slug)
        title = version.title if version else draft.title if draft else slug
        found.append(Listed(slug, title, version, draft))
    return sorted(found, key=lambda one: (one.title.casefold(), one.slug))


def _begun(session: Session) -> list[Begun]:
    """Every draft with who saved something in it last."""
    place = sa.func.row_number().over(
        partition_by=DraftFile.draft_id, order_by=(DraftFile.saved_at.desc(), DraftFile.revision.desc(), DraftFile.path)
    )
    last = sa.select(DraftFile.draft_id, DraftFile.saved_at, DraftFile.saved_by, place.label("place")).subquery()
    settings = sa.orm.aliased(DraftFile)
    query = (
        sa.select(Draft.slug, Draft.base_number, settings.text, last.c.saved_at, Draft.created_at, User.name)
        .outerjoin(last, sa.and_(last.c.draft_id == Draft.id, last.c.place == 1))
        .outerjoin(settings, sa.and_(settings.draft_id == Draft.id, settings.path == COURSE))
        .outerjoin(User, User.id == last.c.saved_by)
    )
    return [
        Begun(slug, base, _title_in(text) or slug, saved_at or created_at, name)
        for slug, base, text, saved_at, created_at, name in session.execute(query)
    ]


def _title_in(settings: str | None) -> str:
    """The title a draft's settings give, if they can be read."""
    try:
        title = tomllib.loads(settings or "").get("judul")
    except (ValueError, RecursionError):
        return ""
    return curl(" ".join(title.split())[:120]) if isinstance(title, str) else ""


def base_texts(session: Session, slug: str, number: int) -> dict[str, str]:
    """The texts of this published version with line ends as drafts have them; nothing for a course that is new."""
    if number == 0:
        return {}
    query = sa.select(CourseVersion.files).where(CourseVersion.slug == slug, CourseVersion.number == number)
    return {path: settled(text) for path, text in (session.scalar(query) or {}).items()}


def past(session: Session, slug: str) -> list[Past]:
    """The newest versions of this course, newest first."""
    query = (
        sa.select(CourseVersion.number, CourseVersion.published_at, User.name, CourseVersion.note)
        .outerjoin(User, User.id == CourseVersion.published_by)
        .where(CourseVersion.slug == slug)
        .order_by(CourseVersion.number.desc())
        .limit(20)
    )
    return [Past(*row) for row in session.execute(query)]


def learning(session: Session, slug: str) -> dict[int, int]:
    """How many people are in the middle of each version; numbers only, never who."""
    query = (
        sa.select(CourseVersion.number, sa.func.count())
        .join(Enrollment, Enrollment.version_id == CourseVersion.id)
        .where(CourseVersion.slug == slug, Enrollment.completed_at.is_(None))
        .group_by(CourseVersion.number)
        .order_by(CourseVersion.number.desc())
    )
    return {number: count for number, count in session.execute(query)}
