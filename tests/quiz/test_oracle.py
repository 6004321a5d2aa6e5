"""Before an attempt is closed nothing that reaches the device tells a right answer from a wrong one."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest

from app.course import files
from tests.enrollment.cast import finish, learn, parsed, publish
from tests.inspector import visit
from tests.quiz.sitting import row, submit

REAL = Path(__file__).parents[2] / "courses" / "tolak-penipuan"
_TELLING = re.compile(r"\b(benar|salah|kunci|correct|right|wrong|score|nilai|bloom|feedback)", re.IGNORECASE)
_CHANGING = re.compile(r'name="(tindakan|csrf_token)" value="[^"]*"|\d+ terjawab|value="\d+" aria-label="[^"]*"')


@pytest.fixture
def course(app, db, sari):
    """The real course: every option has feedback of its own."""
    texts = files.read(REAL)
    publish(db, "nyata", files=texts)
    made = parsed(texts)
    first = made.modules[0]
    finish(app, db, learn(app, db, sari, "nyata"), *(f"materi:{first.id}/{lesson.id}" for lesson in first.steps))
    return made


@pytest.fixture
def uuid(app, db, sari, course):
    address = f"/belajar/nyata/{course.modules[0].id}/kuis"
    return sari.post(address, data={"percobaan": str(uuid4())}).location.removeprefix("/percobaan/")


def feedback(course, items):
    return [option.feedback for name in items for option in course.item(name).options]


def test_peer_frappe_2383_no_answer_oracle(app, db, sari, course, uuid):
    """frappe/lms #2383: anybody could ask `check_answer`. Here no door answers before the attempt is closed."""
    address = f"/percobaan/{uuid}"
    drawn = [entry[0] for entry in row(db, uuid).draw]
    told = []
    # Every page and every reply of an attempt, with each option saved in turn, by form and by script.
    for n, name in enumerate(drawn, 1):
        replies, pages = set(), set()
        for revision, option in enumerate(course.item(name).options, 1):
            sent = {"soal": name, "pilihan": [option.id], "tindakan": str(uuid4()), "revisi": 10 * revision}
            answer = sari.post(f"{address}/jawaban", json=sent, headers={"Accept": "application/json"})
            told.append(answer.text)
            assert answer.json == {"status": "tersimpan", "revisi": 10 * revision, "pilihan": [option.id]}
            replies.add((answer.status_code, len(answer.data), *sorted(answer.headers.keys())))
            form = sari.post(f"{address}/jawaban", data={"soal": name, "pilihan": option.id, "tindakan": str(uuid4())})
            replies.add((form.status_code, form.location))
            page = visit(sari, f"{address}?soal={n}")
            told.append(str(page.soup.main))
            bare = page.html.replace(" checked", "")
            pages.add(_CHANGING.sub("", re.sub(r'data-revision="\d+"', "", bare)))
        assert len(replies) == 2, "a reply depends on the option"
        assert len(pages) == 1, "a page depends on the option"
    told.append(str(visit(sari, f"{address}?soal=akhir").soup.main))
    # Other doors that know answers: the result before its time, and the retrieval questions of lessons.
    told.append(sari.get(f"{address}/hasil").text)
    first = course.modules[0]
    query = {name: [option.id for option in course.item(name).options] for name in drawn}
    told.append(visit_text(sari, f"/belajar/nyata/{first.id}/{first.lessons[0].id}", query))
    told.append(visit_text(sari, f"/belajar/nyata/{first.id}/praktik", query))
    for sentence in feedback(course, drawn):
        assert not any(sentence in text for text in told), sentence
    submit(app, db, sari, uuid)
    page = visit(sari, f"{address}/hasil")
    for sentence in feedback(course, drawn):
        assert sentence in page.text, "after submitting each option is explained"


def test_an_earlier_result_tells_nothing_while_the_next_attempt_is_open(app, db, sari, course, uuid):
    """A second attempt may ask the same questions: the result of the first is no crib beside it."""
    submit(app, db, sari, uuid)
    earlier, door = f"/percobaan/{uuid}/hasil", f"/belajar/nyata/{course.modules[0].id}/kuis"
    asked = [entry[0] for entry in row(db, uuid).draw]
    open_one = sari.post(door, data={"percobaan": str(uuid4())}).location.removeprefix("/percobaan/")
    page = visit(sari, earlier)
    assert "Pembahasan terbuka lagi setelah percobaan itu dikumpulkan." in page.text
    assert not any(sentence in page.text for sentence in feedback(course, asked))
    submit(app, db, sari, open_one)
    assert all(sentence in visit(sari, earlier).text for sentence in feedback(course, asked))


def visit_text(client, address, query):
    answer = client.get(address, query_string=query)
    assert answer.status_code == 200
    return answer.text


def test_a_question_page_holds_nothing_but_the_question_and_its_options(db, sari, course, uuid):
    for n in range(1, 6):
        main = visit(sari, f"/percobaan/{uuid}?soal={n}").soup.main
        item = course.item(main.form["data-item"])
        shown = {option.input["value"]: option.span.get_text(" ", strip=True) for option in main.select(".option")}
        assert shown.keys() == {option.id for option in item.options}
        for part in (*main.select(".option span"), *main.select("legend"), *main.select("figure")):
            part.decompose()
        assert not _TELLING.search(str(main)), _TELLING.search(str(main))
        looks = {str(option).replace(option.input["value"], "") for option in main.select(".option")}
        assert len(looks) == 1, "no option looks different"


def test_the_pre_test_tells_nothing_even_afterwards(app, db, joko, course):
    learn(app, db, joko, "nyata")
    address = joko.post("/belajar/nyata/tes-awal", data={"percobaan": str(uuid4())}).location
    uuid = address.removeprefix("/percobaan/")
    drawn = [entry[0] for entry in row(db, uuid).draw]
    told = [str(visit(joko, f"{address}?soal={n}").soup.main) for n in range(1, len(drawn) + 1)]
    submit(app, db, joko, uuid)
    told.append(visit(joko, f"{address}/hasil").html)
    told.append(visit(joko, "/belajar/nyata/tes-awal").html)
    for sentence in feedback(course, drawn):
        assert not any(sentence in text for text in told)
    assert "dari 100" not in told[-1] + told[-2] and "Nilai" not in told[-1] + told[-2]


def test_the_order_shown_is_the_order_drawn_and_not_the_order_written(app, db, sari, course, uuid):
    for n, (_, order) in enumerate(row(db, uuid).draw, 1):
        page = visit(sari, f"/percobaan/{uuid}?soal={n}")
        assert [option["value"] for option in page.soup.select(".option input")] == order


def test_lessons_of_a_course_are_read_without_their_keys(sari, course):
    first = course.modules[0]
    for lesson in first.steps:
        page = visit(sari, f"/belajar/nyata/{first.id}/{lesson.id}")
        for item in lesson.items:
            for option in item.options:
                assert option.feedback not in page.text
