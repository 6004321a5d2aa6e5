"""Acts over others are on record for 12 months; what the figures count of them stays without who and why."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import background, clock, journal
from app.db import apart
from app.journal import AUDIT_KEPT, Event
from app.stats import actions
from app.stats.counting import Counted, counted
from app.stats.forgetting import COUNTED
from app.stats.models import Total
from tests.builders import a_person
from tests.inspector import visit

COURSE = {"course": "satu", "pillar": "aman", "version": 1}


def test_acts_over_others_are_forgotten_after_12_months(app: Flask, db: Session, arif: FlaskClient) -> None:
    person, now = a_person(db), clock.now()
    old, young = now - AUDIT_KEPT - timedelta(days=1), now - AUDIT_KEPT + timedelta(days=1)
    for at in (old, young):
        journal.audit(db, "recovery.made", at, actor=arif.person.id, person=person.id)  # type: ignore[attr-defined]
        journal.record(db, "enrolled", at, person=person.id, **COURSE)
    db.commit()
    background._tidy(app)
    left = db.execute(sa.select(Event.kind, Event.at).order_by(Event.id)).all()
    assert [tuple(row) for row in left] == [("enrolled", old), ("recovery.made", young), ("enrolled", young)]
    db.rollback()
    assert visit(arif, "/kelola/catatan").text.count("membuat kode pemulihan untuk") == 1


def test_the_figures_are_the_same_when_counted_anew_after_forgetting(
    app: Flask, db: Session, arif: FlaskClient
) -> None:
    person, issued = a_person(db), clock.now() - AUDIT_KEPT - timedelta(days=40)
    for _ in range(3):
        journal.record(db, "certificate", issued, person=person.id, **COURSE)
    journal.audit(
        db, "certificate.revoked", issued + timedelta(days=1), actor=arif.person.id, person=person.id,  # type: ignore[attr-defined]
        number="00001/CB", because="nama orang lain", issued_at=issued.isoformat(), **COURSE,
    )  # fmt: skip
    db.commit()
    before = _counted_anew(app, db)
    background._tidy(app)
    assert _counted_anew(app, db) == before
    assert {row["certificates"] for row in before if row["breakdown"] == ""} == {2}
    kept = db.scalars(sa.select(Event).where(Event.kind == "certificate.revoked")).one()
    assert (kept.audit, kept.actor_id, kept.data) == (False, None, COURSE | {"issued_at": issued.isoformat()})
    db.rollback()
    assert "mencabut sertifikat" not in visit(arif, "/kelola/catatan").text


def test_no_other_act_over_others_is_counted() -> None:
    for kind in ("role.granted", "role.taken", "account.disabled", "account.enabled", "recovery.made"):
        assert kind not in COUNTED and counted(kind, {}) == Counted()
    for kind in ("course.published", "figures.exported", "deleted"):
        assert kind not in COUNTED and counted(kind, COURSE) == Counted()


def _counted_anew(app: Flask, db: Session) -> list[dict[str, object]]:
    with apart(app.extensions["db"]) as session:
        actions.rebuild(session, clock.now())
    db.expire_all()
    rows = db.execute(sa.select(*Total.__table__.columns)).mappings().all()
    db.rollback()
    return sorted((dict(row) for row in rows), key=str)
