"""Publishing a draft: the next version, for whom, once, and never with a problem."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from app.authoring import actions
from app.course import actions as course_actions
from app.course import files as course_files
from app.course import inspection
from app.course.models import CourseVersion
from app.enrollment import actions as enrollment_actions
from app.journal import Event
from tests.authoring.cast import (
    EDIT,
    HOME,
    LESSON,
    QUIZ,
    SLUG,
    begin,
    draft,
    hidden,
    press_publish,
    press_save,
    publish,
)
from tests.builders import NOON
from tests.builders_course import a_course_files
from tests.enrollment.cast import at_once, twin
from tests.inspector import inspect, send, visit

FILES = a_course_files(whole=True)
CHANGED = FILES[LESSON].replace("Pesan ini datang", "Pesan ini tiba")


def versions(db) -> list[int]:
    db.rollback()
    query = sa.select(CourseVersion.number).where(CourseVersion.slug == SLUG).order_by(CourseVersion.number)
    found = list(db.scalars(query))
    db.rollback()
    return found


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def start(db, budi) -> None:
    publish(db)
    begin(budi)
    assert press_save(budi, CHANGED).status_code == 303


def test_budi_publishes_the_next_version(app, db, budi):
    start(db, budi)
    reply = press_publish(budi)
    assert reply.status_code == 303
    assert versions(db) == [1, 2] and draft(app, db) is None
    made = db.scalars(sa.select(CourseVersion).where(CourseVersion.number == 2)).one()
    assert made.files == FILES | {LESSON: CHANGED}
    assert made.published_by == budi.person.id and made.note == "Satu kalimat diperjelas."
    [event] = db.scalars(sa.select(Event).where(Event.kind == "course.published", Event.actor_id == budi.person.id))
    assert event.audit and event.data["version"] == 2 and event.data["course"] == SLUG
    db.rollback()
    page = visit(budi, reply.location)
    assert "Versi 2 terbit." in page.text and "Satu kalimat diperjelas." in page.text
    assert "Tanpa draf" in page.text


def test_sari_stays_in_her_version_and_loses_nothing(app, db, budi, sari, joko):
    publish(db)
    with app.app_context():
        mine = enrollment_actions.enroll(db, sari.person.id, SLUG, NOON)
        enrollment_actions.finish_step(db, mine.id, "materi:pesan/materi-1", "a", None, NOON)
        db.commit()
    before = visit(sari, f"/belajar/{SLUG}")
    begin(budi)
    press_save(budi, CHANGED)
    press_save(budi, FILES[QUIZ].replace("Penjelasan", "Alasan"), QUIZ)
    page = visit(budi, HOME)
    assert "1 peserta sedang belajar versi 1 tetap di versi 1" in page.text
    assert sari.person.name not in page.text and "Sari" not in page.text
    assert press_publish(budi).status_code == 303
    after = visit(sari, f"/belajar/{SLUG}")
    assert after.text == before.text and "Versi 1" in after.text
    assert "Pesan ini datang" in visit(sari, f"/belajar/{SLUG}/pesan/materi-1").text
    send(joko, f"/kursus/{SLUG}/ikuti", 302)
    assert "Versi 2" in visit(joko, f"/belajar/{SLUG}").text
    assert "Pesan ini tiba" in visit(joko, f"/belajar/{SLUG}/pesan/materi-1").text


def test_pressing_twice_publishes_once(app, db, budi):
    start(db, budi)
    page = visit(budi, HOME)
    first, second = press_publish(budi, page), press_publish(budi, page)
    assert (first.status_code, second.status_code) == (303, 303)
    assert versions(db) == [1, 2]
    assert "Versi 2 sudah terbit." in visit(budi, second.location).text
    # Also when somebody has begun the next draft in the meantime.
    begin(budi)
    assert press_publish(budi, page).status_code == 303
    assert versions(db) == [1, 2] and draft(app, db).base_number == 2


def test_twenty_presses_at_once_publish_one_version(app, db, budi):
    start(db, budi)
    page = visit(budi, HOME)
    clients = [twin(app, budi) for _ in range(20)]
    statuses = at_once(20, lambda n: press_publish(clients[n], page).status_code)
    assert versions(db) == [1, 2] and draft(app, db) is None
    assert set(statuses) <= {303, 503} and statuses.count(303) >= 1


def test_twenty_trainers_who_begin_at_once_share_one_draft(app, db, budi):
    publish(db)
    clients = [twin(app, budi) for _ in range(20)]
    assert set(at_once(20, lambda n: send(clients[n], f"{HOME}/mulai").status_code)) == {303}
    assert draft(app, db).files == FILES


def test_twenty_saves_at_once_keep_one_and_show_the_others_both(app, db, budi):
    publish(db)
    begin(budi)
    page = visit(budi, EDIT)
    clients = [twin(app, budi) for _ in range(20)]
    replies = at_once(20, lambda n: press_save(clients[n], f"{CHANGED}\n{n}", page=page).status_code)
    assert sorted(replies) == [303] + [409] * 19
    assert draft(app, db).saved[LESSON].revision == 2


def test_a_broken_draft_publishes_nothing_and_names_every_problem(app, db, budi):
    start(db, budi)
    lesson = CHANGED.replace("[[pusat]]", "[[tidak-ada]]").replace("Air laut", "Air kamu", 1)
    quiz = FILES[QUIZ].replace("tujuan=1", "tujuan=9", 1)
    settings = FILES["course.toml"].replace('bahasa = "id"', "bahasa = id")
    for path, text in ((LESSON, lesson), (QUIZ, quiz), ("course.toml", settings)):
        press_save(budi, text, path)
    reply = press_publish(budi)
    assert reply.status_code == 422
    page = inspect(reply, HOME)
    assert versions(db) == [1] and draft(app, db) is not None
    links = {link["href"] for link in page.soup.select("#terbit .lines a")}
    for path, text, part in (
        (LESSON, lesson, "[[tidak-ada]]"),
        (LESSON, lesson, "Air kamu"),
        (QUIZ, quiz, "tujuan=9"),
        ("course.toml", settings, "bahasa = id"),
    ):
        address, anchor = f"{HOME}/teks/{path}?lihat=periksa", f"b{line_of(text, part)}"
        assert f"{address}#{anchor}" in links, links
        assert part.split()[0] in visit(budi, address).soup.find(id=anchor).code.text


def test_a_note_is_needed_and_hostile_notes_are_refused(app, db, budi):
    start(db, budi)
    page = visit(budi, HOME)
    for note in ("", "   ", "a\x00b", "x" * 201, "satu\u2028dua", "\u202ea"):
        reply = press_publish(budi, page, note)
        assert reply.status_code == 422, note
        assert inspect(reply, HOME).soup.select_one("#perubahan[aria-invalid]")
    assert versions(db) == [1]
    assert press_publish(budi, page, "<script>alert(1)</script> =cmd").status_code == 303
    assert "<script>alert" not in visit(budi, HOME).html


def test_a_draft_that_changed_since_it_was_looked_at_is_not_published(app, db, budi):
    start(db, budi)
    page = visit(budi, HOME)
    press_save(budi, CHANGED.replace("tiba", "masuk"))
    reply = press_publish(budi, page)
    assert reply.status_code == 409
    shown = inspect(reply, HOME)
    assert "Draf ini berubah sejak Anda membuka halaman ini" in shown.text
    assert shown.soup.find(id="perubahan")["value"] == "Satu kalimat diperjelas."
    assert versions(db) == [1]
    assert press_publish(budi, shown).status_code == 303


def test_a_version_published_in_the_meantime_is_named_and_the_draft_kept(app, db, budi):
    start(db, budi)
    page = visit(budi, HOME)
    course_actions.publish(db, SLUG, FILES | {LESSON: CHANGED.replace("tiba", "muncul")}, NOON)
    db.commit()
    reply = press_publish(budi, page)
    assert reply.status_code == 409
    shown = inspect(reply, HOME)
    assert "Versi 2 sudah terbit sejak draf ini dimulai dari versi 1" in shown.text
    assert versions(db) == [1, 2] and draft(app, db).files[LESSON] == CHANGED
    difference = visit(budi, f"{HOME}/perubahan").text
    assert "Pesan ini muncul" in difference and "Pesan ini tiba" in difference
    # Knowing that, Budi goes on after version 2.
    fields = hidden(shown, f"{HOME}/lanjutkan")
    for _ in range(2):
        send(budi, f"{HOME}/lanjutkan", 303, **fields)
    assert draft(app, db).base_number == 2
    assert press_publish(budi).status_code == 303
    assert versions(db) == [1, 2, 3]


def test_following_a_version_that_is_not_the_newest_is_refused(app, db, budi):
    start(db, budi)
    for fields in ({}, {"dasar": "1", "terbaru": "7"}, {"dasar": "0", "terbaru": "x"}, {"dasar": "5", "terbaru": "1"}):
        send(budi, f"{HOME}/lanjutkan", None, **fields)
    assert draft(app, db).base_number == 1


def test_an_unchanged_draft_is_not_published(app, db, budi):
    publish(db)
    begin(budi)
    reply = press_publish(budi)
    assert reply.status_code == 409
    assert "masih sama dengan versi 1" in inspect(reply, HOME).text
    assert versions(db) == [1]


def test_a_form_nobody_filled_publishes_nothing(app, db, budi):
    start(db, budi)
    for fields in ({}, {"dasar": "1"}, {"dasar": "1", "tanda": "x"}, {"tanda": "\x00", "dasar": "9" * 40}):
        assert send(budi, f"{HOME}/terbitkan", None, perubahan="Ya.", **fields).status_code == 409
    assert send(budi, "/menulis/lain/terbitkan", None, perubahan="Ya.").status_code == 404
    assert versions(db) == [1]


def test_the_real_course_is_edited_and_published(app, db, budi):
    slug = "tolak-penipuan"
    files = course_files.read(Path("courses") / slug)
    publish(db, files, slug)
    begin(budi, slug)
    home = f"/menulis/{slug}"
    page = visit(budi, home)
    assert len(page.soup.select("details.plank")) == 6
    path = "1-cara-kerja-penipu/02-tiga-tanda-bahaya.md"
    address = f"{home}/teks/{path}"
    text = files[path].replace("menit = ", "menit = 1", 1)
    send(budi, address, 303, teks=text, **hidden(visit(budi, address), address))
    fields = hidden(visit(budi, home), f"{home}/terbitkan")
    send(budi, f"{home}/terbitkan", 303, perubahan="Waktu baca.", **fields)
    db.rollback()
    assert db.scalar(sa.select(sa.func.max(CourseVersion.number)).where(CourseVersion.slug == slug)) == 2


def test_the_transaction_of_publishing_reads_no_course(app, db, budi, monkeypatch):
    """Reading takes a second; on SQLite everybody who answers a question would wait for it."""
    start(db, budi)
    page = visit(budi, HOME)
    read: list[bool] = []
    examine, publishing = inspection.examine, actions.publish

    def watched(*facts, **more):
        monkeypatch.setattr(inspection, "examine", lambda files: read.append(True) or examine(files))
        return publishing(*facts, **more)

    inspection._inspected.cache_clear()
    monkeypatch.setattr(actions, "publish", watched)
    assert press_publish(budi, page).status_code == 303
    assert read == [] and versions(db) == [1, 2]
