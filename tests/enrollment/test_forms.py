"""Forms of the test: begun with equally often, whoever comes at once and whoever leaves."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic import command

from app.db import apart
from app.enrollment import actions, forgetting
from app.enrollment.models import Enrollment, FormBalance
from app.migrate import config
from tests import builders
from tests.builders import NOON
from tests.enrollment.cast import SLUG, at_once, behind, learn, publish


@pytest.fixture(autouse=True)
def course(db):
    return publish(db)


def forms_of(db, version):
    db.rollback()
    taken = list(db.scalars(sa.select(Enrollment.form).where(Enrollment.version_id == version)))
    return taken.count("A"), taken.count("B")


def test_both_forms_are_begun_with_equally_often_in_each_version(app, db, enter, course):
    """Counted within the version: whoever enrols elsewhere, or has an odd number, changes nothing."""
    publish(db, "lain")
    for n in range(7):
        person = enter(f"Peserta {n}")
        learn(app, db, person)
        a, b = forms_of(db, course.id)
        assert abs(a - b) <= 1 and a + b == n + 1
        if n % 3 == 0:
            learn(app, db, person, "lain")
    newer = publish(db)
    assert learn(app, db, enter("Peserta baru")).form == "A"
    assert forms_of(db, newer.id) == (1, 0)


def leave(app, db, people):
    with app.app_context():
        for person in people:
            forgetting.leave(db, person, NOON)
        db.commit()


def test_who_leaves_is_made_up_for(app, db, enter, course):
    people = [enter(f"Peserta {n}") for n in range(6)]
    held = {one.person.id: learn(app, db, one).form for one in people}
    publish(db, "lain")
    for person in people:
        learn(app, db, person, "lain")
    leave(app, db, [person for person, form in held.items() if form == "A"])
    assert [learn(app, db, enter(f"Peserta baru {n}")).form for n in range(4)] == ["A", "A", "A", "A"]
    leave(app, db, [person for person, form in held.items() if form == "B"])
    assert [learn(app, db, enter(f"Peserta lagi {n}")).form for n in range(5)] == ["B", "B", "B", "B", "A"]


def test_twenty_people_who_enrol_at_once_are_divided_evenly(app, db, course):
    people = [builders.a_person(db, f"Peserta {n}").id for n in range(20)]
    db.commit()

    def press(n):
        with app.app_context(), apart(app.extensions["db"].execution_options(writes=True)) as session:
            return actions.enroll(session, people[n], SLUG, NOON).form

    forms = at_once(20, press)
    assert (forms.count("A"), forms.count("B")) == forms_of(db, course.id) == (10, 10)


def test_who_enrols_waits_for_who_is_enrolling_and_gets_the_other_form(app, db, course):
    people = [builders.a_person(db, f"Peserta {n}").id for n in range(2)]
    db.commit()
    first, second = (lambda session, who=who: actions.enroll(session, who, SLUG, NOON).form for who in people)
    assert behind(app, first, second) == "B"
    assert forms_of(db, course.id) == (1, 1)


@pytest.mark.own_database
def test_an_upgrade_goes_on_from_those_who_enrolled_before(app, db, enter, course):
    people = [enter(f"Peserta {n}") for n in range(4)]
    held = [learn(app, db, person) for person in people]
    db.execute(sa.update(Enrollment).where(Enrollment.id == held[1].id).values(form="A"))  # A, A, A, B
    db.commit()
    with app.app_context():
        command.downgrade(config(), "0009")
        command.upgrade(config(), "head")
    assert db.execute(sa.select(FormBalance.version_id, FormBalance.ahead)).all() == [(course.id, 2)]
    db.rollback()
    assert [learn(app, db, enter(f"Peserta baru {n}")).form for n in range(3)] == ["B", "B", "A"]


def test_enrolling_costs_the_same_however_many_learn(app, db, enter, queries_made):
    """No count over everybody: the statements are the same, and none of them reads the others' enrollments."""
    made = []
    for n in range(3):
        person = enter(f"Peserta {n}")
        with queries_made() as seen:
            learn(app, db, person)
        made.append([statement for statement in seen if "enrollment" in statement.lower()])
    assert len({len(one) for one in made}) == 1
    assert all("user_id" in statement for one in made for statement in one), made[-1]
    assert not [statement for statement in made[-1] if "count(" in statement.lower()]
