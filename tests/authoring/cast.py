"""What tests about writing share: a published course, its draft, and the forms of the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.authoring import queries
from app.authoring.queries import Working
from app.course import actions as course_actions
from app.course.models import CourseVersion
from tests.builders import NOON
from tests.builders_course import a_course_files
from tests.inspector import Page, send, visit

SLUG = "contoh"
HOME = f"/menulis/{SLUG}"
LESSON = "1-pesan/01-materi-1.md"
QUIZ = "1-pesan/kuis.md"
EDIT = f"{HOME}/teks/{LESSON}"


def publish(db: Session, files: Mapping[str, str] | None = None, slug: str = SLUG) -> CourseVersion:
    """A whole course without a problem, published."""
    version = course_actions.publish(db, slug, files or a_course_files(whole=True), NOON)
    db.commit()
    return version


def begin(client: FlaskClient, slug: str = SLUG) -> None:
    """Presses “Mulai draf”."""
    send(client, f"/menulis/{slug}/mulai", 303)


def draft(app: Flask, db: Session, slug: str = SLUG) -> Working | None:
    """The draft as it stands."""
    db.rollback()
    with app.app_context():
        found = queries.working(db, slug)
    db.rollback()
    return found


def hidden(page: Page, action: str) -> dict[str, str]:
    """The hidden fields of the form that goes to this address."""
    form = page.soup.select_one(f'form[action="{action}"]')
    assert form is not None, f"{page.url} has no form for {action}"
    return {
        field["name"]: field["value"] for field in form.select("input[type=hidden]") if field["name"] != "csrf_token"
    }


def shown_text(page: Page, field: str = "teks") -> str:
    """What stands in a textarea, as a browser would send it back."""
    area = page.soup.find("textarea", id=field)
    assert area is not None
    return area.get_text()


def press_save(
    client: FlaskClient, text: str, path: str = LESSON, *, page: Page | None = None, **more: Any
) -> TestResponse:
    """Saves a text from the page that was opened before, or from a fresh one."""
    address = f"{HOME}/teks/{path}"
    page = page or visit(client, address)
    return send(client, address, None, **hidden(page, address) | {"teks": text} | more)


def press_publish(
    client: FlaskClient, page: Page | None = None, note: str = "Satu kalimat diperjelas."
) -> TestResponse:
    """Publishes from the page that was opened before, or from a fresh one."""
    page = page or visit(client, HOME)
    return send(client, f"{HOME}/terbitkan", None, **hidden(page, f"{HOME}/terbitkan") | {"perubahan": note})
