"""On an English page the words of a course say that they are Indonesian, and the words of the page stay English."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup, NavigableString, Tag

from app import clock
from tests.enrollment.cast import LEARN, SLUG, finish, learn, lessons, parsed, publish, whole
from tests.inspector import Page, visit
from tests.quiz.sitting import begin, sat

COURSE = parsed()


def _plain(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html5lib").get_text(" ").split())


def _of_the_course() -> set[str]:
    found = {COURSE.title, COURSE.short_title, COURSE.summary, COURSE.lead}
    for module in COURSE.modules:
        found |= {module.title, *module.objectives}
        for lesson in module.steps:
            found |= {lesson.title, lesson.lead, *(card.title for card in lesson.cards if card.title)}
        for item in (*module.items, *(item for lesson in module.lessons for item in lesson.items)):
            found |= {_plain(item.stem_html)}
            found |= {_plain(text) for option in item.options for text in (option.html, option.feedback_html)}
    return {words for words in found if len(words) > 3}


WORDS = _of_the_course()


def spoken(page: Page) -> Iterator[tuple[str, str]]:
    """Each piece of text between two tags of the page, with the language it is said to be in."""
    assert isinstance(page.soup.main, Tag)
    for text in page.soup.main.find_all(string=True):
        if isinstance(text, NavigableString) and text.strip():
            tag = next(parent for parent in text.parents if parent.get("lang"))
            yield " ".join(text.split()), str(tag["lang"])


@pytest.fixture
def places(app, db, sari, joko):
    """Addresses of Sari, who has finished, and of Joko, who is on his way."""
    publish(db)
    done = finish(app, db, learn(app, db, sari), *whole("pesan", "pintu"), score=80)
    failed, passed = (sat(app, db, sari, "quiz", "pesan", right=right, at=clock.now()) for right in (0, 2))
    sat(app, db, sari, "post")
    finish(app, db, learn(app, db, joko), *lessons("pesan"))
    begun = begin(app, db, joko, "quiz", "pesan")
    assert done is not None
    item = next(item for item in COURSE.modules[0].lessons[0].items)
    answered = f"{LEARN}/pesan/materi-1?{item.id}={item.options[0].id}&periksa={item.id}"
    mine = ["/", "/kursus", f"/kursus/{SLUG}", LEARN, f"{LEARN}/pesan/materi-1", answered, f"{LEARN}/pesan/praktik"]
    tests = [f"{LEARN}/pesan/kuis", f"{LEARN}/tes-akhir", f"/percobaan/{failed}/hasil", f"/percobaan/{passed}/hasil"]
    return [
        *((sari, address) for address in (*mine, *tests, "/belajar", "/sertifikat", f"{LEARN}/sertifikat")),
        *((joko, address) for address in (LEARN, "/belajar", f"{LEARN}/pesan/kuis", f"/percobaan/{begun}")),
    ]


def test_words_of_a_course_are_indonesian_on_english_pages_and_nothing_else_is(places):
    found: set[str] = set()
    for client, address in places:
        client.set_cookie("bahasa", "en")
        # Not `visit`: “None” is a word on English pages.
        page = Page(client.get(address), address)
        assert page.status == 200
        assert "<span" not in page.soup.title.text and "&lt;span" not in page.html, address
        of_page = []
        for words, language in spoken(page):
            if words in WORDS:
                found.add(words)
                assert language == "id", f"{address}: {words!r} is said to be {language}"
            elif language == "en":
                of_page.append(words)
        assert of_page, address
        for words, language in spoken(page):
            for english in ("Card ", "Check answer", "Module ", "Quiz", "Your answer", "Passed", "Lesson "):
                assert not (words.startswith(english) and language == "id"), f"{address}: {words!r}"
    module = COURSE.modules[0]
    names = {COURSE.title, COURSE.short_title, COURSE.lead, module.title, module.lessons[0].title}
    assert found > names, "the pages hold what was looked for"


def test_indonesian_pages_say_it_once(places):
    for client, address in places:
        client.delete_cookie("bahasa")
        assert {language for _, language in spoken(visit(client, address))} == {"id"}
        assert not visit(client, address).soup.main.select("[lang]"), address
