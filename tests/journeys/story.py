"""What a person does with a page: follow a link by its words, fill and send a form by its button."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from bs4 import Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.course import actions as course_actions
from app.course import content
from app.course.shapes import Course
from tests.builders import NOON
from tests.builders_course import a_course_files
from tests.inspector import Page, inspect, visit

SLUG = "contoh"
FILES = a_course_files(whole=True)
COURSE: Course = content.parse(FILES)  # type: ignore[assignment]


def publish(app: Flask, db: Session) -> None:
    """The small course as version 1."""
    with app.app_context():
        course_actions.publish(db, SLUG, FILES, NOON)
        db.commit()


def said(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def follow(client: FlaskClient, page: Page, words: str) -> Page:
    """Opens the link with these words."""
    found = [link for link in page.soup.find_all("a", href=True) if said(link).startswith(words)]
    assert found, f"{page.url} has no link “{words}”: {[said(link) for link in page.soup.find_all('a')]}"
    return visit(client, urljoin(page.url, str(found[0]["href"])))


def press(client: FlaskClient, page: Page, words: str, **typed: Any) -> Page:
    """Presses the button with these words and opens the page it leads to."""
    return land(client, post(client, page, words, **typed))


def post(client: FlaskClient, page: Page, words: str, **typed: Any) -> TestResponse:
    """Sends the form of the button with these words, with what stands in its fields and what is typed now."""
    buttons = [button for button in page.soup.find_all("button") if said(button).startswith(words)]
    assert buttons, f"{page.url} has no button “{words}”: {[said(one) for one in page.soup.find_all('button')]}"
    button = buttons[0]
    form = button.find_parent("form")
    assert form is not None
    sent = _filled(form) | typed
    unknown = set(typed) - {field.get("name") for field in form.select("input, select, textarea")}
    assert not unknown, f"{page.url}: the form of “{words}” has no field {unknown}"
    if button.get("name"):
        sent[str(button["name"])] = button.get("value", "")
    address = urljoin(page.url, str(form.get("action") or page.url))
    if str(form.get("method", "get")).lower() == "get":
        return client.get(address.split("?")[0], query_string=sent)
    return client.post(address, data=sent)


def land(client: FlaskClient, answer: TestResponse) -> Page:
    """Follows where the answer leads, and inspects the page there."""
    for _ in range(5):
        if answer.status_code not in (302, 303):
            break
        answer = client.get(answer.location)
    assert answer.status_code in (200, 409, 422), (
        f"{answer.request.path} answered {answer.status_code}: {answer.text[:400]}"
    )
    return inspect(answer, answer.request.full_path.rstrip("?"))


def _filled(form: Tag) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name]"):
        if field.get("type") in ("radio", "checkbox") and not field.has_attr("checked"):
            continue
        text = field.get_text().removeprefix("\n") if field.name == "textarea" else field.get("value", "")
        fields[str(field["name"])] = text
    for select in form.select("select[name]"):
        chosen = select.select_one("option[selected]") or select.select_one("option")
        fields[str(select["name"])] = chosen.get("value", "") if chosen else ""
    return fields


def sit(client: FlaskClient, page: Page, *, right: bool) -> Page:
    """Answers every question of an attempt, all rightly or all wrongly, and hands it in."""
    while "Simpan dan lanjut" in page.text:
        item = COURSE.item(str(page.soup.select_one('input[name="soal"]')["value"]))  # type: ignore[index]
        assert not any(option.feedback_html in page.html for option in item.options), "nothing is told before the end"
        wrong = next(option.id for option in item.options if not option.correct)
        page = press(client, page, "Simpan dan lanjut", pilihan=sorted(item.keys) if right else [wrong])
    return press(client, page, "Kumpulkan")


def learn(client: FlaskClient, page: Page) -> Page:
    """Goes through lessons, practice and quizzes from this page on, always by the next step, up to the post-test."""
    for _ in range(60):
        assert page.url != "", page
        if page.url.endswith("/tes-akhir"):
            return page
        step = page.soup.select_one(".btn.next")
        assert step is not None, f"{page.url} shows no next step"
        if page.url.endswith("/kuis") and "Mulai kuis" in page.text:
            page = sit(client, press(client, page, "Mulai kuis"), right=True)
            assert "Anda lulus dengan nilai 100" in page.text
        elif step.name == "a":
            page = follow(client, page, said(step))
        else:
            page = press(client, page, said(step))
    raise AssertionError(f"the post-test never opened; it stopped at {page.url}")


def register(guest: FlaskClient, page: Page, name: str = "Sari Contoh", username: str = "sari.baru") -> Page:
    """Fills the six fields of the registration form."""
    return press(
        guest, page, "Buat akun", nama=name, masuk=username, sandi="perahu-kuning-tiga", kelurahan="64.74.01.1001",
        tahun="1990", dewasa="y",
    )  # fmt: skip
