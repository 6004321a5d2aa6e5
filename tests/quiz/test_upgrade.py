"""What an upgrade from 0.1.0 does with attempts that were made before there were deadlines."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic import command

from app.migrate import config
from tests.enrollment.cast import learn, publish
from tests.quiz.sitting import begin, row, save, wrong_of

OLD = sa.text(
    "INSERT INTO attempt (uuid, enrollment_id, purpose, module, number, seed, form, draw, started_at, submitted_at, "
    "score) SELECT 'again', enrollment_id, purpose, module, 2, seed, form, draw, started_at, started_at, 0 FROM attempt"
)
ANSWER = sa.text(
    "INSERT INTO answer (attempt_id, item, choice, act, revision, saved_at) SELECT attempt.id, item, choice, act, "
    "revision, saved_at FROM answer, attempt WHERE attempt.number = 2"
)


@pytest.mark.own_database
def test_a_second_pre_test_that_two_presses_began_does_not_stop_the_upgrade(app, db, sari):
    publish(db)
    learn(app, db, sari)
    uuid = begin(app, db, sari, "pre")
    item = row(db, uuid).draw[0][0]
    save(app, db, sari, uuid, item, wrong_of(item))
    with app.app_context():
        command.downgrade(config(), "0009")
        db.execute(OLD)
        db.execute(ANSWER)
        db.commit()
        command.upgrade(config(), "head")
    assert db.scalars(sa.text("SELECT uuid FROM attempt")).all() == [uuid]
    assert db.scalar(sa.text("SELECT count(*) FROM answer")) == 1
