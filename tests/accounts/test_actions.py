from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.access import Role
from app.accounts import actions, staff, tidying
from app.accounts.models import LoginSession, Recovery, User
from app.db import apart
from app.errors import Refused
from app.journal import Event
from tests.builders import NOON, a_person


def roles(db: Session) -> dict[str, str]:
    db.rollback()
    return {name: words for name, words in db.execute(sa.select(User.name, User.roles))}


def test_two_admins_cannot_take_the_desk_from_each_other_at_once(app: Flask, db: Session) -> None:
    arif = a_person(db, "Arif", roles="admin resident").id
    ayu = a_person(db, "Ayu", roles="admin resident").id
    db.commit()
    engine, start = app.extensions["db"], Barrier(2)

    def take(actor: int, other: int) -> bool:
        start.wait()
        try:
            with apart(engine) as s:
                staff.take(s, other, Role.ADMIN, actor, NOON)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(take, (arif, ayu), (ayu, arif)))
    assert sorted(done) == [False, True]
    assert sum("admin" in words for words in roles(db).values()) == 1


def test_who_is_no_admin_any_more_changes_nothing(db: Session) -> None:
    arif, joko = a_person(db, "Arif", roles="resident").id, a_person(db, "Joko").id
    a_person(db, "Ayu", roles="admin")
    for act in (staff.grant, staff.take):
        with pytest.raises(Refused):
            act(db, joko, Role.TRAINER, arif, NOON)
    for close in (staff.disable, staff.enable):
        with pytest.raises(Refused):
            close(db, joko, arif, NOON)
    assert db.scalar(sa.select(sa.func.count()).select_from(Event)) == 0


def test_a_closed_admin_does_not_count_as_one(db: Session) -> None:
    arif = a_person(db, "Arif", roles="admin").id
    a_person(db, "Ayu", roles="admin", disabled_at=NOON)
    with pytest.raises(Refused):
        staff.take(db, arif, Role.ADMIN, arif, NOON)


def test_giving_a_role_twice_is_told_once(db: Session) -> None:
    arif, joko = a_person(db, "Arif", roles="admin").id, a_person(db, "Joko").id
    for _ in range(2):
        staff.grant(db, joko, Role.TRAINER, arif, NOON)
    [event] = db.scalars(sa.select(Event)).all()
    assert (event.kind, event.actor_id, event.person_id, event.audit) == ("role.granted", arif, joko, True)
    assert event.data == {"role": "trainer"}


def test_an_account_keeps_one_role(db: Session) -> None:
    a_person(db, "Arif", roles="admin")
    joko = a_person(db, "Joko").id
    with pytest.raises(Refused):
        staff.take(db, joko, Role.RESIDENT, None, NOON)


def test_a_password_changed_meanwhile_lets_nobody_in(db: Session) -> None:
    sari = a_person(db, "Sari")
    assert actions.sign_in(db, sari.id, "an older hash", None, "HP", False, NOON) is None
    with pytest.raises(Refused):
        actions.change_password(db, sari.id, "an older hash", "new", NOON)
    assert actions.sign_in(db, sari.id, sari.password_hash, None, "HP", False, NOON) is not None


def test_old_devices_and_codes_are_forgotten_and_live_ones_stay(db: Session) -> None:
    sari = a_person(db, "Sari")
    kept = actions.open_session(db, sari, "HP", False, NOON)
    actions.open_session(db, sari, "Warnet", True, NOON - timedelta(days=91))
    ended = actions.open_session(db, sari, "Laptop", False, NOON - timedelta(days=100))
    actions.end_session(db, sari.id, ended.session_id, NOON - timedelta(days=95))
    for days in (0, 91):
        at = NOON - timedelta(days=days)
        db.add(Recovery(user_id=sari.id, code_hash=str(days), channel="desk", created_at=at, expires_at=at))
    db.flush()
    for forget in tidying.forgetters().values():
        forget(db, NOON)
    assert list(db.scalars(sa.select(LoginSession.id))) == [kept.session_id]
    assert list(db.scalars(sa.select(Recovery.code_hash))) == ["0"]


def test_a_role_taken_is_felt_at_the_next_request(
    arif: FlaskClient, enter: Callable[..., FlaskClient], db: Session
) -> None:
    ayu = enter("Ayu Contoh", "resident", "admin")
    assert ayu.get("/kelola").status_code == 200
    staff.take(db, ayu.person.id, Role.ADMIN, arif.person.id, NOON)  # type: ignore[attr-defined]
    db.commit()
    assert ayu.get("/kelola").status_code == 403
