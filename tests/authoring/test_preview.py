"""A lesson as learners will see it, before they do."""

from __future__ import annotations

import pytest

from app.enrollment import actions as enrollment_actions
from tests.authoring.cast import HOME, LESSON, SLUG, begin, press_save, publish
from tests.builders import NOON
from tests.builders_course import a_course_files
from tests.inspector import visit

FILES = a_course_files(whole=True)
LOOK = f"{HOME}/pratinjau/pesan/materi-1"


@pytest.fixture
def writing(db, budi):
    publish(db)
    begin(budi)
    return budi


def cards(page) -> str:
    """The cards alone, without addresses and without what only trainers read."""
    walk = page.soup.select_one(".walk")
    for hint in walk.select(".plank > .stack:has(> .hint)"):
        hint.decompose()
    for tag in (walk, *walk.select("button")):
        tag.attrs = {name: value for name, value in tag.attrs.items() if name not in ("action", "formaction")}
    return "\n".join(line.strip() for line in str(walk).split("\n") if line.strip())


@pytest.mark.parametrize("lesson", ["materi-1", "praktik"])
@pytest.mark.parametrize(
    "answer", ["", "?pesan-{}=a&periksa=pesan-{}", "?pesan-{}=b&periksa=pesan-{}", "?periksa=pesan-{}"]
)
def test_a_preview_is_what_a_learner_will_read(app, db, writing, sari, lesson, answer):
    with app.app_context():
        enrollment_actions.enroll(db, sari.person.id, SLUG, NOON)
        db.commit()
    answer = answer.replace("{}", lesson)
    learner = visit(sari, f"/belajar/{SLUG}/pesan/{lesson}{answer}")
    preview = visit(writing, f"{HOME}/pratinjau/pesan/{lesson}{answer}")
    assert cards(preview) == cards(learner)


def test_a_preview_shows_the_feedback_before_an_answer(writing):
    page = visit(writing, LOOK)
    assert len(page.soup.select(".answer")) == 3 and len(page.soup.select(".answer.ok")) == 1
    assert "Pratinjau draf." in page.text


def test_a_lesson_is_previewed_while_other_texts_are_broken(writing):
    for path in (
        "course.toml",
        "rujukan.toml",
        "bank.md",
        "1-pesan/modul.toml",
        "1-pesan/02-materi-2.md",
        "1-pesan/kuis.md",
    ):
        press_save(writing, "rusak = [", path)
    page = visit(writing, LOOK)
    assert [card.text for card in page.soup.select(".walk h2")] == ["Mari bedah satu pesan", "Langkah Anda"]


def test_a_lesson_with_problems_shows_what_can_be_read_and_the_problems(writing):
    press_save(writing, FILES[LESSON].replace("[[pusat]]", "[[tidak-ada]]"))
    page = visit(writing, LOOK)
    assert "Rujukan [[tidak-ada]] tidak ada" in page.text and len(page.soup.select(".walk > .plank")) == 3
    press_save(writing, "tanpa apa-apa")
    page = visit(writing, LOOK)
    assert "Berkas harus dibuka dengan baris “+++”" in page.text and not page.soup.select(".walk")


@pytest.mark.parametrize(
    "end", ["pesan/tidak-ada", "lain/materi-1", "pesan/kuis", "..%2f/materi-1", "pesan/modul.toml"]
)
def test_a_lesson_that_is_not_in_the_draft_is_not_there(writing, end):
    assert writing.get(f"{HOME}/pratinjau/{end}", follow_redirects=True).status_code == 404


@pytest.mark.parametrize(
    "query", ["?periksa=%00", "?periksa=x&pesan-materi-1=<script>", "?pesan-materi-1[]=a", "?periksa=" + "x" * 5000]
)
def test_strange_answers_are_no_answers(writing, query):
    reply = writing.get(LOOK + query)
    assert reply.status_code in (200, 400) and "<script>" not in reply.text
