"""Publishing: the next number, all or nothing, once or twice, alone or in a crowd."""

from __future__ import annotations

from pathlib import Path
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import clock
from app.course import actions, files, queries
from app.course.models import CourseVersion
from app.db import apart
from app.errors import Refused
from app.journal import Event
from tests.builders import NOON
from tests.builders_course import COURSE, a_course_files

WHOLE = a_course_files(whole=True)
OTHER = a_course_files(whole=True, **{"course.toml": COURSE.replace("Kursus Contoh", "Kursus Lain")})
# A broken setting, a lesson without its settings, a question without a right answer.
BROKEN = a_course_files(
    whole=True,
    **{
        "course.toml": COURSE.replace("tingkat = 2", "tingkat = 9"),
        "1-pesan/01-materi-1.md": "Tanpa kepala.\n",
        "2-pintu/kuis.md": WHOLE["2-pintu/kuis.md"].replace("- [x]", "- [ ]", 1),
    },
)


def numbers(db: Session, slug: str = "contoh") -> list[int]:
    db.rollback()
    query = sa.select(CourseVersion.number).where(CourseVersion.slug == slug).order_by(CourseVersion.number)
    return list(db.scalars(query))


def test_each_publication_takes_the_next_number_and_the_old_one_stays(db: Session) -> None:
    first = actions.publish(db, "contoh", WHOLE, NOON, by=3, note="Terbit perdana.")
    second = actions.publish(db, "contoh", OTHER, NOON)
    elsewhere = actions.publish(db, "lain", WHOLE, NOON)
    db.commit()
    assert (first.number, second.number, elsewhere.number) == (1, 2, 1)
    assert (first.title, second.title) == ("Kursus Contoh", "Kursus Lain")
    assert queries.texts(db, first.id) == WHOLE
    found = queries.latest(db, "contoh")
    assert found is not None
    assert found.number == 2


def test_what_the_catalogue_shows_is_what_the_texts_say(app: Flask, db: Session) -> None:
    version = actions.publish(db, "contoh", WHOLE, NOON, by=3, note="Terbit perdana.")
    db.commit()
    with app.app_context():
        course = queries.content(db, version.id)
    assert (version.code, version.short_title, version.pillar, version.level) == ("K99", "Contoh", "aman", 2)
    assert (version.jp, version.minutes, version.modules) == (course.jp, course.minutes, 2)
    assert version.kb == course.kb > 0
    assert "membaca pesan" in version.words
    assert "memilih langkah berikutnya" in version.words
    assert (version.note, version.published_by, version.published_at) == ("Terbit perdana.", 3, NOON)


def test_publishing_is_on_record(db: Session) -> None:
    actions.publish(db, "contoh", WHOLE, NOON, by=3, note="Terbit perdana.")
    db.commit()
    event = db.scalars(sa.select(Event)).one()
    assert (event.kind, event.audit, event.actor_id, event.person_id) == ("course.published", True, 3, None)
    assert event.data == {"course": "contoh", "version": 1, "note": "Terbit perdana."}


def test_a_broken_course_names_every_problem_and_changes_nothing(db: Session) -> None:
    actions.publish(db, "contoh", WHOLE, NOON)
    db.commit()
    with pytest.raises(actions.NotPublishable) as refusal:
        actions.publish(db, "contoh", BROKEN, NOON)
    db.rollback()
    found = {(problem.file, problem.line) for problem in refusal.value.problems}
    assert {"course.toml", "1-pesan/01-materi-1.md", "2-pintu/kuis.md"} <= {file for file, _ in found}
    assert all(line >= 1 for _, line in found)
    level = next(n for n, line in enumerate(BROKEN["course.toml"].splitlines(), 1) if line.startswith("tingkat"))
    assert ("course.toml", level) in found
    assert all(problem.blocking and problem.text for problem in refusal.value.problems)
    assert numbers(db) == [1]
    assert db.scalar(sa.select(sa.func.count()).select_from(Event)) == 1


@pytest.mark.parametrize("slug", ["Kursus Baru", "", "../rahasia", "a" * 65, "kursus_baru", "kursus\x00"])
def test_a_name_that_makes_no_address_is_refused(db: Session, slug: str) -> None:
    with pytest.raises(Refused, match="alamat kursus"):
        actions.publish(db, slug, WHOLE, NOON)
    assert numbers(db, "contoh") == []


def test_the_same_texts_are_published_once_and_changed_ones_again(db: Session) -> None:
    first = actions.publish_if_new(db, "contoh", WHOLE, NOON)
    again = actions.publish_if_new(db, "contoh", dict(reversed(WHOLE.items())), NOON)
    changed = actions.publish_if_new(db, "contoh", OTHER, NOON)
    back = actions.publish_if_new(db, "contoh", WHOLE, NOON)
    db.commit()
    assert first is not None
    assert again is None
    assert changed is not None
    assert back is not None
    assert numbers(db) == [1, 2, 3]


def crowd(app: Flask, many: int, act: str) -> list[BaseException]:
    """So many people press at the same moment; returns what went wrong."""
    start, wrong = Barrier(many), list[BaseException]()
    actions.problems_of(WHOLE)

    def press() -> None:
        start.wait()
        try:
            with apart(app.extensions["db"]) as session:
                getattr(actions, act)(session, "contoh", WHOLE, clock.now())
        except BaseException as error:
            wrong.append(error)

    threads = [Thread(target=press) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_twenty_who_publish_at_once_get_twenty_numbers(app: Flask, db: Session) -> None:
    assert crowd(app, 20, "publish") == []
    assert numbers(db) == list(range(1, 21))


def test_ten_machines_that_start_at_once_publish_once(app: Flask, db: Session) -> None:
    assert crowd(app, 10, "publish_if_new") == []
    assert numbers(db) == [1]


def test_a_course_written_to_a_folder_and_read_again_is_the_same(db: Session, tmp_path: Path) -> None:
    texts = WHOLE | {"1-pesan/kuis.md": WHOLE["1-pesan/kuis.md"].replace("\n", "\r\n")}
    files.write(texts, tmp_path / "contoh")
    assert files.read(tmp_path / "contoh") == texts
