"""A phone in the middle of an attempt, for tests in a real browser."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.quiz.models import Answer


def a_phone(browser: Any, served: str, client: Any, uuid: str, **more: Any) -> Any:
    """The phone of this person with this attempt; `errors` holds what went wrong in its scripts."""
    cookie = client.get_cookie(client.application.config["SESSION_COOKIE_NAME"])
    context = browser.new_context(**{"viewport": {"width": 360, "height": 740}, "reduced_motion": "reduce"} | more)
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": served}])
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.uuid, page.home = uuid, f"{served}/percobaan/{uuid}"
    return page


def says(phone: Any, words: str) -> None:
    """Waits until the phone says where the answer is."""
    from playwright.sync_api import expect

    expect(phone.locator("[data-status]")).to_have_text(words, timeout=10_000)


def pending(phone: Any) -> Any:
    """What waits on the phone."""
    return json.loads(phone.evaluate(f"localStorage.getItem('kuis:{phone.uuid}')") or "{}")


def nothing_waits(phone: Any) -> None:
    """Waits until nothing is left on the phone."""
    for _ in range(100):
        if pending(phone) == {}:
            return
        phone.wait_for_timeout(50)
    raise AssertionError(pending(phone))


def stored(db: Session) -> dict[str, tuple[list[str], int]]:
    """What the server has kept, by question."""
    rows = db.execute(sa.select(Answer.item, Answer.choice, Answer.revision))
    found = {item: (choice, revision) for item, choice, revision in rows}
    db.rollback()
    return found
